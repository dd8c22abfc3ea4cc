"""What trials found for this goal, and how far this plan is from them; the sentence leads with the distance."""

from __future__ import annotations

from davy.evidence.effects import BenefitRow, benefits_for
from davy.people.person import Person
from davy.planning.result import Benefit, Per100


def benefits(person: Person, dose_mg: float | None, form: str | None) -> tuple[Benefit, ...]:
    """What trials found for the deciding goal.

    Parameters
    ----------
    dose_mg : what the plan holds besides food [mg/d]; None = no supplement.
    form : form id of the plan.
    """
    return tuple(_shown(row, person, dose_mg, form) for row in benefits_for(person.goal))


def _shown(row: BenefitRow, person: Person, dose_mg: float | None, form: str | None) -> Benefit:
    mismatch = _mismatch(row, person, dose_mg, form)
    doses = None
    if row.dose_low_mg is not None:
        doses = (row.dose_low_mg, row.dose_high_mg if row.dose_high_mg is not None else row.dose_low_mg)
    per_100 = None
    if row.with_per_100 is not None and row.without_per_100 is not None:
        per_100 = Per100(row.with_per_100, row.without_per_100, row.baseline_from or "")
    return Benefit(
        row.outcome,
        row.unit or "",
        row.comparator or "",
        row.estimate,
        row.low,
        row.high,
        row.interval or "confidence",
        row.k,
        row.n,
        doses,
        row.forms,
        tuple(mismatch),
        per_100,
        row.certainty,
        " ".join((*mismatch.values(), row.sentence)),
        row.source,
    )


def _mismatch(row: BenefitRow, person: Person, dose_mg: float | None, form: str | None) -> dict[str, str]:
    """Where the plan is not what was tried, each with its sentence; nothing to compare where nothing is taken."""
    found: dict[str, str] = {}
    if dose_mg is not None and row.dose_low_mg is not None:
        most = row.dose_high_mg if row.dose_high_mg is not None else row.dose_low_mg
        if not row.dose_low_mg <= dose_mg <= most:
            span = f"{row.dose_low_mg:g} mg" if most == row.dose_low_mg else f"{row.dose_low_mg:g}-{most:g} mg"
            found["dose"] = f"At another dose (trials {span}, here {dose_mg:g} mg)."
    if form is not None and row.forms and form not in row.forms:
        found["form"] = f"In another form ({', '.join(row.forms)}, not {form})."
    if row.population and not _belongs(row.population, person):
        found["population"] = f"In other people ({', '.join(row.population).replace('-', ' ')})."
    return found


def _belongs(population: tuple[str, ...], person: Person) -> bool:
    """Whether the person is one of those the trials were done in; a word that is no fact of the person says no."""
    facts = set(person.conditions) | {"adults" if (person.age_y or 0) >= 18 else "children"}
    facts |= {person.sex or ""} | ({"older-adults"} if (person.age_y or 0) >= 60 else set[str]())
    return bool(facts & set(population))
