"""From the file as written to a `Person`: one unit a quantity, canonical words, contradictions refused by name."""

from __future__ import annotations

from datetime import date

from davy.people.faults import Faults, short
from davy.people.file import MedicineEntry, PersonFile, SupplementEntry
from davy.people.lab_entries import contradictions, doubt_of, lab_of
from davy.people.person import Baseline, Clinician, Diet, Goal, Lab, Medicine, Person, Supplement, Water
from davy.people.vocabulary import HIDDEN_MAGNESIUM, canonical_form, classes_of, conditions_in, symptoms_in
from davy.units import height_cm, weight_kg

DAYS_PER_YEAR = 365.25


def age_on(birth: date, day: date) -> float:
    """Age [years]: whole birthdays passed, and the part of the year since the last one."""
    passed = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    month, number = (3, 1) if (birth.month, birth.day) == (2, 29) else (birth.month, birth.day)
    try:
        last = date(birth.year + passed, birth.month, birth.day)
    except ValueError:
        last = date(birth.year + passed, month, number)
    return passed + min(max((day - last).days, 0) / DAYS_PER_YEAR, 0.999)


def _age(entry: PersonFile, today: date, faults: Faults) -> float | None:
    if entry.birth_date is None:
        return entry.age_y
    if entry.birth_date > today:
        faults.add(("birth_date",), f"{entry.birth_date} lies in the future", f"on or before {today}")
        return entry.age_y
    age = age_on(entry.birth_date, today)
    if age > 120:
        faults.add(("birth_date",), f"{entry.birth_date} is more than 120 years ago", "check the year")
    if entry.age_y is not None and not age - 1.01 <= entry.age_y <= age + 1.01:
        faults.add(
            ("age_y",),
            f"age {entry.age_y:g} and birth date {entry.birth_date} disagree ({age:.0f})",
            "keep one of the two",
        )
    return age


def _weight(entry: PersonFile, faults: Faults) -> float | None:
    if entry.weight is None:
        return entry.weight_kg
    kg = weight_kg(entry.weight)
    if kg is None or not 2 <= kg <= 650:
        faults.add(("weight",), f"'{short(entry.weight)}' is not a weight", "like 178 lb, 12 st 10 lb or 81 kg")
        return None
    if entry.weight_kg is not None and abs(kg - entry.weight_kg) > 0.02 * kg:
        faults.add(
            ("weight",), f"weight and weight_kg disagree ({kg:.1f} and {entry.weight_kg:g} kg)", "keep one of the two"
        )
    return kg


def _height(entry: PersonFile, faults: Faults) -> float | None:
    if entry.height is None:
        return entry.height_cm
    cm = height_cm(entry.height)
    if cm is None or not 40 <= cm <= 275:
        faults.add(("height",), f"'{short(entry.height)}' is not a height", "like 5 ft 6 in, 168 cm or 1.68 m")
        return None
    if entry.height_cm is not None and abs(cm - entry.height_cm) > 2:
        faults.add(
            ("height",), f"height and height_cm disagree ({cm:.0f} and {entry.height_cm:g} cm)", "keep one of the two"
        )
    return cm


def _goals(entry: PersonFile, faults: Faults, doubts: list[str]) -> tuple[Goal, ...]:
    if entry.goal and entry.goals and entry.goal[0] != entry.goals[0]:
        faults.add(("goal",), "goal and goals disagree on which comes first", "keep one of the two")
    named = (*(entry.goals or ()), *(entry.goal or ()))
    once: tuple[Goal, ...] = tuple(dict.fromkeys(named))
    if len(entry.goals or ()) > len(set(entry.goals or ())):
        doubts.append("A goal is listed twice; it counts once.")
    return once or ("general",)


def _period(entry: MedicineEntry | SupplementEntry, place: tuple[str | int, ...], faults: Faults) -> None:
    if entry.since is not None and entry.until is not None and entry.until < entry.since:
        faults.add(
            (*place, "until"),
            f"it ends ({entry.until}) before it begins ({entry.since})",
            "until lies on or after since",
        )


def _medicine(entry: MedicineEntry, index: int, faults: Faults, unknown: list[str]) -> Medicine:
    place = ("medicines", index)
    if entry.name is None and entry.atc is None:
        faults.add(place, "a medicine needs a name or an ATC code", "like {name: omeprazole}")
    _period(entry, place, faults)
    classes = classes_of(entry.name, entry.atc)
    if not classes:
        unknown.append(f"medicine: {entry.name or entry.atc}")
    return Medicine(**entry.model_dump(), classes=classes)


def _supplement(entry: SupplementEntry, index: int, faults: Faults, unknown: list[str]) -> Supplement | Medicine:
    """A magnesium product; what is understood as something else (iron, vitamin D) is heard as a medicine."""
    place = ("supplements", index)
    _period(entry, place, faults)
    form = canonical_form(entry.form) if entry.form else canonical_form(entry.product or "")
    classes = classes_of(" ".join(word for word in (entry.form, entry.product) if word), None)
    if form is None and classes and not set(classes) & set(HIDDEN_MAGNESIUM):
        name = " ".join(word for word in (entry.product, entry.form) if word)
        return Medicine(name=name, since=entry.since, until=entry.until, at=entry.at, classes=classes)
    if entry.form and form is None and not classes:
        unknown.append(f"form: {entry.form}")
    return Supplement(**entry.model_dump(exclude={"form"}), form=form or entry.form, classes=classes)


def _said(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word.strip().lower() not in ("none", "nothing", "none known"))


def _words(entry: PersonFile, unknown: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Conditions and symptoms; a word in the wrong list of the two is understood where it belongs."""
    conditions: list[str] = []
    symptoms: list[str] = []
    for word in _said(entry.conditions):
        as_condition, as_symptom = conditions_in(word), symptoms_in(word)
        conditions += as_condition
        symptoms += () if as_condition else as_symptom
        unknown += [] if as_condition or as_symptom else [f"condition: {word}"]
    for word in _said(entry.symptoms):
        as_condition, as_symptom = conditions_in(word), symptoms_in(word)
        symptoms += as_symptom
        conditions += () if as_symptom else as_condition
        unknown += [] if as_condition or as_symptom else [f"symptom: {word}"]
    return tuple(dict.fromkeys(conditions)), tuple(dict.fromkeys(symptoms))


def _labs(entry: PersonFile, today: date, faults: Faults, doubts: list[str]) -> tuple[Lab, ...]:
    labs = tuple(
        (place, lab)
        for index, row in enumerate(entry.labs)
        for place in [("labs", index)]
        if (lab := lab_of(row, place, today, faults)) is not None
    )
    contradictions(labs, faults)
    doubts += [doubt for _, lab in labs if (doubt := doubt_of(lab)) is not None]
    return tuple(sorted((lab for _, lab in labs), key=lambda lab: lab.date, reverse=True))


def _contradictory(entry: PersonFile, conditions: tuple[str, ...], today: date, faults: Faults) -> None:
    if entry.sex == "male" and entry.pregnant:
        faults.add(
            ("pregnant",), "male and pregnant contradict each other", "sex means the sex that reference ranges go by"
        )
    if "pregnancy" in conditions and (entry.pregnant is False or entry.sex == "male"):
        faults.add(("conditions",), "pregnancy contradicts what is said elsewhere in the file", "keep one of the two")
    if entry.sex == "male" and "lactation" in conditions:
        faults.add(
            ("conditions",), "male and lactation contradict each other", "sex means the sex that reference ranges go by"
        )
    if entry.clinician is not None and entry.clinician.date > today:
        faults.add(("clinician", "date"), f"{entry.clinician.date} lies in the future", f"on or before {today}")
    _before_birth(entry, today, faults)


def _before_birth(entry: PersonFile, today: date, faults: Faults) -> None:
    """Note what is dated before the birth, also where only an age is told."""
    for key, index, name, day in _dated(entry):
        if entry.birth_date is not None and day < entry.birth_date:
            faults.add((key, index, name), f"{day} lies before the birth date", "check the year")
        elif entry.birth_date is None and entry.age_y is not None:
            lived = (today - day).days / DAYS_PER_YEAR
            if lived > entry.age_y + 1:
                faults.add(
                    (key, index, name), f"{day} lies before the birth at an age of {entry.age_y:g}", "check the year"
                )


def _dated(entry: PersonFile) -> list[tuple[str, int, str, date]]:
    """Every date of a lab, a medicine or a product, with its place."""
    found = [("labs", index, "date", lab.date) for index, lab in enumerate(entry.labs)]
    for key, rows in (("medicines", entry.medicines), ("supplements", entry.supplements)):
        for index, row in enumerate(rows):
            found += [(key, index, name, day) for name in ("since", "until") if (day := getattr(row, name)) is not None]
    return found


def normalise(entry: PersonFile, today: date, faults: Faults) -> Person:
    """The person of a file.

    Parameters
    ----------
    entry : the file, its types already sound.
    today : the day that ages and freshness are counted from.
    faults : where contradictions and impossible values are noted; the caller closes it.
    """
    unknown: list[str] = []
    doubts: list[str] = []
    conditions, symptoms = _words(entry, unknown)
    _contradictory(entry, conditions, today, faults)
    if entry.diet is not None and 0 < entry.diet.magnesium_mg_per_day < 60:
        given = f"{entry.diet.magnesium_mg_per_day:g} mg of magnesium a day from food"
        doubts.append(f"{given} is very little: check that it is not mmol.")
    goals, labs = _goals(entry, faults, doubts), _labs(entry, today, faults, doubts)
    taken = tuple(_supplement(row, index, faults, unknown) for index, row in enumerate(entry.supplements))
    medicines = tuple(_medicine(row, index, faults, unknown) for index, row in enumerate(entry.medicines))
    return Person(
        id=entry.id,
        today=today,
        age_y=_age(entry, today, faults),
        sex=entry.sex,
        weight_kg=_weight(entry, faults),
        height_cm=_height(entry, faults),
        pregnant=True if "pregnancy" in conditions else entry.pregnant,
        profile=entry.profile,
        clinician=Clinician(**entry.clinician.model_dump()) if entry.clinician else None,
        jurisdiction=entry.jurisdiction,
        goals=goals,
        diet=Diet(**entry.diet.model_dump()) if entry.diet else None,
        water=Water(**entry.water.model_dump()) if entry.water else None,
        supplements=tuple(item for item in taken if isinstance(item, Supplement)),
        conditions=conditions,
        symptoms=symptoms,
        medicines=(*medicines, *(item for item in taken if isinstance(item, Medicine))),
        not_understood=tuple(unknown),
        doubts=tuple(doubts),
        genotype=dict(entry.genotype),
        baseline=Baseline(**entry.baseline.model_dump()) if entry.baseline else None,
        alcohol_g_per_day=entry.alcohol_g_per_day,
        smoker=entry.smoker,
        sweat_L_per_day=entry.sweat_L_per_day,
        training_h_per_week=entry.training_h_per_week,
        headache_days_per_month=entry.headache_days_per_month,
        weight_change_6mo_pct=entry.weight_change_6mo_pct,
        labs=labs,
    )
