"""What a simulation says: plain arrays that know neither the engine nor the person.

Safety reads these, so this module imports numpy alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNITS = {
    "serum_mmol_per_L": "mmol/L",
    "rbc_mmol_per_L": "mmol/L",
    "urine_mmol_per_d": "mmol/d",
    "absorbed_mmol_per_d": "mmol/d",
    "csf_mmol_per_L": "mmol/L",
    "ionised_mmol_per_L": "mmol/L",
    "rbc_free_mmol_per_L": "mmol/L",
}
"""The outputs of a forecast, in order, with their units. All but urine and absorbed are means over the interval."""


@dataclass(frozen=True)
class Draws:
    """Plausible versions of one person: values of model parameters, one row a draw.

    Attributes
    ----------
    names : parameter ids of the body model, in column order.
    values : (draws, parameters), in the units of the model (mmol, L, day).
    intake_mmol_per_d : (draws,) magnesium from food and water.
    taken : (draws,) share of a product's labelled dose that is swallowed, tablet content and missed doses together;
        None = all of it.
    """

    names: tuple[str, ...]
    values: Floats
    intake_mmol_per_d: Floats
    taken: Floats | None = None

    @property
    def taken_share(self) -> Floats:
        """(draws,) share of a product's labelled dose that is swallowed."""
        return np.ones(len(self.values)) if self.taken is None else self.taken

    def parameter(self, name: str) -> Floats:
        """(draws,) values of one parameter by name."""
        return self.values[:, self.names.index(name)]


@dataclass(frozen=True)
class Forecast:
    """What would happen under one regimen.

    Attributes
    ----------
    day : (times + 1,) interval ends in days; ``day[0]`` is the start, entry k covers (day[k-1], day[k]].
    values : (draws, times + 1, outputs) in the order of `UNITS`; column 0 is the state at the start.
    failed : (draws,) True where the engine gave no trustworthy answer for that draw.
    mass_balance_mmol : the largest absolute gap between what entered, left and stayed, over draws.
    muscle_store : (draws, 2) what muscle holds at the start and at the end, over what this person's own muscle holds
        at the reference serum; None where the stores were not followed.
    """

    day: Floats
    values: Floats
    failed: NDArray[np.bool_]
    mass_balance_mmol: float = 0.0
    muscle_store: Floats | None = None

    def series(self, output: str) -> Floats:
        """(draws, times + 1) of one output by name; failed draws are left out."""
        return self.values[~self.failed, :, tuple(UNITS).index(output)]

    def quantiles(self, output: str, probabilities: tuple[float, ...] = (0.05, 0.5, 0.95)) -> Floats:
        """(probabilities, times + 1) across draws."""
        return np.quantile(self.series(output), probabilities, axis=0)
