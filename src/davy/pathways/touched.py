"""What a plan's magnesium would change, by pathway: from a forecast through the adapters to observables.

Shown beside a plan and read by nothing in it: no dose, cap or verdict rests on a pathway. Every draw of the person
meets the same draw of the pathway before and after, so a band is that of the change. Hypotheses (grade D) are left
out unless they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from davy.pathways.catalogue import Pathway, catalogue
from davy.pathways.curves import stored_curve
from davy.pathways.draws import FEWEST, central
from davy.pathways.evaluation import Floats
from davy.pathways.explained import Explained, explained
from davy.pathways.lanes import Setting, is_kept, outputs_at
from davy.pathways.local import Local, adapters, given_of, local_magnesium, observed
from davy.pathways.moment import DOSE, Moment, Taken, Whom, doses_of, since
from davy.pathways.rows import Compartment, ParameterSet
from davy.pathways.run import band_of

LEAST = 0.01
"""A median that moves by a smaller share than this is told as still; of what may be below zero and has no share, a
smaller part of its plausible range."""

NOT_OF_A_PERSON = frozenset({"P03d_csd_rat_iv", "P11c_bbb", "P22_hypermag_safety"})
"""Animals on a drug by vein or in sepsis, and poisoning: no news of a plan."""

TOLD_ELSEWHERE = frozenset({"P14c_t2d_renal_loop", "P18_osmotic_laxative", "P29_sweat_fluid"})
"""Kidney and sweat, which the forecast counts, and stools, which have a place of their own in a plan."""


@dataclass(frozen=True)
class Band:
    """5 %, 50 % and 95 % of a quantity."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Shift:
    """One observable, on today's magnesium and on the plan's.

    Attributes
    ----------
    share : by how much it moves, as a share of what it was; None of what may be below zero.
    by : the same in `unit`.
    """

    label: str
    unit: str
    before: Band
    after: Band
    share: Band | None
    by: Band


@dataclass(frozen=True)
class Touch:
    """One pathway that moves.

    Attributes
    ----------
    says : what its model says, in words.
    shifts : the observables that move, as the pathway lists them.
    asked_for : whether it bears on a goal or a condition of the person.
    by_dose : whether it goes with the dose that is taken, and not with magnesium of a place in the body.
    day : of the plan on which a slow one is read, either way; None of what settles at once.
    band : what the band of the pathway is called.
    explained : what it makes of trial effects.
    """

    pathway: str
    title: str
    says: str
    grade: str
    shifts: tuple[Shift, ...]
    asked_for: bool
    by_dose: bool
    day: float | None
    band: str
    explained: tuple[Explained, ...]
    sources: tuple[str, ...]

    @property
    def most(self) -> float:
        """The largest share by which one of its observables moves."""
        return max((abs(one.share.p50) for one in self.shifts if one.share is not None), default=0.0)


@dataclass(frozen=True)
class Reached:
    """Magnesium in one place, before and after [mmol/L]."""

    compartment: Compartment
    before: Band
    after: Band
    change: Band


@dataclass(frozen=True)
class Touched:
    """Everything that the pathways say of one change.

    Attributes
    ----------
    touches : what moves, most first; what goes with the dose comes last.
    still : short names of pathways none of whose observables moves.
    unreached : short names of pathways whose magnesium no forecast and no adapter reaches.
    beyond : short names of trial effects that the dose lies outside of.
    taken : what is taken before and after; None where either is not known, and trial effects are not told.
    """

    reached: tuple[Reached, ...]
    touches: tuple[Touch, ...]
    still: tuple[str, ...]
    unreached: tuple[str, ...]
    beyond: tuple[str, ...]
    taken: tuple[Taken, Taken] | None


@dataclass(frozen=True)
class _Met:
    """A pathway on today's magnesium and on the plan's: every output, and which of them are told."""

    pathway: Pathway
    before: Mapping[str, Floats]
    after: Mapping[str, Floats]
    told: tuple[str, ...]
    day: float | None
    by_dose: bool = False


@dataclass(frozen=True)
class _Change:
    setting: Setting
    first: Local
    last: Local
    end_d: float


def touched(
    before: Moment,
    after: Moment,
    whom: Whom | None = None,
    *,
    parameter_set: ParameterSet = "literature",
    seed: int = 0,
    hypotheses: bool = False,
) -> Touched | None:
    """What it means for each pathway; None where there are too few draws for a band.

    Parameters
    ----------
    before, after : on what is taken today, and at the end of the plan.
    whom : whom trial effects have to concern to be told; nobody's where None.
    hypotheses : whether pathways of grade D are among them.
    """
    if before.draws < FEWEST:
        return None
    whom = whom or Whom()
    setting = Setting(parameter_set, before.draws, seed, hypotheses, straight=True)
    first, last = (local_magnesium(setting, one.plasma, one.others) for one in (before, after))
    change = _Change(setting, first, last, whom.end_d)
    asked = tuple(_asked(parameter_set, hypotheses))
    met = [one for one in (_mechanism(found, change) for found in asked) if one is not None]
    reached = {one.pathway.id for one in met}
    taken = None if before.taken is None or after.taken is None else (before.taken, after.taken)
    effects = [(found, _effect(found, names, change, taken)) for found, names in whom.told().items()] if taken else []
    met += [one for _, one in effects if one is not None]
    touches = [one for one in (_touch(found, setting, whom) for found in met) if one.shifts]
    moving = {one.pathway for one in touches}
    return Touched(
        reached=tuple(_reached(place, first[place], last[place]) for place in first),
        touches=tuple(sorted(touches, key=lambda one: (one.by_dose, -one.most))),
        still=tuple(one.pathway.row.short for one in met if one.pathway.id not in moving),
        unreached=tuple(one.row.short for one in asked if one.id not in reached),
        beyond=tuple(found.row.short for found, one in effects if one is None),
        taken=taken,
    )


def _asked(parameter_set: ParameterSet, hypotheses: bool) -> Iterator[Pathway]:
    """The mechanisms that read magnesium of a place in the body; no experiment is run anew."""
    left_out = NOT_OF_A_PERSON | TOLD_ELSEWHERE | {one.id for one in adapters()}
    for one in catalogue():
        if one.kind == "empirical" or one.row.parent is not None or one.id in left_out:
            continue
        if one.hypothesis and not hypotheses:
            continue
        places = {one.inputs[name].compartment for name in one.magnesium_inputs()} - {DOSE}
        if places and (not one.experiment or stored_curve(one, parameter_set) is not None):
            yield one


def _mechanism(one: Pathway, change: _Change) -> _Met | None:
    """A mechanism on the magnesium that reaches it; None where none does."""
    day = _day(one, change.end_d)
    before, after = (observed(one, change.setting, local, day) for local in (change.first, change.last))
    if before is None or after is None:
        return None
    return _Met(one, before, after, tuple(one.outputs), day)


def _effect(one: Pathway, told: tuple[str, ...], change: _Change, taken: tuple[Taken, Taken]) -> _Met | None:
    """What trials found with either dose; None where one lies outside what they hold for.

    Magnesium of a place, where such a pathway asks for it, is that of before the plan.
    """
    first, last = (doses_of(one, amount) for amount in taken)
    if first is None or last is None:
        return None
    place = given_of(one, change.first)
    spans = since(one, change.end_d)
    if not is_kept(one, change.setting, {**place, **spans, **last}):
        spans = {}  # an experiment is read where its curve is kept
    day = _day(one, change.end_d)
    before, after = (outputs_at(one, change.setting, {**place, **spans, **dose}, day) for dose in (first, last))
    return _Met(one, before, after, told, day or (change.end_d if spans else None), by_dose=True)


def _day(one: Pathway, end_d: float) -> float | None:
    """When a slow pathway is read: at its own horizon, or at the end of the plan where that comes first."""
    if one.kind != "slow":
        return None
    return end_d if one.row.horizon_d is None else min(one.row.horizon_d, end_d)


def _touch(met: _Met, setting: Setting, whom: Whom) -> Touch:
    one = met.pathway
    return Touch(
        pathway=one.id,
        title=one.row.title,
        says=one.row.says,
        grade=one.grade,
        shifts=tuple(_shifts(met)),
        asked_for=whom.asks_for(one),
        by_dose=met.by_dose,
        day=met.day,
        band=band_of(one, setting.parameter_set),
        explained=explained(one, met.before, met.after, setting.seed),
        sources=one.row.source,
    )


def _shifts(met: _Met) -> Iterator[Shift]:
    for name in met.told:
        port = met.pathway.outputs[name]
        signed = port.low is not None and port.low < 0.0  # a share of what may be below zero is no share
        with np.errstate(all="ignore"):
            by = met.after[name] - met.before[name]
            size = by / ((port.high or np.inf) - (port.low or 0.0)) if signed else by / met.before[name]
        there = np.isfinite(size[1:]).sum() >= FEWEST and np.isfinite(size[0])
        if there and abs(central(size[1:])[1]) >= LEAST:
            share = None if signed else _band(size)
            yield Shift(port.label, port.unit, _band(met.before[name]), _band(met.after[name]), share, _band(by))


def _reached(place: Compartment, before: Floats, after: Floats) -> Reached:
    return Reached(place, _band(before), _band(after), _band(after - before))


def _band(lanes: Floats) -> Band:
    return Band(*central(lanes[1:]))
