"""``run``: one pathway at given inputs, its outputs with a band, its anchors, and how far to believe it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from davy.errors import Fault, InputError
from davy.pathways.anchoring import Anchored
from davy.pathways.catalogue import Pathway, pathway
from davy.pathways.draws import DRAWS, FEWEST, central
from davy.pathways.evaluation import Floats
from davy.pathways.explained import Explained, explained
from davy.pathways.inputs import checked_inputs
from davy.pathways.lanes import Setting, input_lanes, outputs_at
from davy.pathways.record import anchors_of
from davy.pathways.rows import ParameterSet, PortRow

WATERMARK = "Hypothesis, grade D: nothing measured in people holds this up. It feeds no plan and no dose."
PRIOR_BAND = "prior band"
BAND = "band"
Outside = Literal["value", "band"]
_ROUNDING = 1e-9
_UNSETTLED = frozenset({"assumed", "recalled"})


@dataclass(frozen=True)
class OutputValue:
    """One output.

    Attributes
    ----------
    value : at the set's own values, without draws; None where it is not there.
    p05, p50, p95 : over the draws in which it is there.
    absent : share of the draws in which it is not.
    outside : whether the value, or only an end of the band, lies where the output means nothing, as a negative glucose.
    holds : from what to what the output means something [unit].
    """

    name: str
    label: str
    unit: str
    value: float | None
    p05: float | None
    p50: float | None
    p95: float | None
    absent: float
    outside: Outside | None
    holds: tuple[float | None, float | None]


@dataclass(frozen=True)
class PathwayRun:
    """What a pathway says at given inputs.

    Attributes
    ----------
    inputs : value of every input, by port.
    explains : what the step from the default magnesium to the given one explains of each trial outcome.
    asked : those that were given; the others were fed or at their defaults.
    band : ``band``, or ``prior band`` where a parameter is assumed or recalled.
    watermark : what has to stand on everything that a hypothesis gives; None else.
    """

    pathway: Pathway
    parameter_set: ParameterSet
    inputs: Mapping[str, float]
    asked: Mapping[str, float]
    outputs: tuple[OutputValue, ...]
    anchors: tuple[Anchored, ...]
    explains: tuple[Explained, ...]
    draws: int
    seed: int
    band: str
    watermark: str | None


def run(
    name: str,
    inputs: Mapping[str, float] | None = None,
    *,
    parameter_set: ParameterSet = "literature",
    draws: int = DRAWS,
    seed: int = 0,
    hypotheses: bool = False,
    watch: Callable[[int, int], None] | None = None,
) -> PathwayRun:
    """One pathway.

    Parameters
    ----------
    name : id or its short form, as ``P02``.
    inputs : values by port; the others are fed, or at their defaults.
    draws : of the parameters, for the band; at least 200.
    hypotheses : whether pathways of grade D may feed this one.
    watch : told (lanes done, in all) where an experiment has to be run, which takes seconds.

    Raises
    ------
    InputError
        The id or a port is unknown, or a value lies outside its range.
    SolveError
        The model could not be integrated, or did not converge.
    """
    if draws < FEWEST:
        raise InputError([Fault("draws", f"{draws} are too few for a band", f"at least {FEWEST}")])
    found = pathway(name)
    given = checked_inputs(found, inputs or {})
    setting = Setting(parameter_set, draws, seed, hypotheses, watch=watch)
    taken = input_lanes(found, setting, given)
    lanes = outputs_at(found, setting, given)
    return PathwayRun(
        pathway=found,
        parameter_set=parameter_set,
        inputs={port: float(values[0]) for port, values in taken.items()},
        asked=given,
        outputs=tuple(summary(found.outputs[port], values) for port, values in lanes.items()),
        anchors=anchors_of(found),
        explains=_explains(found, setting, given, lanes),
        draws=draws,
        seed=seed,
        band=band_of(found, parameter_set),
        watermark=watermark(found),
    )


def _explains(
    found: Pathway, setting: Setting, given: Mapping[str, float], lanes: Mapping[str, Floats]
) -> tuple[Explained, ...]:
    if not found.outcomes:
        return ()
    moved = found.magnesium_inputs()
    rest = {name: value for name, value in given.items() if name not in moved}
    mapped = any(row.map is not None for row in found.outcomes)
    before = outputs_at(found, setting, rest) if mapped and rest != given else None
    return explained(found, before, lanes if before is not None else None, setting.seed)


def band_of(found: Pathway, parameter_set: ParameterSet) -> str:
    """What a band of this pathway is called."""
    return PRIOR_BAND if found.provenances(parameter_set) & _UNSETTLED else BAND


def watermark(found: Pathway) -> str | None:
    """What stands on everything that this pathway gives, where it is a hypothesis."""
    return WATERMARK if found.hypothesis else None


def summary(port: PortRow, values: Floats) -> OutputValue:
    """One output: lane 0 and the quantiles of the others."""
    values = values + 0.0  # nothing is 0, and never -0
    drawn = values[1:]
    there = int(np.isfinite(drawn).sum())
    low, middle, high = central(drawn) if there else (None, None, None)
    value = float(values[0]) if np.isfinite(values[0]) else None
    return OutputValue(
        name=port.port,
        label=port.label,
        unit=port.unit,
        value=value,
        p05=low,
        p50=middle,
        p95=high,
        absent=1.0 - there / len(drawn) if len(drawn) else 0.0,
        outside="value" if _beyond(port, value) else "band" if _beyond(port, low) or _beyond(port, high) else None,
        holds=(port.low, port.high),
    )


def _beyond(port: PortRow, value: float | None) -> bool:
    if value is None:
        return False
    slack = _ROUNDING * max(abs(value), 1.0)
    return (port.low is not None and value < port.low - slack) or (port.high is not None and value > port.high + slack)
