"""Restricted cubic splines: smooth between the knots, straight outside them."""

from __future__ import annotations

import numpy as np

from davy.evidence.meta.effect import Floats

SHARES = (0.10, 0.50, 0.90)
"""Where three knots stand among the doses (Harrell's choice for three)."""


def knots_of(doses: Floats) -> tuple[float, ...] | None:
    """Three knots at fixed quantiles of the doses; None where they are not three different doses."""
    found = [float(one) for one in np.quantile(doses, SHARES)]
    return tuple(found) if found[0] < found[1] < found[2] else None


def basis(dose: Floats, knots: tuple[float, ...]) -> Floats:
    """The dose itself and its bent parts, shape (doses, knots - 1)."""
    last, before = knots[-1], knots[-2]
    columns = [dose]
    for knot in knots[:-2]:
        bent = _cube(dose - knot)
        bent = bent - _cube(dose - before) * (last - knot) / (last - before)
        bent = bent + _cube(dose - last) * (before - knot) / (last - before)
        columns.append(bent / (last - knots[0]) ** 2)
    return np.column_stack(columns)


def _cube(x: Floats) -> Floats:
    return np.maximum(x, 0.0) ** 3
