"""Travelling waves of ``u_t = D u_xx + f(u, h)``, ``h_t = g(u, h)``: the speed at which one keeps its shape.

In a frame that goes with the wave its slope ``p = -u'`` is a function of `u`: ``D p p_u = c p - f``, ``c p h_u = g``,
and p leaves the rest along its one steep direction. Too slow a frame brings the slope to nothing before `u` is as high
as it can get, too fast a frame never does: the speed lies where the two part, the highest if there are several. No
space or time is cut; lanes and trial speeds stand side by side, and each lane is computed as if it were alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.pathways.experiments.fronts import Floats, Lanes, Medium

_LEAST = 0.02
"""The slowest wave looked for, of the fastest that there can be: 2 sqrt(D steepest)."""
_FIRST, _THEN = 32, 8
"""Trial speeds side by side, first and in each turn after it."""
_FLAT = 1e-6
"""The slope below which no time is counted [mM/mm]."""
_HASTE = 0.05
"""A wave is slow where, while the front passes, more than this share of the recovery's own time goes by."""
_BACK, _STEPS_BACK = 0.1, 1000
"""Steps on the way back, of the shortest length in the wave, and how many at most."""
_BLOCK = 256
"""Lanes run together: few enough to stay in the cache."""


@dataclass(frozen=True)
class Cut:
    """How finely the level is cut, and how often the bracket of the speed is cut in nine."""

    steps: int = 150
    turns: int = 6


def wave_speeds(medium: Medium, cut: Cut = Cut()) -> tuple[Floats, Floats]:
    """Speed of the wave [mm/s] and highest `u` in it, each (lanes,); NaN where none runs.

    `f` and `g` have to be straight in `h`, as those of every medium here are.
    """
    lanes = np.arange(len(medium.rest))
    blocks = [_Shots(medium.of(lanes[i : i + _BLOCK]), cut).answer() for i in range(0, len(lanes), _BLOCK)]
    speed, peak = (np.concatenate(part) for part in zip(*blocks, strict=True))
    return speed, peak


class _Shots:
    """Trial speeds of some lanes: rates on a line of levels, and what becomes of a slope on it."""

    def __init__(self, medium: Medium, cut: Cut) -> None:
        self._cut = cut
        self._lanes = len(medium.rest)
        rest, self._excited = medium.rest, medium.excited
        self._rest, self._diffusion = rest, medium.diffusion
        self._step = (self._excited - rest) / cut.steps
        levels = rest + 0.5 * self._step * np.arange(2 * cut.steps + 1)
        none = np.zeros_like(levels)
        du, dh = medium.rates(levels, none)
        du_less, dh_less = medium.rates(levels, none + 1.0)
        # (nodes, lanes, 1): one node is one block of memory.
        self._f, self._f_h = _by_node(du), _by_node(du - du_less)
        self._g, self._g_h = _by_node(dh), _by_node(dh - dh_less)
        small = 1e-5 * (self._excited - rest)
        near = rest + small * np.arange(3)
        self._slope = medium.rates(near, np.zeros_like(near))[0][:, 1:2] / small
        self._critical, self._steepest = medium.critical, medium.steepest
        self._failing = dh.max(axis=1, keepdims=True)
        self._fastest = 2.0 * np.sqrt(medium.diffusion * medium.steepest)

    def answer(self) -> tuple[Floats, Floats]:
        """Speed and highest `u`."""
        speeds = self._fastest * np.geomspace(_LEAST, 1.05, _FIRST)
        there, low, high, peak = _parting(speeds, self._tops(speeds))
        for _ in range(self._cut.turns):
            speeds = low[:, None] + (high - low)[:, None] * (np.arange(_THEN) + 1.0) / (_THEN + 1.0)
            ends = np.concatenate((low[:, None], speeds, high[:, None]), axis=1)
            tops = np.concatenate((peak[:, None], self._tops(speeds), np.full_like(peak, np.nan)[:, None]), axis=1)
            _, low, high, peak = _parting(ends, tops)
        return np.where(there, 0.5 * (low + high), np.nan), np.where(there, peak, np.nan)

    def _tops(self, speed: Floats) -> Floats:
        """How high `u` gets where it comes down again, (lanes, speeds); NaN where the frame is too fast for that."""
        d, step = self._diffusion, self._step
        square = speed * speed - 4.0 * d * self._slope
        going = square >= 0.0
        steep = (speed + np.sqrt(np.maximum(square, 0.0))) / (2.0 * d)
        # The first half step is the straight line; from there on each step goes over two nodes.
        energy = 0.5 * (0.5 * step * steep) ** 2
        h, turned = np.zeros_like(energy), np.zeros_like(energy)
        top = np.where(going, np.nan, self._rest)
        for node in range(1, 2 * self._cut.steps - 2, 2):
            before, failed = energy, h
            energy, h = self._over(node, energy, h, speed)
            ends = going & (energy <= 0.0)
            if ends.any():
                up = step * before / np.where(ends, before - energy, 1.0)
                time = 2.0 * up / (speed * np.maximum(np.sqrt(2.0 * before), _FLAT))
                top = np.where(ends, self._rest + 0.5 * step * node + up, top)
                turned = np.where(ends, self._failed(node + 1, failed, time), turned)
                going &= ~ends
                if not going.any():
                    break
            energy = np.where(going, energy, 1.0)
        slow = np.isfinite(top) & (square >= 0.0) & (d * self._failing > _HASTE * speed * speed)
        lane, trial = np.nonzero(slow)
        if lane.size:
            back = ~self._falls(lane, top[slow], turned[slow], speed[slow])
            top[lane[back], trial[back]] = np.nan
        return top

    def _falls(self, lane: Lanes, u: Floats, h: Floats, speed: Floats) -> NDArray[np.bool_]:
        """Whether `u` comes all the way down once it has turned: what fails behind a slow front may drive it up again.

        Each argument is (trials,); the way back is cut in space.
        """
        falls = np.ones(len(lane), dtype=bool)
        place, p = np.arange(len(lane)), np.zeros(len(lane))
        d, critical = self._diffusion[lane, 0], self._critical[lane, 0]
        ds = _BACK * np.sqrt(d / self._steepest[lane, 0])

        def on(u: Floats, p: Floats, h: Floats) -> tuple[Floats, Floats, Floats]:
            f, g = self._rates_at(lane, u, h)
            return p, (speed * p - f) / d, g / speed

        for _ in range(_STEPS_BACK):
            u1, p1, h1 = on(u, p, h)
            u2, p2, h2 = on(u + 0.5 * ds * u1, p + 0.5 * ds * p1, h + 0.5 * ds * h1)
            u, p, h = u + ds * u2, p + ds * p2, h + ds * h2
            up = p > 0.0
            falls[place[up]] = False
            stay = np.flatnonzero(~up & (u > critical))
            if len(stay) < len(place):
                place, lane, u, p, h = place[stay], lane[stay], u[stay], p[stay], h[stay]
                d, critical, speed, ds = d[stay], critical[stay], speed[stay], ds[stay]
                if not len(place):
                    break
        return falls

    def _rates_at(self, lane: Lanes, u: Floats, h: Floats) -> tuple[Floats, Floats]:
        """Rates of `u` and `h`, straight between the nodes."""
        at = np.clip(2.0 * (u - self._rest[lane, 0]) / self._step[lane, 0], 0.0, 2.0 * self._cut.steps - 1.0)
        node = at.astype(np.intp)
        share = at - node
        f, f_h, g, g_h = (
            each[node, lane, 0] * (1.0 - share) + each[node + 1, lane, 0] * share
            for each in (self._f, self._f_h, self._g, self._g_h)
        )
        return f - f_h * h, g - g_h * h

    def _over(self, node: int, energy: Floats, h: Floats, speed: Floats) -> tuple[Floats, Floats]:
        """Half the square of the slope, and `h`, two nodes on."""
        step, d = self._step, self._diffusion
        begin = np.sqrt(2.0 * energy)
        half = self._failed(node, h, 0.5 * step / (speed * np.maximum(begin, _FLAT)))
        f0, f1, f2 = (self._f[at] - self._f_h[at] * half for at in (node, node + 1, node + 2))
        k1 = speed * begin - f0
        k2 = speed * _slope(energy + 0.5 * step / d * k1) - f1
        k3 = speed * _slope(energy + 0.5 * step / d * k2) - f1
        middle = _slope(energy + 0.5 * step / d * k3)
        k4 = speed * _slope(energy + step / d * k3) - f2
        after = energy + step / (6.0 * d) * (k1 + 2.0 * (k2 + k3) + k4)
        return after, self._failed(node + 1, h, step / (speed * np.maximum(middle, _FLAT)))

    def _failed(self, node: int, h: Floats, time: Floats) -> Floats:
        """`h` after some time at the rates of a node, by its mean."""
        gain, loss = time * self._g[node], 0.5 * time * self._g_h[node]
        return (h * (1.0 - loss) + gain) / (1.0 + loss)


def _slope(energy: Floats) -> Floats:
    return np.sqrt(2.0 * np.maximum(energy, 0.0))


def _by_node(values: Floats) -> Floats:
    return np.ascontiguousarray(values.T)[:, :, None]


def _parting(speed: Floats, top: Floats) -> tuple[NDArray[np.bool_], Floats, Floats, Floats]:
    """Whether there is a wave, between which two speeds, and how high the slower one gets, each (lanes,)."""
    slow = np.isfinite(top)
    slow[:, -1] = False
    there: NDArray[np.bool_] = np.asarray(slow.any(axis=1))
    last: Lanes = np.where(there, slow.shape[1] - 1 - np.argmax(slow[:, ::-1], axis=1), 0)
    row = np.arange(len(last))
    return there, speed[row, last], speed[row, np.minimum(last + 1, slow.shape[1] - 1)], top[row, last]
