"""The screen: every gate that reads a person alone; none sees another, and each can only lower or refuse."""

from __future__ import annotations

from davy.safety import (
    ceilings,
    clock,
    declared,
    heart,
    interactions,
    kidney,
    laboratory,
    life_stage,
    refeeding,
    referral,
    serum,
    watch,
)
from davy.safety.case import Case
from davy.safety.verdict import Said

SCREEN = (
    *laboratory.GATES,
    *kidney.GATES,
    *serum.GATES,
    *heart.GATES,
    *life_stage.GATES,
    *refeeding.GATES,
    *declared.GATES,
    *ceilings.GATES,
    *interactions.GATES,
    *clock.GATES,
    *referral.GATES,
    *watch.GATES,
)


def screened(case: Case) -> tuple[Said, ...]:
    """Everything that the gates say about a person, nothing dropped."""
    return tuple(said for gate in SCREEN for said in gate(case))
