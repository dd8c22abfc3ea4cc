"""Where a sentence was read, as a reader away from a terminal can use it: the short name of its source."""

from __future__ import annotations

import re

from davy.errors import KnowledgeError
from davy.evidence.registry import resolve
from davy.evidence.rows import Source

_OWN = ("davy-rule", "davy-model")
_MOST, _LONGEST = 1, 28
_ENDS = re.compile(r"[,;:(]")


def cites(sources: tuple[str, ...]) -> str:
    """The sources behind a sentence, in brackets; nothing where it is a rule of Davy's own."""
    names = dict.fromkeys(name for one in sources if one not in _OWN for name in _named(one))
    return f" [{'; '.join(list(names)[:_MOST])}]" if names else ""


def _named(name: str) -> tuple[str, ...]:
    try:
        entry = resolve(name)
    except KnowledgeError:
        return (name,)
    if isinstance(entry, Source):
        return (_short(entry),)
    return tuple(found for one in entry.source if one not in _OWN for found in _named(one))


def _short(source: Source) -> str:
    """Its authors and year, as its citation begins."""
    first = _ENDS.split(source.citation, maxsplit=1)[0].strip()
    cut = first if len(first) <= _LONGEST else f"{first[:_LONGEST].rsplit(' ', 1)[0]}\N{HORIZONTAL ELLIPSIS}"
    year = "" if source.year is None or str(source.year) in first else f" {source.year}"
    return f"{cut}{year}"
