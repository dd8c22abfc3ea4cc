"""CLINICAL.md section 5: keep apart, never together, refused, and never a top-up."""

from __future__ import annotations

from tests.scenarios.audit.checks import (
    Case,
    Check,
    case,
    clock_keeps,
    finds,
    monitors,
    no_regimen,
    not_allowed,
    not_refused,
    pauses_for,
    refers,
    refused,
    regimen,
    says,
    says_not,
    separates,
    steps,
    with_care,
)
from tests.scenarios.audit.people import adult, drug, signed
from tests.scenarios.audit.runner import Outcome

SEPARATE = "5: separate (hours: medicine before magnesium / magnesium before medicine)"
NEVER = "5: never together"
PERSONAL = "5: personal: refused and referred; clinician: with care with serum Mg, Ca, K, eGFR within 3 months"
NO_TIME = "5: no clock time satisfies all: refused; a course <= 14 days: pause magnesium instead"
FOUR_WEEKS = "5: potassium-sparing diuretic, calcitriol, SGLT2 start: serum at 4 weeks"

RULES = (
    ("moxifloxacin", "J01MA14", 4, 8),
    ("ciprofloxacin", "J01MA02", 2, 6),
    ("levofloxacin", "J01MA12", 2, 6),
    ("doxycycline", "J01AA02", 2, 6),
    ("minocycline", "J01AA08", 2, 6),
    ("bictegravir", "J05AR20", 2, 6),
    ("dolutegravir", "J05AJ03", 2, 6),
    ("dolutegravir and rilpivirine", "J05AR21", 4, 6),
    ("elvitegravir", "J05AR09", 4, 4),
    ("eltrombopag", "B02BX05", 4, 4),
    ("levothyroxine", "H03AA01", 4, 4),
    ("ferrous sulfate", "B03AA07", 4, 4),
    ("penicillamine", "M01CC01", 4, 4),
    ("hydroxychloroquine", "P01BA02", 4, 4),
    ("chloroquine", "P01BA01", 4, 4),
    ("nitrofurantoin", "J01XE01", 4, 4),
    ("alendronic acid", "M05BA04", 4, None),
    ("gabapentin", "N03AX12", None, 2),
    ("atorvastatin", "C10AA05", 2, 2),
)
SIX_HOURLY = ["00:00", "06:00", "12:00", "18:00"]
HARD = (
    ("lithium", "N05AN01"),
    ("digoxin", "C01AA05"),
    ("tacrolimus", "L04AD02"),
    ("ciclosporin", "L04AD01"),
    ("cisplatin", "L01XA01"),
    ("cetuximab", "L01FE01"),
    ("panitumumab", "L01FE02"),
    ("amphotericin B", "J02AA01"),
    ("gentamicin", "J01GB03"),
    ("foscarnet", "J05AD01"),
    ("pentamidine", "P01CX01"),
    ("patiromer", "V03AE09"),
)


def first(name: str) -> str:
    return name.split()[0]


def nothing_before_day(day: int) -> Check:
    """Plan no intake while the course runs."""

    def check(o: Outcome) -> str:
        early = [(s["from_day"], s["to_day"]) for s in steps(o.doc) if s["from_day"] < day and s["intakes"]]
        return f"magnesium on days {early}, while the course runs to day {day}" if early else ""

    return check


APART: tuple[Case, ...] = (
    *(
        case(
            f"apart-{name}",
            SEPARATE,
            adult(medicines=[drug(name, atc)]),
            not_refused,
            regimen,
            separates(first(name), before, after),
            day=name == "levothyroxine",
        )
        for name, atc, before, after in RULES
    ),
    *(
        case(
            f"apart-{name}-at-08",
            SEPARATE,
            adult(medicines=[drug(name, atc, at=["08:00"])]),
            not_refused,
            regimen,
            clock_keeps(before or 0, after or 0, "08:00"),
        )
        for name, atc, before, after in RULES
    ),
    case(
        "apart-by-name-only",
        SEPARATE,
        adult(medicines=[drug("doxycycline", at=["08:00", "20:00"])]),
        not_refused,
        clock_keeps(2, 6, "08:00", "20:00"),
    ),
    case(
        "apart-evening",
        SEPARATE,
        adult(medicines=[drug("levothyroxine", "H03AA01", at=["21:00"])]),
        not_refused,
        clock_keeps(4, 4, "21:00"),
    ),
    case(
        "apart-at-midnight",
        SEPARATE,
        adult(medicines=[drug("ciprofloxacin", "J01MA02", at=["00:30"])]),
        not_refused,
        clock_keeps(2, 6, "00:30"),
    ),
    case(
        "apart-two",
        SEPARATE,
        adult(medicines=[drug("levothyroxine", "H03AA01", at=["07:00"]), drug("doxycycline", "J01AA02", at=["20:00"])]),
        not_refused,
        clock_keeps(4, 4, "07:00"),
        clock_keeps(2, 6, "20:00"),
    ),
    case(
        "apart-moxifloxacin-twice",
        SEPARATE,
        adult(medicines=[drug("moxifloxacin", "J01MA14", at=["08:00", "20:00"])]),
        not_refused,
        clock_keeps(4, 8, "08:00", "20:00"),
        day=True,
    ),
    case(
        "apart-split",
        SEPARATE,
        signed(medicines=[drug("levothyroxine", "H03AA01", at=["07:00"])]),
        regimen,
        clock_keeps(4, 4, "07:00"),
    ),
    case(
        "no-time-ciprofloxacin",
        NO_TIME,
        adult(medicines=[drug("ciprofloxacin", "J01MA02", at=SIX_HOURLY, since="2026-09-01")]),
        refused,
    ),
    case("no-time-iron", NO_TIME, adult(medicines=[drug("ferrous sulfate", "B03AA07", at=SIX_HOURLY)]), refused),
    case(
        "no-time-short-course",
        NO_TIME,
        adult(medicines=[drug("ciprofloxacin", "J01MA02", at=SIX_HOURLY, since="2026-11-20", until="2026-11-27")]),
        pauses_for("ciprofloxacin"),
    ),
    case(
        "no-time-short-course-from-day-0",
        "5: a course <= 14 days: pause magnesium instead; CONTRACT: the regimen is complete from day 0",
        adult(medicines=[drug("ciprofloxacin", "J01MA02", at=SIX_HOURLY, since="2026-11-20", until="2026-11-27")]),
        nothing_before_day(5),
    ),
    case(
        "no-time-15-days",
        NO_TIME,
        adult(medicines=[drug("ciprofloxacin", "J01MA02", at=SIX_HOURLY, since="2026-11-20", until="2026-12-10")]),
        refused,
    ),
    case(
        "insulin-needs-none",
        "5: any other oral medicine",
        adult(medicines=[drug("insulin glargine", "A10AE04", at=SIX_HOURLY)]),
        not_refused,
        regimen,
    ),
    case(
        "past-ciprofloxacin",
        "CONTRACT: until",
        adult(medicines=[drug("ciprofloxacin", "J01MA02", at=SIX_HOURLY, until="2026-10-01")]),
        not_refused,
        regimen,
    ),
)

GATED: tuple[Case, ...] = (
    *(
        case(f"never-{name}-{p}", NEVER, adult(profile=p, medicines=[drug(name, atc)]), refused, no_regimen)
        for name, atc in (("raltegravir", "J05AJ01"), ("sodium polystyrene sulfonate", "V03AE01"))
        for p in ("personal", "clinician")
    ),
    case("never-parenteral", NEVER, adult(conditions=["parenteral-nutrition"]), refused),
    case("never-parenteral-clinician", NEVER, signed(conditions=["parenteral-nutrition"]), refused),
    *(case(f"hard-{name}", PERSONAL, adult(medicines=[drug(name, atc)]), refused, refers()) for name, atc in HARD),
    *(
        case(f"hard-{name}-research", PERSONAL, adult(profile="research", medicines=[drug(name, atc)]), refused)
        for name, atc in HARD[:2]
    ),
    *(
        case(f"hard-{name}-by-name", PERSONAL, adult(medicines=[drug(name)]), refused)
        for name in ("lithium carbonate", "digoxin", "Prograf", "cisplatin")
    ),
    *(
        case(f"hard-{name}-clinician", PERSONAL, signed(0.72, medicines=[drug(name, atc)]), with_care, regimen)
        for name, atc in (HARD[0], HARD[2], HARD[4])
    ),
    *(
        case(
            f"hard-lithium-clinician-no-{k}",
            PERSONAL,
            signed(0.72, {k: None}, medicines=[drug("lithium", "N05AN01")]),
            refused,
        )
        for k in ("serum", "calcium", "potassium", "egfr")
    ),
    *(
        case(
            f"hard-lithium-clinician-old-{k}",
            PERSONAL,
            signed(0.72, {k: (v, "2026-08-19")}, medicines=[drug("lithium", "N05AN01")]),
            refused,
        )
        for k, v in (("serum", 0.72), ("calcium", 2.4), ("potassium", 4.3), ("egfr", 95))
    ),
    case(
        "hard-lithium-past",
        "CONTRACT: until",
        adult(medicines=[drug("lithium", "N05AN01", until="2025-06-01")]),
        not_refused,
    ),
    case(
        "transplant-mycophenolate",
        PERSONAL,
        adult(conditions=["organ-transplant"], medicines=[drug("mycophenolate", "L04AA06")]),
        refused,
    ),
    *(
        case(f"four-weeks-{name}", FOUR_WEEKS, adult(medicines=[drug(name, atc)]), not_refused, monitors("serum", 35))
        for name, atc in (("amiloride", "C03DB01"), ("calcitriol", "A11CC04"))
    ),
    case(
        "four-weeks-sglt2-start",
        FOUR_WEEKS,
        adult({"egfr": 95}, medicines=[drug("empagliflozin", "A10BK03", since="2026-11-05")]),
        monitors("serum", 35),
    ),
    case(
        "ppi-question",
        "5: a depleting one gives a question for the prescriber",
        adult(medicines=[drug("omeprazole", "A02BC01")]),
        not_refused,
        says("prescrib"),
        says_not("stop omeprazole", "stop taking omeprazole", "stop your omeprazole"),
    ),
    case(
        "unknown-medicine",
        "CONTRACT: kept, named in the findings as not understood",
        adult(medicines=[drug("zorblaxin")]),
        finds("zorblaxin"),
    ),
    case(
        "unknown-condition",
        "CONTRACT: kept, named in the findings as not understood",
        adult(conditions=["grumbling-spleen"]),
        finds("grumbling-spleen"),
    ),
    case(
        "unknown-symptom",
        "CONTRACT: kept, named in the findings as not understood",
        adult(symptoms=["itchy-antlers"]),
        finds("itchy-antlers"),
    ),
    case(
        "zero-lithium-words",
        "5: unknown words never bolder",
        adult(medicines=[drug("lithium-ish")], conditions=["frailty"]),
        refused,
    ),
    case("not-allowed-with-amiloride", FOUR_WEEKS, adult(medicines=[drug("amiloride", "C03DB01")]), not_allowed),
)

CASES = (*APART, *GATED)
