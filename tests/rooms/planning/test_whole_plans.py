"""A hundred whole plans of random persons: what must hold for every plan that is ever handed out."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise

import pytest
from tests.rooms.planning.persons import person

from davy.evidence.registry import resolve
from davy.people.vocabulary import form
from davy.planning.explain import explain
from davy.planning.plan import plan
from davy.planning.result import Plan, PlannedRegimen
from davy.safety.caps import permitted
from davy.safety.clock import forbids, minutes, paused_for
from davy.safety.interactions import windows
from davy.safety.verdict import verdict_of

PEOPLE = 100
DRAWS = 60
KEYS = set(
    "schema davy person profile parameter_set seed today verdict findings caps status current food regimen "
    "total_nonfood_mg_per_day alternatives targets expected prediction_to_check benefit monitoring stop_rules refer "
    "disagreements as_the_articles_say fingerprints".split()
)


@cache
def planned(number: int) -> Plan:
    return plan(person(number), draws=DRAWS)


@pytest.mark.parametrize("number", range(PEOPLE))
def test_a_whole_plan(number: int) -> None:
    made, who = planned(number), person(number)
    assert KEYS <= set(json.loads(json.dumps(made.as_json(), allow_nan=False)))
    assert verdict_of(made.verdict.findings) == made.verdict
    assert len(made.bottom_line) == 3
    assert [cap.binding for cap in made.caps].count(True) == 1
    if made.verdict.word == "refused":
        assert made.regimen is None
        assert made.as_the_articles_say is None or made.as_the_articles_say.regimen is None
    elif made.regimen is None:
        gates = {finding.gate for finding in made.verdict.findings}
        assert gates & {"food_first", "nothing_added", "target_out_of_reach"}
    else:
        assert made.total_nonfood_mg_per_day == pytest.approx(made.regimen.elemental_mg_per_day, abs=0.2)
        assert made.total_nonfood_mg_per_day <= permitted(who) + 0.1
        _keeps_the_rules(made.regimen, number)
        assert {rule.when for rule in made.stop_rules} >= {"serum magnesium above 1.05 mmol/L"}
        assert made.prediction_to_check is not None
    _never_shows_a_refused_dose_by_the_clock(made)


def _keeps_the_rules(regimen: PlannedRegimen, number: int) -> None:
    who = person(number)
    prescribed = {item.product or f"magnesium {item.form}" for item in who.supplements if item.prescribed}
    kept_apart = tuple(window for window in windows(who) if window not in paused_for(windows(who)))
    own = [[intake for intake in step.intakes if intake.product not in prescribed] for step in regimen.steps]
    totals = [sum(intake.elemental_mg for intake in intakes) for intakes in own]
    starts = [step.from_day for step in regimen.steps]
    assert starts == sorted(starts)
    assert all(after - before <= 100.1 for before, after in pairwise(totals))
    for intake in (intake for intakes in own for intake in intakes):
        row, minute = form(intake.form), minutes(intake.at)
        assert row is not None
        assert row.repletion_candidate
        assert intake.elemental_mg <= 200
        assert minute is not None
        assert not any(forbids(window, minute) for window in kept_apart)


def _never_shows_a_refused_dose_by_the_clock(made: Plan) -> None:
    theirs = made.as_the_articles_say
    if theirs is not None and theirs.verdict == "refused":
        assert theirs.regimen is None
        assert theirs.expected == ()
    assert all(other.verdict != "refused" for other in made.alternatives)


@pytest.mark.parametrize("number", range(0, PEOPLE, 10))
def test_every_number_walks_back_to_a_source(number: int) -> None:
    for entry in explain(planned(number)):
        for source in entry.sources:
            resolve(source)


def test_the_generator_reaches_every_kind_of_answer() -> None:
    words = {(planned(number).verdict.word, planned(number).regimen is not None) for number in range(PEOPLE)}
    assert {("refused", False), ("with_care", True), ("with_care", False), ("allowed", True)} <= words


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    number = next(one for one in range(PEOPLE) if planned(one).regimen is not None)
    again = plan(person(number), draws=DRAWS)
    other = plan(person(number), draws=DRAWS, seed=1)
    assert json.dumps(again.as_json()) == json.dumps(planned(number).as_json())
    assert json.dumps(other.as_json()) != json.dumps(again.as_json())


@pytest.mark.parametrize("number", range(0, 40, 4))
def test_both_parameter_sets_have_the_same_caps_and_the_same_verdict(number: int) -> None:
    ours, theirs = planned(number), plan(person(number), parameter_set="articles", draws=DRAWS)
    assert ours.caps == theirs.caps
    assert (ours.verdict.word == "refused") == (theirs.verdict.word == "refused")
    assert ours.verdict.word == theirs.verdict.word
