"""Effects by moderators: meta-regression over all of them, and subgroups by each that holds words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from davy.errors import Fault, InputError
from davy.evidence.meta.distributions import finite
from davy.evidence.meta.effect import Effects, Floats
from davy.evidence.meta.model import Spec, fit_model, omnibus
from davy.evidence.meta.pooled import Coefficient, MetaRegression, Subgroup
from davy.evidence.meta.shown import Scale, of_model


@dataclass(frozen=True)
class Design:
    """The columns of a meta-regression: an intercept, numbers as they are, words as a column a level."""

    terms: tuple[str, ...]
    x: Floats


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number."""
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False


def _cells(effects: Effects, name: str) -> tuple[str, ...]:
    try:
        return effects.moderators[name]
    except KeyError:
        known = ", ".join(effects.moderators) or "none"
        raise InputError([Fault("moderators", f"there is no column {name!r}", f"columns: {known}")]) from None


def _levels(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({cell for cell in cells if cell}))


def design_of(effects: Effects, names: Sequence[str]) -> Design:
    """The design; the first level of a factor, in sort order, is its reference."""
    terms, columns = ["intercept"], [np.ones(effects.k)]
    for name in names:
        cells = _cells(effects, name)
        if all(is_number(cell) for cell in cells):
            terms.append(name)
            columns.append(np.array([float(cell) for cell in cells]))
            continue
        for level in _levels(cells)[1:]:
            terms.append(f"{name}: {level}")
            columns.append(np.array([float(cell == level) for cell in cells]))
    return Design(tuple(terms), np.column_stack(columns))


def meta_regression(effects: Effects, names: Sequence[str], spec: Spec) -> MetaRegression | None:
    """The effects as a function of the named columns; None without any. Studies with a blank moderator are left out.

    Raises
    ------
    InputError : a column is not there, tells no difference, or the studies are too few for the terms.
    """
    if not names:
        return None
    keep = np.array([all(_cells(effects, name)[i] for name in names) for i in range(effects.k)])
    used = effects.chosen(keep)
    design = design_of(used, names)
    k, p = design.x.shape
    if p < 2 or np.linalg.matrix_rank(design.x) < p:
        said = "the moderators do not tell these studies apart, or one follows from the others"
        raise InputError([Fault(f"moderators {', '.join(names)}", said, "moderators that differ between studies")])
    if k <= p:
        raise InputError([Fault("moderators", f"{k} studies cannot carry {p} terms", f"at least {p + 1} studies")])
    model = fit_model(used.yi, used.vi, design.x, spec)
    alone = fit_model(used.yi, used.vi, spec=spec)
    qm, qm_df, qm_p = omnibus(model, slice(1, None))
    explained = None
    if alone.tau2.value > 0:
        explained = max(0.0, 100 * (1 - model.tau2.value / alone.tau2.value))
    return MetaRegression(
        moderators=tuple(names),
        k=k,
        coefficients=tuple(
            Coefficient(
                term, float(model.beta[j]), float(model.se[j]), model.statistic(j), model.p_value(j), model.interval(j)
            )
            for j, term in enumerate(design.terms)
        ),
        tau2=model.tau2.value,
        i2=finite(model.i2),
        r2=explained,
        qm=qm,
        qm_df=qm_df,
        qm_df2=model.df,
        qm_p=qm_p,
        qe=model.q,
        qe_df=model.q_df,
        qe_p=model.q_p,
    )


def subgroups(effects: Effects, names: Sequence[str], spec: Spec, scale: Scale) -> tuple[Subgroup, ...]:
    """The studies of each level of each moderator of words, pooled by themselves, each with a tau^2 of its own."""
    made: list[Subgroup] = []
    for name in names:
        cells = _cells(effects, name)
        if all(is_number(cell) for cell in cells if cell):
            continue
        for level in _levels(cells):
            part = effects.chosen(np.array([cell == level for cell in cells]))
            model = fit_model(part.yi, part.vi, spec=spec)
            many = part.k > 1
            made.append(
                Subgroup(
                    moderator=name,
                    level=level,
                    k=part.k,
                    result=of_model(model, scale),
                    tau2=model.tau2.value if many else None,
                    i2=model.i2 if many else None,
                )
            )
    return tuple(made)
