"""The bounds of `davy follow`, as properties: what is bad, missing, older, wider or in doubt never raises a dose."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from davy.followup.adapt import Inputs, Past, decide
from davy.followup.adapt.confounders import confounder_rows, open_confounders
from davy.followup.adapt.decision import Decision
from davy.followup.adapt.facts import facts_of
from davy.followup.adapt.inputs import TrialHeld
from davy.followup.adapt.raising import RAISES
from davy.followup.adapt.virtual_person import START, archetype_of
from davy.followup.days import Day
from davy.followup.records import SetAside
from davy.followup.visit_plan import daily_mg
from davy.people.person import Lab, Medicine

SETTINGS = ("migraine", "sleep", "restore")
NEAR = 1e-6
FEW = settings(max_examples=40, deadline=None, derandomize=True)


@cache
def known(setting: Any, day: int, *, fall: float = 0.2, seed: int = 1, female: bool = False) -> Inputs:
    """A quiet person on a day of their plan, every day noted, the figure a fifth better than before."""
    kind = archetype_of(setting, "US", female)
    source = random.Random(seed)  # noqa: S311  an invented diary
    days: list[Day] = []
    for number in range(-28, day):
        better = 1.0 if number < 0 else 1 - fall
        said: dict[str, Any] = {"taken_share": None if number < 0 else 1.0, "symptoms": ()}
        if setting == "migraine":
            said["headache"] = source.random() < 0.35 * better
        if setting == "sleep":
            said["sleep_onset_min"] = float(round(40 * better + source.uniform(-6, 6)))
        if female:
            said["menstruation"] = (number + 14) % 28 < 5
        days.append(Day(START + timedelta(days=number), **said))
    person = kind.person.model_copy(update={"today": START + timedelta(days=day)})
    return Inputs(person, tuple(days), begun=kind.begun, draws=50)


_MADE: dict[int, tuple[Inputs, Decision]] = {}


def decided(inputs: Inputs) -> Decision:
    """The decision of these very inputs, made once."""
    held = _MADE.get(id(inputs))
    if held is None or held[0] is not inputs:
        held = _MADE[id(inputs)] = (inputs, decide(inputs))
    return held[1]


@cache
def by_trial() -> Inputs:
    """Somebody whose own trial says that it helps, at the look half-way: one step up is due."""
    return replace(known("sleep", 57), trial=TrialHeld("benefit", 0.997))


@cache
def after_a_pause() -> Inputs:
    """Somebody who was ill a week ago, paused, and is well."""
    base = known("migraine", 60)
    return replace(base, past=(Past(base.today - timedelta(days=6), "stop", (), True, ("sick-day",)),))


BASES = {"trial": by_trial, "pause": after_a_pause}


def total(made: Decision) -> float:
    assert made.total_mg is not None
    return made.total_mg


def never_more(base: Inputs, changed: Inputs) -> None:
    """The changed inputs leave no more, and no other action becomes a step up."""
    was, now = decided(base), decided(changed)
    assert total(now) <= total(was) + NEAR, (was.action, now.action, now.reasons)
    if was.action != "step_up":
        assert now.action != "step_up", now.reasons


def test_a_trial_that_is_sure_carries_one_step_of_at_most_a_hundred() -> None:
    base = by_trial()
    made = decide(base)
    assert (made.action, made.reasons[0].rule) == ("step_up", "trial-says-more")
    now = daily_mg(facts_of(base).in_force)
    assert now < total(made) <= now + 100
    assert total(made) <= min(cap.elemental_mg_per_day for cap in made.caps)
    once = replace(base, past=(Past(base.today - timedelta(days=1), "step_up", made.regimen, rules=(RAISES[1],)),))
    assert decide(once).action == "keep"
    assert total(decide(once)) == total(made)


def test_a_pause_comes_back_by_the_first_step_and_a_week_at_a_time() -> None:
    base = after_a_pause()
    first = decide(base)
    assert (first.action, first.reasons[0].rule, total(first)) == ("step_up", "resume", 100)
    told = Past(base.today, "step_up", first.regimen, rules=("resume",))
    later = base.today + timedelta(days=7)
    grown = known("migraine", 67)
    again = decide(replace(grown, past=(*base.past, told)))
    assert (again.action, total(again)) == ("step_up", 200)
    soon = replace(known("migraine", 62), past=(*base.past, told))
    assert (decide(soon).action, total(decide(soon))) == ("keep", 100)
    assert later == grown.today


def lab(today: date, test: str, value: float, unit: str, ago: int = 1) -> Lab:
    return Lab(date=today - timedelta(days=ago), test=test, value=value, unit=unit)


def with_lab(base: Inputs, *labs: Lab) -> Inputs:
    return replace(base, person=base.person.model_copy(update={"labs": (*base.person.labs, *labs)}))


def with_person(base: Inputs, **update: Any) -> Inputs:
    return replace(base, person=base.person.model_copy(update=update))


def with_day(base: Inputs, ago: int, **said: Any) -> Inputs:
    when = base.today - timedelta(days=ago)
    held = {day.date: day for day in base.days}
    held[when] = replace(held.get(when, Day(when)), **said)
    return replace(base, days=tuple(held[day] for day in sorted(held)))


HARMS = {
    "loose": lambda base, ago: with_day(base, ago, loose_stools=1.0),
    "many": lambda base, ago: with_day(with_day(base, ago, loose_stools=5.0), ago + 2, loose_stools=4.0),
    "mushy": lambda base, ago: with_day(base, ago, bristol=7.0),
    "ill": lambda base, ago: with_day(base, min(ago, 6), symptoms=("vomiting",)),
    "drowsy": lambda base, ago: with_day(base, min(ago, 6), symptoms=("drowsiness",)),
    "high": lambda base, ago: with_lab(base, lab(base.today, "serum-magnesium", 1.1, "mmol/L", ago)),
    "kidney": lambda base, ago: with_lab(base, lab(base.today, "creatinine", 125.0, "umol/L", ago)),
    "dialysis": lambda base, ago: with_person(base, conditions=("dialysis",)),
    "block": lambda base, ago: with_person(base, conditions=("heart-block",)),
    "symptom": lambda base, ago: with_person(base, symptoms=("arrhythmia",)),
    "lithium": lambda base, ago: with_person(base, medicines=(Medicine(name="lithium", classes=("lithium",)),)),
    "bound": lambda base, ago: with_person(
        base,
        medicines=(Medicine(name="doxycycline", classes=("tetracycline",), since=base.today - timedelta(days=ago)),),
    ),
    "beside": lambda base, ago: with_day(base, ago, supplement_mg=600.0),
}


@pytest.mark.parametrize("name", HARMS)
@given(st.sampled_from(SETTINGS), st.integers(2, 110), st.integers(0, 40))
@settings(max_examples=8, deadline=None, derandomize=True)
def test_adding_harm_never_raises(name: str, setting: str, day: int, ago: int) -> None:
    base = known(setting, day)
    never_more(base, HARMS[name](base, min(ago, day)))


@pytest.mark.parametrize("start", BASES)
@pytest.mark.parametrize("name", HARMS)
def test_harm_takes_every_step_up_away(start: str, name: str) -> None:
    base = BASES[start]()
    harmed = HARMS[name](base, 1)
    assert decided(base).action == "step_up"
    never_more(base, harmed)
    assert name == "bound" or decided(harmed).action != "step_up"


UNKNOWNS: dict[str, Any] = {
    "weight": {"weight_kg": None},
    "sex": {"sex": None},
    "age": {"age_y": None},
    "place": {"jurisdiction": None},
    "pregnant": {"pregnant": None},
    "labs": {"labs": ()},
}


@given(
    st.sampled_from([*SETTINGS, *BASES]), st.integers(2, 110), st.sets(st.sampled_from(sorted(UNKNOWNS)), max_size=3),
    st.sets(st.integers(0, 100), max_size=30),
)  # fmt: skip
@FEW
def test_what_is_missing_never_raises(which: str, day: int, facts: set[str], blank: set[int]) -> None:
    """Facts become unknown, and favourable days: a bad day before the plan, a good one under it."""
    base = BASES[which]() if which in BASES else known(which, day)
    update = {key: value for name in facts for key, value in UNKNOWNS[name].items()}
    favourable = [one.date for one in base.days if _favourable(one)]
    gone = {favourable[at % len(favourable)] for at in blank} if favourable else set[date]()
    days = tuple(Day(one.date) if one.date in gone else one for one in base.days)
    never_more(base, replace(with_person(base, **update), days=days))


def _favourable(day: Day) -> bool:
    before = day.date < START
    if day.headache is not None:
        return day.headache is before
    if day.sleep_onset_min is not None:
        return (day.sleep_onset_min >= 40) is before
    return True


@given(st.sampled_from([*SETTINGS, *BASES]), st.integers(2, 110), st.integers(0, 500))
@FEW
def test_older_labs_never_raise(which: str, day: int, older: int) -> None:
    base = BASES[which]() if which in BASES else known(which, day)
    shift = timedelta(days=older)
    labs = tuple(one.model_copy(update={"date": one.date - shift}) for one in base.person.labs)
    never_more(base, with_person(base, labs=labs))


@given(
    st.sampled_from([*SETTINGS, *BASES]), st.integers(2, 110), st.integers(0, 60), st.floats(0, 1),
    st.sampled_from(["benefit", "no_association", "worse", "unread"]),
)  # fmt: skip
@FEW
def test_doubt_never_raises(which: str, day: int, doubted: int, chance: float, verdict: str) -> None:
    base = BASES[which]() if which in BASES else known(which, day)
    less = min(chance, 0.98)
    never_more(base, replace(base, doubted=doubted))
    never_more(base, replace(base, trial=TrialHeld(verdict, less)))
    for number in range(0, 12, 3):
        base = with_day(base, number, disagreements=("headache",))
    never_more(BASES[which]() if which in BASES else known(which, day), base)


OPEN = {
    "new-medicine": lambda base: with_person(
        base, medicines=(Medicine(name="propranolol", since=base.today - timedelta(days=9)),)
    ),
    "alcohol": lambda base: with_day(base, 3, alcohol_g=40.0),
    "unlogged": lambda base: replace(base, days=tuple(d for d in base.days if (base.today - d.date).days > 12)),
    "illness": lambda base: with_day(base, 9, symptoms=("a cold",)),
    "diet": lambda base: replace(base, days=tuple(_fed(d) for d in base.days)),
    "contradicted": lambda base: with_day(
        with_day(with_day(base, 2, disagreements=("pain",)), 3, disagreements=("pain",)), 4, disagreements=("pain",)
    ),
    "frozen": lambda base: replace(
        base, days=tuple(replace(d, sleep_onset_min=33.0) if d.date >= START else d for d in base.days)
    ),
    "doubted": lambda base: replace(base, doubted=11),
    "beside": lambda base: with_day(base, 4, supplement_mg=330.0),
    "set-aside": lambda base: replace(base, set_aside=(SetAside("creatinine", base.today - timedelta(days=5)),)),
    "menstrual": lambda base: with_day(with_person(base, sex="female", pregnant=False), 2, menstruation=True),
}


def _fed(day: Day) -> Day:
    from davy.followup.days import Amount

    mg = 150.0 if day.date < START else 420.0
    return replace(day, dietary_mg=Amount(mg, mg))


@pytest.mark.parametrize("name", confounder_rows())
def test_no_step_up_while_a_confounder_is_open(name: str) -> None:
    base = by_trial()
    opened = OPEN[name](base)
    assert name in {one.id for one in open_confounders(facts_of(opened))}
    made = decide(opened)
    assert made.action != "step_up"
    assert total(made) <= total(decided(base))


@given(
    st.sampled_from(SETTINGS), st.integers(1, 120), st.floats(0, 0.7), st.booleans(),
    st.lists(st.sampled_from(sorted(HARMS)), max_size=3), st.integers(0, 50), st.integers(0, 9),
)  # fmt: skip
@FEW
def test_nothing_goes_above_a_cap_and_up_by_one_step_alone(
    setting: str, day: int, fall: float, female: bool, harms: list[str], ago: int, seed: int
) -> None:
    looked = known(setting, day, fall=fall, seed=seed, female=female)
    for name in harms:
        looked = HARMS[name](looked, min(ago, day))
    made, facts = decide(looked), facts_of(looked)
    caps = [cap.elemental_mg_per_day for cap in made.caps]
    assert sum(cap.binding for cap in made.caps) == 1
    assert total(made) <= max(min(caps), daily_mg(facts.prescribed)) + NEAR
    assert facts.plan is not None
    assert facts.plan.cap_mg is not None
    assert total(made) <= facts.plan.cap_mg + NEAR
    limit = daily_mg(facts.in_force) + (100 if made.action == "step_up" else 0)
    assert total(made) <= limit + NEAR


def test_what_was_stopped_or_lowered_stays_so_until_a_new_plan() -> None:
    base = known("migraine", 60)
    for action, left in (("stop", 0.0), ("step_down", 200.0)):
        step = tuple(one for one in facts_of(base).plan.steps_until(base.today) if daily_mg(one) == left)  # pyright: ignore
        regimen = step[0] if step else ()
        told = Past(base.today - timedelta(days=30), action, regimen, rules=("kidney",))  # pyright: ignore[reportArgumentType]
        made = decide(replace(base, past=(told,)))
        assert (made.action, total(made)) == ("keep", left)


def test_efficacy_is_looked_at_on_the_pre_set_days_alone() -> None:
    worse = {day: decide(known("migraine", day, fall=-0.6)) for day in (30, 56, 83, 84, 90)}
    assert [worse[day].action for day in (30, 56, 83)] == ["keep"] * 3
    assert {worse[day].action for day in (84, 90)} == {"stop"}
    late = replace(known("sleep", 70), trial=TrialHeld("benefit", 0.999))
    assert decide(late).action == "keep"


def test_a_plan_ends_by_itself_and_food_alone_is_left() -> None:
    ended = decide(known("migraine", 110, fall=0.8))
    assert (ended.action, total(ended), ended.expires) == ("stop", 0, None)


def test_stopped_suggestions_suggest_nothing() -> None:
    made = decide(replace(by_trial(), stopped="2026-02-01"))
    assert (made.action, made.regimen, made.autonomy) == ("keep", None, "L0")
