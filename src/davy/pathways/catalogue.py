"""The catalogue: every pathway joined from its rows, found by its id or the short form of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import groupby
from typing import TypeVar

from davy.errors import Fault, InputError, KnowledgeError
from davy.pathways.rows import (
    PARAMETER_SETS,
    AnchorRow,
    FeedRow,
    Grade,
    Kind,
    OutcomeRow,
    ParameterSet,
    PathwayParameterRow,
    PathwayRow,
    PortRow,
)
from davy.tables import read_table

BODY = "body"
"""What a feed names where it is of the body model."""

MAGNESIUM = "mg_"
"""How the name of every magnesium input begins."""


@dataclass(frozen=True, eq=False)
class Pathway:
    """One mechanism, whole.

    Attributes
    ----------
    inputs, outputs : ports by name.
    parameters : rows by parameter set and id; those of `articles` hold what is overridden, and all else.
    own_parameters : whose rows the parameters are (a check of another runs that one's values), by id.
    feeds : what an input is joined to, by port.
    """

    row: PathwayRow
    home: str
    as_stated: str | None
    inputs: Mapping[str, PortRow]
    outputs: Mapping[str, PortRow]
    parameters: Mapping[ParameterSet, Mapping[str, PathwayParameterRow]]
    anchors: tuple[AnchorRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    feeds: Mapping[str, FeedRow]

    @property
    def id(self) -> str:
        """Its id, as ``P02_nmda_block``."""
        return self.row.id

    @property
    def grade(self) -> Grade:
        """Strength of its anchor."""
        return self.row.grade

    @property
    def kind(self) -> Kind:
        """Slow, fast or empirical."""
        return self.row.kind

    @property
    def hypothesis(self) -> bool:
        """Whether it is off unless asked for."""
        return self.row.grade == "D"

    @property
    def experiment(self) -> bool:
        """Whether its home is a micro-experiment and no model file."""
        return not self.home.endswith(".ant")

    def home_of(self, parameter_set: ParameterSet) -> str:
        """The model that runs under this set."""
        return self.as_stated if self.as_stated is not None and parameter_set == "articles" else self.home

    def provenances(self, parameter_set: ParameterSet) -> frozenset[str]:
        """Where the parameters of a set come from."""
        return frozenset(row.provenance for row in self.parameters[parameter_set].values())

    def magnesium_inputs(self) -> tuple[str, ...]:
        """The ports through which magnesium comes in."""
        return tuple(name for name in self.inputs if name.startswith(MAGNESIUM))


@cache
def catalogue() -> tuple[Pathway, ...]:
    """Every pathway, in the order of their numbers.

    Raises
    ------
    KnowledgeError
        A row names a pathway that is not there, or a parent has a parent.
    """
    rows = {row.id: row for row in read_table("pathways.csv", PathwayRow)}
    tables = _Tables(
        ports=_by_pathway(read_table("pathway_ports.csv", PortRow), rows),
        parameters=_by_pathway(read_table("pathway_parameters.csv", PathwayParameterRow), rows),
        anchors=_by_pathway(read_table("pathway_anchors.csv", AnchorRow), rows),
        outcomes=_by_pathway(read_table("pathway_outcomes.csv", OutcomeRow), rows),
        feeds=_by_pathway([row for row in _feeds() if row.pathway != BODY], rows),
    )
    return tuple(_joined(rows[name], rows, tables) for name in sorted(rows, key=_number))


def body_feeds() -> tuple[FeedRow, ...]:
    """What leads from a pathway back into a parameter of the body, where the two run coupled."""
    return tuple(row for row in _feeds() if row.pathway == BODY)


def _feeds() -> tuple[FeedRow, ...]:
    return read_table("pathway_feeds.csv", FeedRow)


def pathway(name: str) -> Pathway:
    """The pathway of that id, or of its part before the first underscore (``P02``), in any case.

    Raises
    ------
    InputError
        There is none; the message lists near ids.
    """
    known = {one.id.casefold(): one for one in catalogue()}
    short = {one.partition("_")[0]: found for one, found in known.items()}
    asked = name.strip().casefold()
    found = known.get(asked) or short.get(asked)
    if found is not None:
        return found
    begun = [one.id for key, one in short.items() if re.fullmatch(f"{re.escape(asked)}[a-z]", key)]
    if begun:
        raise InputError([Fault(name, "several pathways begin so", f"one of: {', '.join(begun)}")])
    raise InputError([Fault(name, "no pathway has this id", _near(asked, known, short))])


def _number(name: str) -> tuple[int, str]:
    """P02b before P11: the number first, then what follows it."""
    found = re.match(r"P(\d+)(.*)", name)
    return (int(found[1]), found[2]) if found else (10**6, name)


@dataclass(frozen=True)
class _Tables:
    ports: Mapping[str, list[PortRow]]
    parameters: Mapping[str, list[PathwayParameterRow]]
    anchors: Mapping[str, list[AnchorRow]]
    outcomes: Mapping[str, list[OutcomeRow]]
    feeds: Mapping[str, list[FeedRow]]


_Part = TypeVar("_Part", PortRow, PathwayParameterRow, AnchorRow, OutcomeRow, FeedRow)


def _by_pathway(parts: Iterable[_Part], rows: Mapping[str, PathwayRow]) -> dict[str, list[_Part]]:
    found: dict[str, list[_Part]] = {}
    for name, own in groupby(parts, key=lambda part: part.pathway):
        if name not in rows:
            raise KnowledgeError(f"pathways: a row is of {name!r}, which is not in pathways.csv")
        found.setdefault(name, []).extend(own)
    return found


def _joined(row: PathwayRow, rows: Mapping[str, PathwayRow], tables: _Tables) -> Pathway:
    line = [row.id]
    parent = rows.get(row.parent) if row.parent is not None else None
    if row.parent is not None:
        if parent is None or parent.parent is not None:
            raise KnowledgeError(f"pathways.csv: the parent of {row.id} is a pathway of the table without a parent")
        line.insert(0, row.parent)
    home = row.home or (parent.home if parent is not None else None)
    if home is None:
        raise KnowledgeError(f"pathways.csv: {row.id} has neither a home nor a parent with one")
    inherits = parent is not None and home == parent.home
    owners = line if inherits else [row.id]
    ports = {(port.direction, port.port): port for one in owners for port in tables.ports.get(one, ())}
    given = [one for owner in owners for one in tables.parameters.get(owner, ())]
    literature = {one.id: one for one in given if one.set == "literature"}
    stated = {one.id: one for one in given if one.set == "articles"}
    sets: dict[ParameterSet, Mapping[str, PathwayParameterRow]] = dict(
        zip(PARAMETER_SETS, (literature, literature | stated), strict=True)
    )
    return Pathway(
        row=row,
        home=home,
        as_stated=row.as_stated or (parent.as_stated if parent is not None and inherits else None),
        inputs={name: port for (direction, name), port in ports.items() if direction == "in"},
        outputs={name: port for (direction, name), port in ports.items() if direction == "out"},
        parameters=sets,
        anchors=tuple(tables.anchors.get(row.id, ())),
        outcomes=tuple(tables.outcomes.get(row.id, ())),
        feeds={feed.port: feed for one in owners for feed in tables.feeds.get(one, ())},
    )


def _near(asked: str, known: Mapping[str, Pathway], short: Mapping[str, Pathway]) -> str:
    words = {**known, **short}
    padded = [found.id for one, found in short.items() if _unpadded(one) == _unpadded(asked)]
    alike = [words[one].id for one in get_close_matches(asked, list(words), n=6, cutoff=0.5)]
    inside = [found.id for one, found in known.items() if asked and (asked in one or one.startswith(asked[:3]))]
    near = tuple(dict.fromkeys((*padded, *alike, *inside)))[:6]
    return f"near it: {', '.join(near)}" if near else "`davy pathways list` shows all"


def _unpadded(name: str) -> str:
    """An id without the zeros that pad its number: P02 is meant by P2."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", name)
