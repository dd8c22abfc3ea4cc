"""Small symmetric systems, many at once, with sums in a fixed order: the same bits alone and in a batch."""

from __future__ import annotations

import numpy as np

from davy.forecast.outcome import Floats


def factor(matrix: Floats) -> Floats:
    """(batch, n, n) lower factor L of positive definite matrices A = L L'."""
    size = matrix.shape[-1]
    lower = np.zeros_like(matrix)
    for column in range(size):
        for row in range(column, size):
            rest = matrix[:, row, column]
            for before in range(column):
                rest = rest - lower[:, row, before] * lower[:, column, before]
            lower[:, row, column] = np.sqrt(rest) if row == column else rest / lower[:, column, column]
    return lower


def solve_lower(lower: Floats, right: Floats) -> Floats:
    """(batch, n) the x of L x = right."""
    found = np.zeros_like(right)
    for row in range(right.shape[-1]):
        rest = right[:, row]
        for before in range(row):
            rest = rest - lower[:, row, before] * found[:, before]
        found[:, row] = rest / lower[:, row, row]
    return found


def solve_upper(lower: Floats, right: Floats) -> Floats:
    """(batch, n) the x of L' x = right."""
    found = np.zeros_like(right)
    for row in range(right.shape[-1] - 1, -1, -1):
        rest = right[:, row]
        for after in range(row + 1, right.shape[-1]):
            rest = rest - lower[:, after, row] * found[:, after]
        found[:, row] = rest / lower[:, row, row]
    return found


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
