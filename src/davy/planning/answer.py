"""From what was weighed to the plan that is handed out: every field of the contract, filled."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from davy import __version__
from davy.body.model import Model
from davy.engine.solve import build
from davy.people.person import Person
from davy.people.regimen import NO_SUPPLEMENT
from davy.planning.alternatives import rejected
from davy.planning.articles import Protocol, protocol_for
from davy.planning.benefit import benefits
from davy.planning.comparison import compare, compared_forms, same_dose
from davy.planning.disagreements import disagreements
from davy.planning.goals import Aim, aim_of
from davy.planning.ground import Ask, Ground
from davy.planning.insight import Insight, status_of
from davy.planning.known import PersonStatus
from davy.planning.monitoring import checks, prediction_day, stop_rules, timeline
from davy.planning.next_tests import NO_FURTHER_TEST, REPEAT, next_tests
from davy.planning.outlook import expected, median_serum, prediction, targets
from davy.planning.present import current_items
from davy.planning.redecision import Standing
from davy.planning.result import Alternative, ArticlesPlan, FormCompared, Plan, PlannedRegimen
from davy.planning.risk import adherence_of, by_dose, follow_up_lab, ladder_of
from davy.planning.shown import planned
from davy.planning.situation import Dosing, words_of
from davy.planning.unknowns import unknown_costs
from davy.planning.weighing import Weighed
from davy.planning.wording import (
    articles_dose,
    baseline_first,
    bottom_line,
    bottom_line_food,
    bottom_line_refused,
    food_findings,
    food_first,
    food_referrals,
    no_supplement,
    nothing_may_be_added,
    out_of_reach,
    renal_workup,
    trial_dose,
)
from davy.safety.verdict import Finding, Referral, Verdict, verdict_of
from davy.tables import knowledge_fingerprint

UNKNOWN_STATUS = PersonStatus("population", {}, None, None, (), ())


def tested(status: PersonStatus, standing: Standing) -> PersonStatus:
    """The status with the tests that would change this plan; that there is none is an answer too."""
    tests = next_tests(standing)
    none = f"{NO_FURTHER_TEST} {REPEAT}" if status.set_aside else NO_FURTHER_TEST
    return replace(status, next_tests=tests, next_tests_said="" if tests else none)


@dataclass(frozen=True)
class Outcome:
    """What the weighing came to.

    Attributes
    ----------
    chosen : what the rule took; its product is None where nothing is added.
    reached : whether it reaches what the goal asks for.
    articles : the articles' own regimen before the same judges; None where they give nothing.
    driven : the articles' protocol drove the choice.
    """

    aim: Aim
    insight: Insight
    weighed: Sequence[Weighed]
    chosen: Weighed
    reached: bool
    protocol: Protocol
    articles: Weighed | None
    driven: bool

    @property
    def added(self) -> bool:
        """Whether a product is taken on top of what stays."""
        return self.chosen.candidate.product is not None

    def standing(self, ground: Ground) -> Standing:
        """What the plan stands on, so that it can be decided again."""
        place = next(at for at, one in enumerate(self.weighed) if one is self.chosen)
        driving = self.protocol if self.driven else None
        return Standing(ground, self.aim, self.insight, self.weighed, place, driving)


def refusal(ground: Ground) -> Plan:
    """The plan of a person whom safety refuses: no regimen, nothing simulated, and all else that still helps."""
    person = ground.person
    aim = aim_of(person)
    words = words_of(person, aim, Dosing(False, False, ground.serum_early, ground.ask.parameter_set))
    line = bottom_line_refused(ground.screened, ground.refer)
    return replace(
        _bare(
            ground,
            verdict_of((*ground.screened.findings, *food_findings(ground.advice))),
            tested(UNKNOWN_STATUS, Standing(ground)),
        ),
        refer=(*ground.refer, *food_referrals(ground.advice)),
        current=current_items(person, None, refused=True, met=False),
        food=ground.advice.portions,
        total_nonfood_mg_per_day=round(
            sum((product.item.best or 0.0 for product in ground.products if product.stands), 0.0), 1
        ),
        benefit=benefits(person, None, None),
        stop_rules=stop_rules(words),
        disagreements=disagreements(words, dose_mg=None, cap_mg=ground.cap.elemental_mg_per_day),
        as_the_articles_say=_articles_refused(ground.screened, words),
        bottom_line=line,
    )


def handed_out(ground: Ground, outcome: Outcome) -> Plan:
    """The plan of a person whom safety does not refuse."""
    person, chosen, aim = ground.person, outcome.chosen, outcome.aim
    words = words_of(person, aim, _dosing(ground, outcome))
    found, referrals = _found(ground, outcome)
    dose = chosen.candidate.total_mg if outcome.added else None
    foretold = outcome.added or "lab-goal" in words
    leaking = (renal_workup(person),) if outcome.insight.renal_leak else ()
    plan = replace(
        _bare(
            ground,
            verdict_of((*chosen.verdict.findings, *found, *food_findings(ground.advice))),
            tested(status_of(person, outcome.insight.posterior), outcome.standing(ground)),
        ),
        current=current_items(person, chosen.candidate, refused=False, met=outcome.reached),
        food=ground.advice.portions,
        total_nonfood_mg_per_day=round(chosen.candidate.total_mg, 1),
        alternatives=_alternatives(ground, outcome),
        targets=targets(chosen.forecast, aim),
        expected=expected(chosen.forecast),
        benefit=benefits(person, dose, chosen.candidate.form if outcome.added else None),
        prediction_to_check=prediction(person, chosen.forecast, prediction_day(words, start_d=aim.lead_d))
        if foretold
        else None,
        monitoring=checks(person, words, ground.due, start_d=aim.lead_d),
        stop_rules=stop_rules(words),
        refer=tuple(dict.fromkeys((*ground.refer, *referrals, *leaking, *food_referrals(ground.advice)))),
        disagreements=disagreements(words, dose_mg=dose, cap_mg=ground.cap.elemental_mg_per_day),
        as_the_articles_say=_articles(ground, outcome),
        form_comparison=_comparison(outcome),
        fingerprints=fingerprints(person, ground.ask, outcome.insight.model),
    )
    if not outcome.added:
        line = bottom_line_food(found[0], plan.food, plan.unknowns)
        return replace(plan, bottom_line=line)
    return _with_regimen(plan, ground, outcome, words)


def _with_regimen(plan: Plan, ground: Ground, outcome: Outcome, words: AbstractSet[str]) -> Plan:
    """The plan with what is taken, when it should show, and the value that can prove it wrong."""
    aim, chosen = outcome.aim, outcome.chosen
    regimen = _planned(ground, chosen, (*aim.goal.source, "f-165"))
    full_d = max(step.from_day for step in regimen.steps)
    ladder = ladder_of(outcome.weighed, chosen, aim, outcome.insight.posterior.draws.taken_share)
    plan = replace(
        plan,
        regimen=regimen,
        timeline=timeline(words, start_d=aim.lead_d, full_dose_d=full_d),
        by_dose=by_dose(ladder, outcome.weighed, chosen, aim, ground.cap.elemental_mg_per_day),
        adherence=adherence_of(ground.person, ladder, chosen, aim),
        follow_up_lab=follow_up_lab(ground.person, chosen, aim.lead_d),
    )
    return replace(plan, bottom_line=bottom_line(ground.person, plan, aim, chosen.candidate))


def _bare(ground: Ground, verdict: Verdict, status: PersonStatus) -> Plan:
    """A plan with nothing in it but who, how, the verdict, the caps and the fingerprints."""
    person, ask = ground.person, ground.ask
    return Plan(
        davy=__version__,
        person=person.id,
        profile=person.profile,
        parameter_set=ask.parameter_set,
        seed=ask.seed,
        today=person.today.isoformat(),
        verdict=verdict,
        caps=ground.caps_shown(),
        status=status,
        current=(),
        food=(),
        regimen=None,
        total_nonfood_mg_per_day=0.0,
        alternatives=(),
        targets=(),
        expected=(),
        prediction_to_check=None,
        benefit=(),
        monitoring=(),
        stop_rules=(),
        refer=ground.refer,
        disagreements=(),
        as_the_articles_say=None,
        fingerprints=fingerprints(person, ask),
        unknowns=unknown_costs(person),
    )


def _found(ground: Ground, outcome: Outcome) -> tuple[tuple[Finding, ...], tuple[Referral, ...]]:
    """What the weighing itself has to say, and to whom it refers."""
    aim, chosen = outcome.aim, outcome.chosen
    serum = median_serum(chosen.forecast, aim.by_day)
    dose, cap_mg = chosen.candidate.total_mg, ground.cap.elemental_mg_per_day
    room = any(one.candidate.product is not None for one in outcome.weighed)
    if outcome.driven:
        return (articles_dose(aim, outcome.protocol, dose, cap_mg),), ()
    if aim.kind == "try" and outcome.added:
        first = (baseline_first(aim),) if aim.diary_d else ()
        return (trial_dose(aim, dose, cap_mg, reached=outcome.reached), *first), ()
    short = aim.low is not None and serum < aim.low
    if aim.kind == "restore" and short and room:
        finding, referral = out_of_reach(
            ground.person, aim, serum, added=outcome.added, leak=outcome.insight.renal_leak
        )
        return (finding, *_without(outcome)), (referral,)
    if outcome.added:
        return (), ()
    if short or not outcome.reached:
        return (nothing_may_be_added(ground.cap), *_without(outcome)), ()
    return (food_first(ground.person, aim, ground.advice, serum=serum if aim.kind == "restore" else None),), ()


def _without(outcome: Outcome) -> tuple[Finding, ...]:
    """That food comes first; or why safety refuses every candidate that the goal asks for."""
    if outcome.added:
        return ()
    added = [one for one in outcome.weighed if one.candidate.product is not None]
    if not added or not all(one.refused for one in added):
        return (no_supplement(),)
    least = min(added, key=lambda one: one.candidate.total_mg)
    return tuple(finding for finding in least.verdict.findings if finding.severity == "refuse")


def _dosing(ground: Ground, outcome: Outcome) -> Dosing:
    above = outcome.chosen.candidate.total_mg > ground.upper_mg
    return Dosing(outcome.added, above, ground.serum_early, ground.ask.parameter_set)


def _planned(ground: Ground, one: Weighed, sources: tuple[str, ...]) -> PlannedRegimen:
    return planned(one.candidate.regimen, apart=ground.apart, sources=sources)


def _alternatives(ground: Ground, outcome: Outcome) -> tuple[Alternative, ...]:
    told = rejected(ground.person, outcome.weighed, outcome.chosen, outcome.aim)
    return tuple(Alternative(_planned(ground, one, ()), one.verdict.word, chance, why) for one, chance, why in told)


def _comparison(outcome: Outcome) -> tuple[FormCompared, ...]:
    """Each form at the dose of the plan; nothing to compare where nothing is taken."""
    if not outcome.added:
        return ()
    regimen = outcome.chosen.candidate.regimen
    *steady, without = outcome.insight.settle(
        [*(same_dose(regimen, row.id) for row in compared_forms()), NO_SUPPLEMENT]
    )
    return compare(regimen, outcome.chosen.candidate.form, steady, without)


def _articles(ground: Ground, outcome: Outcome) -> ArticlesPlan:
    """What the articles give this person, judged by the same gates; a refused dose is only told."""
    protocol, one = outcome.protocol, outcome.articles
    if one is None:
        said = " ".join(protocol.sentences)
        return ArticlesPlan(None, outcome.chosen.verdict.word, (), (), said, protocol.claim_ids)
    judged = "The same gates refuse it." if one.refused else "The same gates let it pass."
    said = " ".join(
        (*protocol.sentences, f"Taken at its low end that is {one.candidate.added_mg:g} mg a day here. {judged}")
    )
    regimen = None if one.refused else _planned(ground, one, protocol.claim_ids)
    shown = () if one.refused else expected(one.forecast)
    return ArticlesPlan(regimen, one.verdict.word, one.verdict.findings, shown, said, protocol.claim_ids)


def _articles_refused(verdict: Verdict, words: AbstractSet[str]) -> ArticlesPlan:
    protocol = protocol_for(words)
    found = tuple(finding for finding in verdict.findings if finding.severity == "refuse")
    said = " ".join((*protocol.sentences, "The gates that refuse a plan here refuse this too."))
    return ArticlesPlan(None, "refused", found, (), said, protocol.claim_ids)


def fingerprints(person: Person, ask: Ask, model: Model | None = None) -> dict[str, str]:
    """What a plan was made of; model and engine are empty where nothing was simulated."""
    text = f"{person.model_dump_json()}|{ask.parameter_set}|{ask.seed}|{ask.draws}"
    return {
        "model": "" if model is None else model.fingerprint,
        "knowledge": knowledge_fingerprint(),
        "engine": "" if model is None else build(model).fingerprint,
        "input": hashlib.sha256(text.encode()).hexdigest(),
    }
