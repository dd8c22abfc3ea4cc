"""The column mappings that a folder keeps, each under the name of its source, as their owner wrote them."""

from __future__ import annotations

from pathlib import Path

from davy.disk import write_whole
from davy.store.folder import Folder
from davy.store.layout import MAPPINGS


def keep_mapping(folder: Folder, source: str, content: bytes) -> None:
    """Keep a mapping for the next import; the one that was kept under that name is replaced."""
    with folder.writing():
        place = folder.path / MAPPINGS
        place.mkdir(mode=0o700, exist_ok=True)
        write_whole(place / f"{source}.yaml", content, private=True)


def kept_mappings(folder: Folder) -> tuple[Path, ...]:
    """The files of the mappings that are kept."""
    place = folder.path / MAPPINGS
    return tuple(sorted(path for path in place.glob("*.yaml") if path.is_file() and not path.is_symlink()))
