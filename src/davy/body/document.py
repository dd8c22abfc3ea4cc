"""SBML Level 3 core to a `Model`; refuses by name and place what the engine cannot integrate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from davy.body.expression import Expression, Name, Number, apply, names_in, substituted, without_time
from davy.body.mathml import expression_of, local
from davy.body.model import Model
from davy.errors import ModelError


def model_from_sbml(text: str, *, name: str, values: Mapping[str, float] | None = None) -> Model:
    """The model that an SBML document describes.

    Parameters
    ----------
    text : SBML Level 3 core, sub-models flattened.
    name : what to call the source in messages.
    values : values of parameters, over or instead of those in the document.
    """
    root = ElementTree.fromstring(text)  # noqa: S314
    model = next((child for child in root if local(child.tag) == "model"), None)
    if model is None:
        raise ModelError(f"{name}: the document holds no model")
    _refuse_unsupported(model, name)
    return _Reading(name, model, dict(values or {})).model()


def _items(model: Element, kind: str) -> Iterator[Element]:
    for group in model:
        if local(group.tag) == f"listOf{kind}":
            yield from group


def _math(element: Element, where: str) -> Expression:
    for child in element:
        if local(child.tag) == "math":
            return expression_of(child, where)
    raise ModelError(f"{where}: the formula is missing")


def _refuse_unsupported(model: Element, name: str) -> None:
    for event in _items(model, "Events"):
        raise ModelError(f"{name}: event {event.get('id', '(unnamed)')!r}: events are outside what the engine can do")
    for rule in _items(model, "Rules"):
        if local(rule.tag) == "algebraicRule":
            raise ModelError(f"{name}: an algebraic rule is outside what the engine can do")
    for reaction in _items(model, "Reactions"):
        if reaction.get("fast") == "true":
            raise ModelError(f"{name}: reaction {reaction.get('id')!r} is fast, which the engine cannot do")
    for holder in (model, *_items(model, "Species")):
        if holder.get("conversionFactor"):
            raise ModelError(f"{name}: {holder.get('id')!r} has a conversion factor, which the engine cannot do")


@dataclass
class _Reading:
    """One document on its way to a model."""

    name: str
    document: Element
    given: dict[str, float]
    sizes: dict[str, float] = field(default_factory=dict[str, float])
    defaults: dict[str, float] = field(default_factory=dict[str, float])
    fixed: dict[str, Expression] = field(default_factory=dict[str, Expression])
    start: dict[str, Expression] = field(default_factory=dict[str, Expression])
    rates: dict[str, Expression] = field(default_factory=dict[str, Expression])
    ruled: dict[str, Expression] = field(default_factory=dict[str, Expression])
    assigned: dict[str, Expression] = field(default_factory=dict[str, Expression])
    flows: dict[str, Expression] = field(default_factory=dict[str, Expression])
    per_unit: dict[str, float] = field(default_factory=dict[str, float])
    units: dict[str, str] = field(default_factory=dict[str, str])

    def model(self) -> Model:
        self._rules()
        self._compartments()
        self._species()
        self._parameters()
        self._reactions()
        self._initial_assignments()
        for key in self.given:
            if key in self.assigned or key in self.rates:
                raise ModelError(f"{self.name}: {key!r} follows a rule, so it cannot be given a value")
        model = Model(
            name=self.document.get("id", self.name),
            states=tuple(self.rates),
            parameters=tuple(self.defaults),
            outputs=tuple(self.assigned),
            defaults=dict(self.defaults),
            rates=tuple(self._known(formula) for formula in self.rates.values()),
            initial=tuple(self._at_start(state) for state in self.rates),
            assignments=tuple(self._known(formula) for formula in self.assigned.values()),
            flows={key: self._known(formula) for key, formula in self.flows.items()},
            dose_per_unit=tuple(self.per_unit.get(state, 1.0) for state in self.rates),
            units=dict(self.units),
        )
        self._refuse_unknown_names(model)
        return model

    def _rules(self) -> None:
        for rule in _items(self.document, "Rules"):
            variable = rule.get("variable", "")
            formula = _math(rule, f"{self.name}: rule of {variable!r}")
            (self.ruled if local(rule.tag) == "rateRule" else self.assigned)[variable] = formula

    def _compartments(self) -> None:
        for compartment in _items(self.document, "Compartments"):
            key = compartment.get("id", "")
            if key in self.ruled or key in self.assigned:
                raise ModelError(f"{self.name}: compartment {key!r} changes its size, which the engine cannot do")
            self.sizes[key] = self.given.pop(key, float(compartment.get("size", "1")))
            self.fixed[key] = Number(self.sizes[key])

    def _species(self) -> None:
        for species in _items(self.document, "Species"):
            key, size = species.get("id", ""), self.sizes.get(species.get("compartment", ""), 1.0)
            amounts = species.get("hasOnlySubstanceUnits") == "true"
            self.units[key] = species.get("substanceUnits") or self.document.get("substanceUnits", "")
            amount, concentration = species.get("initialAmount"), species.get("initialConcentration")
            if amount is not None:
                value = float(amount) if amounts else float(amount) / size
            else:
                value = float(concentration or "nan") * (size if amounts else 1.0)
            self.start[key] = Number(self.given.pop(key, value))
            if key in self.assigned:
                continue
            if species.get("constant") == "true":
                self.fixed[key] = self.start[key]
                continue
            self.rates[key] = self.ruled.get(key, Number(0.0))
            self.per_unit[key] = 1.0 if amounts else 1.0 / size

    def _parameters(self) -> None:
        for parameter in _items(self.document, "Parameters"):
            key = parameter.get("id", "")
            self.units[key] = parameter.get("units", "")
            value = self.given.pop(key, None) if key not in self.assigned else None
            value = float(parameter.get("value", "nan")) if value is None else value
            if key in self.ruled:
                self.rates[key], self.start[key] = self.ruled[key], Number(value)
            elif key not in self.assigned:
                self.defaults[key] = value

    def _reactions(self) -> None:
        boundary = {
            species.get("id", "")
            for species in _items(self.document, "Species")
            if "true" in (species.get("boundaryCondition"), species.get("constant"))
        }
        for reaction in _items(self.document, "Reactions"):
            key = reaction.get("id", "")
            law = next((child for child in reaction if local(child.tag) == "kineticLaw"), None)
            if law is None:
                raise ModelError(f"{self.name}: reaction {key!r} has no kinetic law")
            self.flows[key] = _math(law, f"{self.name}: reaction {key!r}")
            for side, sign in (("Reactants", -1.0), ("Products", 1.0)):
                for reference in _items(reaction, side):
                    species = reference.get("species", "")
                    if species not in boundary:
                        self._add_flow(key, species, sign * self._stoichiometry(reference, key))

    def _stoichiometry(self, reference: Element, reaction: str) -> float:
        key = reference.get("id")
        moving = key in self.ruled or key in self.assigned
        if moving or any(local(child.tag) == "stoichiometryMath" for child in reference):
            raise ModelError(f"{self.name}: reaction {reaction!r} has a changing stoichiometry")
        value = float(reference.get("stoichiometry", "1"))
        if key is not None:
            self.fixed[key] = Number(value)
        return value

    def _add_flow(self, reaction: str, species: str, factor: float) -> None:
        factor *= self.per_unit[species]
        flow: Expression = Name(reaction)
        if abs(factor) != 1.0:
            flow = apply("mul", Number(abs(factor)), flow)
        before = self.rates[species]
        if before == Number(0.0):
            self.rates[species] = flow if factor > 0 else apply("neg", flow)
        else:
            self.rates[species] = apply("add" if factor > 0 else "sub", before, flow)

    def _initial_assignments(self) -> None:
        for assignment in _items(self.document, "InitialAssignments"):
            key = assignment.get("symbol", "")
            formula = _math(assignment, f"{self.name}: initial assignment of {key!r}")
            if key in self.sizes:
                raise ModelError(f"{self.name}: compartment {key!r} has an assigned size, which the engine cannot do")
            if key in self.rates:
                self.start[key] = formula
            elif key in self.fixed or key in self.defaults:
                self.fixed[key] = formula
                self.defaults.pop(key, None)

    def _known(self, formula: Expression) -> Expression:
        """The formula with sizes, constant species and derived constants put in."""
        here = {name for name in names_in(formula) if name in self.fixed}
        return substituted(formula, {name: self._at_start(name) for name in here}) if here else formula

    def _at_start(self, key: str) -> Expression:
        """The value of a quantity at the start, from parameters alone."""
        known = {**self.flows, **self.assigned, **self.start, **self.fixed}
        formula: Expression = Name(key)
        for _ in range(len(known) + 1):
            if not any(name in known for name in names_in(formula)):
                return without_time(formula)
            formula = substituted(formula, known)
        raise ModelError(f"{self.name}: the value of {key!r} at the start is defined in a circle")

    def _refuse_unknown_names(self, model: Model) -> None:
        known = {*model.states, *model.parameters, *model.outputs, *model.flows}
        for group in (model.rates, model.assignments, model.initial, tuple(model.flows.values())):
            for formula in group:
                for key in names_in(formula):
                    if key not in known:
                        raise ModelError(f"{self.name}: {key!r} is used but never defined")
        for key, value in model.defaults.items():
            if math.isnan(value):
                raise ModelError(f"{self.name}: parameter {key!r} has neither a value nor a rule")
        for state, formula in zip(model.states, model.initial, strict=True):
            if isinstance(formula, Number) and math.isnan(formula.value):
                raise ModelError(f"{self.name}: state {state!r} has no value at the start")
