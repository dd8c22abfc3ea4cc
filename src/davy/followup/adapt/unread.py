"""Laboratory values that were set aside: until a later one is there, each may be the one that speaks against more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from davy.followup.adapt.decision import Reason
from davy.followup.adapt.facts import Facts
from davy.followup.baseline import WINDOW_D
from davy.followup.records import SetAside
from davy.safety.in_force import months_before
from davy.safety.limits import rules

_KIDNEY = ("creatinine", "egfr")
_REPLACES = {
    "serum-magnesium": ("serum-magnesium",),
    "creatinine": _KIDNEY,
    "egfr": _KIDNEY,
    "cystatin-c": _KIDNEY,
    "potassium": ("potassium",),
}
"""The tests of which an unread value matters here, and which tests tell the same."""
_HOLDS = {"serum-magnesium": "serum-months", "potassium": "recent-months"}


def unread(facts: Facts, window_d: int = WINDOW_D) -> Iterator[SetAside]:
    """Each value of kidney, serum or potassium that was not read and that no later one of its test has replaced.

    It is forgotten when a value of its day would be too old; one without a day is replaced by one of the window [d].
    """
    for one in facts.set_aside:
        tests = _REPLACES.get(one.test)
        months = rules().value(_HOLDS.get(one.test, "egfr-months"))
        if tests is None or (one.day is not None and one.day < months_before(facts.today, months)):
            continue
        first = one.day or facts.today - timedelta(days=window_d)
        if not any(lab.test in tests and lab.date >= first for lab in facts.person.labs):
            yield one


def told(one: SetAside) -> str:
    """The value in a sentence."""
    when = "of a day that is not known" if one.day is None else f"of {one.day}"
    what = f"A value of {one.test.replace('-', ' ')} {when} could not be read or believed"
    return f"{what}, and no later one has replaced it"


def unread_tests(facts: Facts) -> Iterator[Reason]:
    """While magnesium is taken or planned, what was not read is measured again, or written down with its unit."""
    ended = facts.changed is not None and facts.changed.action == "stop" and not facts.in_force
    if ended or (facts.plan is None and not facts.taking):
        return
    for test in dict.fromkeys(one.test for one in unread(facts)):
        last = next(one for one in unread(facts) if one.test == test)
        what = f"{told(last)}: look at the report, write it into the person file with its unit, or measure it again."
        yield Reason("unread-test", "test_first", what, ("davy-rule",))
