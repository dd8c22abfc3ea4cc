"""Designs that break the plain arithmetic: clusters, and a control group that several rows share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from davy.errors import Fault, InputError
from davy.evidence.meta.effect import Counts
from davy.evidence.meta.gathering import Gathered
from davy.evidence.meta.table_file import StudyTable

_CONTROL = (("ci", "di"), ("ci", "n2i"), ("x2i", "t2i"), ("m2i", "sd2i", "n2i"))
_SHARED_OUT = frozenset({"ci", "di", "n2i", "x2i", "t2i"})
"""What is divided when a control group is shared out; its mean and SD stay."""


@dataclass(frozen=True)
class Shared:
    """The table after shared control groups were dealt with, and what to say of it."""

    table: StudyTable
    said: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def shared_controls(table: StudyTable, *, split: bool) -> Shared:
    """Finds control groups that stand in several rows of one trial; splits them, or raises InputError.

    A trial is known by the column `control_group` or `trial`; without them, rows of one `study` label with the same
    control group belong together.
    """
    groups = _groups(table)
    if not groups:
        return Shared(table)
    if not split:
        raise InputError(
            [
                Fault(
                    f"{table.name}, lines {', '.join(str(table.lines[row]) for row in rows)}",
                    "one control group is counted in several rows",
                    "combine the arms, keep one, or share the group out with --split-controls",
                )
                for rows in groups
            ]
        )
    columns = {name: list(cells) for name, cells in table.columns.items()}
    for rows in groups:
        for name in _SHARED_OUT & set(columns):
            for row in rows:
                columns[name][row] = repr(float(columns[name][row]) / len(rows))
    said = f"control groups that stand in several rows are shared out evenly among them ({len(groups)} groups)"
    done = StudyTable(table.name, {name: tuple(cells) for name, cells in columns.items()}, table.lines)
    return Shared(
        done, (said,), tuple(f"{table.where(rows[0])}: control group split {len(rows)} ways" for rows in groups)
    )


def _groups(table: StudyTable) -> list[list[int]]:
    trials = next((table.columns[name] for name in ("control_group", "trial", "study") if name in table.columns), None)
    columns = next((names for names in _CONTROL if table.has(*names)), None)
    if trials is None or columns is None:
        return []
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in range(table.rows):
        cells = tuple(table.columns[name][row] for name in columns)
        if trials[row] and all(cells):
            found[(trials[row], *cells)].append(row)
    whole = [tuple(column) for column in zip(*table.columns.values(), strict=True)]
    return [rows for rows in found.values() if len(rows) > 1 and len({whole[row] for row in rows}) > 1]


def clustered(made: Gathered) -> None:
    """Inflates the variance of rows marked ``cluster`` by 1 + (size - 1) icc, and deflates their counts."""
    designs = made.table.columns.get("design", ())
    rows = [row for row, design in enumerate(designs) if design.lower() == "cluster"]
    if not rows:
        return
    icc, size = made.column("icc"), made.column("cluster_size")
    effect = np.ones(made.table.rows)
    for row in rows:
        if np.isnan(icc[row]) or np.isnan(size[row]):
            missing = "icc" if np.isnan(icc[row]) else "cluster_size"
            made.fault(row, missing, "a cluster trial without it cannot be pooled", "the ICC and the mean cluster size")
        elif not 0 <= icc[row] <= 1 or size[row] < 1:
            made.fault(row, "icc", f"ICC {icc[row]:g} with clusters of {size[row]:g}", "ICC 0 to 1, size at least 1")
        else:
            effect[row] = 1 + (size[row] - 1) * icc[row]
            made.warn(row, f"cluster trial: variance times the design effect {effect[row]:.4g}")
    made.vi = made.vi * effect
    if made.counts is not None:
        c = made.counts
        made.counts = Counts(c.ai / effect, c.bi / effect, c.ci / effect, c.di / effect)
    if made.ni is not None:
        made.ni = made.ni / effect
    made.choices.append("cluster trials: design effect 1 + (mean cluster size - 1) times the ICC")
