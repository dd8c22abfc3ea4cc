"""What is brought in: its name, its bytes or the files in it, the day on which it is read; nothing of it is run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO

from davy.errors import Fault, InputError
from davy.exchange.archive import Member, folder_members, is_archive, zip_members
from davy.tables import knowledge_file

EXAMPLE = "example:"
EXPORTED = "records.csv"
"""What is read of an exported folder."""
_FOLDER = "examples/diaries"
_BLOCK, _OVERLAP = 2**20, 64
_MAGIC = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "save the sheet as CSV"),
    (b"PK\x05\x06", "an empty zip archive", "export it again"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV"),
    (b"%PDF", "a PDF", "export the diary as CSV"),
    (b"SQLite format 3", "a database", "export the diary as CSV"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
)


@dataclass(frozen=True)
class SourceFile:
    """A file to read; `name` is what provenance and faults call it, without the folders it lies in.

    It may also be a zip archive or a folder that a device wrote: then `members` are the files in it.
    """

    name: str
    place: Path | Traversable | Member
    today: date

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, which has members and no bytes."""
        return isinstance(self.place, Path) and self.place.is_dir()

    @cached_property
    def members(self) -> tuple[SourceFile, ...]:
        """The files of an archive or a folder, named after it; a plain file has none.

        Raises
        ------
        InputError : the archive is damaged, or was made to do harm.
        """
        if not isinstance(self.place, Path):
            return ()
        if self.is_folder:
            found = folder_members(self.place, self.name)
        else:
            found = zip_members(self.place, self.name) if is_archive(self.begins(4)) else ()
        return tuple(SourceFile(f"{self.name}/{_shown(one.name)}", one, self.today) for one in found)

    @property
    def is_named(self) -> bool:
        """Whether the person named this very file, and not an archive or a folder that holds it."""
        return not isinstance(self.place, Member)

    def holds(self, *marks: bytes) -> bool:
        """Whether all of these stand somewhere in it; it is read no further than the last of them."""
        missing, last = set(marks), b""
        with self.open() as stream:
            while missing and (block := stream.read(_BLOCK)):
                missing -= {mark for mark in missing if mark in last + block}
                last = block[-_OVERLAP:]
        return not missing

    @property
    def parts(self) -> tuple[SourceFile, ...]:
        """The files in it, or itself where it is a plain file."""
        return self.members if self.is_folder or is_archive(self.begins(4)) else (self,)

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

    def prove(self) -> None:
        """Raise InputError where this is a member of an archive that lost a bit; its checksum stands at its end."""
        if isinstance(self.place, Member):
            self.place.prove()

    def begins(self, count: int) -> bytes:
        """Its first bytes; a folder has none."""
        if self.is_folder:
            return b""
        with self.open() as handle:
            return handle.read(count)

    def refuse_binary(self) -> None:
        """Raise InputError where the file is no text."""
        if self.is_folder:
            what = "no export that Davy reads lies in this folder"
            raise InputError([Fault(self.name, what, "name the file itself")])
        first = self.begins(16)
        for magic, what, right in _MAGIC:
            if first.startswith(magic):
                raise InputError([Fault(self.name, f"this is {what}, not a text", right)])
        if self.name.lower().endswith(".json") and first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
            what = "this is JSON, and no export that Davy reads"
            raise InputError([Fault(self.name, what, "the file as the device or the clinic wrote it, or a CSV")])


def example_diaries() -> tuple[str, ...]:
    """The names of the bundled diaries, for ``example:NAME``."""
    return tuple(sorted(file.name[:-4] for file in knowledge_file(_FOLDER).iterdir() if file.name.endswith(".csv")))


def source_file(text: str, *, today: date) -> SourceFile:
    """The file of that path, or the bundled diary ``example:NAME``.

    Raises
    ------
    InputError : there is no such file, or it is a pipe.
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
    if not path.is_file() and not path.is_dir():
        raise InputError([Fault(text, "this is not a plain file", "name the file itself")])
    return SourceFile(_shown(path.name or path.resolve().name), path, today)


def _shown(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "?", name)
