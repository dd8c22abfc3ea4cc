"""What a calibration hands out: the bodies of ``sbc.json`` and ``coverage.json``, as frozen types."""

from __future__ import annotations

from dataclasses import dataclass

from davy.qualify.calibration.contraction import Contraction
from davy.qualify.calibration.tally import FAMILY, Coverage, Uniformity


@dataclass(frozen=True)
class Method:
    """How ranks were judged; `family` is the chance that any curve of `family_over` leaves its band if all is right."""

    family_over: str
    family: float = FAMILY
    bands: str = "simultaneous over the points of a curve (S\u00e4ilynoja et al. 2022), by an exact recursion"
    ranks: str = "of the truth among weighted versions; a tie is broken at random"


@dataclass(frozen=True)
class DesignShown:
    """A design and how many persons were measured by it."""

    design: str
    label: str
    persons: int


@dataclass(frozen=True)
class Planted:
    """Whether an error that was put in on purpose shows, and by which quantities."""

    plant: str
    says: str
    design: str
    n: int
    caught: bool
    by: tuple[str, ...]
    smallest_p: float


@dataclass(frozen=True)
class Sbc:
    """Simulation-based calibration; `inside` of `curves` lie within their bands."""

    sentence: str
    method: Method
    designs: tuple[DesignShown, ...]
    inside: int
    curves: int
    rows: tuple[Uniformity, ...]
    contraction: tuple[Contraction, ...]
    planted: tuple[Planted, ...]


@dataclass(frozen=True)
class Covered:
    """Coverage of every quantity; `truths` says in words what each truth is."""

    truths: dict[str, str]
    rows: tuple[Coverage, ...]
