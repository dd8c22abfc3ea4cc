"""The folder of a run: a manifest that says whose it is, one checked file a chunk, each written whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import numpy as np

from davy.disk import write_whole
from davy.errors import Fault, InputError, StoreError
from davy.trials.chunk import Chunk

MANIFEST = "manifest.json"
_MAGIC = b"davy.trial-chunk/1\n"


@dataclass(frozen=True)
class Tally:
    """What the window of a chunk did to the trial as a whole.

    Attributes
    ----------
    first, size : the window of candidates; start : how many were enrolled before it; before : that by stratum.
    screened : how many of the window were looked at; the rest came after the last place was filled.
    enrolled : how many entered; excluded : by reason, in the order of `cohort.reasons`; strata : enrolled by stratum.
    """

    first: int
    size: int
    start: int
    before: dict[str, int]
    screened: int
    enrolled: int
    excluded: tuple[int, ...]
    strata: dict[str, int]


class RunFolder:
    """A folder that one run writes and that the same run may go on with."""

    def __init__(self, path: Path, identity: Mapping[str, str], window: int) -> None:
        self.path = path
        self._identity = dict(identity)
        self._lock: TextIOWrapper | None = None
        try:
            (path / "chunks").mkdir(parents=True, exist_ok=True)
            self._lock = _locked(path)
            self.window = self._claim(window)
        except OSError as error:
            raise StoreError(f"{path} cannot be used: {error.strerror}") from None
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let another run have the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _claim(self, window: int) -> int:
        """The window of the run that is already here, or of this one; refuses the folder of another run."""
        manifest = self.path / MANIFEST
        if not manifest.exists():
            strangers = [
                one.name for one in self.path.iterdir() if one.name not in ("chunks", ".lock", f"{MANIFEST}.part")
            ]
            if strangers:
                raise InputError([Fault(str(self.path), f"holds {strangers[0]}, which no trial wrote", "a new folder")])
            said = {"schema": "davy.trial-run/1", **self._identity, "window": window}
            write_whole(manifest, (json.dumps(said, indent=2) + "\n").encode())
            return window
        try:
            said = json.loads(manifest.read_text(encoding="utf-8"))
            found = int(said["window"])
        except (ValueError, KeyError, TypeError):
            raise InputError(
                [Fault(str(manifest), "this is not the manifest of a trial", "a new folder, or none")]
            ) from None
        other = [name for name, value in self._identity.items() if said.get(name) != value]
        if other:
            raise InputError(
                [
                    Fault(
                        str(self.path),
                        f"holds a run with another {name}: {said.get(name)}, not {self._identity[name]}",
                        "another folder for this run; that one stays as it is",
                    )
                    for name in other
                ]
            )
        return found

    def _file(self, number: int) -> Path:
        return self.path / "chunks" / f"{number:07d}.bin"

    def write(self, number: int, tally: Tally, chunk: Chunk) -> None:
        """Keep a finished chunk."""
        write_whole(self._file(number), packed(tally, chunk))

    def tally(self, number: int) -> Tally | None:
        """What a finished chunk did; None where it is not there, or not as it was written."""
        found = self._read(number)
        return None if found is None else found[0]

    def chunk(self, number: int) -> Chunk:
        """A finished chunk."""
        found = self._read(number)
        if found is None:
            raise StoreError(f"{self._file(number)} was changed while the trial ran; run the same command again")
        return found[1]

    def _read(self, number: int) -> tuple[Tally, Chunk] | None:
        try:
            return unpacked(self._file(number).read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{self._file(number)} cannot be read: {error.strerror}") from None


def packed(tally: Tally, chunk: Chunk) -> bytes:
    """A chunk as bytes: a digest of the rest, a line that says what is in it, the arrays."""
    arrays = {field.name: np.ascontiguousarray(getattr(chunk, field.name)) for field in fields(Chunk)}
    head = {
        "tally": {field.name: getattr(tally, field.name) for field in fields(Tally)},
        "arrays": {name: [array.dtype.str, list(array.shape)] for name, array in arrays.items()},
    }
    line = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    body = line + b"".join(array.tobytes() for array in arrays.values())
    return _MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def unpacked(content: bytes) -> tuple[Tally, Chunk] | None:
    """The chunk in these bytes; None where they are not those that were written."""
    start = len(_MAGIC) + 65
    if not content.startswith(_MAGIC) or len(content) < start:
        return None
    body = content[start:]
    if hashlib.sha256(body).hexdigest().encode() != content[len(_MAGIC) : start - 1]:
        return None
    line, _, rest = body.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    arrays: dict[str, Any] = {}
    at = 0
    for name, (kind, shape) in head["arrays"].items():
        count = int(np.prod(shape, dtype=np.int64))
        array = np.frombuffer(rest, dtype=np.dtype(kind), count=count, offset=at).reshape(shape)
        at += array.nbytes
        arrays[name] = array
    told = dict(head["tally"])
    told["excluded"] = tuple(told["excluded"])
    return Tally(**told), Chunk(**arrays)


def _locked(path: Path) -> TextIOWrapper | None:
    """A lock that ends with the process, however it ends; None on a system that has no such lock."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover - not on this system
        return None
    handle = (path / ".lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise InputError(
            [Fault(str(path), "another run is writing here now", "wait for it, or name another folder")]
        ) from None
    return handle
