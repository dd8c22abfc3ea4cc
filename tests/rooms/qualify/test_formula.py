"""Masses from formulas, against masses worked out by hand."""

import pytest

from davy.errors import KnowledgeError
from davy.qualify.formula import atoms, mass


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("MgO", 40.304),
        ("Mg(OH)2", 58.319),
        ("MgCl2.6H2O", 203.295),
        ("Mg3(C6H5O7)2", 451.113),
        ("Mg(C2H4NO2)2", 172.423),
        ("MgSO4.7H2O", 246.466),
        ("Mg(C2H6NO3S)2", 272.573),
    ],
)
def test_masses(formula, expected):
    assert mass(formula) == pytest.approx(expected, abs=0.005)


def test_a_mixture_counts_its_shares():
    assert atoms("Mg(C2H4NO2)2 + 0.5 MgO") == pytest.approx({"Mg": 1.5, "C": 4, "H": 8, "N": 2, "O": 4.5})


@pytest.mark.parametrize("formula", ["Mg(OH", "MgXx", "mg", "Mg)"])
def test_what_does_not_read_is_refused(formula):
    with pytest.raises(KnowledgeError):
        mass(formula)
