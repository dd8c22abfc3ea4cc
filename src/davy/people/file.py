"""The person file as it is written: every key of the contract, its type and its possible range.

These types read the file and give its JSON Schema; `normalise` turns them into a `Person`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from davy.people.person import DietMethod, Frozen, Goal, Jurisdiction, LabelMeans, Profile, Sex

MOST_ITEMS = 500


def _iso_date(value: object) -> object:
    if isinstance(value, str):
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
                raise ValueError
            return date.fromisoformat(value.strip())
        except ValueError:
            raise PydanticCustomError("date", "not a date") from None
    if isinstance(value, date):
        return value
    raise PydanticCustomError("date", "not a date")


def _clock(value: object) -> object:
    match = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*", value) if isinstance(value, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise PydanticCustomError("clock", "not a clock time")
    return f"{int(match[1]):02d}:{match[2]}"


def _listed(value: object) -> object:
    """One thing where a list may stand is a list of one; the word none is an empty list."""
    if isinstance(value, str) and value.strip().lower() in ("none", "no", "[]"):
        return []
    return [value] if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _formed(value: object) -> object:
    return {"form": value} if isinstance(value, str) else value


IsoDate = Annotated[date, BeforeValidator(_iso_date)]
Clock = Annotated[str, BeforeValidator(_clock)]
Clocks = Annotated[tuple[Clock, ...], BeforeValidator(_listed), Field(max_length=24)]
Word = Annotated[str, Field(min_length=1, max_length=300)]
Listed = Annotated[tuple[Word, ...], BeforeValidator(_listed), Field(max_length=MOST_ITEMS)]
ATC_PATTERN = re.compile(r"^[A-Z](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?$")
AtcCode = Annotated[str, BeforeValidator(_upper), Field(pattern=ATC_PATTERN.pattern)]
Goals = Annotated[tuple[Annotated[Goal, BeforeValidator(_lower)], ...], BeforeValidator(_listed), Field(max_length=12)]


def _within(low: float, high: float, description: str = "") -> Any:
    return Field(default=None, ge=low, le=high, description=description or None)


class ClinicianEntry(Frozen):
    """Who authorised a dose above the upper level, when, and what for."""

    role: Word
    date: IsoDate
    indication: Word


class DietEntry(Frozen):
    """Magnesium from food."""

    magnesium_mg_per_day: float = Field(ge=0, le=3000)
    method: Annotated[DietMethod, BeforeValidator(_lower)] = "guess"


class WaterEntry(Frozen):
    """Magnesium that is native to the drinking water."""

    magnesium_mg_per_L: float = Field(ge=0, le=1000)
    L_per_day: float = Field(ge=0, le=15)


class SupplementEntry(Frozen):
    """A magnesium product that is taken now."""

    form: Word | None = None
    label_mg: float | None = _within(0, 20000, "milligrams that the label states per unit")
    label_means: Annotated[LabelMeans, BeforeValidator(_lower)] = "unknown"
    per_day: float | None = _within(0, 60, "units a day")
    product: Word | None = None
    prescribed: bool = False
    since: IsoDate | None = None
    until: IsoDate | None = None
    at: Clocks = ()


class MedicineEntry(Frozen):
    """A medicine, by name, by ATC code, or both."""

    name: Word | None = None
    atc: AtcCode | None = None
    since: IsoDate | None = None
    until: IsoDate | None = None
    days_per_month: float | None = _within(0, 31)
    dose: Word | None = None
    at: Clocks = ()


class BaselineEntry(Frozen):
    """What a diary said before anything was changed."""

    headache_days_per_28: float | None = _within(0, 28)
    acute_medicine_days_per_28: float | None = _within(0, 28)
    pain_0_10: float | None = _within(0, 10)
    sleep_onset_min: float | None = _within(0, 600)
    cramps_per_week: float | None = _within(0, 500)


class LabEntry(Frozen):
    """One laboratory value as reported; a text like "<0.3" is a bound."""

    date: IsoDate
    test: Word
    value: Annotated[str, WithJsonSchema({"type": ["number", "string"]})]
    unit: Word | None = None
    reference_low: float | None = None
    reference_high: float | None = None
    complete: bool | None = None
    laboratory: Word | None = None


Supplements = Annotated[
    tuple[Annotated[SupplementEntry, BeforeValidator(_formed)], ...],
    BeforeValidator(_listed),
    Field(max_length=MOST_ITEMS),
]
Medicines = Annotated[
    tuple[Annotated[MedicineEntry, BeforeValidator(_named)], ...],
    BeforeValidator(_listed),
    Field(max_length=MOST_ITEMS),
]


class PersonFile(Frozen):
    """A person file, version 1."""

    davy: Annotated[Literal["1"], WithJsonSchema({"const": 1})] = "1"
    id: Annotated[str, Field(min_length=1, max_length=100)] = "unnamed"
    age_y: float | None = _within(0, 120)
    birth_date: IsoDate | None = None
    sex: Annotated[Sex, BeforeValidator(_lower)] | None = None
    weight_kg: float | None = _within(2, 650)
    weight: Word | None = None
    height_cm: float | None = _within(40, 275)
    height: Word | None = None
    pregnant: bool | None = None
    profile: Annotated[Profile, BeforeValidator(_lower)] = "personal"
    clinician: ClinicianEntry | None = None
    jurisdiction: Annotated[Jurisdiction, BeforeValidator(_upper)] | None = None
    goal: Goals | None = None
    goals: Goals | None = None
    diet: DietEntry | None = None
    water: WaterEntry | None = None
    supplements: Supplements = ()
    conditions: Listed = ()
    symptoms: Listed = ()
    medicines: Medicines = ()
    genotype: dict[str, Word] = Field(default_factory=dict)
    baseline: BaselineEntry | None = None
    alcohol_g_per_day: float | None = _within(0, 1000)
    smoker: bool | None = None
    sweat_L_per_day: float | None = _within(0, 20)
    training_h_per_week: float | None = _within(0, 100)
    headache_days_per_month: float | None = _within(0, 31)
    weight_change_6mo_pct: float | None = _within(-70, 200, "negative is a loss")
    labs: Annotated[tuple[LabEntry, ...], Field(max_length=5000)] = ()


def person_schema() -> dict[str, Any]:
    """The JSON Schema of a person file, ``davy.person/1``; where a list may stand, so may a single word."""
    schema = PersonFile.model_json_schema()
    properties = schema["properties"]
    for key in ("medicines", "supplements"):
        properties[key]["items"] = {"anyOf": [properties[key]["items"], {"type": "string"}]}
    for key in ("goal", "goals", "conditions", "symptoms", "medicines", "supplements"):
        properties[key] = {"anyOf": [properties[key], {"type": "string"}, {"type": "null"}]}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = "davy.person/1"
    schema["title"] = "A person file for Davy"
    return schema
