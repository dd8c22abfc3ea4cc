"""Ways to go on from the same plan: Davy's rule, a fixed dose, the articles' daily adjustment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from davy.followup.adapt.articles_rule import adjusted, cue_of
from davy.followup.adapt.decision import Decision, Level
from davy.followup.adapt.facts import CHANGES
from davy.followup.adapt.inputs import Inputs, Past, TrialHeld, told, trimmed
from davy.followup.adapt.rule import decide
from davy.followup.adapt.virtual_life import Life
from davy.followup.adapt.virtual_person import AFTER_D, BEFORE_D, GRACE_D, PLAN_D, START, Virtual, assumed
from davy.followup.visit_plan import daily_mg
from davy.followup.visit_rules import number
from davy.people.regimen import Intake

LOOK_D = 7
DRAWS = 100


@dataclass(frozen=True)
class Made:
    """One decision on one day, and everything it rests on."""

    day: int
    inputs: Inputs
    decision: Decision


@dataclass(frozen=True)
class Lived:
    """How a policy went.

    Attributes
    ----------
    asked_mg : what it asked for on each day from the first of the plan [mg/d].
    outcome : mean of a day, in smallest differences that matter.
    loose, dosed : share of days with loose stools, and with tablets.
    """

    asked_mg: tuple[float, ...]
    outcome: float
    loose: float
    dosed: float

    def loss(self, dose: float) -> float:
        """What a day costs where a day with tablets costs so much, in smallest differences that matter."""
        return self.outcome + assumed("loss-loose") * self.loose + dose * self.dosed


def by_davy(
    person: Virtual, seed: int, trial: TrialHeld | None = None, level: Level = "L1"
) -> tuple[Lived, list[Made]]:
    """A look a week by `decide`; at L1 a suggestion is followed or not, above it what lowers acts by itself."""
    life, past, made = _begun(person, seed), list[Past](), list[Made]()
    changed: tuple[Intake, ...] | None = None
    for day in range(PLAN_D + GRACE_D):
        if day and day % LOOK_D == 0 and life.looks[day + BEFORE_D] < assumed("looks"):
            inputs = _inputs(life, day, tuple(past), trial, level)
            decision = decide(inputs)
            made.append(Made(day, inputs, decision))
            past.append(told(inputs.today, decision))
            if _acts(life, day, decision):
                changed = _taken(past, decision)
        life.live(daily_mg(changed) if changed is not None else _scheduled(person, day))
    kept = life.asked_mg[-1] if made and made[-1].decision.action != "stop" else 0.0
    for _ in range(AFTER_D - GRACE_D):
        life.live(kept)
    return _lived(life), made


def at_a_fixed_dose(person: Virtual, seed: int, mg: float | None = None) -> Lived:
    """The plan's own steps and then its full dose, whatever happens; or so much every day."""
    life = _begun(person, seed)
    for day in range(PLAN_D + AFTER_D):
        life.live(_scheduled(person, min(day, PLAN_D - 1)) if mg is None else mg)
    return _lived(life)


def by_the_articles(person: Virtual, seed: int) -> Lived:
    """The daily adjustment by the wearable."""
    life, mg = _begun(person, seed), number("articles-low")
    for _ in range(PLAN_D + AFTER_D):
        today = life.days[-1].date
        cue = cue_of(life.days[-9:], today)
        mg = adjusted(mg, None if cue is None else cue[1])
        life.live(mg)
    return _lived(life)


def at_constant_doses(person: Virtual, seed: int) -> tuple[Lived, ...]:
    """The constant doses that the plan's cap allows; the best of them is what nobody can know beforehand."""
    cap = person.archetype.plan.cap_mg or person.archetype.full_mg
    doses = sorted({0.0, 100.0, 200.0, person.archetype.full_mg, cap})
    return tuple(at_a_fixed_dose(person, seed, mg) for mg in doses if mg <= cap)


def _begun(person: Virtual, seed: int) -> Life:
    life = Life(person, seed)
    for _ in range(BEFORE_D):
        life.live(0.0)
    return life


def _lived(life: Life) -> Lived:
    parts = life.parts[BEFORE_D:]
    outcome, loose, dosed = (math.fsum(part[place] for part in parts) / len(parts) for place in range(3))
    return Lived(tuple(life.asked_mg[BEFORE_D:]), outcome, loose, dosed)


def _scheduled(person: Virtual, day: int) -> float:
    return daily_mg(person.archetype.plan.intakes_on(START + timedelta(days=day)))


def _taken(past: list[Past], decision: Decision) -> tuple[Intake, ...] | None:
    """What is taken from now on; None while the plan's own schedule goes on."""
    return decision.regimen if any(one.action in CHANGES for one in past) else None


def _acts(life: Life, day: int, decision: Decision) -> bool:
    lowers = decision.action in ("step_down", "stop")
    by_itself = decision.autonomy == "L3" or (decision.autonomy == "L2" and lowers)
    return by_itself or bool(life.accepts[day + BEFORE_D] < assumed("accepts"))


def _inputs(life: Life, day: int, past: tuple[Past, ...], trial: TrialHeld | None, level: Level) -> Inputs:
    today, archetype = START + timedelta(days=day), life.person.archetype
    update: dict[str, object] = {
        "today": today,
        "labs": (*archetype.person.labs, *life.labs(today)),
        "medicines": life.medicines(today),
    }
    if level != "L1":
        update["profile"] = "research"
    person = archetype.person.model_copy(update=update)
    known = Inputs(person, tuple(life.days), begun=archetype.begun, past=past, trial=trial, level=level, draws=DRAWS)
    return trimmed(known)
