"""CLINICAL.md section 8: why it is low."""

from __future__ import annotations

from tests.scenarios.audit.checks import Case, case, cause_null, cause_open, cause_share, fitted_near, not_allowed, says
from tests.scenarios.audit.people import adult, drug, lab, low

NULL = "8: null unless serum is below the laboratory's lower limit"
OPEN = "8: without a valid urine no cause exceeds 0.6"
URINE = "8: a complete 24-h urine off magnesium > 1 mmol/d with low serum: renal"
FE = "8: FEMg < 2 % extrarenal, 2-4 % undecided, > 4 % renal"
FIT = "8: a measured 0.60 with a valid urine is fitted as 0.60, not drawn to normal"


def spot(urine_mg: float, serum: float = 0.60, egfr: float = 95, **fields: object) -> dict[str, object]:
    """Paired spot samples: FEMg = 100 * UMg * SCr / (0.7 * SMg * UCr), creatinine 80 umol/L and 8 mmol/L."""
    pair = (lab("urine-magnesium-spot", urine_mg), lab("urine-creatinine-spot", 8.0), lab("creatinine", 80))
    return low(serum, {"egfr": egfr}, extra=pair, **fields)


CASES: tuple[Case, ...] = (
    case("cause-normal", NULL, adult({"serum": 0.80}), cause_null),
    case(
        "cause-normal-urine",
        "8: never FEMg at normal serum",
        adult({"serum": 0.82}, (lab("urine-magnesium-24h", 5.0),)),
        cause_null,
    ),
    case("cause-no-serum", NULL, adult({"serum": None}), cause_null),
    case(
        "cause-0.72-own-limit-0.70",
        NULL,
        low(labs={"serum": None}, extra=(lab("serum-magnesium", 0.72, reference_low=0.70, reference_high=1.0),)),
        cause_null,
    ),
    case(
        "cause-0.78-own-limit-0.80",
        NULL,
        low(labs={"serum": None}, extra=(lab("serum-magnesium", 0.78, reference_low=0.80, reference_high=1.0),)),
        cause_open,
    ),
    case("cause-0.74", NULL, low(0.74), cause_open),
    case("cause-0.60-serum-alone", OPEN, low(0.60), cause_open, not_allowed, day=True),
    case("cause-0.60-asks-urine", "issue 2: and name the test that would", low(0.60), says("urine", where=("status",))),
    case("cause-0.60-coeliac", OPEN, low(0.60, conditions=["coeliac"]), cause_open),
    case("cause-0.60-thiazide", OPEN, low(0.60, medicines=[drug("hydrochlorothiazide", "C03AA03")]), cause_open),
    case(
        "cause-urine-4.1",
        URINE,
        low(0.60, extra=(lab("urine-magnesium-24h", 4.1),)),
        cause_share("renal", 0.6, 1),
        fitted_near(0.60),
        day=True,
    ),
    case(
        "cause-urine-100-mg",
        URINE,
        low(0.60, extra=(lab("urine-magnesium-24h", 100, unit="mg/24h"),)),
        cause_share("renal", 0.6, 1),
    ),
    case(
        "cause-urine-0.4",
        "8: low urine is not a renal leak",
        low(0.60, extra=(lab("urine-magnesium-24h", 0.4),)),
        cause_share("renal", 0, 0.3),
        fitted_near(0.60),
    ),
    case(
        "cause-urine-on-magnesium",
        "8: off magnesium",
        low(
            0.60,
            extra=(lab("urine-magnesium-24h", 4.1),),
            supplements=[{"form": "citrate", "label_mg": 200, "label_means": "elemental", "per_day": 1}],
        ),
        cause_open,
    ),
    *(
        case(f"fit-{s}-urine-{u}", FIT, low(s, extra=(lab("urine-magnesium-24h", u),)), fitted_near(s))
        for s in (0.60, 0.66, 0.70)
        for u in (0.6, 2.0, 4.1)
    ),
    *(
        case(
            f"fit-{s}-well-fed",
            FIT,
            low(
                s,
                extra=(lab("urine-magnesium-24h", 4.1),),
                diet={"magnesium_mg_per_day": 350, "method": "weighed-record"},
            ),
            fitted_near(s),
        )
        for s in (0.60, 0.66, 0.70)
    ),
    case("femg-7", FE, spot(3.0), cause_share("renal", 0.6, 1)),
    case("femg-1", FE, spot(0.4), cause_share("renal", 0, 0.3)),
    case("femg-7-serum-0.72", "8: used only with serum < 0.70", spot(3.0, 0.72), cause_open),
    case("femg-7-glycosuria", "8: no glycosuria", spot(3.0, conditions=["glycosuria"]), cause_open),
    case("femg-7-sglt2", "8: no glycosuria", spot(3.0, medicines=[drug("empagliflozin", "A10BK03")]), cause_open),
    case("femg-7-egfr-55", "8: eGFR >= 60", spot(3.0, egfr=55), cause_open),
    case(
        "femg-7-on-magnesium",
        "8: off magnesium",
        spot(3.0, supplements=[{"form": "citrate", "label_mg": 150, "label_means": "elemental", "per_day": 1}]),
        cause_open,
    ),
    case(
        "femg-unpaired",
        "8: paired samples",
        low(
            0.60,
            extra=(
                lab("urine-magnesium-spot", 3.0, "2026-08-01"),
                lab("urine-creatinine-spot", 8.0, "2026-08-01"),
                lab("creatinine", 80),
            ),
        ),
        cause_open,
    ),
)
