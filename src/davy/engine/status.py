"""What became of a lane: a number for machines, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TOO_SMALL, NOT_FINITE, TOO_MANY, BAD_INPUT, NO_STEADY_STATE = 1, 2, 3, 4, 5

SENTENCES: Mapping[int, str] = MappingProxyType(
    {
        0: "integrated to the last time within the tolerance",
        TOO_SMALL: "stopped: no step, however small, met the tolerance",
        NOT_FINITE: "stopped: a state or a rate became infinite or undefined",
        TOO_MANY: "stopped: more steps were needed than are allowed",
        BAD_INPUT: "not started: a parameter, an input or an initial value is not a finite number",
        NO_STEADY_STATE: "no steady state was found",
    }
)


def said(status: int, *, again: bool = False) -> str:
    """What a status means, and that there was a second attempt."""
    return SENTENCES[status] + (", on a second attempt with the tighter method" if again else "")
