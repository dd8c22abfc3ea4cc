"""The numbers that a check works with: typed in its row, or read from the facts, studies and claims that it names.

A reference is ``f-206`` (the value of a fact), ``f-087.low``, ``p-fang2016-diet-hf`` (the estimate of a study),
``t-de-leeuw-2004-improved.events_arm``, ``m-002-062.value``. A number after the column counts the numbers of a text:
``f-255.statement.2`` is its second number, ``K125.value.2`` the second one of a value such as ``0.81 vs 0.85``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from davy.errors import KnowledgeError
from davy.evidence.checks import ClaimCheckRow
from davy.evidence.registry import resolve
from davy.evidence.rows import Claim, Fact, Study

Inputs = Mapping[str, float | str]
"""Arguments of a method by name."""
REFERENCE = re.compile(r"(f-\d{3}|K\d{3}|[cm]-\d{3}-\d{3}|[hpt]-[\w-]+)(?:\.([a-z_\d]*[a-z]))?(?:\.(\d+))?$")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
_IN_TEXT = re.compile(
    r"(?<![A-Za-z\d.,])(?:(?<![\d/.])-)?(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?(?!\d)"
)


def inputs_of(row: ClaimCheckRow, words: Collection[str]) -> Inputs:
    """The inputs of a check by name.

    Parameters
    ----------
    words : the arguments that the method takes as text; every other one is a number.

    Raises
    ------
    KnowledgeError
        A number is neither written as one nor found where the row says.
    """
    return {name: text if name in words else _number(row, text) for name, text in written(row).items()}


def written(row: ClaimCheckRow) -> dict[str, str]:
    """The inputs of a check as they are written; raises KnowledgeError for one that is not ``name=value``."""
    found: dict[str, str] = {}
    for part in (row.inputs or "").split("|"):
        if not part.strip():
            continue
        name, equals, text = (piece.strip() for piece in part.partition("="))
        if not equals or not text:
            raise KnowledgeError(f"claim_checks.csv, {row.id}: {part!r} is not name=value")
        found[name] = text
    return found


def referred(row: ClaimCheckRow) -> tuple[str, ...]:
    """The facts, studies and claims whose numbers a check reads."""
    found = (REFERENCE.match(text) for text in written(row).values())
    return tuple(dict.fromkeys(match[1] for match in found if match))


def numbers_in(text: str) -> tuple[float, ...]:
    """Every number of a text, in order; ``8-12`` are two, ``+/-1.3`` is 1.3, ``1,033`` is one."""
    return tuple(float(found.replace(",", "")) for found in _IN_TEXT.findall(text))


def _number(row: ClaimCheckRow, text: str) -> float:
    if match := REFERENCE.match(text):
        return number_at(match[1], match[2], int(match[3] or 1))
    if _NUMBER.fullmatch(text):
        return float(text)
    raise KnowledgeError(f"claim_checks.csv, {row.id}: {text!r} is neither a number nor a row of the registry")


def number_at(name: str, column: str | None = None, which: int = 1) -> float:
    """A number that a row holds.

    Parameters
    ----------
    name : id of a fact, study or claim.
    column : one of its columns; None for the value of a fact or claim and the estimate of a study.
    which : counts the numbers of that cell, from 1.

    Raises
    ------
    KnowledgeError
        The row has no such column, or the cell no such number.
    """
    entry = resolve(name)
    if not isinstance(entry, Claim | Fact | Study):
        raise KnowledgeError(f"{name} is neither a fact, a study nor a claim")
    column = column or ("estimate" if isinstance(entry, Study) else "value")
    if column not in type(entry).model_fields:
        raise KnowledgeError(f"{name} has no column {column!r}")
    held: object = getattr(entry, column)
    if isinstance(held, int | float):
        return float(held)
    found = numbers_in(held) if isinstance(held, str) else ()
    if not 1 <= which <= len(found):
        raise KnowledgeError(f"{name} holds no number {which} as its {column}")
    return found[which - 1]
