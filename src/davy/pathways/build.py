"""What is computed ahead: response curves of the experiments, and the anchors of every pathway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from davy.errors import KnowledgeError
from davy.pathways.catalogue import Pathway, catalogue, pathway
from davy.pathways.curves import file_of, made_curve, own_curves, stored_curve
from davy.pathways.record import computed, entry, fresh
from davy.pathways.rows import PARAMETER_SETS, ParameterSet

Task = tuple[str, ParameterSet, str]
"""A pathway, a parameter set, and along what its curve goes."""


def curve_tasks(*, all_again: bool = False) -> tuple[Task, ...]:
    """Every curve that is missing, stale or changed; `all_again`: every curve."""
    return tuple((one.id, name, along) for one, name, along in _curves() if all_again or not _is_kept(one, name, along))


def curve_of(task: Task) -> tuple[str, str]:
    """A curve made: its file below `knowledge/`, and the text of it."""
    name, parameter_set, along = task
    found = pathway(name)
    return file_of(found, parameter_set, along), made_curve(found, parameter_set, along)


def anchor_tasks(*, all_again: bool = False) -> tuple[str, ...]:
    """Every pathway whose anchors are not on record as they are today."""
    return tuple(one.id for one in catalogue() if one.anchors and (all_again or not fresh(one)))


def anchors_entry(name: str) -> dict[str, Any]:
    """The anchors of a pathway, computed and as the record holds them."""
    found = pathway(name)
    return entry(found, computed(found))


def curve_files() -> frozenset[str]:
    """Every curve that there should be."""
    return frozenset(file_of(one, name, along) for one, name, along in _curves())


def _curves() -> Iterator[tuple[Pathway, ParameterSet, str]]:
    for one in catalogue():
        for name in PARAMETER_SETS:
            for along in own_curves(one, name):
                yield one, name, along


def _is_kept(found: Pathway, parameter_set: ParameterSet, along: str) -> bool:
    try:
        return stored_curve(found, parameter_set, along) is not None
    except KnowledgeError:
        return False
