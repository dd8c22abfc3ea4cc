"""Runs each organ alone in the fluid: it keeps its magnesium and comes to rest at one place, or the fault is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.body.read import ORGANS, read_model
from davy.engine import Doses, Engine, build

Floats = NDArray[np.float64]

_BALANCE = 1e-9
_SAME = 1e-6
_DAYS = (0.5, 2.0, 10.0, 60.0)
_REST_DAYS = 1e6
_RTOL = 1e-9
_INFLOW = 1.0
_READ_OUTS = ("rbc_", "csf_")
_TALLIES = ("gut_Abs",)


@dataclass(frozen=True)
class Alone:
    """How an organ is run by itself: what feeds it, or that the fluid is held because nothing leaves."""

    fed: str | None
    held: tuple[str, ...] = ()


ALONE: Mapping[str, Alone] = {
    "gut": Alone("gut_GS"),
    "gut_fixed_fraction": Alone("gut_GS"),
    "kidney": Alone("ECF"),
    "sweat": Alone("ECF"),
    "bone": Alone(None, ("ECF",)),
    "tissues": Alone(None, ("ECF",)),
    "red_cells": Alone(None, ("ECF",)),
    "csf": Alone(None, ("ECF",)),
}


def check_organs() -> tuple[str, ...]:
    """What is wrong with the organ models, each alone; empty when all is well."""
    problems: list[str] = []
    for name in ORGANS:
        parameter_set = "articles" if name == "gut_fixed_fraction" else "literature"
        model = read_model(name, parameter_set=parameter_set)
        problems += [f"models/{name}.ant: {problem}" for problem in check_organ(model, ALONE[name])]
    return tuple(problems)


def check_organ(model: Model, alone: Alone) -> list[str]:
    """What is wrong with one organ."""
    engine = build(model)
    theta = np.array([[model.defaults[name] for name in model.parameters]])
    start = engine.initial(theta)[0]
    start[0] *= 1.3  # away from rest, so that something moves
    return [*_imbalance(engine, theta, start, alone), *_unrest(engine, theta, start, alone)]


def _imbalance(engine: Engine, theta: Floats, start: Floats, alone: Alone) -> list[str]:
    """Magnesium that appears or vanishes, against all that moved."""
    states = engine.model.states
    columns = [i for i, name in enumerate(states) if not name.startswith(_READ_OUTS) and name not in _TALLIES]
    inputs = {alone.fed: _INFLOW} if alone.fed else None
    path = engine.solve(theta, Doses.none(), _DAYS, initial=start, inputs=inputs, rtol=_RTOL)
    if path.status.any():
        return [path.sentence(0)]
    amounts = np.vstack((start, path.values[0][:, : len(states)]))[:, columns]
    moved = float(np.sum(np.abs(np.diff(amounts, axis=0)))) + _INFLOW
    fed = np.array((0.0, *_DAYS)) * (_INFLOW if alone.fed else 0.0)
    gap = float(np.max(np.abs(amounts.sum(axis=1) - amounts[0].sum() - fed)))
    return [f"{gap:.3g} mmol appear or vanish while {moved:.3g} mmol move"] if gap > _BALANCE * moved else []


def _unrest(engine: Engine, theta: Floats, start: Floats, alone: Alone) -> list[str]:
    """A steady state that time does not reach, that is not found, or that depends on where the search starts."""
    states = engine.model.states
    inputs = {alone.fed: _INFLOW} if alone.fed else None
    path = engine.solve(theta, Doses.none(), [_REST_DAYS], initial=start, inputs=inputs, rtol=_RTOL)
    if path.status.any():
        return [path.sentence(0)]
    rest = path.values[0, 0, : len(states)]
    held = [states.index(name) for name in alone.held]
    moving = [i for i, name in enumerate(states) if name not in engine.accumulators and i not in held]
    for factor in (0.3, 1.0, 3.0):
        guess = start * factor
        guess[held] = rest[held]
        steady = engine.steady(theta, guess=guess, held=alone.held, inputs=inputs)
        if steady.status.any():
            return [f"no steady state is found from {factor:g} times the start"]
        if np.any(np.abs(steady.values[0] - rest)[moving] > _SAME * (np.abs(rest[moving]) + _SAME)):
            return [f"from {factor:g} times the start, the search ends elsewhere than time does"]
    return []
