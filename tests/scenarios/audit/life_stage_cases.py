"""CLINICAL.md section 3, first half: age, pregnancy, frailty, refeeding, sick days."""

from __future__ import annotations

from tests.scenarios.audit.checks import (
    Case,
    cap_at_most,
    cap_is,
    case,
    finds,
    monitors,
    no_regimen,
    not_allowed,
    not_refused,
    refers,
    refused,
    regimen,
    says,
    says_not,
    some_food,
    with_care,
)
from tests.scenarios.audit.people import adult, drug, lab, low, signed, woman

CHILD = "3: < 18 refused"
OLD = "3: >= 75 with care, cap 200, eGFR and serum within 3 months"
PREGNANT = "3: pregnant: personal refused with midwife referral and food advice; clinician with care"
MAYBE = "3: female 12-55 with `pregnant` absent: with care at most, lower upper level, ask"
REFEEDING = "3: refeeding risk: refused, urgent"
SICK = "3: sick day, surgery, bowel preparation: pause, and until well for 48 h; tell the anaesthetist"
AUD = "alcohol-use-disorder"

AGE: tuple[Case, ...] = (
    *(
        case(f"age-{a}-{p}", CHILD, adult(age_y=a, profile=p), refused)
        for a in (2, 17)
        for p in ("personal", "clinician", "research")
    ),
    case("age-17-signed", CHILD, signed(age_y=17), refused),
    case("born-17-years-ago", CHILD, adult(age_y=None, birth_date="2008-11-23"), refused),
    case("born-18-years-ago", CHILD, adult(age_y=None, birth_date="2008-11-22"), not_refused, regimen),
    case("age-18", CHILD, adult(age_y=18), not_refused, cap_is(250)),
    case("age-74", OLD, adult(age_y=74), not_refused, cap_is(250)),
    case("age-74-no-serum", OLD, adult({"serum": None}, age_y=74), not_refused),
    case("age-75", OLD, adult(age_y=75), with_care, cap_is(200)),
    case("age-75-clinician", OLD, adult(age_y=75, profile="clinician"), with_care, cap_at_most(200)),
    case("age-75-us", OLD, adult(age_y=75, jurisdiction="US"), with_care, cap_is(200)),
    case("age-75-no-serum", OLD, adult({"serum": None}, age_y=75), refused),
    case("age-75-old-serum", OLD, adult({"serum": (0.82, "2026-08-19")}, age_y=75), refused),
    case("age-75-old-egfr", OLD, adult({"egfr": (95, "2026-08-19")}, age_y=75), refused),
    case("age-75-fresh", OLD, adult({"egfr": (95, "2026-08-26"), "serum": (0.82, "2026-08-26")}, age_y=75), with_care),
    case(
        "age-65-monitoring",
        "9: serum and eGFR at 4 weeks if age >= 65",
        adult(age_y=66),
        monitors("serum", 35),
        monitors("egfr", 35),
    ),
    case("age-unknown", "11 (ii): unknown is never better", adult(age_y=None), not_allowed, cap_at_most(200)),
)

STATES: tuple[Case, ...] = (
    *(
        case(f"{c}-personal", "3: refused in the personal profile", adult(conditions=[c]), refused)
        for c in ("frailty", "dementia", "cognitive-impairment", AUD)
    ),
    *(
        case(
            f"{c}-clinician",
            "3: refused in the personal profile (only)",
            adult(profile="clinician", conditions=[c]),
            with_care,
        )
        for c in ("frailty", "dementia")
    ),
    case(
        "pregnant",
        PREGNANT,
        woman(age_y=30, pregnant=True),
        refused,
        refers("midwife"),
        some_food,
        says_not("stop your prenatal", "stop taking your prenatal"),
    ),
    case("pregnant-by-condition", PREGNANT, woman(age_y=30, pregnant=None, conditions=["pregnancy"]), refused),
    case("pregnant-by-word", PREGNANT, woman(age_y=30, pregnant=None, conditions=["pregnant"]), refused),
    case("pregnant-research", PREGNANT, woman(age_y=30, pregnant=True, profile="research"), not_allowed),
    case(
        "pregnant-prenatal",
        PREGNANT,
        woman(age_y=30, pregnant=True, medicines=[drug("prenatal vitamin")]),
        refused,
        says_not("stop your prenatal", "stop the prenatal", "stop taking"),
    ),
    case("pregnant-clinician", PREGNANT, woman(age_y=30, pregnant=True, profile="clinician"), with_care),
    case(
        "lactation-us",
        "3: lactation: with care at the lower upper level",
        woman(age_y=30, conditions=["lactation"], jurisdiction="US"),
        with_care,
        cap_is(250),
    ),
    case(
        "pregnancy-unknown-30",
        MAYBE,
        woman(age_y=30, pregnant=None, jurisdiction="US"),
        with_care,
        cap_is(250),
        finds("pregnan"),
    ),
    case("pregnancy-unknown-18", MAYBE, woman(age_y=18, pregnant=None, jurisdiction="US"), with_care, cap_is(250)),
    case("pregnancy-unknown-55", MAYBE, woman(age_y=55, pregnant=None, jurisdiction="US"), with_care, cap_is(250)),
    case("pregnancy-unknown-56", MAYBE, woman(age_y=56, pregnant=None, jurisdiction="US"), not_refused, cap_is(350)),
    case("not-pregnant-30", MAYBE, woman(age_y=30, jurisdiction="US"), not_refused, cap_is(350)),
    case("pregnancy-unknown-signed", MAYBE, signed(sex="female", age_y=30, jurisdiction="US"), cap_at_most(250)),
    case(
        "sex-unknown-30",
        "11 (ii): unknown is never better",
        adult(sex=None, age_y=30, jurisdiction="US"),
        with_care,
        cap_at_most(250),
    ),
)

THIN = {"weight_kg": 58}  # BMI 18.3
REFEED: tuple[Case, ...] = (
    case("bmi-15.9", REFEEDING, adult(weight_kg=50.3), refused, refers(least="soon")),
    case("bmi-15.9-signed", REFEEDING, signed(weight_kg=50.3), refused, refers(least="soon")),
    case("bmi-16.1", REFEEDING, adult(weight_kg=51.1), not_refused),
    case("lost-16", REFEEDING, adult(weight_change_6mo_pct=-16), refused, refers(least="soon")),
    case("lost-15", "3: > 15 % loss", adult(weight_change_6mo_pct=-15), not_refused),
    case("gained-16", "3: > 15 % loss", adult(weight_change_6mo_pct=16), not_refused),
    case("no-intake-10-days", REFEEDING, adult(symptoms=["poor-intake-10-days"]), refused, refers(least="soon")),
    case(
        "low-potassium-low-intake",
        "3: low K, PO4 or Mg with low intake",
        adult({"potassium": 3.1}, symptoms=["poor-intake-5-days"]),
        refused,
    ),
    case(
        "low-phosphate-low-intake",
        "3: low K, PO4 or Mg with low intake",
        adult({}, (lab("phosphate", 0.5),), symptoms=["poor-intake-5-days"]),
        refused,
    ),
    case(
        "low-magnesium-low-intake",
        "3: low K, PO4 or Mg with low intake",
        low(0.62, symptoms=["poor-intake-5-days"]),
        refused,
    ),
    case("thin-lost-11", "3: two of", adult(weight_change_6mo_pct=-11, **THIN), refused, refers(least="soon")),
    case("thin-lost-10", "3: two of (> 10 %)", adult(weight_change_6mo_pct=-10, **THIN), not_refused),
    case("thin-only", "3: two of: one is not enough", adult(**THIN), not_refused),
    case("lost-11-only", "3: two of: one is not enough", adult(weight_change_6mo_pct=-11), not_refused),
    case(
        "little-5-days-only", "3: two of: one is not enough", adult(symptoms=["poor-intake-5-days"]), cap_at_most(250)
    ),
    case("thin-alcohol", "3: two of", adult(profile="clinician", conditions=[AUD], **THIN), refused),
    case("thin-insulin", "3: two of", adult(medicines=[drug("insulin glargine", "A10AE04")], **THIN), refused),
    case("thin-diuretic", "3: two of", adult(medicines=[drug("furosemide", "C03CA01")], **THIN), refused),
    case("thin-antacid", "3: two of", adult(medicines=[drug("calcium carbonate", "A02AC01")], **THIN), refused),
    case(
        "little-5-days-chemotherapy",
        "3: two of",
        adult(symptoms=["poor-intake-5-days"], medicines=[drug("capecitabine", "L01BC06")]),
        refused,
    ),
    case(
        "lost-11-insulin",
        "3: two of",
        adult(weight_change_6mo_pct=-11, medicines=[drug("insulin glargine", "A10AE04")]),
        refused,
    ),
)

SICK_DAY: tuple[Case, ...] = (
    *(
        case(f"sick-{s}", SICK, adult(symptoms=[s]), not_allowed, no_regimen, says("48"), day=s == "vomiting")
        for s in ("vomiting", "diarrhoea", "fever")
    ),
    case("surgery", SICK, adult(conditions=["planned-anaesthesia"]), not_allowed, says("anaesthe")),
    case("bowel-preparation", SICK, adult(conditions=["bowel-preparation"]), not_allowed, no_regimen),
    case(
        "sick-day-rule-for-all",
        SICK,
        adult(),
        says("vomiting", where=("stop_rules",)),
        says("48", where=("stop_rules",)),
        regimen,
        day=True,
    ),
)

CASES = (*AGE, *STATES, *REFEED, *SICK_DAY)
