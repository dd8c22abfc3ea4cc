"""The closed forms of cells and nerves, against what each must equal: a full balance, a root, an integral, a chain."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.optimize import brentq, fsolve

from davy.body.sbml import sbml_from_antimony, warnings_of, with_values
from davy.pathways.catalogue import catalogue, pathway
from davy.pathways.evaluation import Floats
from davy.pathways.homes import module
from davy.pathways.lanes import Setting, outputs_at
from davy.pathways.rows import ParameterSet
from davy.tables import knowledge_file

FILES = (
    "axon_length", "biogenesis", "complex_v", "crp_trials", "csf_adapter", "csf_threonate", "epidermal_fibres",
    "heteroplasmy", "mgatp", "muscle_free", "nerve_by_serum", "nerve_regrowth", "neuron_calcium", "neuropathy_course",
    "nfkb_loop", "nlrp3", "senescence", "strand_breaks", "telomere", "telomere_diet", "trpm7", "trpm7_as_stated",
)  # fmt: skip


def at(name: str, parameter_set: ParameterSet = "literature", **given: float | Floats) -> dict[str, float]:
    setting = Setting(parameter_set, draws=0, hypotheses=True)
    return {port: float(value[0]) for port, value in outputs_at(pathway(name), setting, given).items()}


def value(name: str, parameter: str, parameter_set: ParameterSet = "literature") -> float:
    return pathway(name).parameters[parameter_set][parameter].value


@pytest.mark.parametrize("name", FILES)
def test_the_units_of_every_file_are_sound(name: str) -> None:
    text = knowledge_file(f"models/pathways/{name}.ant").read_text(encoding="utf-8")
    owner = next(one for one in catalogue() if f"{name}.ant" in (one.home, one.as_stated))
    model = module(owner, "literature" if owner.home == f"{name}.ant" else "articles")
    sbml = sbml_from_antimony(text, name=name)
    assert warnings_of(with_values(sbml, model.defaults)) == ()


def test_atp_is_shared_out_as_a_balance_of_all_its_forms_says() -> None:
    ph, potassium, magnesium, atp = 6.8, 120.0, 0.4, 8.2
    k_h, k_k = value("P01", "K_hatp"), value("P01", "K_katp")
    bare = value("P01", "K_mgatp") / (1 + 1e3 * 10**-7.2 / k_h + 140 / k_k)

    def balance(forms: Floats) -> Floats:
        free, proton, kalium, mg = forms
        return np.array(
            [
                free + proton + kalium + mg - atp,
                proton - free * 1e3 * 10**-ph / k_h,
                kalium - free * potassium / k_k,
                mg - free * magnesium / bare,
            ]
        )

    whole = fsolve(balance, np.full(4, atp / 4), xtol=1e-13)
    given = at("P01", mg_cell_free_mM=magnesium, ph=ph, k_mM=potassium)
    assert given["mgatp_mM"] == pytest.approx(whole[3], rel=1e-9)
    assert given["free_atp_mM"] == pytest.approx(whole[:3].sum(), rel=1e-9)


@pytest.mark.parametrize(("store", "atp", "ph"), [(0.5, 8.2, 7.2), (1.3, 3.0, 6.6), (1.0, 11.0, 7.4)])
def test_free_magnesium_of_muscle_is_the_root_of_its_balance(store: float, atp: float, ph: float) -> None:
    one = {row.id: row.value for row in pathway("P00c").parameters["literature"].values()}
    bind = one["K_atp"] * (1 + 1e3 * 10**-ph / one["K_h"]) / (1 + 1e3 * 10 ** -one["Ph0"] / one["K_h"])

    def total(free: float, pool: float, k: float) -> float:
        return free * (1 + pool / (k + free) + one["Sites"] / (one["K_site"] + free))

    held = store * total(one["Free0"], one["Atp0"], one["K_atp"])
    root = brentq(lambda free: total(free, atp, bind) - held, 1e-6, 20, xtol=1e-12)
    found = at("P00c", muscle_store_fraction=store, atp_mM=atp, ph=ph)
    assert found["mg_muscle_free_mM"] == pytest.approx(root, rel=1e-4)


def test_the_constants_that_two_pathways_share_are_one() -> None:
    assert value("P00c", "K_atp") == value("P01", "K_mgatp")
    assert value("P00c", "K_h") == value("P01", "K_hatp")
    assert value("P07b", "mu") == value("P07", "mu") == value("P07c", "mu")
    assert value("P07b", "Mg0") == value("P06", "Mg0")
    assert at("P01", atp_mM=value("P00c", "Atp0"))["mgatp_mM"] == pytest.approx(value("P07", "Mgatp0"), rel=0.005)


def test_trpm7_is_all_open_without_magnesium_and_less_so_the_more_there_is() -> None:
    assert at("P05", mg_neuron_free_mM=0.001)["open_fraction"] == pytest.approx(0.95, abs=0.01)
    open_ = [at("P05", mg_neuron_free_mM=mg)["open_fraction"] for mg in (0.01, 0.1, 0.5, 1.0, 3.0)]
    assert open_ == sorted(open_, reverse=True)
    assert at("P05")["current_fold"] == 1.0


@pytest.mark.parametrize("stress", [1.0, 0.8, 0.5])
def test_at_the_critical_length_an_axon_makes_what_it_uses(stress: float) -> None:
    length = at("P06b", stress_fraction=stress)["critical_length_mm"]
    assert at("P06b", stress_fraction=stress, axon_length_mm=length)["margin_fraction"] == pytest.approx(0, abs=1e-12)
    assert at("P06b", stress_fraction=stress, axon_length_mm=0.9 * length)["margin_fraction"] > 0


def test_an_axon_that_glycolysis_alone_keeps_has_no_critical_length_and_one_without_supply_none_left() -> None:
    assert at("P06b", demand_fraction=0.2)["critical_length_mm"] == value("P06b", "Far")
    assert at("P06b", oxphos_fraction=0.0)["critical_length_mm"] == 0


def test_magnesium_reaches_axon_calcium_and_ampk_through_the_pathway_that_reads_it() -> None:
    flux = at("P06", mg_matrix_free_mM=0.2)["flux_of_normal_fraction"]
    assert at("P06b", mg_matrix_free_mM=0.2) == at("P06b", flux_fraction=flux)
    current = at("P05", mg_neuron_free_mM=0.2)["current_fold"]
    assert at("P05b", mg_neuron_free_mM=0.2)["ca_nM"] == at("P05b", current_fold=current)["ca_nM"] > at("P05b")["ca_nM"]
    bound = at("P01", mg_cell_free_mM=0.2)["mgatp_fold"]
    assert at("P07", mg_cell_free_mM=0.2)["ampk_fold"] == at("P07", mgatp_fold=bound)["ampk_fold"] < 1


def test_an_axon_grows_back_in_the_days_that_its_pace_adds_up_to() -> None:
    v0, far, wait = (value("P17", name) for name in ("v0", "Far", "wait"))
    days = wait + quad(lambda x: 1 / (v0 * np.exp(-x / far)), 0, 450)[0]
    assert at("P17", distance_mm=450)["days_to_target"] == pytest.approx(days, rel=1e-9)
    assert at("P17", "articles", distance_mm=450)["days_to_target"] == pytest.approx(450, rel=1e-3)


@pytest.mark.parametrize("dose", [0.0, 120.0, 300.0, 600.0])
def test_the_course_of_neuropathy_is_a_chain_of_two_hazards(dose: float) -> None:
    shares = at("P21", mg_dose_mg_per_day=dose, years=5)
    gone = shares["better_percent"] + shares["worse_percent"]
    hazard = -np.log(1 - gone / 100) / 5
    up, down = (hazard * shares[f"{where}_percent"] / gone for where in ("better", "worse"))
    chain = expm(np.array([[0, 0, 0], [up, -up - down, down], [0, 0, 0]]) * 2.5)[1] * 100
    half = at("P21", mg_dose_mg_per_day=dose, years=2.5)
    assert [half[f"{where}_percent"] for where in ("better", "same", "worse")] == pytest.approx(chain, rel=1e-9)
    assert sum(half.values()) == pytest.approx(100)


def test_more_than_the_dose_of_the_trial_promises_no_more_than_the_trial() -> None:
    worse = [at("P21", mg_dose_mg_per_day=dose)["worse_percent"] for dose in (0, 100, 200, 300, 450, 600)]
    assert worse == sorted(worse, reverse=True)
    assert worse[3:] == [pytest.approx(12)] * 3


def test_without_a_dose_the_trials_of_crp_promise_nothing() -> None:
    assert at("P10b", mg_dose_mg_per_day=0.0, crp_mg_per_L=9.0)["crp_change_mg_per_L"] == 0
    assert at("P10b", crp_mg_per_L=3.0)["crp_change_mg_per_L"] == 0.61
    assert at("P10b", crp_mg_per_L=3.1)["crp_change_mg_per_L"] == -1.12


@pytest.mark.parametrize(
    ("name", "output", "given"),
    [
        ("P00a", "mg_csf_mM", {"mg_plasma_ionised_mM": 0.4}),
        ("P00d", "csf_change_percent", {}),
        ("P01", "mgatp_fraction", {"mg_cell_free_mM": 0.4}),
        ("P05", "open_fraction", {"mg_neuron_free_mM": 0.4}),
        ("P05b", "ca_nM", {"mg_neuron_free_mM": 0.4}),
        ("P06", "flux_of_normal_fraction", {"mg_matrix_free_mM": 0.0}),
        ("P06b", "slow_transit_days", {}),
        ("P08", "telomerase_fraction", {"mg_cell_free_mM": 0.4}),
        ("P09", "parp_fraction", {"mg_cell_free_mM": 0.4}),
        ("P17", "days_to_target", {"distance_mm": 600.0}),
        ("P21b", "nds_points", {"mg_serum_mM": 0.7}),
    ],
)
def test_what_the_articles_state_runs_beside_the_literature_and_differs(
    name: str, output: str, given: dict[str, float]
) -> None:
    literature, articles = at(name, **given)[output], at(name, "articles", **given)[output]
    assert abs(articles - literature) > 0.05 * max(abs(literature), 0.1)
