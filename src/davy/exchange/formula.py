"""A smooth function of two quantities as a short formula that any program can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from davy.forecast.outcome import Floats

_NODES = 8
_DEGREE = 3
_CHEBYSHEV = ({0: 1.0}, {1: 1.0}, {0: -1.0, 2: 2.0}, {1: -3.0, 3: 4.0})
"""The first Chebyshev polynomials as powers and their coefficients."""


def two_way_formula(
    function: Callable[[Floats, Floats], Floats], first: tuple[str, float], second: tuple[str, float]
) -> tuple[str, float]:
    """The exponential of `function`, as text.

    Parameters
    ----------
    function : (points,) the logarithm wanted, from (points,) of each quantity.
    first, second : how each quantity is written, and how far on both sides of zero it is to hold.

    Returns
    -------
    The text of a cubic in both inside ``exp``, and its largest error as a share, on a finer grid.
    """
    angles = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    u, v = (grid.reshape(-1) for grid in np.meshgrid(angles, angles, indexing="ij"))
    wanted = function(u * first[1], v * second[1])
    weights = _powers(_coefficients(u, v, wanted))
    fine = np.linspace(-1.0, 1.0, 21)
    u, v = (grid.reshape(-1) for grid in np.meshgrid(fine, fine, indexing="ij"))
    made = sum((weight * u**p * v**q for (p, q), weight in weights.items()), np.zeros(len(u)))
    error = float(np.abs(np.expm1(made - function(u * first[1], v * second[1]))).max())
    terms = [
        "*".join([repr(float(weight / (first[1] ** p * second[1] ** q))), *[first[0]] * p, *[second[0]] * q])
        for (p, q), weight in weights.items()
    ]
    return f"exp({' + '.join(terms)})", error


def _coefficients(u: Floats, v: Floats, wanted: Floats) -> dict[tuple[int, int], float]:
    """The Chebyshev coefficient of each pair of degrees, from the values at the nodes."""
    found: dict[tuple[int, int], float] = {}
    for i in range(_DEGREE + 1):
        for j in range(_DEGREE + 1 - i):
            basis = np.cos(i * np.arccos(u)) * np.cos(j * np.arccos(v))
            scale = (1 if i == 0 else 2) * (1 if j == 0 else 2) / _NODES**2
            found[i, j] = scale * sum((basis * wanted).tolist())
    return found


def _powers(coefficients: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    found = defaultdict[tuple[int, int], float](float)
    for (i, j), coefficient in coefficients.items():
        for p, own in _CHEBYSHEV[i].items():
            for q, other in _CHEBYSHEV[j].items():
                found[p, q] += coefficient * own * other
    return dict(sorted(found.items()))
