"""Who is asking: a person as Davy holds one, in one set of units, with unknown kept apart from no.

`None` is unknown and an empty tuple is "none reported". Concentrations are in the unit of `labs.csv`, doses in mg.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Sex = Literal["female", "male"]
Profile = Literal["personal", "clinician", "research"]
Jurisdiction = Literal["US", "EU"]
LabelMeans = Literal["elemental", "salt", "unknown"]
DietMethod = Literal["weighed-record", "food-frequency", "screener", "guess"]
Goal = Literal[
    "repletion",
    "migraine-prevention",
    "tension-type-headache",
    "neuropathy",
    "muscle-cramps",
    "muscle-recovery",
    "sleep",
    "fatigue",
    "general",
    "longevity",
    "blood-pressure",
    "glycaemia",
]


class Frozen(BaseModel):
    """A value that never changes and knows no keys but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Clinician(Frozen):
    """Who authorised a dose above the upper level, when, and what for."""

    role: str
    date: date
    indication: str


class Diet(Frozen):
    """Magnesium from food [mg/d], and how it was found out."""

    magnesium_mg_per_day: float
    method: DietMethod = "guess"


class Water(Frozen):
    """Magnesium that is native to the drinking water."""

    magnesium_mg_per_L: float
    L_per_day: float


class Supplement(Frozen):
    """A magnesium product that is taken now; an unknown amount is None, never zero.

    Attributes
    ----------
    form : canonical form id, or the reader's own word where Davy does not know it, or None.
    label_mg : what the label says per unit [mg]; `label_means` tells of what.
    per_day : units a day; fractions are days between.
    """

    form: str | None = None
    label_mg: float | None = None
    label_means: LabelMeans = "unknown"
    per_day: float | None = None
    product: str | None = None
    prescribed: bool = False
    since: date | None = None
    until: date | None = None
    at: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    def taken_on(self, day: date) -> bool:
        """Whether it is taken on that day; what is not said to have ended goes on."""
        return self.until is None or self.until >= day


class Medicine(Frozen):
    """A medicine as reported; `classes` are ids of medicines.csv, empty where it was not understood."""

    name: str | None = None
    atc: str | None = None
    since: date | None = None
    until: date | None = None
    days_per_month: float | None = None
    dose: str | None = None
    at: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What to call it in a sentence."""
        return self.name or self.atc or "a medicine"

    def taken_on(self, day: date) -> bool:
        """Whether it is taken on that day; one that is still to start counts already, since the plan runs into it."""
        return self.until is None or self.until >= day


class Baseline(Frozen):
    """What a diary said before anything was changed."""

    headache_days_per_28: float | None = None
    acute_medicine_days_per_28: float | None = None
    pain_0_10: float | None = None
    sleep_onset_min: float | None = None
    cramps_per_week: float | None = None


class Lab(Frozen):
    """One laboratory value in the canonical unit of its test, with the report's own value and range beside it.

    Attributes
    ----------
    value, reference_low, reference_high : in `unit`.
    comparator : "<" or ">" where the report gave a bound, not a number.
    complete : whether a 24-h collection was complete; None = not said.
    laboratory : who measured it; results of one test share their laboratory's offset unless said otherwise.
    """

    date: date
    test: str
    value: float
    unit: str
    reported_value: float | None = None
    reported_unit: str | None = None
    reference_low: float | None = None
    reference_high: float | None = None
    comparator: Literal["<", ">"] | None = None
    complete: bool | None = None
    laboratory: str | None = None

    @property
    def shown(self) -> tuple[float, str]:
        """The value and unit as the laboratory reported them."""
        if self.reported_value is None or self.reported_unit is None:
            return self.value, self.unit
        return self.reported_value, self.reported_unit


class Person(Frozen):
    """One person on one day. Everything that is None is unknown.

    Attributes
    ----------
    today : the day that ages and freshness are counted from; not a key of the file.
    not_understood : words kept as written, like "condition: xyz".
    doubts : things that read but look odd (a value that would be usual in another unit).
    """

    id: str
    today: date
    davy: Literal[1] = 1
    age_y: float | None = None
    sex: Sex | None = None
    weight_kg: float | None = None
    height_cm: float | None = None
    pregnant: bool | None = None
    profile: Profile = "personal"
    clinician: Clinician | None = None
    jurisdiction: Jurisdiction | None = None
    goals: tuple[Goal, ...] = ("general",)
    diet: Diet | None = None
    water: Water | None = None
    supplements: tuple[Supplement, ...] = ()
    conditions: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    not_understood: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    genotype: dict[str, str] = Field(default_factory=dict)
    baseline: Baseline | None = None
    alcohol_g_per_day: float | None = None
    smoker: bool | None = None
    sweat_L_per_day: float | None = None
    training_h_per_week: float | None = None
    headache_days_per_month: float | None = None
    weight_change_6mo_pct: float | None = None
    labs: tuple[Lab, ...] = ()

    @property
    def bmi(self) -> float | None:
        """Body mass index [kg/m2], or None where weight or height is unknown."""
        if self.weight_kg is None or self.height_cm is None:
            return None
        return self.weight_kg / (self.height_cm / 100) ** 2

    @property
    def goal(self) -> Goal:
        """The goal that decides: the first."""
        return self.goals[0]

    def medicines_now(self) -> tuple[Medicine, ...]:
        """The medicines that have not ended before today."""
        return tuple(medicine for medicine in self.medicines if medicine.taken_on(self.today))

    def takes(self, *classes: str) -> tuple[Medicine, ...]:
        """The present medicines that belong to any of these classes."""
        return tuple(medicine for medicine in self.medicines_now() if set(classes) & set(medicine.classes))
