"""Fits that several tests look at, made once."""

from __future__ import annotations

from functools import cache

from tests.rooms.inference.persons import DIET, EGFR, person

from davy.body import read_model
from davy.inference import Posterior, fit

MODEL = read_model("magnesium")


@cache
def fitted(*labs: str, lines: tuple[str, ...] = (DIET,), egfr: str = EGFR) -> Posterior:
    """The fit of a person with these labs and lines."""
    return fit(MODEL, person(*labs, lines=lines, egfr=egfr))
