"""Wind-up: a dorsal-horn neuron that answers each volley of C fibres with more spikes than the one before.

A leaky integrate-and-fire neuron after Aguiar 2010, reduced to what they found sufficient: NMDA currents that outlast
the volley and sum, and a cation current that the calcium they bring keeps open for seconds. Magnesium blocks the NMDA
channel (Jahr 1990); glycine receptors and the leak pull against it. What is known does not fix the conductances, so
each draw is a member of an ensemble of sets, all of which keep the published pattern (`keeps_the_pattern`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from davy.errors import SolveError
from davy.pathways.experiments.wind_up_sets import FREE, member_values

Floats = NDArray[np.float64]
Given = Mapping[str, Floats]

_FINE = (1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5, 1.6)
"""Where a little more lets the calcium current hold itself."""
GRID: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "mg_mM": (
            *(0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.825, 0.85, 0.875, 0.9, 0.925, 0.95, 0.975),
            *(1.0, 1.05, 1.1, 1.2, 1.4, 1.6, 2.0, 3.0, 5.0),
        )
    }
)
ALSO: tuple[Mapping[str, tuple[float, ...]], ...] = (
    {"rate_Hz": (0.1, 0.2, 0.35, 0.5, 0.75, 0.9, 1.0, *_FINE, 1.75, 1.9, 2.0, 2.25, 2.5, 3.0)},
    {
        "glyr_nS": (
            0.0,
            0.125,
            0.25,
            0.375,
            0.5,
            0.625,
            0.75,
            0.875,
            1.0,
            1.25,
            1.5,
            1.75,
            2.0,
            2.5,
            3.0,
            4.0,
            6.0,
            10.0,
        )
    },
    {"nmda_fraction": (0.0, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)},
    {"nmda_gain": (0.2, 0.4, 0.6, 0.8, 0.9, 1.0, *_FINE, 1.75, 2.0, 2.5, 3.0)},
)

EQUATIONS = (
    "C*dV/dt = g_leak*(E_leak - V) - g_ampa*a*V - g_nmda*gain*n*B*V + g_can*m*(E_can - V) + g_gly*(E_gly - V)",
    "B = 1/(1 + (Mg/K_mg)*exp(-a_mg*V))",
    "m = c^2/(1 + c^2)",
    "dc/dt = -c/t_c + k_nmda*I_nmda + k_spike*spikes",
    "n(t) = sum((exp(-t/t_decay) - exp(-t/t_rise))/peak)",
    "V > V_spike: V = V_reset for t_dead",
)

VOLLEYS = 15
"""Volleys of a train, as published."""
PUBLISHED = (4, 6, 8, 9, 10, 9, 10, 10, 10, 10, 11, 11, 11, 11, 11)
"""Spikes that follow each volley at 1 Hz and 1 mM in the model of Aguiar 2010 (fact f-602)."""
STEP_MS = 0.5
_STRIDE = 10
"""Steps between two looks at which lanes can still fire."""
_LONG_MS, _LONGER = 2.0, 0.05
"""Step of a lane that cannot fire before its next volley: so long, or this share of the time since the last."""


@dataclass
class _Cell:
    """Neurons on their way, each field (lanes,)."""

    place: NDArray[np.intp]
    p: Given
    v: Floats
    ampa: Floats
    rise: Floats
    decay: Floats
    calcium: Floats
    dead_ms: Floats
    since_ms: Floats

    def of(self, stay: NDArray[np.intp]) -> _Cell:
        """Some of them."""
        arrays = {name: each[stay] for name, each in vars(self).items() if name != "p"}
        return _Cell(p={name: each[stay] for name, each in self.p.items()}, **arrays)


@dataclass(frozen=True)
class _Step:
    """How long a step is, and what is left of each conductance and of calcium in the middle and at the end of it."""

    ms: Floats
    half: Mapping[str, Floats]
    whole: Mapping[str, Floats]

    def of(self, stay: NDArray[np.intp]) -> _Step:
        """That of some lanes."""
        parts = ({name: each[stay] for name, each in part.items()} for part in (self.half, self.whole))
        return _Step(self.ms[stay], *parts)


def run(given: Given, step_ms: float = STEP_MS) -> dict[str, Floats]:
    """Spikes of a train of volleys, each (lanes,).

    Parameters
    ----------
    given : inputs (``mg_mM``, ``rate_Hz``, ``glyr_nS``, ``nmda_fraction``, ``nmda_gain``) and parameters by id, each
        (lanes,); ``member`` picks the set of conductances.

    Returns
    -------
    ``total_spikes``, ``first_spikes`` (after the first volley), ``last_spikes`` (mean of the last three), ``growth``
    (last less first) and ``slope`` (spikes a volley over the first eight).

    Raises
    ------
    SolveError
        A lane has no finite voltage; the lane is named.
    """
    spikes = trains({**given, **member_values(given["member"])}, step_ms)
    last = (spikes[:, -3] + spikes[:, -2] + spikes[:, -1]) / 3.0
    order = np.arange(8) - 3.5
    return {
        "total_spikes": spikes.sum(axis=1),
        "first_spikes": spikes[:, 0],
        "last_spikes": last,
        "growth": last - spikes[:, 0],
        "slope": (spikes[:, :8] * order).sum(axis=1) / (order * order).sum(),
    }


def trains(p: Given, step_ms: float = STEP_MS) -> Floats:
    """Spikes after each volley, (lanes, VOLLEYS), at inputs and parameters by id, each (lanes,)."""
    lanes = len(p["mg_mM"])
    spikes = np.zeros((lanes, VOLLEYS))
    zero = np.zeros(lanes)
    made = _constants(p)
    whole = _Cell(np.arange(lanes), made, p["E_leak"] + zero, *(zero.copy() for _ in range(6)))
    step = _step(made, made["period"] / np.ceil(made["period"] / (_STRIDE * step_ms)) / _STRIDE)
    for volley in range(VOLLEYS):
        whole.ampa, whole.since_ms = whole.ampa + 1.0, zero.copy()
        whole.rise, whole.decay = whole.rise + made["more"], whole.decay + made["more"]
        cell, own = whole.of(whole.place), step
        while cell.place.size:
            for _ in range(_STRIDE):
                fired = _stepped(cell, own)
                spikes[cell.place[fired], volley] += 1.0
            spikes[cell.place[~np.isfinite(cell.v)]] = np.nan
            stays = _may_fire(cell) & (cell.since_ms < cell.p["period"] - 0.5 * own.ms)
            _put(whole, cell.of(np.flatnonzero(~stays)))
            stay = np.flatnonzero(stays)
            if len(stay) < len(cell.place):
                cell, own = cell.of(stay), own.of(stay)
        _put(whole, _waited(whole.of(whole.place)))
    lost = np.flatnonzero(~np.isfinite(spikes).all(axis=1))
    if lost.size:
        raise SolveError(f"lane {lost[0]}: the voltage of the neuron is no number; no number is given")
    return spikes


def _constants(p: Given) -> dict[str, Floats]:
    """What stays as it is through a train."""
    rise, decay, fires = p["t_rise"], p["t_decay"], p["V_spike"]
    at = rise * decay / (decay - rise) * np.log(decay / rise)
    nmda = p["g_nmda"] * p["nmda_gain"] * p["nmda_fraction"]
    most = nmda / (1.0 + p["mg_mM"] / p["K_mg"] * np.exp(-p["a_mg"] * fires))
    own = ("g_ampa", "g_can", "E_can", "C", "V_spike", "V_reset", "t_dead", "k_spike", "a_mg")
    return {name: p[name] for name in (*own, "t_ampa", "t_rise", "t_decay", "t_c")} | {
        "period": 1000.0 / p["rate_Hz"],
        "more": 1.0 / (np.exp(-at / decay) - np.exp(-at / rise)),
        "nmda": nmda,
        "nmda_most": most,
        "brings": 1e-3 * p["k_nmda"],
        "brings_most": 1e-3 * p["k_nmda"] * most * np.abs(fires),
        "mg": p["mg_mM"] / p["K_mg"],
        "g_rest": p["g_leak"] + p["glyr_nS"],
        "pull_rest": p["g_leak"] * p["E_leak"] + p["glyr_nS"] * p["E_gly"],
    }


def _step(p: Given, ms: Floats) -> _Step:
    times = {name: p[f"t_{name}"] for name in ("ampa", "rise", "decay", "c")}
    half = {name: np.exp(-0.5 * ms / time) for name, time in times.items()}
    return _Step(ms, half, {name: each * each for name, each in half.items()})


def _may_fire(cell: _Cell) -> NDArray[np.bool_]:
    """Whether a lane can fire before its next volley: what opens only shuts from here, but calcium may still come in.

    Calcium cannot pass what all that is left of the NMDA conductance would bring at the voltage of a spike.
    """
    p = cell.p
    left = np.maximum(cell.decay * p["t_decay"] - cell.rise * p["t_rise"], 0.0)
    most = cell.calcium + p["brings_most"] * left
    can = p["g_can"] - p["g_can"] / (1.0 + most * most)
    nmda = p["nmda_most"] * (cell.decay - cell.rise)
    goal = (p["pull_rest"] + can * p["E_can"]) / (p["g_rest"] + p["g_ampa"] * cell.ampa + can + nmda)
    return (np.maximum(goal, cell.v) > p["V_spike"] - 0.1) | (cell.dead_ms > 0.0)


def _waited(cell: _Cell) -> _Cell:
    """Lanes that cannot fire, at their next volley: the same equations in long steps, each lane's its own."""
    done = cell
    while cell.place.size:
        left = cell.p["period"] - cell.since_ms
        stay = np.flatnonzero(left > 1e-6)
        if len(stay) < len(cell.place):
            _put(done, cell)
            cell, left = cell.of(stay), left[stay]
        _moved(cell, _step(cell.p, np.minimum(np.maximum(_LONG_MS, _LONGER * cell.since_ms), left)), 0.0)
    return done


def _put(whole: _Cell, moved: _Cell) -> None:
    """Write some lanes back to where they belong."""
    for name in ("v", "ampa", "rise", "decay", "calcium", "dead_ms", "since_ms"):
        getattr(whole, name)[moved.place] = getattr(moved, name)


def _stepped(cell: _Cell, step: _Step) -> NDArray[np.intp]:
    """Advance by one step; which lanes fire."""
    p, before = cell.p, cell.v
    dead = np.minimum(cell.dead_ms, step.ms)
    cell.dead_ms = cell.dead_ms - dead
    _moved(cell, step, dead)
    fired = np.flatnonzero(cell.v > p["V_spike"])
    if fired.size:
        # The spike falls inside the step: what is left of the step is already dead time.
        start = before[fired]
        part = (cell.v[fired] - p["V_spike"][fired]) / (cell.v[fired] - start)
        cell.dead_ms[fired] = p["t_dead"][fired] - part * (step.ms - dead)[fired]
        cell.v[fired] = p["V_reset"][fired]
        cell.calcium[fired] += p["k_spike"][fired]
    return fired


def _moved(cell: _Cell, step: _Step, dead_ms: Floats | float) -> None:
    """One step of second order: the voltage of its middle sets the block, and what flows is solved exactly.

    For `dead_ms` of the step the voltage stays where it is.
    """
    p, half, whole = cell.p, step.half, step.whole
    nmda = p["nmda"] * (cell.decay * half["decay"] - cell.rise * half["rise"])
    open_ = nmda / (1.0 + p["mg"] * np.exp(-p["a_mg"] * cell.v))
    kept = cell.calcium * half["c"]
    calcium = kept - 0.5 * step.ms * p["brings"] * open_ * cell.v
    can = p["g_can"] - p["g_can"] / (1.0 + calcium * calcium)
    shut = p["g_rest"] + p["g_ampa"] * (cell.ampa * half["ampa"]) + can
    pull = p["pull_rest"] + can * p["E_can"]
    free = (dead_ms - step.ms) / p["C"]
    goal = pull / (shut + open_)
    middle = goal + (cell.v - goal) * np.exp(0.5 * free * (shut + open_))
    open_ = nmda / (1.0 + p["mg"] * np.exp(-p["a_mg"] * middle))
    goal = pull / (shut + open_)
    cell.calcium = half["c"] * (kept - step.ms * p["brings"] * open_ * middle)
    cell.v = goal + (cell.v - goal) * np.exp(free * (shut + open_))
    cell.ampa, cell.rise, cell.decay = cell.ampa * whole["ampa"], cell.rise * whole["rise"], cell.decay * whole["decay"]
    cell.since_ms = cell.since_ms + step.ms


def keeps_the_pattern(p: Given) -> NDArray[np.bool_]:
    """Whether a set of conductances winds up as published, (lanes,).

    At 1 Hz and 1 mM the spikes after each volley stay within 1.5 of the published ones on the root mean square; at
    0.2 Hz, and without NMDA channels, the last volley is answered by at most one spike more than the first.
    """
    normal = {"rate_Hz": 1.0, "mg_mM": 1.0, "nmda_fraction": 1.0, "nmda_gain": 1.0, "glyr_nS": 1.0}

    def spikes(changed: Mapping[str, float]) -> Floats:
        shape = np.zeros_like(p[FREE[0]])
        return trains({**p, **{name: value + shape for name, value in (normal | dict(changed)).items()}})

    near = np.sqrt(((spikes({}) - np.array(PUBLISHED, dtype=np.float64)) ** 2).mean(axis=1)) < 1.5
    for found in (spikes({"rate_Hz": 0.2}), spikes({"nmda_fraction": 0.0})):
        near &= found[:, -1] - found[:, 0] <= 1.0
    return near
