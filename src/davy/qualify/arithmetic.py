"""Arithmetic that tests a claim: shares, differences, rates and what a limit makes of a dose."""

from __future__ import annotations

from davy.units import mg_of_mmol


def number(value: float) -> float:
    """A number that the registry holds, beside the article's."""
    return value


def ratio(part: float, whole: float) -> float:
    """How many times as much."""
    return part / whole


def percent(part: float, whole: float) -> float:
    """The share [%]."""
    return 100.0 * part / whole


def percent_change(before: float, after: float) -> float:
    """The change against before [%]."""
    return 100.0 * (after - before) / before


def difference(minuend: float, subtrahend: float) -> float:
    """How much more."""
    return minuend - subtrahend


def difference_of_differences(before: float, after: float, other_before: float, other_after: float) -> float:
    """The change in one arm less the change in the other."""
    return (after - before) - (other_after - other_before)


def total(first: float, second: float, third: float = 0.0) -> float:
    """The sum."""
    return first + second + third


def product(first: float, second: float, third: float = 1.0) -> float:
    """The product."""
    return first * second * third


def place_in_range(value: float, low: float, high: float) -> float:
    """How far up a range a value stands [%]."""
    return 100.0 * (value - low) / (high - low)


def days_to_grow(length_mm: float, mm_per_day: float) -> float:
    """How long a length takes [d]."""
    return length_mm / mm_per_day


def dose_to_replace(loss_mg: float, absorbed_share: float) -> float:
    """Elemental dose that replaces a urinary loss [mg]."""
    return loss_mg / absorbed_share


def cells_replaced(days: float, life_days: float) -> float:
    """Share of red cells that are new after some days, each living as long as the other [%]."""
    return 100.0 * min(days / life_days, 1.0)


def rescaled_ratio(ratio: float, per: float, step: float) -> float:
    """A ratio per one step, over another step of a log-linear relation."""
    return float(ratio ** (step / per))


def fall_against_ratio(fall: float, ratio: float) -> float:
    """A fall [%] against that of a ratio."""
    return fall / (100.0 * (1.0 - ratio))


def fall_against(ratio: float, per: float, step: float, other_ratio: float) -> float:
    """The fall of a log-linear relation over a step against the fall of another ratio."""
    return fall_against_ratio(100.0 * (1.0 - rescaled_ratio(ratio, per, step)), other_ratio)


def mean_life_min(pool_mmol: float, turnover_mol_per_day: float) -> float:
    """Mean life of what a pool holds [min]."""
    return pool_mmol / 1000.0 / turnover_mol_per_day * 24.0 * 60.0


def sweat_share(mmol_per_L: float, litres: float, reference_mg: float) -> float:
    """Magnesium in so much sweat, of a day's reference [%]."""
    return 100.0 * mg_of_mmol(mmol_per_L * litres) / reference_mg
