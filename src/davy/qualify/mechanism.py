"""Standard small models that test a claim: the NMDA pore's block, saturable rates."""

from __future__ import annotations

import math

_JAHR_STEVENS_MM, _JAHR_STEVENS_PER_MV = 3.57, 0.062


def nmda_unblocked(magnesium_mM: float, voltage_mV: float) -> float:
    """Share of NMDA receptors that magnesium leaves open (Jahr and Stevens 1990) [%]."""
    return 100.0 / (1.0 + magnesium_mM / _JAHR_STEVENS_MM * math.exp(-_JAHR_STEVENS_PER_MV * voltage_mV))


def nmda_block_lost(before_mM: float, after_mM: float, voltage_mV: float) -> float:
    """How much of the block goes when magnesium falls [% of the block before]."""
    before, after = (100.0 - nmda_unblocked(level, voltage_mV) for level in (before_mM, after_mM))
    return 100.0 * (1.0 - after / before)


def nmda_current_gain(before_mM: float, after_mM: float, voltage_mV: float) -> float:
    """How many times as much current passes when magnesium falls."""
    return nmda_unblocked(after_mM, voltage_mV) / nmda_unblocked(before_mM, voltage_mV)


def nmda_shift_mV(before_mM: float, after_mM: float) -> float:
    """The change of voltage that does as much as a change of magnesium [mV]."""
    return math.log(before_mM / after_mM) / _JAHR_STEVENS_PER_MV


def saturable_rate(level_mM: float, half_mM: float) -> float:
    """Rate of a saturable step as a share of its largest [%]."""
    return 100.0 * level_mM / (level_mM + half_mM)


def fall_of_rate(before_mM: float, after_mM: float, half_mM: float) -> float:
    """How much a saturable step slows when its ion falls [%]."""
    return 100.0 * (1.0 - saturable_rate(after_mM, half_mM) / saturable_rate(before_mM, half_mM))


def inhibited_gain(before_mM: float, after_mM: float, half_mM: float) -> float:
    """How many times as active a channel is that an ion closes, when the ion falls."""
    return (1.0 + before_mM / half_mM) / (1.0 + after_mM / half_mM)


def unblocked_by_voltage(magnesium_mM: float, voltage_mV: float, other_mV: float) -> float:
    """How many times as many NMDA receptors are open at the other voltage, at the same magnesium and transmitter."""
    return nmda_unblocked(magnesium_mM, other_mV) / nmda_unblocked(magnesium_mM, voltage_mV)


def biphasic_gain(before_mM: float, after_mM: float, first_half_mM: float, second_half_mM: float) -> float:
    """How many times as active a channel is that two sites close, half each, when the ion falls."""

    def activity(level: float) -> float:
        return 0.5 / (1.0 + level / first_half_mM) + 0.5 / (1.0 + level / second_half_mM)

    return activity(after_mM) / activity(before_mM)


def diffusion_years(distance_m: float, um2_per_s: float) -> float:
    """Mean time to diffuse that far along a line [years]."""
    return (distance_m * 1e6) ** 2 / (2.0 * um2_per_s) / (365.25 * 86400.0)
