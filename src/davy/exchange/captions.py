"""What each quantity of the body model is, in words: the remark beside its declaration in the organ files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from davy.body.read import bundled_antimony

_MODEL = re.compile(r"^model (\w+)\(.*?\)$(.*?)^end$", re.MULTILINE | re.DOTALL)
_PART = re.compile(r"^  (\w+): +(\w+)\(", re.MULTILINE)
_DECLARED = re.compile(
    r"^  (?:(?:var|const|compartment|substanceOnly species) +)?(\w+)\b[^/\n]*// \S+ +(\S.*)$", re.MULTILINE
)


def captions(name: str, parameter_set: str) -> dict[str, str]:
    """What each id of the flattened model stands for; ids without a remark are left out."""
    parts = dict(_MODEL.findall(bundled_antimony(name, parameter_set)))
    return dict(_found(parts, name, ""))


def organ_prefixes(name: str, parameter_set: str) -> tuple[str, ...]:
    """What the ids of each organ begin with, as ``kid_``."""
    parts = dict(_MODEL.findall(bundled_antimony(name, parameter_set)))
    return tuple(f"{prefix}_" for prefix, _ in _PART.findall(parts[name]))


def _found(parts: dict[str, str], name: str, prefix: str) -> Iterator[tuple[str, str]]:
    organ = f"{name.removeprefix('mg_').replace('_', ' ')}: " if prefix else ""
    for key, words in _DECLARED.findall(parts[name]):
        yield f"{prefix}{key}", f"{organ}{words.strip()}"
    for inner, kind in _PART.findall(parts[name]):
        yield from _found(parts, kind, f"{prefix}{inner}_")
