"""A folder of files that can always be made again: compiled functions, and models read from their texts.

What lies there is believed only if it is whole, says that it is what was asked for, and could have been written by
nobody but this user. Anything else counts as absent; a folder that cannot be used costs time, never an answer.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Literal

Kind = Literal["object", "model"]
MOST_BYTES = 64 * 2**20
MOST_FILES = 512
_LONGEST = 16 * 2**20
_DIGEST = hashlib.sha256().digest_size
_HEADER = "davy cache 1"
_ENDING = ".davy"
_PART = ".part"
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_folder: str | None = None


def use_folder(folder: str | os.PathLike[str] | None) -> None:
    """Keep files there from now on; None = nowhere."""
    global _folder
    _folder = None if folder is None else os.fspath(folder)


def usual_folder(environment: Mapping[str, str], platform: str) -> str | None:
    """Where this user's programs keep such files; ``DAVY_CACHE`` names another place, and nowhere if it is empty."""
    named = environment.get("DAVY_CACHE")
    if named is not None:
        return _absolute(named) if named else None
    home = environment.get("USERPROFILE" if platform == "win32" else "HOME", "")
    if platform == "win32":
        place = environment.get("LOCALAPPDATA", "")
    elif platform == "darwin":
        place = os.path.join(home, "Library", "Caches") if home else ""
    else:
        place = environment.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(place):  # the XDG rule: a relative path is to be ignored
            place = os.path.join(home, ".cache") if home else ""
    return os.path.join(place, "davy") if os.path.isabs(place) else None


def _absolute(path: str) -> str | None:
    try:
        return os.path.abspath(path)
    except OSError:  # a relative path where the working directory is gone
        return None


def key_of(*parts: str) -> str:
    """SHA-256 over the parts, each with its length [hex]; empty, which keeps nothing, where a part is empty."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode()
        digest.update(f"{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest() if all(parts) else ""


@cache
def code_of(package: str) -> str:
    """SHA-256 over the sources of a package [hex]; empty where they do not lie in a folder."""
    digest = hashlib.sha256()
    for path in _files_of(package):
        if path.endswith((".py", ".pyc")):
            with open(path, "rb") as file:
                content = file.read()
            digest.update(f"{os.path.basename(path)} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest() if _files_of(package) else ""


@cache
def installed(package: str) -> str:
    """What changes when another version of a package is installed; empty where it does not lie in a folder."""
    stats = ((path, os.stat(path)) for path in _files_of(package))
    return "\n".join(f"{path} {about.st_size} {about.st_mtime_ns}" for path, about in stats)


def _files_of(package: str) -> list[str]:
    """The files of a package, found without importing it."""
    spec = find_spec(package)
    folders = (spec and spec.submodule_search_locations) or ()
    found = [os.path.join(folder, name) for folder in folders if os.path.isdir(folder) for name in os.listdir(folder)]
    return sorted(path for path in found if os.path.isfile(path))


def kept(kind: Kind, key: str) -> bytes | None:
    """What was kept under that key, or None."""
    if _folder is None or not key:
        return None
    try:
        content = _trusted(_path(_folder, kind, key))
    except OSError:
        return None
    return None if content is None else _payload(content, kind, key)


def keep(kind: Kind, key: str, payload: bytes) -> None:
    """Keep it under that key, whole or not at all; does nothing where that cannot be done."""
    if _folder is None or not key or len(payload) > _LONGEST:
        return
    head = f"{_HEADER} {kind} {key} {len(payload)}\n".encode() + payload
    path = _path(_folder, kind, key)
    part = f"{path}.{os.urandom(8).hex()}{_PART}"
    try:
        os.makedirs(_folder, mode=0o700, exist_ok=True)
        _write(part, head + hashlib.sha256(head).digest())
        os.replace(part, path)
        _make_room(_folder, spared=path)
    except OSError:
        _remove(part)


def _path(folder: str, kind: Kind, key: str) -> str:
    return os.path.join(folder, f"{kind}-{key}{_ENDING}")


def _trusted(path: str) -> bytes | None:
    """The content of a plain file that nobody but its owner, this user or the system's, can write."""
    handle = os.open(path, os.O_RDONLY | _NO_FOLLOW)
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > 2 * _LONGEST:
            return None
        if hasattr(os, "geteuid") and (about.st_uid not in (0, os.geteuid()) or about.st_mode & _WRITABLE_BY_OTHERS):
            return None
        with open(handle, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(handle)


def _payload(content: bytes, kind: Kind, key: str) -> bytes | None:
    """What is between header and digest, where both are right."""
    end = content.find(b"\n") + 1
    length = len(content) - end - _DIGEST
    if content[:end] != f"{_HEADER} {kind} {key} {length}\n".encode():
        return None
    body, digest = content[:-_DIGEST], content[-_DIGEST:]
    return body[end:] if hashlib.sha256(body).digest() == digest else None


def _write(path: str, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
    with open(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)


def _make_room(folder: str, *, spared: str) -> None:
    """Remove the oldest, parts of killed writers among them, until the folder is within bounds."""
    found: list[tuple[float, int, str]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((_ENDING, _PART)) and entry.path != spared:
                about = entry.stat(follow_symlinks=False)
                found.append((about.st_mtime, about.st_size, entry.path))
    size, count = sum(one[1] for one in found), len(found)
    for _, bytes_there, path in sorted(found):
        if size <= MOST_BYTES and count <= MOST_FILES:
            return
        _remove(path)
        size, count = size - bytes_there, count - 1


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
