"""The verb `pool`: studies in, a pooled effect out, with everything that a reader needs to judge it.

Defaults follow Cochrane's of 2025 (source s-cochrane-random-effects-2025): REML, Knapp-Hartung, a prediction interval;
the common effect is always beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from davy.errors import Fault, InputError
from davy.evidence.meta.counts_effects import Correction
from davy.evidence.meta.effect import RANDOM, Effects, Measure, Method, Test
from davy.evidence.meta.gathering import Reading
from davy.evidence.meta.pooled import PooledEffect, Sensitivity
from davy.evidence.meta.study_effects import effects_of
from davy.evidence.meta.summary import Plan, summarise
from davy.evidence.meta.table_file import StudyTable, read_studies, table_of_rows

STEP_OF_R = 0.25
"""How far an assumed correlation is moved to see what hangs on it."""


@dataclass(frozen=True)
class PoolOptions:
    """What is seldom changed.

    Attributes
    ----------
    correction : what is done about empty cells.
    level : of every interval, printed or computed.
    split_controls : share a control group out that stands in several rows.
    correlation : assumed between two values of one person where the file tells none.
    prior_scale : scale of the half-normal prior on tau for few studies; None = by measure.
    exact : also fit the exact models for rare events (odds ratios from counts; they take a second).
    """

    correction: Correction = field(default_factory=Correction)
    level: float = 0.95
    split_controls: bool = False
    correlation: float | None = None
    prior_scale: float | None = None
    exact: bool = False


def pool(
    studies: Path | str | Effects | Sequence[Mapping[str, object]],
    *,
    measure: Measure | None = None,
    method: Method = "REML",
    test: Test | None = None,
    moderators: Sequence[str] = (),
    options: PoolOptions | None = None,
) -> PooledEffect:
    """The pooled effect of studies.

    Parameters
    ----------
    studies : a CSV file, rows as mappings from column to value, or effects already computed.
    measure : OR, RR, RD, IRR, PETO, MD, SMD, ROM or GEN; None = that of the file, else the first its columns allow.
    method : where the variance between studies comes from (REML, DL, PM), or FE, MH, PETO for a common effect.
    test : knha or z; None = knha for random effects, z for a common effect.
    moderators : columns for a meta-regression; those of words also give subgroups.

    Raises
    ------
    InputError : a column is missing, a cell does not read, studies may not be pooled; every fault at once.
    """
    options = options or PoolOptions()
    _known(method, measure, test)
    if method == "PETO" and measure is None:
        measure = "OR"
    reading = Reading(measure, options.correction, options.level, options.split_controls, options.correlation)
    if isinstance(studies, Effects):
        table, effects = None, studies
    else:
        table = read_studies(Path(studies)) if isinstance(studies, str | Path) else table_of_rows(studies)
        effects = effects_of(table, reading)
    effects, test = _fitting(effects, method, test)
    plan = Plan(method, test, options.level, tuple(moderators), options.prior_scale, options.exact)
    made = summarise(effects, plan)
    if table is None or effects.assumed_r is None:
        return made
    return replace(made, sensitivity=_by_correlation(table, reading, plan, effects.assumed_r))


def _by_correlation(table: StudyTable, reading: Reading, plan: Plan, assumed: float) -> tuple[Sensitivity, ...]:
    """The result had the assumed correlation been another."""
    told: list[Sensitivity] = []
    bare = replace(plan, moderators=(), exact=False)
    for r in (max(assumed - STEP_OF_R, -0.95), min(assumed + STEP_OF_R, 0.95)):
        other = summarise(effects_of(table, replace(reading, correlation=r)), bare)
        told.append(Sensitivity(f"correlation {r:g}", other.estimate, other.se, other.ci))
    return tuple(told)


def _known(method: str, measure: str | None, test: str | None) -> None:
    asked = (
        ("method", method, get_args(Method)),
        ("measure", measure, get_args(Measure)),
        ("test", test, get_args(Test)),
    )
    faults = [
        Fault(name, f"{value!r} is not known", f"one of {', '.join(allowed)}")
        for name, value, allowed in asked
        if value is not None and value not in allowed
    ]
    if faults:
        raise InputError(faults)


def _fitting(effects: Effects, method: Method, test: Test | None) -> tuple[Effects, Test]:
    """The test to use, and the effects with a warning where it is not what was asked; raises InputError on a misfit."""
    stratified = {"MH": ("OR", "RR", "RD", "IRR"), "PETO": ("OR", "PETO")}
    if method in stratified:
        has_counts = effects.counts is not None or (method == "MH" and effects.rates is not None)
        if effects.measure not in stratified[method] or not has_counts:
            right = f"counts and one of {', '.join(stratified[method])}"
            raise InputError([Fault("method", f"{method} cannot pool {effects.measure} from these columns", right)])
        if test == "knha":
            said = f"Knapp-Hartung has no meaning for {method}; its own z test is used"
            effects = replace(effects, warnings=(*effects.warnings, said))
        return effects, "z"
    if test is None:
        return effects, "knha" if method in RANDOM else "z"
    return effects, test
