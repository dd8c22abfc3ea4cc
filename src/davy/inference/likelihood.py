"""Which labs inform the fit, and how far a prediction lies from them.

Errors are on the logarithm, so that widening one moves no median. A result that was only given as a bound counts
when the prediction lies on the wrong side of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from davy.forecast.covariates import covariate_rows
from davy.forecast.outcome import UNITS, Floats
from davy.forecast.present import PresentMagnesium
from davy.forecast.priors import error_of
from davy.people.labs import age_d, labs_of
from davy.people.person import Lab, Person

OLDEST_D = 365
PAIRED_D = 92
_OUTPUT = {
    "serum-magnesium": "serum_mmol_per_L",
    "urine-magnesium-24h": "urine_mmol_per_d",
    "rbc-magnesium": "rbc_mmol_per_L",
}
_LABEL = {
    "serum-magnesium": "serum magnesium",
    "urine-magnesium-24h": "24-h urine magnesium",
    "rbc-magnesium": "red-cell magnesium",
}
_CREATININE_MMOL_PER_KG = {"female": (0.08, 0.25), "male": (0.10, 0.30)}
_LEAST_MEASURABLE = 0.05


@dataclass(frozen=True)
class Observation:
    """One result that informs the fit; `spread` is the standard deviation of its logarithm."""

    lab: Lab
    output: int
    log_value: float
    spread: float
    bound: int = 0


@dataclass(frozen=True)
class Evidence:
    """The labs of a person as the fit sees them.

    Attributes
    ----------
    valid_urine : a 24-h urine that is not known to be incomplete, paired with a serum.
    sentences : what was left out and why.
    """

    observations: tuple[Observation, ...]
    valid_urine: Lab | None
    sentences: tuple[str, ...]

    def has(self, test: str) -> bool:
        """Whether a result of that test informs the fit."""
        return any(one.lab.test == test for one in self.observations)


def evidence_of(person: Person, present: PresentMagnesium) -> Evidence:
    """The results that hold for the present diet, products and medicines."""
    taken: list[Observation] = []
    said: list[str] = []
    urine: Lab | None = None
    for test in _OUTPUT:
        for lab in labs_of(person, test):
            why = _why_not(person, lab)
            if why is None:
                taken.append(_observation(lab, said))
            else:
                said.append(f"The {_LABEL[test]} of {lab.date} was not used: {why}.")
    serums = [one.lab for one in taken if one.lab.test == "serum-magnesium"]
    for one in taken:
        paired = any(abs((one.lab.date - serum.date).days) <= PAIRED_D for serum in serums)
        if one.lab.test == "urine-magnesium-24h" and paired and urine is None:
            urine = one.lab
    if present.unquantified and taken:
        names = ", ".join(present.unquantified)
        said.append(f"How much magnesium {names} holds is not known, so the labs cannot be told apart from its effect.")
        urine = None
    if labs_of(person, "ionised-magnesium"):
        said.append("Ionised magnesium is shown but does not inform the fit: the model predicts total serum magnesium.")
    return Evidence(tuple(taken), urine, tuple(said))


def _why_not(person: Person, lab: Lab) -> str | None:
    """Why a result says nothing about the present, or None where it does."""
    if age_d(lab, person.today) > OLDEST_D:
        return "it is more than a year old"
    if lab.complete is False:
        return "the collection was incomplete"
    if lab.test == "urine-magnesium-24h" and _creatinine_says_incomplete(person, lab):
        return "its creatinine does not fit a whole day's urine"
    return _changed_since(person, lab.date)


def _changed_since(person: Person, day: date) -> str | None:
    """Which medicine that moves magnesium, or which product, was started or stopped since that day."""
    keys = {row.key for row in covariate_rows() if row.kind == "medicine"}
    taken = [(row.label, row.since, row.until) for row in person.medicines if keys & set(row.classes)]
    taken += [("a magnesium product", row.since, row.until) for row in person.supplements]
    for name, since, until in taken:
        if since is not None and day < since <= person.today:
            return f"{name} was started after it"
        if until is not None and day <= until < person.today:
            return f"{name} was stopped after it"
    return None


def _creatinine_says_incomplete(person: Person, lab: Lab) -> bool:
    if person.weight_kg is None or person.sex is None:
        return False
    low, high = _CREATININE_MMOL_PER_KG[person.sex]
    same = [row for row in labs_of(person, "urine-creatinine-24h") if abs(row.date - lab.date) <= timedelta(days=1)]
    return any(not low <= row.value / person.weight_kg <= high for row in same)


def _observation(lab: Lab, said: list[str]) -> Observation:
    error = error_of(lab.test)
    if lab.test == "urine-magnesium-24h" and lab.complete is None:
        error = error_of("urine-magnesium-24h-unsure")
        said.append(f"The 24-h urine of {lab.date} is taken as complete, since nothing says that it was not.")
    bound = {"<": -1, ">": 1}.get(lab.comparator or "", 0)
    output = tuple(UNITS).index(_OUTPUT[lab.test])
    return Observation(lab, output, float(np.log(max(lab.value, _LEAST_MEASURABLE))), error, bound)


def residuals(predicted: Floats, observations: tuple[Observation, ...]) -> Floats:
    """(lanes, observations) how many standard deviations each prediction lies off; predicted is (lanes, outputs)."""
    columns: list[Floats] = []
    for one in observations:
        off = (np.log(predicted[:, one.output]) - one.log_value) / one.spread
        columns.append(np.maximum(off, 0) if one.bound < 0 else np.minimum(off, 0) if one.bound > 0 else off)
    return np.stack(columns, axis=-1) if columns else np.zeros((len(predicted), 0))


def misfits(predicted: Floats, evidence: Evidence) -> tuple[str, ...]:
    """What the best fit cannot explain, with what to think of; predicted is (outputs,)."""
    reasons = {
        "serum-magnesium": "a haemolysed sample, a wrong unit, an acute illness, an unlisted product or medicine",
        "urine-magnesium-24h": "an incomplete collection, a wrong unit, an unlisted product or medicine",
        "rbc-magnesium": "another laboratory's method, a wrong unit",
    }
    off = residuals(predicted[None], evidence.observations)[0]
    return tuple(
        f"The {_LABEL[one.lab.test]} of {one.lab.date} does not fit with the rest; think of {reasons[one.lab.test]}."
        for one, size in zip(evidence.observations, off, strict=True)
        if abs(size) > 2.6
    )
