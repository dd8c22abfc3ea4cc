"""The next step up as real units at real times, within every cap, and judged by the gates with a forecast."""

from __future__ import annotations

from dataclasses import replace

from davy.followup.adapt.facts import NEAR_MG, Facts, as_regimen
from davy.followup.visit_plan import daily_mg
from davy.followup.visit_rules import days as days_of_rule
from davy.followup.visit_rules import number
from davy.people.regimen import Intake
from davy.people.vocabulary import ProductRow, products
from davy.planning.candidates import Frame, candidates_at, doses_of
from davy.planning.ground import Ask, survey
from davy.planning.insight import learn
from davy.planning.plan import plan as planned
from davy.safety.check import check


def next_step(facts: Facts, *, by_lab: bool) -> tuple[Intake, ...] | None:
    """One step more than is in force; None where nothing asks for it, the caps leave no room or a gate refuses.

    Parameters
    ----------
    by_lab : the plan made again with the new laboratory value says how much; else the doses of trials do.
    """
    now = daily_mg(facts.in_force)
    most = min(now + number("step-most"), facts.most_mg)
    main = _product(facts.in_force)
    if main is None or most <= now + NEAR_MG:
        return None
    wanted = _wanted(facts) if by_lab else facts.goal.trial_high_mg or now
    most = min(most, wanted)
    for intakes in _larger(facts, main, most):
        if not _refused(facts, intakes):
            return intakes
    return None


def _wanted(facts: Facts) -> float:
    """What the plan asks for, made again with everything that is known today; 0 where no dose would do [mg/d]."""
    inputs = facts.inputs
    made = planned(facts.person, parameter_set=inputs.parameter_set, seed=inputs.seed, draws=inputs.draws)
    reaches = any(target.probability >= 0.5 for target in made.targets)
    return made.total_nonfood_mg_per_day if reaches and made.regimen is not None else 0.0


def _larger(facts: Facts, main: ProductRow, most: float) -> list[tuple[Intake, ...]]:
    """More of the product that is taken, the rest as it is; the largest within the bound first."""
    rest = tuple(one for one in facts.in_force if one.product != main.label)
    now, room = daily_mg(facts.in_force), most - daily_mg(rest)
    ground = survey(facts.person, Ask(facts.inputs.parameter_set, facts.inputs.seed, facts.inputs.draws))
    frame = Frame(room + NEAR_MG, ground.times, 0, days_of_rule("plan-days"))
    found: list[tuple[Intake, ...]] = []
    for dose in sorted(doses_of(main, room + NEAR_MG), reverse=True):
        made = next(iter(candidates_at(frame, main, dose)), None)
        if made is not None and now + NEAR_MG < dose + daily_mg(rest) <= most + NEAR_MG:
            named = (replace(one, product=main.label) for one in made.own.steps[-1].intakes)
            found.append((*rest, *named))
    return found


def _product(intakes: tuple[Intake, ...]) -> ProductRow | None:
    """The one product that is taken, as plans name it; None where there is none that Davy knows, or more than one."""
    named = {one.product for one in intakes}
    found = [row for row in products() if row.label in named]
    return found[0] if len(found) == 1 else None


def _refused(facts: Facts, intakes: tuple[Intake, ...]) -> bool:
    """Whether a gate refuses it, the predicted serum among them."""
    left = facts.plan.expires - facts.today if facts.plan is not None else None
    regimen = as_regimen(intakes, 1 if left is None else left.days)
    inputs = facts.inputs
    insight = learn(facts.person, inputs.parameter_set, draws=inputs.draws, seed=inputs.seed)
    (worst,) = insight.worst([regimen])
    return check(facts.person, regimen, worst).word == "refused"
