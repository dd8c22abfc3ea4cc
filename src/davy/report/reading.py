"""A plan with what its reader brings to it: past labs, the units of their own laboratory, their medicine times."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from davy.people.person import Lab, Person
from davy.planning.result import Expected, Plan
from davy.report.references import References
from davy.report.understood import asker
from davy.report.words import MEASURED_AS
from davy.units import convert

if TYPE_CHECKING:
    from davy.pathways.touched import Touched

LAB_UNIT = {"mmol/d": "mmol/24h"}
OF_A_KIND = {
    ("mg/dL", "mmol/L"): "mg/dL",
    ("mg/dL", "mmol/24h"): "mg/24h",
    ("mEq/L", "mmol/L"): "mEq/L",
    ("mEq/L", "mmol/24h"): "mEq/24h",
}
"""Who reads serum in one unit reads red cells and urine in one of the same kind."""


@dataclass(frozen=True)
class OwnUnit:
    """The unit in which a reader knows a quantity; `factor` turns Davy's number into theirs."""

    unit: str
    factor: float
    digits: int


@dataclass(frozen=True)
class MedicineTimes:
    """A medicine and the clock times at which it is taken."""

    name: str
    at: tuple[str, ...]


@dataclass(frozen=True)
class Reader:
    """Who reads.

    Attributes
    ----------
    today : the day that the page counts from, ISO.
    labs : the person's labs, in Davy's units with the report's own beside them.
    medicines : those taken today.
    asker : who asks, in one sentence.
    references : collects the sources that the sections cite.
    """

    today: str
    labs: tuple[Lab, ...] = ()
    medicines: tuple[MedicineTimes, ...] = ()
    asker: str = ""
    references: References = field(default_factory=References)

    def own_unit(self, output: str, unit: str) -> OwnUnit:
        """How this reader knows an output: in the unit of their newest lab of it, or one of the same kind."""
        canonical = LAB_UNIT.get(unit, unit)
        same = "urine_mmol_per_d" if canonical == "mmol/24h" else output
        own = self._reported(same) or OF_A_KIND.get((self._reported("serum_mmol_per_L") or "", canonical), canonical)
        if own == canonical:
            return OwnUnit(unit, 1.0, 1 if canonical == "mmol/24h" else 2)
        factor = convert(1.0, canonical, own, "magnesium")
        return OwnUnit(own, factor, 0 if factor > 10 else 2)

    def _reported(self, output: str) -> str | None:
        labs = self.labs_of(output)
        return labs[-1].shown[1] if labs else None

    def glucose_unit(self) -> str:
        """The unit in which this reader knows glucose: that of their newest test, or one of the kind they know."""
        own = sorted((lab for lab in self.labs if lab.test == "glucose"), key=lambda lab: lab.date)
        if own:
            return own[-1].shown[1]
        return "mg/dL" if self._reported("serum_mmol_per_L") == "mg/dL" else "mmol/L"

    def labs_of(self, output: str) -> tuple[Lab, ...]:
        """The labs that measured an output, oldest first."""
        test = MEASURED_AS.get(output)
        return tuple(sorted((lab for lab in self.labs if lab.test == test), key=lambda lab: lab.date))

    def in_own_unit(self, expected: Expected) -> tuple[Expected, OwnUnit]:
        """A forecast in the reader's unit."""
        own = self.own_unit(expected.output, expected.unit)
        scaled = {name: tuple(own.factor * v for v in getattr(expected, name)) for name in ("p05", "p50", "p95")}
        return replace(expected, unit=own.unit, **scaled), own


@dataclass(frozen=True)
class Reading:
    """A plan and its reader: what every section of a plan's page is written from."""

    plan: Plan
    reader: Reader
    touched: Touched | None = None


def reader_of(today: str, person: Person | None) -> Reader:
    """What a person brings to a page about them."""
    if person is None:
        return Reader(today)
    taken = tuple(MedicineTimes(medicine.label, medicine.at) for medicine in person.medicines_now())
    return Reader(today, person.labs, taken, asker(person))


def reading_of(plan: Plan, person: Person | None = None, touched: Touched | None = None) -> Reading:
    """The reading of a plan by the person it was made for."""
    return Reading(plan, reader_of(plan.today, person), touched)
