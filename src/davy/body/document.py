"""SBML Level 3 core to a `Model`: what is declared, how it changes, and where it starts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from davy.body.change import Changes
from davy.body.declared import Declared, Formulas, declared_in
from davy.body.expression import Expression, Number, names_in
from davy.body.mathml import local
from davy.body.model import Model
from davy.body.reactions import laws_of, per_unit, species_rates
from davy.body.soundness import refuse_circles, refuse_unsound
from davy.body.start import Start
from davy.body.subset import refuse_outside
from davy.errors import ModelError

_UNNAMED = re.compile(r"generatedId_\d+")
"""What libSBML calls a stoichiometry that Level 2 writes as a formula: nobody asks for it."""


def model_from_sbml(text: str, *, name: str, values: Mapping[str, float] | None = None) -> Model:
    """The model that an SBML document describes.

    Parameters
    ----------
    text : SBML Level 3 core, sub-models flattened.
    name : what to call the source in messages.
    values : values of parameters, over or instead of those in the document.
    """
    element = model_element(text, name)
    refuse_outside(element, name)
    found = declared_in(element, name, dict(values or {}))
    refuse_unsound(found)
    model = _Kinds.of(found).model(element.get("id", name))
    _refuse_undefined(model, name)
    return model


def model_element(text: str, name: str) -> Element:
    """The ``model`` element of a document."""
    root = ElementTree.fromstring(text)  # noqa: S314
    element = next((child for child in root if local(child.tag) == "model"), None)
    if element is None:
        raise ModelError(f"{name}: the document holds no model")
    return element


@dataclass(frozen=True)
class _Kinds:
    """Every quantity of the document as what it is to the engine.

    Attributes
    ----------
    rates : right-hand side by state.
    constants : value of compartments, species and others that stay as they start.
    laws : rate by reaction.
    """

    found: Declared
    rates: Formulas
    parameters: dict[str, float]
    constants: Formulas
    laws: Formulas

    @classmethod
    def of(cls, found: Declared) -> _Kinds:
        reacting = species_rates(found)
        rates: Formulas = {}
        constants: Formulas = {}
        parameters: dict[str, float] = {}
        for key in (*found.compartments, *found.species, *found.parameters, *found.stoichiometries):
            value = found.initial.get(key, found.start[key])
            if key in found.ruled or key in reacting:
                rates[key] = found.ruled[key] if key in found.ruled else reacting[key]
            elif key in found.assigned:
                continue
            elif key in found.parameters and isinstance(value, Number) and key not in found.initial:
                parameters[key] = value.value
            else:
                constants[key] = value
        return cls(found, rates, parameters, constants, laws_of(found))

    def model(self, name: str) -> Model:
        """The model, its rates of change put in and its constants with them."""
        found = self.found
        changes = Changes(found.name, self.rates, {**self.laws, **found.assigned}, {*self.parameters, *self.constants})
        rates, assigned, flows, begin = (
            {key: changes.resolved(formula) for key, formula in group.items()}
            for group in (self.rates, found.assigned, self.laws, self._begin())
        )
        flows |= changes.found
        flows |= {key: assigned.pop(key) for key in tuple(assigned) if _UNNAMED.fullmatch(key)}
        valued = self._valued((*rates.values(), *assigned.values(), *flows.values(), *begin.values()))
        refuse_circles({**assigned, **flows}, found.name)
        start = Start(found.name, {**flows, **assigned, **begin})

        def known(group: Formulas) -> Formulas:
            return {key: start.constants_in(formula, set(self.constants)) for key, formula in group.items()}

        return Model(
            name=name,
            states=tuple(rates),
            parameters=tuple(valued),
            outputs=tuple(assigned),
            defaults=valued,
            rates=tuple(known(rates).values()),
            initial=tuple(start.of(key) for key in rates),
            assignments=tuple(known(assigned).values()),
            flows=known(flows),
            constants={key: start.of(key) for key in self.constants if not self._lacks(key)},
            dose_per_unit=tuple(per_unit(found, key) if key in found.species else 1.0 for key in rates),
            units=dict(found.units),
        )

    def _begin(self) -> Formulas:
        """The value at the start of each state and constant, as declared or assigned."""
        found = self.found
        return {**self.constants, **{key: found.initial.get(key, found.start[key]) for key in self.rates}}

    def _valued(self, formulas: Iterable[Expression]) -> dict[str, float]:
        """The parameters with their values; one without value is left out, and refused where a formula reads it."""
        read = {key for formula in formulas for key in names_in(formula)}
        for key in sorted(read):
            if math.isnan(self.parameters.get(key, 0.0)) or (key in self.constants and self._lacks(key)):
                raise ModelError(f"{self.found.name}: {key!r} has neither a value nor a rule")
        for key in self.rates:
            if self._lacks(key):
                raise ModelError(f"{self.found.name}: {key!r} has no value at the start")
        return {key: value for key, value in self.parameters.items() if not math.isnan(value)}

    def _lacks(self, key: str) -> bool:
        """Whether a state or constant is declared without a value."""
        if key in self.found.initial or not (key in self.constants or key in self.rates):
            return False
        value = self.found.start[key]
        return isinstance(value, Number) and math.isnan(value.value)


def _refuse_undefined(model: Model, name: str) -> None:
    known = {*model.states, *model.parameters, *model.outputs, *model.flows}
    for formula in (*model.rates, *model.assignments, *model.initial, *model.flows.values()):
        for key in names_in(formula):
            if key not in known:
                raise ModelError(f"{name}: {key!r} is used but never defined")
