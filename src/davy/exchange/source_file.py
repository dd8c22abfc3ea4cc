"""One file that is brought in: its name, its bytes, the day on which it is read; nothing of it is ever run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO

from davy.errors import Fault, InputError
from davy.tables import knowledge_file

EXAMPLE = "example:"
EXPORTED = "records.csv"
"""What is read of an exported folder."""
_FOLDER = "examples/diaries"
_MAGIC = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV"),
    (b"%PDF", "a PDF", "export the diary as CSV"),
    (b"SQLite format 3", "a database", "export the diary as CSV"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
)


@dataclass(frozen=True)
class SourceFile:
    """A file to read; `name` is what provenance and faults call it, without the folders it lies in."""

    name: str
    place: Path | Traversable
    today: date

    def open(self) -> IO[bytes]:
        """Its bytes.

        Raises
        ------
        InputError : it cannot be read.
        """
        try:
            return self.place.open("rb")
        except OSError as error:
            raise InputError([Fault(self.name, f"this file cannot be read: {error.strerror}")]) from None

    def begins(self, count: int) -> bytes:
        """Its first bytes."""
        with self.open() as handle:
            return handle.read(count)

    def refuse_binary(self) -> None:
        """Raise InputError where the file is no text."""
        first = self.begins(16)
        for magic, what, right in _MAGIC:
            if first.startswith(magic):
                raise InputError([Fault(self.name, f"this is {what}, not a text", right)])


def example_diaries() -> tuple[str, ...]:
    """The names of the bundled diaries, for ``example:NAME``."""
    return tuple(sorted(file.name[:-4] for file in knowledge_file(_FOLDER).iterdir() if file.name.endswith(".csv")))


def source_file(text: str, *, today: date) -> SourceFile:
    """The file of that path, or the bundled diary ``example:NAME``.

    Raises
    ------
    InputError : there is no such file, or it is a folder or a pipe.
    """
    if text.startswith(EXAMPLE):
        name = text.removeprefix(EXAMPLE)
        if name not in example_diaries():
            raise InputError([Fault(text, "there is no such diary", f"one of: {', '.join(example_diaries())}")])
        return SourceFile(f"{name}.csv", knowledge_file(f"{_FOLDER}/{name}.csv"), today)
    path = Path(text)
    if path.is_dir() and (path / EXPORTED).is_file():
        path /= EXPORTED
    if not path.exists():
        raise InputError([Fault(text, "there is no such file", "a diary, or example:NAME")])
    if not path.is_file():
        raise InputError([Fault(text, "this is not a plain file", "name the file itself")])
    return SourceFile(re.sub(r"[\x00-\x1f\x7f]", "?", path.name), path, today)
