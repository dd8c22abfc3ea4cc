"""Plausible versions of a person, as many as asked for: with labs, without, neutral, or the median one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from davy.forecast.outcome import UNITS, Draws, Floats
from davy.inference.case import Case, Points
from davy.inference.importance import informed
from davy.inference.mixture import squares
from davy.inference.quality import Quality
from davy.inference.streams import uniforms

FEWEST = 500
STANDING = ("serum_mmol_per_L", "rbc_mmol_per_L", "urine_mmol_per_d", "absorbed_mmol_per_d")
"""What is told of the present steady state."""

_FEWEST_PROPOSED, _PROPOSED_PER_DRAW = 2000, 2
_NEUTRAL = {"kid_a_ckd": 0.0}
_AT_MOST_TYPICAL = ("sweat", "kid_glu")


@dataclass(frozen=True)
class Versions:
    """Plausible versions of a person.

    Attributes
    ----------
    by_kind : (kinds,) weight of each component.
    """

    case: Case
    points: Points
    by_kind: Floats
    quality: Quality

    @cached_property
    def draws(self) -> Draws:
        """Values of today's parameters."""
        return self.case.draws(self.points)

    @cached_property
    def standing(self) -> Floats:
        """(draws, outputs of `UNITS`) the steady state on the diet and products of today."""
        return self.case.predicted(self.draws)


def prior_versions(case: Case, count: int, seed: int, purpose: str) -> Versions:
    """Versions before any lab."""
    points = case.points(count, seed, purpose)
    return Versions(case, points, case.coordinates.weight, Quality("prior", None, float(count)))


def versions(case: Case, count: int, seed: int) -> Versions:
    """Versions in the light of the labs, or from the prior where there are none."""
    if not case.evidence.observations:
        return prior_versions(case, count, seed, "posterior")
    found = informed(case, max(_FEWEST_PROPOSED, _PROPOSED_PER_DRAW * count), seed)
    kept = found.kept(count, float(uniforms(seed, case.person.id, "kept", 1)[0]))
    by_kind: Floats = np.zeros(len(case.coordinates.kinds))
    np.add.at(by_kind, found.points.kind, found.weight)
    return Versions(case, found.points.at(kept), by_kind, found.quality)


def middle(made: Versions) -> Points:
    """The median person as one version: the one that stands closest to the middle of all outputs.

    A version is taken whole, since the medians of single parameters need not fit together; what no lab informs and
    the share of doses taken are at their medians.
    """
    columns = [tuple(UNITS).index(name) for name in STANDING]
    placed = np.log(made.standing[:, columns])
    off = (placed - np.nanmedian(placed, axis=0)) / np.nanstd(placed, axis=0)
    best = int(np.nanargmin(squares(off)))
    z = made.points.z[best : best + 1].copy()
    z[:, made.case.coordinates.fitted :] = 0.0
    return Points(z, made.points.kind[best : best + 1], np.ones(1))


def neutral(case: Case, points: Points) -> Draws:
    """The same versions with all that lowers serum set to neutral: medicines, a leak, malabsorption, missed doses."""
    coordinates = case.coordinates
    lowering = {effect.id for effect in case.covariates.effects if effect.lowers_serum}
    acts = coordinates.acts[-1] & np.array([axis.effect not in lowering for axis in coordinates.axes])
    raising = [effect for effect in case.covariates.effects if not effect.lowers_serum]
    kind = coordinates.healthy[points.kind]
    inputs = coordinates.log_inputs(coordinates.amounts(points.z, kind), kind, acts=acts)
    draws = coordinates.draws_at(inputs, np.maximum(points.taken, 1.0))
    values = draws.values.copy()
    for column, name in enumerate(draws.names):
        typical = case.model.defaults[name]
        if name in ("kid_fTm", "gut_f_act"):
            raised = float(np.prod([effect.multiplier for effect in raising if effect.parameter == name]))
            values[:, column] = np.maximum(values[:, column], typical * max(raised, 1.0))
        elif name in _AT_MOST_TYPICAL or name in _NEUTRAL:
            values[:, column] = np.minimum(values[:, column], _NEUTRAL.get(name, typical))
    return Draws(draws.names, values, draws.intake_mmol_per_d, draws.taken)
