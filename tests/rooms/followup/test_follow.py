"""``davy follow``: what was recorded becomes one cautious word, with its reasons, and never a larger dose."""

import json
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rooms.followup.folders import START, TODAY, Story, diary, like, made, written

from davy.cli.main import main
from davy.followup.adapt import Inputs, decide
from davy.followup.adapt.facts import facts_of
from davy.followup.adapt.inputs import began_last, trimmed
from davy.followup.days import days_of
from davy.followup.records import Record
from davy.followup.visit_plan import daily_mg
from davy.people.read import person_from_text
from davy.report.schemas import schema_of
from davy.store.folder import Folder

ACTIONS = {"keep", "step_down", "stop", "step_up", "test_first", "refer"}
GOOD = "date: 2026-10-24, test: serum-magnesium, value: 0.86, unit: mmol/L"


def followed(path: Path, day: int = 60, *arguments: str) -> dict[str, Any]:
    """The document on a day of the plan."""
    from contextlib import redirect_stdout
    from io import StringIO

    told = StringIO()
    with redirect_stdout(told):
        assert main(["follow", str(path), "--json", "--today", str(START + timedelta(days=day)), *arguments]) == 0
    return json.loads(told.getvalue())


def on(day: int, kind: str, value: float | None = None, text: str = "") -> Record:
    return Record(kind, datetime.combine(START + timedelta(days=day), time(12)), value=value, text=text)  # pyright: ignore


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody with whom all goes well."""
    return made(tmp_path_factory.mktemp("quiet") / "one", Story(labs=(GOOD,)))


def test_the_document_has_every_key_of_the_contract_and_counts_what_the_diary_holds(quiet: Path) -> None:
    said = followed(quiet)
    assert said["schema"] == "davy.follow/1"
    jsonschema.validate(said, schema_of("follow"))
    assert {"action", "regimen", "reasons", "caps", "benefit", "expires", "autonomy"} <= set(said)
    assert said["action"] == "keep"
    assert said["autonomy"] == "L1"
    assert said["regimen"]["elemental_mg_per_day"] == 250
    assert sum(cap["binding"] for cap in said["caps"]) == 1
    days = {day.date: day for day in _days(quiet)}
    for period in said["periods"][:2]:
        inside = [day for when, day in days.items() if period["first"] <= when.isoformat() <= period["last"]]
        assert len(inside) == 28
        assert period["figures"]["headache_days_per_28"]["value"] == sum(bool(day.headache) for day in inside)
    before = [day for when, day in days.items() if when < START]
    assert said["benefit"]["baseline"] == sum(bool(day.headache) for day in before)
    assert said["benefit"]["baseline_from"] == "diary"
    assert said["benefit"]["change"]["improvement"] > 0


def _days(path: Path):
    return days_of(Folder(path).records())


def test_the_dated_prediction_is_hit_or_missed(quiet: Path, tmp_path: Path) -> None:
    (lab,) = [one for one in followed(quiet)["labs"] if one["outcome"]]
    assert lab["outcome"] == "hit"
    assert lab["predicted"][0] <= 0.86 <= lab["predicted"][1]
    low = like(quiet, tmp_path / "low", Story(labs=(GOOD.replace("0.86", "0.72"),)))
    assert [one["outcome"] for one in followed(low)["labs"] if one["outcome"]] == ["missed"]


def test_days_without_a_note_are_unknown_and_never_good(quiet: Path) -> None:
    gaps = facts_of(inputs(quiet, Story(noted=lambda day: day < 0 or day % 2 == 0), 60))
    figure = gaps.periods[0].figure("headache_days_per_28")
    assert (figure.days_known, figure.value is None) == (14, False)
    assert figure.high - figure.low == pytest.approx(14)  # pyright: ignore[reportOperatorIssue, reportOptionalOperand]
    assert figure.low <= figure.value <= figure.high  # pyright: ignore[reportOperatorIssue, reportOptionalOperand]


LOOSE = Story(more=lambda day: [on(day, "loose_stools", 1)] if day == 17 else [])
FIRST = Story(more=lambda day: [on(day, "loose_stools", 1)] if day == 3 else [])
RUNS = Story(more=lambda day: [on(day, "loose_stools", 5)] if day in (52, 55) else [])
BRISTOL = Story(more=lambda day: [on(day, "bristol", 7)] if day == 58 else [])
DROWSY = Story(also=(on(58, "symptom", text="drowsiness"),))
FEVER = Story(also=(on(59, "symptom", text="vomiting"),))
HIGH = Story(labs=("date: 2026-10-20, test: serum-magnesium, value: 1.12, unit: mmol/L",))
KIDNEY = Story(labs=("date: 2026-10-20, test: creatinine, value: 95, unit: umol/L", GOOD))
COURSE = Story(also=(Record("medicine", START + timedelta(days=50), text="ciprofloxacin"),))
THYROID = Story(medicines=", {name: levothyroxine, since: 2026-10-15}")
WORSE = Story(headache=lambda day: 0.25 if day < 0 else 0.35)
BETTER = Story(headache=lambda day: 0.4 if day < 0 else 0.1)
SILENT = Story(noted=lambda day: day < 30)


def inputs(quiet: Path, story: Story, day: int) -> Inputs:
    """What is known on a day of a story, under the plan that was begun in `quiet`."""
    today = START + timedelta(days=day)
    story.last = min(day, story.last)
    records = (*diary(story), *story.also)
    log = began_last(entry.body for entry in Folder(quiet).decisions())
    person = person_from_text(written(story, labs=story.labs), name="story", today=today)
    return trimmed(Inputs(person, days_of(records), records, log.begun, log.since, log.past, draws=50))


@pytest.mark.parametrize(
    ("story", "day", "action", "why"),
    [
        (Story(), 60, "keep", "Nothing that was recorded speaks against"),
        (LOOSE, 18, "step_down", "go back to the step before"),
        (FIRST, 4, "stop", "no smaller step"),
        (RUNS, 60, "stop", "More than 3 loose stools a day on 2 days"),
        (BRISTOL, 60, "step_down", "Loose stools"),
        (DROWSY, 60, "stop", "Drowsiness"),
        (HIGH, 60, "stop", "Serum magnesium of 1.12 mmol/L"),
        (KIDNEY, 60, "stop", "eGFR went from"),
        (COURSE, 60, "stop", "ciprofloxacin was begun on 2026-10-19"),
        (THYROID, 60, "stop", "levothyroxine was begun"),
        (FEVER, 60, "stop", "A sick day"),
        (WORSE, 84, "stop", "it does not work for you"),
        (SILENT, 84, "stop", "the diary does not tell whether it helped"),
        (BETTER, 84, "keep", "A diary cannot tell whether magnesium did that"),
        (BETTER, 98, "keep", "A diary cannot tell"),
        (Story(), 120, "stop", "no new one was begun"),
    ],
)
def test_each_harm_and_each_end_has_its_word(quiet: Path, story: Story, day: int, action: str, why: str) -> None:
    looked = inputs(quiet, story, day)
    said = decide(looked)
    assert said.action == action, said.reasons
    assert any(why in reason.sentence for reason in said.reasons), said.reasons
    assert said.regimen is not None
    now, left = daily_mg(facts_of(looked).in_force), daily_mg(said.regimen)
    assert left <= now
    assert (left == 0) == (action == "stop")
    assert action != "step_down" or 0 < left < now


@given(
    st.lists(
        st.tuples(st.sampled_from(["loose_stools", "bristol"]), st.integers(0, 7), st.integers(0, 100)), max_size=6
    ),
    st.floats(0.3, 1.4),
    st.integers(1, 110),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_recorded_ever_raises_the_dose(quiet: Path, bowels, serum: float, day: int) -> None:
    taken = START + timedelta(days=max(day - 5, 0))
    lab = f"date: {taken}, test: serum-magnesium, value: {serum:.2f}, unit: mmol/L"
    extra = tuple(on(at, kind, max(value, 1)) for kind, value, at in bowels)
    looked = inputs(quiet, Story(labs=(lab,), also=extra), day)
    said = decide(looked)
    assert said.action in ACTIONS - {"step_up"}
    assert said.regimen is not None
    assert daily_mg(said.regimen) <= daily_mg(facts_of(looked).scheduled)
    if round(serum, 2) > 1.05:
        assert said.action == "stop"


def test_painkillers_too_often_are_referred_and_never_swapped(quiet: Path, tmp_path: Path) -> None:
    path = like(quiet, tmp_path / "often", Story(headache=lambda day: 0.5, medicated=1.0))
    said = followed(path)
    assert said["action"] == "refer"
    assert any("a supervised plan, never a swap" in reason["sentence"] for reason in said["reasons"])
    assert all(reason["sources"] for reason in said["reasons"])
    assert said["regimen"]["elemental_mg_per_day"] == 250


def test_a_test_that_is_late_comes_first_and_a_plan_without_it_lapses(quiet: Path) -> None:
    due = {"day": 28, "test": "serum-magnesium", "why": "the dated prediction is checked here"}

    def said(day: int, story: Story, checks: list[dict[str, Any]]) -> Any:
        looked = inputs(quiet, story, day)
        assert looked.begun is not None
        begun = {**looked.begun, "plan": {**looked.begun["plan"], "monitoring": checks}}
        return decide(replace(looked, begun=begun))

    late = said(60, Story(goal="repletion"), [due])
    assert late.action == "test_first"
    assert "Serum magnesium was due on 2026-09-27 and is not there" in late.reasons[0].sentence
    drawn = GOOD.replace("10-24", "09-20")
    assert said(60, Story(goal="repletion", labs=(drawn,)), [due]).action == "keep"
    lapsed = said(71, Story(goal="repletion"), [due])
    assert (lapsed.action, lapsed.total_mg) == ("stop", 0)
    assert "plan again" in said(90, Story(goal="repletion"), []).reasons[0].sentence


def test_stopped_suggestions_suggest_nothing(quiet: Path, tmp_path: Path) -> None:
    path = like(quiet, tmp_path / "one", HIGH)
    assert main(["records", "stop", str(path), "--today", "2026-10-21"]) == 0
    said = followed(path)
    assert (said["regimen"], said["recalls"], said["expires"]) == (None, [], None)
    assert (said["autonomy"], said["action"]) == ("L0", "keep")
    assert "ended here on 2026-10-21" in said["reasons"][0]["sentence"]


@pytest.mark.parametrize(
    "cut", [lambda lines: lines[:-1], lambda lines: [*lines[:-1], lines[-1][:-9]], lambda lines: []]
)
def test_a_stop_that_was_cut_out_of_the_log_holds_and_stays_a_fault_of_the_log(
    quiet: Path, tmp_path: Path, cut: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = like(quiet, tmp_path / "one", Story())
    assert main(["records", "stop", str(path), "--today", "2026-10-21"]) == 0
    log = path / "decisions.jsonl"
    log.write_bytes(b"".join(cut(log.read_bytes().splitlines(keepends=True))))
    for day in (60, 61):  # the first look heals the log and hides nothing
        said = followed(path, day)
        assert (said["autonomy"], said["action"], said["regimen"]) == ("L0", "keep", None)
    assert main(["replay", str(path)]) == 1
    assert main(["records", "resume", str(path), "--today", "2026-11-01"]) == 0
    assert followed(path, 66)["autonomy"] == "L1"
    capsys.readouterr()


def test_records_that_were_cut_end_the_look(quiet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = like(quiet, tmp_path / "one", RUNS)
    log = path / "records.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-20]))
    assert main(["follow", str(path), "--json", "--today", str(START + timedelta(days=60))]) == 1
    assert "20 entries are missing at the end of records.jsonl" in capsys.readouterr().err


def test_without_a_plan_of_davys_nothing_of_the_persons_own_is_changed(tmp_path: Path) -> None:
    path = made(tmp_path / "own", Story(), begin=False)
    said = followed(path)
    assert (said["action"], said["regimen"], said["expires"]) == ("keep", None, None)


OWN = """\
supplements: [{form: citrate, label_mg: 200, label_means: elemental, per_day: 1, since: 2026-08-30}]
"""
FELL = "date: 2026-10-20, test: egfr, value: 60, unit: mL/min/1.73m2"
WAS = "date: 2026-07-21, test: egfr, value: 92, unit: mL/min/1.73m2"
LATER = "date: 2026-09-21, test: egfr, value: 92, unit: mL/min/1.73m2"


@pytest.mark.parametrize(
    ("story", "own", "rule"),
    [
        (Story(labs=(WAS, FELL)), OWN, "kidney"),
        (Story(labs=(LATER, FELL)), OWN, "kidney"),
        (Story(labs=(LATER, FELL)), OWN.replace(", since: 2026-08-30", ""), "kidney"),
        (Story(labs=(WAS, FELL.replace("60", '"<15"', 1))), OWN, "kidney"),
        (Story(labs=(WAS, FELL.replace("60", '">60"', 1))), OWN, None),
        (COURSE, OWN, "new-drug"),
        (Story(labs=(WAS, FELL), taken=lambda day: None), "", None),
    ],
)
def test_harm_stops_also_what_davy_did_not_begin(story: Story, own: str, rule: str | None, tmp_path: Path) -> None:
    text = (written(story, labs=story.labs) + own).replace("value: 70, unit: umol/L", "value: 80, unit: umol/L")
    person = person_from_text(text, name="own", today=START + timedelta(days=60))
    records = () if rule is None else (*diary(story), *story.also)
    said = decide(trimmed(Inputs(person, days_of(records), records, draws=50)))
    assert (rule in [one.rule for one in said.reasons]) == (rule is not None)
    assert (said.action == "stop") == (rule is not None)
    assert said.regimen is None


def test_the_letter_proposes_nothing_that_the_page_takes_back(quiet: Path, tmp_path: Path) -> None:
    from davy.cli.follow import visited
    from davy.cli.options import Options
    from davy.report.letter_page import letter_page

    path = like(quiet, tmp_path / "runs", RUNS)
    today = START + timedelta(days=60)
    person = Folder(path).person(today=today)
    assert person is not None
    page = letter_page(visited(Folder(path), person, Options(command="follow", today=today)))
    assert "No added magnesium, until what is said above is settled." in page
    assert "from everything but food" not in page


def test_a_refusal_begins_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one"
    path.mkdir()
    (path / "person.yaml").write_text("davy: 1\nid: child\nage_y: 12\n")
    assert main(["follow", str(path), "--begin", "--today", str(START)]) == 3
    assert "Nothing was begun" in capsys.readouterr().out
    assert main(["follow", str(path), "--begin", "--json", "--today", str(START)]) == 3
    assert json.loads(capsys.readouterr().out)["verdict"] == "refused"
    assert [entry.body["action"] for entry in Folder(path).decisions()] == ["not_begun"]


def test_the_file_of_another_person_and_a_clock_put_back_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made(tmp_path / "one")
    assert main(["follow", str(path), "--begin", "--today", str(START - timedelta(days=3))]) == 2
    assert f"a plan was begun here on {START}" in capsys.readouterr().err
    held = (path / "decisions.jsonl").read_bytes()
    other = (path / "person.yaml").read_text(encoding="utf-8").replace("id: visit-example", "id: somebody-else")
    (path / "person.yaml").write_text(other, encoding="utf-8")
    for asked in ([], ["--begin"]):
        assert main(["follow", str(path), *asked, "--today", str(TODAY)]) == 2
        assert "begun for 'visit-example'" in capsys.readouterr().err
    assert (path / "decisions.jsonl").read_bytes() == held


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (on(-1, "symptom", text="thunderclap headache"), "emergency care"),
        (Record("lab", datetime.combine(START, time(8)), value=22.0, unit="mL/min/1.73m2", text="egfr"), "below 30"),
    ],
)
def test_what_the_records_tell_is_heard_before_a_plan_is_begun(
    tmp_path: Path, record: Record, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made(tmp_path / "one", Story(also=(record,)), begin=False)
    assert main(["follow", str(path), "--begin", "--today", str(START)]) == 3
    assert why in " ".join(capsys.readouterr().out.split())
    assert [entry.body["action"] for entry in Folder(path).decisions()] == ["not_begun"]


def test_magnesium_that_only_the_diary_knows_of_is_taken_too(tmp_path: Path) -> None:
    loose = Story(more=lambda day: [on(day, "loose_stools", 4.0)] if day in (57, 58, 59) else [])
    said = followed(made(tmp_path / "one", loose, begin=False))
    assert said["action"] == "stop"
    assert "loose stools" in said["reasons"][0]["sentence"]


def test_nothing_holds_until_a_day_that_is_past(quiet: Path) -> None:
    said = followed(quiet, 140)
    assert (said["action"], said["expires"]) == ("stop", None)


def test_a_folder_without_a_person_or_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["follow", str(tmp_path / "none"), "--today", str(TODAY)]) == 2
    assert "there is no such folder" in capsys.readouterr().err
    assert main(["follow", str(tmp_path), "--today", str(TODAY)]) == 2
    assert "nobody is known to be followed" in capsys.readouterr().err
    file = tmp_path / "file"
    file.write_text("")
    assert main(["follow", str(file), "--today", str(TODAY)]) == 2


def test_a_trial_in_the_folder_is_told(quiet: Path, tmp_path: Path) -> None:
    path = like(quiet, tmp_path / "one", Story(labs=(GOOD,)))
    rows = [f"{day},{'magnesium' if day // 14 % 2 else 'none'},{4 if day // 14 % 2 else 6}" for day in range(112)]
    (path / "nof1.csv").write_text("day,arm,outcome\n" + "\n".join(rows) + "\n")
    trial = followed(path)["benefit"]["trial"]
    assert trial["verdict"] in ("benefit", "harm", "no_association", "undecided")
    assert trial["sentence"]


def test_a_trial_that_does_not_read_hides_nothing_else(quiet: Path, tmp_path: Path) -> None:
    path = like(quiet, tmp_path / "one", HIGH)
    (path / "nof1.csv").write_text("day,arm\n1,A\n")
    said = followed(path)
    assert (said["benefit"]["trial"]["verdict"], said["action"]) == ("unread", "stop")


def test_a_creatinine_that_no_importer_believes_is_known_to_the_decision(
    quiet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = like(quiet, tmp_path / "one", Story())
    code = {"coding": [{"system": "http://loinc.org", "code": "2160-0"}]}
    value = {"value": 70, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"}
    said = {"resourceType": "Observation", "id": "a", "status": "final", "code": code, "valueQuantity": value}
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {**said, "effectiveDateTime": "2026-10-20"}}],
    }
    (tmp_path / "labs.json").write_text(json.dumps(bundle))
    assert main(["records", "import", str(tmp_path / "labs.json"), "--into", str(path), "--today", str(TODAY)]) == 0
    capsys.readouterr()
    said = followed(path)
    assert said["action"] == "test_first"
    assert any("creatinine of 2026-10-20" in one["sentence"] for one in said["reasons"])
    *_, last = Folder(path).decisions()
    assert last.body["inputs"]["set_aside"] == [{"test": "creatinine", "day": "2026-10-20"}]


def test_a_product_written_into_the_person_file_after_the_plan_stops_it(quiet: Path, tmp_path: Path) -> None:
    path = like(quiet, tmp_path / "one", Story(labs=(GOOD,)))
    with (path / "person.yaml").open("a") as handle:
        handle.write("supplements: [{form: oxide, label_mg: 400, label_means: elemental, per_day: 1}]\n")
    assert followed(path)["action"] == "stop"
