"""Equations as MathML, from the trees that the models themselves are made of."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

from davy.body.expression import Apply, Expression, Name, Number, Time
from davy.body.model import Model
from davy.report.markup import Child, Html, el, join

_SUM, _SIGN, _PRODUCT, _POWER, _ATOM = range(5)
"""How tightly an operation binds; what binds less tightly than its place asks for goes into brackets."""

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "theta": "θ", "lambda": "λ", "lam": "λ",
    "mu": "μ", "nu": "ν", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
_RELATIONS = {"lt": "<", "le": "\N{LESS-THAN OR EQUAL TO}", "eq": "=", "ne": "\N{NOT EQUAL TO}"}
_JOINED = {"and": "and", "or": "or"}
_EXPONENT = re.compile(r"(.+)e([+-]?\d+)")

_BINARY: Mapping[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow"
}  # fmt: skip
_COMPARED: Mapping[type[ast.cmpop], str] = {ast.Lt: "lt", ast.LtE: "le", ast.Eq: "eq", ast.NotEq: "ne"}
_MIRRORED: Mapping[type[ast.cmpop], str] = {ast.Gt: "lt", ast.GtE: "le"}


def model_equations(model: Model) -> tuple[Html, ...]:
    """Every equation of a model: what is assigned, what flows, then what changes by rates, as the model writes them."""
    assigned = [_line(_name(key), formula) for key, formula in zip(model.outputs, model.assignments, strict=True)]
    flowing = [_line(_name(key), formula) for key, formula in model.flows.items() if key.isidentifier()]
    changing = [_line(_rate(key), formula) for key, formula in zip(model.states, model.rates, strict=True)]
    return (*assigned, *flowing, *changing)


def infix_equation(text: str) -> Html:
    """An equation that is written as text, ``du/dt = D*u_xx - k*(u - u_0)``; text that is none stands as it is."""
    left, equals, right = text.partition("=")
    try:
        if not equals:
            raise SyntaxError
        return _line(_of(_parsed(left))[0], _parsed(right))
    except SyntaxError:
        return el("p.equation", el("code", text.strip()))


def _line(left: Html, right: Expression) -> Html:
    return el("p.equation", el("math", {"display": "block"}, el("mrow", left, el("mo", "="), _of(right)[0])))


def _rate(key: str) -> Html:
    return el("mfrac", el("mrow", el("mi", "d"), _name(key)), el("mrow", el("mi", "d"), el("mi", "t")))


def _name(key: str) -> Html:
    """An id: what stands before the first underscore, the rest below the line."""
    first, _, rest = key.strip("_").partition("_")
    letter = el("mi", _GREEK.get(first.lower() if len(first) > 2 else first, first))
    return el("msub", letter, el("mtext", rest.replace("_", " "))) if rest else letter


def _number(value: float) -> Html:
    shown = f"{value:g}"
    parts = _EXPONENT.fullmatch(shown)
    if parts is None:
        return el("mn", shown.replace("-", "\N{MINUS SIGN}"))
    power = el("msup", el("mn", "10"), el("mn", str(int(parts[2])).replace("-", "\N{MINUS SIGN}")))
    return power if parts[1] == "1" else el("mrow", el("mn", parts[1]), el("mo", "\N{MULTIPLICATION SIGN}"), power)


def _of(expression: Expression) -> tuple[Html, int]:
    """The markup of an expression, and how tightly it binds."""
    if isinstance(expression, Number):
        return _number(expression.value), _SIGN if expression.value < 0 else _ATOM
    if isinstance(expression, Name):
        return _name(expression.id), _ATOM
    if isinstance(expression, Time):
        return el("mi", "t"), _ATOM
    special = _SPECIAL.get(expression.operation)
    return special(expression.arguments) if special is not None else _function(expression)


def _within(expression: Expression, least: int) -> Html:
    made, binds = _of(expression)
    return made if binds >= least else _bracketed(made)


def _bracketed(*made: Child) -> Html:
    return el("mrow", el("mo", {"stretchy": "true"}, "("), *made, el("mo", {"stretchy": "true"}, ")"))


def _added(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    left, right = arguments
    if isinstance(right, Apply) and right.operation == "neg":
        return _subtracted((left, right.arguments[0]))
    return el("mrow", _within(left, _SUM), el("mo", "+"), _within(right, _SUM)), _SUM


def _subtracted(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    left, right = arguments
    return el("mrow", _within(left, _SUM), el("mo", "\N{MINUS SIGN}"), _within(right, _PRODUCT)), _SUM


def _multiplied(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    left, right = arguments
    if left == Number(1.0):
        return _of(right)
    sign = "\N{MULTIPLICATION SIGN}" if isinstance(right, Number) else "\N{DOT OPERATOR}"
    return el("mrow", _within(left, _SIGN), el("mo", sign), _within(right, _PRODUCT)), _PRODUCT


def _divided(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    """A fraction; one above the line of another is set beside it or below, so that no tower is built."""
    above, below = arguments
    if isinstance(above, Apply) and above.operation == "div":
        first, second = above.arguments
        return _divided((first, Apply("mul", (second, below))))
    if isinstance(above, Apply) and above.operation == "mul" and _is_fraction(above.arguments[0]):
        first, second = above.arguments
        return _multiplied((first, Apply("div", (second, below))))
    return el("mfrac", *(el("mrow", _of(part)[0]) for part in arguments)), _PRODUCT


def _is_fraction(part: Expression) -> bool:
    """Whether it is a fraction, or a product that ends in one."""
    if not isinstance(part, Apply) or part.operation not in ("mul", "div"):
        return False
    return part.operation == "div" or _is_fraction(part.arguments[1]) or _is_fraction(part.arguments[0])


def _negated(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    return el("mrow", el("mo", {"form": "prefix"}, "\N{MINUS SIGN}"), _within(arguments[0], _PRODUCT)), _SIGN


def _raised(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    return el("msup", _within(arguments[0], _ATOM), el("mrow", _of(arguments[1])[0])), _POWER


def _exponential(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    return el("mrow", el("mi", "exp"), _bracketed(_of(arguments[0])[0])), _ATOM


def _root(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    return el("msqrt", _of(arguments[0])[0]), _ATOM


def _size(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    return el("mrow", el("mo", "|"), _of(arguments[0])[0], el("mo", "|")), _ATOM


def _chosen(arguments: tuple[Expression, ...]) -> tuple[Html, int]:
    condition, one, other = arguments
    rows = (
        el("mtr", el("mtd", _of(one)[0]), el("mtd", el("mtext", "if\N{NO-BREAK SPACE}"), _of(condition)[0])),
        el("mtr", el("mtd", _of(other)[0]), el("mtd", el("mtext", "otherwise"))),
    )
    return el("mrow", el("mo", {"stretchy": "true"}, "{"), el("mtable", {"columnalign": "left left"}, rows)), _SUM


def _function(expression: Apply) -> tuple[Html, int]:
    operation, arguments = expression.operation, [_of(part)[0] for part in expression.arguments]
    if operation in _RELATIONS:
        return el("mrow", arguments[0], el("mo", _RELATIONS[operation]), arguments[1]), _SUM
    if operation in _JOINED:
        return el(
            "mrow", arguments[0], el("mtext", f"\N{NO-BREAK SPACE}{_JOINED[operation]}\N{NO-BREAK SPACE}"), arguments[1]
        ), _SUM
    commas = join(one for part in arguments for one in (el("mo", ","), part)[0 if part is not arguments[0] else 1 :])
    return el("mrow", el("mi", "ln" if operation == "log" else operation), _bracketed(commas)), _ATOM


_SPECIAL: Mapping[str, Callable[[tuple[Expression, ...]], tuple[Html, int]]] = {
    "add": _added,
    "sub": _subtracted,
    "mul": _multiplied,
    "div": _divided,
    "neg": _negated,
    "pow": _raised,
    "exp": _exponential,
    "sqrt": _root,
    "abs": _size,
    "select": _chosen,
}


def _parsed(text: str) -> Expression:
    return _tree(ast.parse(text.strip().replace("^", "**"), mode="eval").body)


def _tree(node: ast.expr) -> Expression:
    """The expression of a parsed text; SyntaxError where it holds anything else."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return Number(float(value))
        case ast.Name(id=key):
            return Name(key)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Apply("neg", (_tree(operand),))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
            return Apply(_BINARY[type(operator)], (_tree(left), _tree(right)))
        case ast.Compare(left=left, ops=[one], comparators=[right]) if type(one) in _COMPARED:
            return Apply(_COMPARED[type(one)], (_tree(left), _tree(right)))
        case ast.Compare(left=left, ops=[one], comparators=[right]) if type(one) in _MIRRORED:
            return Apply(_MIRRORED[type(one)], (_tree(right), _tree(left)))
        case ast.IfExp(test=test, body=body, orelse=other):
            return Apply("select", (_tree(test), _tree(body), _tree(other)))
        case ast.Call(func=ast.Name(id=function), args=[*arguments], keywords=[]):
            return Apply(function, tuple(_tree(one) for one in arguments))
        case _:
            raise SyntaxError(ast.dump(node))
