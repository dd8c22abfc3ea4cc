"""Rows of 2 x 2 counts, and of events with person-time."""

from __future__ import annotations

import numpy as np

from davy.evidence.meta.counts_effects import (
    Correction,
    corrected,
    empty_cells,
    no_contrast,
    odds_ratio,
    peto,
    rate_ratio,
    rates_with_added,
    risk_difference,
    risk_ratio,
    with_added,
)
from davy.evidence.meta.effect import Counts, Floats, Rates
from davy.evidence.meta.gathering import Gathered

_EFFECTS = {"OR": odds_ratio, "RR": risk_ratio, "RD": risk_difference, "PETO": peto}
_FORMULAS = {
    "OR": "log odds ratio, variance by Woolf",
    "RR": "log risk ratio, large-sample variance",
    "RD": "risk difference, large-sample variance",
    "PETO": "Peto's one-step log odds ratio",
}


def counts_rows(made: Gathered) -> None:
    """The effects of two by two tables."""
    ai, bi = _arm(made, "ai", "bi", "n1i")
    ci, di = _arm(made, "ci", "di", "n2i")
    counts = Counts(ai, bi, ci, di)
    for row in np.flatnonzero((counts.n1i == 0) | (counts.n2i == 0)):
        made.fault(int(row), "n1i" if counts.n1i[row] == 0 else "n2i", "a group without people")
    if made.faults:
        return
    correction = made.reading.correction
    made.counts, made.ni = counts, counts.n1i + counts.n2i
    made.yi, made.vi = _EFFECTS[made.measure](with_added(counts, correction))
    made.choices.append(_FORMULAS[made.measure])
    _say_corrections(made, counts, correction)


def _say_corrections(made: Gathered, counts: Counts, correction: Correction) -> None:
    zero, nothing = empty_cells(counts), no_contrast(counts)
    added = corrected(zero, correction)
    if correction.to == "only0":
        made.choices.append(f"{correction.add:g} is added to all four cells of a study with an empty cell, to no other")
    else:
        made.choices.append(f"{correction.add:g} is added to the cells of: {correction.to}")
    for row in np.flatnonzero(zero & ~np.isnan(counts.ai)):
        dropped = correction.drop00 and nothing[row]
        done = (
            "left out" if dropped else f"{correction.add:g} added to its four cells" if added[row] else "no correction"
        )
        what = "no event, or only events, in both groups" if nothing[row] else "an empty cell"
        made.warn(int(row), f"{what}; {done} (Mantel-Haenszel and Peto take it as it is)")


def _arm(made: Gathered, events: str, others: str, size: str) -> tuple[Floats, Floats]:
    """Events and non-events of one group, the group's size checked against both where all three stand."""
    a = made.column(events)
    given_b, given_n = made.table.has(others), made.table.has(size)
    b = made.column(others) if given_b else made.column(size) - a
    n = made.column(size) if given_n else a + b
    b = np.where(np.isnan(b), n - a, b)
    for name, values in ((events, a), (others, b) if given_b else (size, n)):
        made.need_positive(name, values, zero=True)
        for row in np.flatnonzero(~np.isnan(values) & (values != np.floor(values))):
            made.warn(int(row), f"{name} = {values[row]:g} is not a whole number; taken as it is")
    for row in np.flatnonzero(a > n):
        made.fault(int(row), events, f"{a[row]:g} events among {n[row]:g} people", f"at most {size}")
    if given_b and given_n:
        for row in np.flatnonzero(np.abs(a + b - n) > 1e-9):
            made.fault(int(row), size, f"{a[row]:g} + {b[row]:g} is not {n[row]:g}", f"{events} + {others} = {size}")
    return a, b


def rates_rows(made: Gathered) -> None:
    """The effects of events and person-time."""
    names = ("x1i", "t1i", "x2i", "t2i")
    rates = Rates(*(made.column(name) for name in names))
    for name, values in zip(names, (rates.x1i, rates.t1i, rates.x2i, rates.t2i), strict=True):
        made.need_positive(name, values, zero=name.startswith("x"))
    if made.faults:
        return
    correction = made.reading.correction
    made.rates = rates
    made.yi, made.vi = rate_ratio(rates_with_added(rates, correction))
    made.choices.append("log rate ratio, variance 1/x1 + 1/x2")
    zero = (rates.x1i == 0) | (rates.x2i == 0)
    for row in np.flatnonzero(zero):
        made.warn(int(row), f"no event in a group; {correction.add:g} added to both event counts")
