"""A PEtab 2.0 problem as tables and the files that hold them."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

MODEL, PROBLEM = "model.xml", "problem.yaml"
_COLUMNS = {
    "parameters": (
        "parameterId", "parameterName", "lowerBound", "upperBound", "nominalValue", "estimate",
        "priorDistribution", "priorParameters",
    ),
    "conditions": ("conditionId", "targetId", "targetValue"),
    "experiments": ("experimentId", "time", "conditionId"),
    "observables": ("observableId", "observableName", "observableFormula", "noiseFormula", "noiseDistribution"),
    "measurements": ("observableId", "experimentId", "time", "measurement"),
    "variability": (
        "parameterId", "parameterName", "component", "weight", "distribution", "median", "spread", "low", "high",
        "unit", "source", "verified",
    ),
}  # fmt: skip
_OWN = {"parameters", "conditions", "experiments", "observables", "measurements"}

BEFORE = "-inf"
"""The time of a period that goes on until nothing changes any more."""


@dataclass(frozen=True)
class Parameter:
    """One unknown: its prior is log-normal about `nominal` with `spread`, or log-uniform between its bounds."""

    id: str
    name: str
    nominal: float
    low: float
    high: float
    spread: float | None = None


@dataclass(frozen=True)
class Observable:
    """What is measured: a formula of the model, and the size of its error (of its logarithm, if `relative`)."""

    id: str
    name: str
    formula: str
    noise: float
    relative: bool = False


@dataclass
class Problem:
    """Everything a PEtab problem says; built up row by row."""

    name: str
    model: str
    about: str
    parameters: list[Parameter] = field(default_factory=list[Parameter])
    conditions: dict[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    experiments: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict[str, Sequence[tuple[str, str]]])
    observables: list[Observable] = field(default_factory=list[Observable])
    measurements: list[tuple[str, str, float, float]] = field(default_factory=list[tuple[str, str, float, float]])
    variability: list[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])

    def measure(self, observable: str, experiment: str, time_d: float, value: float) -> None:
        """Add one measurement."""
        self.measurements.append((observable, experiment, time_d, value))

    def files(self) -> dict[str, str]:
        """The content of each file by name; `PROBLEM` is the one to open."""
        tables: dict[str, list[Mapping[str, object]]] = {
            "parameters": [_parameter(one) for one in self.parameters],
            "conditions": [
                {"conditionId": name, "targetId": target, "targetValue": value}
                for name, changes in self.conditions.items()
                for target, value in changes.items()
            ],
            "experiments": [
                {"experimentId": name, "time": time, "conditionId": condition}
                for name, periods in self.experiments.items()
                for time, condition in periods
            ],
            "observables": [_observable(one) for one in self.observables],
            "measurements": [dict(zip(_COLUMNS["measurements"], row, strict=True)) for row in self.measurements],
            "variability": self.variability,
        }
        found = {PROBLEM: self._yaml(), MODEL: self.model, "about.txt": self.about}
        return found | {f"{name}.tsv": _tsv(_COLUMNS[name], rows) for name, rows in tables.items()}

    def _yaml(self) -> str:
        document: dict[str, object] = {
            "format_version": "2.0.0",
            "id": self.name,
            "model_files": {"magnesium": {"location": MODEL, "language": "sbml"}},
        }
        document |= {f"{name[:-1]}_files": [f"{name}.tsv"] for name in sorted(_OWN)}
        return yaml.safe_dump(document, sort_keys=False)


def number(value: float) -> str:
    """A number as a formula holds it, exact."""
    return repr(float(value))


def _parameter(one: Parameter) -> dict[str, object]:
    kind, prior = "log-uniform", (one.low, one.high)
    if one.spread is not None:
        kind, prior = "log-normal", (math.log(one.nominal), one.spread)
    return {
        "parameterId": one.id,
        "parameterName": one.name,
        "lowerBound": one.low,
        "upperBound": one.high,
        "nominalValue": one.nominal,
        "estimate": "true",
        "priorDistribution": kind,
        "priorParameters": ";".join(number(part) for part in prior),
    }


def _observable(one: Observable) -> dict[str, object]:
    return {
        "observableId": one.id,
        "observableName": one.name,
        "observableFormula": one.formula,
        "noiseFormula": number(one.noise),
        "noiseDistribution": "log-normal" if one.relative else "normal",
    }


def _tsv(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    held = io.StringIO()
    writer = csv.DictWriter(held, columns, delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue()
