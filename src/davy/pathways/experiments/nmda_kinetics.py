"""How fast magnesium leaves the NMDA channel: ten states, with magnesium at home in all of them.

The scheme of Kampa 2004: unbound, closed, open and twice desensitised, each with and without magnesium. Only the open
pore lets it in and out quickly; a channel that closes on it keeps it, and opens less readily. A patch is held at a
voltage, glutamate comes, and after a delay the voltage is stepped: current then rises in a fast part (the pore clears)
and slower ones (channels that had closed on magnesium). Rates are constant between steps, so each phase is solved
exactly by the eigenvectors of its own matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from davy.errors import SolveError

Floats = NDArray[np.float64]

GRID: Mapping[str, tuple[float, ...]] = MappingProxyType({"mg_mM": (0.1, 0.3, 0.6, 0.8, 1.0, 1.5, 2.0, 4.0)})
QUICK = True

EQUATIONS = (
    "dx/dt = A(V, Mg, Glu)*x",
    "k_block = k_on*Mg*exp(-2*delta*(V - V_0)/V_T)",
    "k_unblock = k_off*exp(2*(1 - delta)*(V - V_0)/V_T)",
    "U <-> C <-> O, C <-> D1 <-> D2",
    "UM <-> CM <-> OM, CM <-> D1M <-> D2M",
    "U <-> UM, C <-> CM, O <-> OM, D1 <-> D1M, D2 <-> D2M",
    "I(t) = sum(a_k*(1 - exp(-t/tau_k)))",
)

_STATES = ("U", "C", "O", "D1", "D2", "UM", "CM", "OM", "D1M", "D2M")
_OPEN, _BLOCKED = _STATES.index("O"), _STATES.index("OM")
_BANDS = {"fast": (0.0, 1.0), "medium": (1.0, 30.0), "slow": (30.0, 3000.0)}
"""Time constants that belong together [ms]."""
_EXACT = 1e-7
"""How well a solved phase has to reproduce its start."""


@dataclass(frozen=True)
class _Phase:
    """A stretch at constant rates: time constants [1/ms] and the weight of each in every state."""

    rate: Floats
    weight: Floats

    def at(self, ms: Floats) -> Floats:
        """Share of channels in each state after `ms`, (lanes, states)."""
        return (self.weight * np.exp(-self.rate * ms[:, None])[:, None, :]).sum(axis=2)


def run(given: Mapping[str, Floats]) -> dict[str, Floats]:
    """Time constants of unblock and what they carry, each (lanes,).

    Parameters
    ----------
    given : inputs (``mg_mM``, ``glutamate_mM``, ``v_mV`` held, ``step_mV``, ``delay_ms`` from glutamate to the step)
        and rates by id [1/ms, 1/(mM ms)], each (lanes,).

    Returns
    -------
    ``fast_unblock_ms``, ``medium_unblock_ms``, ``slow_unblock_ms`` (NaN where a part carries under 0.1 % of the rise),
    ``fast_share`` of the rise, ``open_probability`` at the end of it, and ``unblocked_fraction`` of open channels at
    the voltage held.

    Raises
    ------
    SolveError
        The rates of a lane have no well-posed solution; the lane is named.
    """
    lanes = len(given["mg_mM"])
    rest = _matrix(given, given["v_mV"], np.zeros(lanes))
    start = np.zeros((lanes, len(_STATES)))
    start[:, 0] = 1.0
    settled = _solved(rest, start).at(np.full(lanes, 1e7))
    bound = _solved(_matrix(given, given["v_mV"], given["glutamate_mM"]), settled).at(given["delay_ms"])
    step = _solved(_matrix(given, given["step_mV"], given["glutamate_mM"]), bound)
    out = _parts(step)
    out["open_probability"] = _peak(step)
    out["unblocked_fraction"] = bound[:, _OPEN] / (bound[:, _OPEN] + bound[:, _BLOCKED])
    return out


def _matrix(given: Mapping[str, Floats], volts: Floats, glutamate: Floats) -> Floats:
    """Rates from each state (column) to each other (row), (lanes, states, states) [1/ms]."""
    share = given["delta"]
    turn = 2.0 * (volts - given["V_0"]) / given["V_T"]
    enters, leaves = given["mg_mM"] * np.exp(-share * turn), np.exp((1.0 - share) * turn)
    found = np.zeros((len(volts), len(_STATES), len(_STATES)))

    def between(one: str, other: str, there: Floats, back: Floats) -> None:
        i, j = _STATES.index(one), _STATES.index(other)
        for a, b, rate in ((i, j, there), (j, i, back)):
            found[:, b, a] += rate
            found[:, a, a] -= rate

    for m in ("", "M"):
        tail = "_mg" if m else ""
        between(f"U{m}", f"C{m}", given[f"bind{tail}"] * glutamate, given[f"unbind{tail}"])
        between(f"C{m}", f"O{m}", given[f"open{tail}"], given[f"close{tail}"])
        between(f"C{m}", f"D1{m}", given[f"desensitise_1{tail}"], given[f"resensitise_1{tail}"])
        between(f"D1{m}", f"D2{m}", given[f"desensitise_2{tail}"], given[f"resensitise_2{tail}"])
    for state in ("U", "C", "O", "D1", "D2"):
        key = "open" if state == "O" else "shut"
        between(state, f"{state}M", given[f"block_{key}"] * enters, given[f"unblock_{state}"] * leaves)
    return found


def _solved(matrix: Floats, start: Floats) -> _Phase:
    value, vector = np.linalg.eig(matrix)
    weight = vector * np.linalg.solve(vector, start[:, :, None].astype(vector.dtype))[:, None, :, 0]
    off = np.abs(weight.sum(axis=2) - start).max(axis=1)
    bad = np.flatnonzero(~(off < _EXACT) | (np.abs(np.imag(value)).max(axis=1) > 1e-6))
    if bad.size:
        raise SolveError(f"lane {bad[0]}: the rates of the channel have no well-posed solution; no number is given")
    return _Phase(np.maximum(-np.real(value), 0.0), np.real(weight))


def _parts(step: _Phase) -> dict[str, Floats]:
    """Time constant of each part of the rise, weighted by what it carries, and the share of the fast one."""
    carried = np.abs(step.weight[:, _OPEN, :])
    with np.errstate(divide="ignore"):
        tau = 1.0 / step.rate
    moving = np.where(tau < _BANDS["slow"][1], carried, 0.0)
    whole = moving.sum(axis=1)
    out: dict[str, Floats] = {}
    for name, (low, high) in _BANDS.items():
        part = np.where((tau >= low) & (tau < high), carried, 0.0)
        sum_ = part.sum(axis=1)
        log_tau = np.log(np.where(part > 0.0, tau, 1.0))
        mean = np.exp((part * log_tau).sum(axis=1) / np.where(sum_ > 0.0, sum_, 1.0))
        out[f"{name}_unblock_ms"] = np.where(sum_ > 1e-3 * whole, mean, np.nan)
        out[f"{name}_share"] = sum_ / whole
    return out


def _peak(step: _Phase) -> Floats:
    """The highest open probability within 100 ms of the step."""
    times = np.concatenate(([0.0], np.geomspace(0.02, 100.0, 60)))
    return np.max([step.at(np.full(len(step.rate), ms))[:, _OPEN] for ms in times], axis=0)


ANCHORS: Mapping[str, Callable[[], float]] = MappingProxyType({})
