"""Pairs of persons that differ in one thing, and how their plans must compare (CLINICAL.md section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.scenarios.audit.people import adult, drug, lab, low, signed, without_labs, woman


@dataclass(frozen=True)
class Pair:
    """`worse` may never be permitted more, judged better or given more than `base`."""

    name: str
    base: dict[str, Any]
    worse: dict[str, Any]
    night: bool = False


US = {"jurisdiction": "US"}
CONDITIONS = (
    "type-2-diabetes",
    "hypertension",
    "heart-failure",
    "vascular-disease",
    "chronic-kidney-disease",
    "dialysis",
    "one-kidney",
    "nephrotic",
    "kidney-stones",
    "struvite-stones",
    "heart-block",
    "first-degree-block",
    "sick-sinus",
    "bradycardia",
    "pacemaker",
    "myasthenia-gravis",
    "bowel-obstruction",
    "inflammatory-bowel-disease",
    "short-bowel",
    "stoma",
    "chronic-diarrhoea",
    "gastroparesis",
    "bariatric-surgery",
    "coeliac",
    "cirrhosis",
    "alcohol-use-disorder",
    "eating-disorder",
    "frailty",
    "dementia",
    "parenteral-nutrition",
    "planned-anaesthesia",
    "cancer",
    "constipation",
    "grumbling-spleen",
    "osteoporosis",
)
REFUSING = {
    "dialysis", "struvite-stones", "heart-block", "sick-sinus", "pacemaker", "myasthenia-gravis", "bowel-obstruction",
    "short-bowel", "chronic-diarrhoea", "alcohol-use-disorder", "frailty", "dementia", "parenteral-nutrition",
}  # fmt: skip
SYMPTOMS = (
    "thunderclap-headache",
    "tetany",
    "seizure",
    "fainting",
    "slow-pulse",
    "drowsiness",
    "loose-stools",
    "vomiting",
    "dehydration",
    "itchy-antlers",
)
MEDICINES = (
    drug("furosemide", "C03CA01"),
    drug("hydrochlorothiazide", "C03AA03"),
    drug("omeprazole", "A02BC01"),
    drug("lithium", "N05AN01"),
    drug("digoxin", "C01AA05"),
    drug("amiloride", "C03DB01"),
    drug("spironolactone", "C03DA01"),
    drug("raltegravir", "J05AJ01"),
    drug("cisplatin", "L01XA01"),
    drug("zorblaxin"),
    drug("magnesium hydroxide", "A02AA04", dose="400 mg"),
    drug("levothyroxine", "H03AA01"),
)

ADDED: tuple[Pair, ...] = (
    Pair("add-lactation", woman(age_y=30, **US), woman(age_y=30, conditions=["lactation"], **US), True),
    *(Pair(f"add-{c}", adult(**US), adult(conditions=[c], **US), c not in REFUSING) for c in CONDITIONS),
    *(
        Pair(
            f"add-symptom-{s}",
            adult(**US),
            adult(symptoms=[s], **US),
            s in {"loose-stools", "itchy-antlers", "slow-pulse", "drowsiness"},
        )
        for s in SYMPTOMS
    ),
    *(
        Pair(
            f"add-medicine-{m['name']}",
            adult(**US),
            adult(medicines=[m], **US),
            m["name"] not in {"lithium", "digoxin", "raltegravir"},
        )
        for m in MEDICINES
    ),
    *(
        Pair(f"restore-add-medicine-{m['name']}", low(0.66, **US), low(0.66, medicines=[m], **US), True)
        for m in MEDICINES
    ),
    *(Pair(f"restore-add-{c}", low(0.66, **US), low(0.66, conditions=[c], **US), True) for c in CONDITIONS[:8]),
    *(
        Pair(f"signed-add-{c}", signed(), signed(conditions=[c]), True)
        for c in ("frailty", "heart-failure", "cirrhosis", "pacemaker", "dementia")
    ),
)

LADDERS: tuple[Pair, ...] = (
    *(
        Pair(f"egfr-{a}-{b}", adult({"egfr": a}, **US), adult({"egfr": b}, **US), b >= 45)
        for a, b in ((95, 60), (60, 59), (59, 45), (45, 44), (44, 30), (30, 29))
    ),
    *(
        Pair(f"clinician-egfr-{a}-{b}", signed(0.66, {"egfr": a}), signed(0.66, {"egfr": b}), True)
        for a, b in ((95, 60), (60, 59), (45, 44), (44, 30), (30, 29))
    ),
    *(
        Pair(f"age-{a}-{b}", adult(age_y=a, **US), adult(age_y=b, **US), True)
        for a, b in ((45, 64), (64, 65), (65, 74), (74, 75), (75, 90))
    ),
    *(
        Pair(f"serum-{a}-{b}", adult({"serum": a}, **US), adult({"serum": b}, **US), a < 1.05)
        for a, b in ((0.82, 0.94), (0.94, 0.95), (1.05, 1.06))
    ),
    Pair("potassium-dangerous", low(0.66), low(0.66, {"potassium": 2.8})),
    Pair("us-eu", adult(**US), adult(), True),
    Pair("clinician-personal", signed(), low(0.62), True),
    Pair("worse-second-lab", adult(), adult(extra=(lab("egfr", 50, "2026-10-10"),)), True),
)

UNKNOWN: tuple[Pair, ...] = (
    Pair("unknown-egfr", adult(**US), adult({"egfr": None}, **US), True),
    Pair("unknown-serum", adult(**US), adult({"serum": None}, **US), True),
    Pair("unknown-serum-restore", low(0.82, **US), low(labs={"serum": None}, **US), True),
    Pair("unknown-age", adult(**US), adult(age_y=None, **US), True),
    Pair("unknown-sex", adult(**US), adult(sex=None, **US), True),
    Pair("unknown-weight", adult(**US), adult(weight_kg=None, **US), True),
    Pair("unknown-height", adult(**US), adult(height_cm=None, **US), True),
    Pair("unknown-pregnancy", woman(age_y=30, **US), woman(age_y=30, pregnant=None, **US), True),
    Pair("unknown-jurisdiction", adult(**US), adult(jurisdiction=None), True),
    Pair("unknown-potassium", adult(**US), adult({"potassium": None}, **US), True),
    Pair("unknown-calcium", low(0.66, **US), low(0.66, {"calcium": None}, **US), True),
    Pair("unknown-albumin", low(0.66, **US), low(0.66, {"albumin": None}, **US), True),
    Pair("unknown-diet-migraine", adult(**US), adult(diet=None, **US), True),
    Pair(
        "unknown-everything",
        adult(**US),
        without_labs(age_y=None, sex=None, weight_kg=None, height_cm=None, diet=None, **US),
        True,
    ),
    Pair(
        "unknown-creatinine-diabetes",
        adult(conditions=["type-2-diabetes"]),
        adult({"egfr": None}, conditions=["type-2-diabetes"]),
        True,
    ),
    Pair("unknown-serum-75", adult(age_y=76), adult({"serum": None}, age_y=76), True),
    Pair(
        "unknown-label",
        adult(supplements=[{"form": "oxide", "label_mg": 200, "label_means": "salt", "per_day": 1}]),
        adult(supplements=[{"form": "oxide", "label_mg": 200, "per_day": 1}]),
        True,
    ),
    Pair(
        "unknown-clock",
        adult(medicines=[drug("levothyroxine", "H03AA01", at=["07:00"])]),
        adult(medicines=[drug("levothyroxine", "H03AA01")]),
        True,
    ),
)

METHODS = ("weighed-record", "food-frequency", "screener", "guess")
WIDER: tuple[Pair, ...] = tuple(
    Pair(
        f"wider-{goal}-{serum}-{a}-{b}",
        low(serum, goals=[goal], diet={"magnesium_mg_per_day": mg, "method": a}),
        low(serum, goals=[goal], diet={"magnesium_mg_per_day": mg, "method": b}),
        True,
    )
    for goal, serum, mg in (
        ("repletion", 0.72, 180),
        ("repletion", 0.66, 180),
        ("repletion", 0.74, 180),
        ("general", 0.82, 220),
    )
    for a, b in pairwise(METHODS)
)

PAIRS = (*ADDED, *LADDERS, *UNKNOWN, *WIDER)
