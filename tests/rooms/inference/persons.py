"""Persons with labs, written as their files would be."""

from __future__ import annotations

from datetime import date

from davy.people import person_from_text
from davy.people.person import Person

TODAY = date(2026, 11, 22)
DRAWN = "2026-11-10"


def lab(test: str, value: float | str, unit: str = "mmol/L", day: str = DRAWN, **more: object) -> str:
    """One lab entry."""
    extra = "".join(f", {key}: {str(what).lower()}" for key, what in more.items())
    return f"  - {{date: {day}, test: {test}, value: {value}, unit: {unit}{extra}}}"


def serum(value: float, **more: object) -> str:
    """A serum magnesium [mmol/L]."""
    return lab("serum-magnesium", value, **more)


def urine(value: float | str, **more: object) -> str:
    """A 24-h urine magnesium [mmol/d]."""
    return lab("urine-magnesium-24h", value, "mmol/24h", **more)


def rbc(value: float) -> str:
    """A red-cell magnesium [mmol/L]."""
    return lab("rbc-magnesium", value)


EGFR = lab("egfr", 92, "mL/min/1.73m2")
DIET = "diet: {magnesium_mg_per_day: 290, method: food-frequency}"


def person(*labs: str, lines: tuple[str, ...] = (DIET,), name: str = "ada", egfr: str = EGFR) -> Person:
    """A woman of 55 with a good kidney, and whatever is added."""
    entries = [entry for entry in (egfr, *labs) if entry]
    text = ["davy: 1", f"id: {name}", "age_y: 55", "sex: female", "weight_kg: 70", "height_cm: 168", *lines]
    text += ["labs:", *entries] if entries else []
    return person_from_text("\n".join(text), name="ada.yaml", today=TODAY)
