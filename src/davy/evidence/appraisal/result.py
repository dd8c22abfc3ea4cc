"""What an analysis answers, whichever way it was made."""

from __future__ import annotations

from dataclasses import dataclass

from davy.evidence.appraisal.rows import AnalysisRow

Interval = tuple[float, float] | None
RATIOS = frozenset({"RR", "OR", "ROM", "IRR"})


@dataclass(frozen=True)
class Result:
    """One result.

    Attributes
    ----------
    estimate, ci, pi : effect, its 95 % confidence interval and the 95 % prediction interval; None = not to be had.
    se : on the analysis scale (log for ratios), of the common effect where studies were pooled here.
    common, common_ci : the common-effect result beside.
    k, n : trials and people.
    doses : elemental magnesium that was given [mg/d].
    forms, people : what was given to whom, in the words that persons and plans use.
    without, baseline : of 100 in the control arms, how many had it, and whose arms those are.
    method : how it was made, in words.
    """

    row: AnalysisRow
    estimate: float | None = None
    ci: Interval = None
    pi: Interval = None
    se: float | None = None
    common: float | None = None
    common_ci: Interval = None
    tau2: float | None = None
    i2: float | None = None
    k: int | None = None
    n: int | None = None
    doses: Interval = None
    forms: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    without: float | None = None
    baseline: str | None = None
    method: str = ""

    @property
    def is_ratio(self) -> bool:
        """Whether no effect is 1, not 0."""
        return self.row.measure in RATIOS

    @property
    def no_effect(self) -> float:
        """The value that means no effect."""
        return 1.0 if self.is_ratio else 0.0

    @property
    def individual(self) -> tuple[str, Interval]:
        """The interval for one person: prediction from three trials on where it is defined, else confidence."""
        if self.pi is not None and (self.k or 0) >= 3:
            return "prediction", self.pi
        return "confidence", self.ci

    def better(self, value: float) -> float:
        """How far a value lies on the side of benefit, from no effect; negative = harm."""
        gap = value - self.no_effect
        return -gap if self.row.better == "lower" else gap

    @property
    def matters(self) -> float | None:
        """The smallest effect that matters, as `better` counts it."""
        return None if self.row.smallest is None else abs(self.row.smallest - self.no_effect)

    @property
    def with_per_100(self) -> float | None:
        """Of 100 such people with magnesium: the baseline risk carried through the ratio."""
        if self.without is None or self.estimate is None:
            return None
        if self.row.measure == "RR":
            return min(100.0, self.without * self.estimate)
        if self.row.measure == "OR":
            odds = self.without / (100 - self.without) * self.estimate
            return 100 * odds / (1 + odds)
        return None


def crosses(interval: tuple[float, float], value: float) -> bool:
    """Whether the value lies inside the interval or on its end."""
    return interval[0] <= value <= interval[1]
