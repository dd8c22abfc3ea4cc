"""What keeps a new plan from being begun: the harm that stopped the last one, until it is resolved on the record.

A new plan forgets what was stopped under the old one. So a stop by harm holds until what caused it is known to be
over: by days noted without it, a newer laboratory value, a word in the person file. What is not told is not over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from davy.followup.adapt.decision import Reason
from davy.followup.adapt.facts import Facts
from davy.followup.adapt.harm import harms, sick
from davy.followup.adapt.kidney_fall import falls
from davy.followup.days import Day
from davy.followup.visit_person import loose, symptoms_of
from davy.people.labs import labs_of
from davy.people.person import Medicine
from davy.safety.limits import rules
from davy.tables import SourcedRow, Words, read_table


class HoldRow(SourcedRow):
    """What resolves the harm of one rule.

    Attributes
    ----------
    clear_d : whole days that have to be noted without it [d]. labs : tests of which a newer value has to be there.
    clinician : whether a clinician who signs the person file later resolves it.
    until : the same in words.
    """

    id: str
    clear_d: int
    labs: Words = ()
    clinician: bool
    until: str


@dataclass(frozen=True)
class Hold:
    """A harm that is not resolved: the rule that spoke, the day it was told (today where it never was), until when."""

    rule: str
    since: date
    sentence: str
    sources: tuple[str, ...]


@cache
def hold_rows() -> dict[str, HoldRow]:
    """What resolves each harm, by the id of its rule."""
    return {row.id: row for row in read_table("followup_holds.csv", HoldRow)}


def holds(facts: Facts) -> tuple[Hold, ...]:
    """Every harm of the plan that is followed which nothing on the record has resolved, the oldest first."""
    if facts.plan is None:
        return ()
    found: list[Hold] = []
    for rule, (since, why) in _harmed(facts).items():
        row = hold_rows()[rule]
        if not _RESOLVED[rule](facts, row, since) and not (row.clinician and _signed(facts, rule, since)):
            told = f"{why} No new plan is begun until {row.until}."
            found.append(Hold(rule, since, told, row.source))
    return tuple(found)


def _harmed(facts: Facts) -> dict[str, tuple[date, str]]:
    """The harms that were told under this plan and those of today, each with its first day and what it was."""
    found: dict[str, tuple[date, str]] = {}
    for one in facts.inputs.past:
        for rule in (rule for rule in one.rules if rule in hold_rows()):
            found.setdefault(rule, (one.day, f"On {one.day} the last plan was stopped or lowered ({_WORDS[rule]})."))
    for one in _today(facts):
        found.setdefault(one.rule, (facts.today, one.sentence))
    return found


def _today(facts: Facts) -> Iterator[Reason]:
    return (one for one in harms(facts) if one.rule in hold_rows() and one.action != "keep")


def _signed(facts: Facts, rule: str, since: date) -> bool:
    """Whether a clinician signed since it was told, and since the newest cause of it; what was never told has that."""
    causes = _CAUSED[rule](facts)
    told = any(rule in one.rules for one in facts.inputs.past)
    first = max((*causes, since) if told or not causes else causes)
    return facts.person.clinician is not None and first <= facts.person.clinician.date <= facts.today


def _clear(facts: Facts, row: HoldRow, since: date, bad: Callable[[Day], bool]) -> bool:
    """Whether enough whole days were noted after the last bad one, or after the stop where none is noted."""
    start = since if facts.plan is None else facts.plan.start
    last = max((day.date for day in facts.days if day.date >= start and bad(day)), default=since)
    return sum(1 for day in facts.days if day.noted and last < day.date < facts.today) >= row.clear_d


def _bowel_over(facts: Facts, row: HoldRow, since: date) -> bool:
    return _clear(facts, row, since, loose)


def _well(facts: Facts, row: HoldRow, since: date) -> bool:
    return not sick(facts) and _clear(facts, row, since, lambda day: bool(day.symptoms) or loose(day))


def _of_too_much(name: str) -> bool:
    row = rules().symptoms.get(name)
    return row is not None and row.on_magnesium is not None


def _signs_over(facts: Facts, row: HoldRow, since: date) -> bool:
    def bad(day: Day) -> bool:
        return any(_of_too_much(name) for name in symptoms_of(day))

    now = any(_of_too_much(name) for name in facts.person.symptoms)
    last = max((day.date for day in facts.days if bad(day)), default=since)
    return not now and _clear(facts, row, since, bad) and _serum_since(facts, row, last)


def _serum_over(facts: Facts, row: HoldRow, since: date) -> bool:
    """A newer serum than the high one of this plan; where that is gone from the record, one drawn since it was told."""
    drawn = (lab for test in row.labs for lab in labs_of(facts.person, test) if lab.value > _serum_limit())
    high = [lab.date for lab in drawn if facts.plan is None or lab.date >= facts.plan.start]
    newer = [lab for test in row.labs for lab in labs_of(facts.person, test) if not high or lab.date > max(high)]
    said = [lab for lab in newer if lab.comparator != ">"]  # "above 0.9" does not say that it is not high
    return bool(said) and (bool(high) or any(lab.date >= since for lab in said))


def _serum_since(facts: Facts, row: HoldRow, first: date) -> bool:
    drawn = [lab for test in row.labs for lab in labs_of(facts.person, test) if lab.date >= first]
    return bool(drawn) and all(lab.value <= _serum_limit() and lab.comparator != ">" for lab in drawn)


def _serum_limit() -> float:
    return rules().value("serum-refuse-above")


def _kidney_over(facts: Facts, row: HoldRow, since: date) -> bool:
    newer = any(lab.date >= since for test in row.labs for lab in labs_of(facts.person, test))
    return newer and not falls(facts.person, None if facts.plan is None else facts.plan.first_taken)


def _not_pregnant(facts: Facts, row: HoldRow, since: date) -> bool:
    return facts.person.pregnant is False


def _looked_up(facts: Facts, row: HoldRow, since: date) -> bool:
    """Whether each medicine that is new since the plan has ended, or is told with its clock times."""
    return all(one.at for one in facts.person.medicines_now() if _new(facts, one))


def _begun(facts: Facts) -> list[date]:
    """From when each new medicine is taken, as far as that is told."""
    return [one.since for one in facts.person.medicines_now() if one.since is not None and _new(facts, one)]


def _fallen(facts: Facts) -> list[date]:
    """When each value was drawn that shows a fall."""
    return [one.now.date for one in falls(facts.person, None if facts.plan is None else facts.plan.first_taken)]


_CAUSED: dict[str, Callable[[Facts], list[date]]] = {"kidney": _fallen, "new-drug": _begun}
"""When what caused a harm was, for those that a clinician may settle."""


def _new(facts: Facts, medicine: Medicine) -> bool:
    """Whether a medicine, that magnesium acts on, was begun since the plan or not known when it was begun."""
    if facts.plan is None or not any(name in rules().medicines for name in medicine.classes):
        return False
    if medicine.since is not None:
        return medicine.since >= facts.plan.start
    return facts.plan.medicines is not None and medicine.label not in facts.plan.medicines


_WORDS = {
    "loose": "loose stools",
    "first-loose": "loose stools",
    "serum": "high serum magnesium",
    "kidney": "a fall of eGFR",
    "too-much": "signs of too much magnesium",
    "pregnancy": "pregnancy",
    "new-drug": "a new medicine that interacts",
    "sick-day": "illness",
}

_RESOLVED: dict[str, Callable[[Facts, HoldRow, date], bool]] = {
    "loose": _bowel_over,
    "first-loose": _bowel_over,
    "serum": _serum_over,
    "kidney": _kidney_over,
    "too-much": _signs_over,
    "pregnancy": _not_pregnant,
    "new-drug": _looked_up,
    "sick-day": _well,
}
