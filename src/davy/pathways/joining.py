"""One model out of several: names made distinct, ports replaced by what feeds them, starts worked out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from davy.body.expression import Expression, Name, substituted
from davy.body.model import Model
from davy.body.soundness import refuse_circles
from davy.body.start import Start


@dataclass(frozen=True)
class Part:
    """A model that joins others.

    Attributes
    ----------
    prefix : put before each of its own names; empty for the model that the others gather round.
    wires : parameters that are fed, and by which quantity of the whole (a formula over the joined names).
    """

    prefix: str
    model: Model
    wires: Mapping[str, Expression] = field(default_factory=dict[str, Expression])

    def named(self, name: str) -> str:
        """What one of its names is called in the whole."""
        return f"{self.prefix}{name}"


def joined(name: str, parts: Sequence[Part]) -> Model:
    """The parts as one model; the names of the whole are those of the parts with their prefixes.

    Raises
    ------
    ModelError
        Quantities feed each other in a circle without a state between them.
    """
    whole = Model(name, (), (), (), {}, (), (), ())
    for part in parts:
        whole = _with(whole, _renamed(part))
    assignments = dict(zip(whole.outputs, whole.assignments, strict=True))
    refuse_circles({**assignments, **whole.flows}, name)
    initial = dict(zip(whole.states, whole.initial, strict=True))
    start = Start(name, {**whole.flows, **assignments, **initial})
    return replace(whole, initial=tuple(start.of(state) for state in whole.states))


def _with(whole: Model, part: Model) -> Model:
    return Model(
        name=whole.name,
        states=(*whole.states, *part.states),
        parameters=(*whole.parameters, *part.parameters),
        outputs=(*whole.outputs, *part.outputs),
        defaults={**whole.defaults, **part.defaults},
        rates=(*whole.rates, *part.rates),
        initial=(*whole.initial, *part.initial),
        assignments=(*whole.assignments, *part.assignments),
        flows={**whole.flows, **part.flows},
        constants={**whole.constants, **part.constants},
        dose_per_unit=(*whole.dose_per_unit, *part.dose_per_unit),
        units={**whole.units, **part.units},
    )


def _renamed(part: Part) -> Model:
    model = part.model
    own = (*model.states, *model.parameters, *model.outputs, *model.flows, *model.constants)
    put: dict[str, Expression] = {name: Name(part.named(name)) for name in own} | dict(part.wires)

    def formulas(given: Sequence[Expression]) -> tuple[Expression, ...]:
        return tuple(substituted(formula, put) for formula in given)

    def named(given: Mapping[str, Expression]) -> dict[str, Expression]:
        return {part.named(name): substituted(formula, put) for name, formula in given.items()}

    free = tuple(name for name in model.parameters if name not in part.wires)
    return replace(
        model,
        states=tuple(part.named(name) for name in model.states),
        parameters=tuple(part.named(name) for name in free),
        outputs=tuple(part.named(name) for name in model.outputs),
        defaults={part.named(name): model.defaults[name] for name in free},
        rates=formulas(model.rates),
        initial=formulas(model.initial),
        assignments=formulas(model.assignments),
        flows=named(model.flows),
        constants=named(model.constants),
        dose_per_unit=model.dose_per_unit or (1.0,) * len(model.states),
        units={part.named(name): unit for name, unit in model.units.items()},
    )
