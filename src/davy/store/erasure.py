"""A folder erased whole: every file that Davy wrote or read as its own; what else lies there is left and named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from davy.disk import locked, names_last
from davy.errors import Fault, InputError, StoreError
from davy.store.folder import Folder
from davy.store.layout import LOCK, LOGS, MAPPINGS, PERSON, TRIAL

PARTS = ".part"


def erasable(folder: Folder) -> tuple[Path, ...]:
    """Every file of a folder that `erase` would remove.

    Raises
    ------
    InputError : this is no person's folder, or a link to one.
    """
    if folder.path.is_symlink():
        what = "this is a link, and only what it leads to could be erased"
        raise InputError([Fault(str(folder.path), what, f"name {os.path.realpath(folder.path)}")])
    if not folder.exists:
        raise InputError([Fault(str(folder.path), "this is no person's folder; nothing was erased")])
    return tuple(_own(folder.path))


def erase(folder: Folder) -> tuple[str, ...]:
    """Remove every file of a folder, then the folder; returns the names of what Davy did not write and left.

    Links are removed, never followed. The log of records goes last, so that what was stopped halfway is known as a
    person's folder still and can be erased again.

    Raises
    ------
    StoreError : a file cannot be removed.
    """
    paths = erasable(folder)
    try:
        with locked(folder.path / LOCK):
            for path in paths:
                path.unlink(missing_ok=True)
            if (folder.path / MAPPINGS).is_dir() and not any((folder.path / MAPPINGS).iterdir()):
                (folder.path / MAPPINGS).rmdir()
            (folder.path / LOCK).unlink(missing_ok=True)
            left = tuple(sorted(path.name for path in folder.path.iterdir()))
            if not left:
                folder.path.rmdir()
        names_last(folder.path if left else folder.path.parent)
    except OSError as error:
        raise StoreError(f"{error.filename or folder.path} cannot be removed: {error.strerror}") from None
    return left


def _own(folder: Path) -> Iterator[Path]:
    """Files of Davy's, the log of records last."""
    last = [folder / f"{LOGS[0]}.head", folder / f"{LOGS[0]}.jsonl"]
    names = [PERSON, *TRIAL, *(f"{name}{end}" for name in LOGS[1:] for end in (".head", ".jsonl"))]
    paths = [*(folder / name for name in names), *_mappings(folder)]
    parts = [path.with_name(f"{path.name}{PARTS}") for path in (*paths, *last)]
    for path in (*paths, *parts, *last):
        if path.is_symlink() or path.is_file():
            yield path


def _mappings(folder: Path) -> tuple[Path, ...]:
    return () if (folder / MAPPINGS).is_symlink() else tuple(sorted((folder / MAPPINGS).glob("*.yaml*")))
