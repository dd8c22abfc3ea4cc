"""A person in words: every fact as Davy read it, and one sentence that says who asks."""

from __future__ import annotations

from collections.abc import Iterator

from davy.people.person import Lab, Medicine, Person, Supplement
from davy.people.vocabulary import medicine_classes
from davy.report.documents import Understood
from davy.report.words import listed, plain, short, written

LISTS = ("conditions", "symptoms", "medicines", "supplements", "labs")


def understood(person: Person) -> tuple[Understood, ...]:
    """Every fact that is known, in the order of the person file."""
    return tuple(Understood(what, value) for what, value in (*_body(person), *_taken(person), *_life(person)) if value)


def none_reported(person: Person) -> tuple[str, ...]:
    """The lists that are empty: nobody reported any, which is not the same as none."""
    return tuple(name for name in LISTS if not getattr(person, name))


def _amount(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:g} {unit}"


def _body(person: Person) -> Iterator[tuple[str, str]]:
    yield "age", _amount(person.age_y and int(person.age_y), "years")
    yield "sex", person.sex or ""
    yield "weight", _amount(person.weight_kg and round(person.weight_kg, 1), "kg")
    yield "height", _amount(person.height_cm and round(person.height_cm), "cm")
    yield "pregnant", {None: "", True: "yes", False: "no"}[person.pregnant]
    yield "profile", person.profile
    yield "upper level of", {None: "", "EU": "the European Union", "US": "the United States"}[person.jurisdiction]
    yield "goals", listed(tuple(plain(goal) for goal in person.goals))


def _taken(person: Person) -> Iterator[tuple[str, str]]:
    if person.diet is not None:
        yield "magnesium in food", f"{person.diet.magnesium_mg_per_day:.0f} mg a day ({plain(person.diet.method)})"
    if person.water is not None:
        yield "water", f"{person.water.L_per_day:g} L a day with {person.water.magnesium_mg_per_L:g} mg/L"
    for supplement in person.supplements:
        yield "supplement", _supplement(supplement)
    yield "conditions", listed(tuple(plain(one) for one in person.conditions))
    yield "symptoms", listed(tuple(plain(one) for one in person.symptoms))
    for medicine in person.medicines:
        yield "medicine", _medicine(medicine, person)


def _supplement(one: Supplement) -> str:
    name = one.product or (f"magnesium {plain(one.form)}" if one.form else "magnesium of unknown form")
    amount = "amount unknown" if one.label_mg is None else f"label {one.label_mg:g} mg"
    means = {"elemental": "elemental", "salt": "of the salt", "unknown": "not said of what"}[one.label_means]
    label = amount if one.label_mg is None else f"{amount} ({means})"
    return f"{name}, {label}, {'times a day unknown' if one.per_day is None else f'{one.per_day:g} a day'}"


def _medicine(one: Medicine, person: Person) -> str:
    labels = {row.id: row.label for row in medicine_classes()}
    kinds = listed(tuple(labels.get(kind, plain(kind)) for kind in one.classes)) or "not understood"
    at = f", at {listed(one.at)}" if one.at else ""
    past = "" if one.taken_on(person.today) else " (past)"
    return f"{one.label}: {kinds}{at}{past}"


def _life(person: Person) -> Iterator[tuple[str, str]]:
    yield "alcohol", _amount(person.alcohol_g_per_day, "g a day")
    yield "smoker", {None: "", True: "yes", False: "no"}[person.smoker]
    yield "sweat", _amount(person.sweat_L_per_day, "L a day")
    yield "training", _amount(person.training_h_per_week, "h a week")
    yield "headache days", _amount(person.headache_days_per_month, "a month")
    yield "weight change in 6 months", _amount(person.weight_change_6mo_pct, "%")
    yield "genotype", listed(tuple(f"{variant} {alleles}" for variant, alleles in person.genotype.items()))
    for lab in sorted(person.labs, key=lambda lab: lab.date):
        yield plain(lab.test), lab_words(lab)


def lab_words(lab: Lab) -> str:
    """A lab value as it was reported, with Davy's unit beside it where that differs."""
    value, unit = lab.shown
    there = f"{lab.comparator or ''}{value:g} {unit}"
    here = "" if unit == lab.unit else f" ({short(lab.value)} {lab.unit})"
    return f"{there}{here} on {written(lab.date)}"


def asker(person: Person) -> str:
    """Who asks, in one sentence: "For a woman of 58 with type 2 diabetes, taking omeprazole. Goal: neuropathy"."""
    noun = {"female": "a woman", "male": "a man", None: "a person"}[person.sex]
    age = f" of {int(person.age_y)}" if person.age_y is not None else " of unknown age"
    has = listed(tuple(plain(one) for one in person.conditions))
    takes = listed(tuple(medicine.label for medicine in person.medicines_now()))
    return (
        f"For {noun}{age}"
        + (f" with {has}" if has else "")
        + (f", taking {takes}" if takes else "")
        + f". {_goals(person)}."
    )


def _goals(person: Person) -> str:
    """What is sought; the first of several decides."""
    first, *others = (plain(goal).lower() for goal in person.goals or (person.goal,))
    return f"Goals: {first} first, then {listed(tuple(others))}" if others else f"Goal: {first}"
