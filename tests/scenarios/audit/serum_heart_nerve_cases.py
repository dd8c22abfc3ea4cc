"""CLINICAL.md section 2: serum magnesium, heart and nerve."""

from __future__ import annotations

from tests.scenarios.audit.checks import (
    Case,
    bad_or_refused,
    cap_at_most,
    cap_is,
    case,
    finds,
    no_regimen,
    not_allowed,
    not_refused,
    refers,
    refused,
    regimen,
    says,
    with_care,
)
from tests.scenarios.audit.people import adult, drug, lab, low, signed

HIGH = "2: > 1.05 or above the laboratory's own limit: refused, refer"
NO_MORE = "2: 0.95-1.05: no supplement"
VERY_LOW = "2: < 0.50: refused, same day"
LOW_WITH = "2: < 0.70 with a QT drug, digoxin, K < 3.0 or corrected Ca < 1.9: refused, same day"
LOW = "2: 0.50-0.69: never allowed; K and Ca now; refer for the cause"
STOP = "2: on any magnesium product with drowsiness, weakness ...: stop, serum the same day"
EMERGENCY = "2: tetany, seizure, arrhythmia, syncope: refused, emergency, whatever the serum"
HEART = "2: block, sick sinus ...: refused"
ON_CITRATE = [{"form": "citrate", "label_mg": 100, "label_means": "elemental", "per_day": 1}]
AMIODARONE = drug("amiodarone", "C01BD01")
SOTALOL = drug("sotalol", "C07AA07")

SERUM: tuple[Case, ...] = (
    case("serum-1.06", HIGH, adult({"serum": 1.06}), refused, refers()),
    case("serum-1.06-clinician", HIGH, signed(1.06), refused, refers()),
    case(
        "serum-1.20-hidden",
        "2: ... hidden magnesium",
        adult({"serum": 1.20}),
        refused,
        says("hidden", "laxative", "antacid"),
    ),
    case(
        "serum-1.20-thyroid",
        "2: refer (repeat, eGFR, Ca, K, TSH, lithium ...)",
        adult({"serum": 1.20}),
        refused,
        says("tsh", "thyroid"),
        says("lithium"),
    ),
    case("serum-1.05", NO_MORE, adult({"serum": 1.05}), no_regimen, not_allowed),
    case("serum-0.95", NO_MORE, adult({"serum": 0.95}), no_regimen, day=True),
    case("serum-0.94", NO_MORE, adult({"serum": 0.94}), not_refused, cap_is(250)),
    case("serum-0.95-clinician", NO_MORE, signed(0.95), no_regimen),
    case(
        "serum-above-lab-limit",
        HIGH,
        adult({"serum": None}, (lab("serum-magnesium", 0.99, reference_low=0.66, reference_high=0.98),)),
        refused,
    ),
    case(
        "serum-at-lab-limit",
        NO_MORE,
        adult({"serum": None}, (lab("serum-magnesium", 0.98, reference_low=0.66, reference_high=0.98),)),
        no_regimen,
    ),
    case(
        "serum-1.06-below-lab-limit",
        HIGH,
        adult({"serum": None}, (lab("serum-magnesium", 1.06, reference_low=0.7, reference_high=1.1),)),
        refused,
    ),
    case("serum-2.6-mg/dL", HIGH, adult({"serum": None}, (lab("serum-magnesium", 2.6, unit="mg/dL"),)), refused),
    case("serum-2.2-mEq/L", HIGH, adult({"serum": None}, (lab("serum-magnesium", 2.2, unit="mEq/L"),)), refused),
    case(
        "worse-serum-counts",
        "1: two labs within 3 months: the worse one counts",
        adult({}, (lab("serum-magnesium", 1.10, "2026-10-05"),)),
        refused,
    ),
    case("serum-0.49", VERY_LOW, low(0.49), refused, refers(least="same-day")),
    case("serum-0.49-signed", VERY_LOW, signed(0.49), refused, refers(least="same-day")),
    case("serum-0.50", LOW, low(0.50), with_care, refers(), says("potassium"), says("calcium")),
    case("serum-0.69", LOW, low(0.69), with_care, refers()),
    case("serum-0.69-migraine", LOW, adult({"serum": 0.69}), with_care, refers()),
    case(
        "serum-0.69-no-potassium",
        "2: K and Ca now",
        low(0.69, {"potassium": None, "calcium": None}),
        with_care,
        says("potassium"),
        says("calcium"),
    ),
    case("serum-0.70", LOW, low(0.70), not_refused, regimen),
    case("serum-0.69-amiodarone", LOW_WITH, low(0.69, medicines=[AMIODARONE]), refused, refers(least="same-day")),
    case("serum-0.69-sotalol", LOW_WITH, signed(0.69, medicines=[SOTALOL]), refused, refers(least="same-day")),
    case(
        "serum-0.69-citalopram",
        LOW_WITH,
        low(0.69, medicines=[drug("citalopram", "N06AB04")]),
        refused,
        refers(least="same-day"),
    ),
    case("serum-0.70-citalopram", LOW_WITH, low(0.70, medicines=[drug("citalopram", "N06AB04")]), not_refused),
    case(
        "serum-0.69-digoxin",
        LOW_WITH,
        signed(0.69, medicines=[drug("digoxin", "C01AA05")]),
        refused,
        refers(least="same-day"),
    ),
    case("serum-0.69-potassium-2.9", LOW_WITH, low(0.69, {"potassium": 2.9}), refused, refers(least="same-day")),
    case("serum-0.69-potassium-3.0", LOW_WITH, low(0.69, {"potassium": 3.0}), with_care),
    case(
        "serum-0.69-calcium-1.89",
        LOW_WITH,
        low(0.69, {"calcium": 1.89, "albumin": 40}),
        refused,
        refers(least="same-day"),
    ),
    case("serum-0.69-calcium-1.91", LOW_WITH, low(0.69, {"calcium": 1.91, "albumin": 40}), with_care),
    case("serum-0.69-calcium-corrected-up", "2: corrected Ca", low(0.69, {"calcium": 1.80, "albumin": 30}), with_care),
    case("serum-0.69-calcium-corrected-down", "2: corrected Ca", low(0.69, {"calcium": 1.95, "albumin": 46}), refused),
    case("serum-impossible", "CONTRACT: impossible values are bad input", adult({"serum": 18}), bad_or_refused),
)

SYMPTOMS: tuple[Case, ...] = (
    *(
        case(
            f"on-magnesium-{s}",
            STOP,
            adult(supplements=ON_CITRATE, symptoms=[s]),
            refused,
            refers(least="same-day"),
            finds("stop", "take no more", "same day"),
        )
        for s in ("drowsiness", "muscle-weakness", "flushing", "slow-pulse", "fainting", "slow-breathing")
    ),
    case(
        "on-antacid-drowsiness",
        STOP,
        adult(medicines=[drug("magnesium hydroxide", "A02AA04", dose="400 mg")], symptoms=["drowsiness"]),
        refused,
        refers(least="same-day"),
    ),
    case(
        "on-magnesium-slow-breathing-severe",
        "f-238: emergency if severe",
        adult(supplements=ON_CITRATE, symptoms=["slow-breathing", "drowsiness"]),
        refused,
        refers(least="emergency"),
    ),
    *(
        case(f"{s}", EMERGENCY, adult(symptoms=[s]), refused, refers(least="emergency"))
        for s in ("tetany", "seizure", "arrhythmia", "fainting")
    ),
    *(
        case(f"{s}-signed", EMERGENCY, signed(0.62, symptoms=[s]), refused, refers(least="emergency"))
        for s in ("tetany", "seizure")
    ),
)

NERVE: tuple[Case, ...] = (
    *(
        case(f"{c}-{p}", HEART, adult(profile=p, conditions=[c]), refused)
        for c in ("heart-block", "sick-sinus", "myasthenia-gravis", "lambert-eaton")
        for p in ("personal", "clinician")
    ),
    *(
        case(f"{c}", HEART, adult(conditions=[c]), refused)
        for c in ("second-degree-block", "third-degree-block", "botulism")
    ),
    case(
        "bradycardia-with-symptoms",
        "2: symptomatic bradycardia: refused",
        adult(conditions=["bradycardia"], symptoms=["fainting"]),
        refused,
    ),
    case(
        "bradycardia-slow-pulse",
        "2: symptomatic bradycardia: refused",
        adult(conditions=["bradycardia"], symptoms=["low-blood-pressure"]),
        not_allowed,
    ),
    case("bradycardia-unspecified", "2: with care at most", adult(conditions=["bradycardia"]), not_allowed),
    case(
        "athletic-bradycardia",
        "2: without symptoms: with care",
        adult(conditions=["athletic-bradycardia"]),
        with_care,
        regimen,
    ),
    case(
        "first-degree-block",
        "2: first-degree block: with care",
        adult(conditions=["first-degree-block"]),
        with_care,
        regimen,
    ),
    case("pacemaker", "2: pacemaker: clinician", adult(conditions=["pacemaker"]), refused),
    case(
        "pacemaker-clinician",
        "2: pacemaker: clinician",
        adult(profile="clinician", conditions=["pacemaker"]),
        with_care,
    ),
    case(
        "heart-failure",
        "2: heart failure: personal cap 200",
        adult(conditions=["heart-failure"]),
        with_care,
        cap_at_most(200),
    ),
    *(
        case(
            f"heart-failure-no-{k}",
            "2: heart failure: eGFR, K, Mg within 3 months",
            adult({k: None}, conditions=["heart-failure"]),
            refused,
        )
        for k in ("egfr", "potassium", "serum")
    ),
    *(
        case(
            f"heart-failure-old-{k}",
            "2: heart failure: eGFR, K, Mg within 3 months",
            adult({k: (v, "2026-08-19")}, conditions=["heart-failure"]),
            refused,
        )
        for k, v in (("egfr", 95), ("potassium", 4.3), ("serum", 0.82))
    ),
)

CASES = (*SERUM, *SYMPTOMS, *NERVE)
