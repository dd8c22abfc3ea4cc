"""The experiments that the body was calibrated on, as a PEtab problem: one published figure a measurement."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from davy import __version__
from davy.body.parameters import ParameterRow, ParameterSet, read_parameters
from davy.body.read import read_model
from davy.body.targets import TargetRow, read_targets
from davy.exchange.captions import captions
from davy.exchange.petab_model import CELLS_BEFORE, COLLECTING, SERUM_BEFORE, resting_sbml
from davy.exchange.petab_tables import BEFORE, Observable, Parameter, Problem, number
from davy.exchange.sbml import WHOLE_BODY
from davy.forecast.lanes import lanes_of
from davy.forecast.orbit import absorbed_daily
from davy.forecast.outcome import Draws
from davy.forecast.schedule import MEAL_STATE, MEALS, Pattern

USUAL, MORE, POOR = 12.3, 27.3, 0.4
"""Diets of the experiments [mmol/d]: usual, with 15 mmol more, and one that depletes."""

_DAYS_OF_MEALS = 3
_FITTED = "fitted"
"""What the table says of a value that was sought with others, so that it may be sought again."""


class Experiments:
    """The experiments, each written once however many figures were read from it."""

    def __init__(self, problem: Problem, parameter_set: ParameterSet) -> None:
        self.problem = problem
        self.set = parameter_set
        self.known: dict[float, str] = {}

    def absorbed(self, diet: float) -> str:
        """What a day of meals on this diet absorbs, at the gut's own values [mmol/d]."""
        if diet not in self.known:
            lanes = lanes_of(read_model(parameter_set=self.set), Draws((), np.empty((1, 0)), np.array([diet])))
            self.known[diet] = number(float(absorbed_daily(lanes, Pattern())[0][0]))
        return self.known[diet]

    def condition(self, name: str, changes: Mapping[str, str]) -> str:
        """A condition by name."""
        self.problem.conditions[name] = changes
        return name

    def rest(self) -> tuple[str, str]:
        """The period in which the body comes to rest on its usual diet."""
        return BEFORE, self.condition("at_rest", {"avg_abs": self.absorbed(USUAL), COLLECTING: "0"})

    def begin(self, diet: float, name: str) -> tuple[str, str]:
        """The period in which a diet begins; serum and red cells before it are remembered."""
        changed = {COLLECTING: "1", "kid_Uri": "0", SERUM_BEFORE: "C", CELLS_BEFORE: "rbc_RBC"}
        return "0", self.condition(name, {"avg_abs": self.absorbed(diet), **changed})

    def from_rest(self, name: str, diet: float) -> str:
        """A diet that begins after rest on the usual one; urine is collected anew on days 3 and 6."""
        if name not in self.problem.experiments:
            empty = self.condition("empty_bladder", {"kid_Uri": "0"})
            periods = [self.rest(), self.begin(diet, f"begin_{name}")]
            self.problem.experiments[name] = [*periods, ("3", empty), ("6", empty)] if diet == POOR else periods
        return name

    def single(self, amount: float) -> str:
        """One dissolved amount into an empty gut."""
        name = f"meal_{amount:g}".replace(".", "_")
        changes = {MEAL_STATE: number(amount), COLLECTING: "1"}
        self.problem.experiments[name] = [("0", self.condition(f"given_{name}", changes))]
        return name

    def meals(self, diet: float) -> str:
        """Three days of three meals; what the third day absorbs is counted."""
        name = f"diet_{diet:g}".replace(".", "_")
        eat = self.condition(f"eat_{name}", {MEAL_STATE: f"{MEAL_STATE} + {number(diet / len(MEALS))}"})
        count = self.condition("count_absorbed", {"gut_Abs": "0", COLLECTING: "1"})
        times = [(number(day + at), eat) for day in range(_DAYS_OF_MEALS) for at in MEALS]
        last = number(_DAYS_OF_MEALS - 1)
        begun = self.condition("fasting", {COLLECTING: "0"})
        self.problem.experiments[name] = sorted([("0", begun), (last, count), *times], key=lambda row: float(row[0]))
        return name

    def infusion(self, amount: float, hours: float) -> str:
        """An amount [mmol] into a vein at an even rate, urine from its start."""
        name = f"infusion_{amount:g}"
        usual = self.absorbed(USUAL)
        rate = number(amount / (hours / 24))
        given = {"avg_abs": f"{usual} + {rate}", COLLECTING: "1", "kid_Uri": "0"}
        run = self.condition(f"run_{name}", given)
        stop = self.condition("stop_infusion", {"avg_abs": usual})
        self.problem.experiments[name] = [self.rest(), ("0", run), (number(hours / 24), stop)]
        return name


def _single(amount: float) -> Callable[[Experiments], tuple[str, float, str]]:
    return lambda made: (made.single(amount), 3.0, f"gut_Abs / {number(amount)}")


def _diet(amount: float) -> Callable[[Experiments], tuple[str, float, str]]:
    return lambda made: (made.meals(amount), float(_DAYS_OF_MEALS), f"gut_Abs / {number(amount)}")


def _loaded(amount: float, hours: float) -> Callable[[Experiments], tuple[str, float, str]]:
    return lambda made: (made.infusion(amount, hours), 1.0, f"1 - kid_Uri / {number(amount)}")


def _after(name: str, diet: float, day: float, formula: str) -> Callable[[Experiments], tuple[str, float, str]]:
    return lambda made: (made.from_rest(name, diet), day, formula)


_RISE = f"log(rbc_RBC / {CELLS_BEFORE}) / log(C / {SERUM_BEFORE})"
DESIGNS: dict[str, Callable[[Experiments], tuple[str, float, str]]] = {
    "fine-1.4": _single(1.4),
    "fine-41.4": _single(41.4),
    "sabatier-2.9": _single(2.9),
    "graham-0.97": _diet(0.97),
    "graham-10": _diet(10.0),
    "graham-23.2": _diet(23.2),
    "serum": _after("usual_diet", USUAL, 0.0, "C"),
    "urine": _after("usual_diet", USUAL, 0.0, "kid_E"),
    "supplement-elasticity": _after("supplement", MORE, 84.0, _RISE),
    "depletion-urine-4": _after("depletion", POOR, 4.0, "kid_Uri"),
    "depletion-urine-7": _after("depletion", POOR, 7.0, "kid_Uri"),
    "depletion-serum-100": _after("depletion", POOR, 100.0, f"C / {SERUM_BEFORE}"),
    "depletion-rbc-90": _after("depletion", POOR, 90.0, f"rbc_RBC / {CELLS_BEFORE}"),
    "load-retention": _loaded(30.0, 8.0),
    "load-retention-small": _loaded(7.0, 1.0),
}
"""How each target is measured: its experiment, when [d], and the formula. Targets without a row are left out."""


def calibration_problem(parameter_set: ParameterSet = "literature") -> Problem:
    """Every target that calibrates the body and that one experiment can show."""
    rows = [row for row in read_targets() if row.kind == "calibrate" and row.target is not None]
    problem = Problem("davy_calibration", resting_sbml(parameter_set), _about(rows, parameter_set))
    made = Experiments(problem, parameter_set)
    for row in rows:
        if row.id in DESIGNS and row.target is not None and row.tolerance is not None:
            experiment, day, formula = DESIGNS[row.id](made)
            name = row.id.replace("-", "_").replace(".", "_")
            problem.observables.append(Observable(f"obs_{name}", row.item, formula, row.tolerance))
            problem.measure(f"obs_{name}", experiment, day, row.target)
    named = captions(WHOLE_BODY, parameter_set)
    model = read_model(parameter_set=parameter_set)
    for row in read_parameters(parameter_set):
        if row.id not in model.parameters:
            continue
        if _FITTED in (row.where or "") and row.low and row.high:
            caption = f"{named[row.id]} [{row.unit}]"
            problem.parameters.append(Parameter(row.id, caption, row.value, row.low, row.high))
        if row.spread:
            problem.variability.append(_differs(row, named[row.id]))
    return problem


def _differs(row: ParameterRow, caption: str) -> dict[str, object]:
    return {
        "parameterId": row.id,
        "parameterName": caption,
        "component": row.population,
        "distribution": "log-normal" if row.prior in ("lognormal", "measured") else row.prior,
        "median": row.value,
        "spread": row.spread,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "source": ";".join(row.source),
        "verified": row.verified,
    }


def _about(rows: list[TargetRow], parameter_set: ParameterSet) -> str:
    left = [row for row in rows if row.id not in DESIGNS]
    missing = "\n".join(f"- {row.id}: {row.item}" for row in left)
    return f"""The experiments that calibrate Davy's whole-body magnesium model, as a PEtab 2.0 problem

Open problem.yaml. Time is days, amounts are mmol of elemental magnesium, concentrations mmol/L.
Each measurement is a published figure (knowledge/targets.csv), its error the tolerance of that row; a figure that is
kept for validation is not among them. A parameter is sought between the bounds that the table calls plausible.

variability.tsv is a table of our own, which nobody has to understand: how people differ, `spread` being the standard
deviation of the logarithm. PEtab 2.0 has no place for it, and it is no prior of a typical value.

What a day absorbs (avg_abs) is computed at the gut's own values: fit the gut on its single meals and diets first, and
export again before the rest is fitted.

Left out, since they are worked out from a curve, from a tracer or from a clamp:
{missing}

Parameter set {parameter_set}. Written by Davy {__version__}; licence Apache-2.0.
"""
