"""Results that nothing else known of a person explains: named with what to think of, and kept from the fit.

Two questions are asked, error included. Of all versions that fit everything, this result among it: how likely is a
result at least as far off? Below one in a hundred the body cannot be bent to it. And of the versions that fit
everything else: below one in a thousand, only a body that hardly anyone has could be. In both cases the result is set
aside: the fit runs as if it had not been measured. A rare state that the priors know, such as a losing kidney, is
neither. Where two results of one test contradict only each other, the older is set aside if a month lies between
them, since something may have changed; else both are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from davy.errors import FitError
from davy.forecast.outcome import Floats
from davy.inference.case import Case, with_evidence
from davy.inference.evidence import LABELS, LINEAR
from davy.inference.importance import informed
from davy.inference.likelihood import Observation, Unexplained, residuals
from davy.inference.pareto import smoothed
from davy.people.vocabulary import lab_test
from davy.units import convert

UNLIKELY, HARDLY_ANYONE = 0.01, 0.001
_SUSPECT = 0.05
_USUAL = 0.05
_FEW = 100
_BEFORE, _MANY_BEFORE = 1000, 6000
_PROPOSALS = 1000
_MONTH_D = 30.0

# Not `normal_share`: a fit stands in the way of every plan, and would wait for a large library.
_erfc = np.vectorize(math.erfc, otypes=[np.float64])

_HIGH = {
    "serum-magnesium": (
        "a haemolysed sample",
        "a product, antacid or laxative with magnesium that is not listed",
        "a kidney that filters less than the file says",
    ),
    "urine-magnesium-24h": (
        "more than a day's urine",
        "a product with magnesium that is not listed",
        "a new medicine, such as a diuretic",
    ),
    "rbc-magnesium": ("another laboratory's method",),
}
_RETAINED = ("an incomplete collection", "stores that are emptier than the body model can hold")
"""Of a loading test, which is judged by the share that the urine shows: a large retention lies on the low side."""
_LOW = {
    "serum-magnesium": (
        "a sample diluted by an infusion",
        "an acute illness or a shift into cells",
        "a new medicine, such as a diuretic or an acid blocker",
    ),
    "urine-magnesium-24h": ("an incomplete collection", "a product that is listed but not taken"),
    "rbc-magnesium": ("another laboratory's method", "a recent loss of blood or a transfusion"),
    "magnesium-load-retention": _RETAINED,
    "magnesium-load-retention-corrected": _RETAINED,
}
_ANY_HIGH = ("a product with magnesium that is not listed", "another laboratory's method")
_ANY_LOW = ("another laboratory's method", "a new medicine")


@dataclass(frozen=True)
class _Told:
    """What the others say of one result: versions with weights."""

    expected: Floats
    weight: Floats

    def strange(self, one: Observation) -> float | None:
        """The chance of such a result, where it is set aside; None where it is explained."""
        by_others, _ = self.p(one, one.log_value)
        if by_others < HARDLY_ANYONE:
            return by_others
        off = residuals(self.expected[:, None], [one], np.array([one.log_value]))[:, 0]
        weight = self.weight * np.exp(-np.where(np.isfinite(off), off**2, np.inf) / 2)
        by_all, _ = _Told(self.expected, weight / np.sum(weight)).p(one, one.log_value)
        return by_all if by_all < UNLIKELY else None

    def p(self, one: Observation, value: float) -> tuple[float, bool]:
        """The chance of a result at least as far off as this value, and whether it lies on the high side."""
        below = float(np.sum(self.weight * _erfc((self.expected - value) / (one.spread * math.sqrt(2))) / 2))
        if one.bound:
            return (below if one.bound < 0 else 1 - below), one.bound > 0
        return min(1.0, 2 * min(below, 1 - below)), below > 1 / 2


def explained(case: Case, seed: int) -> tuple[Case, tuple[Unexplained, ...]]:
    """The case without the results that nothing else explains, and those."""
    set_aside: list[Unexplained] = []
    while case.evidence.observations:
        jury = _Jury(case, seed)
        found = jury.worst()
        if found is None:
            break
        set_aside += [jury.verdict(place, found) for place in found]
        observations = case.evidence.observations
        case = with_evidence(case, case.evidence.without([observations[place] for place in found]))
    return case, tuple(set_aside)


class _Jury:
    """Judges each result of a case by all the others."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case, self.seed = case, seed
        self.observations = case.evidence.observations
        before = case.points(_BEFORE, seed, "before")
        self.expected = case.expected(before)
        off = residuals(self.expected, self.observations, case.evidence.values)
        self.squares = np.where(np.isfinite(off), off**2, np.inf)
        self.told = [self._told(place) for place in range(len(self.observations))]
        self.p = [self._p(place, told) for place, told in enumerate(self.told)]

    def worst(self) -> tuple[int, ...] | None:
        """Which results to set aside next; None where all are explained."""
        odd = [place for place in range(len(self.p)) if self._strange(place) is not None]
        if not odd:
            return None
        place = min(odd, key=lambda at: self.p[at])
        one = self.observations[place]
        for other in odd:
            rival = self.observations[other]
            if other == place or rival.quantity != one.quantity:
                continue
            if self._worked_out((place, other), place).strange(one) is not None:
                continue
            if abs(rival.day - one.day) > _MONTH_D:
                return (place if one.day < rival.day else other,)
            return (place, other)
        return (place,)

    def verdict(self, place: int, together: tuple[int, ...]) -> Unexplained:
        """What is said of one result; `together` are those that are set aside with it."""
        one, told = self.observations[place], self.told[place]
        p, (_, high) = self._strange(place) or 0.0, told.p(one, one.log_value)
        reasons = (*self._units(one, told), *_reasons(one.quantity, high=high))
        chance = "less than 1 in 1,000" if p < 0.001 else f"{1000 * p:.0f} in 1,000"
        others = ", ".join(f"the {_named(self.observations[at])}" for at in together if at != place)
        against = f"{others}, and neither pulls the fit until one is repeated" if others else "the rest"
        said = f"The {_named(one)} does not fit with {against} ({chance})"
        said += "" if others else " and does not pull the fit"
        return Unexplained(one.lab, p, reasons, f"{said}; think of {', '.join(reasons[:-1])} or {reasons[-1]}.")

    def _strange(self, place: int) -> float | None:
        return self.told[place].strange(self.observations[place])

    def _p(self, place: int, told: _Told) -> float:
        one = self.observations[place]
        return told.p(one, one.log_value)[0]

    def _told(self, place: int) -> _Told:
        """What the others say: versions of the prior weighed by them; worked out where these are few or it matters."""
        rest = np.zeros(len(self.squares))
        for other in range(len(self.observations)):
            if other != place:
                rest = rest + self.squares[:, other]
        if not np.isfinite(rest).any():
            return self._worked_out((place,), place)
        weight = smoothed(-rest / 2)
        told = _Told(self.expected[:, place], weight.weight)
        if weight.effective_size >= _FEW and self._p(place, told) >= _SUSPECT:
            return told
        return self._worked_out((place,), place)

    def _worked_out(self, without: tuple[int, ...], place: int) -> _Told:
        """What is said of one result by a fit without some."""
        left_out = [self.observations[at] for at in without]
        rest = with_evidence(self.case, self.case.evidence.without(left_out))
        alone = with_evidence(
            self.case, self.case.evidence.without([one for one in self.observations if one != self.observations[place]])
        )
        try:
            found = informed(rest, _PROPOSALS, self.seed) if rest.evidence.observations else None
        except FitError:
            found = None
        if found is None:
            before = self.case.points(_MANY_BEFORE, self.seed, "before")
            return _Told(alone.expected(before)[:, 0], np.full(_MANY_BEFORE, 1 / _MANY_BEFORE))
        return _Told(alone.expected(found.points)[:, 0], found.weight)

    def _units(self, one: Observation, told: _Told) -> tuple[str, ...]:
        """Another unit in which the number on the report would be usual."""
        test = lab_test(one.lab.test)
        value, unit = one.lab.shown
        if (
            one.quantity != one.lab.test
            or one.quantity in LINEAR
            or one.quantity == "urine-magnesium-spot"
            or value <= 0
        ):
            return ()
        for other in test.units:
            if other != unit:
                read = convert(value, other, test.unit, test.analyte)
                if told.p(one, float(np.log(read)))[0] >= _USUAL:
                    return (f"a wrong unit ({value:g} {other} would fit)",)
        return ("a wrong unit",)


def _named(one: Observation) -> str:
    value, unit = one.lab.shown
    return f"{LABELS[one.quantity]} of {one.lab.date} ({value:g} {unit})"


def _reasons(quantity: str, *, high: bool) -> tuple[str, ...]:
    table, others = (_HIGH, _ANY_HIGH) if high else (_LOW, _ANY_LOW)
    return table.get(quantity, others)
