"""CLINICAL.md section 1: the kidney, known, low, stale and unknown."""

from __future__ import annotations

from tests.scenarios.audit.checks import (
    Case,
    bad_input,
    bad_or_refused,
    cap_at_most,
    cap_is,
    case,
    monitors,
    no_potassium_rich,
    no_regimen,
    not_allowed,
    not_refused,
    refers,
    refused,
    regimen,
    says,
    says_not,
    some_cap_is,
    with_care,
)
from tests.scenarios.audit.people import adult, drug, lab, low, signed, without_labs, woman

GATE = "1: gate on the lowest of indexed, de-indexed eGFR and Cockcroft-Gault"
BELOW_30 = "1: < 30 refused in every profile"
BAND_30 = "1: 30-44 refused; clinician profile cap 100 (200 if serum < 0.70 within 1 month)"
BAND_45 = "1: 45-59 with care, cap 200, only with serum < 0.95 within 3 months, serum again by day 35"
ONE_LOWER = "1: frailty, neuromuscular disease, BMI < 18.5, limb loss, cirrhosis: one band lower unless cystatin C"
UNKNOWN = "1: unknown eGFR refused with a risk fact"
FRESH = "1: freshness"

BANDS: tuple[Case, ...] = (
    *(
        case(
            f"egfr-{e}-{p}",
            BELOW_30,
            adult({"egfr": e}, profile=p),
            refused,
            refers(),
            says_not("eat more"),
            no_potassium_rich,
        )
        for e in (8, 29, 29.9)
        for p in ("personal", "clinician", "research")
    ),
    case("egfr-29-signed", BELOW_30, signed(0.62, {"egfr": 29}), refused),
    *(
        case(f"{what}-{p}", "1: refused in every profile", adult(profile=p, conditions=[what]), refused)
        for what in ("dialysis", "acute-kidney-injury", "kidney-transplant")
        for p in ("personal", "clinician")
    ),
    *(
        case(f"egfr-{e}-{p}", BAND_30, adult({"egfr": e}, profile=p), refused, no_potassium_rich, says_not("eat more"))
        for e in (30, 37, 44, 44.9)
        for p in ("personal", "research")
    ),
    case("egfr-30-clinician", BAND_30, signed(0.80, {"egfr": 30}), not_refused, cap_at_most(100), no_potassium_rich),
    case("egfr-44-clinician", BAND_30, signed(0.72, {"egfr": 44}), with_care, some_cap_is(100), cap_at_most(100)),
    case("egfr-44.9-clinician", BAND_30, signed(0.72, {"egfr": 44.9}), with_care, cap_at_most(100)),
    case(
        "egfr-40-clinician-low",
        BAND_30,
        signed(0.69, {"egfr": 40}),
        with_care,
        some_cap_is(200),
        cap_at_most(200),
    ),
    case("egfr-40-clinician-0.70", BAND_30, signed(0.70, {"egfr": 40}), some_cap_is(100), cap_at_most(100)),
    case(
        "egfr-40-clinician-low-old",
        BAND_30,
        signed(0.69, {"egfr": 40, "serum": (0.69, "2026-10-15")}),
        cap_at_most(100),
    ),
    case("egfr-45", BAND_45, adult({"egfr": 45}), with_care, cap_is(200), monitors("serum", 35), day=True),
    case("egfr-59", BAND_45, adult({"egfr": 59}), with_care, cap_is(200), monitors("serum", 35)),
    case("egfr-59.9", BAND_45, adult({"egfr": 59.9}), with_care, cap_is(200)),
    case("egfr-60", BAND_45, adult({"egfr": 60}), not_refused, cap_is(250)),
    case("egfr-59-us", BAND_45, adult({"egfr": 59}, jurisdiction="US"), with_care, cap_is(200)),
    case("egfr-60-us", BAND_45, adult({"egfr": 60}, jurisdiction="US"), not_refused, cap_is(350)),
    case("egfr-50-no-serum", BAND_45, adult({"egfr": 50, "serum": None}), refused),
    case("egfr-50-serum-old", BAND_45, adult({"egfr": 50, "serum": (0.82, "2026-08-20")}), refused),
    case("egfr-50-serum-fresh", BAND_45, adult({"egfr": 50, "serum": (0.82, "2026-08-25")}), with_care, cap_is(200)),
    case("egfr-50-serum-0.94", BAND_45, adult({"egfr": 50, "serum": 0.94}), not_allowed, cap_at_most(200)),
    case("egfr-50-serum-0.95", BAND_45, adult({"egfr": 50, "serum": 0.95}), no_regimen, not_allowed, day=True),
    case("egfr-50-clinician-signed", "4: 350-600 only with eGFR >= 60", signed(0.62, {"egfr": 50}), cap_at_most(200)),
)

LOWEST: tuple[Case, ...] = (
    case(
        "cockcroft-gault-lowest",
        GATE,
        woman(age_y=70, weight_kg=45, height_cm=155, labs={"egfr": None}, extra=(lab("creatinine", 80),)),
        refused,
    ),
    case(
        "de-indexed-lowest",
        GATE,
        woman(weight_kg=46, height_cm=150, age_y=35, labs={"egfr": 62, "serum": None}),
        refused,
    ),
    case(
        "de-indexed-lowest-with-serum",
        GATE,
        woman(weight_kg=46, height_cm=150, age_y=35, labs={"egfr": 62}),
        with_care,
        cap_at_most(200),
    ),
    case("creatinine-300", GATE, adult({"egfr": None}, (lab("creatinine", 300),)), refused),
    case("creatinine-3.4-mg/dL", GATE, adult({"egfr": None}, (lab("creatinine", 3.4, unit="mg/dL"),)), refused),
    case("creatinine-80", GATE, adult({"egfr": None}, (lab("creatinine", 80),)), not_refused, cap_is(250)),
    case(
        "egfr-95-creatinine-400",
        "1: self-contradicting labs: bad input or refused",
        adult({}, (lab("creatinine", 400),)),
        bad_or_refused,
    ),
    case(
        "creatinine-x1.5-in-7-days",
        "1: acute injury, creatinine x 1.5 in 7 days",
        adult({"egfr": None}, (lab("creatinine", 62, "2026-11-13"), lab("creatinine", 94, "2026-11-20"))),
        refused,
    ),
    case(
        "creatinine-26.5-in-48-h",
        "1: acute injury, +26.5 umol/L in 48 h",
        adult(
            {"egfr": None},
            (lab("creatinine", 80, "2026-11-18"), lab("creatinine", 106.6, "2026-11-20")),
            profile="clinician",
        ),
        refused,
    ),
    case(
        "creatinine-26-in-48-h",
        "1: acute injury, +26.5 umol/L in 48 h",
        adult({"egfr": None}, (lab("creatinine", 80, "2026-11-18"), lab("creatinine", 105.9, "2026-11-20"))),
        not_refused,
    ),
    case(
        "creatinine-26.5-in-a-week",
        "1: acute injury, +26.5 umol/L in 48 h",
        adult({"egfr": None}, (lab("creatinine", 80, "2026-11-13"), lab("creatinine", 107, "2026-11-20"))),
        not_refused,
    ),
    case(
        "worse-of-two",
        "1: two labs within 3 months: the worse one counts",
        adult({"egfr": 85, "serum": None}, (lab("egfr", 50, "2026-10-01"),)),
        refused,
    ),
    case(
        "newer-of-two",
        "1: two labs within 3 months: the worse one counts",
        adult({"egfr": 85}, (lab("egfr", 50, "2026-02-01"),)),
        not_refused,
        cap_is(250),
    ),
)

LOWER_BAND: tuple[Case, ...] = (
    # Doubtful reading: the declared stage contradicts the laboratory; the worse of the two is meant to hold.
    *(
        case(f"declared-{c.replace(' ', '-')}", "1: < 30 refused; 11 (i)", adult(conditions=[c]), refused)
        for c in ("CKD stage 5", "CKD stage 4", "end-stage kidney disease")
    ),
    *(
        case(f"{what}-egfr-50", ONE_LOWER, adult({"egfr": 50}, conditions=[what]), refused)
        for what in ("frailty", "neuromuscular-disease", "limb-loss", "cirrhosis")
    ),
    *(
        case(f"{what}-egfr-75", ONE_LOWER, adult({"egfr": 75}, conditions=[what]), with_care, cap_at_most(200))
        for what in ("neuromuscular-disease", "limb-loss", "cirrhosis")
    ),
    case("thin-egfr-50", ONE_LOWER, adult({"egfr": 50}, weight_kg=56), refused),
    case("thin-egfr-75", ONE_LOWER, adult({"egfr": 75}, weight_kg=58), with_care, cap_at_most(200)),
    case("not-thin-egfr-75", ONE_LOWER, adult({"egfr": 75}, weight_kg=59), not_refused, cap_is(250)),
    case("limb-loss-clinician-egfr-40", ONE_LOWER, signed(0.62, {"egfr": 40}, conditions=["limb-loss"]), refused),
    case(
        "limb-loss-cystatin",
        ONE_LOWER,
        adult({"egfr": 75}, (lab("cystatin-c", 0.85),), conditions=["limb-loss"]),
        cap_is(250),
    ),
)

RISK_CONDITIONS = (
    "type-1-diabetes",
    "type-2-diabetes",
    "hypertension",
    "heart-failure",
    "vascular-disease",
    "chronic-kidney-disease",
    "nephrotic",
    "one-kidney",
    "proteinuria",
    "cirrhosis",
    "myeloma",
    "alcohol-use-disorder",
    "eating-disorder",
)
RISK_MEDICINES = (
    drug("hydrochlorothiazide", "C03AA03"),
    drug("furosemide", "C03CA01"),
    drug("ramipril", "C09AA05"),
    drug("losartan", "C09CA01"),
    drug("spironolactone", "C03DA01"),
    drug("lithium", "N05AN01"),
    drug("ibuprofen", "M01AE01", days_per_month=20),
    drug("ibuprofen", "M01AE01"),
    drug("tacrolimus", "L04AD02"),
    drug("ciclosporin", "L04AD01"),
    drug("cisplatin", "L01XA01"),
    drug("magnesium hydroxide", "A06AD04"),
    drug("magaldrate", "A02AD02"),
    drug("furosemide"),
    drug("lisinopril"),
)

UNKNOWN_KIDNEY: tuple[Case, ...] = (
    *(
        case(f"no-egfr-{what}", UNKNOWN, adult({"egfr": None}, conditions=[what]), refused, says("creatinine", "egfr"))
        for what in RISK_CONDITIONS
    ),
    *(
        case(f"no-egfr-symptom-{what}", UNKNOWN, adult({"egfr": None}, symptoms=[what]), refused)
        for what in ("vomiting", "diarrhoea", "dehydration")
    ),
    *(
        case(f"no-egfr-medicine-{i}-{m['name']}", UNKNOWN, adult({"egfr": None}, medicines=[m]), refused)
        for i, m in enumerate(RISK_MEDICINES)
    ),
    case("no-egfr-uacr", UNKNOWN, adult({"egfr": None}, (lab("uacr", 400),)), refused),
    case("no-egfr-65", UNKNOWN, adult({"egfr": None}, age_y=65), refused),
    case("no-egfr-64", UNKNOWN, adult({"egfr": None}, age_y=64), with_care, cap_is(250), says("creatinine")),
    case(
        "no-egfr-64-us",
        "1: otherwise with care at the lower upper level",
        adult({"egfr": None}, age_y=64, jurisdiction="US"),
        with_care,
        cap_is(250),
    ),
    case(
        "no-egfr-us-clinician",
        "1: otherwise with care at the lower upper level",
        signed(labs={"egfr": None}, jurisdiction="US"),
        cap_at_most(250),
    ),
    case(
        "no-egfr-nsaid-2-days",
        "1: regular NSAID",
        adult({"egfr": None}, medicines=[drug("ibuprofen", "M01AE01", days_per_month=2)]),
        not_refused,
    ),
    case(
        "no-egfr-past-lithium",
        UNKNOWN,
        adult({"egfr": None}, medicines=[drug("lithium", "N05AN01", until="2025-01-31")]),
        not_refused,
    ),
    case(
        "no-labs-at-all",
        "1: otherwise with care; issue 2: useful without labs",
        without_labs(),
        with_care,
        regimen,
        cap_at_most(250),
        says("creatinine"),
        day=True,
    ),
)

FRESHNESS: tuple[Case, ...] = (
    case("egfr-364-days-us", FRESH, adult({"egfr": (95, "2025-11-24")}, jurisdiction="US"), cap_is(350)),
    case("egfr-367-days-us", FRESH, adult({"egfr": (95, "2025-11-20")}, jurisdiction="US"), with_care, cap_is(250)),
    case("egfr-old-hypertension", FRESH, adult({"egfr": (95, "2026-05-19")}, conditions=["hypertension"]), refused),
    case(
        "egfr-fresh-hypertension", FRESH, adult({"egfr": (95, "2026-05-26")}, conditions=["hypertension"]), not_refused
    ),
    case("egfr-old-diabetes", FRESH, adult({"egfr": (95, "2026-05-19")}, conditions=["type-2-diabetes"]), refused),
    case("egfr-old-66", FRESH, adult({"egfr": (95, "2026-05-19")}, age_y=66), refused),
    case("egfr-fresh-66", FRESH, adult({"egfr": (95, "2026-05-26")}, age_y=66), not_refused),
    case("egfr-50-stale", FRESH, adult({"egfr": (50, "2026-08-19")}), not_allowed, cap_at_most(200)),
    case("egfr-50-fresh", FRESH, adult({"egfr": (50, "2026-08-26")}), with_care, cap_is(200)),
    case(
        "egfr-40-two-years-old",
        "11 (ii): unknown counts as bad where another fact makes it likely",
        adult({"egfr": (40, "2024-11-01")}),
        refused,
    ),
    case(
        "egfr-before-diuretic",
        "1: a lab older than the start of an interacting drug is stale",
        adult({"egfr": (95, "2026-10-01")}, medicines=[drug("furosemide", "C03CA01", since="2026-11-01")]),
        refused,
    ),
    case(
        "egfr-after-diuretic",
        "1: a lab older than the start of an interacting drug is stale",
        adult({"egfr": (95, "2026-11-10")}, medicines=[drug("furosemide", "C03CA01", since="2026-11-01")]),
        not_refused,
    ),
    case(
        "serum-before-lithium",
        "1: a lab older than the start of an interacting drug is stale",
        signed(0.72, {"serum": (0.72, "2026-10-01")}, medicines=[drug("lithium", "N05AN01", since="2026-11-01")]),
        refused,
    ),
    case("future-egfr", "1: future-dated labs: bad input", adult({"egfr": (95, "2026-11-23")}), bad_input),
    case("today-egfr", "1: future-dated labs: bad input", adult({"egfr": (95, "2026-11-22")}), not_refused),
    case(
        "serum-7-months-no-trust",
        "1: serum 6 months; 7: without any lab at most 200",
        low(0.72, {"serum": (0.72, "2026-04-01")}),
        cap_at_most(200),
    ),
)

CASES = (*BANDS, *LOWEST, *LOWER_BAND, *UNKNOWN_KIDNEY, *FRESHNESS)
