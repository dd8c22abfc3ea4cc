"""The structural alternatives: settings of one model that add to one belief."""

from __future__ import annotations

import numpy as np
import pytest

from davy.body import read_model
from davy.errors import KnowledgeError
from davy.forecast import Draws, steady_serum
from davy.forecast.structures import all_structures, structure, structures
from davy.people.regimen import NO_SUPPLEMENT


def test_the_weights_are_one_belief_over_at_most_three() -> None:
    found = structures()
    assert found[0].id == "usual"
    assert not found[0].settings
    assert 2 <= len(found) <= 3
    assert sum(one.prior_weight for one in found) == pytest.approx(1.0)
    assert {one.id for one in found} <= {one.id for one in all_structures()}


def test_each_is_the_bundled_model_with_other_values() -> None:
    model = read_model()
    for one in structures():
        assert set(one.settings) <= set(model.parameters)
        assert all(value != model.defaults[name] for name, value in one.settings.items())
        assert one.source


def test_all_run_in_one_batch_and_start_from_the_same_usual_serum() -> None:
    """An alternative is about how the body answers; the typical person stands where the parameter table puts them."""
    model = read_model()
    names = tuple(dict.fromkeys(name for one in structures() for name in one.settings))
    values = np.array([[one.settings.get(name, model.defaults[name]) for name in names] for one in structures()])
    draws = Draws(names, values, np.full(len(values), 12.3))
    serum = steady_serum(model, draws, [NO_SUPPLEMENT])[0].series("serum_mmol_per_L")[:, -1]
    assert serum == pytest.approx(serum[0], abs=0.002)


def test_an_unknown_one_is_refused_by_name() -> None:
    with pytest.raises(KnowledgeError, match=r"'sharpest'.*known: usual"):
        structure("sharpest")
