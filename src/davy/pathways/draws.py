"""Plausible values of a pathway's parameters: lane 0 is the table itself, every other lane one draw.

A stream belongs to the seed, the pathway and the parameter, so no draw depends on which others there are; a check of
another pathway draws that one's values.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from davy.errors import KnowledgeError
from davy.pathways.catalogue import Pathway
from davy.pathways.evaluation import Floats
from davy.pathways.rows import ParameterSet, PathwayParameterRow
from davy.people.chance import shares

DRAWS = 240
FEWEST = 200
CENTRAL_95 = 1.959963984540054


def parameter_lanes(pathway: Pathway, parameter_set: ParameterSet, draws: int, seed: int = 0) -> dict[str, Floats]:
    """The value of each parameter, (1 + draws,): first as the table has it, then drawn."""
    rows = pathway.parameters[parameter_set]
    return {name: np.concatenate(([row.value], _drawn(row, draws, seed))) for name, row in rows.items()}


def _drawn(row: PathwayParameterRow, draws: int, seed: int) -> Floats:
    """Draws whose median is the value and whose central 95 % is (low, high), each side with its own width."""
    if row.shape == "fixed" or draws == 0:
        return np.full(draws, row.value)
    if row.low is None or row.high is None or (row.shape == "lognormal" and min(row.low, row.value) <= 0.0):
        raise KnowledgeError(f"pathway_parameters.csv: {row.pathway} {row.id}: a {row.shape} value needs low and high")
    stream = f"pathway {seed}:{row.pathway}:{row.id}"
    if row.shape == "uniform":
        return row.low + (row.high - row.low) * shares(stream, 0, draws)
    z = normals(stream, draws) / CENTRAL_95
    if row.shape == "normal":
        return row.value + np.where(z < 0.0, z * (row.value - row.low), z * (row.high - row.value))
    below, above = math.log(row.value / row.low), math.log(row.high / row.value)
    return row.value * np.exp(np.where(z < 0.0, z * below, z * above))


def normals(stream: str, count: int) -> Floats:
    """(count,) standard normal numbers of a stream; one by one, as SciPy would take longer to load than to draw."""
    quantile = NormalDist().inv_cdf
    return np.array([quantile(share) for share in shares(stream, 0, count).tolist()])


def central(values: Floats) -> tuple[float, float, float]:
    """5, 50 and 95 % over the draws in which it is there; NaN where it is in none."""
    there = values[np.isfinite(values)]
    if not len(there):
        return math.nan, math.nan, math.nan
    low, middle, high = (float(one) for one in np.quantile(there, (0.05, 0.5, 0.95)))
    return low, middle, high
