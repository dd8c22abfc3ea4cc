"""Advice that the registry calls unsafe never reaches a plan: the bundled people and many others, in both sets."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.rooms.planning.persons import person
from tests.scenarios.stories import TODAY

from davy.evidence.registry import claims
from davy.people.person import Lab, Medicine, Person
from davy.people.read import examples, read_person
from davy.planning.plan import plan
from davy.planning.result import ParameterSet, Plan

UNSAFE = {claim.id for claim in claims() if claim.unsafe}
SETS: tuple[ParameterSet, ...] = ("literature", "articles")
SOME, MANY, FEW = range(20), range(20, 220), range(0, 60, 10)
QUOTED = {"disagreements", "as_the_articles_say"}
"""Where a plan says what the articles would do; nothing there is taken."""
TELLS_THEIR_DOSE = "articles_dose"
"""Says what the articles' protocol asks for beside what the cap let through; it carries no dose of its own."""
STOPPING = re.compile(
    r"\b(stop|stopping|discontinue|come off|wean off|leave off|replace|instead of)\b[^.;]*"
    r"\b(sumatriptan|triptans?|omeprazole|pantoprazole|proton|indapamide|furosemide|thiazide|diuretics?|metformin|"
    r"levothyroxine|ramipril|lithium|warfarin|medicines?|drugs?)\b",
    re.IGNORECASE,
)
NEVER_STOPS = re.compile(r"\b(never|not|nobody|no one|do not|without|prescriber|doctor|clinician)\b", re.IGNORECASE)


@cache
def planned(who: str, parameter_set: ParameterSet) -> tuple[Person, Plan]:
    """The plan of a bundled example or of a random person by number."""
    one = person(int(who)) if who.isdigit() else read_person(f"example:{who}", today=TODAY)
    return one, plan(one, parameter_set=parameter_set, draws=20)


PEOPLE = {"some": (*examples(), *map(str, SOME)), "many": tuple(map(str, MANY))}


@pytest.fixture(
    scope="module",
    params=[*((one, "some") for one in SETS), *(pytest.param((one, "many"), marks=pytest.mark.night) for one in SETS)],
    ids=lambda asked: "-".join(asked),
)
def plans(request: pytest.FixtureRequest) -> list[tuple[Person, Plan]]:
    """The bundled people and 20 others; another 200 by night."""
    parameter_set, people = request.param
    return [planned(who, parameter_set) for who in PEOPLE[people]]


def words(value: Any, *, skip: frozenset[str] | set[str] = frozenset()) -> Iterator[str]:
    """Every text of a plan."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in skip:
                yield from words(getattr(value, field.name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from words(one)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from words(one)


def cap(made: Plan) -> float:
    return next(one.elemental_mg_per_day for one in made.caps if one.binding)


def largest(made: Plan) -> float:
    """The highest daily amount of the regimen itself, from its intakes."""
    assert made.regimen is not None
    return max(sum(one.elemental_mg for one in step.intakes) for step in made.regimen.steps)


def test_the_people_are_of_every_kind(plans: list[tuple[Person, Plan]]) -> None:
    """Some are given magnesium, some nothing, some are refused: `almost everyone` benefits is never assumed."""
    given = sum(made.regimen is not None for _, made in plans)
    refused = sum(made.verdict.word == "refused" for _, made in plans)
    assert given >= 0.2 * len(plans)
    assert refused >= 0.2 * len(plans)
    assert len(plans) - given - refused >= 1


def test_no_dose_is_above_the_cap(plans: list[tuple[Person, Plan]]) -> None:
    for one, made in plans:
        if made.regimen is not None:
            assert largest(made) <= cap(made) + 1e-9, one.id
            assert made.total_nonfood_mg_per_day <= cap(made) + 1e-9, one.id
            assert largest(made) <= 350 or one.clinician is not None, one.id


def test_nothing_is_stacked_and_l_threonate_is_never_given(plans: list[tuple[Person, Plan]]) -> None:
    for one, made in plans:
        if made.regimen is not None:
            taken = {item.form for item in one.supplements}
            forms = {intake.form for step in made.regimen.steps for intake in step.intakes}
            assert len(forms - taken) <= 1, one.id
            assert "l-threonate" not in forms, one.id


def test_a_kidney_below_sixty_is_never_given_what_the_article_calls_safe(plans: list[tuple[Person, Plan]]) -> None:
    seen = 0
    for one, made in plans:
        egfr = [lab.value for lab in one.labs if lab.test == "egfr"]
        if not egfr or max(egfr) >= 60:
            continue
        seen += 1
        if max(egfr) < 45:
            assert made.regimen is None or one.clinician is not None, one.id
        elif made.regimen is not None:
            assert largest(made) <= 200, one.id
    assert seen >= 3


def test_no_plan_tells_anyone_to_stop_or_swap_a_medicine(plans: list[tuple[Person, Plan]]) -> None:
    for one, made in plans:
        for text in words(made, skip=QUOTED):
            for sentence in re.split(r"(?<=[.;])\s", text):
                if STOPPING.search(sentence):
                    assert NEVER_STOPS.search(sentence), (one.id, sentence)


def test_no_plan_rests_on_an_unsafe_claim(plans: list[tuple[Person, Plan]]) -> None:
    for one, made in plans:
        told = [finding for finding in made.verdict.findings if UNSAFE & set(finding.sources)]
        assert all(finding.gate == TELLS_THEIR_DOSE for finding in told), one.id
        cited = set(words(made, skip=QUOTED | {"verdict"}))
        assert not UNSAFE & cited, one.id


def test_what_the_articles_would_give_is_only_told(plans: list[tuple[Person, Plan]]) -> None:
    """A regimen that is shown as theirs passed the gates; one that did not has no clock times to follow."""
    told = 0
    for one, made in plans:
        theirs = made.as_the_articles_say
        if theirs is not None and theirs.verdict == "refused":
            told += 1
            assert theirs.regimen is None, one.id
        if theirs is not None and theirs.regimen is not None:
            assert theirs.regimen.elemental_mg_per_day <= cap(made) + 1e-9, one.id
    assert told >= 3


def dose(one: Person, parameter_set: ParameterSet) -> float:
    made = plan(one, parameter_set=parameter_set, draws=20)
    return largest(made) if made.regimen is not None else 0.0


@pytest.mark.parametrize("parameter_set", SETS)
def test_a_diuretic_adds_nothing(parameter_set: ParameterSet) -> None:
    """The same people with and without a thiazide: no top-up, whatever they want magnesium for."""
    pill = Medicine.model_construct(name="indapamide", classes=("thiazide",))
    compared = 0
    for number in FEW:
        one = person(number)
        if any("thiazide" in (medicine.classes or ()) for medicine in one.medicines):
            continue
        with_pill = one.model_copy(update={"medicines": (*one.medicines, pill)})
        before, after = dose(one, parameter_set), dose(with_pill, parameter_set)
        assert after < before + 100, (number, before, after)
        compared += before > 0
    assert compared >= 1


@pytest.mark.parametrize("parameter_set", SETS)
def test_red_cells_below_the_target_start_nothing(parameter_set: ParameterSet) -> None:
    """A red-cell magnesium of 2.0 mmol/L, under the articles' 2.2 and inside every laboratory's range.

    The dose that the articles tie to it is given in neither set; under Davy's own rules it moves no dose up.
    """
    compared = 0
    for number in FEW:
        one = person(number)
        lab = Lab.model_construct(date=TODAY, test="rbc-magnesium", value=2.0, unit="mmol/L")
        tested = one.model_copy(update={"labs": (*one.labs, lab)})
        before, after = dose(one, parameter_set), dose(tested, parameter_set)
        assert after < 400
        if parameter_set == "literature":
            assert after <= before + 50, (number, before, after)
        compared += before > 0
    assert compared >= 1
