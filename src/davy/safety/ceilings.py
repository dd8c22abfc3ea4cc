"""Ceilings: the upper level, who may go above it, and what is not counted yet."""

from __future__ import annotations

from collections.abc import Iterator

from davy.people.person import Clinician
from davy.safety.case import Case, listed
from davy.safety.limits import LimitRow
from davy.safety.saying import care
from davy.safety.verdict import Cap, LabDue, Said

RESTORE = ("repletion", "neuropathy")
"""Goals that aim at a serum magnesium."""


def upper_level_of(case: Case) -> LimitRow:
    """The upper level where this person lives; not told = the lower one."""
    place = case.person.jurisdiction
    return case.limit("upper-level-lower" if place is None else f"upper-level-{place.lower()}")


def upper_level(case: Case) -> Iterator[Said]:
    """The upper level; 600 only for a clinician who meets every condition."""
    limit = upper_level_of(case)
    missing = tuple(_missing_for_more(case))
    if case.clinician and not missing:
        most, weeks = case.limit("clinician-cap"), case.limit("clinician-weeks")
        yield care(
            "above-upper-level",
            f"Above the upper level of {limit.value:g} mg up to {most.value:g} mg a day on this clinician's "
            f"authority: in 2 or 3 intakes, serum magnesium at 4 weeks, and it ends after {weeks.value:g} weeks. Not "
            "valid until signed.",
            most.value,
            limit,
            most.source,
        )
        yield Cap(
            "clinician-authorised",
            most.value,
            f"Authorised by a clinician: at most {most.value:g} mg a day for {weeks.value:g} weeks.",
            most.source,
        )
        day = case.limit("clinician-serum-day")
        yield LabDue("serum-magnesium", 0, int(day.value), "a dose above the upper level", day.source)
        return
    place = case.person.jurisdiction or "no jurisdiction given, so the lower one"
    yield Cap(
        "upper-level", limit.value, f"Upper level for supplements ({place}): {limit.value:g} mg a day.", limit.source
    )
    if case.clinician and case.person.clinician is not None:
        yield care(
            "not-above-upper-level",
            f"The upper level of {limit.value:g} mg a day holds; to go above it is missing: {listed(missing)}.",
            limit.value,
            limit,
        )


def _missing_for_more(case: Case) -> Iterator[str]:
    """What a clinician still lacks to go above the upper level."""
    person, rules, months = case.person, case.rules, case.rules.value("recent-months")
    yield from _missing_authority(case, person.clinician)
    value = case.kidney.value
    if value is None or value < rules.value("clinician-egfr") or case.kidney.band > 0 or not case.kidney.within(months):
        yield f"a kidney value of {rules.value('clinician-egfr'):g} or more from the last {months:g} months"
    serum = case.serum
    if serum is None or serum.highest >= rules.value("clinician-serum-below") or not serum.within(months):
        yield f"a serum magnesium below {rules.value('clinician-serum-below'):g} mmol/L from the last {months:g} months"
    age = person.age_y
    if age is None or not rules.value("clinician-age-low") <= age < rules.value("clinician-age-high") + 1:
        yield f"an age from {rules.value('clinician-age-low'):g} to {rules.value('clinician-age-high'):g}"
    retaining = tuple(medicine.label for medicine in case.medicines_marked("retains"))
    if retaining:
        yield f"freedom from medicines that keep magnesium in ({listed(retaining)} is taken)"


def _missing_authority(case: Case, clinician: Clinician | None) -> Iterator[str]:
    weeks = case.rules.value("clinician-weeks")
    if clinician is None or not clinician.role.strip() or not clinician.indication.strip():
        yield "a clinician's role, date and indication"
    elif not 0 <= (case.person.today - clinician.date).days < weeks * 7:
        yield f"an authorisation from the last {weeks:g} weeks (this one is of {clinician.date})"


def unquantified(case: Case) -> Iterator[Said]:
    """Unknown amount: no added magnesium until it is quantified."""
    unknown = tuple(item.label for item in case.intake.nonfood if item.worst_mg is None)
    if unknown:
        sources = ("davy-rule", "f-051")
        yield care(
            "amount-unknown",
            f"How much magnesium is in {listed(unknown)} is not known, so nothing is added until it is: what the "
            "label says per tablet or spoon, and how many a day, would change this.",
            listed(unknown),
            sources=sources,
        )
        yield Cap(
            "amount-unknown",
            0.0,
            f"Magnesium in {listed(unknown)} not quantified: nothing is added until it is.",
            sources,
        )


def no_lab(case: Case) -> Iterator[Said]:
    """Without any lab at most 200, until one is known; to restore a serum, the serum is that lab."""
    most = case.limit("no-lab-cap")
    any_lab = case.serum_is_fresh or case.kidney.known == "fresh"
    if any_lab and (case.serum_is_fresh or case.person.goal not in RESTORE):
        return
    which = "serum magnesium" if any_lab else "magnesium or kidney lab"
    yield care(
        "no-lab", f"No {which} holds today, so at most {most.value:g} mg a day until one is known.", "unknown", most
    )
    yield Cap("no-lab", most.value, f"No {which} in force: at most {most.value:g} mg a day.", most.source)


GATES = (upper_level, unquantified, no_lab)
"""In the order of CLINICAL.md section 4, and the labless cap of section 7."""
