"""CLINICAL.md sections 7, 9, 10 and 12: goals, the choice, food, benefit, monitoring, the articles' protocol."""

from __future__ import annotations

from typing import Any

from tests.scenarios.audit.checks import (
    Case,
    Check,
    benefit_says,
    cap_at_most,
    case,
    food_first,
    monitors,
    no_food,
    no_potassium_rich,
    not_refused,
    refers,
    refused,
    regimen,
    says,
    says_not,
    some_food,
    steps,
)
from tests.scenarios.audit.people import adult, drug, lab, low, signed, without_labs
from tests.scenarios.audit.runner import Outcome

RESTORE = "7: restore: serum at or above the laboratory's lower limit (default 0.75) and < 0.95"
TRY = "7: try: time-boxed trial at the lowest dose that trials support and the caps allow"
KEEP = "7: keep: food unless intake is short of the EAR after food advice"
FOOD = "7: no potassium-rich advice with eGFR < 45, K > 5.0 or a potassium binder; steady greens on warfarin"
BENEFIT = "10: what benefit may say"
ARTICLES = "12: every default plan shows `as_the_articles_say`"


def target_low(value: float) -> Check:
    def check(o: Outcome) -> str:
        rows = [(t["output"], t["low"], t["high"]) for t in o.doc["targets"]]
        hit = any(
            out == "serum_mmol_per_L" and a is not None and abs(a - value) < 0.006 and (b is None or b <= 0.951)
            for out, a, b in rows
        )
        return "" if hit else f"no serum target from {value}: {rows}"

    return check


def no_lab_target(o: Outcome) -> str:
    rows = [t for t in o.doc["targets"] if t["output"] == "serum_mmol_per_L" and t["low"] is not None]
    return f"a lab target on a goal to try: {rows}" if rows else ""


def mismatch(*kinds: str) -> Check:
    def check(o: Outcome) -> str:
        rows = [(b["outcome"], b["mismatch"]) for b in o.doc["benefit"]]
        return (
            ""
            if rows and all(any(kind in m for _, m in rows) for kind in kinds)
            else f"mismatch {kinds} not named: {rows}"
        )

    return check


def ends_by(day: int) -> Check:
    def check(o: Outcome) -> str:
        last = steps(o.doc)[-1]["to_day"] if steps(o.doc) else None
        said = any(word in str(o.doc).lower() for word in ("12 weeks", "week 12", "day 84"))
        return "" if said or (last is not None and last <= day) else f"no stop date by day {day}; last step to {last}"

    return check


def articles_refused(o: Outcome) -> str:
    said = o.doc["as_the_articles_say"]
    return (
        ""
        if said and said["verdict"] == "refused" and said["regimen"] is None
        else f"articles: {said and said['verdict']}"
    )


def articles_shown(o: Outcome) -> str:
    said: dict[str, Any] | None = o.doc["as_the_articles_say"]
    return (
        ""
        if said and said["findings"] is not None and said["verdict"] in {"allowed", "with_care", "refused"}
        else f"articles: {said}"
    )


def serum_never_falls(o: Outcome) -> str:
    row = next(r for r in o.doc["expected"] if r["output"] == "serum_mmol_per_L")
    return (
        ""
        if row["p50"][-1] >= row["p50"][0] - 0.002
        else f"a low serum is planned down: {row['p50'][0]} to {row['p50'][-1]}"
    )


RESTORES: tuple[Case, ...] = (
    case("restore-target", RESTORE, low(0.72), not_refused, target_low(0.75), regimen),
    case(
        "restore-lab-limit",
        RESTORE,
        low(extra=(lab("serum-magnesium", 0.66, reference_low=0.70, reference_high=1.0),), labs={"serum": None}),
        not_refused,
        target_low(0.70),
    ),
    case(
        "restore-in-range",
        "7: goal met",
        low(0.86, diet={"magnesium_mg_per_day": 450, "method": "food-frequency"}),
        food_first,
    ),
    case(
        "restore-no-labs",
        "7: without any lab at most 200 until one is known",
        without_labs(goals=["repletion"], jurisdiction="US", diet={"magnesium_mg_per_day": 150, "method": "screener"}),
        cap_at_most(200),
    ),
    case(
        "restore-renal",
        "7: if no allowed dose reaches it ... say so, refer for the cause",
        low(
            0.60,
            extra=(lab("urine-magnesium-24h", 6.0),),
            diet={"magnesium_mg_per_day": 300, "method": "weighed-record"},
        ),
        refers(),
    ),
    # Doubtful only in form: the letter of the rule (within 0.01 of the best) lets a present dose be lowered.
    *(
        case(
            f"restore-on-{mg}",
            RESTORE,
            low(0.66, supplements=[{"form": "citrate", "label_mg": mg, "label_means": "elemental", "per_day": 1}]),
            serum_never_falls,
        )
        for mg in (100, 200, 250)
    ),
    case(
        "restore-renal-first-target",
        "7: proven renal leak: the clinician's target, 0.60 first",
        low(0.56, extra=(lab("urine-magnesium-24h", 5.0),)),
        target_low(0.60),
    ),
    case(
        "rbc-low-no-trigger",
        "7: red cell is shown, never a trigger or target",
        adult(
            {},
            (lab("rbc-magnesium", 1.6),),
            goals=["general"],
            diet={"magnesium_mg_per_day": 450, "method": "weighed-record"},
        ),
        food_first,
    ),
    case("lab-goal-monitoring", "9: else at 8-12 weeks where there is a lab goal", low(0.72), monitors("serum", 90)),
    case("signed-monitoring", "9: 4 weeks above the upper level", signed(0.62), monitors("serum", 90)),
)

TRIES: tuple[Case, ...] = (
    *(
        case(
            f"try-{goal}",
            TRY,
            adult(goals=[goal]),
            not_refused,
            no_lab_target,
            ends_by(112),
            articles_shown,
            day=goal == "sleep",
        )
        for goal in (
            "migraine-prevention",
            "tension-type-headache",
            "sleep",
            "muscle-cramps",
            "muscle-recovery",
            "fatigue",
        )
    ),
    case(
        "try-dose-out-of-reach",
        "7: trials used A-B mg; your cap is C mg",
        adult(),
        says("cap"),
        says("cannot be promised", "not be promised"),
        day=True,
    ),
    case(
        "try-no-baseline",
        "7: 28 diary days first unless the file brings a baseline",
        adult(baseline=None),
        says("28"),
        says("diary"),
    ),
    case(
        "stop-rules",
        "9: stop: > 3 loose stools a day for 2 days; serum > 1.05; eGFR down >= 25 %",
        adult(),
        says("loose", where=("stop_rules",)),
        says("1.05", where=("stop_rules",)),
        says("25", where=("stop_rules",)),
    ),
    case(
        "step-down-loose",
        "7: step down at the first loose stools",
        adult(),
        says("loose", where=("stop_rules", "monitoring", "regimen")),
    ),
    case(
        "has-loose-stools",
        "7: step down at the first loose stools",
        adult(
            symptoms=["loose-stools"],
            supplements=[{"form": "citrate", "label_mg": 200, "label_means": "elemental", "per_day": 1}],
        ),
        cap_at_most(250),
    ),
    *(
        case(f"goal-word-{g}", "CONTRACT: goals", adult(goals=[g]), not_refused)
        for g in ("neuropathy", "blood-pressure", "glycaemia", "general", "longevity")
    ),
)

KEEPS: tuple[Case, ...] = (
    *(
        case(
            f"keep-fed-{g}",
            KEEP,
            adult(goals=[g], diet={"magnesium_mg_per_day": 460, "method": "weighed-record"}),
            food_first,
        )
        for g in ("general", "longevity", "blood-pressure", "glycaemia")
    ),
    case(
        "keep-fed-now",
        KEEP,
        adult(goals=["general"], diet={"magnesium_mg_per_day": 460, "method": "weighed-record"}),
        food_first,
        day=True,
    ),
    case(
        "keep-short",
        "7: food first: portions that close the gap",
        adult(goals=["general"], diet={"magnesium_mg_per_day": 180, "method": "weighed-record"}),
        not_refused,
        some_food,
    ),
    case("food-potassium-5.1", FOOD, low(0.72, {"potassium": 5.1}), no_potassium_rich, says("dieti")),
    case("food-potassium-5.0", FOOD, low(0.72, {"potassium": 5.0}), some_food),
    case(
        "food-egfr-40-clinician",
        FOOD,
        signed(0.72, {"egfr": 40}),
        no_potassium_rich,
        says("dieti"),
        says_not("eat more"),
    ),
    case("food-patiromer-clinician", FOOD, signed(0.72, medicines=[drug("patiromer", "V03AE09")]), no_potassium_rich),
    case(
        "food-warfarin",
        "7: steady greens on warfarin",
        low(0.72, medicines=[drug("warfarin", "B01AA03")]),
        says("steady", "same amount"),
    ),
    case(
        "food-nut-allergy",
        "7: filtered for nut allergy",
        low(0.72, conditions=["nut-allergy"]),
        no_food("almond", "cashew", "peanut"),
        some_food,
    ),
    case(
        "food-refused-kidney-4",
        "7: a refusal for kidney disease never says 'eat more'",
        adult(
            {"egfr": 20}, conditions=["chronic-kidney-disease"], diet={"magnesium_mg_per_day": 150, "method": "guess"}
        ),
        refused,
        no_potassium_rich,
        says_not("eat more", "eating more"),
    ),
)

BENEFITS: tuple[Case, ...] = (
    case(
        "benefit-migraine",
        BENEFIT,
        adult(),
        mismatch("dose"),
        benefit_says("2012", "guideline"),
        benefit_says("360", "600"),
        day=True,
    ),
    case("benefit-migraine-glycinate", "10: none used glycinate", adult(), mismatch("form"), day=True),
    case(
        "benefit-neuropathy",
        "10: neuropathic pain, oral: no benefit shown",
        adult(goals=["neuropathy"]),
        benefit_says("no benefit", "not shown", "no difference"),
    ),
    case(
        "benefit-cramps",
        "10: cramps in older adults: none",
        adult(age_y=66, goals=["muscle-cramps"]),
        benefit_says("no benefit", "no meaningful", "none", "no fewer", "did not"),
    ),
    case("benefit-sleep", "10: sleep: small, low certainty", adult(goals=["sleep"]), benefit_says("low")),
    case(
        "benefit-pressure",
        "10: blood pressure: about -2 mmHg, only uncontrolled hypertension",
        adult(goals=["blood-pressure"], diet={"magnesium_mg_per_day": 180, "method": "guess"}),
        benefit_says("uncontrolled"),
    ),
    case(
        "articles-neuropathy",
        ARTICLES,
        adult({"serum": 0.78}, goals=["neuropathy"], conditions=["peripheral-neuropathy"]),
        articles_refused,
    ),
    case("articles-kidney-20", "12: none below 30", adult({"egfr": 20}), refused, articles_refused),
    case(
        "articles-lithium",
        "12: through the same gates",
        adult(medicines=[drug("lithium", "N05AN01")]),
        refused,
        articles_refused,
    ),
    case("articles-migraine", ARTICLES, adult(), articles_shown),
    case(
        "articles-loop",
        "12: +100-200 mg on a loop or thiazide",
        adult(medicines=[drug("furosemide", "C03CA01")]),
        articles_shown,
    ),
)

CASES = (*RESTORES, *TRIES, *KEEPS, *BENEFITS)
