"""The pathways of organs, vessels and nutrients: their files, rows and anchors, and what they must never say."""

from __future__ import annotations

import re

import pytest
from tests.rooms.pathways.organ_pathways import ORGANS, says

from davy.body.parameters import parameter_values
from davy.body.sbml import sbml_from_antimony, warnings_of, with_values
from davy.evidence.registry import claims
from davy.pathways.anchoring import anchored
from davy.pathways.catalogue import pathway
from davy.tables import knowledge_file

FILES = sorted({home for one in ORGANS for home in (one.home, one.as_stated) if home and home.endswith(".ant")})
ASKED = (
    "P11 P11b P11c P12a P12b P12c P12d P12e P12f P12g P14a P14b P14c P14d P15a P15b P15c P15d P16 P16b P16c P18 P18b "
    "P19 P20 P22 P23 P24 P25 P26 P27 P28 P29 P30 P31"
).split()


def test_none_is_missing():
    assert {one.id.partition("_")[0] for one in ORGANS} >= set(ASKED)


@pytest.mark.parametrize("home", FILES)
def test_a_file_is_whole_in_its_units_and_holds_no_value(home: str):
    text = knowledge_file(f"models/pathways/{home}").read_text(encoding="utf-8")
    sbml = sbml_from_antimony(text, name=home)
    names = re.findall(r'<parameter id="(\w+)"[^>]*constant="true"/>', sbml)
    assert warnings_of(with_values(sbml, dict.fromkeys(names, 1.0))) == ()
    assert not re.search(r"^  (const )?\w+ *= *[\d.]+;", text, re.MULTILINE)
    head = text.partition("\nmodel ")[0]
    assert 4 <= head.count("\n//") <= 11


@pytest.mark.parametrize("found", ORGANS, ids=lambda one: one.id)
def test_the_anchors_stand_as_on_record(found):
    for row in found.anchors:
        made = anchored(found, row, draws=0)
        assert made.status == row.expected, (row.anchor, made.value, row.low, row.high)


def test_recalled_values_make_a_hypothesis():
    for one in ORGANS:
        if "recalled" in one.provenances("literature"):
            assert one.grade == "D", one.id


def test_claims_exist():
    known = {claim.id for claim in claims()}
    for one in ORGANS:
        assert set(one.row.claims) <= known, one.id


SHARED = {
    "P14c": {"V": "Vecf", "fu": "kid_fu", "Tm": "kid_Tm", "splay": "kid_splay", "FEmin": "kid_FEmin",
             "a_glu": "kid_a_glu", "glu0": "kid_glu0"},
    "P18b": {"kwash": "gut_kwash", "kge": "gut_kge", "ktr": "gut_ktr", "Vmax": "gut_Vmax", "Km": "gut_Km",
             "kpar": "gut_kpar"},
    "P22": {"fu": "kid_fu"},
    "P29": {"C_sweat": "Csw"},
    "P30": {name: name for name in ("bone_k_bs", "tis_k_mu", "rbc_life", "tis_k_st")},
    "P31": {name: name for name in ("tis_g_mu", "tis_k_mu", "bone_k_bs")},
}  # fmt: skip


@pytest.mark.parametrize("of", SHARED)
def test_what_the_body_model_also_holds_is_the_same(of: str):
    body = parameter_values("literature")
    rows = pathway(of).parameters["literature"]
    assert {name: rows[name].value for name in SHARED[of]} == {name: body[other] for name, other in SHARED[of].items()}


def test_release_is_one_mechanism_in_nerve_and_in_poisoning():
    nerve, blood = (pathway(of).parameters["literature"] for of in ("P12b", "P22"))
    for name in ("K_ca", "K_mg", "n_ca"):
        assert (nerve[name].value, nerve[name].low, nerve[name].high) == (
            blood[name].value,
            blood[name].low,
            blood[name].high,
        )
    assert says("P22", "release_fraction", mg_serum_mM=3.0) < says("P22", "release_fraction", mg_serum_mM=2.0) < 1.0


def test_what_is_not_shown_is_zero_unless_it_is_set():
    nothing = {
        "stress_more_points": says("P23", "stress_more_points", b6_mg=100.0, severe=1.0),
        "d25_change_ng_per_mL": says("P24", "d25_change_ng_per_mL", mg_dose_mg=400.0, d25_ng_per_mL=10.0),
        "abundance_shift": says("P26", "abundance_shift", mg_dose_mg=400.0),
        "serum_shift_mM": says("P27", "serum_shift_mM"),
        "synthesis": says("P28", "synthesis_fraction", mg_muscle_free_mM=0.3) - 1.0,
        "binding": says("P25", "absorbed_multiple", zinc_mg=50.0, calcium_mg=1000.0) - 1.0,
        "performance": says("P29", "performance_percent", water_lost_percent=3.0)
        - says("P29", "performance_percent", water_lost_percent=3.0, mg_serum_mM=0.6),
        "glynac": says("P15b", "gsh_fraction", mg_dose_mg=400.0) - says("P15b", "gsh_fraction", mg_dose_mg=0.0),
        "fatigue": says("P12g", "fatigue_0_10", mg_serum_mM=0.6) - says("P12g", "fatigue_0_10", mg_serum_mM=0.95),
    }
    assert nothing == dict.fromkeys(nothing, 0.0)
    assert says("P15c", "effect_together", effect_magnesium=0.2, effect_taurine=0.3) == 0.5
    assert says("P15d", "effect_together", effect_magnesium=0.2, effect_omega3=0.3) == pytest.approx(0.44)


@pytest.mark.parametrize(
    ("of", "output", "at", "literature", "articles"),
    [
        ("P16", "span_risk", {"span_mM": 0.45}, 0.448, 0.325),
        ("P16b", "ihd_risk", {"mg_more_mg": 50.0}, 0.940, 0.78),
        ("P16b", "total_cvd_risk", {"mg_more_mg": 100.0}, 0.99, 0.78),
        ("P20", "benefit_multiplier", {"carrier": 1.0}, 1.0, 1.4),
        ("P14b", "homa_change", {"t_d": 1000.0}, -0.695, -1.7),
        ("P18b", "absorbed_fraction", {"dissolution_per_d": 4.0}, 0.277, 0.04),
        ("P18b", "absorbed_fraction", {}, 0.409, 0.75),
        ("P12d", "cramps_change_percent", {"t_d": 1000.0}, -9.59, -100.0),
    ],
)
def test_literature_and_articles_stand_side_by_side(of, output, at, literature, articles):
    assert says(of, output, **at) == pytest.approx(literature, abs=6e-4)
    assert says(of, output, "articles", **at) == pytest.approx(articles, abs=6e-4)


def test_an_association_ends_where_nobody_was_studied():
    ends = [says("P16", "relative_risk", mg_serum_mM=level) for level in (0.6, 0.75, 1.05, 1.2)]
    assert ends[0] == ends[1] > 1.0 > ends[2] == ends[3]
    assert says("P16", "relative_risk", "articles", mg_serum_mM=1.25) == pytest.approx(0.4)


def test_laxation_knows_no_salt():
    assert set(pathway("P18").inputs) == {"mg_lumen_mmol_per_d"}
    left = [says("P18b", "unabsorbed_mmol", mg_dose_mg=dose) for dose in (100.0, 200.0, 400.0)]
    assert left[1] > 2.0 * left[0]
    assert left[2] > 2.0 * left[1]


@pytest.mark.parametrize("of", [one.id for one in ORGANS if "t_d" in one.inputs and "mg_dose_mg" in one.inputs])
def test_trial_effects_begin_at_nothing_and_stop_at_the_dose_of_the_trials(of: str):
    found = pathway(of)
    if found.experiment:
        return
    for output in found.outputs:
        if output == "tone_fraction":
            continue
        assert says(of, output, t_d=0.0) == 0.0
        assert says(of, output, mg_dose_mg=0.0) == 0.0
        assert says(of, output, mg_dose_mg=600.0) == says(of, output, mg_dose_mg=1000.0)


def test_the_potassium_channel_opens_by_two_adp_and_shuts_by_half_at_its_constant_of_atp():
    assert says("P14a", "unshut_fraction", mg_cell_free_mM=0.0) == pytest.approx(0.08)
    one_constant = 0.017 * (0.65 + 0.6) / 0.6
    assert says("P14a", "unshut_fraction", adp_mM=one_constant) == pytest.approx((3 * 0.08 + 0.89) / 4)
    assert 0.85 < says("P14a", "unshut_fraction", mg_cell_free_mM=3.0, adp_mM=2.0) < 0.89
    shut = says("P14a", "open_fraction", atp_mM=0.012) / says("P14a", "unshut_fraction")
    assert shut == pytest.approx(0.5)
