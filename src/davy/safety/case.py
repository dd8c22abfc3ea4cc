"""What the gates read: a person, the rules, and the few facts that many gates share, worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from davy.people.intake import Intake, intake_of
from davy.people.person import Medicine, Person
from davy.safety.in_force import Reading, readings
from davy.safety.limits import LimitRow, Rules
from davy.safety.renal import Kidney, estimates_of, kidney_of, kidney_risks


@dataclass(frozen=True)
class Case:
    """One person on one day, as safety sees them."""

    person: Person
    rules: Rules
    intake: Intake
    kidney: Kidney
    kidney_risks: tuple[str, ...]
    labs: Mapping[str, Reading]

    @property
    def clinician(self) -> bool:
        """Whether a clinician asks; the research profile is judged like the personal one."""
        return self.person.profile == "clinician"

    @property
    def on_magnesium(self) -> bool:
        """Whether any product that holds magnesium is taken, its amount known or not."""
        return any(item.worst_mg is None or item.worst_mg > 0 for item in self.intake.nonfood)

    def limit(self, name: str) -> LimitRow:
        """A limit by its id."""
        return self.rules.limit(name)

    def reading(self, test: str) -> Reading | None:
        """The lab value of a test that counts today."""
        return self.labs.get(test)

    @property
    def serum(self) -> Reading | None:
        """The serum magnesium that counts today."""
        return self.labs.get("serum-magnesium")

    def recent(self, test: str, months: float) -> bool:
        """Whether a test has a lab that is at most so many months old and undisturbed."""
        found = self.reading(test)
        return found is not None and found.within(months)

    def conditions_marked(self, mark: str) -> tuple[str, ...]:
        """The declared conditions that carry a mark."""
        rows = self.rules.conditions
        return tuple(name for name in self.person.conditions if name in rows and mark in rows[name].marks)

    def symptoms_marked(self, mark: str) -> tuple[str, ...]:
        """The reported symptoms that carry a mark."""
        rows = self.rules.symptoms
        return tuple(name for name in self.person.symptoms if name in rows and mark in rows[name].marks)

    def medicines_marked(self, mark: str) -> tuple[Medicine, ...]:
        """The present medicines of a class that carries a mark."""
        return self.person.takes(*self.rules.marked_medicines(mark))

    @property
    def serum_is_fresh(self) -> bool:
        """Whether serum magnesium still holds: 6 months, 3 with a low kidney or an interacting medicine."""
        return self.serum is not None and self.serum.within(self.serum_months)

    @property
    def serum_months(self) -> float:
        """How long a serum magnesium holds for this person [months]."""
        low = self.kidney.value is not None and self.kidney.value < self.rules.value("kidney-care-below")
        at_risk = low or bool(self.medicines_marked("ages-labs"))
        return self.rules.value("serum-months-at-risk" if at_risk else "serum-months")


def case_of(person: Person, rules: Rules) -> Case:
    """The case of a person under these rules."""
    labs, estimates = readings(person, rules), estimates_of(person)
    risks = tuple(kidney_risks(person, labs, estimates, rules))
    return Case(
        person=person,
        rules=rules,
        intake=intake_of(person),
        kidney=kidney_of(person, risks, estimates, rules),
        kidney_risks=risks,
        labs=labs,
    )


def words(name: str) -> str:
    """An id as words: ``type-2-diabetes`` becomes "type 2 diabetes"."""
    return name.replace("-", " ")


def listed(names: Iterator[str] | tuple[str, ...]) -> str:
    """Names as a list in a sentence: "a, b and c"."""
    *rest, last = tuple(names)
    return f"{', '.join(rest)} and {last}" if rest else last
