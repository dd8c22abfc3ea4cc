"""The only way up: one step, once, where everything that could speak against it is known and does not.

A laboratory value may carry it (the plan made again with that value wants more), or a randomised trial in this person;
a diary alone never does. After a sick day's pause the plan's own steps come back one at a time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from davy.followup.adapt.confounders import open_confounders
from davy.followup.adapt.decision import Reason
from davy.followup.adapt.duties import improvement
from davy.followup.adapt.facts import NEAR_MG, Facts, as_regimen
from davy.followup.adapt.next_step import next_step
from davy.followup.baseline import WINDOW_D
from davy.followup.visit_person import loose
from davy.followup.visit_plan import daily_mg
from davy.followup.visit_rules import days as days_of_rule
from davy.followup.visit_rules import number
from davy.inference.evidence import OLDEST_D
from davy.people.labs import labs_of, latest
from davy.people.person import Lab
from davy.people.regimen import Intake
from davy.planning.goals import serum_is_low, serum_low_limit
from davy.safety.check import check
from davy.safety.in_force import disturbed_since
from davy.safety.limits import rules

RAISES = ("lab-says-more", "trial-says-more")
"""Rules that go above what the plan began with; one of them, once a plan."""


@dataclass(frozen=True)
class Raised:
    """A step up and why, or the reasons why it is held back; both empty where nothing asks for one."""

    regimen: tuple[Intake, ...] | None
    reasons: tuple[Reason, ...]


NOT_ASKED = Raised(None, ())


def raised(facts: Facts, most_mg: float = math.inf) -> Raised:
    """Whether one step up is due today, to so much at most; asked only where nothing else asks for anything."""
    if facts.plan is None or facts.today >= facts.plan.expires:
        return NOT_ASKED
    if facts.changed is not None and (facts.changed.pause or "resume" in facts.changed.rules):
        return _resumed(facts, most_mg)
    asked = _asked(facts)
    if asked is None:
        return NOT_ASKED
    held = tuple(_held(facts))
    if held:
        return Raised(None, tuple(Reason("held", "keep", f"A larger dose is held back: {one}") for one in held))
    unsure = _cause_first(facts) if asked.rule == "lab-says-more" else None
    if unsure is not None:
        return Raised(None, (unsure,))
    found = next_step(facts, by_lab=asked.rule == "lab-says-more")
    bound = min(daily_mg(facts.in_force) + number("step-most"), facts.most_mg, most_mg)
    if found is None or daily_mg(found) > bound + NEAR_MG:
        told = "The plan, made again with what is known today, asks for no more, or sees no dose that does."
        return Raised(None, (Reason("no-more", "keep", told),))
    return Raised(found, (asked,))


def _asked(facts: Facts) -> Reason | None:
    """Whether efficacy is looked at today, and asks for more."""
    if facts.goal.kind == "restore":
        return _by_lab(facts)
    return _by_trial(facts) if facts.goal.kind == "try" else None


def _by_lab(facts: Facts) -> Reason | None:
    """A serum that was drawn after four weeks on this dose, is new, and is low."""
    serum = latest(facts.person, "serum-magnesium")
    if serum is None or not serum_is_low(facts.person, facts.goal):
        return None
    low = serum_low_limit(facts.person, facts.goal)
    drawn = [lab for lab in labs_of(facts.person, "serum-magnesium") if lab.date == serum.date]
    if any(lab.comparator is not None or lab.value >= low for lab in drawn):
        return None
    steady = since_unchanged(facts) + timedelta(days=days_of_rule("steady"))
    if serum.date < steady or (facts.today - serum.date).days > days_of_rule("new-lab"):
        return None
    if any("no-more" in one.rules and one.day >= serum.date for one in facts.inputs.past):
        return None  # a value is looked at once
    value, unit = serum.shown
    told = (
        f"Serum magnesium of {value:g} {unit} on {serum.date}, after four weeks on this dose, is below {low:g} mmol/L"
    )
    return Reason("lab-says-more", "step_up", f"{told}, and the plan made again with it asks for more.", ("davy-rule",))


def _cause_first(facts: Facts) -> Reason | None:
    """What has to be known before a larger dose: serum alone cannot tell a poor diet from a leak through the kidney."""
    start = facts.today if facts.plan is None else facts.plan.first_taken
    urine = [lab for lab in labs_of(facts.person, "urine-magnesium-24h") if lab.date < start and _tells(facts, lab)]
    if not urine or facts.inputs.person.supplements:
        told = "Serum is still low on this dose. Before a larger one a complete 24-h urine off magnesium has to tell a "
        return Reason("cause-first", "test_first", f"{told}leak through the kidney from a poor intake.", ("davy-rule",))
    if urine[0].value > number("urine-leak"):
        told = f"The urine of {urine[0].date} speaks for a leak through the kidney: a larger dose is lost in it."
        return Reason("leak", "refer", f"{told} A kidney doctor should look.", ("davy-rule",))
    return None


def _tells(facts: Facts, urine: Lab) -> bool:
    """Whether a urine still tells the cause: complete, no bound, young enough, and nothing has moved it since."""
    young = (facts.today - urine.date).days <= OLDEST_D
    whole = urine.complete is not False and urine.comparator is None
    return whole and young and disturbed_since(urine.date, facts.person, rules()) is None


def _by_trial(facts: Facts) -> Reason | None:
    """At the look half-way a trial in this person says that it helps, and the diary that it is not enough yet."""
    if facts.plan is None or facts.inputs.trial is None:
        return None
    look = facts.plan.first_taken + timedelta(days=days_of_rule("half-way"))
    if not look <= facts.today < look + timedelta(days=days_of_rule("look-open")):
        return None
    chance, change = facts.inputs.trial.p_benefit, improvement(facts)
    sure = facts.inputs.trial.verdict == "benefit" and chance is not None and chance >= number("raise-threshold")
    if not sure or change is None or not 0 < change < number("better-share"):
        return None
    told = f"A trial in this person says that it helps, and at the look on {look} it is {100 * change:.0f} % better"
    return Reason("trial-says-more", "step_up", f"{told}: less than the 30 % that matter.", ("davy-rule",))


def _held(facts: Facts) -> Iterator[str]:
    """Everything that holds a step up back; what is not known holds it back too."""
    if any(rule in RAISES for one in facts.inputs.past for rule in one.rules if one.action == "step_up"):
        yield "under this plan one step was gone up already."
    lost = [name for name in (facts.plan.facts if facts.plan else ()) if getattr(facts.person, name) is None]
    if lost:
        yield f"the person file no longer says what it said when the plan was begun: {', '.join(lost)}."
    if any(loose(day) for day in facts.days if facts.plan is not None and day.date >= facts.plan.first_taken):
        yield "there were loose stools under this plan."
    if facts.changed is not None and facts.lowered_mg < math.inf:
        yield f"on {facts.changed.day} it went back a step."
    if (facts.today - since_unchanged(facts)).days < days_of_rule("steady"):
        yield "what is taken changed within the last four weeks."
    shares = [day.taken_share for day in facts.last_days(WINDOW_D) if day.taken_share is not None]
    if len(shares) < days_of_rule("known-days"):
        yield f"it is noted on {len(shares)} of the last {WINDOW_D} days only whether it was taken."
    elif sum(shares) / len(shares) < number("taken-share"):
        yield f"{100 * sum(shares) / len(shares):.0f} % of what was asked for was taken; more on paper is no answer."
    for one in open_confounders(facts):
        yield one.sentence


def since_unchanged(facts: Facts) -> date:
    """From when what is in force has been in force."""
    if facts.changed is not None:
        return facts.changed.day
    if facts.plan is None:
        return facts.today
    starts = [facts.plan.start + timedelta(days=step.from_day) for step in facts.plan.regimen.steps]
    return max((day for day in starts if day <= facts.today), default=facts.today)


def _resumed(facts: Facts, most_mg: float) -> Raised:
    """After a pause: the plan's first step once it was well for two days, then a step a week.

    What was lowered or stopped for another reason before or during the pause stays so.
    """
    if facts.plan is None or facts.changed is None or facts.changed.regimen is None:
        return NOT_ASKED
    now, wait = daily_mg(facts.in_force), days_of_rule("step-days")
    most = min(daily_mg(facts.scheduled), facts.most_mg, now + number("step-most"), facts.lowered_mg, most_mg)
    steps = [step for step in facts.plan.steps_until(facts.today) if now + NEAR_MG < daily_mg(step) <= most + NEAR_MG]
    if not steps:
        return NOT_ASKED
    if facts.changed.pause and not well(facts):
        told = "It stays paused until two days are noted without a sign of illness."
        return Raised(None, (Reason("sick-day", "keep", told, ("davy-rule",)),))
    if not facts.changed.pause and (facts.today - facts.changed.day).days < wait:
        return NOT_ASKED
    held = [one.sentence for one in open_confounders(facts, restoring=True)]
    if held:
        return Raised(None, tuple(Reason("held", "keep", f"The next step waits: {one}") for one in held))
    step = min(steps, key=daily_mg) if facts.changed.pause else max(steps, key=daily_mg)
    judged = check(facts.person, as_regimen(step, (facts.plan.expires - facts.today).days))
    if judged.word == "refused":
        told = f"The next step waits, since a gate refuses it: {judged.findings[0].sentence}"
        return Raised(None, (Reason("held", "refer", told, judged.findings[0].sources),))
    told = f"Well again since the pause of {facts.changed.day}" if facts.changed.pause else "A week has passed"
    return Raised(step, (Reason("resume", "step_up", f"{told}: back to {daily_mg(step):g} mg a day.", ("davy-rule",)),))


def well(facts: Facts) -> bool:
    """Whether the last two whole days are noted and hold no sign of illness."""
    wanted = {facts.today - timedelta(days=many) for many in range(1, days_of_rule("well-days") + 1)}
    noted = {day.date for day in facts.days if day.noted and day.date in wanted and not day.symptoms and not loose(day)}
    return noted == wanted
