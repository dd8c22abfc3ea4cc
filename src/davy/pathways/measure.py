"""Measures: arithmetic over outputs at conditions, as the rows of anchors and maps write it.

``fraction(mg_mM=0.6, v_mV=-70) / fraction(mg_mM=1.0, v_mV=-70)``: a call is an output, its words are the ports (or
parameters) that are not at their defaults, and ``at_d`` the day. ``P06.flux(mg_mM=1)`` asks another pathway;
``anchor:NAME`` an experiment's own measure.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from davy.errors import KnowledgeError
from davy.pathways.evaluation import Floats

_OPERATORS: Mapping[type[ast.AST], Callable[..., Floats]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
}
_FUNCTIONS: Mapping[str, Callable[..., Floats]] = {
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "max": np.maximum,
    "min": np.minimum,
}
_ANCHOR = re.compile(r"\banchor:(\w+)")
_OF_EXPERIMENT = "anchor__"


@dataclass(frozen=True)
class Asked:
    """One thing that a measure reads.

    Attributes
    ----------
    pathway : id or short id of another pathway; blank = the row's own.
    output : port; or the name of the experiment's own measure where `own`.
    at : value of each port or parameter that is not at its default, in the order of their names.
    """

    output: str
    at: tuple[tuple[str, float], ...] = ()
    pathway: str = ""
    own: bool = False


Answer = Callable[[Asked], Floats]


@dataclass(frozen=True)
class Measure:
    """A measure, read: what it asks for, and how the answers are put together."""

    text: str
    asked: tuple[Asked, ...]
    _tree: ast.expr

    def value(self, answer: Answer) -> Floats:
        """The measure, each thing it asks for answered with (lanes,)."""
        with np.errstate(all="ignore"):  # a share of nothing is NaN, and told so
            return np.asarray(_value(self._tree, answer, self.text), dtype=np.float64)


@cache
def measure(text: str) -> Measure:
    """Read a measure; raises KnowledgeError that says what is wrong with it."""
    try:
        tree = ast.parse(_ANCHOR.sub(rf"{_OF_EXPERIMENT}\1", text), mode="eval").body
    except SyntaxError as error:
        raise KnowledgeError(f"measure {text!r}: {error.msg}") from error
    found: dict[Asked, None] = {}
    probe = np.ones(1)

    def noted(asked: Asked) -> Floats:
        found[asked] = None
        return probe

    made = Measure(text, (), tree)
    made.value(noted)
    return Measure(text, tuple(found), tree)


def _value(node: ast.expr, answer: Answer, text: str) -> Floats:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return np.asarray(float(node.value))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _value(node.left, answer, text), _value(node.right, answer, text)
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.operand, answer, text))
    if isinstance(node, ast.Compare):
        return _compared(node, answer, text)
    if isinstance(node, ast.Call):
        return _called(node, answer, text)
    if isinstance(node, ast.Name | ast.Attribute):
        return answer(_asked(node, (), text))
    raise KnowledgeError(f"measure {text!r}: {ast.unparse(node)!r} has no meaning here")


def _compared(node: ast.Compare, answer: Answer, text: str) -> Floats:
    left, right = _value(node.left, answer, text), _value(node.comparators[0], answer, text)
    if len(node.ops) == 1 and isinstance(node.ops[0], ast.Lt | ast.Gt):
        return np.where(left < right if isinstance(node.ops[0], ast.Lt) else left > right, 1.0, 0.0)
    raise KnowledgeError(f"measure {text!r}: a comparison is one < or one >")


def _called(node: ast.Call, answer: Answer, text: str) -> Floats:
    if isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
        values = [_value(argument, answer, text) for argument in node.args]
        function = _FUNCTIONS[node.func.id]
        found = values[0] if len(values) > 1 else function(*values)
        for value in values[1:]:
            found = function(found, value)
        return found
    if node.args or any(word.arg is None for word in node.keywords):
        raise KnowledgeError(f"measure {text!r}: an output takes its conditions by name, as mg_mM=0.6")
    at = {word.arg: float(_value(word.value, _constant, text)) for word in node.keywords if word.arg is not None}
    return answer(_asked(node.func, tuple(sorted(at.items())), text))


def _asked(node: ast.expr, at: tuple[tuple[str, float], ...], text: str) -> Asked:
    if isinstance(node, ast.Name):
        own = node.id.startswith(_OF_EXPERIMENT)
        return Asked(node.id.removeprefix(_OF_EXPERIMENT), at, own=own)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return Asked(node.attr, at, node.value.id)
    raise KnowledgeError(f"measure {text!r}: {ast.unparse(node)!r} is no output")


def _constant(asked: Asked) -> Floats:
    raise KnowledgeError(f"the condition of a measure is a number, not {asked.output!r}")
