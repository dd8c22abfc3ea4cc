"""Writing: JSON documents, report files, CSV files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from davy.errors import Fault, InputError


def as_json(document: Mapping[str, Any] | list[dict[str, Any]]) -> str:
    """A document as JSON text; a number that is not finite is a fault of ours and raises ValueError."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def writable(path: Path | None) -> None:
    """Raises InputError, before anything is computed, when that file clearly cannot be written."""
    if path is None:
        return
    if path.is_dir():
        raise InputError([Fault(str(path), "this is a directory", "name a file in it")])
    if not path.parent.is_dir():
        raise InputError([Fault(str(path), f"there is no directory {path.parent}", "make it first")])


def write(path: Path, text: str) -> None:
    """Writes a text file; raises InputError when the place does not take it."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Writes a file; raises InputError when the place does not take it."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError([Fault(str(path), f"this file cannot be written: {error.strerror}")]) from None
