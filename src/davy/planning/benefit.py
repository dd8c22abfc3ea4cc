"""What trials found for this goal, and how far this plan is from them; the sentence leads with the distance."""

from __future__ import annotations

from davy.evidence.effects import BenefitRow, benefits_for
from davy.people.labs import latest
from davy.people.person import Person
from davy.planning.result import Benefit, BenefitEvidence, Per100


def benefits(person: Person, dose_mg: float | None, form: str | None) -> tuple[Benefit, ...]:
    """What trials found for the deciding goal.

    Parameters
    ----------
    dose_mg : what the plan holds besides food [mg/d]; None = no supplement.
    form : form id of the plan.
    """
    rows = (row for row in benefits_for(person.goal) if _applies(row, person))
    return tuple(_shown(row, person, dose_mg, form) for row in rows)


def _applies(row: BenefitRow, person: Person) -> bool:
    """Whether an association is told: not to people whose own serum lies outside the range in which it was seen."""
    if row.kind != "association" or row.within_low is None or row.within_high is None:
        return True
    serum = latest(person, "serum-magnesium")
    return serum is None or row.within_low <= serum.value <= row.within_high


def _shown(row: BenefitRow, person: Person, dose_mg: float | None, form: str | None) -> Benefit:
    if row.kind == "association":
        return _association(row)
    mismatch = _mismatch(row, person, dose_mg, form)
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
        _doses(row),
        row.forms,
        tuple(mismatch),
        per_100,
        row.certainty,
        " ".join((*mismatch.values(), row.sentence)),
        row.source,
        kind=row.kind,
        evidence=_evidence(row),
    )


def _association(row: BenefitRow) -> Benefit:
    """An association told in words alone: no number of it may stand where the effect of a regimen stands."""
    return Benefit(
        row.outcome,
        "",
        row.comparator or "",
        None,
        None,
        None,
        "confidence",
        None,
        None,
        None,
        (),
        (),
        None,
        row.certainty,
        row.sentence,
        row.source,
        kind="association",
        evidence=_evidence(row),
    )


def _evidence(row: BenefitRow) -> BenefitEvidence:
    return BenefitEvidence(
        row.id,
        row.method or "",
        row.i2,
        row.beside,
        row.because or "",
        row.certainty_why,
        row.differs,
        row.to_review,
        row.stamp,
    )


def _doses(row: BenefitRow) -> tuple[float, float] | None:
    if row.dose_low_mg is None:
        return None
    return row.dose_low_mg, row.dose_high_mg if row.dose_high_mg is not None else row.dose_low_mg


def _mismatch(row: BenefitRow, person: Person, dose_mg: float | None, form: str | None) -> dict[str, str]:
    """Where the plan is not what was tried, each with its sentence; nothing to compare where nothing is taken."""
    found: dict[str, str] = {}
    doses = _doses(row)
    if dose_mg is not None and doses is not None:
        least, most = doses
        if not least <= dose_mg <= most:
            span = f"{least:g} mg" if most == least else f"{least:g}-{most:g} mg"
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
