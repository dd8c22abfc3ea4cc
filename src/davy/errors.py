"""Every way Davy can fail to answer, by name.

::

    DavyError                 Davy could not answer
    ├── InputError            what came from outside does not read: all faults of a file at once
    ├── KnowledgeError        a row of Davy's own knowledge is unsound
    ├── ModelError            a body model does not read, or lies outside the engine's subset
    ├── SolveError            the engine could not integrate what it was asked to
    ├── FitError              a person's measurements could not be fitted
    └── StoreError            what is kept on disk, or the machines that work on it, gave way

A refusal on grounds of safety is not here: a refusal is an answer (`davy.safety.Refused`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class DavyError(Exception):
    """Davy could not answer."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input: where it stands, what it is, what would be right."""

    where: str
    what: str
    right: str = ""

    def __str__(self) -> str:
        remedy = f" ({self.right})" if self.right else ""
        return f"{self.where}: {self.what}{remedy}"


class InputError(DavyError):
    """What came from outside does not read; carries every fault of the input at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class KnowledgeError(DavyError):
    """A row of Davy's own knowledge is unsound."""


class ModelError(DavyError):
    """A body model does not read, or lies outside the engine's subset."""


class SolveError(DavyError):
    """The engine could not integrate what it was asked to."""


class FitError(DavyError):
    """A person's measurements could not be fitted."""


class StoreError(DavyError):
    """What is kept on disk, or the machines that work on it, gave way; what was finished is kept."""
