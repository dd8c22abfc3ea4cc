"""What magnesium a person takes now besides food, as a regimen that can be simulated."""

from __future__ import annotations

from dataclasses import dataclass

from davy.people.intake import NonFood, intake_of
from davy.people.person import Person, Supplement
from davy.people.regimen import Intake, Regimen, Step
from davy.people.vocabulary import form

CLOCK = {1: ("21:00",), 2: ("08:00", "21:00"), 3: ("08:00", "14:00", "21:00"), 4: ("08:00", "12:00", "16:00", "21:00")}
"""When products are taken whose times are not known, by how many a day."""

ANY_SOLUBLE_FORM = "citrate"


@dataclass(frozen=True)
class PresentMagnesium:
    """The products of today.

    Attributes
    ----------
    regimen : every product whose amount is known, from day 0 on.
    unquantified : labels of products whose amount is not known; they are not in the regimen.
    """

    regimen: Regimen
    unquantified: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Whether nothing is taken besides food, known or not."""
        return not self.regimen.steps and not self.unquantified


def present_magnesium(person: Person) -> PresentMagnesium:
    """What the person takes now, each product at the best reading of its label.

    A form that is not known counts as a soluble one. An amount that is not known stays unknown and is named.
    """
    supplements = [row for row in person.supplements if row.taken_on(person.today)]
    intakes: list[Intake] = []
    unknown: list[str] = []
    items = intake_of(person).nonfood
    for number, item in enumerate(items):
        row = supplements[number] if number < len(supplements) else None
        if item.best is None:
            unknown.append(item.label)
        elif item.best > 0:
            intakes += _split(item, item.best, row)
    regimen = Regimen((Step(0, None, tuple(intakes)),)) if intakes else Regimen(())
    return PresentMagnesium(regimen, tuple(unknown))


def _split(item: NonFood, mg_per_day: float, supplement: Supplement | None) -> list[Intake]:
    times = supplement.at if supplement is not None and supplement.at else None
    if times is None:
        units = supplement.per_day if supplement is not None and supplement.per_day is not None else 1.0
        times = CLOCK[min(max(round(units), 1), 4)]
    known = item.form is not None and form(item.form) is not None
    name = item.form if known and item.form is not None else ANY_SOLUBLE_FORM
    return [Intake(at, name, mg_per_day / len(times), item.label) for at in times]
