"""A value that is new since the plan: the forecast gate again, also for a dose that is merely kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from tests.rooms.followup.test_adapt_proofs import after_a_pause, decided, known, lab, total, with_lab, with_person

from davy.errors import FitError
from davy.followup.adapt import Inputs, decide
from davy.followup.adapt.facts import facts_of
from davy.followup.adapt.inputs import inputs_of, told, trimmed
from davy.followup.adapt.taken import as_taken
from davy.forecast.outcome import UNITS, Forecast
from davy.people.person import Diet, Medicine
from davy.people.regimen import Regimen

LEARN = "davy.followup.adapt.forecast_gate.learn"


@dataclass(frozen=True)
class Rising:
    """A body whose serum rises by so much from 0.9 mmol/L per 100 mg a day."""

    per_100_mg: float

    def worst(self, regimens: Sequence[Regimen]) -> tuple[Forecast, ...]:
        return tuple(self._forecast(one.elemental_mg_per_day) for one in regimens)

    def _forecast(self, mg: float) -> Forecast:
        values = np.full((9, 1, len(UNITS)), 0.9 + self.per_100_mg * mg / 100)
        return Forecast(np.zeros(1), values, np.zeros(9, dtype=bool), np.zeros(9))


def measured(day: int, serum: float = 0.93, ago: int = 3) -> Inputs:
    """Somebody with a serum that is new since the plan and below every gate of its own."""
    base = known("migraine", day)
    return with_lab(base, lab(base.today, "serum-magnesium", serum, "mmol/L", ago))


def as_if(patch: pytest.MonkeyPatch, per_100_mg: float) -> list[Any]:
    """The gate before such a body; gives whom it was asked about."""
    asked: list[Any] = []
    patch.setattr(LEARN, lambda person, *_, **__: asked.append(person) or Rising(per_100_mg))
    return asked


@pytest.mark.parametrize(
    ("rise", "action", "left"),
    [(0.04, "keep", 350), (0.045, "step_down", 300), (0.07, "step_down", 200), (0.16, "stop", 0)],
)
def test_a_kept_dose_that_a_new_value_would_refuse_is_lowered_to_what_passes(
    monkeypatch: pytest.MonkeyPatch, rise: float, action: str, left: float
) -> None:
    as_if(monkeypatch, rise)
    made = decide(measured(60))
    assert (made.action, total(made)) == (action, left)
    assert ("forecast" in [one.rule for one in made.reasons]) is (action != "keep")


def test_a_step_that_is_still_to_come_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    as_if(monkeypatch, 0.07)
    early = measured(10)
    made = decide(early)
    assert (made.action, made.reasons[0].rule) == ("keep", "forecast")
    later = replace(measured(40, ago=33), past=(told(early.today, made),))
    assert (decide(later).action, total(decide(later))) == ("step_down", 200)


def test_the_person_is_fitted_once_for_each_new_value(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = as_if(monkeypatch, 0.07)
    first = measured(60)
    made = decide(first)
    after = replace(measured(67, ago=10), past=(told(first.today, made),))
    assert (decide(after).action, total(decide(after)), len(asked)) == ("keep", 200, 1)
    assert decide(after).foreseen == made.foreseen
    newer = with_lab(after, lab(after.today, "creatinine", 72.0, "umol/L"))
    decide(newer)
    assert len(asked) == 2
    decide(known("migraine", 60))
    decide(with_lab(known("migraine", 60), lab(first.today, "serum-magnesium", 1.1, "mmol/L")))
    assert len(asked) == 2, "nothing is new, and what harm has stopped is not foreseen"


def test_what_was_known_when_the_plan_was_begun_is_not_new(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = as_if(monkeypatch, 0.16)
    base = measured(60, ago=90)
    assert base.begun is not None
    knew = {"person": base.person.model_dump(mode="json", exclude_none=True)}
    held = trimmed(replace(base, begun={**base.begun, "inputs": knew}))
    assert (decide(held).action, asked) == ("keep", [])
    found_late = with_lab(held, lab(held.today, "serum-magnesium", 0.94, "mmol/L", 100))
    assert decide(found_late).action == "stop"


def test_each_dose_stands_on_its_own_days() -> None:
    """A value of the first week was drawn on the first step."""
    facts, day = facts_of(measured(30)), timedelta(days=1)
    assert facts.plan is not None
    taken: dict[Any, float] = {}
    for row in as_taken(facts).supplements:
        assert row.since is not None
        taken[row.since, row.until] = taken.get((row.since, row.until), 0.0) + (row.label_mg or 0.0)
    week = [facts.plan.start + 7 * number * day for number in range(4)]
    ends = [*(first - day for first in week[1:]), None]
    assert taken == dict(zip(zip(week, ends, strict=True), (100, 200, 300, 350), strict=True))


def test_a_pause_comes_back_to_what_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    as_if(monkeypatch, 0.2)
    base = after_a_pause()
    assert decided(base).action == "step_up"
    made = decide(with_lab(base, lab(base.today, "serum-magnesium", 0.93, "mmol/L")))
    assert (made.action, total(made)) == ("keep", 0)


def test_what_cannot_be_foreseen_is_referred(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise FitError("no steady state")

    monkeypatch.setattr(LEARN, fails)
    made = decide(measured(60))
    assert (made.action, made.reasons[0].rule, total(made)) == ("refer", "forecast", 350)
    early = measured(10)
    later = replace(measured(40, ago=33), past=(told(early.today, decide(early)),))
    assert (decide(later).action, total(decide(later))) == ("refer", 200), "no later step is taken unjudged"


def test_the_gate_itself_bounds_a_dose_and_is_made_again_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two medicines that lower serum are neutral in the gate: a serum just below its own gate may rise without them."""
    lowering = (Medicine(name="omeprazole", classes=("ppi",)), Medicine(name="indapamide", classes=("thiazide-like",)))
    fed = Diet(magnesium_mg_per_day=600, method="food-frequency")
    base = with_person(measured(60, 0.948, 5), medicines=lowering, diet=fed, height_cm=165.0)
    looked = replace(base, parameter_set="articles", draws=500)
    made = decide(looked)
    assert (made.action, made.reasons[0].rule) == ("step_down", "forecast")
    assert 0 < total(made) < 350
    monkeypatch.setattr(LEARN, lambda *_, **__: pytest.fail("it was foreseen before"))
    again = inputs_of(replace(looked, past=(told(looked.today - timedelta(days=1), made),)).as_json())
    assert (decide(again).action, total(decide(again))) == ("keep", total(made))
