"""What has to be called back: tests that are due or too old, what got worse, new medicines, a plan that ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from davy.followup.adapt.decision import Reason
from davy.followup.days import Day
from davy.followup.visit_plan import DueTest, Followed
from davy.followup.visit_rules import days as days_of_rule
from davy.people.person import Person
from davy.safety.case import Case, case_of
from davy.safety.limits import rules

State = Literal["late", "now", "coming"]
STATES: tuple[State, ...] = ("late", "now", "coming")
STANDS_IN = {"creatinine": "egfr", "egfr": "creatinine"}
FOUND = {
    "serum": "Magnesium is high",
    "kidney": "eGFR fell",
    "new-drug": "New interacting drug",
    "too-much": "Signs of too much magnesium",
    "loose": "Loose stools",
    "first-loose": "Loose stools",
    "pregnancy": "Pregnancy",
    "sick-day": "A sick day",
    "expired": "The plan has ended",
    "plan-end": "The plan ends",
    "trial-end": "The trial ends",
}
"""What a rule that spoke is called on the list; what says nothing new, such as a late test, is told below."""


@dataclass(frozen=True)
class Recall:
    """One thing to come back to.

    Attributes
    ----------
    what : in a few words. why : in a sentence. on : the day it is due, or was; None where it has none.
    """

    what: str
    state: State
    why: str
    on: date | None
    sources: tuple[str, ...] = ()


def recalls(person: Person, days: Sequence[Day], plan: Followed | None, spoke: Sequence[Reason]) -> tuple[Recall, ...]:
    """The recall list, what is late first; each thing once.

    Parameters
    ----------
    person : as the records of today say they are.
    spoke : the reasons of today's decision.
    """
    found = [*_found(spoke), *_due(person, plan), *_aged(person, plan), *_ends(person, plan), *_silent(person, days)]
    once = {one.what if one.what in FOUND.values() else one.why: one for one in reversed(found)}
    far = date.max
    return tuple(sorted(reversed(once.values()), key=lambda one: (STATES.index(one.state), one.on or far)))


def _found(spoke: Sequence[Reason]) -> Iterator[Recall]:
    for one in spoke:
        if one.rule in FOUND and one.action != "keep":
            yield Recall(FOUND[one.rule], "now", one.sentence, None, one.sources)


def _due(person: Person, plan: Followed | None) -> Iterator[Recall]:
    """Tests of the plan that are not there, those of one day together: late, due now, or due before the next look."""
    if plan is None:
        return
    today, overdue = person.today, timedelta(days=days_of_rule("overdue"))
    waiting = [due for due in plan.due if not _drawn(person, due, overdue)]
    for on in sorted({due.on for due in waiting}):
        if on > today + timedelta(days=days_of_rule("recall-ahead")):
            return
        tests = [due for due in waiting if due.on == on]
        why = _plain(tests[0].test) + f": {tests[0].why}" if len(tests) == 1 else _names(tests)
        if on <= plan.first_taken:
            yield Recall("Not measured yet", "now", f"{why}; asked for before the start.", None, ("davy-rule",))
        else:
            state: State = "coming" if on > today else "late" if today >= on + overdue else "now"
            yield Recall("Labs due", state, f"{why}.", on, ("davy-rule",))


def _names(tests: Sequence[DueTest]) -> str:
    named = [_plain(test.test) for test in tests]
    return ", ".join([named[0], *(name[:1].lower() + name[1:] if name != "eGFR" else name for name in named[1:])])


def _drawn(person: Person, due: DueTest, overdue: timedelta) -> bool:
    tests = {due.test, STANDS_IN.get(due.test, due.test)}
    return any(lab.test in tests and lab.date >= due.on - overdue for lab in person.labs)


def _aged(person: Person, plan: Followed | None) -> Iterator[Recall]:
    """Values that no longer hold, by the rules of safety."""
    case = case_of(person, rules())
    waiting = {due.test for due in plan.due if due.on <= person.today} if plan is not None else set[str]()
    if not waiting & {"egfr", "creatinine"} and case.kidney.known == "stale":
        yield _stale("Kidney function", case.kidney.taken, case.kidney.disturbed_by, case)
    serum = case.serum
    if "serum-magnesium" not in waiting and serum is not None and not case.serum_is_fresh:
        yield _stale("Serum magnesium", serum.taken, serum.disturbed_by, case)


def _stale(what: str, taken: date | None, by: str | None, case: Case) -> Recall:
    why = f"since then {by}" if by is not None else "it is too old to judge a dose by"
    source = case.limit("egfr-months" if what.startswith("Kidney") else "serum-months").source
    return Recall("Labs due", "now", f"{what} of {taken}: {why}.", None, source)


def _ends(person: Person, plan: Followed | None) -> Iterator[Recall]:
    ahead = timedelta(days=days_of_rule("recall-ahead"))
    if plan is not None and person.today < plan.expires <= person.today + ahead:
        yield Recall("The plan ends", "coming", "Look together, and plan again or stop.", plan.expires, ("davy-rule",))


def _silent(person: Person, days: Sequence[Day]) -> Iterator[Recall]:
    """A diary that has fallen silent tells nothing, neither good nor bad."""
    last = max((day.date for day in days), default=None)
    if last is not None and person.today - last > timedelta(days=days_of_rule("diary-silent")):
        yield Recall("Diary silent", "now", f"Nothing has been noted since {last}.", last, ("davy-rule",))


def _plain(test: str) -> str:
    words = test.replace("-", " ")
    return "eGFR" if test == "egfr" else words[:1].upper() + words[1:]
