"""Which labs inform the fit, when they were drawn, and what is unknown about each measurement itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import log, sqrt

from davy.forecast.present import PresentMagnesium
from davy.forecast.priors import error_of, prior_row, spread_of
from davy.inference.axes import Axis
from davy.inference.history import Era, era_at, settled_at
from davy.inference.likelihood import Evidence, Observation
from davy.inference.spot import excreted_per_filtrate
from davy.people.labs import age_d, labs_of
from davy.people.person import Lab, Person

OLDEST_D = 365
"""From this age on a lab no longer tells why serum is low today [d]."""

FORGOTTEN_D = 730
"""From this age on a lab says nothing about the present [d]."""

PAIRED_D = 92
URINE, SERUM = "urine-magnesium-24h", "serum-magnesium"
_YEAR_D = 365.25
_LEAST_MEASURABLE = 0.05
_CREATININE_MMOL_PER_KG = {"female": (0.08, 0.25), "male": (0.10, 0.30)}

LABELS = {
    "serum-magnesium": "serum magnesium",
    "ionised-magnesium": "ionised magnesium",
    "rbc-magnesium": "red-cell magnesium",
    "rbc-magnesium-free": "free red-cell magnesium",
    "urine-magnesium-24h": "24-h urine magnesium",
    "urine-magnesium-spot": "spot urine magnesium",
    "magnesium-load-retention": "magnesium loading test",
    "magnesium-load-retention-corrected": "magnesium loading test",
    "faecal-magnesium-24h": "24-h stool magnesium",
    "magnesium-balance-24h": "magnesium balance",
}
"""What informs the fit: each test as a sentence calls it."""

LINEAR = ("magnesium-balance-24h",)


@dataclass
class _Gathered:
    """What is taken up while the labs are read."""

    taken: list[Observation] = field(default_factory=list[Observation])
    said: list[str] = field(default_factory=list[str])
    shares: list[Axis] = field(default_factory=list[Axis])
    whole: list[Lab] = field(default_factory=list[Lab])


def evidence_of(person: Person, present: PresentMagnesium, eras: Sequence[Era] = ()) -> Evidence:
    """The results that say something about this body, each with the day it was drawn.

    Parameters
    ----------
    eras : what was taken when; none given, nothing ever changed.
    """
    found = _Gathered()
    for test in LABELS:
        for lab in labs_of(person, test):
            why = _why_not(person, lab, eras)
            if why is None:
                _take(person, lab, eras, found)
            elif why:
                found.said.append(f"The {LABELS[test]} of {lab.date} was not used: {why}.")
    urine = _valid_urine(person, found, eras)
    if present.unquantified and found.taken:
        names = ", ".join(present.unquantified)
        found.said.append(
            f"How much magnesium {names} holds is not known, so the labs cannot be told apart from its effect."
        )
        urine = None
    observations, offsets = _with_offsets(found.taken)
    return Evidence(observations, urine, tuple(found.said), (*offsets, *found.shares))


def _why_not(person: Person, lab: Lab, eras: Sequence[Era]) -> str | None:
    """Why a result says nothing, None where it does; empty where there is nothing to say about it."""
    if age_d(lab, person.today) > FORGOTTEN_D:
        return "it is more than two years old"
    if lab.test == "urine-magnesium-spot" and _excreted(person, lab, eras) is None:
        return ""
    if lab.test.startswith("magnesium-load") and lab.comparator is not None:
        return "a bound on a retention is not read"
    if lab.test in LINEAR and lab.comparator is not None:
        return "a bound on a balance is not read"
    return None


def _excreted(person: Person, lab: Lab, eras: Sequence[Era]) -> float | None:
    """Magnesium lost per litre filtered, off magnesium, beside a low serum of the same day."""
    if eras and not eras[era_at(eras, _day(person, lab))].present.none:
        return None
    serums = [row for row in labs_of(person, SERUM) if abs((row.date - lab.date).days) <= 1]
    told = [excreted_per_filtrate(person, serum) for serum in serums]
    return next((value for value in told if value is not None and value > 0), None)


def _day(person: Person, lab: Lab) -> float:
    return float((lab.date - person.today).days)


def _take(person: Person, lab: Lab, eras: Sequence[Era], found: _Gathered) -> None:
    error, share, day = error_of(lab.test), None, _day(person, lab)
    if lab.test == URINE:
        share = _collected(person, lab, found)
        if share is not None:
            found.shares.append(share)
        elif lab.complete is None:
            error = error_of("urine-magnesium-24h-unsure")
    value = _compared(person, lab, eras)
    ageing = spread_of("ageing", lab.test)
    spread = sqrt(error**2 + ageing**2 * -day / _YEAR_D)
    bound = {"<": -1, ">": 1}.get(lab.comparator or "", 0)
    name = None if share is None else share.parameter
    found.taken.append(Observation(lab, lab.test, value, spread, bound, day, share=name))
    if eras:
        _say_when(lab, day, eras, found)


def _compared(person: Person, lab: Lab, eras: Sequence[Era]) -> float:
    """The result as the fit compares it."""
    if lab.test in LINEAR:
        return lab.value
    if lab.test.startswith("magnesium-load"):
        return log(max(1 - lab.value / 100, _LEAST_MEASURABLE))
    if lab.test == "urine-magnesium-spot":
        return log(_excreted(person, lab, eras) or _LEAST_MEASURABLE)
    return log(max(lab.value, _LEAST_MEASURABLE))


def _say_when(lab: Lab, day: float, eras: Sequence[Era], found: _Gathered) -> None:
    """In whose light a lab is read that was not drawn in the settled present."""
    at = era_at(eras, day)
    if at < len(eras) - 1:
        began = dict.fromkeys(words for era in eras[at + 1 :] for words in era.began)
        found.said.append(
            f"The {LABELS[lab.test]} of {lab.date} was drawn before {', '.join(began)}: it is predicted for its time."
        )
    elif not settled_at(eras, day):
        since = round(day - eras[at].start)
        began = ", ".join(eras[at].began)
        found.said.append(
            f"The {LABELS[lab.test]} of {lab.date} was drawn {since} days after {began}: it is predicted on the way."
        )


def _collected(person: Person, lab: Lab, found: _Gathered) -> Axis | None:
    """The collected share of a urine that is not a whole day's, as an axis; None where it counts as one."""
    said, low, high = f"The 24-h urine of {lab.date}", 0.0, 0.0
    creatinine = _creatinine_share(person, lab)
    if creatinine is not None:
        low, high = creatinine
        said = f"{said} does not count as a whole day: its creatinine does not fit a whole day's urine"
    elif lab.complete is False:
        row = prior_row("share", "incomplete")
        low, high = row.low or 0.0, row.high or 1.0
        said = f"{said} was incomplete"
    else:
        if lab.complete is None:
            found.said.append(f"{said} is taken as complete, since nothing says that it was not.")
        found.whole.append(lab)
        return None
    found.said.append(f"{said}; it is read as {100 * low:.0f} to {100 * high:.0f} % of a day.")
    return Axis(f"share:{lab.date}:{len(found.shares)}", "collected share of a urine", "1", 1.0, 1.0, low, high)


def _creatinine_share(person: Person, lab: Lab) -> tuple[float, float] | None:
    """Between which shares of a day a collection lies by its creatinine, where it cannot be a whole one."""
    if person.weight_kg is None or person.sex is None:
        return None
    low, high = _CREATININE_MMOL_PER_KG[person.sex]
    same = [row for row in labs_of(person, "urine-creatinine-24h") if abs(row.date - lab.date) <= timedelta(days=1)]
    for row in same:
        per_kg = row.value / person.weight_kg
        if not low <= per_kg <= high:
            return per_kg / high, per_kg / low
    return None


def _valid_urine(person: Person, found: _Gathered, eras: Sequence[Era]) -> Lab | None:
    """The newest whole urine of the present, with a serum near it."""
    serums = [one.lab for one in found.taken if one.lab.test == SERUM]
    for lab in found.whole:
        now = age_d(lab, person.today) <= OLDEST_D
        paired = any(abs((lab.date - serum.date).days) <= PAIRED_D for serum in serums)
        if now and paired and (not eras or era_at(eras, _day(person, lab)) == len(eras) - 1):
            return lab
    return None


def _with_offsets(taken: list[Observation]) -> tuple[tuple[Observation, ...], tuple[Axis, ...]]:
    """A laboratory's own offset: an axis where several results share it, part of the error of a single one."""
    owners: dict[tuple[str, str | None], list[Observation]] = {}
    for one in taken:
        owners.setdefault((one.quantity, one.lab.laboratory), []).append(one)
    axes: list[Axis] = []
    found: list[Observation] = []
    for one in taken:
        drift, owner = spread_of("drift", one.quantity), (one.quantity, one.lab.laboratory)
        if len(owners[owner]) == 1 or drift == 0:
            found.append(replace(one, spread=sqrt(one.spread**2 + drift**2)))
            continue
        name = f"offset:{one.quantity}:{one.lab.laboratory or ''}"
        if name not in [axis.parameter for axis in axes]:
            axes.append(Axis(name, f"offset of the laboratory's {LABELS[one.quantity]}", "1", 1.0, drift))
        found.append(replace(one, offset=name))
    return tuple(found), tuple(axes)
