"""The values of the body model: one row a parameter, each with unit, spread and source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from davy.errors import KnowledgeError
from davy.tables import SourcedRow, read_table

ParameterSet = Literal["literature", "articles"]
PARAMETER_SETS: tuple[ParameterSet, ...] = ("literature", "articles")
_FORM = "form."


class ParameterRow(SourcedRow):
    """One parameter: its typical value in adults and how people differ.

    `spread` is the coefficient of variation between people (0 or blank = the same in all), `prior` the
    shape of that variation; `low` and `high` bound what is plausible.
    """

    id: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    prior: Literal["lognormal", "normal", "fixed", "measured"]
    spread: float | None = None
    population: str


@dataclass(frozen=True)
class Dissolution:
    """How a form enters the gut.

    Attributes
    ----------
    form : canonical id of the form.
    state : where the dose goes: ``gut_GS`` dissolved, ``gut_GU`` solid, ``gut_G1`` for a fixed fraction.
    kdis : value of ``gut_kdis`` for this solid [1/d]; None where nothing has to dissolve.
    fraction : absorbed share fixed by the `articles` set; None under `literature`, which fixes none.
    """

    form: str
    state: str
    kdis: float | None
    fraction: float | None

    def parts(self, amount_mmol: float) -> tuple[tuple[str, float], ...]:
        """The dose as (state, amount [mmol]) to add; a fixed fraction sends the rest to the colon."""
        if self.fraction is None:
            return ((self.state, amount_mmol),)
        absorbed = self.fraction * amount_mmol
        return ((self.state, absorbed), ("gut_GC", amount_mmol - absorbed))


@cache
def read_parameters(parameter_set: str = "literature") -> tuple[ParameterRow, ...]:
    """Every row of a set; `articles` is `literature` with its own rows put over or added to it."""
    if parameter_set not in PARAMETER_SETS:
        raise KnowledgeError(f"parameter set {parameter_set!r} is unknown; known: {', '.join(PARAMETER_SETS)}")
    rows = {row.id: row for row in read_table("parameters/literature.csv", ParameterRow)}
    if parameter_set == "articles":
        rows |= {row.id: row for row in read_table("parameters/articles.csv", ParameterRow)}
    return tuple(rows.values())


@cache
def parameter_values(parameter_set: str = "literature") -> dict[str, float]:
    """The value of each parameter of the set, by id; form rows (``form.oxide.kdis``) among them."""
    return {row.id: row.value for row in read_parameters(parameter_set)}


def dissolution(form: str, parameter_set: str = "literature") -> Dissolution:
    """How a form enters the gut under a parameter set; soluble forms need no row and go to the stomach."""
    values = parameter_values(parameter_set)
    if parameter_set == "articles":
        fraction = values.get(f"{_FORM}{form}.fraction")
        if fraction is None:
            raise KnowledgeError(f"parameters/articles.csv has no row form.{form}.fraction")
        return Dissolution(form, "gut_G1", None, fraction)
    kdis = values.get(f"{_FORM}{form}.kdis")
    return Dissolution(form, "gut_GS" if kdis is None else "gut_GU", kdis, None)
