"""CLINICAL.md section 6: overuse, red flags, what comes before magnesium."""

from __future__ import annotations

from tests.scenarios.audit.checks import Case, case, not_allowed, refers, refers_not, says
from tests.scenarios.audit.people import adult, drug, lab, low

OVERUSE = "6: triptan, ergot, opioid, combination >= 10 days a month; paracetamol, aspirin, NSAID >= 15; any mix >= 10"
NAME_IT = "6: call it medication-overuse headache only with >= 15 headache days for > 3 months"
RED = "6: red flags: all of SNNOOP10"
OVER = ("overuse", "days a month", "painkiller", "acute medicine")


def mix(*items: tuple[str, str, int]) -> list[dict[str, object]]:
    return [drug(name, atc, days_per_month=days) for name, atc, days in items]


SUMATRIPTAN, IBUPROFEN, PARACETAMOL, ASPIRIN, CODEINE, COMBINATION, ERGOT = (
    ("sumatriptan", "N02CC01"),
    ("ibuprofen", "M01AE01"),
    ("paracetamol", "N02BE01"),
    ("aspirin", "N02BA01"),
    ("codeine", "R05DA04"),
    ("paracetamol combinations", "N02BE51"),
    ("ergotamine", "N02CA02"),
)

OVERUSED: tuple[Case, ...] = (
    *(
        case(f"overuse-{m[0]}-10", OVERUSE, adult(medicines=mix((*m, 10))), refers(*OVER), day=m is SUMATRIPTAN)
        for m in (SUMATRIPTAN, CODEINE, COMBINATION, ERGOT)
    ),
    case("overuse-tramadol-10", OVERUSE, adult(medicines=mix(("tramadol", "N02AX02", 10))), refers(*OVER)),
    case("overuse-sumatriptan-9", OVERUSE, adult(medicines=mix((*SUMATRIPTAN, 9))), refers_not("overuse")),
    *(
        case(f"overuse-{m[0]}-15", OVERUSE, adult(medicines=mix((*m, 15))), refers(*OVER))
        for m in (PARACETAMOL, ASPIRIN, IBUPROFEN)
    ),
    case("overuse-mix-10", OVERUSE, adult(medicines=mix((*SUMATRIPTAN, 5), (*IBUPROFEN, 5))), refers(*OVER)),
    case("overuse-mix-9", OVERUSE, adult(medicines=mix((*SUMATRIPTAN, 5), (*IBUPROFEN, 4))), refers_not("overuse")),
    case(
        "overuse-not-a-swap",
        "6: refer, never a swap",
        adult(medicines=mix((*SUMATRIPTAN, 12))),
        refers_not("instead of", "replace your"),
    ),
    case(
        "overuse-14-headache-days",
        NAME_IT,
        adult(headache_days_per_month=14, medicines=mix((*SUMATRIPTAN, 12))),
        refers_not("medication-overuse headache"),
    ),
    case(
        "overuse-no-headache-days",
        NAME_IT,
        adult(baseline=None, medicines=mix((*SUMATRIPTAN, 12))),
        refers_not("medication-overuse headache"),
    ),
    case(
        "overuse-from-baseline",
        OVERUSE,
        adult(baseline={"headache_days_per_28": 14, "acute_medicine_days_per_28": 12}),
        refers(*OVER),
    ),
)

RED_FLAGS: tuple[Case, ...] = (
    *(
        case(f"red-{s}", RED, adult(symptoms=[s]), refers(least=urgency), not_allowed, day=s == "thunderclap-headache")
        for s, urgency in (
            ("thunderclap-headache", "emergency"),
            ("neurological-deficit", "same-day"),
            ("papilloedema", "same-day"),
            ("painful-eye", "same-day"),
            ("head-trauma", "soon"),
            ("positional-headache", "soon"),
            ("cough-headache", "soon"),
            ("progressive-headache", "soon"),
            ("fever", "soon"),
        )
    ),
    case(
        "red-new-after-50",
        "6: published age 65; Davy flags from 50",
        adult(age_y=52, symptoms=["new-headache-over-50"]),
        refers(least="soon"),
    ),
    case("red-cancer", RED, adult(conditions=["cancer"]), refers("headache", "cancer")),
    case("red-immunosuppression", RED, adult(conditions=["immunosuppression"]), refers("headache", "immun")),
    case(
        "red-thunderclap-no-migraine-goal",
        RED,
        adult(goals=["sleep"], symptoms=["thunderclap-headache"]),
        refers(least="emergency"),
    ),
    case("red-overuse-symptom", RED, adult(symptoms=["analgesic-overuse"]), refers(*OVER)),
)

NEUROPATHY = {"goals": ["neuropathy"], "conditions": ["peripheral-neuropathy"], "baseline": {"pain_0_10": 5}}
TALK = ("refer", "status", "monitoring", "findings")
FIRST: tuple[Case, ...] = (
    case(
        "neuropathy",
        "6: neuropathy: B12, HbA1c, TSH, alcohol, drug review, foot check before magnesium",
        adult(**NEUROPATHY),
        says("b12", where=TALK),
        says("hba1c", where=TALK),
        says("tsh", "thyroid", where=TALK),
        says("alcohol", where=TALK),
        says("foot", where=TALK),
        day=True,
    ),
    case(
        "neuropathy-metformin",
        "6: B12 (metformin, PPI)",
        adult(**{**NEUROPATHY, "medicines": [drug("metformin", "A10BA02")]}),
        says("b12", where=TALK),
        says("metformin", where=TALK),
    ),
    case(
        "neuropathy-low",
        "7: neuropathy with low serum is restore",
        low(0.66, **{**NEUROPATHY, "baseline": None}),
        says("b12", where=TALK),
        refers(),
    ),
    case("neuropathy-b12-known", "6: B12", adult({}, (lab("b12", 120),), **NEUROPATHY), says("b12", where=TALK)),
    case(
        "cramps",
        "6: cramps: K, Ca, TSH",
        adult(goals=["muscle-cramps"]),
        says("tsh", "thyroid", where=TALK),
        says("potassium", where=TALK),
        says("calcium", where=TALK),
    ),
    case(
        "cramps-statin",
        "6: CK on a statin",
        adult(goals=["muscle-cramps"], medicines=[drug("atorvastatin", "C10AA05")]),
        says("creatine kinase", "ck", where=TALK),
    ),
    case(
        "sleep",
        "6: sleep: apnoea, restless legs (ferritin)",
        adult(goals=["sleep"]),
        says("apnoea", "apnea", where=TALK),
        says("ferritin", where=TALK),
    ),
)

CASES = (*OVERUSED, *RED_FLAGS, *FIRST)
