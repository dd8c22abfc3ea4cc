"""What an SBML document declares: quantities with their values at the start, rules, and functions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from davy.body.arithmetic import quotient, times, value_of
from davy.body.expression import Expression, Name, Number
from davy.body.mathml import Function, Scope, expression_of, function_of, local
from davy.errors import ModelError

Formulas = dict[str, Expression]


@dataclass(frozen=True)
class Species:
    """A species as declared; `amounts` tells whether its id means an amount or a concentration."""

    compartment: str
    amounts: bool
    constant: bool
    reacts: bool
    factor: str | None


@dataclass
class Declared:
    """What stands in one document, by id and in its order.

    Attributes
    ----------
    start : value at the start of compartments, species, parameters and stoichiometries; NaN where none is given.
    parameters : ids of the global parameters.
    fixed : ids declared constant.
    points : compartments without dimensions or size, whose species are amounts.
    ruled, assigned, initial : formulas of rate rules, assignment rules and initial assignments.
    """

    name: str
    model: Element
    given: dict[str, float]
    functions: dict[str, Function] = field(default_factory=dict[str, Function])
    start: Formulas = field(default_factory=Formulas)
    compartments: list[str] = field(default_factory=list[str])
    points: set[str] = field(default_factory=set[str])
    fixed: set[str] = field(default_factory=set[str])
    species: dict[str, Species] = field(default_factory=dict[str, Species])
    parameters: list[str] = field(default_factory=list[str])
    stoichiometries: list[str] = field(default_factory=list[str])
    ruled: Formulas = field(default_factory=Formulas)
    assigned: Formulas = field(default_factory=Formulas)
    initial: Formulas = field(default_factory=Formulas)
    units: dict[str, str] = field(default_factory=dict[str, str])

    def scope(self, place: str) -> Scope:
        """Where a formula stands."""
        return Scope(f"{self.name}: {place}", self.functions)

    def changes(self, key: str) -> bool:
        """Whether a rule changes the quantity."""
        return key in self.ruled or key in self.assigned

    def moving_size(self, species: str) -> bool:
        """Whether the id means a concentration in a compartment that changes its size."""
        found = self.species[species]
        return not found.amounts and self.changes(found.compartment)


def declared_in(model: Element, name: str, given: dict[str, float]) -> Declared:
    """What the ``model`` element declares; `given` values stand over its own."""
    found = Declared(name, model, given)
    _functions(found)
    _rules(found)
    for compartment in items(model, "Compartments"):
        _compartment(found, compartment)
    for species in items(model, "Species"):
        _species(found, species)
    for parameter in items(model, "Parameters"):
        key = parameter.get("id", "")
        found.parameters.append(key)
        found.units[key] = parameter.get("units", "")
        found.start[key] = _valued(found, key, parameter.get("value"))
    for reference in references(model):
        key = reference.get("id")
        if key is not None:
            found.stoichiometries.append(key)
            found.start[key] = _valued(found, key, reference.get("stoichiometry"))
    found.fixed |= {
        element.get("id", "")
        for kind in ("Compartments", "Species", "Parameters")
        for element in items(model, kind)
        if is_set(element, "constant")
    }
    for key in given:
        if found.changes(key):
            raise ModelError(f"{name}: {key!r} follows a rule, so it cannot be given a value")
    return found


def items(parent: Element, kind: str) -> Iterator[Element]:
    """The elements of a list of that kind, those of packages left out."""
    wanted = parent.tag.rpartition("}")[0]
    for group in parent:
        space, _, tag = group.tag.rpartition("}")
        if tag == f"listOf{kind}" and space == wanted:
            yield from group


def references(model: Element) -> Iterator[Element]:
    """Every reactant and product of every reaction."""
    for reaction in items(model, "Reactions"):
        yield from items(reaction, "Reactants")
        yield from items(reaction, "Products")


def math_of(element: Element) -> Element | None:
    """The formula of an element; None where Level 3 Version 2 lets it be absent."""
    return next((child for child in element if local(child.tag) == "math"), None)


def is_set(element: Element, attribute: str) -> bool:
    """Whether a truth is declared."""
    return element.get(attribute) in ("true", "1")


def _functions(found: Declared) -> None:
    for function in items(found.model, "FunctionDefinitions"):
        key, formula = function.get("id", ""), math_of(function)
        if formula is not None and len(formula):
            found.functions[key] = function_of(formula[0], found.scope(f"function {key!r}"))


def _rules(found: Declared) -> None:
    for rule in items(found.model, "Rules"):
        variable, formula = rule.get("variable", ""), math_of(rule)
        if formula is not None:
            kind = found.ruled if local(rule.tag) == "rateRule" else found.assigned
            kind[variable] = expression_of(formula, found.scope(f"rule of {variable!r}"))
    for assignment in items(found.model, "InitialAssignments"):
        symbol, formula = assignment.get("symbol", ""), math_of(assignment)
        if formula is not None:
            found.initial[symbol] = expression_of(formula, found.scope(f"initial assignment of {symbol!r}"))


def _valued(found: Declared, key: str, value: str | None) -> Number:
    if key in found.given and key not in found.assigned:
        return Number(found.given.pop(key))
    return Number(math.nan if value is None else float(value))


def _compartment(found: Declared, element: Element) -> None:
    key, size = element.get("id", ""), element.get("size")
    found.compartments.append(key)
    found.start[key] = _valued(found, key, size)
    if float(element.get("spatialDimensions", "3")) == 0.0 and size is None:
        found.points.add(key)


def _species(found: Declared, element: Element) -> None:
    key, compartment = element.get("id", ""), element.get("compartment", "")
    species = Species(
        compartment=compartment,
        amounts=is_set(element, "hasOnlySubstanceUnits") or compartment in found.points,
        constant=is_set(element, "constant"),
        reacts=not (is_set(element, "boundaryCondition") or is_set(element, "constant")),
        factor=element.get("conversionFactor") or found.model.get("conversionFactor"),
    )
    found.species[key] = species
    found.units[key] = element.get("substanceUnits") or found.model.get("substanceUnits", "")
    size: Expression = found.start.get(compartment, Number(math.nan))
    if found.changes(compartment) or compartment in found.initial:
        size = Name(compartment)
    amount, concentration = element.get("initialAmount"), element.get("initialConcentration")
    if key in found.given or (amount is None and concentration is None):
        found.start[key] = _valued(found, key, None)
    elif amount is not None:
        found.start[key] = Number(float(amount)) if species.amounts else quotient(Number(float(amount)), size)
    else:
        held = Number(float(concentration or "nan"))
        found.start[key] = times(held, size) if species.amounts else held


def literal_size(found: Declared, compartment: str) -> float | None:
    """The size of a compartment that is a number and stays one; None otherwise."""
    if found.changes(compartment) or compartment in found.initial:
        return None
    return value_of(found.start[compartment])
