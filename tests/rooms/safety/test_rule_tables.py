"""Every row of the rule tables is judged as it says, and every word that Davy understands has a row."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.rooms.safety.persons import authorised, draw, drug, egfr, lab, product, serum, someone

import davy.safety.limits as module
from davy.people.vocabulary import conditions, medicine_classes, symptoms
from davy.safety.caps import caps
from davy.safety.check import check, referrals, screen
from davy.safety.limits import rules

RULES = rules()
PROFILES = ("personal", "research", "clinician")
FULL = (egfr(95), serum(0.82), lab("potassium", 4.2), lab("calcium", 2.3))


def action(row: object, profile: str) -> str:
    return str(getattr(row, "clinician" if profile == "clinician" else "personal"))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", RULES.conditions)
def test_each_condition_is_judged_by_its_row(name: str, profile: str) -> None:
    row = RULES.conditions[name]
    person = someone(conditions=(name,), profile=profile)
    said = {finding.gate: finding for finding in check(person, None).findings}
    assert f"condition-{name}" not in {finding.gate for finding in check(someone(profile=profile), None).findings}
    if action(row, profile) == "none":
        assert f"condition-{name}" not in said
    else:
        assert said[f"condition-{name}"].severity == action(row, profile)
        assert said[f"condition-{name}"].sources == row.source
        assert said[f"condition-{name}"].measured == name.replace("-", " ")
    held = {cap.name: cap.elemental_mg_per_day for cap in caps(person)}
    capped = row.cap_mg is not None and (row.cap_profiles == "all" or profile != "clinician")
    assert held.get(f"condition-{name}") == (row.cap_mg if capped else None)
    assert (row.refer in {referral.reason for referral in referrals(person)}) == (row.refer is not None)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", RULES.symptoms)
def test_each_symptom_is_judged_by_its_row(name: str, profile: str) -> None:
    row = RULES.symptoms[name]
    said = {finding.gate: finding for finding in check(someone(symptoms=(name,), profile=profile), None).findings}
    if action(row, profile) == "none":
        assert f"symptom-{name}" not in said
    else:
        assert said[f"symptom-{name}"].severity == action(row, profile)
        assert said[f"symptom-{name}"].sources == row.source
    found = {referral.reason: referral.urgency for referral in referrals(someone(symptoms=(name,)))}
    assert row.refer is None or found[row.refer] == row.urgency
    on_magnesium = check(someone(symptoms=(name,), supplements=(product(50),)), None)
    signs = [finding for finding in on_magnesium.findings if finding.gate == "signs-of-too-much-magnesium"]
    assert bool(signs) == (row.on_magnesium is not None)
    if row.on_magnesium is not None:
        urgency = {
            entry.urgency
            for entry in referrals(someone(symptoms=(name,), supplements=(product(50),)))
            if "every product" in entry.reason
        }
        assert urgency == {"emergency" if row.on_magnesium == "emergency" else "same-day"}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", RULES.medicines)
def test_each_class_of_medicines_is_judged_by_its_row(name: str, profile: str) -> None:
    row = RULES.medicines[name]
    said = {
        finding.gate: finding
        for finding in check(someone(medicines=(drug(name),), profile=profile, labs=FULL), None).findings
    }
    if action(row, profile) == "none":
        assert f"medicine-{name}" not in said
    else:
        assert said[f"medicine-{name}"].severity == action(row, profile)
        assert said[f"medicine-{name}"].sources == row.source
        assert said[f"medicine-{name}"].sentence == (row.sentence or "").format(medicine=name)
    if row.refer is not None:
        found = {entry.reason: entry.urgency for entry in referrals(someone(medicines=(drug(name),)))}
        assert found[row.refer.format(medicine=name)] == row.urgency


def test_every_word_that_davy_understands_has_a_row_and_every_row_is_understood() -> None:
    assert set(RULES.conditions) == {row.id for row in conditions()}
    assert set(RULES.symptoms) == {row.id for row in symptoms()}
    assert set(RULES.medicines) == {row.id for row in medicine_classes()}


def test_rows_that_judge_have_a_sentence_and_rows_that_refer_have_an_urgency() -> None:
    for row in (*RULES.conditions.values(), *RULES.symptoms.values(), *RULES.medicines.values()):
        silent = {row.personal, row.clinician} == {"none"}
        assert silent or row.sentence, row.id
        assert (row.refer is None) == (row.urgency is None), row.id
        severity = ("none", "info", "care", "refuse")
        assert severity.index(row.clinician) <= severity.index(row.personal), row.id


@pytest.mark.skipif("MUTANT_UNDER_TEST" in os.environ, reason="reads the source, which mutation testing changes")
def test_every_limit_is_read_by_a_gate() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(module.__file__).parent.glob("*.py"))
    computed = {"upper-level-eu", "upper-level-us"}
    assert {name for name in RULES.limits if f'"{name}"' not in text} <= computed


def test_a_word_without_a_row_is_named_with_care() -> None:
    verdict = check(someone(conditions=("moon-sickness",), symptoms=("blue-hair",)), None)
    assert verdict.word == "with_care"
    assert {finding.gate for finding in verdict.findings} == {"condition-moon-sickness", "symptom-blue-hair"}


BANNED = re.compile(
    r"[Ee]at more|stop (taking )?your|swap (it|to)|switch to|come off|stop the (medicine|prenatal)"
    r"|—|\{|\}|\bNone\b|\binf\b|\bnan\b"
)


def test_sentences_are_whole_kind_and_sourced() -> None:
    for number in range(600):
        said = screen(draw(number))
        for finding in said.verdict.findings:
            assert finding.sentence.endswith("."), finding
            assert not BANNED.search(finding.sentence), finding
            assert finding.sources, finding
            assert len(finding.sentence) < 500, finding
        for referral in said.referrals:
            assert referral.reason.endswith("."), referral
            assert not BANNED.search(referral.reason), referral
            assert referral.sources, referral
        for cap in said.caps:
            assert cap.sentence.endswith("."), cap
            assert cap.sources, cap
        for due in said.due:
            assert due.why, due
            assert due.sources, due


def test_a_refusal_for_kidney_disease_speaks_of_no_food() -> None:
    for value in (12, 25, 40, 50):
        for finding in check(someone(labs=(egfr(value),)), None).findings:
            assert not re.search(r"\b(food|eat|diet|nuts|greens)\b", finding.sentence), finding


def test_nobody_is_told_to_stop_or_swap_a_prescribed_medicine() -> None:
    for name in RULES.medicines:
        for person in (someone(medicines=(drug(name, days_per_month=30),)), authorised(medicines=(drug(name),))):
            said = screen(person)
            for sentence in (*(one.sentence for one in said.verdict.findings), *(one.reason for one in said.referrals)):
                assert not re.search(
                    r"(stop|swap|replace|leave out|do without) (your |the )?" + re.escape(name), sentence
                ), sentence


def test_genotype_changes_nothing() -> None:
    for number in range(50):
        person = draw(number)
        assert screen(person.model_copy(update={"genotype": {"rs2274924": "CC"}})) == screen(person)
