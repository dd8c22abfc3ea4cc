"""Stoichiometry and speciation that test a claim: salts, magnesium on ATP."""

from __future__ import annotations

from davy.qualify.formula import atoms, mass
from davy.units import MAGNESIUM_G_PER_MOL, mg_of_mmol


def elemental_share(formula: str, atoms: float = 1.0) -> float:
    """Elemental magnesium in a salt [% of its mass]."""
    return 100.0 * atoms * MAGNESIUM_G_PER_MOL / mass(formula)


def elemental_mg(salt_mg: float, formula: str) -> float:
    """Elemental magnesium in a mass of a salt with one atom of it [mg]."""
    return salt_mg * elemental_share(formula) / 100.0


def absorbed_mg(salt_mg: float, formula: str, absorbed_share: float) -> float:
    """Magnesium absorbed from a mass of a salt [mg]."""
    return elemental_mg(salt_mg, formula) * absorbed_share


def mg_of_amount(mmol: float) -> float:
    """Mass of an amount of magnesium [mg]."""
    return mg_of_mmol(mmol)


def mmol_per_L(mg_per_dL: float) -> float:
    """Concentration of magnesium [mmol/L] from [mg/dL]."""
    return mg_per_dL * 10.0 / MAGNESIUM_G_PER_MOL


def free_form_share(ph: float, pka: float) -> float:
    """Share of a weak acid that has given off its proton [%]."""
    return 100.0 / (1.0 + 10.0 ** (pka - ph))


def bound_share(magnesium_mM: float, dissociation_mM: float, ph: float = 7.2, pka: float = 0.0) -> float:
    """Share of a ligand that holds magnesium, with protons competing where a pKa is given [%]."""
    apparent = dissociation_mM * (1.0 + 10.0 ** (pka - ph))
    return 100.0 * magnesium_mM / (magnesium_mM + apparent)


def sensitivity_of_bound_share(magnesium_mM: float, dissociation_mM: float, ph: float = 7.2, pka: float = 0.0) -> float:
    """Relative change of the bound share for a relative change of free magnesium."""
    return 1.0 - bound_share(magnesium_mM, dissociation_mM, ph, pka) / 100.0


def imbalance(left: str, right: str, also: str = "") -> float:
    """Atoms that one side of a reaction has and the other has not, over all elements; 0 = it balances.

    Parameters
    ----------
    left, right : formulas joined by `` + ``.
    also : what would have to stand on the left besides.
    """
    found: dict[str, float] = {}
    for side, sign in ((left, 1.0), (also, 1.0), (right, -1.0)):
        for formula in filter(None, (part.strip() for part in side.split(" + "))):
            for element, number in atoms(formula).items():
                found[element] = found.get(element, 0.0) + sign * number
    return sum(abs(number) for number in found.values())


def atoms_of(formula: str, element: str) -> float:
    """How many atoms of an element a formula holds."""
    return atoms(formula).get(element, 0.0)
