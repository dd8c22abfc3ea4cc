"""Where serum may go on what the plan still asks for: the forecast gate again, with the laboratory values of today.

The gate that every plan passes when it is begun (CLINICAL.md 4) is passed again when a value is there that it did not
know. Nothing here raises a dose: it bounds it.
"""

from __future__ import annotations

from collections.abc import Iterator

from davy.errors import FitError, SolveError
from davy.followup.adapt.decision import Foreseen, Reason
from davy.followup.adapt.facts import NEAR_MG, Facts, as_regimen
from davy.followup.adapt.labs_known import READ, mark_of
from davy.followup.adapt.taken import as_taken
from davy.followup.visit_plan import daily_mg
from davy.people.regimen import Intake
from davy.planning.insight import learn
from davy.planning.weighing import PREDICTED_SERUM
from davy.safety.check import check_each
from davy.safety.verdict import Finding, Verdict

_UNTOLD = "What is taken cannot be foreseen with the laboratory values of today, so no gate has judged it."


def foreseen(facts: Facts) -> Foreseen | None:
    """What the gate says with today's values; None where no value is new, and as told before where none is since."""
    if facts.plan is None or not (facts.in_force or (facts.changed is not None and facts.changed.pause)):
        return None
    mark = mark_of(facts.person.labs)
    told = next((one.foreseen for one in reversed(facts.inputs.past) if one.foreseen is not None), None)
    if told is not None and told.mark == mark:
        return told
    return _judged(facts, mark) if _new(facts, mark) else None


def bounded(facts: Facts, told: Foreseen | None) -> Iterator[Reason]:
    """The bound that the gate sets: a step back, a stop where there is no smaller one, or no further step."""
    if told is None:
        return
    if told.said == _UNTOLD:  # what could not be judged is bounded by what was taken then, and somebody has to look
        yield Reason("forecast", "refer", told.said, ("davy-rule",), told.most_mg)
        return
    if told.most_mg is None:
        return
    less = daily_mg(facts.below(told.most_mg))
    action = "keep" if daily_mg(facts.in_force) <= told.most_mg + NEAR_MG else "step_down"
    if action == "step_down" and less <= daily_mg(facts.prescribed) + NEAR_MG:
        action = "stop"
    yield Reason("forecast", action, told.said, told.sources, told.most_mg)


def _new(facts: Facts, mark: str) -> bool:
    """Whether a value is there that was not when the plan was begun; where that was not kept, one drawn since."""
    if facts.plan is None or facts.plan.labs_mark is not None:
        return facts.plan is not None and facts.plan.labs_mark != mark
    return any(lab.test in READ and lab.date >= facts.plan.start for lab in facts.person.labs)


def _judged(facts: Facts, mark: str) -> Foreseen:
    """The largest of the doses that may be in force until the plan ends which passes, every smaller one with it."""
    doses = _doses(facts)
    try:
        refused = [_refusal(verdict) for verdict in _verdicts(facts, doses)]
    except (FitError, SolveError):
        return Foreseen(mark, daily_mg(facts.in_force), _UNTOLD)
    most = 0.0
    for dose, finding in zip(doses, refused, strict=True):
        if finding is not None:
            return Foreseen(mark, most, f"On {daily_mg(dose):g} mg a day: {finding.sentence}", finding.sources)
        most = daily_mg(dose)
    return Foreseen(mark, None)


def _doses(facts: Facts) -> list[tuple[Intake, ...]]:
    """What is in force, and every step of the plan, the smallest first."""
    steps = () if facts.plan is None else tuple(step.intakes for step in facts.plan.regimen.steps)
    return sorted({daily_mg(one): one for one in (*steps, facts.in_force) if one}.values(), key=daily_mg)


def _verdicts(facts: Facts, doses: list[tuple[Intake, ...]]) -> tuple[Verdict, ...]:
    inputs, person = facts.inputs, as_taken(facts)
    left = 1 if facts.plan is None else (facts.plan.expires - facts.today).days
    regimens = [as_regimen(dose, left) for dose in doses]
    insight = learn(person, inputs.parameter_set, draws=inputs.draws, seed=inputs.seed)
    return check_each(facts.person, list(zip(regimens, insight.worst(regimens), strict=True)))


def _refusal(verdict: Verdict) -> Finding | None:
    return next((one for one in verdict.findings if one.gate == PREDICTED_SERUM and one.severity == "refuse"), None)
