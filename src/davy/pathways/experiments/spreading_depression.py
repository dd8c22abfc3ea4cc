"""Spreading depression in one dimension: a wave of potassium that leaves the neurons, and how magnesium holds it.

Extracellular potassium diffuses, depolarises neurons, and is released by them through what glutamate opens: the NMDA
channel, which magnesium blocks, and what magnesium does not block. The scheme of Zandt 2013 (threshold, release,
removal, diffusion) with a release that knows magnesium on both sides of the synapse: inside the pore (Jahr 1990), and
against calcium at the terminal (Dodge 1967). One variable stands for glia, chloride, volume and pumps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from davy.pathways.experiments.fronts import Drop, Floats, Lanes, Medium, Mesh, front_speeds, ignition_levels
from davy.pathways.experiments.waves import wave_speeds

GRID: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {"mg_mM": (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0)}
)
ALSO: tuple[Mapping[str, tuple[float, ...]], ...] = (
    {"drop_mm": (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6)},
    {"hold_s": (1.0, 1.5, 2.0, 3.0, 5.0, 9.0, 30.0)},
)
KEPT = ("ignition_share",)
NEAR = ("mg_mM", "ca_mM", "nmda_fraction", "presynaptic")
AT_ONCE = 81

EQUATIONS = (
    "u_t = D*u_xx + (g_nmda*open*q*s*B + g_other*m)*(1 - u/K_max)*(1 - h) - J_rest - removal",
    "removal = V_pump*(u - K_rest)/(K_pump + abs(u - K_rest)) + k_wash*(u - K_rest)",
    "V = RT_F*ln((u + p_na*Na)/K_in)",
    "s = 1/(1 + exp(-(V - V_s)/k_s))",
    "m = 1/(1 + exp(-(V - V_m)/k_m))",
    "B = 1/(1 + (Mg/K_mg)*exp(-V/V_mg))",
    "q = ((Ca/K_ca)/(1 + Ca/K_ca + Mg/K_pre))^4 / ((Ca_ref/K_ca)/(1 + Ca_ref/K_ca + Mg_ref/K_pre))^4",
    "h_t = on*(1 - h)/t_fail - (1 - on)*h/t_recover",
    "on = 1/(1 + exp(-(u - K_fail)/k_fail))",
)

MM_PER_S = 60.0
"""mm/min in one mm/s."""
_DYING = 1.0
"""A wave so slow may need far more than its critical level to start [mm/min]."""
_LEVELS = 1025
"""Levels of potassium between rest and saturation at which the sign of the net rate is looked for."""


@dataclass(frozen=True)
class Tissue:
    """Cortex at one magnesium, each field (lanes, 1)."""

    value: Mapping[str, Floats]
    critical: Floats
    excited: Floats
    steepest: Floats
    at_rest: Floats

    @property
    def diffusion(self) -> Floats:
        """Of potassium [mm2/s]."""
        return self.value["D"]

    @property
    def rest(self) -> Floats:
        """Potassium at rest [mM]."""
        return self.value["K_rest"]

    def rates(self, u: Floats, h: Floats) -> tuple[Floats, Floats]:
        """Rates of potassium [mM/s] and of the failed share [1/s]."""
        v = self.value
        on = 1.0 / (1.0 + np.exp((v["K_fail"] - u) / v["k_fail"]))
        fails = on * (1.0 - h) / v["t_fail"] - (1.0 - on) * h / v["t_recover"]
        return release(v, u) * (1.0 - h) - self.at_rest - removal(v, u), fails

    def of(self, lanes: Lanes) -> Medium:
        """The same for some lanes."""
        value = {name: each[lanes] for name, each in self.value.items()}
        return Tissue(value, self.critical[lanes], self.excited[lanes], self.steepest[lanes], self.at_rest[lanes])


def presynaptic(v: Mapping[str, Floats]) -> Floats:
    """Glutamate released at this calcium and magnesium, relative to the reference: the fourth power of what binds."""

    def bound(ca: Floats, mg: Floats) -> Floats:
        return (ca / v["K_ca"]) / (1.0 + ca / v["K_ca"] + mg / v["K_pre"])

    ratio = bound(v["ca_mM"], v["mg_mM"]) / bound(v["Ca_ref"], v["Mg_ref"])
    return np.where(v["presynaptic"] > 0.0, ratio * ratio * ratio * ratio, 1.0)


def release(v: Mapping[str, Floats], u: Floats) -> Floats:
    """Potassium that leaves the neurons [mM/s] where it stands at `u` outside them."""
    volts = v["RT_F"] * np.log((u + v["p_na"] * v["Na"]) / v["K_in"])
    open_ = 1.0 / (1.0 + np.exp((v["V_s"] - volts) / v["k_s"]))
    block = 1.0 / (1.0 + v["mg_mM"] / v["K_mg"] * np.exp(-volts / v["V_mg"]))
    other = 1.0 / (1.0 + np.exp((v["V_m"] - volts) / v["k_m"]))
    full = np.maximum(0.0, 1.0 - u / v["K_max"])
    return (v["gate"] * open_ * block + v["g_other"] * other) * full


def removal(v: Mapping[str, Floats], u: Floats) -> Floats:
    """Potassium taken up by pumps and washed away [mM/s], beyond what rest takes."""
    over = u - v["K_rest"]
    return v["V_pump"] * over / (v["K_pump"] + np.abs(over)) + v["k_wash"] * over


def tissue(given: Mapping[str, Floats]) -> Tissue:
    """Cortex with these inputs and parameters, each (lanes,), and the levels between which a wave runs."""
    value = {name: np.asarray(each, dtype=np.float64).reshape(-1, 1) for name, each in given.items()}
    value["gate"] = value["g_nmda"] * value["nmda_fraction"] * presynaptic(value)
    at_rest = release(value, value["K_rest"])
    share = np.linspace(0.0, 1.0, _LEVELS)
    levels = value["K_rest"] + (value["K_max"] - value["K_rest"]) * share
    net = release(value, levels) - at_rest - removal(value, levels)
    climbs = net > 0.0
    climbs[:, 0] = False
    some = climbs.any(axis=1)
    first: Lanes = np.where(some, np.argmax(climbs, axis=1), _LEVELS - 1)
    last: Lanes = np.where(some, _LEVELS - 1 - np.argmax(climbs[:, ::-1], axis=1), _LEVELS - 1)
    critical = np.where(first > 1, _root(levels, net, first - 1), value["K_rest"][:, 0])
    excited = np.where(last < _LEVELS - 1, _root(levels, net, np.minimum(last, _LEVELS - 2)), value["K_max"][:, 0])
    steepest = (np.abs(np.diff(net, axis=1)) / np.diff(levels, axis=1)).max(axis=1, keepdims=True)
    return Tissue(value, critical[:, None], excited[:, None], steepest, at_rest)


def _root(levels: Floats, net: Floats, left: Lanes) -> Floats:
    """Where `net` crosses zero between `left` and the next level, by the secant."""
    row = np.arange(len(left))
    a, b = net[row, left], net[row, left + 1]
    gap = np.where(a == b, 1.0, b - a)
    return levels[row, left] - a * (levels[row, left + 1] - levels[row, left]) / gap


def run(given: Mapping[str, Floats], mesh: Mesh = Mesh()) -> dict[str, Floats]:  # noqa: B008
    """Speed, ignition and plateau, each (lanes,).

    Parameters
    ----------
    given : inputs (``mg_mM``, ``ca_mM``, ``nmda_fraction``, ``presynaptic``, ``drop_mm``, ``hold_s``) and parameters
        by id, each (lanes,).

    Returns
    -------
    ``speed_mm_per_min``, ``ignition_mM`` and ``plateau_mM`` (NaN where no wave runs), ``wave`` and ``spontaneous``
    (1 or 0). Where rest itself is unstable the tissue ignites at its resting level. ``ignition_share`` is how far
    ignition lies from the level at which tissue climbs by itself toward the excited one.

    Raises
    ------
    SolveError
        A stimulus is undecided after 900 s; the lane is named.
    """
    cortex = tissue(given)
    out, tried = _wave(cortex)
    share = np.full(len(tried), np.nan)
    share[tried] = _shares(given, cortex, tried, mesh)
    return _ignited(out, cortex, share)


def near(given: Mapping[str, Floats], kept: Mapping[str, Floats]) -> dict[str, Floats]:
    """The same, where neither the drop nor its time is other than kept: the line is not run again.

    The wave is solved anew. By how much ignition lies above the level at which tissue climbs by itself hangs on the
    wave's speed, whatever sets that: it is read from the lane's own ``ignition_share`` at the speed, (lanes, points).
    Only for a wave about to die, slower than any that is kept, is the line run.
    """
    cortex = tissue(given)
    out, tried = _wave(cortex)
    share = np.full(len(tried), np.nan)
    for lane in np.flatnonzero(tried):
        share[lane] = _at_speed(out["speed_mm_per_min"][lane], kept["speed_mm_per_min"][lane], kept[KEPT[0]][lane])
    alone = tried & np.isnan(share)
    share[alone] = _shares(given, cortex, alone, Mesh())
    return _ignited(out, cortex, share)


def _wave(cortex: Tissue) -> tuple[dict[str, Floats], NDArray[np.bool_]]:
    """What the wave itself tells, and in which lanes it waits for a stimulus."""
    able = np.flatnonzero(cortex.critical[:, 0] < cortex.excited[:, 0])
    out = {name: np.full(len(cortex.rest), np.nan) for name in ("speed_mm_per_min", "plateau_mM")}
    if able.size:
        speed, plateau = wave_speeds(cortex.of(able))
        out["speed_mm_per_min"][able], out["plateau_mM"][able] = MM_PER_S * speed, plateau
    wave = ~np.isnan(out["speed_mm_per_min"])
    spontaneous = wave & (cortex.critical[:, 0] <= cortex.rest[:, 0])
    told = {"wave": wave.astype(np.float64), "spontaneous": spontaneous.astype(np.float64)}
    return out | told, wave & ~spontaneous


def _shares(given: Mapping[str, Floats], cortex: Tissue, lanes: NDArray[np.bool_], mesh: Mesh) -> Floats:
    """``ignition_share`` of some lanes, by stimuli on the line."""
    tried = np.flatnonzero(lanes)
    if not tried.size:
        return np.zeros(0)
    found = ignition_levels(cortex.of(tried), mesh, Drop(given["drop_mm"][tried], given["hold_s"][tried]))
    return (found - cortex.critical[tried, 0]) / (cortex.excited - cortex.critical)[tried, 0]


def _ignited(out: dict[str, Floats], cortex: Tissue, share: Floats) -> dict[str, Floats]:
    level = (cortex.critical + (cortex.excited - cortex.critical) * share[:, None])[:, 0]
    ignition = np.where(out["spontaneous"] > 0.0, cortex.rest[:, 0], level)
    return out | {"ignition_mM": ignition, "ignition_share": share}


def _at_speed(speed: float, speeds: Floats, shares: Floats) -> float:
    """A share at a speed: logarithms, straight between the nearest two that are known and on beyond the last.

    NaN where fewer than two are known, or a dying wave is slower than all of them.
    """
    known = np.isfinite(speeds) & np.isfinite(shares)
    if known.sum() < 2 or speed < min(float(speeds[known].min()), _DYING):
        return float("nan")
    order = np.argsort(speeds[known])
    x, y = np.log(speeds[known][order]), np.log(shares[known][order])
    at = math.log(speed)
    right = min(max(int((x < at).sum()), 1), len(x) - 1)
    slope = float((y[right] - y[right - 1]) / (x[right] - x[right - 1]))
    return min(math.exp(float(y[right]) + slope * (at - float(x[right]))), 1.0)


@dataclass(frozen=True)
class McKean:
    """A front with a closed solution: release `rate` above `threshold`, loss in proportion; each field (lanes, 1)."""

    diffusion: Floats
    rate: Floats
    loss: Floats
    threshold: Floats

    @property
    def rest(self) -> Floats:
        """Ahead of the front."""
        return np.zeros_like(self.rate)

    @property
    def critical(self) -> Floats:
        """The threshold."""
        return self.threshold

    @property
    def excited(self) -> Floats:
        """Behind the front."""
        return self.rate / self.loss

    @property
    def steepest(self) -> Floats:
        """That of the loss."""
        return self.loss

    def rates(self, u: Floats, h: Floats) -> tuple[Floats, Floats]:
        """Rates of `u` and of nothing; the jump is averaged over its cell, so that it converges with the grid."""
        slope = np.abs(np.gradient(u, axis=1))
        share = np.clip(0.5 + (u - self.threshold) / np.maximum(slope, 1e-300), 0.0, 1.0)
        return self.rate * share - self.loss * u, np.zeros_like(h)

    def of(self, lanes: Lanes) -> Medium:
        """The same for some lanes."""
        return McKean(self.diffusion[lanes], self.rate[lanes], self.loss[lanes], self.threshold[lanes])

    def exact(self) -> NDArray[np.float64]:
        """Speed of the front [mm/s] by McKean's formula, (lanes,)."""
        share = self.threshold * self.loss / self.rate
        return (np.sqrt(self.diffusion * self.loss) * (1.0 - 2.0 * share) / np.sqrt(share - share * share))[:, 0]


def mckean_error(mesh: Mesh = Mesh()) -> float:  # noqa: B008
    """Relative error of the solver on McKean's front at the diffusion of cortex."""
    one = np.ones((1, 1))
    front = McKean(7.66e-4 * one, 20.0 * one, 0.5 * one, 10.0 * one)
    speed, _ = front_speeds(front, mesh)
    return float(speed[0] / front.exact()[0] - 1.0)


ANCHORS: Mapping[str, Callable[[], float]] = MappingProxyType({"mckean_error": mckean_error})
