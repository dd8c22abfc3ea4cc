"""From a table of studies to effects: every row checked, every fault told with its line and column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from davy.errors import Fault, InputError
from davy.evidence.meta.effect import Effects
from davy.evidence.meta.gathering import Gathered, Reading
from davy.evidence.meta.layouts import layout_of
from davy.evidence.meta.rows_of_counts import counts_rows, rates_rows
from davy.evidence.meta.rows_of_effects import effects_rows, printed_rows
from davy.evidence.meta.rows_of_means import change_rows, means_rows, paired_rows
from davy.evidence.meta.table_file import StudyTable
from davy.evidence.meta.trial_designs import clustered, shared_controls

LARGEST = 1e12
FARTHEST = 1e10
"""No effect is larger; the square bounds variances on both sides, so that sums of weights stay numbers."""
_ROWS: dict[str, Callable[[Gathered], None]] = {
    "counts": counts_rows,
    "rates": rates_rows,
    "means": means_rows,
    "change": change_rows,
    "paired": paired_rows,
    "effects": effects_rows,
    "printed": printed_rows,
}


def effects_of(table: StudyTable, reading: Reading | None = None) -> Effects:
    """The effects of a table; raises InputError with every fault at once.

    Rows that lack a value are left out and named in the warnings; a negative variance, a repeated study or a control
    group that stands in two rows stops the whole.
    """
    reading = reading or Reading()
    layout, measure = layout_of(table, reading.measure)
    whole = shared_controls(table, split=reading.split_controls)
    made = Gathered(whole.table, reading, measure, choices=[*whole.said])
    made.warnings += whole.warnings
    _ROWS[layout.name](made)
    made.faults += _repeated(table)
    if made.faults:
        raise InputError(made.faults)
    clustered(made)
    if made.faults:
        raise InputError(made.faults)
    return _complete(made)


def _repeated(table: StudyTable) -> list[Fault]:
    """A row that stands twice, with all its cells, is one study."""
    seen: dict[tuple[str, ...], int] = {}
    faults: list[Fault] = []
    if "study" not in table.columns:
        return faults
    for row in range(table.rows):
        cells = tuple(column[row] for column in table.columns.values())
        if cells in seen:
            first = table.lines[seen[cells]]
            study = table.columns["study"][row]
            faults.append(Fault(table.where(row), f"the study {study!r} stands already in line {first}", "once"))
        seen.setdefault(cells, row)
    return faults


def _complete(made: Gathered) -> Effects:
    """The effects of all rows that have one."""
    table = made.table
    whole = np.isfinite(made.yi) & np.isfinite(made.vi)
    for row in np.flatnonzero(~whole):
        blank = [name for name, cells in table.columns.items() if not cells[row]]
        why = f"no value in {', '.join(blank)}" if blank else "no effect can be computed"
        made.warn(int(row), f"{why}; this study is left out")
    for row in np.flatnonzero(whole & (made.vi <= 0)):
        made.fault(int(row), "vi", f"a sampling variance of {made.vi[row]:g}", "above 0")
    for row in np.flatnonzero(whole & ((np.abs(made.yi) > LARGEST) | (made.vi > LARGEST**2) | (made.vi < LARGEST**-2))):
        said = f"an effect of {made.yi[row]:g} with variance {made.vi[row]:g}"
        made.faults.append(Fault(table.where(int(row)), said, "numbers of the size that a study can have"))
    if not whole.any():
        made.faults.append(Fault(table.name, "no row gives an effect", "; ".join(made.warnings)))
    if made.faults:
        raise InputError(made.faults)
    _comparable(made, whole)
    names = _labels(made)
    _alike(made, whole, names)
    effects = Effects(
        measure=made.measure,
        study=names,
        yi=made.yi,
        vi=made.vi,
        ni=made.ni,
        counts=made.counts,
        rates=made.rates,
        moderators=dict(table.columns),
        assumed_r=made.assumed_r,
        choices=tuple(made.choices),
        warnings=tuple(made.warnings),
    )
    return effects.chosen(whole)


def _comparable(made: Gathered, whole: NDArray[np.bool_]) -> None:
    """Variances so far apart that the fit would be made of rounding; raises InputError that names both studies."""
    rows = np.flatnonzero(whole)
    least, most = rows[np.argmin(made.vi[rows])], rows[np.argmax(made.vi[rows])]
    if made.vi[most] > FARTHEST * made.vi[least]:
        other = f"{made.table.where(int(least))} has {made.vi[least]:g}"
        said = f"a sampling variance of {made.vi[most]:g}, while {other}: one of them is a slip"
        raise InputError([Fault(made.table.where(int(most)), said, f"variances within a factor of {FARTHEST:g}")])


def _labels(made: Gathered) -> tuple[str, ...]:
    """A label a row: `study`, else `author`; with `year` where that is needed to tell rows apart."""
    table = made.table
    labels = table.columns.get("study") or table.columns.get("author")
    if labels is None:
        made.warnings.append(f"{table.name}: no column study; studies are called by their line")
        return tuple(f"line {line}" for line in table.lines)
    years = table.columns.get("year")
    if years is not None and ("study" not in table.columns or len(set(labels)) < len(labels)):
        labels = tuple(f"{label} {year}".strip() for label, year in zip(labels, years, strict=True))
    return tuple(label or f"line {line}" for label, line in zip(labels, table.lines, strict=True))


def _alike(made: Gathered, whole: NDArray[np.bool_], labels: tuple[str, ...]) -> None:
    """Warns of labels that stand twice and of rows with the same numbers under two names."""
    by_label: dict[str, list[int]] = defaultdict(list)
    by_numbers: dict[tuple[float, float], list[int]] = defaultdict(list)
    for row in np.flatnonzero(whole):
        by_label[labels[row]].append(int(row))
        by_numbers[float(made.yi[row]), float(made.vi[row])].append(int(row))
    for label, rows in by_label.items():
        if len(rows) > 1:
            lines = ", ".join(str(made.table.lines[row]) for row in rows)
            made.warnings.append(f"{made.table.name}: the study {label!r} stands in lines {lines}; the same people?")
    for rows in by_numbers.values():
        if len(rows) > 1 and len({labels[row] for row in rows}) > 1:
            lines = ", ".join(str(made.table.lines[row]) for row in rows)
            made.warnings.append(f"{made.table.name}: lines {lines} hold the same numbers; one study twice?")
