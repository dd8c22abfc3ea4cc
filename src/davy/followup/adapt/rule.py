"""The decision: the worst of all that speaks, within every cap; read `decide` aloud.

Harm acts at once. Efficacy is looked at on the pre-set days alone. What is missing or in doubt may lower and never
raise. What Davy did not begin, and what is prescribed, it does not stop: it refers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from davy.followup.adapt.autonomy import level_of
from davy.followup.adapt.days_needed import days_needed
from davy.followup.adapt.decision import WORST_FIRST, Action, BenefitHeld, CapHeld, Decision, Reason
from davy.followup.adapt.duties import ending, gates, improvement, late_tests, missing
from davy.followup.adapt.facts import NEAR_MG, Facts, facts_of
from davy.followup.adapt.forecast_gate import bounded, foreseen
from davy.followup.adapt.harm import harms, left_after, sick
from davy.followup.adapt.inputs import Inputs
from davy.followup.adapt.raising import raised
from davy.followup.adapt.unread import unread_tests
from davy.followup.visit_plan import daily_mg
from davy.followup.visit_rules import days as days_of_rule
from davy.people.regimen import Intake
from davy.safety.check import screen


def decide(inputs: Inputs) -> Decision:
    """What to do until the next look, from what is known on the day: the same inputs give the same decision."""
    facts = facts_of(inputs)
    if inputs.stopped is not None:
        told = f"All suggestions were ended here on {inputs.stopped}. This page only tells what was recorded."
        return Decision("keep", None, (Reason("stopped", "keep", told),), _caps(facts), _benefit(facts), None, "L0")
    judged = (*harms(facts), *gates(facts))
    told = None if any(one.action == "stop" for one in judged) else foreseen(facts)
    found = _once((*judged, *bounded(facts, told), *late_tests(facts), *unread_tests(facts), *ending(facts)))
    action, left = _cautious(facts, found)
    if all(one.action == "keep" for one in found):
        up = raised(facts, min((one.most_mg for one in found if one.most_mg is not None), default=math.inf))
        found = (*found, *up.reasons)
        action, left = _cautious(facts, found) if up.regimen is None else ("step_up", up.regimen)
    found = (*found, *_prescribed(found, left)) or (Reason("nothing", "keep", _nothing(facts)),)
    return Decision(
        action=action,
        regimen=left if facts.plan is not None else None,
        reasons=_ordered(found, action),
        caps=_caps(facts),
        benefit=_benefit(facts),
        expires=_until(facts, action),
        autonomy=level_of(facts),
        days_needed=days_needed(facts),
        pause=action == "stop" and _only_sick(facts, found),
        foreseen=told,
    )


NO_CHANGE: Action = "keep"
_ENDS = ("trial-end", "expired", "lapsed")
"""Stops that no harm asks for."""


def _only_sick(facts: Facts, found: tuple[Reason, ...]) -> bool:
    """Whether a sick day alone stops it, which is a pause: without the illness the gates would not refuse either."""
    ill = set(sick(facts))
    other = any(one.action == "stop" and one.rule not in ("sick-day", "gates") for one in found)
    if not ill or other or facts.lowered_mg < NEAR_MG:
        return False
    rest = tuple(name for name in facts.person.symptoms if name not in ill)
    return screen(facts.person.model_copy(update={"symptoms": rest})).verdict.word != "refused"


def _cautious(facts: Facts, found: tuple[Reason, ...]) -> tuple[Action, tuple[Intake, ...]]:
    """The worst word, and what every bound together leaves of what is in force."""
    action: Action = min([one.action for one in found] or [NO_CHANGE], key=WORST_FIRST.index)
    most = min((one.most_mg for one in found if one.most_mg is not None), default=math.inf)
    left = left_after(facts, min(most, facts.most_mg))
    if action in ("keep", "test_first", "refer") and daily_mg(left) < daily_mg(facts.in_force) - NEAR_MG:
        action = "step_down" if action != "refer" else action
    return action, left


def _prescribed(found: tuple[Reason, ...], left: tuple[Intake, ...]) -> Iterator[Reason]:
    """What is prescribed goes on where the rest stops for harm: whoever prescribed it has to be asked at once."""
    if left and any(one.action == "stop" and one.rule not in _ENDS for one in found):
        names = ", ".join(dict.fromkeys(one.product or one.form for one in left))
        told = f"{names}: prescribed, so Davy does not stop it. Ask whoever prescribed it before the next dose."
        yield Reason("prescribed", "refer", told, ("davy-rule",))


def _once(found: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Each sentence once."""
    return tuple({one.sentence: one for one in reversed(found)}.values())[::-1]


def _ordered(found: tuple[Reason, ...], action: Action) -> tuple[Reason, ...]:
    """The worst first; what a step up rests on before what merely goes on."""
    return tuple(sorted(found, key=lambda one: (one.action != action, WORST_FIRST.index(one.action))))


def _nothing(facts: Facts) -> str:
    if not facts.taking:
        return "Nothing is taken besides food, and nothing that was recorded asks for a change."
    return "Nothing that was recorded speaks against what is taken, and no test is due."


def _caps(facts: Facts) -> tuple[CapHeld, ...]:
    """Every cap of today and that of the plan; the least binds."""
    held = [(cap.name, cap.elemental_mg_per_day, cap.sources) for cap in facts.screened.caps]
    if facts.plan is not None and facts.plan.cap_mg is not None:
        held.append(("plan", facts.plan.cap_mg, ("davy-rule",)))
    least = min(range(len(held)), key=lambda place: held[place][1])
    return tuple(CapHeld(name, mg, place == least, sources) for place, (name, mg, sources) in enumerate(held))


def _benefit(facts: Facts) -> BenefitHeld | None:
    key = facts.goal.baseline_key
    if key is None or facts.plan is None:
        return None
    latest = None if facts.judged is None else facts.judged.figure(key).value
    baseline = None if facts.before is None else facts.before.value
    return BenefitHeld(key, baseline, latest, improvement(facts), facts.today >= facts.plan.expires)


def _until(facts: Facts, action: Action) -> date | None:
    """Until when it holds: the next test that is due, the end of the plan, and then until a new one has to stand.

    While a test is missing, until the word changes for it.
    """
    if facts.plan is None:
        return None
    today, overdue = facts.today, timedelta(days=days_of_rule("overdue"))
    if today >= facts.plan.expires:
        last = facts.plan.expires + overdue
        return last if today <= last else None
    lapsed = timedelta(days=days_of_rule("lapsed"))
    late = [due.on + wait for due in missing(facts, facts.plan) for wait in (overdue, lapsed)]
    ahead = [due.on for due in facts.plan.due]
    return min(day for day in (*ahead, *late, facts.plan.expires) if day > today)
