"""The ensemble of wind-up: sets of conductances that keep the published pattern, as a search found them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from davy.tables import SourcedRow, read_table

Floats = NDArray[np.float64]

FREE = ("g_ampa", "g_nmda", "g_can", "g_leak", "t_c", "k_nmda", "k_spike")
"""What a set fixes: conductances [nS], decay of calcium [ms], calcium for each pA ms of NMDA current and each spike."""


class WindUpSet(SourcedRow):
    """One set, found by the place of its row; `off` is its distance from the published spikes (root mean square)."""

    id: str
    g_ampa: float
    g_nmda: float
    g_can: float
    g_leak: float
    t_c: float
    k_nmda: float
    k_spike: float
    off: float


def member_values(member: Floats) -> dict[str, Floats]:
    """The set that each lane names, by id, (lanes,); a number between two names the lower one."""
    sets = _sets()
    place = np.clip(np.floor(member), 0, len(sets[FREE[0]]) - 1).astype(np.intp)
    return {name: values[place] for name, values in sets.items()}


@cache
def _sets() -> Mapping[str, Floats]:
    rows = read_table("wind_up_sets.csv", WindUpSet)
    return {name: np.array([getattr(row, name) for row in rows], dtype=np.float64) for name in FREE}
