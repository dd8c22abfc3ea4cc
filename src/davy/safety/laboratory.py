"""Labs that cannot be right: dated in the future, or contradicting one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from davy.people.kidney import ckd_epi_2021
from davy.people.person import Lab
from davy.safety.case import Case, words
from davy.safety.saying import number, refuse
from davy.safety.verdict import Said


def future_labs(case: Case) -> Iterator[Said]:
    """A lab dated after today: refused."""
    for lab in case.person.labs:
        if lab.date > case.person.today:
            yield refuse(
                "lab-in-future",
                f"The {words(lab.test)} of {lab.date} lies in the future. Correct its date; until then nothing is "
                "planned on it.",
                str(lab.date),
                sources=("davy-rule",),
            )


def contradicting_labs(case: Case) -> Iterator[Said]:
    """Two values of one test on one day that cannot both be right, or an eGFR far above its own creatinine: refused."""
    limit = case.limit("contradiction-ratio")
    labs, alike = case.person.labs, defaultdict[tuple[str, date], list[int]](list)
    for place, lab in enumerate(labs):
        if not lab.comparator:
            alike[lab.test, lab.date].append(place)
    for first, second in sorted(pair for places in alike.values() for pair in combinations(places, 2)):
        one, other = labs[first], labs[second]
        least, most = sorted((one.value, other.value))
        if most > limit.value * least:
            yield refuse(
                "labs-contradict",
                f"Two values of {words(one.test)} on {one.date} contradict each other: {number(one.value, 3)} and "
                f"{number(other.value, 3)} {one.unit}. Keep the right one; until then nothing is planned on them.",
                f"{number(one.value, 3)} and {number(other.value, 3)}",
                limit,
            )
    yield from _egfr_against_creatinine(case)


def _egfr_against_creatinine(case: Case) -> Iterator[Said]:
    limit, labs, age = case.limit("kidney-contradiction-ratio"), case.person.labs, case.person.age_y
    measured = defaultdict[date, list[Lab]](list)
    for lab in labs:
        if lab.test == "creatinine":
            measured[lab.date].append(lab)
    pairs = ((lab, creatinine) for lab in labs if lab.test == "egfr" for creatinine in measured[lab.date])
    for egfr, creatinine in pairs:
        if age is None or egfr.comparator or creatinine.comparator:
            continue
        computed = ckd_epi_2021(creatinine.value, age, case.person.sex or "male")  # unknown: the higher of both
        if egfr.value > limit.value * computed:
            yield refuse(
                "egfr-contradicts-creatinine",
                f"The eGFR of {number(egfr.value)} and the creatinine of {number(creatinine.value)} umol/L of "
                f"{egfr.date} contradict each other: that creatinine gives about {number(computed)}. Check both on "
                "the report; until then nothing is planned on them.",
                egfr.value,
                limit,
            )


GATES = (future_labs, contradicting_labs)
"""CLINICAL.md section 1, last sentence."""
