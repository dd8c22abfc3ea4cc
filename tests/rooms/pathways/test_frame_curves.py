"""Response curves: exact on the grid, straight between, not read when stale, and never a number where none is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.rooms.pathways.test_frame_draws import parameter, pathway_with

from davy.errors import KnowledgeError, SolveError
from davy.pathways import curves, digest, homes, lanes, record
from davy.pathways.catalogue import Pathway, pathway
from davy.pathways.curves import Curve
from davy.pathways.evaluation import Floats
from davy.pathways.lanes import Setting, outputs_at
from davy.pathways.rows import PathwayParameterRow, PortRow
from davy.pathways.sweep import swept
from davy.tables import knowledge_file

MODULE = '''"""A wave that runs while magnesium is low."""
import numpy as np
GRID = {"mg_mM": (0.0, 1.0, 2.0)}
ALSO = ({"width_mm": (0.5, 1.0, 3.0)},)
EQUATIONS = ("speed = k*(2 - mg)",)
RUNS = []
def run(given):
    RUNS.append(len(given["mg_mM"]))
    speed = given["k"] * (1.5 - given["mg_mM"]) * given["width_mm"]
    return {"speed": np.where(speed < 0, np.nan, speed)}
'''


def port(name: str, direction: str, value: float | None = None) -> PortRow:
    return PortRow.model_validate(
        {
            "pathway": "P99_test", "direction": direction, "port": name, "label": name, "unit": "1", "value": value,
            "low": 0.0, "high": 10.0, "source": "davy-model", "verified": "assumed", "status": "active",
        }
    )  # fmt: skip


@pytest.fixture
def wave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pathway]:
    """A pathway whose experiment lies in a folder of its own, and whose curves are kept beside it."""
    (tmp_path / "frame_wave.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(homes, "_ROOM", "frame_room")
    monkeypatch.setattr(digest, "ROOM", "frame_room")
    room = tmp_path / "frame_room"
    room.mkdir()
    (room / "__init__.py").write_text("", encoding="utf-8")
    (room / "frame_wave.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setattr(curves, "knowledge_file", lambda file: tmp_path / file)
    (tmp_path / curves.FOLDER).mkdir(parents=True)
    for cached in (homes.experiment, curves.stored_curve, digest.code_of):
        cached.cache_clear()
    made = pathway_with(parameter("k", "lognormal", 3.0, 2.0, 5.0))
    yield replace(
        made,
        home="frame_wave",
        inputs={"mg_mM": port("mg_mM", "in", 0.8), "width_mm": port("width_mm", "in", 1.0)},
        outputs={"speed": port("speed", "out")},
    )
    for cached in (homes.experiment, curves.stored_curve, digest.code_of):
        cached.cache_clear()
    for name in ("frame_room", "frame_room.frame_wave"):
        sys.modules.pop(name, None)


def runs() -> list[int]:
    return sys.modules["frame_room.frame_wave"].RUNS


def kept(found: Pathway, tmp_path: Path, *along: str) -> None:
    for one in along or ("mg_mM",):
        (tmp_path / curves.file_of(found, "literature", one)).write_text(curves.made_curve(found, "literature", one))
    curves.stored_curve.cache_clear()


def test_a_kept_curve_answers_without_a_run_and_exactly_on_the_grid(wave: Pathway, tmp_path: Path) -> None:
    live = outputs_at(wave, Setting(), {"mg_mM": 1.0})["speed"]
    kept(wave, tmp_path)
    before = len(runs())
    from_curve = outputs_at(wave, Setting(), {"mg_mM": 1.0})["speed"]
    assert len(runs()) == before
    assert from_curve == pytest.approx(live, rel=1e-5)
    assert outputs_at(wave, Setting(), {"mg_mM": 0.5})["speed"][0] == pytest.approx(3.0)


def test_a_figure_stays_on_the_curve_and_off_it_takes_few_points_without_a_band(wave: Pathway, tmp_path: Path) -> None:
    kept(wave, tmp_path)
    before = len(runs())
    on = swept(wave, "mg_mM", {})
    assert len(runs()) == before
    assert (on.x[0], on.x[-1]) == (0.0, 2.0)
    assert np.isfinite(on.p05["speed"][0])
    off = swept(wave, "mg_mM", {"width_mm": 2.0})
    assert runs()[before:] == [len(off.x)], "the set's own values alone, in one run"
    assert len(off.x) <= 12
    assert np.isnan(off.p05["speed"]).all()
    assert off.value["speed"][0] == pytest.approx(9.0)


def test_what_the_curve_does_not_hold_is_run(wave: Pathway, tmp_path: Path) -> None:
    kept(wave, tmp_path)
    before = len(runs())
    assert outputs_at(wave, Setting(), {"mg_mM": 1.0, "width_mm": 2.0})["speed"][0] == pytest.approx(3.0)
    assert outputs_at(wave, Setting(), {"k": 10.0})["speed"][0] == pytest.approx(7.0)
    assert np.isnan(outputs_at(wave, Setting(), {"mg_mM": 5.0})["speed"][0])
    outputs_at(wave, Setting(between=False), {"mg_mM": 0.7})
    outputs_at(wave, Setting(seed=1), {})
    assert len(runs()) == before + 5


def test_beside_a_point_where_there_is_no_wave_there_is_none(wave: Pathway, tmp_path: Path) -> None:
    kept(wave, tmp_path)
    assert np.isnan(outputs_at(wave, Setting(), {"mg_mM": 1.2})["speed"]).all()
    assert np.isfinite(outputs_at(wave, Setting(), {"mg_mM": 1.0})["speed"]).all()


@pytest.mark.parametrize("what", ["value", "spread", "off the grid", "code"])
def test_a_curve_is_stale_when_what_it_rests_on_changes(wave: Pathway, tmp_path: Path, what: str) -> None:
    kept(wave, tmp_path)
    assert curves.stored_curve(wave, "literature") is not None
    changed = wave
    if what == "code":
        (tmp_path / "frame_room/frame_wave.py").write_text(MODULE + "# another\n", encoding="utf-8")
        digest.code_of.cache_clear()
        curves.stored_curve.cache_clear()
    elif what == "off the grid":
        changed = replace(wave, inputs={**wave.inputs, "width_mm": port("width_mm", "in", 2.0)})
    else:
        row = parameter("k", "lognormal", *((3.1, 2.0, 5.0) if what == "value" else (3.0, 2.0, 6.0)))
        own: Mapping[str, PathwayParameterRow] = {"k": row}
        changed = replace(wave, parameters={"literature": own, "articles": own})
    assert curves.stored_curve(changed, "literature") is None


@pytest.mark.parametrize("harm", ["a number", "cut short", "not text"])
def test_a_curve_that_is_not_as_it_was_computed_is_refused(wave: Pathway, tmp_path: Path, harm: str) -> None:
    kept(wave, tmp_path)
    place = tmp_path / curves.file_of(wave, "literature")
    whole = place.read_bytes()
    assert b"[4.5,1.5,null]" in whole
    harmed = {
        "a number": whole.replace(b"[4.5,", b"[4.6,", 1),
        "cut short": whole[: len(whole) // 2],
        "not text": whole[:200] + bytes(range(128, 256)) + whole[200:],
    }
    place.write_bytes(harmed[harm])
    curves.stored_curve.cache_clear()
    with pytest.raises(
        KnowledgeError, match=r"P99_test\.literature\.mg_mM\.json is not as it was computed: `davy pathways build`"
    ):
        outputs_at(wave, Setting(), {"mg_mM": 1.0})


def test_a_curve_without_a_seal_is_not_read(wave: Pathway, tmp_path: Path) -> None:
    kept(wave, tmp_path)
    place = tmp_path / curves.file_of(wave, "literature")
    place.write_text("{" + place.read_text().partition(",")[2], encoding="utf-8")
    curves.stored_curve.cache_clear()
    assert curves.stored_curve(wave, "literature") is None


def test_an_anchor_on_record_that_was_changed_is_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / record.FILE
    file.parent.mkdir()
    shipped = knowledge_file(record.FILE).read_text(encoding="utf-8")
    file.write_text(shipped.replace('"value":0.04447072032135604', '"value":0.5', 1), encoding="utf-8")
    monkeypatch.setattr(record, "knowledge_file", lambda name: tmp_path / name)
    monkeypatch.setattr(record, "_on_record", cache(record._on_record.__wrapped__))
    block = pathway("P02")
    assert not record.fresh(block)
    assert next(one.value for one in record.anchors_of(block) if one.anchor == "b-10") == pytest.approx(
        0.0445, abs=1e-4
    )
    assert len(record._on_record()) == len(shipped.splitlines()) - 1, "the others are read"


def test_another_default_on_the_grid_reads_the_same_curve(wave: Pathway, tmp_path: Path) -> None:
    kept(wave, tmp_path)
    assert curves.stored_curve(replace(wave, inputs={**wave.inputs, "mg_mM": port("mg_mM", "in", 0.3)}), "literature")


def test_a_set_without_values_of_its_own_needs_no_curve_of_its_own(wave: Pathway) -> None:
    assert curves.own_curves(wave, "literature") == ("mg_mM", "width_mm")
    assert curves.own_curves(wave, "articles") == ()


def test_a_check_at_another_default_keeps_only_what_that_moves(wave: Pathway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other magnesium by default: the curve along magnesium is the same, that along the width is not."""
    row = wave.row.model_copy(update={"id": "P99b_check", "parent": wave.id})
    check = replace(wave, row=row, inputs={**wave.inputs, "mg_mM": port("mg_mM", "in", 0.3)})
    monkeypatch.setattr(curves, "pathway", lambda name: wave)
    assert curves.own_curves(check, "literature") == ("width_mm",)


def test_each_input_has_a_curve_of_its_own_and_two_at_once_are_run(wave: Pathway, tmp_path: Path) -> None:
    kept(wave, tmp_path, "mg_mM", "width_mm")
    before, seen = len(runs()), list[tuple[int, int]]()
    setting = Setting(watch=lambda done, total: seen.append((done, total)))
    assert outputs_at(wave, setting, {"width_mm": 2.0})["speed"][0] == pytest.approx(3.0 * 0.7 * 2.0)
    assert len(runs()) == before
    assert not seen
    assert outputs_at(wave, setting, {"width_mm": 2.0, "mg_mM": 1.0})["speed"][0] == pytest.approx(3.0)
    assert seen == [(0, 241), (241, 241)]


def test_lanes_run_a_few_at_a_time_are_the_same(wave: Pathway, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = outputs_at(wave, Setting(), {"width_mm": 2.0})["speed"]
    monkeypatch.setattr(homes.experiment("frame_wave"), "at_once", 100)
    seen: list[int] = []
    parts = outputs_at(wave, Setting(watch=lambda done, total: seen.append(done)), {"width_mm": 2.0})["speed"]
    assert seen == [0, 100, 200, 241]
    assert np.array_equal(whole, parts)


def test_a_quick_experiment_is_run_between_the_points(
    wave: Pathway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(wave, tmp_path)
    monkeypatch.setattr(homes.experiment("frame_wave"), "quick", True)
    seen: list[int] = []
    setting = Setting(watch=lambda done, total: seen.append(done))
    before = len(runs())
    outputs_at(wave, setting, {"mg_mM": 1.0})
    assert len(runs()) == before
    outputs_at(wave, setting, {"mg_mM": 0.5})
    assert len(runs()) == before + 1
    assert not seen


def test_an_experiment_that_does_not_converge_is_an_error_and_leaves_no_curve(
    wave: Pathway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def undecided(given: Mapping[str, Floats]) -> Mapping[str, Floats]:
        raise SolveError("lane 7: neither runs evenly nor dies within 900 s")

    monkeypatch.setattr(homes.experiment("frame_wave"), "_run", undecided)
    with pytest.raises(SolveError, match=r"P99_test.*lane 7"):
        curves.made_curve(wave, "literature")
    with pytest.raises(SolveError, match="lane 7"):
        lanes.outputs_at(wave, Setting(), {})


def test_a_curve_of_two_inputs_is_linear_in_each() -> None:
    x, y = np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0])
    values = (2.0 * x[:, None] + 3.0 * y[None, :] + 1.0)[None]
    curve = Curve("", ("a", "b"), (x, y), {"out": np.concatenate((values, 2.0 * values))})
    found = curve.at({"a": np.array([2.0, 3.0]), "b": np.array([0.5, 2.0])})["out"]
    assert found == pytest.approx([6.5, 26.0])


def test_the_file_is_strict_json(wave: Pathway) -> None:
    text = curves.made_curve(wave, "literature")
    assert "NaN" not in text
    assert json.loads(text)["outputs"]["speed"][0] == [4.5, 1.5, None]
