"""Reads dose-response tables: for each study its doses, log relative risks, standard errors and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from davy.errors import Fault, InputError
from davy.evidence.meta.distributions import critical
from davy.evidence.meta.effect import Floats
from davy.evidence.meta.table_file import StudyTable, numbers

StudyType = Literal["cc", "ir", "ci"]
TYPES = {"cc": "case-control", "ir": "incidence rate", "ci": "cumulative incidence"}


@dataclass(frozen=True)
class DoseStudy:
    """One study: the reference category first, the others in file order.

    Attributes
    ----------
    dose : shape (categories,); `dose[0]` is the reference.
    logrr, se : against the reference, shape (categories - 1,).
    cases : of every category; `n` : subjects (cc, ci) or person-time (ir); NaN where unknown.
    """

    study: str
    kind: StudyType
    dose: Floats
    logrr: Floats
    se: Floats
    cases: Floats
    n: Floats


def dose_studies(table: StudyTable, level: float = 0.95) -> tuple[tuple[DoseStudy, ...], tuple[str, ...]]:
    """The studies of a table and what has to be said of them; raises InputError with every fault at once."""
    faults: list[Fault] = []
    warnings: list[str] = []
    _need(table, faults)
    if faults:
        raise InputError(faults)
    cells = _Cells(
        numbers(table, "dose", faults),
        _logrr(table, faults),
        _se(table, faults, level),
        numbers(table, "cases", faults),
        numbers(table, "n", faults),
    )
    labels = _labels(table, warnings)
    for row in np.flatnonzero(np.isnan(cells.dose)):
        faults.append(Fault(table.where(int(row), "dose"), "a category without a dose", "the dose it stands for"))
    for row in np.flatnonzero(np.isnan(cells.logrr)):
        faults.append(Fault(table.where(int(row), "rr"), "a category without a relative risk", "1 for the reference"))
    if faults:
        raise InputError(faults)
    studies: list[DoseStudy] = []
    for label in dict.fromkeys(labels):
        rows = [row for row, one in enumerate(labels) if one == label]
        study = _study(table, label, rows, cells, faults)
        if study is not None:
            studies.append(study)
    if faults:
        raise InputError(faults)
    return tuple(studies), tuple(warnings)


@dataclass(frozen=True)
class _Cells:
    dose: Floats
    logrr: Floats
    se: Floats
    cases: Floats
    n: Floats


def _need(table: StudyTable, faults: list[Fault]) -> None:
    head = f"{table.name}, line 1"
    if not table.has("dose"):
        faults.append(Fault(head, "no column dose", "study,dose,logrr or rr,se or ci_low and ci_high,cases,n,type"))
    if not (table.has("logrr") or table.has("rr")):
        faults.append(Fault(head, "no column logrr or rr", "the relative risk against the reference, 1 in its row"))
    if not (table.has("se") or table.has("ci_low", "ci_high")):
        faults.append(Fault(head, "no column se, nor ci_low and ci_high", "standard errors of log relative risks"))
    if not table.has("type"):
        faults.append(Fault(head, "no column type", f"one of {', '.join(TYPES)} in each row"))


def _labels(table: StudyTable, warnings: list[str]) -> tuple[str, ...]:
    for name in ("study", "id", "author"):
        if table.has(name):
            return table.columns[name]
    warnings.append(f"{table.name}: no column study; all rows are taken as one study")
    return ("study",) * table.rows


def _logrr(table: StudyTable, faults: list[Fault]) -> Floats:
    if table.has("logrr"):
        return numbers(table, "logrr", faults)
    rr = numbers(table, "rr", faults)
    for row in np.flatnonzero(rr <= 0):
        faults.append(Fault(table.where(int(row), "rr"), f"{rr[row]:g} is no relative risk", "above 0"))
    return np.log(np.where(rr > 0, rr, np.nan))


def _se(table: StudyTable, faults: list[Fault], level: float) -> Floats:
    se = numbers(table, "se", faults) if table.has("se") else np.full(table.rows, np.nan)
    for row in np.flatnonzero(se < 0):
        faults.append(Fault(table.where(int(row), "se"), f"{se[row]:g} is no standard error", "above 0"))
    if table.has("ci_low", "ci_high"):
        low, high = numbers(table, "ci_low", faults), numbers(table, "ci_high", faults)
        given = ~np.isnan(low) & ~np.isnan(high)
        for row in np.flatnonzero(given & ((low <= 0) | (high < low))):
            said = f"{low[row]:g} to {high[row]:g} is no interval of a relative risk"
            faults.append(Fault(table.where(int(row), "ci_low"), said, "0 < ci_low < ci_high"))
        with np.errstate(divide="ignore", invalid="ignore"):
            width = (np.log(high) - np.log(low)) / (2 * critical(level, None))
        se = np.where(np.isnan(se), width, se)
    return se


def _study(table: StudyTable, label: str, rows: list[int], cells: _Cells, faults: list[Fault]) -> DoseStudy | None:
    kinds = {table.columns["type"][row] for row in rows}
    kind = next((name for name in get_args(StudyType) if kinds == {name}), None)
    if kind is None:
        right = f"one of {', '.join(TYPES)}, the same in every row of a study"
        faults.append(Fault(table.where(rows[0], "type"), f"{label}: {', '.join(sorted(kinds)) or 'blank'}", right))
        return None
    reference = [row for row in rows if abs(cells.logrr[row]) < 1e-12 and not cells.se[row] > 0]
    if len(reference) != 1:
        said = f"{label}: {len(reference)} reference rows"
        faults.append(Fault(table.where(rows[0]), said, "exactly one row with rr 1 (logrr 0) and se 0 or blank"))
        return None
    others = [row for row in rows if row != reference[0]]
    if not others:
        faults.append(Fault(table.where(rows[0]), f"{label}: no category besides the reference", "at least one"))
        return None
    before = len(faults)
    for row in others:
        if not cells.se[row] > 0:
            faults.append(Fault(table.where(row, "se"), f"{label}: no standard error", "above 0, or an interval"))
        if cells.dose[row] == cells.dose[reference[0]]:
            faults.append(Fault(table.where(row, "dose"), f"{label}: the dose of the reference again", "another dose"))
    _numbers_fit(table, label, [reference[0], *others], cells, faults)
    if len(faults) > before:
        return None
    order = np.array([reference[0], *others])
    return DoseStudy(
        label, kind, cells.dose[order], cells.logrr[order[1:]], cells.se[order[1:]], cells.cases[order], cells.n[order]
    )


def _numbers_fit(table: StudyTable, label: str, rows: list[int], cells: _Cells, faults: list[Fault]) -> None:
    for row in rows:
        cases, n = cells.cases[row], cells.n[row]
        if cases <= 0:
            faults.append(Fault(table.where(row, "cases"), f"{label}: {cases:g} cases", "above 0"))
        if n <= 0:
            faults.append(Fault(table.where(row, "n"), f"{label}: n is {n:g}", "above 0"))
        if cases > n and table.columns["type"][row] != "ir":
            faults.append(Fault(table.where(row, "cases"), f"{label}: {cases:g} cases among {n:g}", "at most n"))
