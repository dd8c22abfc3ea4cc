"""What a decision rests on can be written down, read again and decided again, to the same bytes."""

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from tests.rooms.followup.folders import START, Story, made, written

from davy.followup.adapt import Inputs, decide
from davy.followup.adapt.decision import decision_of
from davy.followup.adapt.inputs import Past, TrialHeld, began_last, inputs_of, told, trimmed
from davy.followup.days import Amount, Day, days_of
from davy.followup.records import Record
from davy.people.read import person_from_text
from davy.people.regimen import Intake
from davy.store.folder import Folder


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """Somebody with a diary, a lab among the records, a medicine, a trial and an earlier decision."""
    lab = Record(
        "lab", datetime.combine(START + timedelta(days=40), time(8)), value=0.8, unit="mmol/L", text="serum-magnesium"
    )
    course = Record("medicine", START + timedelta(days=20), end=START + timedelta(days=27), text="doxycycline")
    story = Story(also=(lab, course), last=60)
    path = made(tmp_path_factory.mktemp("inputs") / "one", story)
    log = began_last(entry.body for entry in Folder(path).decisions())
    person = person_from_text(written(story, labs=()), name="known", today=START + timedelta(days=60))
    records = tuple(Folder(path).records())
    days = (*days_of(records), Day(START + timedelta(days=60), dietary_mg=Amount(200.0, None, 1), symptoms=()))
    past = Past(START + timedelta(days=10), "keep", (Intake("21:00", "citrate", 100.0, "x", 1.0),), rules=("nothing",))
    return trimmed(Inputs(person, days, records, log.begun, log.since, (past,), TrialHeld("benefit", 0.97), draws=50))


def test_the_same_inputs_give_the_same_decision_also_through_json(known: Inputs) -> None:
    text = json.dumps(known.as_json(), allow_nan=False)
    again = inputs_of(json.loads(text))
    assert again == known
    made_ = decide(known)
    assert decide(again) == made_
    assert decision_of(json.loads(json.dumps(made_.as_json(), allow_nan=False))) == made_


def test_what_no_rule_reads_is_left_out_and_changes_nothing(known: Inputs) -> None:
    assert trimmed(known) == known
    old = Day(date(2020, 1, 1), headache=True)
    future = Day(known.today + timedelta(days=1), loose_stools=9)
    note = Record("note", START, text="a word")
    more = replace(known, days=(old, *known.days, future), records=(*known.records, note))
    assert trimmed(more) == known
    assert decide(more).action == decide(known).action


def test_an_unknown_schema_is_no_inputs(known: Inputs) -> None:
    with pytest.raises(ValueError, match=r"davy\.other/1"):
        inputs_of({**known.as_json(), "schema": "davy.other/1"})


def test_what_was_told_is_kept_for_the_next_decision(known: Inputs) -> None:
    made_ = decide(known)
    kept = told(known.today, made_)
    assert (kept.action, kept.regimen) == (made_.action, made_.regimen)
    assert kept.rules == tuple(one.rule for one in made_.reasons)
