"""Which laboratory value counts today.

The newest one counts, or the worse of two that lie within 3 months. It goes stale with time, with the start of a
medicine that moves it, and with an acute illness. A bad value stays in force, stale or not, until there is a newer one
of the same test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from davy.people.person import Lab, Person
from davy.safety.limits import Rules
from davy.safety.saying import number


@dataclass(frozen=True)
class Reading:
    """What is known from the laboratory about one test.

    Attributes
    ----------
    lowest, highest : the ends over the labs that count, in the test's unit; a gate reads the end that is worse for it.
    taken : day of the newest lab; `today` is the day that its age is counted from.
    disturbed_by : what began after the lab and made it stale whatever its age, or None.
    """

    test: str
    lowest: float
    highest: float
    taken: date
    today: date
    labs: tuple[Lab, ...]
    disturbed_by: str | None

    def found(self, value: float) -> date:
        """The day of the newest lab that gave this end."""
        return max((lab.date for lab in self.labs if value in ends(lab)), default=self.taken)

    def shown(self, value: float, digits: int) -> str:
        """An end as people write it; what has no end is more, or less, than the laboratory's bound."""
        above = [lab.value for lab in self.labs if lab.comparator == ">"]
        below = [lab.value for lab in self.labs if lab.comparator == "<"]
        if math.isinf(value) and above:
            return f"more than {number(max(above), digits)}"
        if value == 0 and below:
            return f"less than {number(min(below), digits)}"
        return number(value, digits)

    def within(self, months: float) -> bool:
        """Whether the newest lab is at most so many calendar months old and nothing has disturbed it since."""
        return self.disturbed_by is None and self.taken >= months_before(self.today, months)


def months_before(day: date, months: float) -> date:
    """The same day of the month, so many calendar months earlier (the last day where that month is shorter)."""
    year, month = divmod(day.year * 12 + day.month - 1 - int(months), 12)
    next_year, next_month = divmod(year * 12 + month + 1, 12)
    length = (date(next_year, next_month + 1, 1) - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, length))


def ends(lab: Lab) -> tuple[float, float]:
    """The least and the greatest value that a lab allows: "<0.3" may be anything down to 0."""
    if lab.comparator == "<":
        return 0.0, lab.value
    if lab.comparator == ">":
        return lab.value, math.inf
    return lab.value, lab.value


def counting(labs: tuple[Lab, ...], rules: Rules) -> tuple[Lab, ...]:
    """Of the labs of one test: the newest, and those within 3 months before it."""
    newest = max(lab.date for lab in labs)
    return tuple(lab for lab in labs if lab.date >= months_before(newest, rules.value("pair-months")))


def disturbed_since(taken: date, person: Person, rules: Rules) -> str | None:
    """What makes a lab of that day stale: an interacting medicine begun since, or an acute illness now."""
    interacting = rules.marked_medicines("ages-labs")
    for medicine in person.medicines:
        if (
            medicine.since is not None
            and taken < medicine.since <= person.today
            and interacting & set(medicine.classes)
        ):
            return f"{medicine.label}, begun {medicine.since}"
    for symptom in person.symptoms:
        row = rules.symptoms.get(symptom)
        if row is not None and "sick-day" in row.marks and taken < person.today:
            return f"an acute illness ({symptom.replace('-', ' ')})"
    return None


def readings(person: Person, rules: Rules) -> dict[str, Reading]:
    """The value that counts today of every test that has a lab."""
    by_test: dict[str, list[Lab]] = {}
    for lab in person.labs:
        if lab.date <= person.today:
            by_test.setdefault(lab.test, []).append(lab)
    return {test: _reading(test, counting(tuple(labs), rules), person, rules) for test, labs in by_test.items()}


def _reading(test: str, counted: tuple[Lab, ...], person: Person, rules: Rules) -> Reading:
    taken = max(lab.date for lab in counted)
    return Reading(
        test=test,
        lowest=min(ends(lab)[0] for lab in counted),
        highest=max(ends(lab)[1] for lab in counted),
        taken=taken,
        today=person.today,
        labs=counted,
        disturbed_by=disturbed_since(taken, person, rules),
    )
