"""What a stored result rests on, as a hash, and the seal on what was stored.

A result is stale as soon as a row, a model file or an experiment changes, and refused where its own text was changed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from davy.body.parameters import parameter_values
from davy.body.read import bundled_antimony
from davy.errors import KnowledgeError
from davy.pathways.catalogue import Pathway, pathway
from davy.pathways.draws import DRAWS
from davy.pathways.measure import measure
from davy.pathways.rows import ParameterSet
from davy.tables import SourcedRow, knowledge_file

ROOM = "davy.pathways.experiments"
SCHEME = "1"
"""Goes up with every change of how draws are made, measures are read or a model is solved."""

_SEAL = '{"sha256":"'
_IMPORTED = re.compile(r"\bdavy\.pathways\.experiments(?:\.|\s+import\s+)(\w+)")
_READS = re.compile(r'\bread_table\("(\w+\.csv)"')
_ASKS_THE_BODY = "import read_model"
_ANTIMONY_IMPORT = re.compile(r'\bimport "(\w+)\.ant"')
_REMARK = re.compile(r"//.*")
_PROVENANCE = frozenset(SourcedRow.model_fields) | {"label", "what", "expected"}


def curve_key(found: Pathway, parameter_set: ParameterSet, grid: tuple[str, ...]) -> str:
    """What the response curve of an experiment rests on [hex]: its code, its parameters, and inputs off the grid."""
    parts = [SCHEME, str(DRAWS), code_of(found.home_of(parameter_set))]
    parts += [_cells(row) for row in found.parameters[parameter_set].values()]
    parts += [f"{port.port}={port.value}" for port in found.inputs.values() if port.port not in grid]
    parts += sorted(found.outputs)
    return _digest(parts)


@cache
def anchors_key(found: Pathway) -> str:
    """What the anchors of a pathway rest on [hex]: its rows and model, and those of the pathways that it asks."""
    return _digest(_parts(found, frozenset()))


@cache
def code_of(home: str) -> str:
    """SHA-256 over the text of a model file or an experiment, with what it imports of its room [hex]."""
    texts = _antimony(home.removesuffix(".ant")) if home.endswith(".ant") else _modules(home)
    return _digest(f"{name}\n{text}" for name, text in sorted(texts.items()))


def sealed(document: Mapping[str, Any]) -> str:
    """A document as one line of JSON that begins with the SHA-256 of the rest of it."""
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    return f'{_SEAL}{_sha256(text.encode())}",{text[1:]}\n'


def unsealed(kept: bytes, where: str) -> dict[str, Any] | None:
    """What was sealed; None where there is no seal, as in a file of before there were any.

    Raises
    ------
    KnowledgeError
        The text is not what it was when it was sealed.
    """
    if not kept.startswith(_SEAL.encode()):
        return None
    seal, _, rest = kept.removeprefix(_SEAL.encode()).partition(b'",')
    rest = b"{" + rest.removesuffix(b"\n")
    if seal.decode(errors="replace") != _sha256(rest):
        raise KnowledgeError(f"{where} is not as it was computed: `davy pathways build` computes it again")
    found: dict[str, Any] = json.loads(rest)
    return found


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _parts(found: Pathway, above: frozenset[str]) -> Iterator[str]:
    yield SCHEME
    yield f"{found.row.grade} {found.row.horizon_d}"
    for home in dict.fromkeys((found.home, found.as_stated)):
        if home is not None:
            yield code_of(home)
    groups = (found.inputs.values(), found.outputs.values(), found.anchors, found.feeds.values())
    for group in (*groups, *(found.parameters[one].values() for one in found.parameters)):
        yield from (_cells(row) for row in group)
    for name in sorted(_asked_by(found)):
        other = pathway(name)
        if other.id not in above:
            yield from _parts(other, above | {found.id})


def _asked_by(found: Pathway) -> Iterator[str]:
    for feed in found.feeds.values():
        if feed.when == "always":
            yield feed.feed.partition(".")[0]
    for row in found.anchors:
        yield from (asked.pathway for asked in measure(row.measure).asked if asked.pathway)
        if row.pair is not None and "." in row.pair:
            yield row.pair.partition(".")[0]


def _cells(row: SourcedRow) -> str:
    """What a row sets, without what only says why."""
    return repr([(name, value) for name, value in row if name not in _PROVENANCE])


def _modules(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        spec = find_spec(f"{ROOM}.{one}") if one.isidentifier() else None
        if spec is None or spec.origin is None:
            raise KnowledgeError(f"pathways.csv: {one!r} is neither a model file (.ant) nor an experiment of {ROOM}")
        found[one] = Path(spec.origin).read_text(encoding="utf-8")
        for table in _READS.findall(found[one]):
            found[table] = knowledge_file(table).read_text(encoding="utf-8")
        waiting += [other for other in _IMPORTED.findall(found[one]) if find_spec(f"{ROOM}.{other}") is not None]
    if any(_ASKS_THE_BODY in text for text in found.values()):
        found["the body model"] = bundled_antimony() + repr(sorted(parameter_values("literature").items()))
    return found


def _antimony(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            place = knowledge_file(f"models/pathways/{one}.ant")
            if not place.is_file():
                raise KnowledgeError(f"knowledge/models/pathways/{one}.ant does not exist")
            found[one] = " ".join(_REMARK.sub("", place.read_text(encoding="utf-8")).split())
            waiting += _ANTIMONY_IMPORT.findall(found[one])
    return found


def _digest(parts: Iterator[str] | list[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:{part}\n".encode())
    return digest.hexdigest()
