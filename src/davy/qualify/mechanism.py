"""Standard small models that test a claim and stand in no pathway: saturable rates, diffusion."""

from __future__ import annotations


def saturable_rate(level_mM: float, half_mM: float) -> float:
    """Rate of a saturable step as a share of its largest [%]."""
    return 100.0 * level_mM / (level_mM + half_mM)


def fall_of_rate(before_mM: float, after_mM: float, half_mM: float) -> float:
    """How much a saturable step slows when its ion falls [%]."""
    return 100.0 * (1.0 - saturable_rate(after_mM, half_mM) / saturable_rate(before_mM, half_mM))


def inhibited_gain(before_mM: float, after_mM: float, half_mM: float) -> float:
    """How many times as active a channel is that an ion closes, when the ion falls."""
    return (1.0 + before_mM / half_mM) / (1.0 + after_mM / half_mM)


def diffusion_years(distance_m: float, um2_per_s: float) -> float:
    """Mean time to diffuse that far along a line [years]."""
    return (distance_m * 1e6) ** 2 / (2.0 * um2_per_s) / (365.25 * 86400.0)
