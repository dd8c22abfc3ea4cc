"""Experiments on the whole body: diets, loads, tracers, kidney disease, glucose, and how stiff it is.

Each is a function from a `Bench` to figures by target id (``knowledge/targets.csv``).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from davy.engine import Doses
from davy.forecast.covariates import L_PER_D_OF_ML_PER_MIN, covariate_rows, glucose_mmol_per_L
from davy.forecast.structures import structure
from davy.qualify.bench import DIET, MEALS, RTOL, Bench, Figures, Floats

_EXTRA = 15.0
_POOR_DIET = 0.4
_SULFATE_2G = 8.1
_CLAMP_H = 3.0


def habitual(bench: Bench) -> Figures:
    """A 300 mg/d diet at a filtration of 100 mL/min."""
    _, said = bench.steady(bench.usual())
    return {"serum": said["C"], "urine": said["kid_E"], "fractional-excretion": said["kid_FE"]}


def supplement(bench: Bench) -> Figures:
    """365 mg/d more, for a year (Zhang 2016; Paolisso for red cells)."""
    start, said = bench.steady(bench.usual())
    fed = _supplemented(bench)
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
    """Next to no magnesium for months: three weeks (Fatemi 1991), a hundred days (Shils 1964)."""
    start, said = bench.steady(bench.usual())
    fed = float(bench.absorbed(np.array([_POOR_DIET]))[0])
    run = bench.course(start, fed, np.arange(121.0))
    urine = np.diff(run["kid_Uri"])
    return {
        "depletion-urine-4": float(urine[3]),
        "depletion-urine-7": float(urine[6]),
        "depletion-serum-21": float(run["C"][21] / said["C"]),
        "depletion-free-21": float(run["rbc_free"][21] / said["rbc_free"]),
        "depletion-serum-100": float(run["C"][100] / said["C"]),
        "depletion-rbc-90": float(run["rbc_RBC"][90] / run["rbc_RBC"][0]),
    }


def stores(bench: Bench) -> Figures:
    """What bone and muscle have lost where serum stays at half its reference: closed form."""
    surface = 0.5 ** bench.parameter("bone_g_bs")
    left = bench.parameter("bone_M_bs") * surface
    left += bench.parameter("bone_M_bd") * surface ** bench.parameter("bone_g_bd")
    whole = bench.parameter("bone_M_bs") + bench.parameter("bone_M_bd")
    return {"bone-loss": 1 - left / whole, "muscle-loss": 1 - 0.5 ** bench.parameter("tis_g_mu")}


def loads(bench: Bench) -> Figures:
    """Infusions and the share of them that is kept (Hansen 1994, Rob 1999), also after three poor weeks (Fatemi 1991).

    Retention is 1 - U24/dose; where it says so, the urine of the day before is taken off U24.
    """
    flux = bench.usual()
    start, said = bench.steady(flux)
    large, next_day = bench.loaded(start, flux, 30.0, 8.0)
    small, _ = bench.loaded(start, flux, 7.0, 1.0)
    test, _ = bench.loaded(start, flux, 14.0, 4.0)
    fed = float(bench.absorbed(np.array([_POOR_DIET]))[0])
    poor = bench.course(start, fed, [20.0, 21.0])
    depleted, _ = bench.loaded(poor["last"], fed, 14.0, 4.0)
    before = float(np.diff(poor["kid_Uri"])[0])
    return {
        "load-retention": 1 - large / 30,
        "load-retention-corrected": 1 - (large - said["kid_E"]) / 30,
        "load-next-day": next_day - said["kid_E"],
        "load-retention-small": 1 - small / 7,
        "load-retention-test": 1 - (test - said["kid_E"]) / 14,
        "load-retention-depleted": 1 - (depleted - before) / 14,
    }


def infusion(bench: Bench) -> Figures:
    """2 g of magnesium sulfate over 20 min: kinetics above the baseline."""
    flux = bench.usual()
    start, said = bench.steady(flux)
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
        "iv-clearance": float(clearance),
        "iv-volume": float(clearance * 24 / rate),
        "iv-half-life": math.log(2) / rate * 24,
    }


def tracer(bench: Bench) -> Figures:
    """What a tracer has reached after 3 days (Avioli and Berman 1966): closed form, as exchange is first order."""
    pools = (("tis_M_st", "tis_k_st"), ("tis_M_mu", "tis_k_mu"), ("bone_M_bs", "bone_k_bs"))
    reached = sum(bench.parameter(size) * (1 - math.exp(-3 * bench.parameter(rate))) for size, rate in pools)
    return {"tracer-3-d": bench.parameter("Vecf") * bench.parameter("C0") + reached}


def kidney_disease(bench: Bench) -> Figures:
    """Serum as filtration falls, absorption with it; a poorer diet at the end."""
    rates = np.array([60.0, 30.0, 15.0, 5.0])
    diet = np.where(rates > 10, DIET, 7.0)
    row = next(row for row in covariate_rows() if row.kind == "kidney")
    shares = [min(float(rate) / (row.threshold or math.inf), 1.0) ** row.multiplier for rate in rates]
    fluxes = bench.absorbed(diet, f_act=np.array(shares))
    return {
        f"egfr-{rate:g}": bench.steady(float(flux), {"kid_GFR": float(rate) * L_PER_D_OF_ML_PER_MIN})[1]["C"]
        for rate, flux in zip(rates, fluxes, strict=True)
    }


def glucose(bench: Bench) -> Figures:
    """Glucose up from 5.3 to 12.3 mmol/L for hours, and for good in type 2 diabetes."""
    flux = bench.usual()
    low = bench.changed({"kid_glu": 5.3})
    start, said = low.steady(flux)
    high = bench.changed({"kid_glu": 12.3}).course(start, flux, [0.0, _CLAMP_H / 24])
    row = next(row for row in covariate_rows() if row.id == "type-2-diabetes")
    diabetes = {"kid_glu": glucose_mmol_per_L(50.0), "kid_fTm": row.multiplier}
    return {
        "glucose-urine": float(np.diff(high["kid_Uri"])[0]) / (said["kid_E"] * _CLAMP_H / 24),
        "glucose-serum": float(high["C"][-1] / said["C"]),
        "diabetes-serum": bench.steady(flux, diabetes)[1]["C"],
    }


def alternatives(bench: Bench) -> Figures:
    """What the structures that nothing settles would say where the usual one is tested."""
    soft = bench.changed(structure("soft-splay").settings)
    short = bench.changed(structure("deficit").settings)
    start, _ = short.steady(short.usual())
    at = bench.model.states.index("tis_MU")
    start[at] *= 1 - short.parameter("tis_short")
    rise = short.course(start, _supplemented(short), np.arange(366.0))["C"]
    kept, urine = loads(soft), depletion(soft)
    return {
        "soft-supplement-serum": supplement(soft)["supplement-serum"],
        "soft-depletion-urine-4": urine["depletion-urine-4"],
        "soft-depletion-serum-100": urine["depletion-serum-100"],
        "soft-load-small": kept["load-retention-small"],
        "deficit-supplement-serum-90": float(
            np.argmax(np.flip(np.minimum.accumulate(np.flip(rise))) >= rise[0] + 0.9 * (rise[-1] - rise[0]))
        ),
    }


def covariates(bench: Bench) -> Figures:
    """The multiplier that makes each published shift of serum, for a typical adult."""
    flux = bench.usual()
    usual = bench.steady(flux)[1]["C"]

    def serum(factor: float) -> float:
        return bench.steady(flux, {"kid_fTm": factor})[1]["C"]

    def serum_absorbing(factor: float) -> float:
        fed = float(bench.absorbed(np.array([DIET]), f_act=factor)[0])
        return bench.steady(fed)[1]["C"]

    shifts = {"sglt2-ftm": 0.07, "thiazide-ftm": -0.03, "allele-ftm": -0.010, "diabetes-ftm": -0.11}
    figures = {name: _root(serum, usual + shift, 0.5, 1.5) for name, shift in shifts.items()}
    return figures | {"ppi-fact": _root(serum_absorbing, usual - 0.011, 0.4, 1.0)}


def numerics(bench: Bench) -> Figures:
    """How stiff the body is, and how the day's meals stand to their mean."""
    flux = bench.usual()
    start, said = bench.steady(flux)
    rates = -np.linalg.eigvals(_jacobian(bench, start)).real
    rates = rates[rates > 1e-9]
    times = [day + at for day in range(5) for at in MEALS]
    doses = Doses(times, ["gut_GS"] * len(times), [DIET / 3] * len(times))
    days = bench.engine.solve(bench.theta(), doses, np.linspace(4, 5, 49), initial=start, rtol=RTOL)
    serum, area = days.series("C")[0], days.integrals["C"][0]
    return {
        "fastest-rate": float(rates.max()),
        "slowest-rate": float(rates.min()),
        "stiffness": float(rates.max() / rates.min()),
        "event-minus-average": float(area[-1] - area[0] - said["C"]),
        "diurnal-swing": float(serum.max() - serum.min()),
    }


def _supplemented(bench: Bench) -> float:
    """What the usual diet with 365 mg/d more gives [mmol/d]."""
    return float(bench.absorbed(np.array([DIET]), _EXTRA)[0])


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
