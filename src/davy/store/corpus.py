"""Many simulated decisions in one small file: what a new version has to be held against.

::

    {"schema": "davy.decision-corpus/1", "decisions": N, "versions": {...}, "made": {...}}
    {"mark": M, "day": D, "inputs": {...}, "made": {...}}          N lines

Inputs are told by what changed since the line before, and of what came out only what a replay compares is kept. M is
the beginning of a SHA-256 over the hash before and the rest of the line, so a changed line is named.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from davy.errors import Fault, InputError, StoreError
from davy.store.chain import ChainFault, Proved, opened
from davy.store.difference import applied, difference
from davy.store.log import LONGEST_LINE, Entry

SCHEMA = "davy.decision-corpus/1"
_MARK = 8
_BEFORE, _AFTER = b'{"mark":"', b'",'
_REST = len(_BEFORE) + _MARK + len(_AFTER)


def is_corpus(path: Path) -> bool:
    """Whether the first line of a file says that it is a corpus."""
    try:
        with opened(path) as handle:
            return SCHEMA.encode() in handle.readline(LONGEST_LINE)[:200]
    except (OSError, EOFError, lzma.LZMAError):
        return False


def write_corpus(
    path: Path, decisions: Iterable[Mapping[str, Any]], *, versions: Mapping[str, str], made: Mapping[str, Any]
) -> int:
    """Write a corpus, compressed; returns how many decisions it holds.

    Parameters
    ----------
    decisions : each with `day`, `inputs` and `made`, what came out of them.
    made : how it was made, for whoever makes it again.
    """
    lines, digest, before = list[bytes](), "", dict[str, Any]()
    for one in decisions:
        inputs = json.loads(json.dumps(one["inputs"]))
        said = {"day": one["day"], "inputs": difference(before, inputs), "made": one["made"]}
        rest = json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()[1:]
        digest, before = _chained(digest, rest), inputs
        lines.append(_BEFORE + digest[:_MARK].encode() + _AFTER + rest + b"\n")
    head = {"schema": SCHEMA, "decisions": len(lines), "versions": dict(versions), "made": dict(made)}
    content = json.dumps(head, separators=(",", ":")).encode() + b"\n" + b"".join(lines)
    packed = lzma.compress(content, preset=9)
    path.write_bytes(packed)
    return len(lines)


class Corpus:
    """One pass over a corpus; `faults` are whole once it was read. The same shape as `davy.store.chain.Chain`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[ChainFault] = []
        self.notes: list[str] = []
        self.hash = ""
        self.decisions = 0

    def entries(self) -> Iterator[Proved]:
        """Every decision as an entry of a log.

        Raises
        ------
        InputError : it is no corpus. StoreError : it cannot be read.
        """
        count, before = 0, dict[str, Any]()
        try:
            with opened(self.path) as handle:
                versions = self._head(handle.readline(LONGEST_LINE))
                for number, line in enumerate(handle, 2):
                    said = self._line(number, line)
                    if said is None:
                        return
                    count += 1
                    before = applied(before, said["inputs"])
                    body = {"day": said["day"], "versions": versions, "inputs": before, **said["made"]}
                    yield Proved(number, Entry(count, "decision", body), proved=True)
        except (EOFError, lzma.LZMAError):
            self._fault(count + 2, count + 1, "unfinished", "the compressed file ends early or is damaged here")
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            self._fault(count + 2, count + 1, "unreadable", "this line is no decision")
        if count != self.decisions and not self.faults:
            told = f"{self.decisions:,} decisions were written and {count:,} are there"
            self._fault(count + 2, count + 1, "missing", told)

    def _head(self, line: bytes) -> Mapping[str, str]:
        try:
            said = json.loads(line)
            self.decisions, versions = int(said["decisions"]), dict(said["versions"])
        except (ValueError, KeyError, TypeError):
            raise InputError([Fault(f"{self.path}, line 1", "this is no corpus of decisions")]) from None
        return versions

    def _line(self, number: int, line: bytes) -> dict[str, Any] | None:
        """What a line says; None at the first that is not what was written, since the next ones build on it."""
        rest = line.rstrip(b"\n")[_REST:]
        self.hash = _chained(self.hash, rest)
        if line[:_REST] != _BEFORE + self.hash[:_MARK].encode() + _AFTER:
            told = "this line is not what was written, or one before it is gone; those behind it build on it"
            self._fault(number, number - 1, "changed", told)
            return None
        return json.loads(b"{" + rest)

    def _fault(self, line: int, entry: int, kind: Any, sentence: str) -> None:
        self.faults.append(ChainFault(line, entry, kind, sentence))


def _chained(before: str, rest: bytes) -> str:
    return hashlib.sha256(before.encode() + rest).hexdigest()
