"""What each dose does and what missed doses cost: chances with their errors, held against simulations."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.rooms.planning.test_next_tests import KIDNEY, serum, someone

from davy.forecast.outcome import Draws
from davy.planning.ground import Ask, survey
from davy.planning.insight import learn
from davy.planning.outlook import monte_carlo_error, serum_on
from davy.planning.plan import outcome_of, plan
from davy.planning.result import Plan
from davy.planning.risk import ladder_of
from davy.planning.stools import loose_stools, stool_trials
from davy.planning.weighing import PREDICTED_SERUM

DRAWS = 200


@cache
def planned(goal: str = "repletion", more: str = "") -> Plan:
    return plan(someone(KIDNEY, serum(0.70), goal=goal, more=more), draws=DRAWS)


def test_every_dose_has_its_chances() -> None:
    made = planned()
    assert made.regimen is not None
    doses = [one.elemental_mg_per_day for one in made.by_dose]
    assert doses == sorted(doses)
    assert doses[0] == 0
    assert doses[-1] == 250
    assert [one.elemental_mg_per_day for one in made.by_dose if one.chosen] == [made.total_nonfood_mg_per_day]
    for one in made.by_dose:
        assert one.probability is not None
        assert 0 <= one.probability <= 1
        assert 0 <= one.above_limit <= 1
        assert one.loose_stools_low <= one.loose_stools <= one.loose_stools_high
        assert one.above_limit_mc_error > 0
    stools = [one.loose_stools for one in made.by_dose]
    medians = [one.serum_p50 for one in made.by_dose]
    assert stools == sorted(stools)
    assert medians == sorted(medians)


def test_the_chance_of_the_chosen_dose_is_that_of_the_target() -> None:
    made = planned()
    (target,) = made.targets
    (chosen,) = [one for one in made.by_dose if one.chosen]
    assert chosen.probability == pytest.approx(target.probability, abs=1e-12)
    assert chosen.mc_error == pytest.approx(target.mc_error, abs=1e-12)


def test_a_trial_without_a_lab_target_still_tells_the_risks() -> None:
    made = planned("migraine-prevention")
    assert made.by_dose
    assert all(one.probability is None for one in made.by_dose)
    assert any(one.verdict is None for one in made.by_dose)  # read between what was simulated


def test_a_refusal_has_none() -> None:
    made = planned(more="conditions: [myasthenia-gravis]")
    assert made.verdict.word == "refused"
    assert made.by_dose == ()
    assert made.adherence is None
    assert made.follow_up_lab is None


@pytest.mark.parametrize(("count", "draws"), [(0, 500), (250, 500), (500, 500), (3, 40)])
def test_none_of_many_draws_is_not_impossible(count: int, draws: int) -> None:
    error = monte_carlo_error(count, draws)
    plain = (count / draws * (1 - count / draws) / draws) ** 0.5
    assert error > 0
    assert error == pytest.approx(plain, abs=0.6 / draws**0.5 * 0.3)


def test_missed_doses_are_read_as_they_would_be_simulated() -> None:
    """Six of ten doses by the ladder against the same regimen with that share swallowed."""
    who = someone(KIDNEY, serum(0.70))
    ground, insight = survey(who, Ask("literature", 0, 120)), learn(who, "literature", draws=120, seed=0)
    outcome = outcome_of(ground, insight)
    draws = insight.posterior.draws
    chosen = max(outcome.weighed, key=lambda one: one.candidate.total_mg)
    ladder = ladder_of(outcome.weighed, chosen, outcome.aim, draws.taken_share)
    read = ladder.at(chosen.candidate.total_mg * 0.6 / ladder.taken)
    missing = Draws(draws.names, draws.values, draws.intake_mmol_per_d, np.full(len(draws.values), 0.6))
    apart = replace(insight, posterior=replace(insight.posterior, draws=missing))
    (simulated,) = apart.foresee([chosen.candidate.regimen], chosen.forecast.day[1:])
    assert np.abs(read - serum_on(simulated, outcome.aim.by_day)).max() < 0.006


def test_missed_doses_cost_something_and_are_told() -> None:
    made = planned()
    assert made.adherence is not None
    shares = [one.share for one in made.adherence.at]
    medians = [one.serum_mmol_per_L.p50 for one in made.adherence.at]
    chances = [one.probability for one in made.adherence.at]
    assert shares == [1.0, 0.8, 0.6]
    assert medians == sorted(medians, reverse=True)
    assert None not in chances
    assert chances == sorted(chances, reverse=True)  # type: ignore[type-var]
    assert "6 of 10" in made.adherence.sentence
    assert made.adherence.assumed.p05 < made.adherence.assumed.p50 <= 1.05


def test_a_lab_is_drawn_once_the_signal_is_above_the_noise() -> None:
    made = planned()
    found = made.follow_up_lab
    assert found is not None
    (level,) = [one for one in made.expected if one.output == "serum_mmol_per_L"]
    changes = [abs(value - level.p50[0]) for value in level.p50]
    above = [day for day, change in zip(level.day, changes, strict=True) if change > found.noise]
    assert found.noise == pytest.approx(2**0.5 * 0.025 * level.p50[0], rel=0.01)
    if found.day is None:
        assert not above
    else:
        assert found.day == pytest.approx(min(above))


def test_loose_stools_follow_the_trials() -> None:
    by_id = {row.id: row for row in stool_trials()}
    peikert = by_id["peikert"]
    assert peikert.events is not None
    at_600 = loose_stools(600.0)
    assert at_600.low < peikert.events / peikert.n < at_600.high
    assert loose_stools(250.0).probability < 0.02  # none seen up to 250 mg
    assert loose_stools(0.0).probability == 0
    assert loose_stools(365.0).high > 0.02  # what trials leave open is not nothing


@pytest.mark.parametrize("method", ["food-frequency", "screener", "guess"])
def test_a_wider_diet_never_raises_what_is_chosen(method: str) -> None:
    """Proof (iii): the same diet known less well."""
    narrow = someone(KIDNEY, serum(0.70))
    text = narrow.diet
    assert text is not None
    wide = narrow.model_copy(update={"diet": text.model_copy(update={"method": method})})
    known, less = plan(narrow, draws=DRAWS), plan(wide, draws=DRAWS)
    assert less.total_nonfood_mg_per_day <= known.total_nonfood_mg_per_day
    assert [cap.elemental_mg_per_day for cap in less.caps] == [cap.elemental_mg_per_day for cap in known.caps]
    assert not any(finding.gate == PREDICTED_SERUM for finding in less.verdict.findings)
