"""CLINICAL.md section 4: upper levels, the clinician's entitlement, everything that counts."""

from __future__ import annotations

from typing import Any

from tests.scenarios.audit.checks import (
    Case,
    cap_at_most,
    cap_is,
    cap_over,
    case,
    no_added,
    not_allowed,
    not_refused,
    refers,
    refused,
    regimen,
    with_care,
)
from tests.scenarios.audit.people import SIGNED, adult, drug, lab, low, signed
from tests.scenarios.audit.runner import Outcome

LEVEL = "4: upper level EU 250, US 350, absent 250"
ABOVE = "4: 350-600 only in the clinician profile with {role, date, indication}, eGFR >= 60, serum < 0.95 ..."
COUNTS = "4: everything that holds magnesium counts"
UNKNOWN = "4: unknown amount: no added magnesium until quantified"
LABEL = "4: label meaning unknown: the whole label as elemental; glycinate as salt 0.14, worst case 0.20"
OVER = "CONTRACT: present non-food intake above the binding cap: refused, with referral"


def current_is(low_mg: float, high_mg: float, slack: float = 0.12) -> Any:
    """Compare the items taken now: to this interval, the low end at most and the high end at least."""

    def check(o: Outcome) -> str:
        rows = [c["elemental_mg_per_day"] for c in o.doc["current"]]
        if not rows:
            return "nothing in current"
        total_low, total_high = sum(r["low"] for r in rows), sum(r["high"] or 1e9 for r in rows)
        good = total_low <= low_mg * (1 + slack) and high_mg - 1 <= total_high <= high_mg * 1.3
        return "" if good else f"current {total_low}-{total_high} mg, about {low_mg}-{high_mg} expected"

    return check


def care_above_level(o: Outcome) -> str:
    """Above the upper level: 2-3 intakes, serum at 4 weeks, expiry at 12 weeks."""
    if o.doc["total_nonfood_mg_per_day"] <= 250:
        return ""
    steps = [s for s in o.doc["regimen"]["steps"] if sum(i["elemental_mg"] for i in s["intakes"]) > 250]
    wrong = [f"{len(s['intakes'])} intakes" for s in steps if len(s["intakes"]) not in (2, 3)]
    wrong += (
        [] if any("serum" in m["test"] and m["day"] <= 35 for m in o.doc["monitoring"]) else ["no serum at 4 weeks"]
    )
    wrong += [] if steps and steps[-1]["to_day"] <= 84 + 28 else ["does not end at 12 weeks"]
    return "; ".join(wrong)


def not_above(o: Outcome) -> str:
    """Hold an incomplete signature to bad input, or to no more than the upper level."""
    return "" if o.code == 2 else cap_at_most(250)(o)


def pill(form: str, mg: float | None, means: str | None = "elemental", per_day: float = 1) -> dict[str, Any]:
    entry = {"form": form, "label_mg": mg, "label_means": means, "per_day": per_day}
    return {k: v for k, v in entry.items() if v is not None}


LEVELS: tuple[Case, ...] = (
    *(
        case(
            f"level-{j}-{p}",
            LEVEL,
            adult(jurisdiction=j, profile=p),
            not_refused,
            cap_is(mg),
            day=(j, p) == ("US", "personal"),
        )
        for j, mg in (("EU", 250), ("US", 350), (None, 250))
        for p in ("personal", "research")
    ),
    case("level-clinician-unsigned", "4: only with `clinician`", low(0.62, profile="clinician"), cap_at_most(250)),
    case("personal-signed", "4: personal never above", low(0.62, clinician=SIGNED), cap_at_most(250)),
    case("research-signed", "4: research never above", signed(profile="research"), cap_at_most(250)),
    case("clinician-signed", ABOVE, signed(), with_care, cap_over(250), cap_at_most(600), care_above_level, day=True),
    case("clinician-signed-18", ABOVE, signed(age_y=18), cap_over(250)),
    case("clinician-signed-74", ABOVE, signed(age_y=74), cap_over(250)),
    case("clinician-signed-egfr-60", ABOVE, signed(labs={"egfr": 60}), cap_over(250)),
    case("clinician-signed-75", ABOVE, signed(age_y=75), cap_at_most(200)),
    case("clinician-signed-egfr-59", ABOVE, signed(labs={"egfr": 59}), cap_at_most(200)),
    case("clinician-signed-egfr-old", ABOVE, signed(labs={"egfr": (95, "2026-08-19")}), cap_at_most(250)),
    case("clinician-signed-no-egfr", ABOVE, signed(labs={"egfr": None}), cap_at_most(250)),
    case("clinician-signed-no-serum", ABOVE, signed(labs={"serum": None}), cap_at_most(250)),
    case("clinician-signed-serum-0.95", ABOVE, signed(0.95), cap_at_most(250)),
    *(
        case(f"clinician-signed-{m['name']}", "4: no retaining drug", signed(medicines=[m]), cap_at_most(250))
        for m in (drug("amiloride", "C03DB01"), drug("spironolactone", "C03DA01"), drug("lithium", "N05AN01"))
    ),
    *(
        case(
            f"clinician-without-{k}",
            ABOVE,
            signed(clinician={x: y for x, y in SIGNED.items() if x != k}),
            not_above,
            day=k == "date",
        )
        for k in SIGNED
    ),
    case(
        "clinician-expired", "4: expiry 12 weeks", signed(clinician={**SIGNED, "date": "2026-08-01"}), cap_at_most(250)
    ),
    case("clinician-us-signed", ABOVE, signed(jurisdiction="US"), cap_over(350), cap_at_most(600)),
)

INTAKE: tuple[Case, ...] = (
    case("over-400-elemental", OVER, adult(supplements=[pill("citrate", 400)]), refused, refers()),
    case("over-300-us-fine", OVER, adult(supplements=[pill("citrate", 300)], jurisdiction="US"), not_refused),
    case("over-two-pills", COUNTS, adult(supplements=[pill("citrate", 150), pill("malate", 150)]), refused, refers()),
    case(
        "over-pill-and-antacid",
        COUNTS,
        adult(supplements=[pill("citrate", 200)], medicines=[drug("magnesium hydroxide", "A02AA04", dose="400 mg")]),
        not_allowed,
    ),
    case("taking-100", COUNTS, adult(supplements=[pill("citrate", 100)]), not_refused, current_is(100, 100)),
    case(
        "glycinate-1000-salt",
        LABEL,
        adult(supplements=[pill("glycinate", 1000, "salt")]),
        not_refused,
        current_is(141, 200),
    ),
    case("glycinate-1400-salt", LABEL, adult(supplements=[pill("glycinate", 1400, "salt")]), refused),
    case("oxide-250-salt", LABEL, adult(supplements=[pill("oxide", 250, "salt")]), not_refused, current_is(151, 151)),
    case(
        "oxide-200-unknown",
        LABEL,
        adult(supplements=[pill("oxide", 200, "unknown")]),
        not_refused,
        current_is(121, 200),
    ),
    case(
        "oxide-200-absent-meaning",
        LABEL,
        adult(supplements=[pill("oxide", 200, None)]),
        not_refused,
        current_is(121, 200),
    ),
    case("oxide-400-unknown", LABEL, adult(supplements=[pill("oxide", 400, "unknown")]), refused),
    case("glycinate-500-unknown", LABEL, adult(supplements=[pill("glycinate", 500, "unknown")]), refused),
    case(
        "bisglycinate-word",
        "CONTRACT: synonyms",
        adult(supplements=[pill("bisglycinate", 1000, "salt")]),
        not_refused,
        current_is(141, 200),
    ),
    *(
        case(f"unquantified-{i}", UNKNOWN, person, no_added, not_allowed)
        for i, person in enumerate(
            (
                adult(supplements=[pill("citrate", None, None)]),
                adult(medicines=[drug("milk of magnesia")]),
                adult(medicines=[drug("magnesium hydroxide", "A02AA04")]),
                adult(supplements=[pill("sulfate", None, None)]),
                low(0.66, supplements=[pill("citrate", None, None)]),
            )
        )
    ),
    case(
        "native-water",
        "4: native magnesium in water does not count",
        adult(water={"magnesium_mg_per_L": 110, "L_per_day": 3}),
        not_refused,
        cap_is(250),
        regimen,
    ),
    case(
        "much-food",
        "4: native magnesium in food does not count",
        low(0.72, diet={"magnesium_mg_per_day": 700, "method": "weighed-record"}),
        not_refused,
        cap_at_most(250),
    ),
    case("rbc-low", "7: red cell is never a trigger", adult({}, (lab("rbc-magnesium", 1.5),)), not_refused),
    case(
        "prescribed-magnesium",
        "7: prescribed magnesium is never stopped by Davy",
        low(0.66, medicines=[drug("magnesium glycerophosphate", "A12CC", dose="97 mg three times daily")]),
        not_allowed,
    ),
)

CASES = (*LEVELS, *INTAKE, case("cared-for", ABOVE, signed(0.60), with_care, refers()))
