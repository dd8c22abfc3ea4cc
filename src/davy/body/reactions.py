"""What reactions do to species: rates of amounts or of concentrations, in compartments that may change."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from davy.body.declared import Declared, Formulas, is_set, items, literal_size, math_of
from davy.body.expression import Expression, Name, Number, apply
from davy.body.mathml import RATE_OF, expression_of, local
from davy.errors import ModelError

NOTHING = Number(0.0)


@dataclass(frozen=True)
class Flow:
    """One reaction's part in the rate of one species: `sign` times `stoichiometry` times the reaction's rate."""

    reaction: str
    sign: float
    stoichiometry: Expression


def laws_of(found: Declared) -> Formulas:
    """The rate of each reaction, by its id."""
    laws: Formulas = {}
    for reaction in items(found.model, "Reactions"):
        key = reaction.get("id", "")
        law = next((child for child in reaction if local(child.tag) == "kineticLaw"), None)
        formula = None if law is None else math_of(law)
        if law is None or formula is None:
            raise ModelError(f"{found.name}: reaction {key!r} has no kinetic law")
        own = {
            parameter.get("id", ""): Number(float(parameter.get("value", "nan")))
            for kind in ("LocalParameters", "Parameters")
            for parameter in items(law, kind)
        }
        laws[key] = expression_of(formula, replace(found.scope(f"reaction {key!r}"), own=own))
    return laws


def species_rates(found: Declared) -> Formulas:
    """The rate of change of each species that no rule sets and that may change, in what its id means."""
    flows: dict[str, list[Flow]] = {key: [] for key in found.species}
    for reaction in items(found.model, "Reactions"):
        key = reaction.get("id", "")
        for side, sign in (("Reactants", -1.0), ("Products", 1.0)):
            for reference in items(reaction, side):
                species = reference.get("species", "")
                if found.species[species].reacts:
                    flows[species].append(Flow(key, sign, _stoichiometry(found, reference, key)))
    rates: Formulas = {}
    for species, own in flows.items():
        if not found.changes(species) and (not found.species[species].constant or found.moving_size(species)):
            rates[species] = _rate(found, species, own)
    return rates


def per_unit(found: Declared, species: str) -> float:
    """What one unit of amount adds to the species; NaN where its compartment's size is no literal."""
    if found.species[species].amounts:
        return 1.0
    size = literal_size(found, found.species[species].compartment)
    return math.nan if size is None or size == 0.0 else 1.0 / size


def _stoichiometry(found: Declared, reference: Element, reaction: str) -> Expression:
    key = reference.get("id")
    if key is not None and (found.changes(key) or key in found.initial):
        return Name(key)
    value = reference.get("stoichiometry")
    if value is None or is_set(reference, "stoichiometryMath"):
        raise ModelError(f"{found.name}: reaction {reaction!r}: a stoichiometry has no value")
    return Number(float(value))


def _rate(found: Declared, species: str, flows: list[Flow]) -> Expression:
    own = found.species[species]
    unit = per_unit(found, species)
    divisor = Name(own.compartment) if math.isnan(unit) else None
    rate: Expression = NOTHING
    for flow in flows:
        rate = _with(rate, flow, own.factor, 1.0 if divisor else unit)
    if divisor and rate != NOTHING:
        rate = apply("div", rate, divisor)
    if not found.moving_size(species):
        return rate
    growth = apply("div", apply(RATE_OF, Name(own.compartment)), Name(own.compartment))
    return apply("sub", rate, apply("mul", Name(species), growth))


def _with(rate: Expression, flow: Flow, factor: str | None, unit: float) -> Expression:
    """The rate and what one reaction adds to it."""
    amount: Expression = Name(flow.reaction)
    sign = flow.sign
    if isinstance(flow.stoichiometry, Number):
        number = sign * flow.stoichiometry.value * unit
        sign = math.copysign(1.0, number)
        amount = amount if abs(number) == 1.0 else apply("mul", Number(abs(number)), amount)
    else:
        amount = apply("mul", flow.stoichiometry, amount)
        amount = amount if unit == 1.0 else apply("mul", Number(unit), amount)
    if factor is not None:
        amount = apply("mul", Name(factor), amount)
    if rate == NOTHING:
        return amount if sign > 0 else apply("neg", amount)
    return apply("add" if sign > 0 else "sub", rate, amount)
