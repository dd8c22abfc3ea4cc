"""Values at the start: every quantity at time 0 as a formula of parameters alone."""

from __future__ import annotations

from collections.abc import Mapping

from davy.body.expression import Expression, Name, names_in, size_of, substituted, without_time
from davy.errors import ModelError

_LARGEST = 20_000


class Start:
    """Resolves quantities at time 0.

    Parameters
    ----------
    place : the document, for messages.
    formulas : the value at the start, or the formula at any time, of each quantity that is no parameter.
    """

    def __init__(self, place: str, formulas: Mapping[str, Expression]) -> None:
        self._place = place
        self._formulas = formulas
        self._known: dict[str, Expression] = {}

    def of(self, key: str) -> Expression:
        """The value of a quantity at the start."""
        waiting, open_ = [key], set[str]()
        while waiting:
            here = waiting[-1]
            formula = self._formulas.get(here)
            if here in self._known or formula is None:
                waiting.pop()
                continue
            missing = [name for name in names_in(formula) if name in self._formulas and name not in self._known]
            if here in missing or (missing and here in open_):
                raise ModelError(f"{self._place}: the value of {here!r} at the start is defined in a circle")
            if missing:
                open_.add(here)
                waiting.extend(missing)
                continue
            self._known[here] = self._put_in(here, formula)
            open_.discard(here)
            waiting.pop()
        return self._known.get(key, Name(key))

    def constants_in(self, formula: Expression, constants: set[str]) -> Expression:
        """The formula with constants put in."""
        here = {name: self.of(name) for name in names_in(formula) if name in constants}
        return self._checked(substituted(formula, here), "a formula") if here else formula

    def _put_in(self, key: str, formula: Expression) -> Expression:
        here = {name: self._known[name] for name in names_in(formula) if name in self._formulas}
        return self._checked(without_time(substituted(formula, here)), repr(key))

    def _checked(self, formula: Expression, what: str) -> Expression:
        if size_of(formula) > _LARGEST:
            raise ModelError(f"{self._place}: with all that it rests on put in, {what} is too large")
        return formula
