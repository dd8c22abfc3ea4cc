"""CLINICAL.md section 3, second half: bowel and stones."""

from __future__ import annotations

from tests.scenarios.audit.checks import (
    Case,
    cap_at_most,
    case,
    intake_at_most,
    monitors,
    never_form,
    no_food,
    not_allowed,
    not_refused,
    refers,
    refused,
    regimen,
    says,
    with_care,
)
from tests.scenarios.audit.people import adult, low

REFUSED = (
    "3: obstruction, short bowel, high-output stoma, unexplained diarrhoea or pain, dehydration, flare: refused, refer"
)
QUIET = "3: quiet disease: with care, cap 200 split, soluble form"
FLAGGED = "3: gastroparesis, bariatric surgery, coeliac: with care, absorption flagged"

CASES: tuple[Case, ...] = (
    *(
        case(f"{c}", REFUSED, adult(conditions=[c]), refused, refers())
        for c in (
            "bowel-obstruction",
            "short-bowel",
            "high-output-stoma",
            "chronic-diarrhoea",
            "chronic-abdominal-pain",
            "inflammatory-bowel-disease-flare",
        )
    ),
    *(
        case(f"{c}-clinician", REFUSED, adult(profile="clinician", conditions=[c]), refused)
        for c in ("bowel-obstruction", "short-bowel", "inflammatory-bowel-disease-flare")
    ),
    case("stoma-unspecified", REFUSED, adult(conditions=["stoma"]), not_allowed),
    case("dehydration", REFUSED, adult(symptoms=["dehydration"]), refused, refers()),
    case("abdominal-pain", REFUSED, adult(symptoms=["abdominal-pain"]), not_allowed),
    case(
        "ibd-with-diarrhoea",
        "3: flare of inflammatory disease",
        adult(conditions=["inflammatory-bowel-disease"], symptoms=["diarrhoea"]),
        refused,
    ),
    case(
        "ibd-quiet",
        QUIET,
        low(0.72, conditions=["inflammatory-bowel-disease"]),
        with_care,
        cap_at_most(200),
        intake_at_most(100),
        never_form("oxide", "carbonate", "hydroxide"),
    ),
    *(
        case(
            f"{c}",
            FLAGGED,
            adult(conditions=[c]),
            with_care,
            regimen,
            says("absor", where=("findings", "monitoring", "status")),
        )
        for c in ("gastroparesis", "bariatric-surgery", "coeliac")
    ),
    case("struvite", "3: struvite stones: refused", adult(conditions=["struvite-stones"]), refused),
    case(
        "struvite-clinician",
        "3: struvite stones: refused",
        adult(profile="clinician", conditions=["struvite-stones"]),
        refused,
    ),
    case(
        "oxalate-stones",
        "7: filtered for oxalate stones",
        low(0.72, conditions=["oxalate-stones"]),
        no_food("spinach", "chard", "almond", "beet"),
    ),
    case(
        "kidney-stones",
        "7: filtered for oxalate stones; unknown stones count",
        low(0.72, conditions=["kidney-stones"]),
        no_food("spinach", "chard"),
    ),
    case(
        "stricture",
        "7: filtered for stricture",
        low(0.72, conditions=["bowel-stricture"]),
        no_food("nut", "bran", "seed", "almond"),
    ),
    case(
        "nut-allergy",
        "7: filtered for nut allergy",
        low(0.72, conditions=["nut-allergy"]),
        no_food("almond", "cashew", "walnut", "hazelnut", "peanut", "brazil"),
    ),
    case(
        "constipation-66",
        "3: constipation with age >= 65: serum at 2-4 weeks",
        adult(age_y=66, conditions=["constipation"]),
        monitors("serum", 28, 14),
    ),
    case(
        "constipation-egfr-55",
        "3: constipation with eGFR < 60: serum at 2-4 weeks",
        adult({"egfr": 55}, conditions=["constipation"]),
        monitors("serum", 28, 14),
    ),
    case(
        "constipation-symptom-66",
        "3: constipation with age >= 65: serum at 2-4 weeks",
        adult(age_y=66, symptoms=["constipation"]),
        monitors("serum", 28, 14),
    ),
    case(
        "repletion-forms",
        "3: sulfate and hydroxide are never repletion candidates",
        low(0.72),
        not_refused,
        never_form("sulfate", "hydroxide"),
    ),
)
