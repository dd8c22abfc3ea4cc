"""How fast a quantity changes: by its own rate, or by the chain rule through the formula that assigns it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from davy.body.expression import Apply, Expression, Name, Number, Time, apply, rewritten
from davy.body.mathml import RATE_OF
from davy.errors import ModelError

ZERO, ONE, TWO = Number(0.0), Number(1.0), Number(2.0)


class Changes:
    """Puts formulas in the place of rates of change.

    Parameters
    ----------
    place : the document, for messages.
    rates : rate of each state.
    formulas : what assigns outputs, and the laws of reactions.
    steady : ids of what never changes.
    """

    def __init__(
        self, place: str, rates: Mapping[str, Expression], formulas: Mapping[str, Expression], steady: set[str]
    ) -> None:
        self._place = place
        self._rates = rates
        self._formulas = formulas
        self._steady = steady
        self.found: dict[str, Expression] = {}

    def resolved(self, formula: Expression) -> Expression:
        """The formula with names of rates in it; `found` holds the formula of each such name."""
        return rewritten(formula, self._resolve)

    def _resolve(self, part: Expression) -> Expression | None:
        if not isinstance(part, Apply) or part.operation != RATE_OF:
            return None
        (quantity,) = part.arguments
        if isinstance(quantity, Number):
            return ZERO
        if not isinstance(quantity, Name):
            raise ModelError(f"{self._place}: the rate of change of a formula is outside what the engine can do")
        return self._rate(quantity.id)

    def _rate(self, key: str) -> Expression:
        if key in self._steady:
            return ZERO
        name = f"{key}'"
        if name not in self.found:
            self.found[name] = ZERO  # holds the place: a rate may come back to itself
            rate = self._rates.get(key)
            if rate is None and key in self._formulas:
                rate = self._derivative(self._formulas[key], key)
            if rate is None:
                raise ModelError(f"{self._place}: the rate of change of {key!r} is outside what the engine can do")
            self.found[name] = self.resolved(rate)
        return Name(name)

    def _derivative(self, formula: Expression, key: str) -> Expression:
        """The total derivative with respect to time; smooth formulas only."""
        if isinstance(formula, Number):
            return ZERO
        if isinstance(formula, Time):
            return ONE
        if isinstance(formula, Name):
            return ZERO if formula.id in self._steady else apply(RATE_OF, formula)
        if self._still(formula):
            return ZERO
        rule = _RULES.get(formula.operation)
        if rule is None:
            how = _SPOKEN.get(formula.operation, formula.operation)
            raise ModelError(
                f"{self._place}: {key!r} follows a formula with {how!r}, whose rate of change is outside "
                "what the engine can do"
            )
        return rule(formula, formula.arguments, [self._derivative(argument, key) for argument in formula.arguments])

    def _still(self, formula: Expression) -> bool:
        if isinstance(formula, Apply):
            return all(self._still(argument) for argument in formula.arguments)
        return isinstance(formula, Number) or (isinstance(formula, Name) and formula.id in self._steady)


_SPOKEN = {"select": "piecewise"}
Rule = Callable[[Expression, Sequence[Expression], Sequence[Expression]], Expression]


def _times(a: Expression, b: Expression) -> Expression:
    if ZERO in (a, b):
        return ZERO
    return b if a == ONE else a if b == ONE else apply("mul", a, b)


def _plus(a: Expression, b: Expression) -> Expression:
    return b if a == ZERO else a if b == ZERO else apply("add", a, b)


def _power(f: Expression, of: Sequence[Expression], d: Sequence[Expression]) -> Expression:
    base, exponent = of
    by_base = _times(_times(exponent, apply("pow", base, apply("sub", exponent, ONE))), d[0])
    return _plus(by_base, ZERO if d[1] == ZERO else _times(_times(f, apply("log", base)), d[1]))


def _quotient(f: Expression, of: Sequence[Expression], d: Sequence[Expression]) -> Expression:
    above = d[0] if d[1] == ZERO else apply("sub", d[0], _times(f, d[1]))
    return apply("div", above, of[1])


_RULES: Mapping[str, Rule] = {
    "add": lambda f, of, d: _plus(d[0], d[1]),
    "sub": lambda f, of, d: apply("sub", d[0], d[1]),
    "neg": lambda f, of, d: apply("neg", d[0]),
    "mul": lambda f, of, d: _plus(_times(d[0], of[1]), _times(of[0], d[1])),
    "div": _quotient,
    "pow": _power,
    "exp": lambda f, of, d: _times(f, d[0]),
    "log": lambda f, of, d: apply("div", d[0], of[0]),
    "sqrt": lambda f, of, d: apply("div", d[0], apply("mul", TWO, f)),
    "sin": lambda f, of, d: _times(apply("cos", of[0]), d[0]),
    "cos": lambda f, of, d: apply("neg", _times(apply("sin", of[0]), d[0])),
}
