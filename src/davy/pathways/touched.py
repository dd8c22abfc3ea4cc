"""What a change of magnesium in plasma would change, by pathway: through the adapters, to observables.

Shown beside a plan and read by nothing in it: no dose, cap or verdict rests on a pathway. Hypotheses (grade D) are
left out, and so are slow pathways, which run longer than a plan foresees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from davy.pathways.catalogue import Pathway, catalogue
from davy.pathways.curves import stored_curve
from davy.pathways.draws import FEWEST, central
from davy.pathways.evaluation import Floats
from davy.pathways.explained import NO_EFFECT, Explained, explained
from davy.pathways.lanes import Setting
from davy.pathways.local import Local, adapters, local_magnesium, observed
from davy.pathways.rows import Compartment, ParameterSet
from davy.pathways.run import band_of

LEAST = 0.01
"""A median that moves by a smaller share than this is told as still."""


NOT_OF_A_PERSON = frozenset({"P03d_csd_rat_iv", "P11c_bbb", "P22_hypermag_safety", "P29_sweat_fluid"})
"""Animals on a drug by vein or in sepsis, poisoning, and sweat, which the forecast counts: no news of a plan."""


@dataclass(frozen=True)
class Band:
    """5 %, 50 % and 95 % of a quantity."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Touch:
    """One observable of one pathway, before and after.

    Attributes
    ----------
    change : of the observable, as a share of what it was.
    band : what the band of the pathway is called.
    explained : what it makes of trial effects.
    """

    pathway: str
    title: str
    grade: str
    observable: str
    unit: str
    before: Band
    after: Band
    change: Band
    band: str
    explained: tuple[Explained, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Reached:
    """Magnesium in one place, before and after [mmol/L]."""

    compartment: Compartment
    before: Band
    after: Band


@dataclass(frozen=True)
class Touched:
    """Everything that the pathways say of one change.

    Attributes
    ----------
    touches : what moves, most first.
    still : short names of pathways none of whose observables moves.
    """

    reached: tuple[Reached, ...]
    touches: tuple[Touch, ...]
    still: tuple[str, ...]


def touched(
    before: Local, after: Local, *, parameter_set: ParameterSet = "literature", seed: int = 0
) -> Touched | None:
    """What it means for each pathway; None where there are too few draws for a band.

    Parameters
    ----------
    before, after : ``plasma-ionised`` and ``serum-total``, each (1 + draws,): the median person, then the draws.
    """
    count = len(next(iter(before.values()))) - 1
    if count < FEWEST:
        return None
    setting = Setting(parameter_set, count, seed)
    first, last = (local_magnesium(setting, plasma) for plasma in (before, after))
    met = [(one, moved) for one in _asked(parameter_set) for moved in _moved(one, setting, first, last)]
    moving = sorted((one for _, one in met if abs(one.change.p50) >= LEAST), key=lambda one: -abs(one.change.p50))
    moved = {one.pathway for one in moving}
    return Touched(
        reached=tuple(Reached(place, _band(first[place]), _band(last[place])) for place in first),
        touches=tuple(moving),
        still=tuple(dict.fromkeys(found.row.short for found, _ in met if found.id not in moved)),
    )


def _asked(parameter_set: ParameterSet) -> Iterator[Pathway]:
    """Pathways that magnesium settles within a plan, and that are more than hypotheses; no experiment is run anew."""
    left_out = NOT_OF_A_PERSON | {one.id for one in adapters()}
    for one in catalogue():
        if one.kind != "fast" or one.hypothesis or one.row.parent is not None or one.id in left_out:
            continue
        if not one.experiment or stored_curve(one, parameter_set) is not None:
            yield one


def _moved(one: Pathway, setting: Setting, before: Local, after: Local) -> Iterator[Touch]:
    first, last = observed(one, setting, before), observed(one, setting, after)
    if first is None or last is None:
        return
    told = tuple(said for said in explained(one, first, last, setting.seed) if said.sentence != NO_EFFECT)
    for name, port in one.outputs.items():
        if port.low is not None and port.low < 0.0:  # a share of what may be below zero, as a voltage, is no share
            continue
        with np.errstate(all="ignore"):
            change = last[name] / first[name] - 1.0
        if np.isfinite(change).sum() < FEWEST or not np.isfinite(change[0]):
            continue
        yield Touch(
            pathway=one.id,
            title=one.row.title,
            grade=one.grade,
            observable=port.label,
            unit=port.unit,
            before=_band(first[name]),
            after=_band(last[name]),
            change=_band(change),
            band=band_of(one, setting.parameter_set),
            explained=tuple(said for said in told if _outcome_of(one, said) == name),
            sources=one.row.source,
        )


def _outcome_of(one: Pathway, said: Explained) -> str | None:
    return next((row.output for row in one.outcomes if row.outcome == said.outcome), None)


def _band(lanes: Floats) -> Band:
    return Band(*central(lanes[1:]))
