"""Where each value of the body model was read, as addresses that other tools follow (MIRIAM: DOI and PubMed)."""

from __future__ import annotations

import re

from davy.body.parameters import read_parameters
from davy.evidence.registry import resolve
from davy.evidence.rows import Fact, Source

MAGNESIUM_ION = "https://identifiers.org/CHEBI:18420"
"""Mg(2+) in ChEBI (s-chebi-magnesium)."""

_PMID = re.compile(r"PMID (\d+)\b")


def described_by(parameter_set: str) -> dict[str, tuple[str, ...]]:
    """The papers behind each parameter of a set; parameters that rest on none are left out."""
    found = {row.id: _addresses(row.source) for row in read_parameters(parameter_set)}
    return {key: addresses for key, addresses in found.items() if addresses}


def remarks(parameter_set: str) -> dict[str, str]:
    """The remark on each parameter's value, with its range and how it was verified."""
    said: dict[str, str] = {}
    for row in read_parameters(parameter_set):
        plausible = "" if row.low is None or row.high is None else f" Plausible: {row.low:g} to {row.high:g}."
        note = "" if row.note is None else f" {row.note[:1].upper()}{row.note[1:]}."
        said[row.id] = f"Rests on {', '.join(row.source)} ({row.verified}).{plausible}{note}"
    return said


def _addresses(names: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        entry = resolve(name)
        cited = [resolve(one) for one in entry.source] if isinstance(entry, Fact) else [entry]
        for source in cited:
            address = _address(source) if isinstance(source, Source) else None
            if address is not None:
                found[address] = None
    return tuple(found)


def _address(source: Source) -> str | None:
    text = source.doi_or_pmid or ""
    pmid = _PMID.match(text)
    if pmid:
        return f"https://identifiers.org/pubmed:{pmid[1]}"
    return f"https://identifiers.org/doi:{text}" if text.startswith("10.") and " " not in text else None
