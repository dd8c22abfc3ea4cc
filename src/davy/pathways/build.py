"""What is computed ahead: response curves of the experiments, and the anchors of every pathway."""

from __future__ import annotations

from typing import Any

from davy.pathways.catalogue import Pathway, catalogue, pathway
from davy.pathways.curves import file_of, made_curve, needs_own, stored_curve
from davy.pathways.record import computed, entry, fresh
from davy.pathways.rows import PARAMETER_SETS, ParameterSet

Task = tuple[str, ParameterSet]


def curve_tasks(*, all_again: bool = False) -> tuple[Task, ...]:
    """Every curve that is missing or stale, by pathway and parameter set; `all_again`: every curve."""
    found: list[Task] = []
    for one in catalogue():
        for name in PARAMETER_SETS:
            if needs_own(one, name) and (all_again or stored_curve(one, name) is None):
                found.append((one.id, name))
    return tuple(found)


def curve_of(task: Task) -> tuple[str, str]:
    """A curve made: its file below `knowledge/`, and the text of it."""
    name, parameter_set = task
    found = pathway(name)
    return file_of(found, parameter_set), made_curve(found, parameter_set)


def anchor_tasks(*, all_again: bool = False) -> tuple[str, ...]:
    """Every pathway whose anchors are not on record as they are today."""
    return tuple(one.id for one in catalogue() if one.anchors and (all_again or not fresh(one)))


def anchors_entry(name: str) -> dict[str, Any]:
    """The anchors of a pathway, computed and as the record holds them."""
    found = pathway(name)
    return entry(found, computed(found))


def curve_files() -> frozenset[str]:
    """Every curve that there should be."""
    return frozenset(file_of(one, name) for one in _experiments() for name in PARAMETER_SETS if needs_own(one, name))


def _experiments() -> tuple[Pathway, ...]:
    return tuple(one for one in catalogue() if one.experiment)
