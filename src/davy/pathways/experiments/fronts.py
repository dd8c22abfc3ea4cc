"""Fronts on a line: how fast one travels and what starts one, many lanes in one run, each with a clock of its own.

The medium is a half line with a mirror at its near end, ``u_t = D u_xx + f(u, h)``, with a recovery `h` that stays
where it is. Space is of fourth order and time of second: Heun's rule for a speed, read in a window that travels with
the front, and for a stimulus the stabilised rule of Runge, Kutta and Chebyshev, whose steps are longer. Lanes leave
when they have their answer. Arithmetic is elementwise, so no lane feels its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from davy.errors import SolveError

Floats = NDArray[np.float64]
Lanes = NDArray[np.intp]

_STABLE = 0.3
"""Largest dt D / dx^2 (the scheme is stable to 0.375), and largest dt times the slope of the rate."""
_FIRST_CUT = 1.0 / 64.0
"""Where the first trial of a threshold stands between its bounds: that of a wide drop is just above the lower one."""
_STAGES, _LEAP = 4, 4.0
"""Stages of a step of a stimulus, and how many steps of a front it may be long."""
_BLOCK = 96
"""Lanes run together: few enough to stay in the cache."""


class Medium(Protocol):
    """What happens at a point of the line, for each lane; every property is (lanes, 1)."""

    @property
    def diffusion(self) -> Floats:
        """Of `u` [mm2/s]."""
        ...

    @property
    def rest(self) -> Floats:
        """The level ahead of a front."""
        ...

    @property
    def critical(self) -> Floats:
        """The level above which `u` climbs by itself; where all is below it, all decays."""
        ...

    @property
    def excited(self) -> Floats:
        """The level behind a front."""
        ...

    @property
    def steepest(self) -> Floats:
        """The largest slope of the rate of `u` on `u` [1/s]."""
        ...

    def rates(self, u: Floats, h: Floats) -> tuple[Floats, Floats]:
        """What `u` and `h` change by without diffusion, each (lanes, points)."""
        ...

    def of(self, lanes: Lanes) -> Medium:
        """The same for some of the lanes."""
        ...


@dataclass(frozen=True)
class Mesh:
    """How finely space and time are cut, and how far they go.

    Attributes
    ----------
    dt_s : shortened for a lane whose diffusion or rates ask for it.
    window_mm : the window that follows a front, which stays in its middle.
    beyond_mm : how far the line goes on beyond a stimulus.
    longest_s : a lane that has no answer by then is an error, never a number.
    even_mm, even : a front runs evenly when its speeds over two stretches of `even_mm` differ by less than `even`.
    """

    dx_mm: float = 0.01
    dt_s: float = 0.033
    window_mm: float = 0.5
    beyond_mm: float = 0.3
    longest_s: float = 900.0
    even_mm: float = 0.1
    even: float = 2e-3


@dataclass(frozen=True)
class Drop:
    """A stimulus: `u` held at a level across `width_mm`, half of it this side of the mirror, for `hold_s`; (lanes,)."""

    width_mm: Floats
    hold_s: Floats

    def of(self, lanes: Lanes) -> Drop:
        """The same for some of the lanes."""
        return Drop(self.width_mm[lanes], self.hold_s[lanes])


def front_speeds(medium: Medium, mesh: Mesh) -> tuple[Floats, Floats]:
    """Speed of the front [mm/s] and highest `u` behind it, each (lanes,); NaN where none runs.

    Raises
    ------
    SolveError
        A front neither runs evenly nor dies within `mesh.longest_s`; the lane is named.
    """
    blocks = [_Run(medium, lanes, mesh).speeds() for lanes in _blocks(medium)]
    speed, peak = (np.concatenate(part) for part in zip(*blocks, strict=True))
    return speed, peak


def ignition_levels(medium: Medium, mesh: Mesh, drop: Drop, trials: int = 7) -> Floats:
    """The lowest level of a drop that starts a front, (lanes,); NaN where not even `excited` starts one.

    It is told as `critical` and a share of the way to `excited`; seven trials bracket that to 3 % of itself where it
    lies above 1/256.

    Raises
    ------
    SolveError
        A trial is undecided after `mesh.longest_s`; the lane is named.
    """
    return np.concatenate([_ignition(medium.of(lanes), mesh, drop.of(lanes), trials) for lanes in _blocks(medium)])


def _blocks(medium: Medium) -> list[Lanes]:
    lanes = np.arange(len(medium.rest))
    return [lanes[start : start + _BLOCK] for start in range(0, len(lanes), _BLOCK)]


def _ignition(medium: Medium, mesh: Mesh, drop: Drop, trials: int) -> Floats:
    bottom, way = medium.critical[:, 0], (medium.excited - medium.critical)[:, 0]
    every = np.arange(len(bottom))
    low, high = np.zeros(len(bottom)), np.ones(len(bottom))
    for _ in range(trials):
        nearer = np.where(high < 1.0, 0.25 * high, _FIRST_CUT)
        middle = np.where(low > 0.0, np.sqrt(low * high), nearer)
        starts = _Run(medium, every, mesh).started_by(drop, bottom + middle * way)
        low, high = np.where(starts, low, middle), np.where(starts, middle, high)
    found = bottom + np.where(low > 0.0, np.sqrt(low * high), 0.5 * high) * way
    never = np.flatnonzero(high == 1.0)
    if never.size:
        able = _Run(medium, never, mesh).started_by(drop.of(never), medium.excited[never, 0])
        found[never[~able]] = np.nan
    return found


@dataclass(frozen=True)
class _Stage:
    begin: float
    last: float
    before: float
    now: float
    start: float


@dataclass(frozen=True)
class _Rule:
    """A stabilised rule of second order (Verwer and Sommeijer): stable to `reach` over the fastest decay."""

    first: float
    stages: tuple[_Stage, ...]
    reach: float


def _chebyshev(stages: int) -> _Rule:
    damped = 1.0 + 2.0 / 13.0 / stages**2
    ones = [np.polynomial.Chebyshev.basis(j) for j in range(stages + 1)]
    t, t1, t2 = ([float(one.deriv(k)(damped)) if k else float(one(damped)) for one in ones] for k in (0, 1, 2))
    scale = t1[stages] / t2[stages]
    b = [0.0, 0.0, *(t2[j] / t1[j] ** 2 for j in range(2, stages + 1))]
    b[0] = b[1] = b[2]
    found: list[_Stage] = []
    for j in range(2, stages + 1):
        last, before, now = 2.0 * b[j] * damped / b[j - 1], -b[j] / b[j - 2], 2.0 * b[j] * scale / b[j - 1]
        found.append(_Stage(1.0 - last - before, last, before, now, (b[j - 1] * t[j - 1] - 1.0) * now))
    return _Rule(b[1] * scale, tuple(found), (damped + 1.0) / scale)


_CHEBYSHEV = _chebyshev(_STAGES)


class _Run:
    """Some lanes on their way: where they stand, and which of the caller's lanes they are."""

    def __init__(self, medium: Medium, lanes: Lanes, mesh: Mesh) -> None:
        self._mesh = mesh
        self._lanes = lanes
        self._medium = medium.of(lanes) if len(lanes) != len(medium.rest) else medium
        self._place = np.arange(len(lanes))
        own = self._medium
        self._dt = np.minimum(mesh.dt_s, _STABLE * np.minimum(mesh.dx_mm**2 / own.diffusion, 1.0 / own.steepest))

    def speeds(self) -> tuple[Floats, Floats]:
        """Speed [mm/s] and highest `u` of each lane, NaN where the front dies."""
        mesh, medium = self._mesh, self._medium
        points = round(mesh.window_mm / mesh.dx_mm)
        home = points // 2
        self._begin(points, home, medium.excited)
        speed, peak = np.full(len(self._place), np.nan), np.full(len(self._place), np.nan)
        gone = np.zeros(len(self._place))
        marked = np.stack((np.zeros_like(gone), np.zeros_like(gone), np.full_like(gone, np.nan)))
        while self._place.size:
            self._advance(10)
            dead = self._u.max(axis=1) < self._medium.critical[:, 0]
            position, shift = self._followed(home)
            gone += shift
            run = (gone + position) * mesh.dx_mm - marked[0]
            clock = self._clock[:, 0]
            pace = run / (clock - marked[1])
            passed = run >= mesh.even_mm
            before = marked[2]
            even = passed & (np.abs(pace - before) < mesh.even * pace)
            marked = np.where(passed, np.stack((marked[0] + run, clock, pace)), marked)
            speed[self._place[even]] = 0.5 * (pace + before)[even]
            peak[self._place[even]] = self._u[even].max(axis=1)
            stay = np.flatnonzero(~(even | dead))
            gone, marked = gone[stay], marked[:, stay]
            self._keep(stay)
            self._in_time("a front that neither runs evenly nor dies")
        return speed, peak

    def started_by(self, drop: Drop, level: Floats) -> NDArray[np.bool_]:
        """Whether a drop of this level [as `u`, (lanes,)] starts a front in each lane."""
        mesh = self._mesh
        edge = np.rint(0.5 * drop.width_mm / mesh.dx_mm).astype(np.intp)
        beyond = round(mesh.beyond_mm / mesh.dx_mm)
        points = int(edge.max()) + beyond
        held = np.arange(points) <= edge[:, None]
        self._begin(points, 0, level[:, None])
        self._u = np.where(held, level[:, None], self._u)
        half = 0.5 * (self._medium.rest + self._medium.excited)[:, 0]
        watch = edge + beyond // 2
        starts = np.zeros(len(self._place), dtype=bool)
        fastest = 16.0 / 3.0 * self._medium.diffusion / mesh.dx_mm**2 + self._medium.steepest
        self._dt = np.minimum(_LEAP * mesh.dt_s, 0.9 * _CHEBYSHEV.reach / fastest)
        self._dt = drop.hold_s[:, None] / np.ceil(drop.hold_s[:, None] / self._dt)
        while self._place.size:
            for _ in range(3):
                # Half a step of slack: the clock is a sum.
                self._leap(held & (self._clock + 0.5 * self._dt < drop.hold_s[:, None]))
            free = self._clock[:, 0] + 0.5 * self._dt[:, 0] > drop.hold_s
            begun = free & (self._u[np.arange(len(watch)), watch] > half)
            # What falls everywhere goes on falling: recovery only takes from it.
            falls = self._rates(self._u, self._h)[0].max(axis=1) <= 0.0
            over = free & (falls | (self._u.max(axis=1) < self._medium.critical[:, 0]))
            starts[self._place[begun]] = True
            stay = np.flatnonzero(~(begun | over))
            level, half, watch, held, drop = level[stay], half[stay], watch[stay], held[stay], drop.of(stay)
            self._keep(stay)
            self._in_time("a stimulus that neither starts a front nor fades")
        return starts

    def _begin(self, points: int, edge: int, level: Floats) -> None:
        self._u = np.broadcast_to(self._medium.rest, (len(self._place), points)).copy()
        self._u[:, :edge] = level
        self._h = np.zeros_like(self._u)
        self._clock = np.zeros((len(self._place), 1))

    def _advance(self, steps: int) -> None:
        for _ in range(steps):
            du, dh = self._rates(self._u, self._h)
            u, h = self._u + self._dt * du, self._h + self._dt * dh
            du2, dh2 = self._rates(u, h)
            self._u = self._u + 0.5 * self._dt * (du + du2)
            self._h = self._h + 0.5 * self._dt * (dh + dh2)
            self._clock = self._clock + self._dt

    def _leap(self, held: NDArray[np.bool_]) -> None:
        """One step of several stages; `u` stays where it is held."""
        rule = _CHEBYSHEV
        u0, h0 = self._u, self._h
        du0, dh0 = self._changes(u0, h0, held)
        u1, h1 = u0, h0
        u2, h2 = u0 + rule.first * du0, h0 + rule.first * dh0
        for stage in rule.stages:
            du, dh = self._changes(u2, h2, held)
            u = stage.begin * u0 + stage.last * u2 + stage.before * u1 + stage.now * du + stage.start * du0
            h = stage.begin * h0 + stage.last * h2 + stage.before * h1 + stage.now * dh + stage.start * dh0
            u1, h1, u2, h2 = u2, h2, u, h
        self._u, self._h = u2, h2
        self._clock = self._clock + self._dt

    def _changes(self, u: Floats, h: Floats, held: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        du, dh = self._rates(u, h)
        return np.where(held, 0.0, self._dt * du), self._dt * dh

    def _rates(self, u: Floats, h: Floats) -> tuple[Floats, Floats]:
        wide = np.concatenate((u[:, 2:0:-1], u, u[:, -2:-4:-1]), axis=1)
        second = 16.0 * (wide[:, 1:-3] + wide[:, 3:-1]) - (wide[:, :-4] + wide[:, 4:]) - 30.0 * u
        du, dh = self._medium.rates(u, h)
        return du + (self._medium.diffusion / (12.0 * self._mesh.dx_mm**2)) * second, dh

    def _followed(self, home: int) -> tuple[Floats, Lanes]:
        """Where each front is [points of the window], and by how many points the window was moved to follow."""
        half = 0.5 * (self._medium.rest + self._medium.excited)
        points = self._u.shape[1]
        above = self._u > half
        last = np.where(above.any(axis=1), points - 1 - above[:, ::-1].argmax(axis=1), 0)
        inside = np.clip(last, 1, points - 3)
        near = self._u[np.arange(len(last))[:, None], inside[:, None] + np.arange(-1, 3)]
        position = inside + _crossing(near, half)
        shift = np.maximum(last - home, 0)
        for lane in np.flatnonzero(shift):
            by = shift[lane]
            self._u[lane, :-by], self._h[lane, :-by] = self._u[lane, by:].copy(), self._h[lane, by:].copy()
            self._u[lane, -by:], self._h[lane, -by:] = self._medium.rest[lane], 0.0
        return position - shift, shift

    def _keep(self, stay: Lanes) -> None:
        if len(stay) == len(self._place):
            return
        self._medium = self._medium.of(stay)
        self._place, self._lanes = self._place[stay], self._lanes[stay]
        self._u, self._h, self._clock, self._dt = self._u[stay], self._h[stay], self._clock[stay], self._dt[stay]

    def _in_time(self, what: str) -> None:
        late = np.flatnonzero(self._clock[:, 0] > self._mesh.longest_s)
        if late.size:
            raise SolveError(
                f"lane {self._lanes[late[0]]}: {what} within {self._mesh.longest_s:g} s; no number is given"
            )


def _crossing(u: Floats, level: Floats) -> Floats:
    """Where a falling `u` of four neighbours at -1, 0, 1, 2 passes `level`, (lanes,): the inverse cubic through them.

    A linear reading would sway with the place of the front between two points, and a speed with it.
    """
    gaps = u[:, :-1] - u[:, 1:]
    smooth = gaps.min(axis=1) > 1e-6 * np.abs(u).max(axis=1)
    drop = np.where(gaps[:, 1] == 0.0, 1.0, gaps[:, 1])
    found = (u[:, 1] - level[:, 0]) / drop
    near, target = u[smooth], level[smooth, 0]
    cubic = np.zeros(len(near))
    for one in range(4):
        weight = np.full(len(near), one - 1.0)
        for other in range(4):
            if other != one:
                weight = weight * (target - near[:, other]) / (near[:, one] - near[:, other])
        cubic = cubic + weight
    found[smooth] = cubic
    return found
