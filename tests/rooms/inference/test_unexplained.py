"""Results that nothing else explains are named, with what to think of, and do not pull the fit."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.inference.cases import fitted
from tests.rooms.inference.persons import DIET, lab, serum, urine


@pytest.mark.parametrize(
    "labs",
    [
        (serum(0.60), urine(4.1)),
        (serum(0.60), urine(0.4)),
        (serum(0.45),),
        (serum(0.85),),
        (serum(0.80), urine(6.0)),
        (serum(0.95),),
    ],
)
def test_a_rare_state_that_the_priors_know_is_explained(labs: tuple[str, ...]) -> None:
    assert not fitted(*labs).unexplained


def test_a_wrong_unit_is_named_and_does_not_pull() -> None:
    """1.7 mg/dL written as mmol/L would be four times the usual spread above everything."""
    found, none = fitted(serum(1.7)), fitted()
    (odd,) = found.unexplained
    assert odd.p < 0.001
    assert any("1.7 mg/dL would fit" in reason for reason in odd.reasons)
    assert any("haemolysed" in reason for reason in odd.reasons)
    assert odd.sentence in found.sentences
    assert found.draws.values.tobytes() == none.draws.values.tobytes()
    assert found.prediction == none.prediction


def test_a_urine_that_contradicts_an_otherwise_full_record_is_named() -> None:
    others = serum(0.86), urine(4.2, day="2026-10-10", complete="true"), urine(3.9, day="2026-10-20", complete="true")
    found = fitted(*others, urine(0.5, complete="true"))
    (odd,) = found.unexplained
    assert odd.lab.value == 0.5
    assert "an incomplete collection" in odd.reasons
    kept = fitted(*others)
    assert found.fitted["urine_mmol_per_d"][1] == pytest.approx(kept.fitted["urine_mmol_per_d"][1], rel=0.05)


def test_two_results_that_contradict_only_each_other_both_wait() -> None:
    found = fitted(serum(0.86, day="2026-11-10"), serum(0.66, day="2026-11-03"))
    assert sorted(odd.lab.value for odd in found.unexplained) == [0.66, 0.86]
    assert found.prediction != "a_posteriori"
    assert all("neither pulls the fit" in odd.sentence for odd in found.unexplained)


def test_the_newer_of_two_counts_where_time_has_passed() -> None:
    found = fitted(serum(0.70, day="2026-11-10"), serum(0.90, day="2026-06-10"))
    assert [odd.lab.value for odd in found.unexplained] == [0.90]
    assert found.fitted["serum_mmol_per_L"][1] == pytest.approx(0.71, abs=0.02)


def test_no_order_of_labs_in_the_file_matters() -> None:
    labs = serum(0.86), urine(0.2, complete="true"), urine(4.0, day="2026-10-20", complete="true")
    one, other = fitted(*labs), fitted(*labs[::-1])
    assert {odd.lab.value for odd in one.unexplained} == {odd.lab.value for odd in other.unexplained}
    assert np.allclose(one.fitted["serum_mmol_per_L"], other.fitted["serum_mmol_per_L"])


def test_what_the_choice_reads_does_not_hang_on_how_the_diet_is_known() -> None:
    labs = serum(0.72), urine(0.25)
    known, guessed = (
        fitted(*labs, lines=(f"diet: {{magnesium_mg_per_day: 290, method: {method}}}",))
        for method in ("weighed-record", "guess")
    )
    assert known.choice_draws.values.tobytes() == guessed.choice_draws.values.tobytes()


def test_haemolysis_is_thought_of_for_serum_alone() -> None:
    odd = fitted(serum(0.85), lab("rbc-magnesium", 6.5), lines=(DIET,)).unexplained
    assert len(odd) == 1
    assert not any("haemolysed" in reason for reason in odd[0].reasons)


def test_a_loading_test_that_kept_too_much_may_be_a_lost_urine() -> None:
    (odd,) = fitted(serum(0.78), lab("magnesium-load-retention", 75, '"%"')).unexplained
    assert "an incomplete collection" in odd.reasons
