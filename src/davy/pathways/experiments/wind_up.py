"""Wind-up: a dorsal-horn neuron that answers each volley of C fibres with more spikes than the one before.

A leaky integrate-and-fire neuron after Aguiar 2010, reduced to what they found sufficient: NMDA currents that outlast
the volley and sum, and a cation current that the calcium they bring keeps open for seconds. Magnesium blocks the NMDA
channel (Jahr 1990); glycine receptors and the leak pull against it. What is known does not fix the conductances, so
each draw is a member of an ensemble of sets, all of which keep the published pattern (`keeps_the_pattern`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from davy.errors import SolveError
from davy.pathways.experiments.wind_up_sets import FREE, member_values

Floats = NDArray[np.float64]
Given = Mapping[str, Floats]

GRID: Mapping[str, tuple[float, ...]] = MappingProxyType({"mg_mM": (0.4, 0.6, 0.8, 0.9, 1.0, 1.2, 1.6)})

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
STEP_MS = 0.1
_STRIDE = 50
"""Steps between two looks at what comes next."""
_LONG_MS = 2.0
"""Step of a lane that cannot fire before its next volley."""


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
    volley: NDArray[np.intp]

    def of(self, stay: NDArray[np.intp]) -> _Cell:
        """Some of them."""
        arrays = {name: each[stay] for name, each in vars(self).items() if name != "p"}
        return _Cell(p={name: each[stay] for name, each in self.p.items()}, **arrays)


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
    period = 1000.0 / p["rate_Hz"]
    dt = period / np.ceil(period / (_STRIDE * step_ms)) / _STRIDE
    kept = {f"keep_{name}": np.exp(-dt / p[f"t_{name}"]) for name in ("ampa", "rise", "decay", "c")}
    made = {**p, **kept, "dt": dt, "period": period, "peak": _peak(p["t_rise"], p["t_decay"])}
    cell = _Cell(
        np.arange(lanes), made, p["E_leak"] + zero, zero, zero, zero, zero, zero, zero, np.zeros(lanes, np.intp)
    )
    cell = _struck(cell, np.ones(lanes, dtype=bool))
    while cell.place.size:
        for _ in range(_STRIDE):
            fired = _stepped(cell)
            if fired.any():
                spikes[cell.place[fired], cell.volley[fired]] += 1.0
        spikes[cell.place[~np.isfinite(cell.v)]] = np.nan
        cell = _onward(cell)
    lost = np.flatnonzero(~np.isfinite(spikes).all(axis=1))
    if lost.size:
        raise SolveError(f"lane {lost[0]}: the voltage of the neuron is no number; no number is given")
    return spikes


def _peak(rise: Floats, decay: Floats) -> Floats:
    """What a difference of exponentials is at its highest."""
    at = rise * decay / (decay - rise) * np.log(decay / rise)
    return np.exp(-at / decay) - np.exp(-at / rise)


def _struck(cell: _Cell, now: NDArray[np.bool_]) -> _Cell:
    """The same after a volley has come in to the lanes `now`."""
    more = now / cell.p["peak"]
    return replace(cell, ampa=cell.ampa + now, rise=cell.rise + more, decay=cell.decay + more)


def _onward(cell: _Cell) -> _Cell:
    """Let the next volley in where it is due, and leave out lanes that have had the last one."""
    p = cell.p
    still = np.flatnonzero(~_may_fire(cell))
    if still.size:
        _put(cell, still, _waited(cell.of(still)))
    due = cell.since_ms >= p["period"] - 0.5 * p["dt"]
    cell.volley = cell.volley + due
    cell.since_ms = np.where(due, 0.0, cell.since_ms)
    cell = _struck(cell, due)
    stay = np.flatnonzero(cell.volley < VOLLEYS)
    return cell if len(stay) == len(cell.place) else cell.of(stay)


def _may_fire(cell: _Cell) -> NDArray[np.bool_]:
    """Whether a lane can fire before its next volley: all that excites it only falls, so the present bound holds."""
    p = cell.p
    at_most = _nmda_ns(cell) / (1.0 + p["mg_mM"] / p["K_mg"] * np.exp(-p["a_mg"] * p["V_spike"]))
    return (_goal(cell, at_most)[0] > p["V_spike"] - 0.1) | (cell.v > p["V_spike"] - 0.1) | (cell.dead_ms > 0.0)


def _waited(cell: _Cell) -> _Cell:
    """Lanes that cannot fire, at their next volley: the same equations in long steps."""
    p = cell.p
    left = np.maximum(p["period"] - cell.since_ms, 0.0)
    steps = max(1, int(np.ceil(left.max() / _LONG_MS)))
    dt = left / steps
    keep = {name: np.exp(-dt / p[f"t_{name}"]) for name in ("ampa", "rise", "decay", "c")}
    for _ in range(steps):
        cell.ampa, cell.rise, cell.decay = (
            cell.ampa * keep["ampa"],
            cell.rise * keep["rise"],
            cell.decay * keep["decay"],
        )
        nmda = _nmda_ns(cell) / (1.0 + p["mg_mM"] / p["K_mg"] * np.exp(-p["a_mg"] * cell.v))
        goal, whole = _goal(cell, nmda)
        cell.calcium = cell.calcium * keep["c"] - 1e-3 * dt * p["k_nmda"] * nmda * cell.v
        cell.v = goal + (cell.v - goal) * np.exp(-dt * whole / p["C"])
    cell.since_ms = cell.since_ms + left
    return cell


def _put(cell: _Cell, lanes: NDArray[np.intp], moved: _Cell) -> None:
    for name in ("v", "ampa", "rise", "decay", "calcium", "since_ms"):
        values = getattr(cell, name).copy()
        values[lanes] = getattr(moved, name)
        setattr(cell, name, values)


def _goal(cell: _Cell, nmda: Floats) -> tuple[Floats, Floats]:
    """The voltage that the open conductances pull to [mV], and their sum [nS]."""
    p = cell.p
    square = cell.calcium * cell.calcium
    can = p["g_can"] * square / (1.0 + square)
    whole = p["g_leak"] + p["g_ampa"] * cell.ampa + nmda + can + p["glyr_nS"]
    return (p["g_leak"] * p["E_leak"] + can * p["E_can"] + p["glyr_nS"] * p["E_gly"]) / whole, whole


def _stepped(cell: _Cell) -> NDArray[np.bool_]:
    """Advance by one step; which lanes fire."""
    p, dt = cell.p, cell.p["dt"]
    cell.ampa, cell.rise = cell.ampa * p["keep_ampa"], cell.rise * p["keep_rise"]
    cell.decay = cell.decay * p["keep_decay"]
    nmda = _nmda_ns(cell) / (1.0 + p["mg_mM"] / p["K_mg"] * np.exp(-p["a_mg"] * cell.v))
    goal, whole = _goal(cell, nmda)
    cell.calcium = cell.calcium * p["keep_c"] - 1e-3 * dt * p["k_nmda"] * nmda * cell.v
    free = cell.dead_ms <= 0.0
    after = np.where(free, goal + (cell.v - goal) * np.exp(-dt * whole / p["C"]), p["V_reset"])
    fired = after > p["V_spike"]
    # The spike falls inside the step: what is left of the step is already dead time.
    part = (p["V_spike"] - cell.v) / np.where(fired, after - cell.v, 1.0)
    cell.dead_ms = np.where(fired, p["t_dead"] - (1.0 - part) * dt, np.maximum(cell.dead_ms - dt, 0.0))
    cell.v = np.where(fired, p["V_reset"], after)
    cell.calcium = cell.calcium + np.where(fired, p["k_spike"], 0.0)
    cell.since_ms = cell.since_ms + dt
    return fired


def _nmda_ns(cell: _Cell) -> Floats:
    """NMDA conductance if nothing blocked it [nS]."""
    p = cell.p
    return p["g_nmda"] * p["nmda_gain"] * p["nmda_fraction"] * (cell.decay - cell.rise)


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
