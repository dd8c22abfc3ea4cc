"""Files that have to be there completely or not at all, and locks that end with the process that holds them."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from davy.errors import StoreError


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file so that it is there completely or not at all, also if the machine stops.

    Parameters
    ----------
    private : nobody else may read it.

    Raises
    ------
    StoreError : the place does not take it, as when the disk is full.
    """
    waiting = path.with_name(f"{path.name}.part")
    try:
        with open(waiting, "wb", opener=_private if private else None) as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        settle(waiting, path)
    except OSError as error:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)
        raise StoreError(
            f"{path} cannot be written: {error.strerror}. What was finished before is kept; "
            "make room and run the same command again"
        ) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def settle(waiting: Path, path: Path) -> None:
    """Give a finished file its name, and make the name last."""
    waiting.replace(path)
    names_last(path.parent)


def names_last(folder: Path) -> None:
    """Make the names in a folder last, also if the machine stops."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold the lock file of that name, waiting for another process that holds it; no lock on a system without one.

    Raises
    ------
    OSError : the file cannot be made there.
    """
    try:
        import fcntl
    except ImportError:  # pragma: no cover - not on this system
        yield
        return
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_still(handle, path):  # else another process erased the folder while this one waited
                yield
                return
        finally:
            os.close(handle)


def _is_still(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except OSError:
        return False
