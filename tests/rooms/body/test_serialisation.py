"""A model as bytes: every field comes back, with the same bits, and what is shared stays shared."""

from __future__ import annotations

import math
from dataclasses import fields

import pytest

from davy.body import read_model
from davy.body.expression import Apply, Name, Number, Time
from davy.body.model import Model
from davy.body.read import ORGANS
from davy.body.serialisation import as_bytes, model_of


@pytest.mark.parametrize("name", ["magnesium", *ORGANS])
def test_every_field_of_a_bundled_model_comes_back(name):
    model = read_model(name, parameter_set="articles" if name == "gut_fixed_fraction" else "literature")
    again = model_of(as_bytes(model))
    for field in fields(Model):
        assert getattr(again, field.name) == getattr(model, field.name), field.name
        assert type(getattr(again, field.name)) is type(getattr(model, field.name)), field.name
    assert again.fingerprint == model.fingerprint


def odd(formula):
    return Model(
        "odd", ("s", "t"), ("k",), ("y",), {"k": 0.1}, (formula, Time()), (Number(1.0), Name("k")), (Name("t"),),
        {"f": formula}, {"c": Number(2.0)}, (1.0, math.nan), {"s": "mmol"},
    )  # fmt: skip


@pytest.mark.parametrize("value", [-0.0, 5e-324, 1e308, 0.1 + 0.2, math.inf, -math.inf, math.nan, 1e22])
def test_a_number_keeps_its_bits(value):
    again = model_of(as_bytes(odd(Number(value)))).rates[0]
    assert isinstance(again, Number)
    assert again.value.hex() == value.hex()


def test_every_field_of_an_odd_model_comes_back():
    model = odd(Apply("select", (Apply("lt", (Time(), Name("k"))), Number(1.0), Apply("neg", (Name("s"),)))))
    again = model_of(as_bytes(model))
    assert math.isnan(again.dose_per_unit[1])
    for field in fields(Model):
        if field.name != "dose_per_unit":
            assert getattr(again, field.name) == getattr(model, field.name), field.name


def test_what_is_shared_is_written_once_and_shared_again():
    formula = Name("k")
    for _ in range(200):
        formula = Apply("add", (formula, formula))
    content = as_bytes(odd(formula))
    assert len(content) < 10_000
    again = model_of(content).rates[0]
    assert isinstance(again, Apply)
    assert again.arguments[0] is again.arguments[1]


def test_a_deep_formula_needs_no_deep_stack():
    formula = Name("k")
    for _ in range(50_000):
        formula = Apply("neg", (formula,))
    again, depth = model_of(as_bytes(odd(formula))).rates[0], 0
    while isinstance(again, Apply):
        again, depth = again.arguments[0], depth + 1
    assert depth == 50_000
