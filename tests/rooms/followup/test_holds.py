"""A stop by harm holds: no new plan is begun until what caused it is resolved on the record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.rooms.followup.folders import START, Story, like, made
from tests.rooms.followup.test_adapt_proofs import known, lab, with_day, with_lab, with_person
from tests.rooms.followup.test_follow import on

from davy.cli.main import main
from davy.followup.adapt import Inputs, Past
from davy.followup.adapt.facts import facts_of
from davy.followup.adapt.holds import hold_rows, holds
from davy.followup.days import Day
from davy.people.person import Clinician, Medicine
from davy.store.folder import Folder


def stopped(rule: str, base: Inputs, ago: int = 1) -> Inputs:
    """The same with a stop by that rule so many days ago."""
    return replace(base, past=(*base.past, Past(base.today - timedelta(days=ago), "stop", (), rules=(rule,))))


def held(inputs: Inputs) -> set[str]:
    return {one.rule for one in holds(facts_of(inputs))}


def signed(base: Inputs, ago: int) -> Inputs:
    word = Clinician(role="nephrologist", date=base.today - timedelta(days=ago), indication="settled")
    return with_person(base, clinician=word)


@pytest.mark.parametrize("rule", hold_rows())
def test_a_stop_of_yesterday_holds_though_nothing_on_the_record_says_why(rule: str) -> None:
    """The cause may have been taken out of the diary, the person file or the records: that resolves nothing."""
    base = stopped(rule, known("migraine", 60))
    resolved = {"new-drug"}  # no medicine is there any more, so none is new
    assert held(base) == {rule} - resolved


BASE = known("migraine", 60)
HIGH = with_lab(BASE, lab(BASE.today, "serum-magnesium", 1.1, "mmol/L", 20))
FELL = with_lab(BASE, lab(BASE.today, "creatinine", 110.0, "umol/L", 20))
PILL = Medicine(name="levothyroxine", classes=("levothyroxine",), since=BASE.today - timedelta(days=9))
DROWSY = with_day(BASE, 9, symptoms=("drowsiness",))
SERUM = ("serum-magnesium", 0.85, "mmol/L")


@pytest.mark.parametrize(
    ("rule", "inputs", "holds"),
    [
        ("loose", lambda: with_day(BASE, 14, loose_stools=5.0), True),
        ("loose", lambda: with_day(BASE, 15, loose_stools=5.0), False),
        ("loose", lambda: _silent(with_day(BASE, 20, loose_stools=5.0)), True),
        ("first-loose", lambda: with_day(BASE, 7, bristol=7.0), True),
        ("first-loose", lambda: with_day(BASE, 8, bristol=7.0), False),
        ("sick-day", lambda: with_day(BASE, 2, symptoms=("fever",)), True),
        ("sick-day", lambda: with_day(BASE, 3, symptoms=("fever",)), False),
        ("serum", lambda: HIGH, True),
        ("serum", lambda: with_lab(HIGH, lab(BASE.today, *SERUM, 25)), True),
        ("serum", lambda: with_lab(HIGH, lab(BASE.today, *SERUM, 5)), False),
        ("serum", lambda: signed(HIGH, 0), True),
        ("kidney", lambda: FELL, True),
        ("kidney", lambda: with_lab(FELL, lab(BASE.today, "creatinine", 72.0, "umol/L", 1)), False),
        ("kidney", lambda: with_lab(FELL, lab(BASE.today, "creatinine", 105.0, "umol/L", 1)), True),
        ("kidney", lambda: signed(with_lab(FELL, lab(BASE.today, "creatinine", 105.0, "umol/L", 1)), 1), False),
        ("kidney", lambda: signed(FELL, 40), True),
        ("too-much", lambda: DROWSY, True),
        ("too-much", lambda: with_lab(DROWSY, lab(BASE.today, *SERUM, 9)), False),
        ("too-much", lambda: with_lab(DROWSY, lab(BASE.today, *SERUM, 10)), True),
        ("too-much", lambda: with_person(with_lab(DROWSY, lab(BASE.today, *SERUM, 2)), symptoms=("drowsiness",)), True),
        ("too-much", lambda: with_lab(with_day(BASE, 5, symptoms=("fainting",)), lab(BASE.today, *SERUM, 2)), True),
        ("pregnancy", lambda: with_person(BASE, pregnant=None), True),
        ("pregnancy", lambda: with_person(BASE, pregnant=False), False),
        ("new-drug", lambda: with_person(BASE, medicines=(PILL,)), True),
        ("new-drug", lambda: with_person(BASE, medicines=(PILL.model_copy(update={"at": ("07:00",)}),)), False),
        ("new-drug", lambda: with_person(BASE, medicines=(PILL.model_copy(update={"until": PILL.since}),)), False),
        ("new-drug", lambda: signed(with_person(BASE, medicines=(PILL,)), 0), False),
    ],
)
def test_each_harm_is_resolved_by_what_its_row_asks_for(rule: str, inputs: Any, holds: bool) -> None:
    told = inputs()
    assert (rule in held(stopped(rule, told, ago=1))) is holds
    assert not held(replace(told, begun=None)), "before any plan there is nothing to hold"


LOWER = lab(BASE.today, "creatinine", 130.0, "umol/L", 3)
REPORTED = [lab(BASE.today, "egfr", value, "mL/min/1.73m2", ago) for value, ago in ((110.0, 90), (62.0, 20))]
ABOVE = [lab(BASE.today, "egfr", v, "mL/min/1.73m2", 0).model_copy(update={"comparator": ">"}) for v in (60.0, 90.0)]
PREGNANT = with_person(with_day(BASE, 9, symptoms=("positive pregnancy test",)), pregnant=False)


@pytest.mark.parametrize(
    ("rule", "inputs", "holds"),
    [
        ("kidney", lambda: signed(with_lab(FELL, LOWER), 10), True),
        ("kidney", lambda: signed(with_lab(FELL, LOWER), 2), False),
        ("kidney", lambda: with_lab(BASE, *REPORTED, ABOVE[0]), True),
        ("kidney", lambda: with_lab(BASE, *REPORTED, ABOVE[1]), False),
        ("new-drug", lambda: signed(with_person(BASE, medicines=(PILL,)), 10), True),
        ("serum", lambda: with_lab(BASE, *(lab(BASE.today, "serum-magnesium", v, "mmol/L", d) for v, d in OLD)), True),
        ("serum", lambda: with_lab(HIGH, OPEN), True),
        ("loose", lambda: _watch(with_day(BASE, 20, loose_stools=5.0)), True),
        ("pregnancy", lambda: PREGNANT, True),
        ("pregnancy", lambda: with_day(PREGNANT, 9, symptoms=("positive pregnancy test", "birth")), True),
        ("pregnancy", lambda: with_day(PREGNANT, 5, symptoms=("pregnancy test negative",)), False),
    ],
)
def test_nothing_that_does_not_speak_of_the_cause_resolves_it(rule: str, inputs: Any, holds: bool) -> None:
    """An old signature, a bound that shows no return, high and normal values before the plan, a watch that was worn."""
    assert (rule in held(stopped(rule, inputs(), ago=40))) is holds


OPEN = lab(BASE.today, "serum-magnesium", 0.9, "mmol/L", 5).model_copy(update={"comparator": ">"})
OLD = ((1.1, 140), (0.8, 120))


def test_who_signed_for_a_fall_that_nobody_was_told_of_need_not_sign_each_day_again() -> None:
    assert held(signed(FELL, 10)) == set()
    assert held(signed(FELL, 21)) == {"kidney"}


def _watch(base: Inputs) -> Inputs:
    def worn(day: Day) -> Day:
        return Day(date=day.date, hrv_rmssd_ms=40.0, asleep_min=400.0)

    return replace(base, days=tuple(worn(d) if 0 < (base.today - d.date).days < 20 else d for d in base.days))


def _silent(base: Inputs) -> Inputs:
    return replace(base, days=tuple(day for day in base.days if not 1 < (base.today - day.date).days < 16))


def test_harm_that_nobody_looked_at_holds_too() -> None:
    assert held(DROWSY) == {"too-much"}
    assert held(HIGH) == {"serum"}
    twice = (lab(BASE.today, "serum-magnesium", value, "mmol/L", 20) for value in (0.85, 1.1))
    assert held(with_lab(BASE, *twice)) == {"serum"}, "of two draws of a day the higher counts"
    assert held(BASE) == set()
    assert held(stopped("trial-end", BASE)) == set(), "an end that no harm asked for holds nothing"


def test_a_new_plan_the_day_after_a_harm_stop_is_refused_until_it_is_resolved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made(tmp_path / "one", Story(labs=("date: 2026-10-20, test: serum-magnesium, value: 1.12, unit: mmol/L",)))

    def begin(day: int) -> int:
        capsys.readouterr()
        return main(["follow", str(path), "--begin", "--today", str(START + timedelta(days=day))])

    assert main(["follow", str(path), "--today", str(START + timedelta(days=60))]) == 0
    person = path / "person.yaml"
    person.write_text(person.read_text().replace("value: 1.12", "value: 0.92"))
    assert begin(60) == 3, "also on the day that it was told"
    assert begin(59) == 2, "nor on a day before it was"
    assert begin(61) == 3
    said = " ".join(capsys.readouterr().out.split())
    assert "Nothing was begun" in said
    assert "until a newer serum magnesium is back" in said
    last = [entry.body for entry in Folder(path).decisions()][-1]
    assert (last["action"], last["reasons"][0]["rule"], last["inputs"]["kind"]) == ("not_begun", "serum", "hold")
    assert main(["follow", str(path), "--begin", "--json", "--today", str(START + timedelta(days=61))]) == 3
    assert json.loads(capsys.readouterr().out)["action"] == "not_begun"
    assert main(["replay", str(path)]) == 0
    assert main(["follow", str(path), "--today", str(START + timedelta(days=62))]) == 0
    assert "no plan begun" in capsys.readouterr().out
    newer = "  - {date: 2026-10-31, test: serum-magnesium, value: 0.86, unit: mmol/L}\n"
    person.write_text(person.read_text() + newer)
    assert begin(63) == 0
    assert [entry.body["action"] for entry in Folder(path).decisions()][-1] == "begin"


def test_runs_that_nobody_looked_at_hold_a_new_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = made(tmp_path / "base")
    runs = Story(more=lambda day: [on(day, "loose_stools", 5)] if day in (52, 55) else [])
    path = like(base, tmp_path / "runs", runs)
    for day, status in ((60, 3), (69, 3), (70, 0)):
        assert main(["follow", str(path), "--begin", "--today", str(START + timedelta(days=day))]) == status
    assert "loose stools" in capsys.readouterr().out
