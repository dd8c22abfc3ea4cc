"""Equations: what is shown is what the model computes, to a reader's eye and to a screen reader."""

from __future__ import annotations

import re

import pytest

from davy.body.read import read_model
from davy.report.equations import infix_equation, model_equations


def _read(markup: str) -> str:
    """The equation as one line of plain text, fractions and powers written out."""
    for tag, sign in (("mfrac", ")/("), ("msup", ")^(")):
        pattern = re.compile(rf"<{tag}>((?:(?!<{tag}>).)*?)</{tag}>", re.S)
        while found := pattern.search(markup):
            inner = _halves(found[1])
            markup = markup[: found.start()] + f"({inner[0]}{sign}{inner[1]})" + markup[found.end() :]
    return re.sub(r"<[^>]+>", "", markup).replace("\N{MINUS SIGN}", "-").replace("\N{DOT OPERATOR}", "*")


def _halves(markup: str) -> tuple[str, str]:
    depth = 0
    for tag in re.finditer(r"<(/?)\w+[^>]*>", markup):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return markup[: tag.end()], markup[tag.end() :]
    raise AssertionError(markup)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("B = 1/(1 + exp(-a*V)*M/k)", "B=(1)/(1+(exp(-a*V)*M)/(k))"),
        ("x = a - (b - c)", "x=a-(b-c)"),
        ("x = a - b - c", "x=a-b-c"),
        ("x = (a + b)*c", "x=(a+b)*c"),
        ("x = (a + b)^2", "x=((a+b))^(2)"),
        ("x = a*(-b)", "x=a*(-b)"),
        ("x = a/b/c", "x=(a)/(b*c)"),
        ("x = a/b*c/d", "x=(a)/(b)*(c)/(d)"),
        ("du/dt = D*u_xx", "(du)/(dt)=D*uxx"),
    ],
)
def test_brackets_stand_where_they_are_needed_and_nowhere_else(text: str, shown: str) -> None:
    assert _read(infix_equation(text).text) == shown


def test_text_that_is_no_equation_stands_as_it_is_and_cannot_become_markup() -> None:
    assert infix_equation("h' <b> = 1").text == '<p class="equation"><code>h\' &lt;b&gt; = 1</code></p>'


def test_a_model_shows_every_assignment_and_every_rate_once() -> None:
    model = read_model("kidney")
    shown = [_read(one.text).partition("=")[0] for one in model_equations(model)]
    assert len(shown) == len(set(shown)) == len(model.outputs) + len(model.states) + 1
    assert "kidTme" in shown
    assert "kidJ uri" in shown
    assert "(dECF)/(dt)" in shown


def test_a_choice_and_a_small_number_read_well() -> None:
    made = infix_equation("x = 1e-5 if a > b else 2").text
    assert "<mn>10</mn><mn>\N{MINUS SIGN}5</mn>" in made
    assert "otherwise" in made
