"""The whole calibration as tasks that can be done anywhere, and what they say together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from davy.people.chance import shares
from davy.qualify.calibration.contraction import Contraction, contraction
from davy.qualify.calibration.dated import Foretold, dated_coverage, foretold
from davy.qualify.calibration.designs import DESIGNS, KINDS, Design
from davy.qualify.calibration.documents import Covered, DesignShown, Method, Planted, Sbc
from davy.qualify.calibration.fitting import FitStudy, Plant, quantity_names
from davy.qualify.calibration.ranks import rank
from davy.qualify.calibration.tally import (
    CERTAIN,
    Coverage,
    Ranked,
    Uniformity,
    coverage,
    joined,
    uniformity,
)
from davy.qualify.calibration.truths import AS_BELIEVED, WRONG, Truth

SENTENCE = "SBC shows that the arithmetic is right, not that the model is."

LOT = 125
"""Persons of one task: small enough for progress and memory; nobody's numbers depend on the workers."""

_DATED_LOT = 40
_NO_PLAN = "kidney unknown"
"""A kind of person for whom there is no plan, so that nothing is foretold."""

_PLANTS: tuple[Plant, ...] = ("prior", "narrow")
_PLANT_SAYS = {"prior": "the prior is returned", "narrow": "every spread is a fifth too narrow"}
_WRONG_DESIGN = "serum-urine"

Task = tuple[Callable[..., Any], tuple[Any, ...]]


@dataclass(frozen=True)
class Size:
    """How much is done.

    Attributes
    ----------
    design, wrong, planted, dated : persons of a design, a wrong truth, a planted error; plans of each kind of person.
    reference : versions from the prior that a reference is made of.
    """

    design: int
    wrong: int
    planted: int
    dated: int
    reference: int


REDUCED = Size(1000, 500, 500, 60, 20_000)
FULL = Size(10_000, 5000, 2000, 400, 100_000)


@dataclass(frozen=True)
class Lot:
    """Some persons of one kind to be drawn, measured, fitted and ranked."""

    design: str
    kind: str
    truth: str
    plant: Plant
    first: int
    count: int


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes
    ----------
    asked : persons by design.
    uniform : every quantity of every design under the truth that the fit believes in.
    covered : coverage, also under wrong truths.
    """

    seed: int
    asked: dict[str, int]
    uniform: tuple[Uniformity, ...]
    covered: tuple[Coverage, ...]
    contracted: tuple[Contraction, ...]
    planted: tuple[Planted, ...]

    def sbc(self) -> dict[str, Any]:
        """The document of simulation-based calibration, without its head."""
        designs = tuple(DesignShown(one.id, one.label, self.asked[one.id]) for one in DESIGNS)
        inside = sum(one.inside for one in self.uniform)
        method = Method(family_over=f"all {len(self.uniform)} curves (Bonferroni)")
        made = Sbc(SENTENCE, method, designs, inside, len(self.uniform), self.uniform, self.contracted, self.planted)
        return asdict(made)

    def coverage(self) -> dict[str, Any]:
        """The document of coverage, without its head."""
        return asdict(Covered({one.id: one.label for one in (AS_BELIEVED, *WRONG)}, self.covered))

    def unexpected(self) -> tuple[str, ...]:
        """What is wrong beyond chance: a curve that no seed explains, a planted error that does not show."""
        curves = [
            f"{one.quantity} ({one.design}): ranks are not uniform, p {one.p_value:.2g}"
            for one in self.uniform
            if one.p_value < CERTAIN / len(self.uniform)
        ]
        return (*curves, *(f"a planted error does not show: {one.says}" for one in self.planted if not one.caught))


def lots(size: Size) -> tuple[Lot, ...]:
    """Every task of a calibration, in order."""
    found = [lot for design in DESIGNS for lot in _split(design.id, AS_BELIEVED.id, "none", size.design)]
    for truth in WRONG:
        found += _split(_WRONG_DESIGN, truth.id, "none", size.wrong)
    for plant in _PLANTS:
        found += _split(_WRONG_DESIGN, AS_BELIEVED.id, plant, size.planted)
    return tuple(found)


def _split(design: str, truth: str, plant: Plant, persons: int) -> list[Lot]:
    each = -(-persons // len(KINDS))
    return [
        Lot(design, kind, truth, plant, first, min(LOT, each - first))
        for kind in KINDS
        for first in range(0, each, LOT)
    ]


def size_of(full: bool) -> Size:
    """How much a full or a reduced calibration does."""
    return FULL if full else REDUCED


def tasks(seed: int, full: bool) -> tuple[Task, ...]:
    """What has to be done, each by itself."""
    size = size_of(full)
    done: list[Task] = [(ranked, (lot, seed)) for lot in lots(size)]
    done += [(contraction, (design.id, kind, size.reference, seed)) for design in DESIGNS for kind in KINDS]
    planned = [(kind, first) for kind in KINDS if _NO_PLAN not in kind for first in range(0, size.dated, _DATED_LOT)]
    return (*((foretold, (kind, first, min(_DATED_LOT, size.dated - first), seed)) for kind, first in planned), *done)


def ranked(lot: Lot, seed: int) -> Ranked:
    """One lot of persons: drawn, measured, fitted, and where each truth stands."""
    study = FitStudy(_design(lot.design), lot.kind, _truth(lot.truth), lot.plant)
    names = quantity_names(study.design.case(lot.kind))
    jitter = np.stack(
        [shares(f"{seed}:{study.mark}:{lot.plant}:place:{name}", lot.first, lot.count) for name in names], axis=1
    )
    found = study.believed(lot.first, lot.count, seed)
    return Ranked(lot.design, names, np.stack([rank(one, own) for one, own in zip(found, jitter, strict=True)]))


def gathered(seed: int, full: bool, results: Sequence[Any]) -> Calibration:
    """What all tasks say together."""
    asked = lots(size_of(full))
    after = len(DESIGNS) * len(KINDS)
    plans = tuple(one for part in results[: -len(asked) - after] for one in part)
    ranked_lots = zip(asked, results[-len(asked) - after : -after], strict=True)
    contracted = tuple(row for part in results[-after:] for row in part)
    return calibration_of(seed, tuple(ranked_lots), contracted, plans)


def calibration_of(
    seed: int,
    done: Sequence[tuple[Lot, Ranked]],
    contracted: tuple[Contraction, ...],
    plans: tuple[Foretold, ...],
) -> Calibration:
    """What these lots of persons, references and plans say together."""
    by: dict[tuple[str, str, str], list[Ranked]] = {}
    for lot, part in done:
        by.setdefault((lot.design, lot.truth, lot.plant), []).append(part)
    whole = {key: joined(parts) for key, parts in by.items()}
    right = [whole[design.id, AS_BELIEVED.id, "none"] for design in DESIGNS]
    family = sum(len(one.names) for one in right)
    covered = [row for one in right for row in coverage(one, AS_BELIEVED.id)]
    covered += [row for truth in WRONG for row in coverage(whole[_WRONG_DESIGN, truth.id, "none"], truth.id)]
    return Calibration(
        seed=seed,
        asked={one.design: len(one.ranks) for one in right},
        uniform=uniformity(right, family),
        covered=(*covered, *dated_coverage(plans)),
        contracted=contracted,
        planted=tuple(_planted(plant, whole[_WRONG_DESIGN, AS_BELIEVED.id, plant]) for plant in _PLANTS),
    )


def _planted(plant: Plant, found: Ranked) -> Planted:
    curves = uniformity([found], len(found.names))
    by = tuple(one.quantity for one in curves if not one.inside)
    smallest = min(one.p_value for one in curves)
    return Planted(plant, _PLANT_SAYS[plant], found.design, curves[0].n, bool(by), by, smallest)


def _design(name: str) -> Design:
    return next(one for one in DESIGNS if one.id == name)


def _truth(name: str) -> Truth:
    return next(one for one in (AS_BELIEVED, *WRONG) if one.id == name)
