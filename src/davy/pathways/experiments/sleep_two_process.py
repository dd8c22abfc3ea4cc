"""Sleep as two processes: a pressure that waking builds, and a clock that moves where sleep begins and ends.

The core of Borbely 1982 and Daan 1984. Someone lies down at a set hour and falls asleep when pressure passes the upper
level, which arousal lifts in insomnia; they wake when it passes the lower one. Magnesium acts on the latency alone, by
what trials found against placebo; what follows for the length of sleep is the core's own answer. The rhythm is run
until it repeats itself. Left out: waking in the night, stages, naps, alarm clocks, light.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from davy.errors import SolveError

Floats = NDArray[np.float64]
Lanes = NDArray[np.intp]

GRID: Mapping[str, tuple[float, ...]] = MappingProxyType({"mg_dose_mg": (0.0, 100.0, 200.0, 320.0, 500.0, 729.0)})
QUICK = True

EQUATIONS = (
    "awake: S(t) = 1 - (1 - S_0)*exp(-t/t_wake)",
    "asleep: S(t) = S_0*exp(-t/t_sleep)",
    "C = swing*cos(2*pi*(clock - peak)/24)",
    "asleep from S > H_up + arousal + C, awake from S < H_low + C",
    "latency = core + least + b_latency*(1 - exp(-t/tau))*min(dose/dose_ref, 1)",
)

_STEP_H = 1.0 / 60.0
_ONSET_H, _SLEEP_H = 8.0, 16.0
"""How long sleep is waited for, and how long it may last [h]."""
_DAYS = 60
_SAME_H = 1e-6
"""How well two days have to agree to be the same [h]."""


def run(given: Mapping[str, Floats]) -> dict[str, Floats]:
    """One night of the settled rhythm, each (lanes,).

    Parameters
    ----------
    given : inputs (``mg_dose_mg``, ``t_d``, ``lights_out_h``, ``arousal``) and parameters by id, each (lanes,).

    Returns
    -------
    ``latency_min``, ``total_sleep_min``, ``wake_h`` (clock), and their changes against no magnesium,
    ``latency_change_min`` and ``total_sleep_change_min``.

    Raises
    ------
    SolveError
        A lane does not fall asleep or wake, or its days do not settle; the lane is named.
    """
    came = (1.0 - np.exp(-given["t_d"] / given["tau"])) * np.minimum(given["mg_dose_mg"] / given["dose_ref"], 1.0)
    latency, length, wake = _settled(given, given["b_latency"] * came)
    before, length_before, _ = _settled(given, np.zeros_like(came))
    return {
        "latency_min": 60.0 * latency,
        "total_sleep_min": 60.0 * length,
        "wake_h": wake % 24.0,
        "latency_change_min": 60.0 * (latency - before),
        "total_sleep_change_min": 60.0 * (length - length_before),
    }


def _settled(p: Mapping[str, Floats], shift_min: Floats) -> tuple[Floats, Floats, Floats]:
    """Latency and length of sleep, and the hour of waking, once days repeat themselves [h]; a lane then leaves."""
    found = np.zeros((3, len(shift_min)))
    place = np.arange(len(shift_min))
    pressure, woke = np.full_like(shift_min, 0.2), p["lights_out_h"] - 16.0
    latency, length = np.zeros_like(shift_min), np.zeros_like(shift_min)
    for _ in range(_DAYS):
        asleep = _onset(p, pressure, woke, shift_min, place)
        at_onset = 1.0 - (1.0 - pressure) * np.exp(-(asleep - woke) / p["t_wake"])
        lasted = _lasting(p, at_onset, asleep, place)
        new = asleep - p["lights_out_h"]
        settled = (np.abs(new - latency) < _SAME_H) & (np.abs(lasted - length) < _SAME_H)
        latency, length = new, lasted
        pressure = at_onset * np.exp(-lasted / p["t_sleep"])
        woke = asleep + lasted - 24.0
        if settled.any():
            found[:, place[settled]] = latency[settled], length[settled], woke[settled]
            stay = np.flatnonzero(~settled)
            if not stay.size:
                return found[0], found[1], found[2]
            p = {name: each[stay] for name, each in p.items()}
            place, shift_min, latency, length = place[stay], shift_min[stay], latency[stay], length[stay]
            pressure, woke = pressure[stay], woke[stay]
    raise SolveError(f"lane {place[0]}: the nights do not settle within {_DAYS} days; no number is given")


def _onset(p: Mapping[str, Floats], pressure: Floats, woke: Floats, shift_min: Floats, place: Lanes) -> Floats:
    """Clock time of falling asleep [h]."""
    hours = p["lights_out_h"][:, None] + np.arange(0.0, _ONSET_H, _STEP_H)
    waking = 1.0 - (1.0 - pressure)[:, None] * np.exp(-(hours - woke[:, None]) / p["t_wake"][:, None])
    over = waking - (p["H_up"] + p["arousal"])[:, None] - _clock(p, hours)
    at = _first(over, "does not fall asleep", place)
    return p["lights_out_h"] + np.maximum(at * _STEP_H + (p["least_min"] + shift_min) / 60.0, 0.0)


def _lasting(p: Mapping[str, Floats], pressure: Floats, asleep: Floats, place: Lanes) -> Floats:
    """How long sleep lasts [h]."""
    hours = np.arange(0.5, _SLEEP_H, _STEP_H)
    falling = pressure[:, None] * np.exp(-hours / p["t_sleep"][:, None])
    under = p["H_low"][:, None] + _clock(p, asleep[:, None] + hours) - falling
    return 0.5 + _first(under, "does not wake", place) * _STEP_H


def _clock(p: Mapping[str, Floats], hours: Floats) -> Floats:
    return p["swing"][:, None] * np.cos(2.0 * np.pi * (hours - p["peak_h"][:, None]) / 24.0)


def _first(values: Floats, otherwise: str, place: Lanes) -> Floats:
    """Where each row first rises above nothing, between points by a straight line; 0 where it starts above."""
    above = values > 0.0
    never = np.flatnonzero(~above.any(axis=1))
    if never.size:
        raise SolveError(f"lane {place[never[0]]}: the person {otherwise} within the night; no number is given")
    at = np.argmax(above, axis=1)
    row = np.arange(len(at))
    low, high = values[row, np.maximum(at - 1, 0)], values[row, at]
    return np.where(at > 0, at - 1 + low / np.where(low == high, 1.0, low - high), 0.0)
