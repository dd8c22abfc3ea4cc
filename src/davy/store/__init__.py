"""What we remember: a person's folder on disk, written so that nothing acknowledged is lost."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.store.folder import Appended, Folder

_HOME = {"Appended": "davy.store.folder", "Folder": "davy.store.folder"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'davy.store' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = ["Appended", "Folder"]
