"""The README's table of benchmarks is the one that was measured and stored."""

from __future__ import annotations

import json

from benchmarks.run import BASELINE, FIGURES, README, shown_in


def test_the_readme_shows_the_stored_figures() -> None:
    text = README.read_text()
    assert shown_in(text, json.loads(BASELINE.read_text())) == text


def test_every_figure_is_stored() -> None:
    rows = json.loads(BASELINE.read_text())["rows"]
    assert set(rows) == set(FIGURES)
    assert all(rows.values())
