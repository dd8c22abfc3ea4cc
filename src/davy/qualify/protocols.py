"""Published experiments re-run on the body model: what the model says beside what was measured.

Each protocol is a small function from a `Bench` to figures by target id (``knowledge/targets.csv``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from davy.body.model import Model
from davy.body.targets import TargetRow, read_targets
from davy.qualify import body_protocols as body
from davy.qualify import gut_protocols as gut
from davy.qualify.bench import Bench, Figures

_SIZE_MARGIN = 0.1

PROTOCOLS: tuple[Callable[[Bench], Figures], ...] = (
    gut.meals,
    gut.division,
    gut.duration,
    gut.adaptation,
    body.habitual,
    body.supplement,
    body.depletion,
    body.stores,
    body.loads,
    body.infusion,
    body.tracer,
    body.kidney_disease,
    body.glucose,
    body.covariates,
    body.alternatives,
    body.numerics,
)
"""Every protocol; together they give a figure for each row of ``targets.csv``."""


@dataclass(frozen=True)
class Outcome:
    """A target and what the model says; `agrees` = the row describes the model as it is."""

    row: TargetRow
    achieved: float
    agrees: bool

    @property
    def sentence(self) -> str:
        """What was asked, what the model says, and how the row stands to it."""
        aim = "" if self.row.target is None else f", target {self.row.target:g} ± {self.row.tolerance:g}"
        says = f"{self.row.item}: {self.achieved:.4g} {self.row.unit}{aim} ({self.row.status}"
        return f"{says})" if self.agrees else f"{says}, which no longer holds)"


def run_protocols(model: Model) -> tuple[Outcome, ...]:
    """Every target held against the model, in the order of the table."""
    bench = Bench(model)
    figures: Figures = {}
    for protocol in PROTOCOLS:
        figures |= protocol(bench)
    return tuple(Outcome(row, figures[row.id], _agrees(row, figures[row.id])) for row in read_targets())


def _agrees(row: TargetRow, achieved: float) -> bool:
    if row.target is None or row.tolerance is None:
        return row.size is not None and abs(achieved - row.size) <= _SIZE_MARGIN * abs(row.size)
    off = achieved - row.target
    if row.status == "met":
        return abs(off) <= row.tolerance
    known = row.size is not None and abs(off - row.size) <= _SIZE_MARGIN * abs(row.size)
    return abs(off) > row.tolerance and known
