"""What a person's days are like before anything changes: from their diary where there is one, else stated priors."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from davy.errors import Fault, InputError
from davy.followup.n_of_1.diary import parse_diary
from davy.followup.n_of_1.exposure import Exposures
from davy.followup.n_of_1.gaussian import fit_gaussian
from davy.followup.n_of_1.outcomes import OutcomeRow
from davy.followup.n_of_1.priors import Floats
from davy.followup.n_of_1.terms import terms_of
from davy.people.person import Person

LEAST_DIARY_DAYS = 14
FERTILE_Y = (12.0, 55.0)


@dataclass(frozen=True)
class DailyBaseline:
    """A person's days before anything changes, in daily units.

    Attributes
    ----------
    level, sd : of one day; for yes or no the level is a share.
    rho, rho_weight : the day-to-day correlations that are plausible, and how much.
    weekday : (7,) what each weekday adds, in SD.
    missing_share : of days; period_rise_sd : rise of five days in 28, in SD.
    days : of diary that it rests on; told : where each part comes from.
    """

    level: float
    sd: float
    rho: Floats
    rho_weight: Floats
    weekday: Floats
    missing_share: float
    period_rise_sd: float
    days: int
    told: tuple[str, ...]

    @property
    def rho_mean(self) -> float:
        """The correlation on average."""
        return float(np.sum(self.rho * self.rho_weight))


def baseline_of(person: Person, row: OutcomeRow, diary: Path | None = None) -> DailyBaseline:
    """The baseline of one outcome.

    Raises
    ------
    InputError : a diary that does not read, or too short a one.
    """
    if diary is not None:
        return _from_diary(diary, row, person)
    said = None if person.baseline is None else getattr(person.baseline, row.baseline_field)
    if said is None and row.baseline_field == "headache_days_per_28" and person.headache_days_per_month is not None:
        said = person.headache_days_per_month * 28 / 30.44
    level = (row.level if said is None else said) / row.daily_factor
    if row.kind == "binary" and not 0 < level < 1:
        what = f"{said} {row.unit} leaves nothing to improve, or no day without"
        raise InputError([Fault(f"baseline, {row.baseline_field}", what, "more than none, less than every day")])
    if level <= 0:
        raise InputError([Fault(f"baseline, {row.baseline_field}", "there is nothing to improve", "more than none")])
    told = [
        f"level {level * row.daily_factor:g} {row.unit}: {'assumed' if said is None else 'from the person file'}",
        f"day-to-day correlation {row.rho_low:g} to {row.rho_high:g}: a stated prior, since there is no diary",
        f"{row.missing_share:.0%} of days missing: assumed",
    ]
    rho = np.array([row.rho_low, row.rho, row.rho_high])
    rise = row.period_rise_sd if _may_menstruate(person) else 0.0
    told += [f"a rise of {rise:g} SD on five days in 28: assumed"] if rise else []
    spread = _spread(level, row, None)
    return DailyBaseline(
        level, spread, rho, np.array([0.25, 0.5, 0.25]), np.zeros(7), row.missing_share, rise, 0, tuple(told)
    )


def _from_diary(path: Path, row: OutcomeRow, person: Person) -> DailyBaseline:
    days, values = _read(path)
    seen = np.isfinite(values)
    known = int(np.sum(seen))
    if known < LEAST_DIARY_DAYS:
        what = f"only {known} days have an outcome"
        raise InputError([Fault(str(path), what, f"{LEAST_DIARY_DAYS} days at least, 28 better; or leave --diary out")])
    found = values[seen]
    if row.kind == "binary" and not np.all(np.isin(found, (0.0, 1.0))):
        raise InputError([Fault(str(path), f"{row.id} is yes or no each day", "1 = yes, 0 = no, blank = unknown")])
    if np.any((found < row.least) | (found > row.most)):
        raise InputError([Fault(str(path), "an outcome out of range", f"{row.least:g} to {row.most:g} a day")])
    if float(np.ptp(found)) == 0:
        raise InputError([Fault(str(path), f"the outcome is {found[0]:g} on every day", "a diary that changes")])
    terms = terms_of(days[seen], link=False)
    none = Exposures(np.zeros((1, known, 0)), np.zeros(1), np.zeros(1))
    fit = fit_gaussian(found[:, None], days[seen], terms, none)
    weight = np.sum(fit.weight[:, :, 0], axis=1)
    rho = fit.grid.rho
    if row.kind == "binary":
        # The tendency behind a yes or no is more alike from day to day than the yes or no itself.
        rho = np.sin(0.5 * np.pi * np.clip(rho, 0, 0.99))
    weekday = np.zeros(7)
    if terms.columns.shape[1] > 2:
        means = np.einsum("g,gq->q", weight, fit.coefficients[:, 0, :, 0])[2:]
        weekday = np.asarray((means - np.mean(means)) / float(np.std(found)), dtype=np.float64)
    missing = float(np.mean(~seen))
    told = (
        f"level, spread, weekdays, day-to-day correlation {float(np.sum(weight * rho)):.2f} and {missing:.0%} missing "
        f"days: from {known} days of diary",
    )
    level = float(np.mean(found))
    return DailyBaseline(
        level, _spread(level, row, float(np.std(found, ddof=1))), np.maximum(rho, 0.0), weight, weekday, missing, 0.0,
        known, told,
    )  # fmt: skip


def _spread(level: float, row: OutcomeRow, seen: float | None) -> float:
    if row.kind == "binary":
        return math.sqrt(level * (1 - level))
    if row.kind == "count":
        return math.sqrt(level) if seen is None else max(seen, math.sqrt(level))
    return seen if seen is not None else row.sd or 1.0


def _read(path: Path) -> tuple[Floats, Floats]:
    """Days and outcomes of a diary with or without a column of arms."""
    try:
        rows = [row for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError([Fault(str(path), f"this file cannot be read: {error}", "day,outcome")]) from None
    heads = [cell.strip().lower() for cell in rows[0]] if rows else []
    if "day" not in heads or "outcome" not in heads:
        raise InputError([Fault(f"{path}, line 1", "there is no column day, or none called outcome", "day,outcome")])
    day, outcome = heads.index("day"), heads.index("outcome")
    kept = [f"{row[day]},before,{row[outcome] if outcome < len(row) else ''}" for row in rows[1:] if day < len(row)]
    diary = parse_diary("\n".join(["day,arm,outcome", *kept]), name=str(path))
    return diary.day, diary.outcome


def _may_menstruate(person: Person) -> bool:
    age = person.age_y
    return person.sex == "female" and age is not None and FERTILE_Y[0] <= age <= FERTILE_Y[1]
