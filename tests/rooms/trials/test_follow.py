"""What persons of a trial go through: their own regimen, their own leaving, their own measuring."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.trials.files import CROSSOVER, N_OF_1, PARALLEL, edited

from davy.trials.chunk import Enrolled, follow
from davy.trials.cohort import assay_error, screen
from davy.trials.endpoints import outcome_of, samples
from davy.trials.read import trial_from_text
from davy.trials.run import run_trial

NUMBERS = np.arange(240)


def followed(text=PARALLEL, *changes, people=240):
    trial = trial_from_text(edited(text, *changes), name="trial")
    none = np.zeros(people, dtype=np.int64)
    own = np.arange(people)
    return trial, follow(trial, Enrolled(0, people, own, own, none, own))


def test_a_person_is_the_same_alone_and_in_the_middle_of_others():
    trial, everyone = followed()
    one = np.array([137])
    alone = follow(trial, Enrolled(130, 20, one, one, np.array([0]), one))
    for name in ("value", "true", "left_d", "group", "at_start"):
        assert np.array_equal(getattr(alone, name)[0], getattr(everyone, name)[137], equal_nan=True), name


def test_assay_error_is_that_of_the_table_and_each_visit_has_its_own():
    trial, chunk = followed(PARALLEL, ("drop_out_per_year: 1.0", "missing: complete"))
    off = np.log(chunk.value / chunk.true)
    for column, test in enumerate(trial.tests):
        assert off[:, :, column].std() == pytest.approx(assay_error(trial, test), rel=0.12)
    assert abs(np.corrcoef(off[:, 0, 0], off[:, 1, 0])[0, 1]) < 0.25


def test_assay_error_of_the_file_is_used():
    _, chunk = followed(PARALLEL, ("drop_out_per_year: 1.0", "assay: {serum-magnesium: 0}"))
    assert (chunk.value[:, :, 0] == chunk.true[:, :, 0]).all()


def test_drop_out_has_the_hazard_of_its_arm():
    words = 'drop_out_per_year: 6.0, regimen: "citrate 180mg @ 08:00,21:00"'
    changes = ('regimen: "citrate 180mg @ 08:00,21:00"', words), ("drop_out_per_year: 1.0", "missing: complete")
    _, chunk = followed(PARALLEL, *changes)
    gone = np.isnan(chunk.value[:, 1, 0])
    expected = 1 - np.exp(-6 * 28 / 365.25)
    treated = chunk.group == 1
    assert not gone[~treated].any()
    assert abs(gone[treated].mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / treated.sum())
    assert np.isfinite(chunk.value[:, 0, 0]).all()


def test_adherence_of_nobody_is_placebo():
    """Nine of ten take nothing at all, so the arms differ by a tenth of the effect."""
    lazy = ("drop_out_per_year: 1.0", "adherence: {nobody: 0.9}")
    eager = ("drop_out_per_year: 1.0", "adherence: {median: 1.0}")
    gains = {}
    for name, change in (("lazy", lazy), ("eager", eager)):
        _, chunk = followed(PARALLEL, change)
        change_in_urine = chunk.true[:, 1, 1] - chunk.true[:, 0, 1]
        gains[name] = change_in_urine[chunk.group == 1]
    assert np.mean(np.abs(gains["lazy"]) < 1e-2) > 0.8
    assert gains["eager"].min() > 0.01


def test_a_diet_is_eaten_by_its_arm_alone():
    _, chunk = followed(PARALLEL, ('regimen: "citrate 180mg @ 08:00,21:00"', "diet_change_mg_per_day: 200"))
    up = chunk.true[:, 1, 1] - chunk.true[:, 0, 1]
    assert (up[chunk.group == 1] > 0.1).all()
    assert np.abs(up[chunk.group == 0]).max() < 0.05


def test_screening_is_by_the_measured_value():
    words = "  recipe: us-adults\n  screening: [{test: serum-magnesium, at_most: 0.80}]\n"
    trial = trial_from_text(edited(PARALLEL, ("  recipe: us-adults\n", words)), name="trial")
    found = screen(trial, 0, 400)
    own = found.eligible
    none = np.zeros(len(own), dtype=np.int64)
    numbers = np.arange(len(own))
    chunk = follow(trial, Enrolled(0, 400, own, numbers, none, numbers))
    assert len(own) > 40
    assert (chunk.true[:, 0, 0] > 0.80).any()
    assert np.mean(chunk.true[:, 0, 0] < 0.82) > 0.9


def test_missing_values_are_filled_as_the_trial_says():
    visits = ("  - {day: 28,", "  - {day: 14, tests: [serum-magnesium]}\n  - {day: 28,")
    found = {}
    for rule in ("complete", "last", "baseline"):
        trial, chunk = followed(PARALLEL, ("drop_out_per_year: 1.0", f"drop_out_per_year: 8\nmissing: {rule}"), visits)
        found[rule] = outcome_of(trial, trial.endpoints[0], chunk).value[:, 0]
    between = (chunk.left_d >= 14) & (chunk.left_d < 28)
    early = chunk.left_d < 14
    assert between.sum() > 20
    assert early.sum() > 20
    assert np.isnan(found["complete"][between | early]).all()
    assert (found["last"][between] == chunk.value[between, 1, 0]).all()
    assert (found["last"][early] == chunk.value[early, 0, 0]).all()
    assert (found["baseline"][between | early] == chunk.value[between | early, 0, 0]).all()


def test_n_of_1_persons_take_each_treatment_in_each_cycle():
    trial, chunk = followed(N_OF_1, people=60)
    outcome = outcome_of(trial, trial.endpoints[0], chunk)
    (rows,) = samples(trial, "paired", "citrate", outcome)
    assert outcome.value.shape == (60, 6)
    assert (rows[:, 0] > -1.5).mean() > 0.9
    assert rows[:, 0].mean() > 0.3


@pytest.mark.parametrize("text", [CROSSOVER, N_OF_1])
def test_within_person_trials_estimate_what_parallel_ones_do(text):
    within = run_trial(trial_from_text(edited(text, ("people: 60", "people: 300")), name="trial"))
    estimate = within.endpoints[0].estimates[0]
    assert estimate.estimate is not None
    assert estimate.estimate > 0.8
    paired, _, unpaired = within.endpoints[0].estimates
    assert paired.se < unpaired.se


def test_who_would_never_be_found_is_told():
    from davy.errors import InputError

    trial = trial_from_text(edited(PARALLEL, ("[18, 75]", "[119, 120]")), name="trial")
    with pytest.raises(InputError, match="most fail age_y"):
        run_trial(trial)
