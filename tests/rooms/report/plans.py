"""Plans made by hand: what a real one looks like, without the rooms that make it."""

from __future__ import annotations

import math
from dataclasses import replace

from davy.planning.known import NextTest, ParameterShown, PersonStatus, Quantiles
from davy.planning.result import (
    Alternative,
    ArticlesPlan,
    Benefit,
    Bounds,
    CapShown,
    Check,
    CurrentItem,
    Disagreement,
    Expected,
    FoodPortion,
    FormCompared,
    Plan,
    PlannedIntake,
    PlannedRegimen,
    PlannedStep,
    PredictionToCheck,
    Separation,
    StopRule,
    Target,
    TimelineEvent,
    UnknownFact,
)
from davy.safety.verdict import Finding, Referral, Refused, WithCare

DAYS = tuple(float(day) for day in range(0, 181, 4))


def regimen(form: str, mg: float, *, product: str | None = None) -> PlannedRegimen:
    """Start at half, then the whole."""
    half = PlannedIntake("21:00", form, mg / 2, product, 1)
    return PlannedRegimen(
        form,
        mg,
        (PlannedStep(0, 7, (half,)), PlannedStep(7, 180, (replace(half, at="08:00"), half))),
        label_reads=f"{mg / 2:.0f} mg magnesium (as {form}) a tablet",
        take_with="with a meal",
        separate_from=(Separation("levothyroxine", 4, 4, False, ("f-232",)),),
    )


def rising(output: str, unit: str, start: float, end: float, spread: float, tau_d: float) -> Expected:
    """A curve that goes from start to end with a band around it."""
    middle = [end + (start - end) * math.exp(-day / tau_d) for day in DAYS]
    return Expected(
        output,
        unit,
        DAYS,
        tuple(value - spread for value in middle),
        tuple(middle),
        tuple(value + 1.2 * spread for value in middle),
    )


EXPECTED = (
    rising("serum_mmol_per_L", "mmol/L", 0.721, 0.768, 0.04, 12),
    rising("rbc_mmol_per_L", "mmol/L", 1.95, 2.06, 0.2, 70),
    rising("urine_mmol_per_d", "mmol/d", 3.6, 4.9, 0.9, 5),
    rising("absorbed_mmol_per_d", "mmol/d", 3.7, 5.1, 0.9, 1),
)

STATUS = PersonStatus(
    "a_posteriori",
    {"serum_mmol_per_L": Quantiles(0.69, 0.721, 0.75)},
    {"diet": 0.35, "absorption": 0.3, "gut_loss": 0.05, "renal": 0.25, "other": 0.05},
    {"diet": 0.3, "absorption": 0.25, "gut_loss": 0.1, "renal": 0.25, "other": 0.1},
    (
        ParameterShown("kid_fTm", "1", 1.0, 0.82, 0.93, 1.04, 0.42),
        ParameterShown("gut_f_act", "1", 1.0, 0.5, 0.86, 1.3, 0.12),
    ),
    (NextTest("urine-magnesium-24h", "It tells a leaking kidney from a poor diet.", 0.8),),
)

NEUROPATHY = Plan(
    davy="0.1.0",
    person="neuropathy",
    profile="personal",
    parameter_set="literature",
    seed=0,
    today="2026-11-22",
    verdict=WithCare(
        (
            Finding(
                "serum-low",
                "care",
                "Serum magnesium 0.72 mmol/L is below your laboratory's lower limit of 0.75; its cause is open.",
                0.72,
                0.75,
                "mmol/L",
                ("f-239",),
            ),
            Finding(
                "ppi", "info", "Omeprazole can lower magnesium; ask whether it is still needed.", sources=("f-233",)
            ),
        )
    ),
    caps=(
        CapShown("upper-level-eu", 250, True, ("f-055",), "The European upper level for supplements."),
        CapShown("upper-level-us", 350, False, ("f-051",), "The American upper level for supplements."),
        CapShown("single-intake", 400, False, ("f-059",), "At most 200 mg at one time, twice a day."),
        CapShown("kidney", 350, False, ("f-237",), "A kidney filtration of 68 sets no lower limit."),
    ),
    status=STATUS,
    current=(CurrentItem("magnesium oxide, 400 mg (label: salt)", Bounds(217, 241), "replace", "Same metal, slower."),),
    food=(
        FoodPortion("Pumpkin seeds", "30 g, a small handful", 160, 140, 180, ("f-049",)),
        FoodPortion("Black beans, cooked", "150 g, a cup", 105, 90, 120, ("f-049",)),
    ),
    regimen=regimen("citrate", 200, product="Magnesium citrate 100 mg tablet"),
    total_nonfood_mg_per_day=200,
    alternatives=(
        Alternative(regimen("glycinate", 200), "with_care", 0.61, "Absorbed alike; dearer per mg and four tablets."),
        Alternative(regimen("citrate", 100), "with_care", 0.38, "The median stays below the target."),
        Alternative(regimen("oxide", 250), "with_care", 0.55, "More loose stools for the same gain."),
    ),
    targets=(Target("restore", "serum_mmol_per_L", 0.75, 0.95, "mmol/L", 84, 0.62, 0.02),),
    expected=EXPECTED,
    prediction_to_check=PredictionToCheck(
        "serum-magnesium",
        84,
        0.71,
        0.83,
        "mmol/L",
        "On 14 February 2027 your serum magnesium should read 0.71 to 0.83.",
    ),
    benefit=(
        Benefit(
            "neuropathic pain, 0-10",
            "points",
            "placebo",
            -0.1,
            -0.6,
            0.4,
            "confidence",
            2,
            92,
            (300, 500),
            ("oxide",),
            ("dose", "form"),
            None,
            "low",
            "Trials of oral magnesium for nerve pain showed no benefit.",
            ("f-246",),
        ),
    ),
    monitoring=(
        Check(28, "serum-magnesium", "To see whether it rises.", "above 1.05 mmol/L: stop", ("f-235",)),
        Check(
            84, "serum-magnesium", "The prediction to check.", "below 0.71 or above 0.83: Davy was wrong", ("f-235",)
        ),
    ),
    stop_rules=(
        StopRule("more than 3 loose stools a day for 2 days", "Stop; start again at half when well.", ("f-054",)),
        StopRule("pregnancy", "Stop and ask your midwife.", ("davy-rule",)),
    ),
    refer=(Referral("Vitamin B12 has not been measured on metformin and omeprazole.", "soon", ("f-234",)),),
    disagreements=(
        Disagreement(
            "Absorption of glycinate",
            "Glycinate is absorbed 80 %.",
            "Dose size and splitting matter more than the salt.",
            "Citrate was chosen; glycinate would do the same.",
            ("c-000-004",),
        ),
    ),
    as_the_articles_say=ArticlesPlan(
        None,
        "refused",
        (Finding("cap", "refuse", "500 mg is above the binding cap of 250 mg.", 500, 250, "mg/d", ("f-055",)),),
        (),
        "The articles would give 400 to 600 mg of glycinate, split; the gates refuse it.",
        ("c-000-002",),
    ),
    bottom_line=(
        "Take 200 mg of magnesium citrate a day in two halves, instead of the oxide tablet.",
        "Your serum should rise from 1.75 to about 1.87 mg/dL by February; your pain will probably not change.",
        "Stop at loose stools, and ask your doctor for vitamin B12 and a 24-hour urine.",
    ),
    form_comparison=(
        FormCompared(
            "citrate",
            "magnesium citrate",
            200,
            1.4,
            "magnesium citrate 100 mg tablet",
            2,
            "tablet",
            24.7,
            "middle",
            True,
        ),
        FormCompared(
            "glycinate",
            "magnesium glycinate",
            200,
            1.4,
            "magnesium glycinate 100 mg tablet",
            2,
            "tablet",
            24.7,
            "middle",
            False,
        ),
        FormCompared(
            "oxide", "magnesium oxide", 200, 0.9, "magnesium oxide 250 mg tablet", 1, "tablet", 28.1, "high", False
        ),
        FormCompared("l-threonate", "magnesium L-threonate", 200, None, None, None, None, None, None, False),
    ),
    timeline=(
        TimelineEvent(1, 5, "stools", "Loose stools, if they come, come in the first days of each step."),
        TimelineEvent(7, 35, "serum", "Serum settles within weeks."),
        TimelineEvent(80, 120, "red cells", "Red cells turn over in about 100 days."),
        TimelineEvent(84, 84, "symptoms", "Judge symptoms at week 12, not before."),
    ),
    unknowns=(
        UnknownFact("urine-magnesium-24h", "The cause of the low serum stays open."),
        UnknownFact("jurisdiction", "The lower of two upper levels applies: 250 mg."),
    ),
    fingerprints={"model": "ab" * 32, "knowledge": "cd" * 32, "engine": "ef" * 32, "input": "01" * 32},
)

REFUSED = replace(
    NEUROPATHY,
    person="kidney-4",
    verdict=Refused(
        (
            Finding(
                "kidney",
                "refuse",
                "Your kidneys filter 22 mL/min/1.73 m2; below 30 they cannot clear added magnesium.",
                22.0,
                30.0,
                "mL/min/1.73m2",
                ("f-237",),
            ),
        )
    ),
    caps=(
        CapShown("kidney", 0, True, ("f-237",), "No added magnesium below 30."),
        CapShown("upper-level-eu", 250, False, ("f-055",), "The European upper level for supplements."),
    ),
    food=(),
    regimen=None,
    total_nonfood_mg_per_day=0,
    alternatives=(),
    targets=(),
    expected=(),
    prediction_to_check=None,
    benefit=(),
    form_comparison=(),
    timeline=(),
    bottom_line=(
        "Take no added magnesium.",
        "Your kidneys filter 22 mL/min, and below 30 magnesium builds up in the blood.",
        "Show your antacid to your kidney clinic today.",
    ),
    current=(CurrentItem("magnesium hydroxide antacid", Bounds(0, None), "ask_prescriber"),),
    refer=(Referral("Show your magnesium antacid to your kidney clinic.", "same-day", ("f-237",)),),
)

FOOD_FIRST = replace(
    NEUROPATHY,
    person="well-fed",
    verdict=WithCare((Finding("food_first", "info", "Your food already brings 410 mg a day.", 410.0, 265.0, "mg/d"),)),
    regimen=None,
    total_nonfood_mg_per_day=0,
    form_comparison=(),
    timeline=(),
    current=(),
    alternatives=(),
    refer=(),
    prediction_to_check=None,
    status=replace(STATUS, prediction="a_priori", cause=None, cause_prior=None),
)

ALL = {"neuropathy": NEUROPATHY, "refused": REFUSED, "food_first": FOOD_FIRST}
