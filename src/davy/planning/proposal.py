"""What is put on the table: the doses that a goal could want, in every product that can make them."""

from __future__ import annotations

from collections.abc import Sequence

from davy.planning.articles import Protocol
from davy.planning.candidates import (
    Candidate,
    Frame,
    candidates_at,
    doses_of,
    form_row,
    ladder,
    least_dose,
    nothing_added,
    repletion_products,
)
from davy.planning.goals import Aim

PLAN_D = 180
"""How far a plan reaches that is no trial [d]; then it is planned again (CLINICAL.md, section 9: every 3-6 months)."""
EXPIRY_D = 84
"""How long anything above the upper level may run [d]: 12 weeks."""
COMMON_FORM = "oxide"
_ODDMENT_MG = 1e-6
A_LITTLE_MG = 100.0
"""What is shown beside "no supplement", so that the reader sees what it would do [mg/d]."""


def end_day(aim: Aim, *, above_upper_level: bool) -> int:
    """The day on which the plan ends or is made anew."""
    if aim.goal.weeks is not None and aim.kind == "try":
        return aim.lead_d + 7 * aim.goal.weeks
    return EXPIRY_D if above_upper_level else PLAN_D


def propose(frame: Frame, aim: Aim, *, short_mg: float, protocol: Protocol | None) -> list[Candidate]:
    """Nothing added, and every candidate that the goal could want.

    Parameters
    ----------
    short_mg : what food leaves short of the EAR [mg/d].
    protocol : the articles' protocol where it drives the choice; None otherwise.
    """
    if frame.room_mg <= 0:
        return [nothing_added(frame)]
    if protocol is not None:
        doses = [dose for dose in ladder(frame) if dose + frame.kept_mg <= protocol.wanted_mg]
        found = _at(frame, doses, (protocol.form,))
        split = [one for one in found if one.intakes > 1 or one.added_mg <= A_LITTLE_MG]
        return [nothing_added(frame), *(split if protocol.split else found)]
    return [nothing_added(frame), *_at(frame, sorted(_doses(frame, aim, short_mg)), None)]


def _doses(frame: Frame, aim: Aim, short_mg: float) -> set[float]:
    """The doses worth simulating for this goal [mg/d added]."""
    steps = ladder(frame)
    if aim.kind == "restore":
        needed = least_dose(frame, short_mg) if short_mg > frame.kept_mg else None
        return {*steps, *(() if needed is None else (needed,))}
    if aim.kind == "try":
        wanted = aim.goal.trial_low_mg or aim.goal.first_mg or A_LITTLE_MG
    else:
        wanted = short_mg if short_mg > frame.kept_mg else A_LITTLE_MG + frame.kept_mg
    least = least_dose(frame, wanted)
    if least is None:
        return set()
    below, above = [dose for dose in steps if dose < least], [dose for dose in steps if dose > least]
    return {least, *below[-1:], *above[:1]}


def _at(frame: Frame, doses: Sequence[float], forms: Sequence[str] | None) -> list[Candidate]:
    """Every product that makes one of these doses, in its least split and the next; oxide at its nearest if need be.

    Of the forms that dissolve slowly only oxide is put up, since most people have it at home.
    """
    found: list[Candidate] = []
    for product in repletion_products():
        slow = form_row(product).solubility != "soluble"
        if (forms is not None and product.form not in forms) or (slow and product.form != COMMON_FORM):
            continue
        possible = doses_of(product, frame.room_mg)
        wanted = {made for made in possible for dose in doses if abs(dose - made) < _ODDMENT_MG}
        if slow and possible and not wanted:
            wanted = {min(possible, key=lambda made: abs(made - doses[-1]))} if doses else set[float]()
        for dose in sorted(wanted):
            found += list(candidates_at(frame, product, dose))[: 1 if slow else 2]
    return found
