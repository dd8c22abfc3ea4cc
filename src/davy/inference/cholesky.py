"""Small symmetric systems, many at once, with sums in a fixed order: the same bits alone and in a batch."""

from __future__ import annotations

import numpy as np

from davy.forecast.outcome import Floats


def factor(matrix: Floats) -> Floats:
    """(batch, n, n) lower factor L of positive definite matrices A = L L'."""
    size = matrix.shape[-1]
    lower = np.zeros_like(matrix)
    for column in range(size):
        rest = matrix[:, column:, column].copy()
        for before in range(column):
            rest -= lower[:, column:, before] * lower[:, column, before, None]
        lower[:, column, column] = np.sqrt(rest[:, 0])
        lower[:, column + 1 :, column] = rest[:, 1:] / lower[:, column, column, None]
    return lower


def solve_lower(lower: Floats, right: Floats) -> Floats:
    """(batch, n) the x of L x = right."""
    rest = right.copy()
    for row in range(right.shape[-1]):
        rest[:, row] /= lower[:, row, row]
        rest[:, row + 1 :] -= lower[:, row + 1 :, row] * rest[:, row, None]
    return rest


def solve_upper(lower: Floats, right: Floats) -> Floats:
    """(batch, n) the x of L' x = right."""
    rest = right.copy()
    for row in range(right.shape[-1] - 1, -1, -1):
        rest[:, row] /= lower[:, row, row]
        rest[:, :row] -= lower[:, row, :row] * rest[:, row, None]
    return rest


def inverse(lower: Floats) -> Floats:
    """(n, n) the inverse of L L' from one (n, n) factor L."""
    size = len(lower)
    tiled = np.broadcast_to(lower, (size, size, size))
    return solve_upper(tiled, solve_lower(tiled, np.eye(size)))


def log_determinant(lower: Floats) -> Floats:
    """(batch,) logarithm of the determinant of L L'."""
    total = np.zeros(len(lower))
    for place in range(lower.shape[-1]):
        total = total + 2 * np.log(lower[:, place, place])
    return total


def gram(rows: Floats) -> Floats:
    """(batch, n, n) J'J of (batch, m, n)."""
    total = np.zeros((len(rows), rows.shape[2], rows.shape[2]))
    for place in range(rows.shape[1]):
        total = total + rows[:, place, :, None] * rows[:, place, None, :]
    return total


def transposed_times(rows: Floats, right: Floats) -> Floats:
    """(batch, n) J'r of (batch, m, n) and (batch, m)."""
    total = np.zeros((len(rows), rows.shape[2]))
    for place in range(rows.shape[1]):
        total = total + rows[:, place] * right[:, place, None]
    return total
