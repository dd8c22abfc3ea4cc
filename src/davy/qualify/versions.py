"""What a qualification was made with: versions, hashes, and where its numbers come from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from davy import __version__
from davy.body.parameters import read_parameters
from davy.body.read import read_model
from davy.engine import build
from davy.forecast.priors import PriorRow
from davy.tables import knowledge_fingerprint, read_table

_LIBRARIES = ("numpy", "scipy", "llvmlite", "antimony", "python-libsbml", "pydantic", "pyarrow", "libroadrunner")


@dataclass(frozen=True)
class Versions:
    """Name and value of everything that a number depends on.

    Attributes
    ----------
    verified : of the parameters and priors of the body, how many were read how.
    """

    made_with: tuple[tuple[str, str], ...]
    verified: dict[str, int]

    def rows(self) -> list[dict[str, Any]]:
        """One a thing."""
        return [{"what": what, "value": value} for what, value in self.made_with]

    def about(self) -> dict[str, Any]:
        """How the numbers of the body were found."""
        return {"verified": self.verified}


def versions(seed: int, full: bool) -> Versions:
    """What this qualification runs with."""
    model = read_model()
    asked = hashlib.sha256(f"seed {seed}, full {full}".encode()).hexdigest()
    made = [
        ("Davy", __version__),
        ("code of Davy (SHA-256)", _code()),
        ("knowledge (SHA-256)", knowledge_fingerprint()),
        ("body model (SHA-256)", model.fingerprint),
        ("compiled engine (SHA-256)", build(model).fingerprint),
        ("what was asked for (SHA-256)", asked),
        ("seed", str(seed)),
        ("numbers", "full" if full else "reduced"),
    ]
    rows = (*read_parameters("literature"), *read_table("priors.csv", PriorRow))
    counted = Counter(row.verified for row in rows)
    return Versions((*made, *_libraries()), {name: counted[name] for name in sorted(counted)})


def _libraries() -> Iterable[tuple[str, str]]:
    for name in _LIBRARIES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "not installed"


def _code() -> str:
    digest = hashlib.sha256()
    for name, place in _sources(files("davy")):
        content = place.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _sources(folder: Traversable, prefix: str = "") -> Iterable[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield f"{prefix}{entry.name}", entry
