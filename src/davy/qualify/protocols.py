"""Published experiments re-run on the body model: what the model says beside what was measured.

Each protocol is a small function from a `Bench` to figures by target id (``knowledge/targets.csv``).
Amounts are mmol, volumes L, time days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from davy.body.model import Model
from davy.body.targets import TargetRow, read_targets
from davy.engine import Doses, Engine, build

Floats = NDArray[np.float64]
Figures = dict[str, float]
Changes = Mapping[str, float]

_MEALS = (7 / 24, 12.5 / 24, 19 / 24)
_DIET = 12.3
_EXTRA = 15.0
_SULFATE_2G = 8.1
_RTOL = 1e-6
_SIZE_MARGIN = 0.1


@dataclass(frozen=True, eq=False)
class Bench:
    """A model with its engine, and the experiments' common moves."""

    model: Model

    @cached_property
    def engine(self) -> Engine:
        """The compiled model."""
        return build(self.model, integrals=("C",))

    def theta(self, changes: Changes | None = None) -> Floats:
        """(1, parameters) defaults with some parameters changed."""
        values = {**self.model.defaults, **(changes or {})}
        return np.array([[values[name] for name in self.model.parameters]])

    def absorbed(self, diet: Floats, extra: ArrayLike = 0.0, f_act: ArrayLike = 1.0) -> Floats:
        """What is absorbed on the third day of three meals that share `diet` and `extra` [mmol/d]."""
        lanes = np.broadcast_shapes(diet.shape, np.shape(extra), np.shape(f_act))
        theta = np.repeat(self.theta(), lanes[0], axis=0)
        theta[:, self.model.parameters.index("gut_f_act")] = f_act
        meal = (np.broadcast_to(diet, lanes) + np.broadcast_to(extra, lanes)) / 3
        times = [day + at for day in range(3) for at in _MEALS]
        doses = Doses(times, ["gut_GS"] * len(times), np.repeat(meal[:, None], len(times), axis=1))
        gross = self.engine.solve(theta, doses, [2.0, 3.0], rtol=_RTOL).series("gut_Abs")
        return gross[:, 1] - gross[:, 0]

    def fraction(self, amounts: Sequence[float]) -> Floats:
        """Share absorbed of single dissolved amounts taken into an empty gut."""
        theta = np.repeat(self.theta(), len(amounts), axis=0)
        doses = Doses([0.0], ["gut_GS"], np.array(amounts)[:, None])
        return self.engine.solve(theta, doses, [3.0], rtol=_RTOL).series("gut_Abs")[:, 0] / np.array(amounts)

    def steady(self, absorbed: float, changes: Changes | None = None) -> tuple[Floats, Mapping[str, float]]:
        """States and outputs at which nothing changes while `absorbed` [mmol/d] comes in."""
        found = self.engine.steady(self.theta({**(changes or {}), "avg_abs": absorbed}))
        if found.status.any():
            raise ArithmeticError(found.sentence(0))
        return found.values[0], {name: float(value[0]) for name, value in found.outputs.items()}

    def course(self, start: Floats, absorbed: float, times: ArrayLike, iv: float = 0.0) -> Mapping[str, Floats]:
        """Every state and output over time from `start`, with even absorption and an even infusion [mmol/d]."""
        path = self.engine.solve(
            self.theta({"avg_abs": absorbed}), Doses.none(), times, initial=start, inputs={"ECF": iv}, rtol=_RTOL
        )
        if path.status.any():
            raise ArithmeticError(path.sentence(0))
        return {name: path.series(name)[0] for name in path.names} | {"last": path.values[0, -1, : len(start)]}


def gut(bench: Bench) -> Figures:
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


def habitual(bench: Bench) -> Figures:
    """A 300 mg/d diet at a filtration of 100 mL/min."""
    _, said = bench.steady(_habitual_flux(bench))
    return {"serum": said["C"], "urine": said["kid_E"], "fractional-excretion": said["kid_FE"]}


def supplement(bench: Bench) -> Figures:
    """365 mg/d more, for a year (Zhang 2016; Paolisso for red cells)."""
    start, said = bench.steady(_habitual_flux(bench))
    fed = float(bench.absorbed(np.array([_DIET]), _EXTRA)[0])
    run = bench.course(start, fed, np.arange(366.0))
    serum, cells, urine = run["C"], run["rbc_RBC"], np.diff(run["kid_Uri"])
    rise, cell_rise = serum - said["C"], cells - cells[0]
    return {
        "supplement-serum": float(rise[84]),
        "supplement-urine": float(urine[83] - said["kid_E"]),
        "supplement-serum-90": float(np.argmax(rise >= 0.9 * rise[-1])),
        "supplement-rbc-90": float(np.argmax(cell_rise >= 0.9 * cell_rise[-1])),
        "supplement-elasticity": float(np.log(cells[84] / cells[0]) / np.log(serum[84] / said["C"])),
    }


def depletion(bench: Bench) -> Figures:
    """A diet of 0.4 mmol/d for months (Shils 1969 and others)."""
    start, said = bench.steady(_habitual_flux(bench))
    fed = float(bench.absorbed(np.array([0.4]))[0])
    run = bench.course(start, fed, np.arange(121.0))
    urine = np.diff(run["kid_Uri"])
    return {
        "depletion-urine-4": float(urine[3]),
        "depletion-urine-7": float(urine[6]),
        "depletion-serum-100": float(run["C"][100] / said["C"]),
        "depletion-rbc-90": float(run["rbc_RBC"][90] / run["rbc_RBC"][0]),
    }


def infusion(bench: Bench) -> Figures:
    """30 mmol over 8 h (retention), and 2 g of magnesium sulfate over 20 min (kinetics)."""
    flux = _habitual_flux(bench)
    start, said = bench.steady(flux)
    loaded = bench.course(start, flux, [8 / 24], iv=90.0)["last"]
    lost = float(bench.course(loaded, flux, [16 / 24])["kid_Uri"][-1])
    short = 1 / 72
    given = bench.course(start, flux, [0.0, short], iv=_SULFATE_2G / short)
    times = np.linspace(0.0, 1.0 - short, 400)
    later = bench.course(given["last"], flux, times)
    time = np.concatenate(([0.0], short + times))
    above = np.concatenate((given["C"][:1], later["C"])) - said["C"]
    late = (time >= 0.125) & (time <= 0.5)
    rate = -_slope(time[late], np.log(above[late]))
    area = float(np.sum(np.diff(time) * (above[1:] + above[:-1]) / 2) + above[-1] / rate)
    clearance = _SULFATE_2G / area / 24
    return {
        "load-retention": 1 - lost / 30,
        "load-retention-corrected": 1 - (lost - said["kid_E"]) / 30,
        "iv-clearance": float(clearance),
        "iv-volume": float(clearance * 24 / rate),
        "iv-half-life": math.log(2) / rate * 24,
    }


def tracer(bench: Bench) -> Figures:
    """What a tracer has reached after 3 days (Avioli and Berman 1966): closed form, as exchange is first order."""
    p = bench.model.defaults
    pools = (("tis_M_st", "tis_k_st"), ("tis_M_mu", "tis_k_mu"), ("bone_M_bs", "bone_k_bs"))
    reached = sum(p[size] * (1 - math.exp(-3 * p[rate])) for size, rate in pools)
    return {"tracer-3-d": p["Vecf"] * p["C0"] + reached}


def kidney_disease(bench: Bench) -> Figures:
    """Serum as filtration falls, absorption with it; a poorer diet at the end."""
    rates = np.array([60.0, 30.0, 15.0, 5.0])
    diet = np.where(rates > 10, _DIET, 7.0)
    fluxes = bench.absorbed(diet, f_act=np.array([(rate / 100) ** 0.2 for rate in rates]))
    return {
        f"egfr-{rate:g}": bench.steady(float(flux), {"kid_GFR": float(rate) * 1.44})[1]["C"]
        for rate, flux in zip(rates, fluxes, strict=True)
    }


def covariates(bench: Bench) -> Figures:
    """The multiplier that makes each published shift of serum, for a typical adult."""
    flux = _habitual_flux(bench)
    usual = bench.steady(flux)[1]["C"]

    def serum(factor: float) -> float:
        return bench.steady(flux, {"kid_fTm": factor})[1]["C"]

    def serum_absorbing(factor: float) -> float:
        fed = float(bench.absorbed(np.array([_DIET]), f_act=factor)[0])
        return bench.steady(fed)[1]["C"]

    shifts = {"sglt2-ftm": 0.07, "thiazide-ftm": -0.03, "allele-ftm": -0.010, "diabetes-ftm": -0.11}
    figures = {name: _root(serum, usual + shift, 0.5, 1.5) for name, shift in shifts.items()}
    return figures | {"ppi-fact": _root(serum_absorbing, usual - 0.011, 0.4, 1.0)}


def numerics(bench: Bench) -> Figures:
    """How stiff the body is, and how the day's meals stand to their mean."""
    flux = _habitual_flux(bench)
    start, said = bench.steady(flux)
    rates = -np.linalg.eigvals(_jacobian(bench, start)).real
    rates = rates[rates > 1e-9]
    times = [day + at for day in range(5) for at in _MEALS]
    doses = Doses(times, ["gut_GS"] * len(times), [_DIET / 3] * len(times))
    days = bench.engine.solve(bench.theta(), doses, np.linspace(4, 5, 49), initial=start, rtol=_RTOL)
    serum, area = days.series("C")[0], days.integrals["C"][0]
    return {
        "fastest-rate": float(rates.max()),
        "slowest-rate": float(rates.min()),
        "stiffness": float(rates.max() / rates.min()),
        "event-minus-average": float(area[-1] - area[0] - said["C"]),
        "diurnal-swing": float(serum.max() - serum.min()),
    }


PROTOCOLS: tuple[Callable[[Bench], Figures], ...] = (
    gut,
    habitual,
    supplement,
    depletion,
    infusion,
    tracer,
    kidney_disease,
    covariates,
    numerics,
)
"""Every protocol; together they give a figure for each row of ``targets.csv``."""


@dataclass(frozen=True)
class Outcome:
    """A target and what the model says; `agrees` = the row describes the model as it is."""

    row: TargetRow
    achieved: float
    agrees: bool

    @property
    def sentence(self) -> str:
        """What was asked, what the model says, and how the row stands to it."""
        aim = "" if self.row.target is None else f", target {self.row.target:g} ± {self.row.tolerance:g}"
        says = f"{self.row.item}: {self.achieved:.4g} {self.row.unit}{aim} ({self.row.status}"
        return f"{says})" if self.agrees else f"{says}, which no longer holds)"


def run_protocols(model: Model) -> tuple[Outcome, ...]:
    """Every target held against the model, in the order of the table."""
    bench = Bench(model)
    figures: Figures = {}
    for protocol in PROTOCOLS:
        figures |= protocol(bench)
    return tuple(Outcome(row, figures[row.id], _agrees(row, figures[row.id])) for row in read_targets())


def _agrees(row: TargetRow, achieved: float) -> bool:
    if row.target is None or row.tolerance is None:
        return row.size is not None and abs(achieved - row.size) <= _SIZE_MARGIN * abs(row.size)
    off = achieved - row.target
    if row.status == "met":
        return abs(off) <= row.tolerance
    known = row.size is not None and abs(off - row.size) <= _SIZE_MARGIN * abs(row.size)
    return abs(off) > row.tolerance and known


def _habitual_flux(bench: Bench) -> float:
    return float(bench.absorbed(np.array([_DIET]))[0])


def _slope(x: Floats, y: Floats) -> float:
    """Least-squares slope."""
    dx = x - x.mean()
    return float(np.sum(dx * (y - y.mean())) / np.sum(dx * dx))


def _root(function: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where an increasing function takes the value, by bisection."""
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < value else (low, middle)
    return (low + high) / 2


def _jacobian(bench: Bench, state: Floats) -> Floats:
    """Central differences of the rates, row by rate and column by state."""
    size = len(state)
    step = 1e-6 * np.maximum(1.0, np.abs(state))
    points = np.concatenate((state + np.diag(step), state - np.diag(step)))
    rates = bench.engine.rates(np.repeat(bench.theta(), 2 * size, axis=0), points)
    return ((rates[:size] - rates[size:]) / (2 * step[:, None])).T
