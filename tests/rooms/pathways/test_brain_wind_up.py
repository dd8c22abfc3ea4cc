"""Wind-up: the published pattern, the ensemble that shares it, and what magnesium and glycine receptors do to it."""

from __future__ import annotations

import numpy as np
import pytest

from davy.pathways.catalogue import pathway
from davy.pathways.experiments.wind_up import PUBLISHED, Floats, keeps_the_pattern, run, trains
from davy.pathways.experiments.wind_up_sets import member_values


def given(members: tuple[int, ...], **other: float) -> dict[str, Floats]:
    """Inputs and parameters of the literature for some members of the ensemble."""
    found = pathway("P04")
    values = {name: row.value for name, row in found.parameters["literature"].items()}
    values |= {name: float(port.value or 0.0) for name, port in found.inputs.items()} | other
    lanes = {name: np.full(len(members), value) for name, value in values.items()}
    return lanes | {"member": np.array(members, dtype=np.float64)}


def with_sets(lanes: dict[str, Floats]) -> dict[str, Floats]:
    """The same with the conductances of each member."""
    return lanes | member_values(lanes["member"])


@pytest.mark.night
def test_every_member_of_the_ensemble_keeps_the_pattern() -> None:
    """Growth at 1 Hz, none at 0.2 Hz or without NMDA channels."""
    assert keeps_the_pattern(with_sets(given(tuple(range(240))))).all()


def test_members_of_the_ensemble_fire_as_published() -> None:
    """A few of them, from both ends of the table."""
    spikes = trains(with_sets(given((0, 7, 120, 239))))
    assert np.all(np.sqrt(((spikes - np.array(PUBLISHED)) ** 2).mean(axis=1)) < 1.5)
    assert np.sqrt(((spikes[0] - np.array(PUBLISHED)) ** 2).mean()) < 1.0


def test_there_are_enough_members_for_a_band() -> None:
    """At least 200 that differ, and the parameter reaches all of them."""
    row = pathway("P04").parameters["literature"]["member"]
    assert row.high is not None
    every = member_values(np.arange(row.high))
    assert row.high >= 200
    assert len(np.unique(np.stack(list(every.values())), axis=1).T) == row.high


@pytest.mark.night
def test_half_the_step_counts_the_same_spikes() -> None:
    """Within two in a hundred for the middle member of nine."""
    lanes = with_sets(given(tuple(range(0, 180, 20))))
    found, finer = trains(lanes).sum(axis=1), trains(lanes, 0.05).sum(axis=1)
    assert np.median(np.abs(found / finer - 1.0)) < 0.02


def test_magnesium_and_glycine_receptors_quieten_it() -> None:
    """Fewer spikes with more of either."""
    lanes = given((3, 3, 3, 3))
    lanes |= {"mg_mM": np.array([0.8, 1.0, 1.2, 1.0]), "glyr_nS": np.array([1.0, 1.0, 1.0, 2.0])}
    less, usual, more, inhibited = run(lanes)["total_spikes"]
    assert less > usual > more
    assert inhibited < usual


def test_a_lane_is_computed_as_if_alone() -> None:
    """A neighbour at another rate changes no spike."""
    one, other = with_sets(given((0,), rate_Hz=3.0)), with_sets(given((5,), rate_Hz=2.0))
    both = {name: np.concatenate((one[name], other[name])) for name in one}
    assert trains(both)[0].tolist() == trains(one)[0].tolist()


@pytest.mark.parametrize("check", ["P04d", "P04f"])
def test_a_check_runs_the_same_neuron(check: str) -> None:
    """The diabetic rat and the trigeminal nucleus have the ensemble of the cord."""
    assert pathway(check).home == pathway("P04").home
    assert pathway(check).parameters["literature"]["member"] == pathway("P04").parameters["literature"]["member"]
