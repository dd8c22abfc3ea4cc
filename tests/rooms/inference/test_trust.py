"""How far weights are trusted, what follows where they are not, and that a person's bits are their own."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import genpareto
from tests.rooms.inference.cases import MODEL, fitted
from tests.rooms.inference.persons import DIET, person, rbc, serum, urine

from davy.forecast.structures import structures
from davy.inference import fit, importance
from davy.inference.case import case_of
from davy.inference.coordinates import INTAKE
from davy.inference.importance import informed, informed_many
from davy.inference.levers import Curve
from davy.inference.mixture import Bells
from davy.inference.pareto import pareto_tail, smoothed
from davy.inference.posterior import StructureShown
from davy.inference.quality import Quality
from davy.inference.structural import sentence_of

PPI = "medicines: [{name: omeprazole}]"


@pytest.mark.parametrize("k", [0.1, 0.5, 0.9])
def test_the_shape_of_a_tail_is_found(k: float) -> None:
    over = np.sort(genpareto.rvs(k, scale=2.0, size=4000, random_state=3))
    found, scale = pareto_tail(over)
    assert found == pytest.approx(k, abs=0.06)
    assert scale == pytest.approx(2.0, rel=0.08)


def test_even_weights_are_trusted_and_heavy_ones_are_not() -> None:
    rng = np.random.default_rng(0)
    even, heavy = smoothed(0.1 * rng.standard_normal(2000)), smoothed(3.0 * rng.standard_exponential(2000))
    assert even.k < 0.3
    assert even.effective_size > 1900
    assert heavy.k > 0.7
    assert Quality("resampled", even.k, even.effective_size).trusted
    assert not Quality("resampled", heavy.k, heavy.effective_size).trusted
    assert not Quality("resampled", 0.1, 40.0).trusted


def test_smoothing_keeps_order_and_leaves_the_rest() -> None:
    raw = np.random.default_rng(1).standard_normal(1000) * 1.5
    made = smoothed(raw)
    assert (np.argsort(made.weight, kind="stable") == np.argsort(raw, kind="stable")).all()
    small = np.argsort(raw)[:800]
    ratio = made.weight[small] / np.exp(raw[small])
    assert ratio == pytest.approx(np.full(800, ratio[0]))


def test_impossible_versions_weigh_nothing() -> None:
    made = smoothed(np.array([0.0, -np.inf, np.nan, 0.0]))
    assert made.weight.tolist() == [0.5, 0.0, 0.0, 0.5]


def test_where_the_bells_fail_the_output_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bells that are put and kept in the wrong place are found out, and the answer stays that of the labs."""
    ada = person(serum(0.60), urine(4.1))
    right = fitted(serum(0.60), urine(4.1))
    honest = importance.bells_of

    def misplaced(case, values):
        return tuple(type(one)(one.peak + 3.0, one.lower * 4, one.weight) for one in honest(case, values))

    monkeypatch.setattr(importance, "bells_of", misplaced)
    monkeypatch.setattr(Bells, "adapted", lambda self, *_: self)
    found = fit(MODEL, ada)
    assert found.quality.method == "tempered"
    assert found.quality.pareto_k is not None
    assert any("quick fit failed" in sentence for sentence in found.sentences)
    for output in ("serum_mmol_per_L", "urine_mmol_per_d"):
        assert found.fitted[output] == pytest.approx(right.fitted[output], rel=0.06)


def test_many_persons_of_one_design_keep_their_own_bits() -> None:
    case = case_of(MODEL, person(serum(0.80), urine(3.5), lines=(DIET, PPI)))
    truth = case.points(5, 0, "truth")
    errors = np.array([one.spread for one in case.evidence.observations])
    reports = case.expected(truth) + errors * np.random.default_rng(0).standard_normal((5, 2))
    ids = [f"person-{number}" for number in range(5)]
    for row, own, one in zip(reports, ids, informed_many(case, reports, ids, count=300, seed=2), strict=True):
        alone = informed(case.with_values(row.tolist()), 300, 2, person_id=own)
        assert alone.points.z.tobytes() == one.points.z.tobytes()
        assert alone.weight.tobytes() == one.weight.tobytes()
        assert alone.quality == one.quality


def test_other_values_give_the_fit_of_another_report() -> None:
    low, high = (case_of(MODEL, person(serum(value), urine(3.5))) for value in (0.70, 0.90))
    swapped = low.with_values(high.evidence.values.tolist())
    assert informed(swapped, 200, 0).weight.tobytes() == informed(high, 200, 0).weight.tobytes()


def test_slopes_are_those_of_what_the_tests_show() -> None:
    """Each fitted axis is nudged for itself and compared with what the levers tell."""
    labs = serum(0.8), serum(0.82, day="2026-09-01"), urine(3.0, complete="false"), rbc(2.0)
    case = case_of(MODEL, person(*labs, lines=(DIET, PPI, "conditions: [type-2-diabetes]")))
    curve, fitted_axes = Curve(case), case.coordinates.fitted
    rng = np.random.default_rng(5)
    kind = np.arange(len(case.coordinates.kinds))
    z = 0.5 * rng.standard_normal((len(kind), fitted_axes))
    _, slopes = curve.sloped(z, kind, central=True)
    for place in range(fitted_axes):
        step = np.zeros(fitted_axes)
        step[place] = 0.01
        told = (curve.shown(z + step, kind) - curve.shown(z - step, kind)) / 0.02
        assert slopes[:, :, place] == pytest.approx(told, abs=2e-4), case.coordinates.axes[place].parameter


def test_structures_are_weighed_and_open_where_labs_do_not_choose() -> None:
    found = fitted(serum(0.85))
    assert sum(one.prior for one in found.structures) == pytest.approx(1)
    assert sum(one.posterior for one in found.structures) == pytest.approx(1)
    assert len(found.structures) == len(structures()) <= 3
    assert found.structure_sentence is not None
    assert "do not choose" in found.structure_sentence
    without = fitted()
    assert [one.posterior for one in without.structures] == pytest.approx([one.prior for one in without.structures])


def test_labs_can_choose_a_structure() -> None:
    """From a Bayes factor above three on, and not below."""
    shown = (StructureShown("a", "a sharp corner", 0.5, 0.92), StructureShown("b", "a soft corner", 0.5, 0.08))
    assert (
        sentence_of(shown, measured=True)
        == "Your labs speak for a sharp corner against a soft corner (12 to 1 or more)."
    )
    even = (StructureShown("a", "a sharp corner", 0.5, 0.74), StructureShown("b", "a soft corner", 0.5, 0.26))
    assert "do not choose" in sentence_of(even, measured=True)


def test_the_effect_of_a_medicine_is_as_wide_as_its_source() -> None:
    row = next(one for one in fitted(lines=(DIET, PPI)).parameters if one.id == "effect of an acid blocker")
    assert row.prior_p50 == pytest.approx(0.807, abs=0.01)
    assert 0.734 < row.p05 < row.p95 < 0.871
    assert row.informed == 0.0


def test_widening_an_effect_moves_no_median() -> None:
    case = case_of(MODEL, person(lines=(DIET, PPI, "conditions: [type-2-diabetes]")))
    zero = np.zeros((1, len(case.coordinates.axes)))
    amounts = case.coordinates.amounts(zero, np.array([0]))[0]
    for place, axis in enumerate(case.coordinates.axes):
        assert amounts[place] == pytest.approx(np.log(axis.median)), axis.parameter
    assert case.coordinates.axes[case.coordinates.place(INTAKE)].median > 0
