"""The magnesium that is taken now, judged by the worst that its labels can mean."""

from __future__ import annotations

from davy.people.intake import Intake, NonFood, intake_of
from davy.people.person import Person
from davy.safety.limits import Rules, rules
from davy.safety.saying import number, refuse, whole
from davy.safety.verdict import Cap, Finding, Referral

NEAR = 1e-6
"""Rounding, not milligrams."""


def present_mg(intake: Intake) -> float:
    """The most that all known products come to now [mg elemental/d]; what is unknown is judged by its own cap."""
    return sum(item.worst_mg for item in intake.nonfood if item.worst_mg is not None)


def stands(item: NonFood) -> bool:
    """Whether Davy may not stop it: it is prescribed, or a medicine."""
    return item.prescribed or item.source == "medicine"


def standing_mg(person: Person) -> float:
    """What Davy may not stop, at its worst [mg elemental/d]; an unknown amount is judged by its own cap."""
    return sum(item.worst_mg for item in intake_of(person).nonfood if item.worst_mg is not None and stands(item))


def present_intake_finding(person: Person, binding_cap: Cap, known: Rules | None = None) -> Finding | None:
    """The refusal where present products already come to more than the binding cap, or None.

    Parameters
    ----------
    person : who asks.
    binding_cap : the least cap on known amounts (that of an unknown amount says "nothing added" and is not meant).
    known : the rules; Davy's own by default.
    """
    return above_binding(intake_of(person), binding_cap, known or rules())


def above_binding(intake: Intake, binding_cap: Cap, known: Rules) -> Finding | None:
    """The same for an intake that is already counted; where nothing is permitted, an unknown amount is above it too."""
    present, most = present_mg(intake), binding_cap.elemental_mg_per_day
    unknown = any(item.worst_mg is None for item in intake.nonfood)
    if present <= most + NEAR and not (unknown and most == 0):
        return None
    amount = f"{'more than ' if unknown else ''}{whole(present, most)} mg" if present > most else "an unknown amount"
    goes_on = "Anything prescribed, and a prenatal, goes on until whoever advised it says otherwise."
    if binding_cap.name == "refused":
        said = (
            f"The magnesium products taken now may come to {amount} a day, and none is planned here. Show them to a "
            "doctor or pharmacist."
        )
    else:
        said = (
            f"The magnesium products taken now may come to {amount} a day, above the {number(most)} mg that the rules "
            f"permit here ({binding_cap.sentence.rstrip('.')}). Nothing is added. Show them to a doctor or "
            "pharmacist, who can bring them below the cap."
        )
    measured = present if present > most else "unknown"
    sources = known.limit("upper-level-lower").source
    return refuse("present-intake-above-cap", f"{said} {goes_on}", measured, binding_cap, sources)


def present_intake_referral(finding: Finding) -> Referral:
    """Who looks at a present intake above the cap."""
    reason = "Doctor or pharmacist: whether the magnesium products taken now suit, and how much of them."
    return Referral(reason, "soon", finding.sources)
