"""Patterns of a losing kidney, read from known labs; unknown labs show none, and medicines come first."""

from __future__ import annotations

import pytest
from tests.rooms.inference.persons import DIET, lab, person, serum

from davy.inference.work_up import pattern_rows, patterns_of, still_to_ask

LOW_K = lab("potassium", 3.1)
ALKALOSIS = lab("bicarbonate", 31)
LITTLE_CALCIUM = lab("urine-calcium-24h", 1.2, "mmol/24h")
MUCH_CALCIUM = lab("urine-calcium-24h", 8.5, "mmol/24h")
THIAZIDE = "medicines: [{name: hydrochlorothiazide}]"
LOOP = "medicines: [{name: furosemide}]"


def shown(*labs: str, lines: tuple[str, ...] = ()) -> list[str]:
    return [pattern.id for pattern in patterns_of(person(serum(0.6), *labs, lines=(DIET, *lines)))]


@pytest.mark.parametrize(
    ("labs", "lines", "expected"),
    [
        ((LOW_K, ALKALOSIS, LITTLE_CALCIUM), (), ["gitelman"]),
        ((LOW_K, ALKALOSIS, LITTLE_CALCIUM), (THIAZIDE,), ["drug", "thiazide"]),
        ((MUCH_CALCIUM,), (), ["claudin"]),
        ((MUCH_CALCIUM,), (LOOP,), ["drug", "loop"]),
        ((), ("conditions: [kidney-stones]",), ["claudin"]),
        ((), ("conditions: [renal cysts]",), ["hnf1b-kidney"]),
        ((lab("hba1c", 90, "mmol/mol"),), (), ["sugar"]),
        ((lab("calcium", 2.0), lab("pth", 1.0, "pmol/L")), (), ["parathyroid"]),
        ((lab("calcium", 2.0), lab("albumin", 25, "g/L"), lab("pth", 1.0, "pmol/L")), (), []),
        ((LOW_K, ALKALOSIS), (), []),
        ((), (), []),
    ],
)
def test_a_pattern_and_what_shows_it(labs: tuple[str, ...], lines: tuple[str, ...], expected: list[str]) -> None:
    assert shown(*labs, lines=lines) == expected


def test_early_diabetes_is_early() -> None:
    old = person(serum(0.6), lines=(DIET, "conditions: [type-2-diabetes]"))
    young = old.model_copy(update={"age_y": 29.0})
    assert "hnf1b-diabetes" not in [one.id for one in patterns_of(old)]
    assert "hnf1b-diabetes" in [one.id for one in patterns_of(young)]


def test_what_is_missing_is_asked_for() -> None:
    none, some = (still_to_ask(person(serum(0.6), *labs)) for labs in ((), (LOW_K, ALKALOSIS)))
    assert set(none) - set(some) == {"potassium", "bicarbonate"}
    assert "urine-calcium-24h" in some


def test_every_pattern_says_why_and_where_it_comes_from() -> None:
    for row in pattern_rows():
        assert row.source
        assert row.needs
    (found,) = patterns_of(person(serum(0.6), LOW_K, ALKALOSIS, LITTLE_CALCIUM))
    assert found.because == ("potassium 3.1", "bicarbonate 31", "urine calcium 24h 1.2")
