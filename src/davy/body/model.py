"""A body model: states that change by rates, parameters that do not, quantities assigned from both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from davy.body.expression import Expression, names_in, substituted, written
from davy.body.switches import switching_times
from davy.errors import ModelError


@dataclass(frozen=True, eq=False)
class Model:
    """What the engine needs to know, and nothing about where it came from.

    Attributes
    ----------
    name : id of the model.
    states : ids of what changes by rates: species and rate-rule variables, in document order.
    parameters : ids of the constant global parameters, in document order.
    outputs : ids of the quantities assigned from states and parameters.
    defaults : value of each parameter.
    rates : right-hand side of each state, in the order of `states`.
    initial : value of each state at the start; may read parameters, never states.
    assignments : formula of each output, in the order of `outputs`; may read other outputs.
    flows : rate of each reaction by id, and of what ``rateOf`` reads as id and prime; formulas may read them so.
    constants : value of each compartment, species or derived quantity that stays as it starts, from parameters.
    dose_per_unit : what one unit of amount adds to a state; 1 for amounts, 1 / volume for concentrations, NaN where
        that volume is not a fixed number, so that a dose is refused.
    units : declared unit of each id, where the document declares one.
    """

    name: str
    states: tuple[str, ...]
    parameters: tuple[str, ...]
    outputs: tuple[str, ...]
    defaults: Mapping[str, float]
    rates: tuple[Expression, ...]
    initial: tuple[Expression, ...]
    assignments: tuple[Expression, ...]
    flows: Mapping[str, Expression] = field(default_factory=dict[str, Expression])
    constants: Mapping[str, Expression] = field(default_factory=dict[str, Expression])
    dose_per_unit: tuple[float, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict[str, str])

    def with_outputs(self, formulas: Mapping[str, Expression]) -> Model:
        """The model with more outputs, each a formula of any ids of the document.

        Raises
        ------
        ModelError
            A formula reads an id that the document does not define.
        """
        known = {*self.states, *self.parameters, *self.outputs, *self.flows}
        added = {key: substituted(formula, self.constants) for key, formula in formulas.items()}
        for key, formula in added.items():
            for name in names_in(formula):
                if name not in known:
                    raise ModelError(f"{self.name}: output {key!r} reads {name!r}, which has no value here")
        return replace(self, outputs=(*self.outputs, *added), assignments=(*self.assignments, *added.values()))

    @cached_property
    def switches(self) -> tuple[Expression, ...]:
        """Times, from parameters alone, at which a formula switches: no step may reach across them."""
        return switching_times((*self.rates, *self.assignments, *self.flows.values()), set(self.parameters))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over structure and default values [hex]."""
        digest = hashlib.sha256()
        for kind, ids, formulas in (
            ("rate", self.states, self.rates),
            ("initial", self.states, self.initial),
            ("assigned", self.outputs, self.assignments),
            ("flow", tuple(self.flows), tuple(self.flows.values())),
        ):
            for key, formula in zip(ids, formulas, strict=True):
                digest.update(f"{kind} {key} = {written(formula)}\n".encode())
        for key in self.parameters:
            digest.update(f"parameter {key} = {self.defaults[key].hex()}\n".encode())
        digest.update(f"dose {self.dose_per_unit}".encode())
        return digest.hexdigest()
