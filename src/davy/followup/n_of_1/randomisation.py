"""The randomisation test: the arms are shuffled again as they were, and the result compared with all others.

It needs no model of the errors: under no effect every assignment would have shown the same outcomes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from davy.followup.n_of_1.blocks import Blocks
from davy.followup.n_of_1.exposure import washed_in
from davy.followup.n_of_1.priors import Floats
from davy.followup.n_of_1.terms import Terms

MOST_ENUMERATED = 4096
"""Up to so many assignments are all looked at; of more, as many are drawn."""


@dataclass(frozen=True)
class RandomisationTest:
    """What the test says.

    Attributes
    ----------
    p : share of assignments that would have looked at least as good, the one that happened included.
    p_two_sided : share that would have been at least as far from none.
    smallest_p : the least p that this design can give.
    attained : the error rate of calling p <= 0.05; 0 where no result can reach it.
    assignments : how many were looked at.
    exact : whether these are all there are.
    """

    p: float
    p_two_sided: float
    smallest_p: float
    attained: float
    assignments: int
    exact: bool


def randomisation_test(
    outcome: Floats,
    blocks: Blocks,
    terms: Terms,
    arms: tuple[str, str],
    *,
    lag_d: float,
    lower_is_better: bool,
    seed: int = 0,
) -> RandomisationTest:
    """Tests no effect of the second arm against the first.

    Parameters
    ----------
    outcome : (days,) NaN = unknown.
    terms : level, trend and weekdays of the same days, taken out before the arms are compared.
    lag_d : the lag through which each assignment is read, set before the data are seen [d].
    """
    seen = np.isfinite(outcome)
    basis = _basis(terms.columns[seen])
    left = outcome[seen] - basis @ (basis.T @ outcome[seen])
    assigned = np.array(list(_assignments(blocks, seed)))
    taken = _taken(assigned, blocks, arms)
    share = washed_in(taken, lag_d)[seen]
    share = share - basis @ (basis.T @ share)
    square = np.asarray(np.sum(share**2, axis=0), dtype=np.float64)
    slope = np.asarray(np.sum(share * left[:, None], axis=0) / np.maximum(square, 1e-12), dtype=np.float64)
    good: Floats = -slope if lower_is_better else slope
    near = 1e-9 * max(float(np.max(np.abs(slope))), 1e-300)
    p = _share(good, float(good[0]) - near)
    two = _share(np.abs(good), abs(float(good[0])) - near)
    ranks = [_share(good, one - near) for one in np.unique(good).tolist()]
    attained = max((rank for rank in ranks if rank <= 0.05 + 1e-12), default=0.0)
    exact = len(assigned) == blocks.ways
    return RandomisationTest(p, two, min(ranks), attained, len(assigned), exact)


def _share(values: Floats, least: float) -> float:
    return int(np.count_nonzero(values >= least)) / len(values)


def _basis(columns: Floats) -> Floats:
    """An orthonormal basis of the columns."""
    left, size, _ = np.linalg.svd(columns, full_matrices=False)
    return left[:, size > 1e-9 * size[0]]


def _taken(assigned: Floats, blocks: Blocks, arms: tuple[str, str]) -> Floats:
    """(days, assignments) +1 on the second arm, -1 on the first, halved; 0 on others."""
    names = sorted(set(blocks.arm))
    value = np.array([{arms[1]: 0.5, arms[0]: -0.5}.get(name, 0.0) for name in names])
    by_block = np.concatenate([value[assigned.astype(int)], np.zeros((len(assigned), 1))], axis=1)
    return by_block[:, np.array(blocks.day)].T


def _assignments(blocks: Blocks, seed: int) -> Iterator[tuple[int, ...]]:
    """Assignments as arm numbers of each block, the one that happened first."""
    names = sorted(set(blocks.arm))
    own = tuple(names.index(arm) for arm in blocks.arm)
    cycles = [[k for k, one in enumerate(blocks.cycle) if one == cycle] for cycle in dict.fromkeys(blocks.cycle)]
    yield own
    if blocks.ways <= MOST_ENUMERATED and math.prod(math.factorial(len(one)) for one in cycles) <= 50 * MOST_ENUMERATED:
        orders = [sorted(set(itertools.permutations([own[k] for k in cycle]))) for cycle in cycles]
        for chosen in itertools.product(*orders):
            made = _placed(cycles, chosen)
            if made != own:
                yield made
        return
    source = np.random.default_rng([seed, len(own)])
    for _ in range(MOST_ENUMERATED - 1):
        yield _placed(cycles, [tuple(source.permutation([own[k] for k in cycle])) for cycle in cycles])


def _placed(cycles: list[list[int]], chosen: list[tuple[int, ...]] | tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    place = {
        k: int(arm) for cycle, arms in zip(cycles, chosen, strict=True) for k, arm in zip(cycle, arms, strict=True)
    }
    return tuple(place[k] for k in range(len(place)))
