"""One input of a pathway varied over its range, everything else held: what a figure of it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from davy.errors import SolveError
from davy.pathways.catalogue import Pathway
from davy.pathways.draws import DRAWS, central
from davy.pathways.evaluation import Floats
from davy.pathways.homes import experiment
from davy.pathways.lanes import Setting, is_kept, outputs_along, outputs_at
from davy.pathways.measure import measure
from davy.pathways.rows import ParameterSet

POINTS = 41
_FEW = 9
_WIDEST = 2.5
"""A range that goes on for more than this many times the default is not shown to its end."""


@dataclass(frozen=True)
class Swept:
    """Outputs along one input.

    Attributes
    ----------
    x : (points,) values of the input.
    value, p05, p50, p95 : (points,) by output; NaN where there is none, as the band of an experiment without a curve.
    """

    port: str
    x: Floats
    value: Mapping[str, Floats]
    p05: Mapping[str, Floats]
    p50: Mapping[str, Floats]
    p95: Mapping[str, Floats]


def swept_ports(found: Pathway) -> tuple[str, ...]:
    """The inputs that a figure may vary, those that have a range: magnesium before others."""
    ranged = [name for name, port in found.inputs.items() if port.low is not None and port.high is not None]
    return tuple(dict.fromkeys((*(name for name in found.magnesium_inputs() if name in ranged), *ranged)))


def swept(
    found: Pathway,
    port: str,
    inputs: Mapping[str, float],
    *,
    parameter_set: ParameterSet = "literature",
    draws: int = DRAWS,
    seed: int = 0,
) -> Swept:
    """The outputs along `port`.

    Parameters
    ----------
    inputs : values of the other inputs; what stands for `port` itself only widens the range. Where no stored curve of
        an experiment covers them, few points are run, without draws.

    Raises
    ------
    SolveError
        The model could not be integrated, or an experiment did not converge, anywhere along the range.
    """
    ends = _shown(found, port, inputs)
    setting = Setting(parameter_set, draws, seed, hypotheses=found.hypothesis, straight=True)
    held = {name: value for name, value in inputs.items() if name != port}
    grid = experiment(found.home_of(parameter_set)).grid.get(port, ()) if found.experiment else ()
    covered = max(ends[:1] + grid[:1]), min(ends[1:] + grid[-1:])
    if all(is_kept(found, setting, {**inputs, port: at}) for at in (inputs.get(port, covered[0]), *covered)):
        places = np.linspace(*covered, POINTS)
        lanes = [outputs_at(found, setting, {**held, port: float(place)}) for place in places]
        kept = {name: np.stack([one[name] for one in lanes]) for name in found.outputs}
    else:  # with draws it would be minutes
        places = np.unique([*(one for one in grid if ends[0] <= one <= ends[1]), *np.linspace(*ends, _FEW)])
        alone = outputs_along(found, replace(setting, straight=False), held, port, places)
        kept = {name: alone[name][:, None] for name in found.outputs}
    bands = {name: np.array([central(point[1:]) for point in values]) for name, values in kept.items()}
    return Swept(
        port=port,
        x=places,
        value={name: np.where(np.isfinite(values[:, 0]), values[:, 0], np.nan) for name, values in kept.items()},
        p05={name: values[:, 0] for name, values in bands.items()},
        p50={name: values[:, 1] for name, values in bands.items()},
        p95={name: values[:, 2] for name, values in bands.items()},
    )


def _shown(found: Pathway, port: str, inputs: Mapping[str, float]) -> tuple[float, float]:
    """The range to show: what the port takes, without the far end where nothing is asked or measured."""
    row = found.inputs[port]
    if row.low is None or row.high is None:
        raise SolveError(f"{found.id}: {port} has no range to vary it over")
    asked = [
        at[port] for anchor in found.anchors for one in measure(anchor.measure).asked if port in (at := dict(one.at))
    ]
    wanted = max(_WIDEST * (row.value or 0.0), 1.25 * inputs.get(port, 0.0), *asked, row.low)
    return row.low, min(row.high, wanted) if wanted > row.low else row.high
