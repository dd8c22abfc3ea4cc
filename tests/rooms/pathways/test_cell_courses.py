"""The slow models of cells and nerves through time, against exact courses and against cells drawn one by one."""

from __future__ import annotations

import numpy as np
import pytest

from davy.pathways.catalogue import pathway
from davy.pathways.lanes import Setting, outputs_at

SETTING = Setting(draws=0, hypotheses=True)


def at(name: str, day: float | None = None, **given: float) -> dict[str, float]:
    return {port: float(value[0]) for port, value in outputs_at(pathway(name), SETTING, given, day).items()}


def value(name: str, parameter: str) -> float:
    return pathway(name).parameters["literature"][parameter].value


@pytest.mark.parametrize("day", [1 / 6, 1.0, 14.0])
def test_the_fluid_follows_a_step_of_plasma_as_one_exponential(day: float) -> None:
    start, slope, tau = (value("P00a", name) for name in ("Csf0", "slope", "tau"))
    exact = start + slope * (1.0 - value("P00a", "Plasma0")) * -np.expm1(-day / tau)
    assert at("P00a", day, mg_plasma_ionised_mM=1.0)["mg_csf_mM"] == pytest.approx(exact, rel=1e-5)


@pytest.mark.parametrize(("reading", "slope", "tau"), [(0.2, 0.0, 1.0), (0.95, 1.38, 0.208)])
def test_the_other_readings_are_a_fluid_that_stays_and_one_that_follows(
    reading: float, slope: float, tau: float
) -> None:
    moved = at("P00a", 0.5, mg_plasma_ionised_mM=1.0, reading=reading)["mg_csf_mM"] - value("P00a", "Csf0")
    assert moved == pytest.approx(slope * (1.0 - value("P00a", "Plasma0")) * -np.expm1(-0.5 / tau), rel=1e-5, abs=1e-9)


def test_a_course_by_mouth_hardly_moves_the_fluid() -> None:
    """Plus 0.05 mM in plasma, which is much for a supplement: about one percent."""
    moved = at("P00a", mg_plasma_ionised_mM=0.63)["mg_csf_mM"] / at("P00a")["mg_csf_mM"]
    assert 1.005 < moved < 1.02


def test_mutant_shares_of_cells_drawn_one_by_one_drift_as_the_variance_says() -> None:
    """Each event breaks one genome and copies another, both at random."""
    copies, start, days, cells = 60, 0.3, 200.0, 6000
    rng = np.random.default_rng(7)
    mutants = np.full(cells, int(copies * start))
    events = rng.poisson(value("P07b", "mu") * copies * days, cells)
    for event in range(int(events.max())):
        here = events > event
        broken = rng.random(cells) * copies < mutants
        copied = rng.random(cells) * copies < mutants
        mutants += np.where(here, copied.astype(int) - broken.astype(int), 0)
    share = mutants / copies
    model = at("P07b", days, copies=copies, start_fraction=start)
    assert share.mean() == pytest.approx(model["mutant_fraction"], abs=4 * share.std() / np.sqrt(cells))
    assert share.var() == pytest.approx(model["variance_fraction"], rel=0.06)


def test_a_push_at_the_top_of_biogenesis_comes_down_step_by_step_and_in_full() -> None:
    early = at("P07", 5.0, drive_fold=2)
    assert early["pgc1a_fold"] > early["tfam_fold"] > early["mtdna_fold"] > 1
    late = at("P07", 1000.0, drive_fold=2)
    assert [late[name] for name in ("pgc1a_fold", "tfam_fold", "mtdna_fold")] == pytest.approx([2, 2, 2], rel=1e-4)


def test_the_loop_makes_a_small_push_larger_by_what_its_gain_says() -> None:
    push = value("P07c", "c") * 0.01
    grown = at("P07c", 3000.0, mg_cell_free_mM=0.99 * value("P07c", "Mg0"))["nfkb_fold"] - 1
    assert grown / push == pytest.approx(at("P07c")["amplification"], rel=0.01)


def test_a_gain_above_one_runs_away_to_where_the_loop_saturates() -> None:
    calm, vicious = (at("P07c", 5000.0, mg_cell_free_mM=0.5, e=e) for e in (0.2, 4.0))
    assert calm["oxidant_fold"] < 1.1
    assert vicious["loop_gain"] > 1
    assert vicious["oxidant_fold"] > 3


def test_breaks_stand_at_what_comes_in_over_how_fast_it_is_mended() -> None:
    standing = at("P09", mg_cell_free_mM=0.2, oxidant_fold=3)
    made = 3 * value("P09", "hits")
    mend = value("P09", "bypass") + (1 - value("P09", "bypass")) * standing["parp_fraction"]
    assert standing["ssb_per_cell"] == pytest.approx(made / value("P09", "k_ssb") / mend, rel=1e-5)
    turned = value("P09", "turn") * value("P09", "k_ssb") * standing["ssb_per_cell"]
    k_mrn, mg0 = value("P09", "K_mrn"), value("P09", "Mg0")
    mending = value("P09", "k_dsb") * 0.2 / (k_mrn + 0.2) * (k_mrn + mg0) / mg0
    assert standing["dsb_per_cell"] == pytest.approx(turned / mending, rel=1e-4)


def test_telomeres_lose_the_same_each_year() -> None:
    lost = [5.6 - at("P08", 365.25 * years)["length_kb"] for years in (1, 5, 10)]
    assert lost == pytest.approx([0.0247, 0.1235, 0.247], rel=1e-4)


@pytest.mark.parametrize(("burst", "background", "commits"), [(40, 4, True), (40, 1, False), (0, 4, False)])
def test_a_cell_commits_for_good_or_not_at_all(burst: float, background: float, commits: bool) -> None:
    late = at("P09b", 200.0, burst_dsb=burst, background_dsb=background)["senescent_fraction"]
    assert late > 0.95 if commits else late < 0.05


def test_interleukins_follow_their_cause_at_their_own_paces() -> None:
    """Each at its own pace: after a day of the new priming the fast one is there and the slow one is on its way."""
    fast, slow = (
        at("P10", 1.0, priming_fold=3)[f"{name}_pg_per_mL"] / at("P10")[f"{name}_pg_per_mL"] for name in ("il1b", "il6")
    )
    assert fast == pytest.approx(3, rel=1e-6)
    assert slow == pytest.approx(3 - 2 * np.exp(-value("P10", "k_il6")), rel=0.02)


def test_endings_regrow_while_axons_are_lost() -> None:
    bare = [at("P05c", day, start_fraction=0, diabetes_fraction=1)["density_fraction"] for day in (0.001, 90, 180, 700)]
    assert bare[0] < 0.001 < bare[1] < bare[2]
    years = [at("P05c", 365.25 * n, diabetes_fraction=1)["density_fraction"] for n in (1, 3, 6)]
    k, loss = value("P05c", "k_grow") * value("P05c", "phi_dm"), value("P05c", "l_dm") / 365.25
    axons = np.exp(-loss * 365.25 * np.array([1, 3, 6]))
    exact = (k * axons - loss * np.exp(-k * 365.25 * np.array([1, 3, 6]))) / (k - loss)
    assert years == pytest.approx(exact, rel=1e-4)
