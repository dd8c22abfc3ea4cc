"""Which test would change the plan most: first what gates need, then what tells the cause, else nothing."""

from __future__ import annotations

from davy.inference.cause import lower_limit, takes_magnesium
from davy.inference.likelihood import OLDEST_D, Evidence
from davy.inference.posterior import SuggestedTest
from davy.people.kidney import kidney_function
from davy.people.labs import latest, within
from davy.people.person import Person

_STALE_KIDNEY_D = 365
_STALE_ELECTROLYTE_D = 92
_CORRECTED_FIRST = 0.70
_RESTORING = ("repletion", "neuropathy")
NO_FURTHER_TEST = "No further test would change this plan."


def next_tests(person: Person, evidence: Evidence) -> tuple[SuggestedTest, ...]:
    """Tests ranked by what they could change, best first; empty where no further test would change the plan."""
    asked = (_kidney(person), _pregnancy(person), _serum(person), *_when_low(person, evidence))
    return tuple(sorted((test for test in asked if test is not None), key=lambda test: (-test.value, test.test)))


def _kidney(person: Person) -> SuggestedTest | None:
    function = kidney_function(person)
    if function is None:
        why = "kidney function is not known, and it decides how much magnesium is safe"
        return SuggestedTest("creatinine", why, 1.0)
    if (person.today - function.date).days > _STALE_KIDNEY_D:
        return SuggestedTest("creatinine", "the last kidney value is more than a year old", 0.95)
    return None


def _pregnancy(person: Person) -> SuggestedTest | None:
    fertile = person.sex == "female" and person.age_y is not None and 12 <= person.age_y <= 55
    if fertile and person.pregnant is None:
        return SuggestedTest("pregnancy", "not said, and it decides who should guide the dose", 0.9)
    return None


def _serum(person: Person) -> SuggestedTest | None:
    recent = within(person, "serum-magnesium", OLDEST_D // 2)
    if recent:
        return None
    known = latest(person, "serum-magnesium") is not None
    why = "the last serum magnesium is half a year old" if known else "no serum magnesium is known"
    value = 0.8 if person.goal in _RESTORING else 0.5
    return SuggestedTest("serum-magnesium", f"{why}: it decides whether there is anything to restore", value)


def _when_low(person: Person, evidence: Evidence) -> list[SuggestedTest]:
    serum = latest(person, "serum-magnesium")
    if serum is None or serum.value >= lower_limit(serum):
        return []
    found: list[SuggestedTest] = []
    if evidence.valid_urine is None:
        why = "serum is low: this tells a losing kidney from a poor supply, and they need different treatment"
        found.append(SuggestedTest("urine-magnesium-24h", why, 0.7))
    elif takes_magnesium(person):
        why = "the last one was collected on magnesium: one without it would tell a losing kidney from a poor supply"
        found.append(SuggestedTest("urine-magnesium-24h", why, 0.4))
    if serum.value < _CORRECTED_FIRST:
        for test, name in (("potassium", "potassium"), ("calcium", "calcium")):
            if not within(person, test, _STALE_ELECTROLYTE_D):
                found.append(SuggestedTest(test, f"{name} falls with magnesium, and how low decides the urgency", 0.75))
    return found
