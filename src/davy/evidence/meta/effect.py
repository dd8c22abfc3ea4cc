"""Effects to pool: an estimate and its sampling variance a study, with the counts behind them where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Measure = Literal["OR", "RR", "RD", "IRR", "PETO", "MD", "SMD", "ROM", "GEN"]
Method = Literal["REML", "DL", "PM", "FE", "MH", "PETO"]
Test = Literal["knha", "z"]

RATIOS: frozenset[str] = frozenset({"OR", "RR", "IRR", "PETO", "ROM"})
"""Measures that are pooled as logarithms."""
RANDOM: frozenset[str] = frozenset({"REML", "DL", "PM"})
"""Methods that estimate a variance between studies."""


@dataclass(frozen=True)
class Counts:
    """Events and non-events of the treated (`ai`, `bi`) and the control group (`ci`, `di`), one entry a study."""

    ai: Floats
    bi: Floats
    ci: Floats
    di: Floats

    @property
    def n1i(self) -> Floats:
        """People in the treated group."""
        return self.ai + self.bi

    @property
    def n2i(self) -> Floats:
        """People in the control group."""
        return self.ci + self.di


@dataclass(frozen=True)
class Rates:
    """Events and person-time of the treated (`x1i`, `t1i`) and the control group (`x2i`, `t2i`)."""

    x1i: Floats
    t1i: Floats
    x2i: Floats
    t2i: Floats


@dataclass(frozen=True)
class Effects:
    """What is pooled.

    Attributes
    ----------
    measure : what `yi` is; logarithms for the measures of `RATIOS`.
    study : a label a study.
    yi, vi : estimate and sampling variance on the analysis scale, shape (k,).
    ni : people in both groups together, shape (k,), or None.
    counts, rates : what the estimates came from, or None.
    moderators : other columns of the file, as text, one entry a study.
    assumed_r : the correlation that was assumed for some rows, or None.
    choices : every convention that was applied, in words.
    warnings : what a reader must know of single rows.
    """

    measure: Measure
    study: tuple[str, ...]
    yi: Floats
    vi: Floats
    ni: Floats | None = None
    counts: Counts | None = None
    rates: Rates | None = None
    moderators: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    assumed_r: float | None = None
    choices: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.yi)

    @property
    def is_ratio(self) -> bool:
        """Whether the analysis scale is a logarithm."""
        return self.measure in RATIOS

    def chosen(self, keep: NDArray[np.bool_]) -> Effects:
        """The same with some of the studies only."""
        counts = self.counts and Counts(*(part[keep] for part in _parts(self.counts)))
        rates = self.rates and Rates(*(part[keep] for part in _parts(self.rates)))
        return Effects(
            self.measure,
            tuple(np.array(self.study, dtype=object)[keep]),
            self.yi[keep],
            self.vi[keep],
            None if self.ni is None else self.ni[keep],
            counts,
            rates,
            {name: tuple(np.array(cells, dtype=object)[keep]) for name, cells in self.moderators.items()},
            self.assumed_r,
            self.choices,
            self.warnings,
        )


def _parts(made: Counts | Rates) -> tuple[Floats, Floats, Floats, Floats]:
    if isinstance(made, Counts):
        return made.ai, made.bi, made.ci, made.di
    return made.x1i, made.t1i, made.x2i, made.t2i
