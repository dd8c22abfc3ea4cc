"""Labs of any time: each is predicted for what was taken when it was drawn."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.rooms.inference.cases import MODEL, fitted
from tests.rooms.inference.persons import DIET, TODAY, lab, person, serum, urine

from davy.forecast import simulate
from davy.forecast.future import steady_serum
from davy.inference.case import Case, Points, case_of
from davy.inference.history import era_at, eras_of, settled_at
from davy.people.regimen import NO_SUPPLEMENT

CITRATE = "supplements: [{{form: citrate, label_mg: 300, label_means: elemental, per_day: 1, at: '21:00'{0}}}]"
FAR = 1.5e-3


def points(case: Case, count: int = 24) -> Points:
    """Healthy versions without offsets, who take every dose."""
    made = case.points(count, 0, "test")
    return Points(made.z, np.zeros(count, dtype=np.intp), np.ones(count))


def day(text: str) -> float:
    return float((date.fromisoformat(text) - TODAY).days)


def test_eras_are_the_stretches_between_changes() -> None:
    ada = person(
        lines=(
            DIET,
            "medicines:\n  - {name: omeprazole, since: 2026-03-01, until: 2026-06-30}\n  - {name: paracetamol}",
            "supplements:\n  - {form: citrate, label_mg: 200, label_means: elemental, per_day: 1, until: 2026-01-31}\n"
            "  - {form: citrate, label_mg: 200, label_means: elemental, per_day: 1, since: 2026-10-01}",
        )
    )
    eras = eras_of(ada, "literature")
    assert [era.start for era in eras[1:]] == [
        day(at) for at in ("2026-02-01", "2026-03-01", "2026-07-01", "2026-10-01")
    ]
    assert [era.pattern.mmol_per_d > 0 for era in eras] == [True, False, False, False, True]
    assert [any(effect.id == "ppi" for effect in era.covariates.effects) for era in eras] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert era_at(eras, day("2026-03-01")) == 1
    assert era_at(eras, day("2026-03-02")) == 2
    assert not settled_at(eras, day("2026-11-20"))


def test_nothing_changed_is_one_era() -> None:
    assert len(eras_of(person(lines=(DIET, "medicines: [{name: omeprazole}]", CITRATE.format(""))), "literature")) == 1


def test_a_lab_on_the_way_is_what_the_forecast_shows() -> None:
    """A serum twelve days and a urine forty days after a tablet was started."""
    start = ", since: 2026-09-20"
    ada = person(serum(0.8, day="2026-10-02"), urine(4.0, day="2026-10-30"), lines=(DIET, CITRATE.format(start)))
    case = case_of(MODEL, ada)
    versions = points(case)
    expected = np.exp(case.expected(versions))
    (shown,) = simulate(
        MODEL,
        case.draws(versions),
        [case.present.regimen],
        days=np.array([11.5, 12.5, 39.5, 40.5]),
        start=NO_SUPPLEMENT,
        mode="averaged",
    )
    assert expected[:, 0] == pytest.approx(shown.series("serum_mmol_per_L")[:, 2], rel=FAR)
    assert expected[:, 1] == pytest.approx(shown.series("urine_mmol_per_d")[:, 4], rel=FAR)


def test_a_change_of_two_years_ago_has_settled() -> None:
    ada = person(serum(0.8), lines=(DIET, CITRATE.format(", since: 2024-10-01")))
    case = case_of(MODEL, ada)
    versions = points(case)
    (steady,) = steady_serum(MODEL, case.draws(versions), [case.present.regimen])
    assert np.exp(case.expected(versions)[:, 0]) == pytest.approx(steady.series("serum_mmol_per_L")[:, 1], rel=2e-4)


def test_a_settled_lab_and_one_that_has_almost_settled_agree() -> None:
    """A change a little less and a little more than the year after which a steady state is taken."""
    shown = []
    for since in ("2025-11-01", "2025-11-20"):
        case = case_of(MODEL, person(serum(0.8, day="2026-11-12"), lines=(DIET, CITRATE.format(f", since: {since}"))))
        assert bool(case.design.moving) == (since == "2025-11-20")
        shown.append(np.exp(case.expected(points(case))[:, 0]))
    assert np.abs(shown[0] - shown[1]).max() < 2e-3


def test_a_lab_before_a_medicine_informs_the_person_and_not_the_medicine() -> None:
    before = fitted(serum(0.90), lines=(DIET, "medicines: [{name: omeprazole, since: 2026-11-15}]"))
    without = fitted(serum(0.90))
    assert before.prediction == "a_posteriori"
    assert any("drawn before omeprazole was started" in sentence for sentence in before.sentences)
    low, high = (found.fitted["serum_mmol_per_L"][1] for found in (before, without))
    assert 0.003 < high - low < 0.03


def test_a_lab_before_a_medicine_that_ended_is_read_off_the_medicine() -> None:
    ended = fitted(serum(0.80, day="2026-06-01"), lines=(DIET, "medicines: [{name: omeprazole, until: 2026-06-10}]"))
    assert ended.fitted["serum_mmol_per_L"][1] > 0.80


def test_labs_before_and_on_a_tablet_teach_how_much_is_absorbed() -> None:
    """The same serum without and with 300 mg a day: whoever gains much absorbs it."""
    lines = (DIET, CITRATE.format(", since: 2026-07-20"))
    before = serum(0.78, day="2026-07-10"), urine(2.6, day="2026-07-10", complete="true")
    gained, same = (
        fitted(*before, serum(level, day="2026-11-10"), urine(per_day, complete="true"), lines=lines)
        for level, per_day in ((0.82, 5.2), (0.78, 2.8))
    )
    capacity = [next(row for row in found.parameters if row.id == "gut_f_act").p50 for found in (gained, same)]
    assert capacity[0] > 1.2 * capacity[1]


def test_the_laboratory_is_an_axis_where_results_share_it() -> None:
    two = serum(0.80), serum(0.82, day="2026-09-10")
    shared = case_of(MODEL, person(*two))
    assert [axis.parameter for axis in shared.evidence.measured] == ["offset:serum-magnesium:"]
    first, second = (
        lab("serum-magnesium", 0.8, day=at, laboratory=name) for at, name in (("2026-11-10", "a"), ("2026-09-10", "b"))
    )
    apart = case_of(MODEL, person(first, second))
    assert not apart.evidence.measured
    assert apart.evidence.observations[0].spread > shared.evidence.observations[0].spread
