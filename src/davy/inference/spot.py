"""Fractional excretion of magnesium from a spot urine, and when it may be asked."""

from __future__ import annotations

from davy.people.kidney import kidney_function
from davy.people.labs import labs_of
from davy.people.person import Lab, Person

FEMG_SERUM, FEMG_EGFR = 0.70, 60.0
"""Asked only below this serum [mmol/L] and from this filtration on (CLINICAL.md, section 8)."""

ULTRAFILTRABLE = 0.7
_SAME_DAY = 1


def femg_percent(person: Person, serum: Lab) -> float | None:
    """100 UMg SCr / (0.7 SMg UCr), or None where one of its conditions does not hold."""
    excreted = excreted_per_filtrate(person, serum)
    return None if excreted is None else 100 * excreted / (ULTRAFILTRABLE * serum.value)


def excreted_per_filtrate(person: Person, serum: Lab) -> float | None:
    """UMg SCr / UCr, magnesium lost per litre filtered [mmol/L], under the same conditions.

    It is the fractional excretion times the filtrable serum; a fit that has the serum already asks this, so that the
    error of the serum counts once.
    """
    function = kidney_function(person)
    if serum.value >= FEMG_SERUM or function is None or function.lowest < FEMG_EGFR:
        return None
    if "glycosuria" in person.conditions or person.takes("sglt2-inhibitor"):
        return None
    sample = spot_sample(person, serum)
    if sample is None:
        return None
    urine_magnesium, urine_creatinine, creatinine = sample
    return urine_magnesium.value * creatinine.value / 1000 / urine_creatinine.value


def spot_sample(person: Person, serum: Lab) -> tuple[Lab, Lab, Lab] | None:
    """Magnesium and creatinine of a spot urine and creatinine of the serum, each within a day of a serum magnesium."""
    found: list[Lab] = []
    for test in ("urine-magnesium-spot", "urine-creatinine-spot", "creatinine"):
        same = [lab for lab in labs_of(person, test) if abs((lab.date - serum.date).days) <= _SAME_DAY]
        found += same[:1]
    return (found[0], found[1], found[2]) if len(found) == 3 else None
