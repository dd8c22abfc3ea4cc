"""Which candidate: the rule of CLINICAL.md section 7, on plain numbers.

Only medians decide. A wider band can take candidates away, and then all above them too, so it never raises a dose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NEAR_BEST_MMOL_PER_L = 0.01
"""Where the target is out of reach, a gain this close to the best allowed one is as good (CLINICAL.md, section 7)."""


@dataclass(frozen=True)
class Option:
    """One candidate as the rule sees it.

    Attributes
    ----------
    key : finds the candidate again.
    dose_mg : elemental magnesium from everything but food [mg/d].
    permitted : safety did not refuse it.
    serum_mmol_per_L : posterior median of the true 24-h mean serum on the day that counts.
    rank : taste among equal doses, lower is better.
    too_high : refused because of where serum might go, so no larger dose may stand either.
    """

    key: int
    dose_mg: float
    permitted: bool
    serum_mmol_per_L: float
    rank: tuple[float, ...] = ()
    too_high: bool = False


@dataclass(frozen=True)
class Choice:
    """The chosen option, and whether it reaches what the goal asks for."""

    option: Option
    reached: bool


def eligible(options: Sequence[Option]) -> list[Option]:
    """What safety permits, below the least dose that was refused for where serum might go; least dose first."""
    ceiling = min((option.dose_mg for option in options if option.too_high), default=float("inf"))
    allowed = [option for option in options if option.permitted and option.dose_mg < ceiling]
    return sorted(allowed, key=lambda option: (option.dose_mg, option.rank, option.key))


def restore(options: Sequence[Option], low: float, high: float, now: float = 0.0) -> Choice | None:
    """The least allowed dose whose median serum lies in [low, high); else the least with almost the best gain.

    Parameters
    ----------
    low, high : the target window of the true 24-h mean serum [mmol/L].
    now : serum on what is taken today [mmol/L]; where the target is out of reach nobody is planned down from it.
    """
    allowed = [option for option in eligible(options) if option.serum_mmol_per_L < high]
    for option in allowed:
        if option.serum_mmol_per_L >= low:
            return Choice(option, reached=True)
    if not allowed:
        return None
    best = max(option.serum_mmol_per_L for option in allowed)
    floor = max(best - NEAR_BEST_MMOL_PER_L, min(now, best))
    return Choice(next(option for option in allowed if option.serum_mmol_per_L >= floor), reached=False)


def at_least(options: Sequence[Option], wanted_mg: float) -> Choice | None:
    """The least allowed dose that is not below the wanted one; else the largest allowed.

    Serves a trial (the lowest dose that trials support) and an intake that food leaves short.
    """
    allowed = eligible(options)
    for option in allowed:
        if option.dose_mg >= wanted_mg:
            return Choice(option, reached=True)
    if not allowed:
        return None
    most = max(option.dose_mg for option in allowed)
    return Choice(next(option for option in allowed if option.dose_mg == most), reached=False)


def at_most(options: Sequence[Option], wanted_mg: float) -> Choice | None:
    """The largest allowed dose that is not above the wanted one."""
    allowed = [option for option in eligible(options) if option.dose_mg <= wanted_mg]
    if not allowed:
        return None
    most = max(option.dose_mg for option in allowed)
    return Choice(next(option for option in allowed if option.dose_mg == most), reached=most == wanted_mg)


def larger(first: Choice | None, second: Choice | None) -> Choice | None:
    """The choice with the larger dose; reached only where both are."""
    if first is None or second is None:
        return first or second
    more = second if second.option.dose_mg > first.option.dose_mg else first
    return Choice(more.option, first.reached and second.reached)
