"""Whose labs are fitted in a calibration: four kinds of person, five ways to have measured them.

The values in the files are placeholders: every virtual person brings their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from davy.body.read import read_model
from davy.inference.case import Case, case_of
from davy.people.person import Person
from davy.people.read import person_from_text

TODAY = date(2026, 11, 22)
"""No result depends on the clock: every virtual person is looked at on this day."""

KINDS = {
    "woman of 55, diet by questionnaire": """\
age_y: 55
sex: female
weight_kg: 70
height_cm: 168
diet: {magnesium_mg_per_day: 290, method: food-frequency}
labs:
  - {date: 2026-11-10, test: egfr, value: 92, unit: mL/min/1.73m2}
""",
    "man of 71 on omeprazole, diet and kidney unknown": """\
age_y: 71
sex: male
weight_kg: 84
height_cm: 176
medicines: [{name: omeprazole}]
labs:
""",
    "woman of 38 with coeliac disease, diet weighed": """\
age_y: 38
sex: female
weight_kg: 61
height_cm: 165
conditions: [coeliac]
diet: {magnesium_mg_per_day: 250, method: weighed-record}
labs:
  - {date: 2026-11-10, test: egfr, value: 105, unit: mL/min/1.73m2}
""",
    "man of 63 with diabetes on a thiazide, eGFR 55": """\
age_y: 63
sex: male
weight_kg: 96
height_cm: 178
conditions: [type-2-diabetes]
medicines: [{name: hydrochlorothiazide}]
diet: {magnesium_mg_per_day: 310, method: screener}
labs:
  - {date: 2026-11-10, test: egfr, value: 55, unit: mL/min/1.73m2}
""",
}
"""Settings that differ in what is known and in the prior weights of a leaking kidney and a poor gut."""


@dataclass(frozen=True)
class Design:
    """One way to have been measured.

    Attributes
    ----------
    labs : results as (test, day, value that stands in, unit).
    supplements : lines of the person's file for what is taken.
    """

    id: str
    label: str
    labs: tuple[tuple[str, str, float, str], ...]
    supplements: str = ""

    def case(self, kind: str) -> Case:
        """What the fit sees of a person of that kind who was measured this way."""
        return _case(self, kind)

    def person(self, kind: str) -> Person:
        """A person of that kind who was measured this way."""
        lines = [
            f"  - {{date: {day}, test: {test}, value: {value}, unit: {unit}{_COMPLETE.get(test, '')}}}"
            for test, day, value, unit in self.labs
        ]
        text = f"davy: 1\nid: {self.id}-{list(KINDS).index(kind)}\n{self.supplements}{KINDS[kind]}" + "\n".join(lines)
        return person_from_text(f"{text}\n", name=f"{self.id}.yaml", today=TODAY)


_COMPLETE = {"urine-magnesium-24h": ", complete: true"}
_SERUM = ("serum-magnesium", "2026-11-10", 0.8, "mmol/L")
_URINE = ("urine-magnesium-24h", "2026-11-10", 4.0, "mmol/24h")
_CELLS = ("rbc-magnesium", "2026-11-10", 2.1, "mmol/L")
_EARLIER = ("serum-magnesium", "2026-08-20", 0.8, "mmol/L")
_CITRATE = "supplements: [{{form: citrate, label_mg: 300, label_means: elemental, per_day: 1, at: ['21:00']{since}}}]\n"

DESIGNS = (
    Design("serum", "serum", (_SERUM,)),
    Design("serum-urine", "serum and 24-h urine", (_SERUM, _URINE)),
    Design("serum-urine-cells", "serum, 24-h urine and red cells", (_SERUM, _URINE, _CELLS)),
    Design(
        "two-visits",
        "two visits: serum before, serum and urine 11 weeks into 300 mg citrate",
        (_EARLIER, _SERUM, _URINE),
        _CITRATE.format(since=", since: 2026-08-24"),
    ),
    Design(
        "steady-state",
        "steady state: serum and urine on 300 mg citrate taken for years",
        (_SERUM, _URINE),
        _CITRATE.format(since=", since: 2022-01-01"),
    ),
)
"""The designs of the calibration, from the usual to the rich."""


@cache
def _case(design: Design, kind: str) -> Case:
    return case_of(read_model(), design.person(kind))
