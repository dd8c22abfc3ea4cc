"""What in a document contradicts itself or points to nothing: refused with the ids that do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from davy.body.declared import Declared, items
from davy.body.expression import Expression, names_in
from davy.errors import ModelError


def refuse_unsound(found: Declared) -> None:
    """Refuse rules of what is not declared, is constant or already determined, and species without a place."""
    for what in _unsound(found):
        raise ModelError(f"{found.name}: {what}")


def refuse_circles(formulas: Mapping[str, Expression], place: str) -> None:
    """Refuse quantities that are assigned from one another in a circle."""
    graph = {key: [name for name in names_in(formula) if name in formulas] for key, formula in formulas.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " -> ".join(repr(key) for key in error.args[1])
        raise ModelError(f"{place}: the rules define {circle} in a circle") from error


def _unsound(found: Declared) -> Iterator[str]:
    yield from _repeated(found)
    yield from _formulas(found)
    for key, species in found.species.items():
        if species.compartment not in found.compartments:
            yield f"species {key!r}: its compartment {species.compartment!r} is not declared"
    for reaction in items(found.model, "Reactions"):
        for reference in (*items(reaction, "Reactants"), *items(reaction, "Products")):
            key = reference.get("species", "")
            if key not in found.species:
                yield f"reaction {reaction.get('id')!r}: {key!r} is not a species"
            elif found.changes(key) and found.species[key].reacts:
                yield f"species {key!r} follows both a rule and the reaction {reaction.get('id')!r}"


def _repeated(found: Declared) -> Iterator[str]:
    kinds = ("FunctionDefinitions", "Compartments", "Species", "Parameters", "Reactions")
    ids = [element.get("id", "") for kind in kinds for element in items(found.model, kind)]
    for key, count in Counter([*ids, *found.stoichiometries]).items():
        if count > 1:
            yield f"{key!r} is declared {count} times"
    for kind, attribute in (("Rules", "variable"), ("InitialAssignments", "symbol")):
        for key, count in Counter(element.get(attribute) for element in items(found.model, kind)).items():
            if count > 1 and key is not None:
                yield f"{key!r} has {count} {'rules' if kind == 'Rules' else 'initial assignments'}"


def _formulas(found: Declared) -> Iterator[str]:
    for kind, formulas in (("rule", {**found.ruled, **found.assigned}), ("initial assignment", found.initial)):
        for key in formulas:
            if key not in found.start:
                yield f"{kind} of {key!r}: {key!r} is not declared"
            if kind == "rule" and key in found.fixed:
                yield f"rule of {key!r}: {key!r} is declared constant"
    for key in found.assigned:
        if key in found.ruled or key in found.initial:
            yield f"{key!r} follows an assignment rule and another formula as well"
