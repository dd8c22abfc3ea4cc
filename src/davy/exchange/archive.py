"""What lies in a zip archive or a folder that a device wrote: members read as a stream, and nothing is ever unpacked.

An archive is measured before anything of it is read. One that was made to do harm is refused by name: a directory of
contents that is too long, a member that grows too much when it is unpacked, one that is encrypted. Names are labels and
never become paths.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any, cast

from davy.errors import Fault, InputError

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
MOST_MEMBERS = 200_000
LONGEST_DIRECTORY = 64 * 2**20
"""Bytes of the table of contents of an archive."""
LARGEST = 64 * 2**30
"""Bytes of one member when it is unpacked."""
STEEPEST, STEEP_FROM = 250, 16 * 2**20
"""A member from the second size on [bytes] may not grow by more than the first; an export grows 20 to 60 times."""
_END = struct.Struct("<4s4H2LH")
_BUFFER, _BLOCK = 2**16, 2**20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How exports pack; others could ask for gigabytes to unpack a byte."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    IndexError,
    OverflowError,
    RuntimeError,
    EOFError,
    OSError,
)
"""What the reader of archives raises for one that is not sound."""


@dataclass(frozen=True)
class Member:
    """One file of an archive; `open` gives its bytes as a stream."""

    name: str
    size: int
    _open: Callable[[], IO[bytes]] = field(repr=False)

    def open(self, mode: str = "rb") -> IO[bytes]:
        """Its bytes, unpacked as they are read."""
        if mode != "rb":
            raise ValueError("a member of an archive is only read")
        return self._open()

    def prove(self) -> None:
        """Read it to its end, where its checksum shows whether a bit of it was lost.

        Raises
        ------
        InputError : it is damaged.
        """
        with self._open() as stream:
            while stream.read(_BLOCK):
                pass


def is_archive(first: bytes) -> bool:
    """Whether a file that begins so is a zip archive."""
    return first.startswith((ZIP, EMPTY_ZIP))


def zip_members(path: Path, name: str) -> tuple[Member, ...]:
    """The files of a zip archive; folders, links and names that lead out of it are left out.

    Raises
    ------
    InputError : it is no sound archive, or it was made to do harm.
    """
    _measure(path, name)
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise _damaged(name, error) from None
    found = archive.infolist()
    if len(found) > MOST_MEMBERS:
        what = f"this archive holds {len(found):,} files, and more than {MOST_MEMBERS:,} are no export"
        raise InputError([Fault(name, what)])
    kept = (one for one in found if _inside(one.filename) and not one.is_dir() and not _link(one))
    return tuple(Member(one.filename, one.file_size, _opener(archive, one, name)) for one in kept)


def folder_members(path: Path, name: str) -> tuple[Member, ...]:
    """The files below a folder, in order of their names; links are not followed.

    Raises
    ------
    InputError : it holds more files than any export.
    """
    members: list[Member] = []
    for at, size in _walk(path):
        if len(members) >= MOST_MEMBERS:
            raise InputError([Fault(name, f"this folder holds more than {MOST_MEMBERS:,} files", "name the export")])
        members.append(Member(at.relative_to(path).as_posix(), size, _plain(at)))
    return tuple(sorted(members, key=lambda one: one.name))


def _walk(path: Path) -> Iterator[tuple[Path, int]]:
    for root, _, files in os.walk(path, followlinks=False):
        for one in files:
            at = Path(root, one)
            said = at.lstat()
            if stat.S_ISREG(said.st_mode):
                yield at, said.st_size


def _plain(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _measure(path: Path, name: str) -> None:
    """Refuse an archive whose table of contents would not fit, before it is read into memory."""
    with path.open("rb") as handle:
        size = handle.seek(0, os.SEEK_END)
        handle.seek(max(0, size - _END.size - 2**16))
        tail = handle.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise _damaged(name, "its table of contents is missing: it is cut, or it was not copied whole")
    directory = cast("int", _END.unpack_from(tail, at)[5])
    long_form = directory == 0xFFFFFFFF
    if long_form:
        before = tail.rfind(b"PK\x06\x06", 0, at)
        directory = int.from_bytes(tail[before + 40 : before + 48], "little") if before >= 0 else 0
    if directory > LONGEST_DIRECTORY:
        raise InputError([Fault(name, f"its table of contents has {directory:,} bytes; no export has as many")])


def _inside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return bool(name) and ".." not in parts and not name.startswith(("/", "\\")) and ":" not in parts[0]


def _link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        where = f"{name}: {info.filename}"
        if info.flag_bits & 1:
            raise InputError([Fault(where, "this file is encrypted", "unpack it and give the files themselves")])
        if info.compress_type not in _METHODS:
            what = "this file is packed in a way that no export is"
            raise InputError([Fault(where, what, "unpack it and give the files themselves")])
        if info.file_size > LARGEST:
            raise InputError([Fault(where, f"it unpacks to {info.file_size:,} bytes; no export is as large")])
        if info.file_size >= STEEP_FROM and info.file_size > STEEPEST * max(info.compress_size, 1):
            what = f"it unpacks to {info.file_size // max(info.compress_size, 1):,} times its size"
            raise InputError([Fault(where, f"{what}: this is a zip bomb, not an export", f"up to {STEEPEST} times")])
        try:
            stream = archive.open(info)
        except _BROKEN as error:
            raise _damaged(where, error) from None
        return cast("IO[bytes]", BufferedReader(_Stream(stream, where), _BUFFER))

    return opened


class _Stream(RawIOBase):
    """A member as it is unpacked; what is wrong with it is said by name."""

    def __init__(self, stream: IO[bytes], where: str) -> None:
        self._stream = stream
        self._where = where

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            content = self._stream.read(len(view))
        except _BROKEN as error:
            raise _damaged(self._where, error) from None
        view[: len(content)] = content
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def _damaged(where: str, error: object) -> InputError:
    right = "copy it again, or unpack it and give the file"
    return InputError([Fault(where, f"this is a zip archive or an Excel workbook, and it is damaged: {error}", right)])
