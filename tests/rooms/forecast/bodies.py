"""Persons and regimens that stress the clock: at the threshold and away from it, small doses and large."""

from __future__ import annotations

import numpy as np

from davy.forecast.outcome import Draws
from davy.people.regimen import NO_SUPPLEMENT, Intake, Regimen, Step

# filtration [L/d], kidney threshold, absorption capacity, intake [mmol/d]
ROWS = {
    "typical": (144, 1, 1, 12.3),
    "poor diet": (144, 1, 1, 4),
    "leak": (144, 0.76, 1, 12.3),
    "great leak": (144, 0.6, 1, 8),
    "malabsorption": (144, 1, 0.3, 12.3),
    "kidney 45": (65, 1, 0.9, 10),
    "kidney 21": (30, 1, 0.8, 10),
    "kidney 14": (20, 1, 0.7, 8),
    "nothing to absorb": (110, 0.85, 0.5, 3),
    "great eater": (144, 1.05, 1.5, 25),
}


def draws(names: tuple[str, ...] = tuple(ROWS)) -> Draws:
    """One draw a person."""
    table = np.array([ROWS[name] for name in names], dtype=np.float64)
    return Draws(("kid_GFR", "kid_fTm", "gut_f_act"), table[:, :3], table[:, 3])


def every_day(form: str, mg: float, *times: str) -> Regimen:
    """The same dose at these times, for good."""
    return Regimen((Step(0, None, tuple(Intake(at, form, mg) for at in times)),))


def titration() -> Regimen:
    """One intake, then two, then three."""
    times = ("21:00", "08:00", "14:00")
    steps = ((0, 7, 1), (7, 14, 2), (14, None, 3))
    return Regimen(tuple(Step(a, b, tuple(Intake(at, "glycinate", 100) for at in times[:n])) for a, b, n in steps))


REGIMENS = {
    "none": NO_SUPPLEMENT,
    "once": every_day("citrate", 350, "21:00"),
    "twice": every_day("citrate", 175, "08:00", "21:00"),
    "thrice": every_day("oxide", 200, "08:00", "14:00", "21:00"),
    "titration": titration(),
    "course": Regimen((Step(3, 30, (Intake("12:30", "citrate", 300),)),)),
}
