"""How far the versions of a fit can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Method = Literal["prior", "laplace", "resampled", "tempered"]

TRUSTED_K = 0.7
"""Above this the largest weights decide too much (s-vehtari-2024)."""

FEWEST_EFFECTIVE = 100
"""Below this many a fit is worked out another way."""


@dataclass(frozen=True)
class Quality:
    """How far the versions of a fit can be trusted.

    Attributes
    ----------
    method : "prior" without labs; "laplace" for the bells alone; "resampled" for bells corrected by importance;
        "tempered" where the bells failed and the person was worked out from the prior by steps.
    pareto_k : shape of the tail of the importance weights; above 0.7 they are not trusted. None = no weights.
    effective_size : how many equal draws the versions are worth.
    """

    method: Method
    pareto_k: float | None
    effective_size: float

    @property
    def trusted(self) -> bool:
        """Whether the importance weights of the bells can be relied on."""
        return (self.pareto_k is None or self.pareto_k <= TRUSTED_K) and self.effective_size >= FEWEST_EFFECTIVE
