"""The days of a virtual person under a policy: what they take, what that does, and what of it they note.

Everything that chance decides is drawn before the first day, so that every policy meets the same person in the same
weather: policies differ by what they ask for alone.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from davy.followup.adapt.virtual_person import AFTER_D, BEFORE_D, PLAN_D, START, Virtual, assumed
from davy.followup.days import Day
from davy.people.person import Lab, Medicine

Floats = NDArray[np.float64]
ALL_D = BEFORE_D + PLAN_D + AFTER_D
_DAILY = ("taken", "noted", "loose", "many", "drawn")
SERUM_D, KIDNEY_WAIT_D, URINE_D = (42, 84), 7, 18
_SERUM_TAU_D = 10.0
CREATININE, FALL = 70.0, 1.5


class Life:
    """One person's days, one after the other."""

    def __init__(self, person: Virtual, seed: int) -> None:
        source = np.random.default_rng([seed, person.number, 2])
        self.person = person
        self._chance: dict[str, Floats] = {name: source.random(ALL_D) for name in _DAILY}
        row = person.archetype.outcome
        alike = 0.0 if row is None else float(source.choice([row.rho_low, row.rho, row.rho_high]))
        self._state = _alike(source, alike)
        self._night, self._heart = _alike(source, 0.3), _alike(source, 0.5)
        self.assay: Floats = source.standard_normal(ALL_D)
        self.looks: Floats = source.random(ALL_D)
        self.accepts: Floats = source.random(ALL_D)
        self.days: list[Day] = []
        self.parts: list[tuple[float, float, float]] = []
        self.asked_mg: list[float] = []
        self._there = self._any = 0.0
        self.serum = person.serum
        self._serum: list[float] = []

    def live(self, mg: float) -> None:
        """The next day, on so much a day as asked for; what a label hides is taken with it [mg/d]."""
        person, at = self.person, len(self.days)
        number = at - BEFORE_D
        took = mg > 0 and self._chance["taken"][at] < person.taken
        real = mg * person.label if took else 0.0
        lag = assumed("lag-d")
        self._there += (real / person.archetype.full_mg - self._there) / lag
        self._any += (float(took) - self._any) / lag
        self.serum += (person.serum + person.gain * real / 100 - self.serum) / _SERUM_TAU_D
        self._serum.append(self.serum)
        rate, without = self._rate(number), 1 - person.placebo * self._any
        loose = self._loose(at, real)
        self.asked_mg.append(mg)
        self.parts.append((self._burden(rate / without), float(loose > 0), float(mg > 0)))
        self.days.append(self._noted(at, number, mg, took, rate, loose))

    def labs(self, today: date) -> tuple[Lab, ...]:
        """What the laboratory reported: serum half-way and at the end for most, creatinine after the kidneys fall."""
        found: list[Lab] = []
        number = (today - START).days
        if self.person.urine:
            found.append(_urine(self.person))
        if self.person.archetype.setting == "restore":
            for day in SERUM_D:
                drawn = self._chance["drawn"][day + BEFORE_D] < 0.7
                if day <= number and drawn:
                    found += [self._serum_lab(day), self._creatinine(day)]
        elif number >= SERUM_D[0] and self._chance["drawn"][SERUM_D[0] + BEFORE_D] < 0.4:
            found.append(self._creatinine(SERUM_D[0]))
        fell = self.person.kidney
        if fell is not None and fell + KIDNEY_WAIT_D <= number:
            found.append(self._creatinine(fell + KIDNEY_WAIT_D))
        return tuple(sorted(found, key=lambda lab: lab.date))

    def medicines(self, today: date) -> tuple[Medicine, ...]:
        """What else was begun by a day, as the person file says it."""
        new = self.person.medicine
        if new is None or START + timedelta(days=new[0]) > today:
            return ()
        classes = {"levothyroxine": ("levothyroxine",), "propranolol": ("beta-blocker",)}[new[1]]
        return (Medicine(name=new[1], since=START + timedelta(days=new[0]), classes=classes),)

    def _rate(self, number: int) -> float:
        """The true mean of the outcome on a day."""
        person = self.person
        half = assumed("half-dose")
        there = self._there * (1 + half) / (self._there + half)
        rate = person.level * (1 - min(person.fall * there, 0.9)) * (1 - person.placebo * self._any)
        if person.medicine is not None and number >= person.medicine[0]:
            rate *= 1 - person.medicine[2]
        if _inside(person.alcohol, number):
            rate *= 1 + assumed("alcohol-effect")
        if person.cycle_day is not None and (number + person.cycle_day) % 28 < 5:
            rate *= 1.15
        return rate

    def _loose(self, at: int, real: float) -> int:
        over = min(max((real - self.person.tolerated_mg) / 100, 0.0), 1.0)
        chance = assumed("loose-background") + assumed("loose-above") * over
        if self._chance["loose"][at] >= chance:
            return 0
        return 1 + int(self._chance["many"][at] * (1 + 5 * over))

    def _burden(self, rate: float) -> float:
        """The outcome of a day in smallest differences that matter; a placebo's part is no gain and no loss."""
        row = self.person.archetype.outcome
        return max(0.75 - self.serum, 0.0) / 0.05 if row is None else rate * row.daily_factor / row.smallest

    def _noted(self, at: int, number: int, mg: float, took: bool, rate: float, loose: int) -> Day:
        person, when = self.person, START + timedelta(days=number)
        if self._chance["noted"][at] < assumed("missing") or _inside(person.gap, number):
            return Day(when)
        row, drinks = person.archetype.outcome, _inside(person.alcohol, number)
        said: dict[str, object] = {
            "taken_share": float(took) if mg > 0 else None,
            "loose_stools": float(loose) if loose else None,
            "hrv_rmssd_ms": round(max(40 + 8 * float(self._heart[at]) - 8 * drinks, 5.0), 1),
            "asleep_min": round(max(400 + 45 * float(self._night[at]), 60.0)),
            "alcohol_g": 40.0 if drinks else None,
            "symptoms": ("vomiting",) if _inside(person.sick, number) else None,
        }
        if person.cycle_day is not None:
            said["menstruation"] = (number + person.cycle_day) % 28 < 5
        if row is not None:
            said |= self._outcome(at, rate)
        return Day(when, **said)  # pyright: ignore[reportArgumentType]

    def _outcome(self, at: int, rate: float) -> dict[str, object]:
        """What the diary says of the outcome."""
        if self.person.archetype.setting == "migraine":
            return {"headache": _below(float(self._state[at])) < rate}
        if self.person.frozen:
            return {"sleep_onset_min": round(self.person.level)}
        return {"sleep_onset_min": float(round(min(max(rate + 20 * float(self._state[at]), 1.0), 300.0)))}

    def _serum_lab(self, day: int) -> Lab:
        at = day + BEFORE_D
        value = round(self.serum_on(at) + assumed("serum-noise") * float(self.assay[at]), 2)
        return Lab(
            date=START + timedelta(days=day), test="serum-magnesium", value=value, unit="mmol/L",
            reference_low=0.75, reference_high=1.0,
        )  # fmt: skip

    def serum_on(self, at: int) -> float:
        """Serum on a day that was lived [mmol/L]."""
        return self._serum[min(at, len(self._serum) - 1)]

    def _creatinine(self, day: int) -> Lab:
        fell = self.person.kidney is not None and day >= self.person.kidney
        value = CREATININE * (FALL if fell else 1.0) * (1 + 0.03 * float(self.assay[day]))
        return Lab(date=START + timedelta(days=day), test="creatinine", value=round(value), unit="umol/L")


def _urine(person: Virtual) -> Lab:
    """A complete 24-h urine from before the plan."""
    value = assumed("urine-leak" if person.truth == "none" else "urine-other")
    when = START - timedelta(days=URINE_D)
    return Lab(date=when, test="urine-magnesium-24h", value=value, unit="mmol/24h", complete=True)


def _alike(source: np.random.Generator, alike: float) -> Floats:
    noise = source.standard_normal(ALL_D)
    state = np.empty(ALL_D)
    state[0] = noise[0]
    for at in range(1, ALL_D):
        state[at] = alike * state[at - 1] + math.sqrt(1 - alike**2) * noise[at]
    return state


def _inside(spell: tuple[int, int] | None, number: int) -> bool:
    return spell is not None and spell[0] <= number < spell[0] + spell[1]


def _below(state: float) -> float:
    """The share of a standard normal below a value."""
    return 0.5 * math.erfc(-state / math.sqrt(2))
