"""What a plan tells of the pathways: whom, on which magnesium, and when it keeps quiet."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.rooms.report.html_outline import outline
from tests.rooms.report.people_asking import ADA
from tests.rooms.report.plans import NEUROPATHY

from davy.cli.main import main
from davy.forecast.outcome import UNITS, Forecast
from davy.pathways.catalogue import catalogue, pathway
from davy.pathways.draws import DRAWS
from davy.pathways.moment import Moment, Taken, Whom
from davy.pathways.run import WATERMARK
from davy.pathways.touched import (
    LEAST,
    NOT_OF_A_PERSON,
    TOLD_ELSEWHERE,
    Band,
    Shift,
    Touch,
    Touched,
    touched,
)
from davy.people.person import Person, Supplement
from davy.people.read import read_person
from davy.planning.plan import Foreseen, foreseen
from davy.report.page import plan_page
from davy.report.section_pathways import known
from davy.report.touched_plan import touched_by

TODAY = date(2026, 11, 22)
ENOUGH = 260
GRADES = {one.id: one.grade for one in catalogue()}


def forecast(before: float, after: float, draws: int = ENOUGH, store: tuple[float, float] | None = None) -> Forecast:
    """Serum that goes from one level to another, over people who differ by a tenth."""
    spread = 1.0 + 0.1 * np.cos(np.arange(draws))
    values = np.zeros((draws, 3, len(UNITS)))
    for at, level in enumerate((before, 0.5 * (before + after), after)):
        values[:, at, tuple(UNITS).index("serum_mmol_per_L")] = level + before * (spread - 1.0)
        values[:, at, tuple(UNITS).index("ionised_mmol_per_L")] = 0.7 * (level + before * (spread - 1.0))
    stores = None if store is None else np.tile(store, (draws, 1))
    return Forecast(np.array([0.0, 42.0, 84.0]), values, np.zeros(draws, dtype=bool), muscle_store=stores)


def told(seen: Forecast, person: Person = ADA, *, hypotheses: bool = False) -> Touched:
    made = touched_by(NEUROPATHY, seen, person, hypotheses=hypotheses)
    assert made is not None
    return made


@cache
def risen() -> Touched:
    """Serum that rises as far as serum can."""
    return told(forecast(0.55, 0.85))


@cache
def unmoved() -> Touched:
    """Serum and dose as they were."""
    return told(forecast(0.8, 0.8), with_supplement(NEUROPATHY.total_nonfood_mg_per_day))


@pytest.fixture
def doses_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No mechanism is run, where a test asks for none."""
    monkeypatch.setattr("davy.pathways.touched._asked", lambda *_: iter(()))


@cache
def migraine() -> tuple[Foreseen, Person]:
    person = read_person("example:migraine", today=TODAY)
    return foreseen(person, draws=ENOUGH), person


def test_a_rise_of_serum_is_told_by_pathway_slow_ones_too_and_no_hypothesis_is_among_them() -> None:
    made = risen()
    assert all(GRADES[one.pathway] != "D" for one in made.touches)
    for one in made.touches:
        for shift in one.shifts:
            assert shift.by.p05 <= shift.by.p50 <= shift.by.p95
            assert shift.share is None or abs(shift.share.p50) >= LEAST
    moved = {one.pathway: {shift.label: shift for shift in one.shifts} for one in made.touches}
    release = moved["P12b_nmj_presyn"]["Packets released by an impulse"].share
    assert release is not None
    assert release.p50 < -0.05, "magnesium competes with calcium at the nerve ending, outside the brain"
    assert "Interleukin-6 of plasma" in moved["P10_nlrp3"]
    assert pathway("P10").kind == "slow"
    places = {one.compartment: one for one in made.reached}
    rise = {place: one.after.p50 / one.before.p50 - 1.0 for place, one in places.items()}
    assert rise["plasma-ionised"] > 0.5
    assert 0.0 < rise["csf"] < 0.1, "the brain's fluid holds its magnesium"


def test_bands_are_of_the_change_as_each_draw_meets_itself() -> None:
    made = told(forecast(0.70, 0.75))
    (serum,) = (one for one in made.reached if one.compartment == "serum-total")
    assert serum.after.p95 - serum.after.p05 > 0.12
    assert (serum.change.p05, serum.change.p95) == pytest.approx((0.05, 0.05))
    interleukin = next(one for one in made.touches if one.pathway == "P10_nlrp3").shifts[0]
    assert interleukin.by.p95 < 0.0, "its level differs between draws by far more than this"


def test_no_change_of_serum_moves_no_mechanism_and_too_few_draws_say_nothing() -> None:
    still = unmoved()
    assert still.touches == ()
    assert "NLRP3" in still.still
    assert touched_by(NEUROPATHY, forecast(0.55, 0.85, draws=150), ADA) is None


def with_supplement(mg: float | None) -> Person:
    item = Supplement(form="citrate", label_mg=mg, label_means="elemental", per_day=1)
    return ADA.model_copy(update={"supplements": (item,)})


def test_a_plan_tells_nothing_of_animals_on_a_drug_nor_what_has_a_place_of_its_own() -> None:
    made = risen()
    for name in NOT_OF_A_PERSON | TOLD_ELSEWHERE:
        assert pathway(name).id == name
        assert name not in {one.pathway for one in made.touches}
        assert pathway(name).row.short not in (*made.still, *made.unreached)
    crowds = {one.id for one in catalogue() if one.id.startswith("P16")}
    assert crowds.isdisjoint(one.pathway for one in made.touches), "what crowds show is no effect of a tablet"


def test_muscle_is_reached_by_its_store_alone_and_what_nothing_reaches_is_named() -> None:
    without, with_it = unmoved(), told(forecast(0.8, 0.8, store=(0.8, 1.0)))
    muscle = {pathway(name).row.short for name in ("P01", "P12a", "P12e")}
    assert muscle <= set(without.unreached)
    assert muscle.isdisjoint(with_it.unreached)
    (free,) = (one for one in with_it.reached if one.compartment == "muscle-free")
    assert free.change.p05 > 0.0
    assert {"P12a_muscle_ca"} <= {one.pathway for one in with_it.touches}
    seen = forecast(0.8, 0.8, store=(0.8, 1.0))
    assert seen.muscle_store is not None
    lost = np.arange(ENOUGH) < 20
    broken = replace(seen, failed=lost, muscle_store=np.where(lost[:, None], np.nan, seen.muscle_store))
    assert next(one for one in told(broken).reached if one.compartment == "muscle-free").change.p05 > 0.0
    for name in ("P05", "P06", "P07c", "P08"):
        assert pathway(name).row.short in with_it.unreached


BEFORE, LEVEL = 0.45, 0.63


def at_rest(level: float, taken: Taken) -> Moment:
    lanes = np.full(1 + DRAWS, level)
    return Moment({"plasma-ionised": lanes, "serum-total": 1.45 * lanes}, None, taken)


@cache
def at_two_levels() -> Touched | None:
    whom = Whom(frozenset({"migraine", "sleep", "type-2-diabetes"}), end_d=2000.0)
    return touched(at_rest(BEFORE, Taken(0.0)), at_rest(LEVEL, Taken(350.0)), whom)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("P10", {"mg_plasma_ionised_mM": LEVEL}),
        ("P12b", {"mg_isf_mM": LEVEL}),
        ("P14d", {"mg_serum_mM": 1.45 * LEVEL}),
        ("P14e", {"mg_serum_mM": 1.45 * LEVEL}),
        ("P03g", {"mg_dose_mg": 350.0, "t_d": 2000.0}),
        ("P13a", {"mg_dose_mg": 350.0}),
        ("P14b", {"mg_dose_mg": 350.0, "t_d": 2000.0, "mg_serum_mM": 1.45 * BEFORE}),
    ],
)
def test_numbers_are_those_of_the_command_at_the_same_magnesium(
    name: str, asked: Mapping[str, float], capsys: pytest.CaptureFixture[str]
) -> None:
    made = at_two_levels()
    assert made is not None
    (touch,) = (one for one in made.touches if one.pathway == pathway(name).id)
    settings = [word for port, value in asked.items() for word in ("--set", f"{port}={value}")]
    assert main(["pathways", "run", name, *settings, "--json"]) == 0
    outputs = {one["name"]: one for one in json.loads(capsys.readouterr().out)["outputs"]}
    labels = {port.label: name for name, port in pathway(name).outputs.items()}
    assert touch.shifts
    for shift in touch.shifts:
        run = outputs[labels[shift.label]]
        told_here = (shift.after.p05, shift.after.p50, shift.after.p95)
        assert told_here == pytest.approx((run["p05"], run["p50"], run["p95"]), rel=1e-6, abs=1e-9)


def test_a_slow_pathway_is_read_no_later_than_the_plan_ends() -> None:
    days = {one.pathway: one.day for one in risen().touches}
    assert days["P10_nlrp3"] == pathway("P10").row.horizon_d == 14
    assert pathway("P14e").row.horizon_d == 365
    assert days["P14e_glucose_of_magnesium"] == 84.0
    assert days["P12b_nmj_presyn"] is None


@pytest.mark.usefixtures("doses_alone")
def test_what_trials_found_is_told_to_whom_it_concerns_and_only_within_its_doses() -> None:
    def effects(words: set[str], mg: float) -> tuple[set[str], tuple[str, ...]]:
        made = touched(at_rest(0.6, Taken(0.0)), at_rest(0.6, Taken(mg)), Whom(frozenset(words)))
        assert made is not None
        return {one.pathway for one in made.touches}, made.beyond

    assert effects({"general"}, 350.0)[0] == set()
    assert effects({"migraine"}, 350.0) == ({"P03g_migraine_negative"}, ())
    assert effects({"migraine"}, 1200.0) == (set(), (pathway("P03g").row.short,))
    assert effects({"peripheral-neuropathy"}, 300.0)[0] == set(), "the trial of pain found nothing"
    assert effects({"peripheral-neuropathy", "type-1-diabetes"}, 300.0)[0] == {"P21_dpn_clinical"}


@pytest.mark.usefixtures("doses_alone")
def test_an_amount_that_is_not_known_is_no_zero() -> None:
    made = told(forecast(0.55, 0.85), with_supplement(None))
    assert made.taken is None
    assert not [one for one in made.touches if one.by_dose]
    assert "is not known" in outline(plan_page(NEUROPATHY, ADA, replace(risen(), taken=made.taken))).text
    known = told(forecast(0.55, 0.85), with_supplement(100.0)).taken
    assert known is not None
    assert known[0].day_mg == 100.0


def test_hypotheses_come_when_asked_for_and_are_marked() -> None:
    usual, asked = risen(), told(forecast(0.55, 0.85), hypotheses=True)
    assert "P03h_migraine_mechanistic" in {one.pathway for one in asked.touches}
    assert {one.pathway for one in usual.touches} <= {one.pathway for one in asked.touches}
    assert WATERMARK in plan_page(NEUROPATHY, ADA, asked)
    assert WATERMARK not in plan_page(NEUROPATHY, ADA, usual)
    explains = next(one for one in asked.touches if one.pathway.startswith("P03h")).explained
    assert "of the trial effect" in explains[0].sentence


def test_the_section_stands_beside_the_benefit_only_where_there_is_something_to_say() -> None:
    tree = outline(plan_page(NEUROPATHY, ADA, risen()))
    sections = [one.attributes["id"] for one in tree.all("section")]
    assert sections[sections.index("benefit") + 1] == "pathways"
    assert "no promise of a benefit" in tree.text
    assert "Trials have shown no effect on interleukin-6 that this could explain." in tree.text
    assert "pathways" not in [one.attributes["id"] for one in outline(plan_page(NEUROPATHY, ADA)).all("section")]
    quiet = unmoved()
    (section,) = (
        one for one in outline(plan_page(NEUROPATHY, ADA, quiet)).all("section") if one.attributes["id"] == "pathways"
    )
    assert "None of the mechanisms" in section.text
    assert [one.text for one in section.all("h3")] == []


def folded(page: str) -> tuple[str, str]:
    """The section of the pathways: what stands open, and what the fold for a professional holds."""
    section = page[page.index('id="pathways"') :].partition("</section>")[0]
    shown, _, rest = section.partition("<details>")
    return shown, rest


def test_a_patient_reads_first_what_bears_on_their_own_goals_and_has_fair_support() -> None:
    made = at_two_levels()
    assert made is not None
    asked = {one.pathway for one in made.touches if one.asked_for}
    assert {"P03g_migraine_negative", "P13a_sleep", "P14b_insulin_sensitivity"} <= asked
    assert asked.isdisjoint({"P10_nlrp3", "P12b_nmj_presyn"})
    shown, rest = folded(plan_page(NEUROPATHY, ADA, made))
    assert rest.startswith("<summary>For a professional")
    assert "Attacks relative to placebo" in shown
    for name in ("Interleukin", "Packets released", "Cell mass", "Where"):
        assert name not in shown
        assert name in rest
    assert "gives less" not in shown
    lowered = replace(made, taken=(Taken(400.0), Taken(350.0)))
    assert "As the plan gives less, what trials found gets smaller" in plan_page(NEUROPATHY, ADA, lowered)
    worse = replace(made, touches=tuple(replace(one, grade="C") for one in made.touches))
    assert "<h3>" not in folded(plan_page(NEUROPATHY, ADA, worse))[0]


def test_goals_reach_a_mechanism_by_the_benefit_of_its_outcome_and_a_form_is_no_goal() -> None:
    assert Whom(frozenset({"muscle-cramps"})).asks_for(pathway("P12b"))
    assert not Whom(frozenset({"migraine-prevention"})).asks_for(pathway("P12b"))
    assert not Whom(frozenset({"form:glycinate"})).asks_for(pathway("P15a"))
    assert Whom(frozenset({"form:glycinate", "sleep"})).asks_for(pathway("P15a"))


def test_before_and_after_have_the_same_decimals_and_glucose_the_unit_of_the_reader() -> None:
    level, none = Band(6.0, 6.1, 6.2), Band(-0.1, -0.1, -0.1)
    shift = Shift("Mean glucose", "mM", level, level, none, none)
    assert known(shift, "mg/dL").before.p50 == pytest.approx(109.9, abs=0.1)
    assert known(shift, "mmol/L") is shift
    assert known(replace(shift, label="Insulin"), "mg/dL").unit == "mM"
    ratio = replace(shift, label="Share", unit="1", before=Band(1.0, 1.08, 1.1), after=Band(1.0, 1.0, 1.0))
    made = Touch("P", "Title", "It is said.", "B", (ratio,), True, False, None, "band", (), ())
    shown, _ = folded(plan_page(NEUROPATHY, ADA, replace(unmoved(), touches=(made,))))
    assert "1.08 as today, 1.00 with the plan" in shown


def test_the_forecast_of_a_person_carries_their_muscle_from_today_to_the_end() -> None:
    seen, person = migraine()
    assert seen.forecast is not None
    store = seen.forecast.muscle_store
    assert store is not None
    assert store.shape == (ENOUGH, 2)
    serum = seen.forecast.series("serum_mmol_per_L")
    assert (store[:, 1] > store[:, 0]).all(), "serum rises, and muscle follows it"
    assert (store[:, 1] / store[:, 0] < serum[:, -1] / serum[:, 0]).all(), "by less"
    assert np.corrcoef(store[:, 0], serum[:, 0])[0, 1] > 0.5
    made = touched_by(seen.plan, seen.forecast, person)
    assert made is not None
    (told_serum,) = (one for one in made.reached if one.compartment == "serum-total")
    assert told_serum.after.p50 == pytest.approx(np.median(serum[:DRAWS, -1]))
    assert "P03g_migraine_negative" in {one.pathway for one in made.touches}
    assert made.taken == (Taken(0.0, 0.0), Taken(seen.plan.total_nonfood_mg_per_day, 0.0))


def test_a_refused_plan_has_no_section_and_a_plan_without_a_report_loads_no_pathway(tmp_path: Path) -> None:
    seen, person = migraine()
    assert seen.forecast is not None
    assert touched_by(replace(seen.plan, regimen=None), seen.forecast, person) is None
    file = tmp_path / "refused.html"
    assert main(["plan", "example:kidney-4", "--today", TODAY.isoformat(), "--report", str(file)]) == 3
    assert "by pathway" not in file.read_text(encoding="utf-8")
    script = (
        "import sys; from davy.cli.main import main; main(['plan', 'example:kidney-4', '--today', '2026-11-22']);"
        "import davy.report.terminal, davy.planning.plan;"
        "sys.exit(any(name.startswith('davy.pathways') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
