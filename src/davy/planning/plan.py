"""From a person to a plan. Read `plan` aloud: it is the one way down, and values come back up.

First safety alone, with nothing simulated; then what the labs teach; then real candidates, all in one batch, each
before the same gates; then the rule of the goal. The parameter set changes what is foreseen, never what may be.
"""

from __future__ import annotations

from dataclasses import dataclass

from davy.forecast.outcome import Forecast
from davy.people.person import Person
from davy.planning.answer import Outcome, handed_out, refusal, tested
from davy.planning.articles import Protocol, as_candidate, protocol_for
from davy.planning.goals import Aim, aim_of
from davy.planning.ground import Ask, Ground, survey
from davy.planning.insight import Insight, learn, status_of
from davy.planning.known import PersonStatus
from davy.planning.outlook import days_for
from davy.planning.proposal import propose
from davy.planning.redecision import Standing
from davy.planning.result import ParameterSet, Plan
from davy.planning.situation import Dosing, words_of
from davy.planning.weighing import Weighed, choose, choose_like_articles, weigh


def plan(person: Person, *, parameter_set: ParameterSet = "literature", seed: int = 0, draws: int = 500) -> Plan:
    """A magnesium plan for one person, or a refusal that is filled in as carefully.

    Parameters
    ----------
    person : who asks, read by `davy.read_person`.
    parameter_set : "articles" lets the articles' protocol and parameters drive, through the same gates and caps.
    seed : with the person's id it decides every random stream; the same seed gives the same bytes.
    draws : how many plausible versions of the person are simulated.
    """
    return foreseen(person, parameter_set=parameter_set, seed=seed, draws=draws).plan


@dataclass(frozen=True)
class Foreseen:
    """A plan with the forecast of what it holds; None where nothing is added."""

    plan: Plan
    forecast: Forecast | None


def foreseen(
    person: Person, *, parameter_set: ParameterSet = "literature", seed: int = 0, draws: int = 500
) -> Foreseen:
    """A plan as `plan` makes it, with its forecast in every draw."""
    ground = survey(person, Ask(parameter_set, seed, draws))
    if ground.refused:
        return Foreseen(refusal(ground), None)
    outcome = outcome_of(ground, learn(person, parameter_set, draws=draws, seed=seed))
    return Foreseen(handed_out(ground, outcome), outcome.chosen.forecast if outcome.added else None)


def status(person: Person, *, parameter_set: ParameterSet = "literature", seed: int = 0, draws: int = 500) -> Known:
    """What is known of a person, and which tests would change their plan; also of a person whom safety refuses."""
    ground = survey(person, Ask(parameter_set, seed, draws))
    insight = learn(person, parameter_set, draws=draws, seed=seed)
    standing = Standing(ground) if ground.refused else outcome_of(ground, insight).standing(ground)
    return Known(insight, tested(status_of(person, insight.posterior), standing))


@dataclass(frozen=True)
class Known:
    """What the labs teach about a person, in full and as it is shown."""

    insight: Insight
    status: PersonStatus


def outcome_of(ground: Ground, insight: Insight) -> Outcome:
    """Candidates before the judges, and what the rule takes."""
    person, parameter_set = ground.person, ground.ask.parameter_set
    aim = aim_of(person, renal_leak=insight.renal_leak, pause_d=ground.pause_d)
    protocol = protocol_of(ground, aim)

    frame = ground.frame(aim, insight.start)
    driven = protocol if parameter_set == "articles" else None
    candidates = propose(frame, aim, short_mg=ground.advice.short_mg, protocol=driven)
    articles = as_candidate(protocol, frame)

    weighed = weigh(person, [*candidates, *articles], insight, days_for(aim, frame.end_d))
    own, theirs = weighed[: len(candidates)], next(iter(weighed[len(candidates) :]), None)
    chosen, reached = chosen_of(own, aim, ground, driven)
    return Outcome(aim, insight, own, chosen, reached, protocol, theirs, driven is not None)


def protocol_of(ground: Ground, aim: Aim) -> Protocol:
    """The articles' lines that hold for this person."""
    return protocol_for(words_of(ground.person, aim, Dosing(True, False, ground.serum_early, ground.ask.parameter_set)))


def chosen_of(weighed: list[Weighed], aim: Aim, ground: Ground, driven: Protocol | None) -> tuple[Weighed, bool]:
    """What the rule takes; nothing added, and nothing reached, where it finds nothing allowed."""
    if driven is not None:
        taken = choose_like_articles(weighed, aim, form=driven.form, wanted_mg=driven.wanted_mg)
    else:
        taken = choose(weighed, aim, short_mg=ground.advice.short_mg)
    return taken if taken is not None else (weighed[0], False)
