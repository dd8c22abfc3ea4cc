"""The methods of the audit by name, gathered from the files that hold them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module

from davy.errors import KnowledgeError
from davy.qualify.figures import Inputs

_HOMES = (
    "arithmetic",
    "statistics",
    "chemistry",
    "mechanism",
    "pathway_claims",
    "body_claims",
    "sequences",
    "registry_claims",
)


@cache
def methods() -> dict[str, Callable[..., float]]:
    """Every public function of the files of methods."""
    found: dict[str, Callable[..., float]] = {}
    for home in _HOMES:
        module = import_module(f"davy.qualify.{home}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found[name] = function
    return found


def words_of(name: str) -> frozenset[str]:
    """The arguments of that method that are text."""
    parameters = inspect.signature(_found(name)).parameters.values()
    return frozenset(one.name for one in parameters if one.annotation in ("str", str))


def method_of(name: str) -> Callable[[Inputs], float]:
    """The method of that name, taking its inputs as one mapping; raises KnowledgeError where they do not fit."""
    function = _found(name)

    def run(inputs: Inputs) -> float:
        try:
            bound = inspect.signature(function).bind(**inputs)
        except TypeError as error:
            raise KnowledgeError(f"claim_checks.csv: method {name}: {error}") from None
        return float(function(*bound.args, **bound.kwargs))

    return run


def _found(name: str) -> Callable[..., float]:
    try:
        return methods()[name]
    except KeyError:
        names = ", ".join(sorted(methods()))
        raise KnowledgeError(f"claim_checks.csv: no method is called {name!r}; there are {names}") from None
