"""A reference for a fit that shares neither its coordinates nor its way: an ensemble sampler over plain parameters.

Each mixture is one continuous coordinate here: a standard normal number is put through the distribution function of
the whole mixture. Structures are summed over in the likelihood, so that no walker has to jump.
"""

from __future__ import annotations

import emcee
import numpy as np
from scipy.special import ndtr, ndtri

from davy.forecast.future import steady_on
from davy.forecast.lanes import lanes_of
from davy.forecast.outcome import UNITS, Draws
from davy.inference.case import Case

OUTPUT = {
    "serum-magnesium": "serum_mmol_per_L",
    "urine-magnesium-24h": "urine_mmol_per_d",
    "rbc-magnesium": "rbc_mmol_per_L",
}
WALKERS, BURN, STEPS, THIN = 200, 60, 100, 4
_GRID = np.exp(np.linspace(np.log(0.05), np.log(3.0), 1500))


class Reference:
    """The posterior of one person at steady state, from the priors' own definitions."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.kinds = case.coordinates.kinds
        self.structures = sorted({kind.structure for kind in self.kinds})
        self.free = [place for place in range(case.coordinates.fitted) if self._free(place)]
        first = {kind.structure: kind for kind in reversed(self.kinds)}
        self.plain = [first[name] for name in self.structures]
        self.mixed = {name: self._quantiles(name) for name in ("kid_fTm", "gut_f_act")}

    def _free(self, place: int) -> bool:
        """Axes with a parameter of their own; a covariate's effect is summed into the mixture it belongs to."""
        return self.case.coordinates.axes[place].effect is None

    def _quantiles(self, name: str) -> np.ndarray:
        """The grid of z at which the mixture of one organ, effects included, reaches each value of `_GRID`."""
        place = self.case.coordinates.place(name)
        of = 0 if name == "kid_fTm" else 1
        rng = np.random.default_rng(7)
        ill = "wasting" if of == 0 else "malabsorption"
        rate = sum(kind.weight for kind in self.kinds if kind.name.split("/")[of] == ill)
        found = np.zeros(len(_GRID))
        for part, weight in ((ill, rate), ("healthy", 1 - rate)):
            kind = next(kind for kind in self.kinds if kind.name.split("/")[of] == part)
            axis = kind.axes[place]
            moves = any(axis.effect is not None for axis in kind.axes)
            z = rng.standard_normal((2000 if moves else 1, len(kind.axes)))
            shift = np.zeros(len(z))
            for at, own in enumerate(kind.axes):
                if own.effect is not None and name in self.case.coordinates.targets[at]:
                    shift += np.log(own.value(z[:, at]))
            moved = _GRID[:, None] / np.exp(shift)
            if axis.low is None or axis.high is None:
                below = ndtr(np.log(moved / axis.median) / axis.spread)
            else:
                below = np.clip((moved / axis.median - axis.low) / (axis.high - axis.low), 0, 1)
            found += weight * below.mean(axis=1)
        return ndtri(np.clip(found, 1e-12, 1 - 1e-12))

    def draws(self, z: np.ndarray) -> Draws:
        """Versions under each structure in turn: all rows of z under the first, then under the next."""
        values: dict[str, np.ndarray] = {}
        for name in self.plain[0].fixed:
            values[name] = np.repeat([kind.fixed[name] for kind in self.plain], len(z))
        intake = np.ones(len(z) * len(self.plain))
        for column, place in enumerate(self.free):
            name = self.plain[0].axes[place].parameter
            if name in self.mixed:
                values[name] = np.tile(np.interp(z[:, column], self.mixed[name], _GRID), len(self.plain))
                continue
            found = np.concatenate([kind.axes[place].value(z[:, column]) for kind in self.plain])
            if name == "intake":
                intake = found
            elif name in self.case.model.parameters:
                values[name] = found
        return Draws(tuple(values), np.stack(list(values.values()), axis=1), intake)

    def levels(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, Draws]:
        """(structures, rows) log likelihood and prior weight; outputs; the draws."""
        draws = self.draws(z)
        outputs, failed = steady_on(lanes_of(self.case.model, draws), self.case.absorption(draws))
        level = np.zeros(len(outputs))
        for one in self.case.evidence.observations:
            shown = np.log(outputs[:, tuple(UNITS).index(OUTPUT[one.quantity])])
            level -= ((shown - one.log_value) / one.spread) ** 2 / 2
        level = np.where(failed | ~np.isfinite(level), -1e300, level).reshape(len(self.plain), -1)
        weights = [sum(one.weight for one in self.kinds if one.structure == kind.structure) for kind in self.plain]
        return level + np.log(weights)[:, None], outputs, draws

    def log_posterior(self, z: np.ndarray) -> np.ndarray:
        return np.logaddexp.reduce(self.levels(z)[0], axis=0) - (z**2).sum(axis=1) / 2

    def sampled(self, seed: int) -> dict[str, np.ndarray]:
        """Draws of the parameters and of present serum and urine, and the weights of the structures."""
        rng = np.random.default_rng(seed)
        start = rng.standard_normal((WALKERS * 60, len(self.free)))
        likelihood = self.log_posterior(start) + (start**2).sum(axis=1) / 2
        start = start[rng.choice(len(start), WALKERS, p=_softmax(likelihood))]
        start += 0.02 * rng.standard_normal(start.shape)
        moves = [(emcee.moves.DEMove(), 0.7), (emcee.moves.DESnookerMove(), 0.1), (emcee.moves.StretchMove(), 0.2)]
        sampler = emcee.EnsembleSampler(WALKERS, len(self.free), self.log_posterior, vectorize=True, moves=moves)
        sampler.random_state = np.random.RandomState(seed).get_state()
        state = sampler.run_mcmc(start, BURN)
        sampler.reset()
        sampler.run_mcmc(state, STEPS)
        z = sampler.get_chain(flat=True, thin=THIN)
        level, outputs, draws = self.levels(z)
        share = np.exp(level - np.logaddexp.reduce(level, axis=0))
        structure = (rng.random(len(z)) > np.cumsum(share, axis=0)[:-1]).sum(axis=0)
        rows = structure * len(z) + np.arange(len(z))
        return {
            "serum": np.log(outputs[rows, 0]),
            "urine": np.log(outputs[rows, tuple(UNITS).index("urine_mmol_per_d")]),
            "kid_fTm": np.log(draws.parameter("kid_fTm")[rows]),
            "gut_f_act": np.log(draws.parameter("gut_f_act")[rows]),
            "intake": np.log(draws.intake_mmol_per_d[rows]),
            "structure": share.mean(axis=1),
        }


def _softmax(level: np.ndarray) -> np.ndarray:
    weight = np.exp(level - level.max())
    return weight / weight.sum()
