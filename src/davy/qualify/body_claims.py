"""What the body model makes of a claim: serum, red cells and absorption of a typical adult."""

from __future__ import annotations

from functools import cache

import numpy as np

from davy.body.parameters import parameter_values
from davy.body.read import read_model
from davy.qualify.bench import Bench
from davy.units import mg_of_mmol, mmol_of_mg

_YEAR_D = 365.0
_DIET_MG = 300.0
_SERUM, _CELLS = "C", "rbc_RBC"


@cache
def _bench() -> Bench:
    return Bench(read_model())


def _course(extra_mg: float, output: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Daily values of an output over a year of a higher (or lower) intake, from the steady state of 300 mg/d."""
    bench = _bench()
    diet = np.array([mmol_of_mg(_DIET_MG)])
    usual = float(bench.absorbed(diet)[0])
    start, _ = bench.steady(usual)
    fed = float(bench.absorbed(diet + mmol_of_mg(extra_mg))[0])
    return bench.course(start, fed, np.arange(_YEAR_D + 1))[output]


def serum_gain(extra_mg: float, days: float) -> float:
    """Rise of serum on so much more magnesium a day, in solution with meals [mmol/L]."""
    path = _course(extra_mg, _SERUM)
    return float(path[round(days)] - path[0])


def serum_share_of_year(extra_mg: float, days: float) -> float:
    """Share of the rise of a year that serum has made after some days [%]."""
    path = _course(extra_mg, _SERUM)
    return float(100.0 * (path[round(days)] - path[0]) / (path[-1] - path[0]))


def red_cell_share_of_year(extra_mg: float, days: float) -> float:
    """Share of the rise of a year that red cells have made after some days [%]."""
    path = _course(extra_mg, _CELLS)
    return float(100.0 * (path[round(days)] - path[0]) / (path[-1] - path[0]))


def red_cell_change(extra_mg: float, days: float) -> float:
    """Change of red-cell magnesium [%]."""
    path = _course(extra_mg, _CELLS)
    return float(100.0 * (path[round(days)] / path[0] - 1.0))


def absorbed_share(dose_mg: float) -> float:
    """Share absorbed of one dissolved dose taken alone [%]."""
    return float(100.0 * _bench().fraction((mmol_of_mg(dose_mg),))[0])


def absorbed_of_day(intake_mg: float) -> float:
    """Absorbed of a day's intake in three meals [mg]."""
    return float(mg_of_mmol(_bench().absorbed(np.array([mmol_of_mg(intake_mg)]))[0]))


def cells_down_while_serum_normal(intake_mg: float, lowest_serum: float) -> float:
    """How far red-cell magnesium falls on a poor diet before serum leaves the reference interval [%]."""
    serum, cells = _course(intake_mg - _DIET_MG, _SERUM), _course(intake_mg - _DIET_MG, _CELLS)
    inside = serum >= lowest_serum
    return float(100.0 * (1.0 - cells[inside].min() / cells[0]))


def sets_apart(form: str, dose_mg: float) -> float:
    """What one dose brings in by the share that the articles state, against what the literature's gut absorbs of it."""
    stated = parameter_values("articles")[f"form.{form}.fraction"]
    return 100.0 * stated / absorbed_share(dose_mg)


def measured_over_model(measured_share: float, dose_mg: float) -> float:
    """A measured share against what the model absorbs of any dissolved salt at that dose."""
    return 100.0 * measured_share / absorbed_share(dose_mg)


def red_cell_signal(extra_mg: float, days: float, mean: float, sd: float) -> float:
    """Change of red-cell magnesium in SDs of healthy people."""
    return red_cell_change(extra_mg, days) / 100.0 * mean / sd


def depleted_cells(intake_mg: float, days: float) -> float:
    """Red-cell magnesium after some days of a poor diet [% of before]."""
    path = _course(intake_mg - _DIET_MG, _CELLS)
    return float(100.0 * path[round(days)] / path[0])
