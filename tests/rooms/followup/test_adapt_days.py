"""Days needed, levels, and what the articles would do: each a number that can be checked by hand or by simulation."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.rooms.followup.test_adapt_proofs import known

from davy.followup.adapt import Past, decide
from davy.followup.adapt.articles_rule import adjusted, articles_dose, cue_of
from davy.followup.adapt.autonomy import LEVELS, autonomy_rows, conditions, level_of
from davy.followup.adapt.days_needed import Noise, needed_after, needed_on_each_side, noise_of, variance_of_mean
from davy.followup.adapt.facts import facts_of
from davy.followup.days import Day
from davy.people.person import Clinician

FIRST = date(2026, 1, 1)


def ar1(days: int, alike: float, series: int, seed: int = 0):
    noise = np.random.default_rng(seed).standard_normal((days, series))
    state = np.empty_like(noise)
    state[0] = noise[0]
    for day in range(1, days):
        state[day] = alike * state[day - 1] + math.sqrt(1 - alike**2) * noise[day]
    return state


@pytest.mark.parametrize(("days", "alike"), [(1, 0.5), (28, 0.0), (28, 0.3), (28, 0.8), (90, 0.6)])
def test_the_variance_of_a_mean_is_that_of_simulated_days(days: int, alike: float) -> None:
    seen = float(np.var(np.mean(ar1(days, alike, 20000), axis=0)))
    assert variance_of_mean(days, alike) == pytest.approx(seen, rel=0.04)


def test_so_many_days_find_four_in_five_and_err_once_in_twenty() -> None:
    noise = Noise(0.0, 1.0, 0.3, True)
    both = needed_on_each_side(noise, 0.5)
    after_ = needed_after(noise, 0.5, both)
    assert after_ is not None
    assert both - 2 <= after_ <= both
    assert (needed_after(noise, 0.5, both - 4) or 0) > both
    line = 1.645 * math.sqrt(2 * variance_of_mean(both, 0.3))
    before, after = np.mean(ar1(both, 0.3, 8000, 1), axis=0), np.mean(ar1(both, 0.3, 8000, 2), axis=0)
    assert float(np.mean(after - before > line)) == pytest.approx(0.05, abs=0.01)
    assert float(np.mean(after + 0.5 - before > line)) == pytest.approx(0.80, abs=0.02)


def test_days_that_are_more_alike_or_vary_more_take_longer_and_too_few_before_never_do() -> None:
    asked = [
        needed_on_each_side(Noise(0.0, spread, alike, True), 0.5) for spread, alike in ((1, 0), (1, 0.5), (2, 0.5))
    ]
    assert asked == sorted(asked)
    assert asked[0] < asked[1] < asked[2]
    assert needed_after(Noise(0.0, 1.0, 0.5, True), 0.5, 10) is None


def test_the_noise_is_the_persons_own_where_there_are_days_and_drawn_to_its_prior() -> None:
    series = ar1(400, 0.5, 1)[:, 0]
    days = [(FIRST + timedelta(days=at), float(value)) for at, value in enumerate(series)]
    own = noise_of(days, 0.1)
    assert own is not None
    assert own.alike == pytest.approx(0.5, abs=0.12)
    assert own.spread == pytest.approx(1.0, abs=0.15)
    few = noise_of(days[:20], 0.1)
    assert few is not None
    raw = noise_of(days[:20], 0.9)
    assert raw is not None
    assert few.alike < raw.alike
    assert noise_of(days[:13], 0.1) is None
    assert noise_of([(day, 3.0) for day, _ in days], 0.1) is None


def test_a_decision_says_how_many_days_its_figure_takes() -> None:
    made = decide(known("migraine", 60))
    (one,) = made.days_needed
    assert (one.measure, one.before, one.after, one.told) == ("headache_days_per_28", 28, 60, "diary")
    assert one.smallest == pytest.approx(0.3 * (made.benefit.baseline if made.benefit else 0))  # pyright: ignore
    assert one.needed is None
    assert one.needed_both > 28
    assert not one.enough
    silent = replace(known("migraine", 60), days=())
    assert decide(silent).days_needed[0].told == "prior"


def test_what_a_wearable_measures_is_counted_and_moves_nothing() -> None:
    base = known("migraine", 60)
    for factor in (0.3, 3.0):
        days = tuple(replace(day, hrv_rmssd_ms=factor * (40.0 + day.date.day % 7)) for day in base.days)
        made = decide(replace(base, days=days))
        assert [one.measure for one in made.days_needed] == ["headache_days_per_28", "hrv_rmssd_ms"]
        assert (made.action, made.total_mg) == (decide(base).action, decide(base).total_mg)


def looked(level: str, **update: object):
    base = known("sleep", 70)
    past = tuple(Past(base.today - timedelta(days=ago), "keep", None) for ago in (60, 40, 30, 20, 7))
    person = base.person.model_copy(update={"profile": "research", **update})
    return replace(base, person=person, past=past, level=level)  # pyright: ignore[reportArgumentType]


def test_autonomy_is_earned_level_by_level_and_acts_in_the_research_profile_alone() -> None:
    signed = Clinician(role="sleep physician", date=FIRST, indication="trial of a rule")
    assert {row.level for row in autonomy_rows()} == set(LEVELS[1:])
    assert level_of(facts_of(looked("L3", clinician=signed))) == "L3"
    assert level_of(facts_of(looked("L3"))) == "L2"
    assert level_of(facts_of(looked("L2", clinician=signed))) == "L2"
    assert level_of(facts_of(looked("L3", clinician=signed, profile="personal"))) == "L1"
    assert level_of(facts_of(replace(looked("L3", clinician=signed), doubted=1))) == "L1"
    assert level_of(facts_of(replace(looked("L3", clinician=signed), past=()))) == "L1"
    assert level_of(facts_of(replace(looked("L3", clinician=signed), stopped="2026-01-02"))) == "L0"
    assert all(one.holds for one in conditions(facts_of(looked("L3", clinician=signed))))


@pytest.mark.parametrize("level", LEVELS[1:])
def test_a_level_never_changes_what_is_decided(level: str) -> None:
    made, usual = decide(looked(level)), decide(looked("L1"))
    assert (made.action, made.total_mg) == (usual.action, usual.total_mg)


def nights(*values: float) -> tuple[Day, ...]:
    return tuple(Day(FIRST + timedelta(days=at), hrv_rmssd_ms=value) for at, value in enumerate(values))


def test_the_articles_dose_follows_the_night_between_their_ends_and_knows_the_cap() -> None:
    days = nights(40, 42, 38, 41, 39, 40, 20)
    cue = cue_of(days, days[-1].date)
    assert cue is not None
    assert cue[0] == "hrv_rmssd_ms"
    assert cue[1] < -5
    assert [adjusted(200, cue[1]), adjusted(400, cue[1]), adjusted(300, 2.0)] == [300, 400, 200]
    assert [adjusted(200, 2.0), adjusted(300, None), adjusted(300, 0.1)] == [200, 300, 300]
    made = articles_dose(nights(40, 40, 40, 40.2, 40, 40, 20), FIRST, FIRST + timedelta(days=6), 250)
    assert (made.elemental_mg_per_day, made.above_cap_mg) == (300, 50)
    assert made.claim_ids
    assert cue_of(days[:3], days[2].date) is None
