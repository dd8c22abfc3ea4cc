"""The sentences of a plan: what was found, and the bottom line in three."""

from __future__ import annotations

from collections.abc import Sequence

from davy.inference.work_up import patterns_of, still_to_ask
from davy.people.person import Person
from davy.planning.articles import Protocol
from davy.planning.candidates import Candidate
from davy.planning.choice import NEAR_BEST_MMOL_PER_L
from davy.planning.food import FoodAdvice
from davy.planning.goals import Aim
from davy.planning.outlook import gain_text, serum_text
from davy.planning.result import FoodPortion, Plan, UnknownFact
from davy.planning.shown import form_label
from davy.safety.verdict import Cap, Finding, Referral, Verdict

_LEADING = ("target_out_of_reach", "trial_dose", "articles_dose")
"""Findings that are the second sentence of the bottom line."""


def food_first(person: Person, aim: Aim, advice: FoodAdvice, *, serum: float | None) -> Finding:
    """Why no supplement is planned: food or the present intake meets the need."""
    if aim.kind == "restore" and serum is not None and aim.low is not None:
        likely, low = serum_text(person, serum), serum_text(person, aim.low)
        said = f"Food first: without a supplement serum would most likely be {likely}; the target begins at {low}."
        return Finding("food_first", "info", said, round(serum, 3), aim.low, "mmol/L", aim.goal.source)
    now, ear = advice.intake_mg, advice.ear_mg
    if now is None or ear is None:
        said = "Food first: how much magnesium you eat is unknown, so nothing shows that food falls short."
        return Finding("food_first", "info", " ".join((said, aim.note)).strip(), "unknown", ear, "mg/d", ("davy-rule",))
    half = "half of people like you need no more than"
    if now >= ear:
        said = f"Food first: food and water bring about {now:.0f} mg a day; {half} {ear:.0f} mg."
    else:
        said = f"Food first: the portions here lift about {now:.0f} mg a day to more than enough; {half} {ear:.0f} mg."
    return Finding("food_first", "info", " ".join((said, aim.note)).strip(), round(now, 1), ear, "mg/d", ("davy-rule",))


def food_findings(advice: FoodAdvice) -> tuple[Finding, ...]:
    """What the food rules left out, and why."""
    return tuple(
        Finding("food", "info", rule.sentence, rule.id, rule.threshold, "", rule.source) for rule in advice.rules
    )


def food_referrals(advice: FoodAdvice) -> tuple[Referral, ...]:
    """Whom to ask about food: the renal dietitian, once."""
    asked = [rule for rule in advice.rules if rule.action == "refer"]
    if not asked:
        return ()
    return (Referral("Renal dietitian: what to eat with these kidneys or this potassium.", "routine", asked[0].source),)


_SPELLED = {"urine-calcium-24h": "24-hour urine calcium", "hba1c": "HbA1c", "pth": "PTH"}


def renal_workup(person: Person) -> Referral:
    """Where the kidney loses magnesium: what known labs point to, what to ask still and whom (CLINICAL.md 8)."""
    shown = patterns_of(person)
    points = "; ".join(f"{pattern.sentence} ({', '.join(pattern.because)})" for pattern in shown)
    told = f"Here: {points}. " if points else ""
    open_tests = [_SPELLED.get(test, test) for test in still_to_ask(person)]
    ask = f"Ask for {', '.join(open_tests)}. " if open_tests else ""
    general = (
        "Medicines are looked at first. Low potassium with alkalosis and little urine calcium points to a thiazide "
        "or a Gitelman-like loss; much urine calcium or stones to a loop diuretic or a claudin; cysts or early "
        "diabetes to HNF1B."
    )
    sources = tuple(dict.fromkeys(("f-112", *(source for pattern in shown for source in pattern.sources), "davy-rule")))
    return Referral(f"Nephrology: the kidney loses magnesium. {told}{ask}{general}", "soon", sources)


def no_supplement() -> Finding:
    """No supplement is planned, and it is not because food meets the need."""
    said = "Food first: no supplement is planned here; what is said about food and about the cause stands."
    return Finding("food_first", "info", said, sources=("davy-rule",))


def nothing_may_be_added(cap: Cap) -> Finding:
    """The goal asks for a supplement, and a cap leaves no room for one."""
    return Finding(
        "nothing_added",
        "info",
        f"No supplement is planned: {cap.sentence}",
        0.0,
        cap.elemental_mg_per_day,
        "mg/d",
        cap.sources,
    )


def trial_dose(aim: Aim, dose_mg: float, cap_mg: float, *, reached: bool) -> Finding:
    """How a trial's dose stands to what trials used."""
    goal, unit = aim.goal, "mg/d"
    if goal.trial_low_mg is None or goal.trial_high_mg is None:
        said = (
            f"No trial of magnesium by mouth for {goal.label} supports a dose, so this trial stays at {dose_mg:g} mg; "
            "nothing can be promised."
        )
        return Finding("trial_dose", "info", said, dose_mg, None, unit, goal.source)
    span = (
        f"{goal.trial_low_mg:g} mg"
        if goal.trial_low_mg == goal.trial_high_mg
        else f"{goal.trial_low_mg:g}-{goal.trial_high_mg:g} mg"
    )
    if reached:
        said = f"Trials used {span}; {dose_mg:g} mg is the least that they and your cap of {cap_mg:g} mg allow."
    else:
        said = f"Trials used {span}; your cap is {cap_mg:g} mg; their result cannot be promised here."
    return Finding("trial_dose", "info", said, dose_mg, goal.trial_low_mg, unit, goal.source)


def articles_dose(aim: Aim, protocol: Protocol, dose_mg: float, cap_mg: float) -> Finding:
    """How the plan stands to the articles' protocol, which drove it, and to trials."""
    asked = f"The articles' protocol asks for {protocol.total_mg:g} mg a day"
    said = f"{asked}; within your cap of {cap_mg:g} mg and the gates this plan holds {dose_mg:g} mg."
    goal = aim.goal
    if goal.trial_low_mg is not None and goal.trial_high_mg is not None and dose_mg < goal.trial_low_mg:
        said += f" Trials used {goal.trial_low_mg:g}-{goal.trial_high_mg:g} mg; their result cannot be promised here."
    return Finding("articles_dose", "info", said, dose_mg, protocol.total_mg, "mg/d", protocol.claim_ids)


def baseline_first(aim: Aim) -> Finding:
    """28 diary days before the first tablet."""
    said = (
        f"First {aim.diary_d} days of diary ({aim.goal.outcome}), then the first tablet: "
        "without them nobody can tell whether it works."
    )
    return Finding("baseline_first", "info", said, 0.0, float(aim.diary_d), "d", ("davy-rule",))


def out_of_reach(person: Person, aim: Aim, serum: float, *, added: bool, leak: bool) -> tuple[Finding, Referral]:
    """The target cannot be reached by mouth within the cap: say so, and refer for the cause."""
    if added:
        least = "This is the least dose that gains nearly as much as any allowed one."
    else:
        least = f"No allowed dose gains more than {gain_text(person, NEAR_BEST_MMOL_PER_L)}, so none is planned."
    said = (
        f"The target of {serum_text(person, aim.low or 0.0)} is out of reach by mouth here: serum would most likely be "
        f"{serum_text(person, serum)}. {least} The cause has to be found."
    )
    finding = Finding(
        "target_out_of_reach", "info", said, round(serum, 3), aim.low, "mmol/L", (*aim.goal.source, "davy-rule")
    )
    if leak:
        return finding, renal_workup(person)
    reason = "Doctor: find out why magnesium is low; a target within reach by mouth is not in sight."
    return finding, Referral(reason, "soon", ("davy-rule",))


def bottom_line(person: Person, plan: Plan, aim: Aim, taken: Candidate) -> tuple[str, ...]:
    """What to do, what to expect, what to watch: three sentences on a plan with a supplement."""
    if plan.regimen is None:
        return ()
    own = taken.own.steps[-1].intakes
    name = None if taken.product is None else taken.product.id
    times = " and ".join(dict.fromkeys(intake.at for intake in own if intake.product == name))
    first = _first_mg(taken)
    climb = f", starting at {first:g} mg and rising weekly" if first < taken.added_mg else ""
    stays = taken.total_mg - taken.added_mg
    besides = f" besides the {stays:g} mg that stays" if stays > 0 else ""
    course = f" once the short course of medicine is over (day {aim.pause_d})" if aim.pause_d else ""
    after = f" after {aim.diary_d} diary days" if aim.diary_d >= aim.lead_d > 0 else course
    eat = f"; eat each day {_foods(plan.food)}" if plan.food else ""
    what = f"{taken.added_mg:g} mg of magnesium a day as {form_label(taken.form)}"
    do = f"Take {what} at {times}{besides}{after}{climb}{eat}."
    return do, _expect(person, plan), _watch(aim)


def _first_mg(taken: Candidate) -> float:
    """What of the product is taken on its first days [mg/d]."""
    name = None if taken.product is None else taken.product.id
    shares = ([intake.elemental_mg for intake in step.intakes if intake.product == name] for step in taken.own.steps)
    return next((sum(share) for share in shares if share), 0.0)


def _expect(person: Person, plan: Plan) -> str:
    told = next((one.sentence for one in plan.verdict.findings if one.gate in _LEADING), None)
    if told is not None:
        return told
    if plan.targets:
        aimed = plan.targets[0]
        low = serum_text(person, aimed.low)
        chance = f"about {100 * aimed.probability:.0f} %"
        return f"The chance that serum magnesium is at {low} or above on day {aimed.by_day} is {chance}."
    if plan.prediction_to_check is not None:
        foretold = plan.prediction_to_check
        low, high = serum_text(person, foretold.low), serum_text(person, foretold.high)
        return f"On day {foretold.day} serum magnesium should read between {low} and {high}; do not expect to feel it."
    return "Do not expect to feel a difference."


def _watch(aim: Aim) -> str:
    if aim.kind == "try" and aim.goal.weeks is not None:
        return (
            f"Stop after {aim.goal.weeks} weeks unless you are at least 30 % better; go one step back at the first "
            "loose stools, and stop and ask with weakness, drowsiness or a slow pulse."
        )
    return (
        "Go one step back at the first loose stools; stop and ask with weakness, drowsiness or a slow pulse; "
        "pause on a sick day."
    )


def bottom_line_food(finding: Finding, food: Sequence[FoodPortion], unknowns: Sequence[UnknownFact]) -> tuple[str, ...]:
    """No supplement: what to eat, why, and what would change it."""
    plain = (
        "No supplement is needed; go on as you eat now."
        if finding.gate == "food_first"
        else "No supplement is planned."
    )
    eat = f"No supplement: eat each day {_foods(food)}." if food else plain
    change = (
        "A new symptom, medicine or laboratory value would change this."
        if not unknowns
        else f"Worth finding out: {unknowns[0].fact}."
    )
    return eat, finding.sentence, change


def bottom_line_refused(verdict: Verdict, refer: Sequence[Referral]) -> tuple[str, ...]:
    """A refusal: which fact and what would change it, what to do until then, whom to see."""
    why = next(
        (one.sentence for one in verdict.findings if one.severity == "refuse"), "Davy cannot plan magnesium for you."
    )
    see = f"Next: {refer[0].reason}" if refer else "Next: show this page to your doctor or pharmacist."
    return (
        f"Davy plans no magnesium for you. {why}",
        "Until then add no magnesium; everything that was prescribed goes on.",
        see,
    )


def _foods(food: Sequence[FoodPortion]) -> str:
    *rest, last = [f"{portion.food.partition(',')[0]} ({portion.portion})" for portion in food]
    return f"{', '.join(rest)} and {last}" if rest else last
