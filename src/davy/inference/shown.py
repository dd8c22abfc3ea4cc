"""What a fit tells a reader: parameters before and after, where the person stands, and in which words."""

from __future__ import annotations

import numpy as np

from davy.forecast.outcome import UNITS, Floats
from davy.inference.coordinates import INTAKE
from davy.inference.likelihood import Unexplained
from davy.inference.posterior import FittedParameter
from davy.inference.quality import FEWEST_EFFECTIVE
from davy.inference.versions import STANDING, Versions

_SHOWN = ("kid_fTm", "gut_f_act", INTAKE, "rbc_R0", "bone_M_bs")
_MOVED = 0.1
_SHIFTED = 0.6
"""A parameter counts as moved by the labs where its spread shrinks by this share, or where its middle shifts by this
share of the half width of its band (5 to 95 %, logarithm)."""


def parameters_shown(prior: Versions, made: Versions) -> tuple[FittedParameter, ...]:
    """What the labs taught about each parameter, each covariate's effect and each measurement."""
    axes = made.case.coordinates.axes
    whole = [place for place, axis in enumerate(axes) if axis.parameter in _SHOWN]
    order = sorted(whole, key=lambda place: _SHOWN.index(axes[place].parameter))
    own = [place for place in range(made.case.coordinates.fitted) if _is_own(made, place)]
    return tuple(_parameter(prior, made, place) for place in (*order, *own))


def _is_own(made: Versions, place: int) -> bool:
    """Whether an axis is an effect of a covariate or belongs to a measurement, and is not known outright."""
    axis = made.case.coordinates.axes[place]
    uncertain = any(kind.axes[place].spread != 0.0 for kind in made.case.coordinates.kinds)
    return uncertain and (axis.effect is not None or not made.case.coordinates.targets[place])


def _parameter(prior: Versions, made: Versions, place: int) -> FittedParameter:
    axis = made.case.coordinates.axes[place]
    before, after = (_log_values(one, place) for one in (prior, made))
    after = after if len(after) else before
    low, middle, high = (float(np.exp(value)) for value in np.quantile(after, (0.05, 0.5, 0.95)))
    informed, width = 0.0, float(np.std(before))
    if made.case.evidence.observations and width > 0:
        informed = min(1.0, max(0.0, 1 - float(np.std(after)) / width))
    typical = float(np.exp(np.median(before)))
    name = axis.parameter if axis.parameter in _SHOWN else axis.label
    return FittedParameter(name, axis.label, axis.unit, typical, low, middle, high, informed)


def _shifted(row: FittedParameter) -> bool:
    """Whether the labs moved the middle of a parameter, be its band narrower or not."""
    half = np.log(row.p95 / row.p05) / 2
    return half > 0 and bool(abs(np.log(row.p50 / row.prior_p50)) > _SHIFTED * half)


def _log_values(made: Versions, place: int) -> Floats:
    """(draws,) logarithm of a parameter as the body has it, or of an axis of its own."""
    coordinates = made.case.coordinates
    name = coordinates.axes[place].parameter
    if name == INTAKE:
        return np.log(made.draws.intake_mmol_per_d)
    if name in _SHOWN:
        return np.log(made.draws.parameter(name))
    open_to = np.array([kind.axes[place].spread != 0.0 for kind in coordinates.kinds])  # an ill organ knows no effect
    return coordinates.amounts(made.points.z, made.points.kind)[open_to[made.points.kind], place]


def bands(standing: Floats) -> dict[str, tuple[float, float, float]]:
    """5 %, 50 % and 95 % of each output of the present steady state."""
    found: dict[str, tuple[float, float, float]] = {}
    for name in STANDING:
        column = standing[:, tuple(UNITS).index(name)]
        low, middle, high = np.quantile(column[np.isfinite(column)], (0.05, 0.5, 0.95))
        found[name] = (float(low), float(middle), float(high))
    return found


def sentences_of(
    made: Versions, parameters: tuple[FittedParameter, ...], unexplained: tuple[Unexplained, ...]
) -> tuple[str, ...]:
    """What was used, what was not, what stayed as it was."""
    case = made.case
    said = [*case.evidence.sentences, *(one.sentence for one in unexplained)]
    if not case.evidence.observations:
        said.append("No lab of magnesium informs this: it is what people like this are expected to be.")
    else:
        still = [row.name for row in parameters if row.id in _SHOWN and row.informed < _MOVED and not _shifted(row)]
        wider = [row.name for row in parameters if row.id in _SHOWN and row.informed < _MOVED and _shifted(row)]
        if still:
            said.append(f"Your labs did not move this: {', '.join(still)}.")
        if wider:
            said.append(f"Your labs moved this without making it surer: {', '.join(wider)}.")
    said += _doubts(made)
    said.append("Routine labs do not show what bone and muscle hold: any forecast of body stores is mostly prior.")
    if case.covariates.values.get("kid_GFR") is None:
        said.append("Kidney function is not known: the forecast assumes a wide range, and no safety rule relies on it.")
    if any(effect.id.startswith("trpm6") for effect in case.covariates.effects):
        said.append("The genotype was shrunk to almost nothing: no trial has dosed magnesium by it.")
    return tuple(said)


def _doubts(made: Versions) -> list[str]:
    """What to say where the quick way of fitting failed."""
    quality = made.quality
    if quality.method != "tempered":
        return []
    worth = f"{quality.effective_size:.0f} different versions"
    if quality.effective_size < FEWEST_EFFECTIVE:
        return [f"These labs are hard to fit together: the slow method left only {worth}, so the bands are rough."]
    return [
        f"The quick fit failed on these labs and was replaced by a slower one that starts from the prior ({worth})."
    ]
