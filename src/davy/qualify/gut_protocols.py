"""Experiments on the gut: test meals, diets, divided doses, how long absorption takes, and whether it adapts.

Each is a function from a `Bench` to figures by target id (``knowledge/targets.csv``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.engine import Doses
from davy.forecast.structures import structure
from davy.qualify.bench import DIET, MEALS, RTOL, Bench, Figures, Floats

_WATER = 5.18
_STEPS_PER_DAY = 720
_TRACER = 2.9


def meals(bench: Bench) -> Figures:
    """Single test meals (Fine 1991, Sabatier 2003) and three diets (Graham 1960)."""
    low, tracer, high = bench.fraction((1.4, 2.9, 41.4))
    diets = np.array([0.97, 10.0, 23.2])
    shares = bench.absorbed(diets) / diets
    return {
        "fine-1.4": float(low),
        "fine-41.4": float(high),
        "sabatier-2.9": float(tracer),
        **{f"graham-{diet:g}": float(share) for diet, share in zip(diets, shares, strict=True)},
    }


def division(bench: Bench) -> Figures:
    """126 mg a day in mineral water, in two portions or in seven, beside the usual meals (Br J Nutr 2011).

    When the men drank and ate is not told: evenly from 7.30 to 21 h, meals at the usual hours.
    """
    two, seven = (_labelled_share(bench, count) for count in (2, 7))
    return {"division-2": two, "division-7": seven, "division-gain": seven / two}


def duration(bench: Bench) -> Figures:
    """How much of all that is absorbed from one dose is in after 6 h."""
    path = bench.engine.solve(bench.theta(), Doses([0.0], ["gut_GS"], [[_TRACER]]), [0.25, 3.0], rtol=RTOL)
    taken = path.series("gut_Abs")[0]
    return {"absorbed-6-h": float(taken[0] / taken[1])}


def adaptation(bench: Bench) -> Figures:
    """One tracer dose after three weeks on a poor diet, over the same after a rich one: usual, and adaptive."""
    adaptive = bench.changed(structure("adaptive-absorption").settings)
    return {"adaptation": _after_diets(bench), "adaptation-adaptive": _after_diets(adaptive)}


def _after_diets(bench: Bench) -> float:
    start, _ = bench.steady(bench.usual())
    shares: list[float] = []
    for diet in (1.0, 25.0):
        fed = float(bench.absorbed(np.array([diet]))[0])
        state = bench.course(start, fed, [21.0])["last"]
        state[bench.model.states.index("gut_Abs")] = 0.0
        dose = Doses([0.0], ["gut_GS"], [[_TRACER]])
        path = bench.engine.solve(bench.theta(), dose, [1.0], initial=state[None, :], rtol=RTOL)
        shares.append(float(path.series("gut_Abs")[0, 0]) / _TRACER)
    return shares[0] / shares[1]


@dataclass(frozen=True)
class _Label:
    """Where labelled magnesium is that shares the lumen with all other: it goes where a like share of that goes."""

    stomach: float = 0.0
    upper: float = 0.0
    lower: float = 0.0
    absorbed: float = 0.0

    def after(self, emptying: float, transit: float, uptake: tuple[float, float], step: float) -> _Label:
        """One step later: each place empties by its rates [1/d]."""
        emptied = self.stomach * -np.expm1(-emptying * step)
        upper = self.upper + emptied
        gone = upper * -np.expm1(-(uptake[0] + transit) * step)
        lower = self.lower + gone * transit / (uptake[0] + transit)
        left = lower * -np.expm1(-(uptake[1] + transit) * step)
        absorbed = gone * uptake[0] / (uptake[0] + transit) + left * uptake[1] / (uptake[1] + transit)
        return _Label(self.stomach - emptied, upper - gone, lower - left, self.absorbed + absorbed)


def _labelled_share(bench: Bench, portions: int) -> float:
    """Share absorbed of a day of labelled water in so many portions, after a day of the same unlabelled."""
    drunk = np.linspace(7.5 / 24, 21 / 24, portions)
    doses = [(day + at, DIET / 3) for day in range(3) for at in MEALS]
    doses += [(day + at, _WATER / portions) for day in range(3) for at in drunk]
    doses.sort()
    grid = 1 + np.arange(2 * _STEPS_PER_DAY + 1) / _STEPS_PER_DAY
    given = Doses([at for at, _ in doses], ["gut_GS"] * len(doses), [[amount for _, amount in doses]])
    path = bench.engine.solve(bench.theta(), given, grid, rtol=RTOL)
    upper, lower = (_uptake(bench, path.series(name)[0]) for name in ("gut_G1", "gut_G2"))
    due = np.bincount(np.rint(drunk * _STEPS_PER_DAY).astype(int), minlength=len(grid)) * _WATER / portions
    emptying, transit = bench.parameter("gut_kge"), bench.parameter("gut_ktr")
    label = _Label()
    for at in range(len(grid) - 1):
        label = _Label(label.stomach + due[at], label.upper, label.lower, label.absorbed)
        label = label.after(emptying, transit, (upper[at], lower[at]), 1 / _STEPS_PER_DAY)
    return float(label.absorbed) / _WATER


def _uptake(bench: Bench, content: Floats) -> Floats:
    """Rate at which a segment takes up what it holds, in the middle of each step [1/d]."""
    half = bench.parameter("gut_Km") * bench.parameter("gut_f_bind")
    rate = bench.parameter("gut_f_act") * bench.parameter("gut_Vmax") / (half + content) + bench.parameter("gut_kpar")
    return (rate[1:] + rate[:-1]) / 2
