"""Local magnesium: what reaches a place, through the adapters alone; and that what is kept is what the code gives."""

from __future__ import annotations

import json

import numpy as np
import pytest

from davy.pathways.build import curve_files, curve_of
from davy.pathways.catalogue import pathway
from davy.pathways.curves import FOLDER
from davy.pathways.lanes import Setting
from davy.pathways.local import adapters, local_magnesium, observed
from davy.pathways.rows import PARAMETER_SETS
from davy.tables import knowledge_file

SETTING = Setting(draws=60)


def plasma(ionised: float, total: float) -> dict[str, np.ndarray]:
    return {"plasma-ionised": np.full(61, ionised), "serum-total": np.full(61, total)}


def test_the_fluid_of_the_brain_takes_nothing_a_small_share_or_all_of_a_change_in_plasma_by_the_reading_drawn() -> None:
    before, after = local_magnesium(SETTING, plasma(0.58, 0.85)), local_magnesium(SETTING, plasma(0.89, 1.3))
    assert {"csf", "interstitial"} <= set(before)
    for place in ("csf", "interstitial"):
        share = (after[place] - before[place]) / (0.89 - 0.58)
        assert 0.0 < share[0] < 0.3, "the line takes the part"
        nothing, all_of_it = share == 0.0, share > 0.8
        assert (share[~nothing & ~all_of_it] < 0.5).all()
        assert 0.3 < nothing.mean() < 0.6
        assert 0.02 < all_of_it.mean() < 0.25
    assert (after["plasma-ionised"] == 0.89).all()


def test_what_a_person_would_notice_is_read_at_that_magnesium() -> None:
    block = pathway("P02")
    low, high = (observed(block, SETTING, local_magnesium(SETTING, plasma(level, 1.5 * level))) for level in (0.3, 0.9))
    assert low is not None
    assert high is not None
    assert low["unblocked_fraction"][0] > high["unblocked_fraction"][0]
    assert (low["unblocked_fraction"] >= high["unblocked_fraction"]).all(), "equal where nothing arrives"
    assert observed(block, SETTING, plasma(0.6, 0.9)) is None, "no brain pathway reads plasma"


def test_a_store_of_muscle_reaches_muscle() -> None:
    store = {"muscle_store_fraction": np.full(61, 0.8)}
    short, usual = (local_magnesium(SETTING, plasma(0.58, 0.85), given) for given in (store, None))
    assert "muscle-free" not in usual
    assert (short["muscle-free"] > 0.0).all()


def test_adapters_are_no_hypotheses_and_no_checks_of_others() -> None:
    assert adapters()
    assert all(one.grade != "D" and one.row.parent is None for one in adapters())


@pytest.mark.night
@pytest.mark.parametrize("file", sorted(curve_files()))
def test_a_kept_curve_is_what_the_experiment_gives(file: str) -> None:
    name, parameter_set, along = file.removeprefix(f"{FOLDER}/").removesuffix(".json").split(".")
    chosen = next(one for one in PARAMETER_SETS if one == parameter_set)
    made = json.loads(curve_of((name, chosen, along))[1])
    kept = json.loads(knowledge_file(file).read_text(encoding="utf-8"))
    assert made["key"] == kept["key"]
    for port, lanes in made["outputs"].items():
        assert np.array(lanes, dtype=float) == pytest.approx(
            np.array(kept["outputs"][port], dtype=float), rel=1e-4, nan_ok=True
        )
