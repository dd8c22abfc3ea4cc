"""The corpus: small because each look is told by what changed, whole or named where it is not, and never riskier."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from davy.cli.main import main
from davy.followup.replay.stance import ACTIONS
from davy.store.corpus import Corpus, is_corpus, write_corpus
from davy.store.difference import applied, difference

CORPUS = Path(__file__).parents[2] / "replay" / "corpus.jsonl.xz"
LEAST, NTH = 20_000, 125
VERSIONS = {"davy": "0.0.9"}

values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=4),
    max_leaves=12,
)


@given(values, values)
@example([1], [True])
@example({"a": [{"b": 1}]}, {"a": [{"b": 1.0}]})
@example([[0.0], 2], [[-0.0], 2])
@settings(max_examples=200, deadline=None)
def test_a_value_comes_back_from_what_changed(before: Any, now: Any) -> None:
    told = difference(before, now)
    found = applied(before, None if told is None else json.loads(json.dumps(told)))
    assert json.dumps(found, sort_keys=True) == json.dumps(now, sort_keys=True)


def test_days_in_a_row_are_told_once() -> None:
    before, now = [{"day": day} for day in range(90)], [{"day": day} for day in range(7, 97)]
    told = difference({"days": before, "id": "a"}, {"days": now, "id": "a"})
    assert told == {"k": {"days": {"<": 7, "+": now[-7:]}}}


def made(number: int) -> dict[str, Any]:
    inputs = {"kind": "follow", "days": list(range(number, number + 30)), "person": {"id": "a", "today": number}}
    return {"day": "2026-01-05", "inputs": inputs, "made": {"decision": {"action": "keep"}}}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl.xz"
    assert write_corpus(path, (made(number) for number in range(20)), versions=VERSIONS, made={"seed": 0}) == 20
    return path


def test_what_was_written_comes_back(small: Path) -> None:
    assert is_corpus(small)
    corpus = Corpus(small)
    bodies = [one.entry.body for one in corpus.entries()]
    assert [body["inputs"] for body in bodies] == [made(number)["inputs"] for number in range(20)]
    assert all(body["versions"] == VERSIONS for body in bodies)
    assert corpus.faults == []


@pytest.mark.parametrize(
    ("change", "line", "kind"),
    [
        (lambda lines: [*lines[:5], lines[5].replace(b"keep", b"stop"), *lines[6:]], 6, "changed"),
        (lambda lines: [*lines[:5], *lines[6:]], 6, "changed"),
        (lambda lines: lines[:-3], 19, "missing"),
        (lambda lines: [*lines[:9], b"nothing\n", *lines[10:]], 10, "changed"),
    ],
)
def test_a_corpus_that_was_changed_is_found_and_its_line_named(
    small: Path, capsys: pytest.CaptureFixture[str], change: Any, line: int, kind: str
) -> None:
    lines = lzma.decompress(small.read_bytes()).splitlines(keepends=True)
    small.write_bytes(lzma.compress(b"".join(change(lines))))
    assert main(["replay", str(small), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["faults"]
    assert [(one["line"], one["kind"]) for one in found] == [(line, kind)]


def test_a_corpus_that_ends_early_is_named(small: Path) -> None:
    small.write_bytes(small.read_bytes()[:-40])
    corpus = Corpus(small)
    list(corpus.entries())
    assert [one.kind for one in corpus.faults] == ["unfinished"]


def test_a_sample_of_the_corpus_is_nowhere_riskier(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["replay", str(CORPUS), "--every", str(NTH), "--json"])
    said = json.loads(capsys.readouterr().out)
    assert (said["faults"], said["not_replayed"]) == ([], [])
    assert said["entries"]["decision"] >= LEAST
    assert said["replayed"] == said["entries"]["decision"] // NTH
    assert status == 0, [one for one in said["differences"] if one["change"] == "riskier"][:3]


def test_the_corpus_holds_every_kind_of_decision() -> None:
    with lzma.open(CORPUS) as handle:
        head = json.loads(handle.readline())
    assert set(ACTIONS) - {"begin", "not_begun"} <= set(head["made"]["actions"])
    assert sum(head["made"]["actions"].values()) == head["decisions"] >= LEAST
