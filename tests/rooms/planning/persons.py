"""Random persons, written as person files: anyone from an athlete without a lab to someone with a failing kidney."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Any

from davy.people.person import Person
from davy.people.read import person_from_text

TODAY = date(2026, 11, 22)
GOALS = (
    "repletion", "migraine-prevention", "tension-type-headache", "neuropathy", "muscle-cramps",
    "muscle-recovery", "sleep", "fatigue", "general", "longevity", "blood-pressure", "glycaemia",
)  # fmt: skip
CONDITIONS = (
    "type-2-diabetes", "peripheral-neuropathy", "migraine", "hypertension", "chronic-kidney-disease",
    "heart-failure", "insomnia", "inflammatory-bowel-disease", "constipation", "coeliac", "osteoporosis",
    "nut-allergy", "something nobody knows",
)  # fmt: skip
MEDICINES = (
    "omeprazole", "metformin", "indapamide", "furosemide", "levothyroxine", "sumatriptan", "spironolactone",
    "ramipril", "doxycycline", "lithium", "warfarin", "milk of magnesia", "unheard-of-mab",
)  # fmt: skip
FORMS = ("oxide", "citrate", "glycinate", "sulfate")


def person(number: int) -> Person:
    """The person of that number; the same on every machine."""
    draw = random.Random(number)  # noqa: S311 - not for secrets
    return person_from_text(json.dumps(_file(draw, number)), name=f"random-{number}", today=TODAY)


def _file(draw: random.Random, number: int) -> dict[str, Any]:
    file: dict[str, Any] = {
        "davy": 1,
        "id": f"random-{number}",
        "age_y": draw.choice([16, 24, 29, 33, 41, 45, 52, 58, 62, 67, 79]),
        "sex": draw.choice(["female", "male"]),
        "goals": [draw.choice(GOALS)],
        "conditions": draw.sample(CONDITIONS, draw.choice([0, 0, 0, 1, 1, 2])),
        "medicines": [_medicine(draw, name) for name in draw.sample(MEDICINES, draw.choice([0, 0, 1, 2]))],
        "supplements": [_supplement(draw) for _ in range(draw.choice([0, 0, 1]))],
        "labs": [*_labs(draw)],
    }
    for key, value in {
        "weight_kg": draw.uniform(50, 110),
        "height_cm": draw.uniform(155, 190),
        "pregnant": file["sex"] == "female" and draw.random() < 0.05,
        "jurisdiction": draw.choice(["US", "EU"]),
        "diet": {"magnesium_mg_per_day": draw.uniform(120, 500), "method": draw.choice(["weighed-record", "screener"])},
        "baseline": {"headache_days_per_28": 6, "sleep_onset_min": 40, "cramps_per_week": 3, "pain_0_10": 5},
    }.items():
        if draw.random() < 0.8:
            file[key] = value
    if draw.random() < 0.2:
        file["profile"] = "clinician"
        file["clinician"] = {"role": "nephrologist", "date": "2026-11-01", "indication": "hypomagnesaemia"}
    return file


def _medicine(draw: random.Random, name: str) -> dict[str, Any]:
    return {"name": name, **({"at": [draw.choice(["07:00", "08:00", "20:00"])]} if draw.random() < 0.7 else {})}


def _supplement(draw: random.Random) -> dict[str, Any]:
    means = draw.choice(["elemental", "salt", "unknown"])
    amount = draw.choice([50, 60, 100, 100, 200, 400])
    prescribed = draw.random() < 0.3
    form = draw.choice(FORMS)
    return {"form": form, "label_mg": amount, "label_means": means, "per_day": 1, "prescribed": prescribed}


def _labs(draw: random.Random) -> list[dict[str, Any]]:
    def lab(test: str, value: float, unit: str) -> dict[str, Any]:
        when = TODAY - timedelta(days=draw.choice([10, 25, 40, 60, 80, 300]))
        return {"date": when.isoformat(), "test": test, "value": round(value, 3), "unit": unit}

    labs: list[dict[str, Any]] = []
    if draw.random() < 0.9:
        labs.append(lab("egfr", draw.choice([25, 40, 52, 65, 75, 82, 90, 95, 105, 110]), "mL/min/1.73m2"))
    if draw.random() < 0.7:
        labs.append(lab("serum-magnesium", draw.uniform(0.55, 1.08), "mmol/L"))
    if draw.random() < 0.2:
        labs.append({**lab("urine-magnesium-24h", draw.uniform(0.8, 5), "mmol/24h"), "complete": True})
    if draw.random() < 0.3:
        labs.append(lab("potassium", draw.uniform(3.2, 5.4), "mmol/L"))
    return labs
