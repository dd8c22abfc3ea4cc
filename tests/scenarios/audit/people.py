"""Invented persons, built from a well one by naming only what differs."""

from __future__ import annotations

import copy
from typing import Any

TODAY = "2026-11-22"
FRESH = "2026-11-10"

_UNITS = {
    "serum-magnesium": "mmol/L",
    "rbc-magnesium": "mmol/L",
    "ionised-magnesium": "mmol/L",
    "urine-magnesium-24h": "mmol/24h",
    "urine-magnesium-spot": "mmol/L",
    "urine-creatinine-spot": "mmol/L",
    "egfr": "mL/min/1.73m2",
    "creatinine": "umol/L",
    "cystatin-c": "mg/L",
    "albumin": "g/L",
    "potassium": "mmol/L",
    "calcium": "mmol/L",
    "phosphate": "mmol/L",
    "uacr": "mg/g",
    "b12": "pmol/L",
    "hba1c": "%",
}
_SHORT = {
    "egfr": "egfr",
    "serum": "serum-magnesium",
    "potassium": "potassium",
    "calcium": "calcium",
    "albumin": "albumin",
}
_USUAL: dict[str, Any] = {"egfr": 95, "serum": 0.82, "potassium": 4.3, "calcium": 2.40, "albumin": 42}


def lab(test: str, value: float, date: str = FRESH, **more: Any) -> dict[str, Any]:
    """One lab entry, in the test's usual unit unless `unit` says otherwise."""
    return {"date": date, "test": test, "value": value, "unit": more.pop("unit", _UNITS.get(test, "mmol/L")), **more}


def adult(labs: dict[str, Any] | None = None, extra: tuple[dict[str, Any], ...] = (), **fields: Any) -> dict[str, Any]:
    """Return a well man of 45 who wants fewer migraines, with the fields and labs named here changed.

    `labs` maps egfr, serum, potassium, calcium, albumin to a value, to (value, date), or to None for "never measured";
    `extra` are further lab entries. A field set to None is left out of the file: unknown.
    """
    person: dict[str, Any] = {
        "davy": 1,
        "id": "potter",
        "age_y": 45,
        "sex": "male",
        "weight_kg": 80,
        "height_cm": 178,
        "profile": "personal",
        "jurisdiction": "EU",
        "goals": ["migraine-prevention"],
        "diet": {"magnesium_mg_per_day": 300, "method": "food-frequency"},
        "baseline": {"headache_days_per_28": 8, "acute_medicine_days_per_28": 4},
    }
    person.update(copy.deepcopy(fields))
    entries = []
    for key, value in {**_USUAL, **(labs or {})}.items():
        if value is None:
            continue
        number, date = value if isinstance(value, tuple) else (value, FRESH)
        entries.append(lab(_SHORT[key], number, date))
    person["labs"] = [*entries, *copy.deepcopy(list(extra))]
    return {key: value for key, value in person.items() if value is not None}


def without_labs(**fields: Any) -> dict[str, Any]:
    """Return the same man before any blood test."""
    return adult({key: None for key in _USUAL}, **fields)


def woman(**fields: Any) -> dict[str, Any]:
    """Return a woman of 45, not pregnant, otherwise the same."""
    more = {"sex": "female", "pregnant": False, "weight_kg": 72, "height_cm": 172, "id": "printer", **fields}
    return adult(**more)


def low(serum: float = 0.72, labs: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return a man who eats little magnesium, with a low serum and the goal to restore it."""
    more = {"goals": ["repletion"], "diet": {"magnesium_mg_per_day": 180, "method": "food-frequency"}, **fields}
    return adult({"serum": serum, **(labs or {})}, **{"baseline": None, "id": "roofer", **more})


SIGNED = {"role": "nephrologist", "date": "2026-11-01", "indication": "hypomagnesaemia"}


def signed(serum: float = 0.62, labs: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return a low serum in the clinician profile, with all that is needed to go above the upper level."""
    return low(serum, labs, **{"profile": "clinician", "clinician": SIGNED, "id": "lodger", **fields})


def drug(name: str, atc: str | None = None, **more: Any) -> dict[str, Any]:
    """One medicine line."""
    return {"name": name, **({"atc": atc} if atc else {}), **more}
