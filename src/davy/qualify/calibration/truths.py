"""What is true of the persons of a calibration: what the fit believes in, or one thing that it does not know of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from davy.body.model import Model
from davy.forecast.outcome import Floats
from davy.inference.case import Case
from davy.inference.coordinates import INTAKE
from davy.people.chance import normal_quantile

Measure = Callable[[Case, Floats, Floats], Floats]
"""(case, expected logarithms, uniform numbers) -> measured logarithms; both (persons, observations)."""

_UNDER_REPORTED = 0.7
_COLLECTED = 0.7
_HEAVY_DEGREES = 3.0
_SOFTER = 3.0
_URINE = "urine-magnesium-24h"


@dataclass(frozen=True)
class Truth:
    """One way the world is.

    Attributes
    ----------
    times : factors on inputs of the body.
    instead : inputs of the body that everybody has at one value.
    measure : what the laboratory reports of what it should have seen.
    """

    id: str
    label: str
    measure: Measure
    times: Mapping[str, float]
    instead: Callable[[Model], Mapping[str, float]]

    def bodies(self, case: Case) -> Callable[[Floats, int], Floats]:
        """What becomes of the logarithms of the inputs (points, inputs) of the body, in any era."""
        names, instead = case.coordinates.names, self.instead(case.model)

        def moved(inputs: Floats, era: int) -> Floats:
            del era
            found = inputs.copy()
            for name, factor in self.times.items():
                found[:, names.index(name)] += np.log(factor)
            for name, value in instead.items():
                found[:, names.index(name)] = np.log(value)
            return found

        return moved


def _nothing(model: Model) -> Mapping[str, float]:
    del model
    return {}


def _softer(model: Model) -> Mapping[str, float]:
    """A rounder corner of the kidney's threshold than any that the fit knows, with the typical serum where it was.

    What a typical kidney spills at the typical serum is kept: the threshold rises by the difference of the squared
    corners over the spill.
    """
    usual = model.defaults
    corner, threshold = usual["kid_splay"], usual["kid_Tm"]
    over = usual["kid_fu"] * usual["C0"] - threshold
    spill = (over + float(np.sqrt(over**2 + 4 * corner**2))) / 2
    return {"kid_splay": _SOFTER * corner, "kid_Tm": threshold + (_SOFTER**2 - 1) * corner**2 / spill}


def _as_believed(case: Case, expected: Floats, share: Floats) -> Floats:
    return expected + _spreads(case) * normal_quantile(share)


def _heavy_tailed(case: Case, expected: Floats, share: Floats) -> Floats:
    t: Any = import_module("scipy.stats").t
    return expected + _spreads(case) * np.asarray(t.ppf(share, _HEAVY_DEGREES), dtype=np.float64)


def _incomplete(case: Case, expected: Floats, share: Floats) -> Floats:
    urine = np.array([one.lab.test == _URINE for one in case.evidence.observations])
    return _as_believed(case, expected, share) + np.where(urine, np.log(_COLLECTED), 0.0)


def _spreads(case: Case) -> Floats:
    return np.array([one.spread for one in case.evidence.observations])


AS_BELIEVED = Truth("as-believed", "as the fit believes", _as_believed, {}, _nothing)
WRONG = (
    Truth("soft-splay", "the kidney's threshold is three times as round", _as_believed, {}, _softer),
    Truth("heavy-tails", "laboratory errors have heavy tails (t, 3 degrees of freedom)", _heavy_tailed, {}, _nothing),
    Truth("under-reported", "30 % of the diet is not reported", _as_believed, {INTAKE: 1 / _UNDER_REPORTED}, _nothing),
    Truth("incomplete-urine", "30 % of each urine is lost and nobody says so", _incomplete, {}, _nothing),
)
"""What the fit does not know of; coverage then says how far its intervals are to be believed where it is wrong."""
