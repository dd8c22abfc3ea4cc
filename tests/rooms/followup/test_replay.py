"""Every decision is logged with all it rests on, once, and comes out again; what moved is safer, or it fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.rooms.followup.chains import rechained, rewritten
from tests.rooms.followup.folders import START, Story, like
from tests.rooms.followup.test_follow import on

from davy.cli.main import main
from davy.report.schemas import schema_of
from davy.store.folder import Folder

FIRST_LOOK = 10
Body = dict[str, Any]


def look(path: Path, day: int) -> int:
    return main(["follow", str(path), "--today", str(START + timedelta(days=day))])


def bodies(path: Path) -> list[Body]:
    return [entry.body for entry in Folder(path).decisions() if entry.type == "decision"]


def test_each_decision_is_logged_with_inputs_versions_and_reasons(kept: Path) -> None:
    found = bodies(kept)
    assert [body["action"] for body in found] == ["begin", "keep", "step_down", "keep"]
    for body in found:
        assert set(body["versions"]) == {"davy", "code", "knowledge", "model", "engine"}
        assert all(body["versions"][mark] for mark in ("davy", "code", "knowledge"))
        assert body["inputs"]["person"]["id"] == "visit-example"
        assert body["reasons"]
        assert all(one["rule"] and one["sentence"] for one in body["reasons"])
    assert [body["autonomy"] for body in found] == ["L1"] * 3 + ["L0"]
    assert found[2]["inputs"]["days"][-1]["date"] == str(START + timedelta(days=18))


def test_a_second_look_at_the_same_day_adds_nothing_and_says_the_same(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (kept / "decisions.jsonl").read_bytes()
    assert look(kept, 42) == 0
    capsys.readouterr()
    assert (kept / "decisions.jsonl").read_bytes() == before


def test_the_step_back_stands_on_a_second_look_and_on_later_days(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    down = bodies(kept)[2]
    path = like(kept, tmp_path / "again", Story(more=lambda day: [on(day, "loose_stools", 1)] if day == 17 else []))
    assert main(["records", "resume", str(path), "--today", str(START + timedelta(days=43))]) == 0
    capsys.readouterr()
    assert main(["follow", str(path), "--json", "--today", str(START + timedelta(days=44))]) == 0
    left = json.loads(capsys.readouterr().out)["regimen"]["elemental_mg_per_day"]
    assert left == sum(one["elemental_mg"] for one in down["decision"]["regimen"])


def test_the_same_version_makes_the_same_decisions(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(kept), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    jsonschema.validate(said, schema_of("replay"))
    assert (said["verdict"], said["replayed"], said["same"], said["told_otherwise"]) == ("same", 4, 4, 0)
    assert said["entries"] == {"decision": 4, "stop": 1, "resume": 0, "healed": 0}
    assert said["actions"] == {"begin": 1, "keep": 2, "step_down": 1}
    assert said["head"] == json.loads((kept / "decisions.head").read_text())["hash"]


def older(change: Callable[[Body], None]) -> Callable[[Body], Body]:
    """An older version is said to have decided otherwise, where it was a follow-up."""

    def made_by_it(body: Body) -> Body:
        body = {**body, "versions": {**body["versions"], "davy": "0.0.9", "code": "older"}}
        change(body["decision"])
        return body

    return made_by_it


def less(decision: Body) -> None:
    _times(decision, 0.5)


def more(decision: Body) -> None:
    _times(decision, 2.0)


def _times(decision: Body, factor: float) -> None:
    for one in decision["regimen"] or ():
        one["elemental_mg"] *= factor


def a_referral_more(decision: Body) -> None:
    one = {"rule": "referral", "action": "refer", "sentence": "A doctor.", "sources": ["f-001"], "most_mg": None}
    decision["reasons"].append(one)


def worded_otherwise(decision: Body) -> None:
    for one in decision["reasons"]:
        one["sentence"] = "In other words."


@pytest.mark.parametrize(
    ("change", "status", "verdict", "part"),
    [
        (less, 1, "riskier", "dose"),
        (more, 0, "safer", "dose"),
        (a_referral_more, 1, "riskier", "asked"),
        (worded_otherwise, 0, "same", None),
    ],
)
def test_what_an_older_version_decided_otherwise_is_told_with_its_direction(
    kept: Path,
    tmp_path: Path,
    change: Callable[[Body], None],
    status: int,
    verdict: str,
    part: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = rewritten(kept / "decisions.jsonl", tmp_path, older(change))
    assert main(["replay", str(path), "--json"]) == status
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["faults"]) == (verdict, [])
    moved = {name for one in said["differences"] for name in one[f"{verdict}_in"]} if part else set()
    assert part is None or part in moved
    assert said["made_by"] == {"0.0.9": 3}
    if verdict == "riskier":
        first = said["differences"][0]
        assert first["day"] == str(START + timedelta(days=FIRST_LOOK))
        assert first["line"] == first["entry"] + 1 == 3
        assert main(["replay", str(path)]) == 1
        told = " ".join(capsys.readouterr().out.split())
        assert "Some decisions are riskier" in told
        assert "line 3, " in told


def test_an_edited_entry_in_a_chain_made_anew_is_found_by_making_it_again(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def edited(body: Body) -> Body:
        if body["action"] == "step_down":
            more(body["decision"])
        return body

    path = rewritten(kept / "decisions.jsonl", tmp_path, edited)
    assert main(["replay", str(path), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["faults"]) == ("broken", [])
    assert [(one["line"], one["same_versions"]) for one in said["differences"]] == [(4, True)]
    assert main(["replay", str(path)]) == 1
    assert "the entry is not what was written" in " ".join(capsys.readouterr().out.split())


def test_inputs_that_were_edited_are_found_too(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def edited(body: Body) -> Body:
        if body["action"] == "step_down":
            days = [{**day, "loose_stools": None} for day in body["inputs"]["days"]]
            body["inputs"]["days"] = [{k: v for k, v in day.items() if v is not None} for day in days]
        return body

    path = rewritten(kept / "decisions.jsonl", tmp_path, edited)
    assert main(["replay", str(path), "--json"]) == 1
    (one,) = json.loads(capsys.readouterr().out)["differences"]
    assert (one["line"], one["change"], one["now"]["action"]) == (4, "riskier", "keep")


def without_inputs(body: Body) -> Body:
    return {key: value for key, value in body.items() if key != "inputs"}


def of_the_first_shape(body: Body) -> Body:
    return {key: value for key, value in body.items() if key not in ("inputs", "versions")}


def of_another_kind(body: Body) -> Body:
    return {**body, "inputs": {**body["inputs"], "kind": "oracle"}}


def without_a_person(body: Body) -> Body:
    return {**body, "inputs": {**body["inputs"], "person": {"davy": 1}}}


def with_a_fact_of_a_later_version(body: Body) -> Body:
    person = {**body["inputs"]["person"], "aura": True}
    return {**body, "inputs": {**body["inputs"], "person": person}}


def with_an_input_of_a_later_version(body: Body) -> Body:
    return {**body, "inputs": {**body["inputs"], "moon": "full"}}


def test_inputs_that_lack_what_a_later_version_added_are_read_as_before(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def older_inputs(body: Body) -> Body:
        return {**body, "inputs": {key: value for key, value in body["inputs"].items() if key != "doubted"}}

    assert main(["replay", str(rewritten(kept / "decisions.jsonl", tmp_path, older_inputs))]) == 0
    assert "3 decisions made again: 3 the same" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "status", "why"),
    [
        (with_an_input_of_a_later_version, 1, "its inputs hold moon, which this version does not know"),
        (without_inputs, 1, "it holds no inputs: its inputs were taken out"),
        (of_the_first_shape, 0, "it holds no inputs: it was written before"),
        (of_another_kind, 1, "'oracle' is not known"),
        (without_a_person, 1, "do not read any more (id; today)"),
        (with_a_fact_of_a_later_version, 1, "do not read any more (aura)"),
    ],
)
def test_what_cannot_be_made_again_is_named_and_fails_unless_it_is_only_old(
    kept: Path,
    tmp_path: Path,
    change: Callable[[Body], Body],
    status: int,
    why: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = rewritten(kept / "decisions.jsonl", tmp_path, change)
    assert main(["replay", str(path), "--json"]) == status
    said = json.loads(capsys.readouterr().out)
    begun, *others = said["not_replayed"]
    assert (said["replayed"], begun["fails"], len(others)) == (0, False, 3)
    assert all(why in one["why"] for one in others), others
    assert said["verdict"] == ("broken" if status else "same")


@pytest.mark.parametrize(
    ("taken_out", "line", "told"),
    [(1, 2, f"the plan begun on {START}"), (2, 3, f"the decision of {START + timedelta(days=FIRST_LOOK)}")],
)
def test_a_decision_taken_out_of_a_log_made_anew_is_missed_by_those_after_it(
    kept: Path, tmp_path: Path, taken_out: int, line: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rewritten(kept / "decisions.jsonl", tmp_path, lambda body: body)
    lines = rechained([one for number, one in enumerate(path.read_bytes().splitlines()) if number != taken_out])
    path.write_bytes(b"".join(lines))
    head = {"entries": len(lines), "hash": json.loads(lines[-1])["hash"]}
    path.with_suffix(".head").write_text(json.dumps(head))
    assert main(["replay", str(path), "--every", "9", "--json"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["line"], fault["kind"], told in fault["sentence"]) == (line, "missing", True)


def test_a_log_of_which_nothing_is_left_beside_its_head_is_a_log_that_was_cut(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rewritten(kept / "decisions.jsonl", tmp_path, lambda body: body)
    for left in (b"", b"\n", b"\xff\xfe\x00"):
        path.write_bytes(left)
        assert main(["replay", str(path), "--json"]) == 1
        assert "missing" in [one["kind"] for one in json.loads(capsys.readouterr().out)["faults"]]


def test_a_broken_log_takes_no_further_decision(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = like(kept, tmp_path / "broken", Story())
    log = path / "decisions.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"action":"step_down"', b'"action":"stop"', 1))
    assert look(path, 50) == 1
    assert "line 4: this entry is not what was written" in capsys.readouterr().err


def test_a_refusal_to_begin_is_a_decision_and_comes_out_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "person.yaml").write_text("davy: 1\nid: child\nage_y: 12\n")
    assert main(["follow", str(tmp_path), "--begin", "--today", str(START)]) == 3
    assert main(["follow", str(tmp_path), "--begin", "--today", str(START)]) == 3
    (body,) = bodies(tmp_path)
    assert (body["action"], body["verdict"]) == ("not_begun", "refused")
    assert any("adults only" in one["sentence"] for one in body["reasons"])
    assert main(["replay", str(tmp_path)]) == 0
