"""Codes and units of health records, by the tables of ``knowledge/``; no code stands in Python."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from davy.followup.records import Kind
from davy.tables import Row, SourcedRow, Words, read_table
from davy.units import known_unit


class SystemRow(Row):
    """A code system: the addresses and numbers that it is written as."""

    id: str
    label: str
    uris: Words
    note: str | None = None


class CodeRow(SourcedRow):
    """One code of a code system.

    Attributes
    ----------
    kind : the kind of record that a value of it becomes; None = Davy knows the code and has no use for it here.
    name : the laboratory test by its id, or the medicine by its ingredients.
    units : as Davy spells them; a value of this code in another unit is a mismatch.
    verified_on : the day on which the code was looked up in its source.
    """

    id: str
    system: str
    code: str
    display: str
    kind: Kind | None = None
    name: str = ""
    units: Words = ()
    verified_on: date


class UcumRow(SourcedRow):
    """A unit of UCUM: how Davy spells the unit, and how many of Davy's one of it is."""

    id: str
    unit: str
    times: float


@dataclass(frozen=True)
class Coding:
    """One code of a concept, as written; `system` by Davy's name of it, or as written where Davy knows none."""

    system: str
    code: str
    display: str = ""

    def __str__(self) -> str:
        label = _labels().get(self.system, "" if "/" in self.system or ":" in self.system else self.system)
        return " ".join(part for part in (label, self.code, self.display) if part)


def system_rows() -> tuple[SystemRow, ...]:
    """Every code system that Davy can name."""
    return read_table("code_systems.csv", SystemRow)


def code_rows() -> tuple[CodeRow, ...]:
    """Every code that Davy knows."""
    return read_table("codes.csv", CodeRow)


@cache
def _labels() -> dict[str, str]:
    return {row.id: row.label for row in system_rows()}


@cache
def _systems() -> dict[str, str]:
    return {uri: row.id for row in system_rows() for uri in row.uris}


@cache
def _codes() -> dict[tuple[str, str], CodeRow]:
    return {(row.system, row.code): row for row in code_rows()}


@cache
def _ucum() -> dict[str, UcumRow]:
    return {row.id: row for row in read_table("ucum.csv", UcumRow)}


def system_of(uri: str) -> str:
    """Davy's name of a code system; the address itself where it is none of those."""
    return _systems().get(uri.strip().rstrip("/"), uri)


def known(codings: Iterable[Coding]) -> tuple[CodeRow, ...]:
    """The rows of the codes that Davy knows, in the order in which they were written."""
    rows = (_codes().get((one.system, one.code)) for one in codings)
    return tuple(dict.fromkeys(row for row in rows if row is not None))


_ANNOTATION = re.compile(r"\{[^{}]*\}")
Written = Literal["ucum", "words"]


def unit_of(text: str, written: Written) -> tuple[str, float] | None:
    """A unit as Davy spells it, and how many of it one of the written unit is; None where Davy does not know it.

    An annotation in braces means nothing in UCUM and is dropped, except where the table knows the unit with it:
    filtration per 1.73 m2 is not filtration.
    """
    bare = text.strip()
    if written == "ucum":
        row = _ucum().get(bare) or _ucum().get(_ANNOTATION.sub("", bare) or "1")
        if row is not None:
            return row.unit, row.times
    spelt = known_unit(bare)
    if spelt is not None:
        return spelt, 1.0
    row = _ucum().get(bare)
    return None if row is None else (row.unit, row.times)
