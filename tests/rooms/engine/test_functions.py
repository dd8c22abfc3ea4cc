"""exp, log and powers of the generated code against libm, over their range and at its edges."""

import math

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import build


def evaluated(tmp_path, formula, x, y=0.0):
    file = tmp_path / "formula.ant"
    file.write_text(f"model m()\n  X = 1; Y = 1; one = 1; X' = 0; Y' = 0; z := {formula}; end\n")
    engine = build(read_model(file))
    x = np.atleast_1d(np.asarray(x, dtype=float))
    state = np.stack([x, np.broadcast_to(y, x.shape)], axis=1)
    return engine.outputs(np.ones((len(x), 1)), state)[:, 0]


def ulps(got, expected):
    return np.max(np.abs(got - expected) / np.spacing(np.abs(expected)))


def test_exp(tmp_path):
    x = np.concatenate((np.linspace(-700, 700, 20001), np.linspace(-1, 1, 5001), [0.0, 1e-300]))
    assert ulps(evaluated(tmp_path, "exp(X)", x), np.exp(x)) <= 2
    edges = evaluated(tmp_path, "exp(X)", [-np.inf, np.inf, np.nan, 709.7, 709.9, -708.39, -708.4])
    assert edges[0] == 0
    assert edges[1] == np.inf
    assert np.isnan(edges[2])
    assert edges[3] == pytest.approx(math.exp(709.7), rel=1e-13)
    assert edges[4] == np.inf
    assert edges[5] == pytest.approx(math.exp(-708.39), rel=1e-13)
    assert edges[6] == 0  # what is below the smallest normal double counts as 0


def test_log(tmp_path):
    x = np.concatenate((np.logspace(-307, 308, 20001), np.linspace(0.5, 2, 5001), [2.0**-1022, 1.7e308]))
    assert ulps(evaluated(tmp_path, "ln(X)", x[x != 1]), np.log(x[x != 1])) <= 2
    edges = evaluated(tmp_path, "ln(X)", [1.0, 0.0, -1.0, np.inf, np.nan, 1e-310])
    assert edges[0] == 0
    assert edges[1] == -np.inf
    assert np.isnan(edges[2])
    assert edges[3] == np.inf
    assert np.isnan(edges[4])
    assert edges[5] == -np.inf


def test_powers(tmp_path):
    x = np.linspace(0.01, 30, 3001)
    assert evaluated(tmp_path, "X^Y", x, 0.37) == pytest.approx(x**0.37, rel=1e-14)
    assert evaluated(tmp_path, "X^3", -x) == pytest.approx((-x) ** 3, rel=1e-15)
    assert evaluated(tmp_path, "X^Y", -x, 3.0) == pytest.approx((-x) ** 3, rel=1e-13)
    assert evaluated(tmp_path, "X^Y", -x, 2.0) == pytest.approx(x**2, rel=1e-13)
    assert evaluated(tmp_path, "X^Y", 0.0, 2.0)[0] == 0
    assert evaluated(tmp_path, "X^Y", 0.0, 0.0)[0] == 1
    assert evaluated(tmp_path, "X^(-2)", x) == pytest.approx(x**-2.0, rel=1e-14)
    assert np.isnan(evaluated(tmp_path, "X^Y", -1.0, 0.5)[0])


@pytest.mark.parametrize(
    ("formula", "x", "expected"),
    [
        ("sqrt(X)", 2.0, math.sqrt(2)),
        ("abs(X)", -2.0, 2.0),
        ("tanh(X)", -3.0, math.tanh(-3)),
        ("tanh(X)", 800.0, 1.0),
        ("log10(X)", 1000.0, 3.0),
        ("ceil(X)", 1.2, 2.0),
        ("sin(X)", 1.0, math.sin(1)),
        ("piecewise(1, X < 1, 2, X < 2, 3)", 1.5, 2.0),
        ("piecewise(1, X < 1, 2, X < 2, 3)", 2.5, 3.0),
        ("piecewise(1, (X >= 1) && !(X == 2), 0)", 2.0, 0.0),
        ("max(X, 3)", 2.0, 3.0),
    ],
)
def test_other_functions(tmp_path, formula, x, expected):
    assert evaluated(tmp_path, formula, x)[0] == pytest.approx(expected, rel=1e-14)
