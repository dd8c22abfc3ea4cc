"""Anchors on record: what each measure came to when it was last computed, kept with the hash of what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from davy.errors import KnowledgeError, SolveError
from davy.pathways.anchoring import Anchored, anchored, not_run
from davy.pathways.catalogue import Pathway, catalogue, pathway
from davy.pathways.digest import anchors_key, sealed, unsealed
from davy.pathways.draws import DRAWS
from davy.tables import knowledge_file

FILE = "computed/pathway_anchors.jsonl"
_MEASURED = ("value", "status", "miss", "p05", "p95", "pair_bracketed")


def anchors_of(found: Pathway) -> tuple[Anchored, ...]:
    """Every anchor of a pathway: from the record, or where that is stale computed now; an experiment is not run."""
    kept = _on_record().get((found.id, anchors_key(found)))
    if kept is not None:
        rows = {row.anchor: not_run(row) for row in found.anchors}
        return tuple(replace(rows[one["anchor"]], **{name: one[name] for name in _MEASURED}) for one in kept["anchors"])
    if runs_experiment(found):
        return tuple(not_run(row) for row in found.anchors)
    try:
        return computed(found)
    except SolveError:  # told by `davy knowledge check`, and by a run of the pathway
        return tuple(not_run(row) for row in found.anchors)


def computed(found: Pathway) -> tuple[Anchored, ...]:
    """Every anchor of a pathway, computed now."""
    return tuple(anchored(found, row, draws=DRAWS) for row in found.anchors)


def fresh(found: Pathway) -> bool:
    """Whether the record holds what the rows and models of today give."""
    return (found.id, anchors_key(found)) in _on_record()


def entry(found: Pathway, anchors: Iterable[Anchored]) -> dict[str, Any]:
    """A pathway as the record holds it."""
    measured = [{"anchor": one.anchor, **{name: getattr(one, name) for name in _MEASURED}} for one in anchors]
    return {"pathway": found.id, "key": anchors_key(found), "anchors": measured}


def record_text(entries: Iterable[dict[str, Any]]) -> str:
    """The text of the record: one line a pathway, in order, so that two records merge line by line."""
    return "".join(sealed(one) for one in sorted(entries, key=lambda one: one["pathway"]))


def runs_experiment(found: Pathway) -> bool:
    """Whether an anchor rests on a micro-experiment, which takes its time."""
    if found.experiment:
        return True
    from davy.pathways.measure import measure

    asked = (one.pathway for row in found.anchors for one in measure(row.measure).asked if one.pathway)
    fed = (feed.feed.partition(".")[0] for feed in found.feeds.values() if feed.when == "always")
    return any(runs_experiment(pathway(name)) for name in (*asked, *fed))


def records() -> dict[str, dict[str, Any]]:
    """What the record holds, as it is today, of each pathway that is still there."""
    known = ((one.id, anchors_key(one)) for one in catalogue() if one.anchors)
    return {name: _on_record()[name, key] for name, key in known if (name, key) in _on_record()}


@cache
def _on_record() -> dict[tuple[str, str], dict[str, Any]]:
    place = knowledge_file(FILE)
    lines = place.read_bytes().splitlines() if place.is_file() else []
    return {(one["pathway"], one["key"]): one for one in map(_read, lines) if one is not None}


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        return unsealed(line, f"knowledge/{FILE}")
    except KnowledgeError:  # as if it were not there: computed again, and `davy knowledge check` tells
        return None
