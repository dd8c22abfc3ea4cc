"""Serum magnesium: too high stops everything, too low goes to a doctor, and neither is treated by the number alone."""

from __future__ import annotations

from collections.abc import Iterator

from davy.people.labs import corrected_calcium_mmol_per_L
from davy.safety.case import Case, listed, words
from davy.safety.in_force import Reading, ends
from davy.safety.saying import care, number, refuse
from davy.safety.verdict import Cap, LabDue, Referral, Said

WORK_UP = "repeat serum magnesium with eGFR, calcium, potassium, TSH and lithium if taken; look for hidden magnesium"
_NEAR = 0.005
"""So near to its limit a value rounded to two digits may lie on the other side [mmol/L]."""


def _dated(reading: Reading, value: float, limit: float | None = None) -> str:
    """A value in force with the day of its own lab; a third digit only where two would hide on which side it lies."""
    digits = 3 if limit is None or abs(value - limit) < _NEAR else 2
    return f"{reading.shown(value, digits)} mmol/L ({reading.found(value)})"


def high_serum(case: Case) -> Iterator[Said]:
    """Above 1.05 mmol/L, or above the laboratory's own limit: refused, refer."""
    limit = case.limit("serum-refuse-above")
    for test, name in (("serum-magnesium", "Serum magnesium"), ("ionised-magnesium", "Ionised magnesium")):
        found = case.reading(test)
        if found is None:
            continue
        over = test == "serum-magnesium" and found.highest > limit.value
        if over or _above_own_limit(found):
            bound = f"{limit.value:g} mmol/L" if over else "the laboratory's own upper limit"
            yield refuse(
                "serum-high" if test == "serum-magnesium" else "ionised-high",
                f"{name} is {_dated(found, found.highest, limit.value if over else None)}, above {bound}: no magnesium "
                "in any profile. A newer value within the limits would change this.",
                found.highest,
                limit,
            )
            yield Cap("serum-high", 0.0, f"{name} above {bound}: no added magnesium.", limit.source)
            yield Referral(f"Doctor: high magnesium; {WORK_UP}.", "soon", limit.source)


def _above_own_limit(found: Reading) -> bool:
    return any(lab.reference_high is not None and ends(lab)[1] > lab.reference_high for lab in found.labs)


def full_serum(case: Case) -> Iterator[Said]:
    """0.95 to 1.05 mmol/L: no supplement."""
    limit, serum = case.limit("serum-stop-from"), case.serum
    if serum is not None and serum.highest >= limit.value:
        yield care(
            "serum-full",
            f"Serum magnesium is {_dated(serum, serum.highest, limit.value)}, at or above {limit.value:g}: no "
            "supplement is needed or planned.",
            serum.highest,
            limit,
        )
        yield Cap(
            "serum-full", 0.0, f"Serum magnesium at or above {limit.value:g} mmol/L: no supplement.", limit.source
        )


def high_serum_before(case: Case) -> Iterator[Said]:
    """A high serum in the past and none in force now: unknown counts as high."""
    for name in case.conditions_marked("high-serum-before"):
        if not case.serum_is_fresh:
            yield refuse(
                "serum-high-before",
                "A high magnesium was found before and no serum magnesium holds today, so it counts as still high. "
                "One blood test settles this.",
                words(name),
                case.limit("serum-refuse-above"),
            )
            yield Referral(f"Doctor: {WORK_UP}.", "soon", case.limit("serum-refuse-above").source)


def signs_of_too_much(case: Case) -> Iterator[Said]:
    """Signs of too much in someone on any magnesium product: stop, serum the same day, emergency if severe."""
    rows = {name: case.rules.symptoms[name] for name in case.person.symptoms if name in case.rules.symptoms}
    signs = {name: row for name, row in rows.items() if row.on_magnesium is not None}
    if not (signs and case.on_magnesium):
        return
    severe = any(row.on_magnesium == "emergency" for row in signs.values())
    where = "Emergency care now" if severe else "Doctor or urgent care today"
    yield refuse(
        "signs-of-too-much-magnesium",
        f"{listed(tuple(words(name) for name in signs)).capitalize()} while a product that holds magnesium is taken "
        "can mean too much magnesium. Take no more of what was bought without a prescription, and call about a "
        f"prescribed one before its next dose. {where}: serum magnesium today.",
        listed(tuple(words(name) for name in signs)),
        sources=("f-123", "f-124", "f-238"),
    )
    yield Referral(
        f"{where}: serum magnesium, kidney function and an ECG, with every product that is taken.",
        "emergency" if severe else "same-day",
        ("f-123", "f-124", "f-238"),
    )


def very_low_serum(case: Case) -> Iterator[Said]:
    """Below 0.50 mmol/L: refused, same day."""
    limit, serum = case.limit("serum-very-low"), case.serum
    if serum is not None and serum.lowest < limit.value:
        yield refuse(
            "serum-very-low",
            f"Serum magnesium is {_dated(serum, serum.lowest, limit.value)}, below {limit.value:g}: a doctor "
            "treats this today, often by vein; tablets are too slow. A newer value would change this.",
            serum.lowest,
            limit,
        )
        yield Referral(
            "Doctor or hospital today: very low magnesium, with potassium, calcium and an ECG.",
            "same-day",
            limit.source,
        )


def low_serum_and_danger(case: Case) -> Iterator[Said]:
    """Below 0.70 with a QT-prolonging, antiarrhythmic drug, digoxin, K < 3.0 or Ca < 1.9: refused, same day."""
    limit, serum, salts = case.limit("serum-low"), case.serum, tuple(_low_salts(case))
    dangers = (*(medicine.label for medicine in case.medicines_marked("low-serum-danger")), *salts)
    dangers += tuple(words(name) for name in case.conditions_marked("low-serum-danger"))
    if serum is not None and serum.lowest < limit.value:
        low = f"Serum magnesium is {_dated(serum, serum.lowest, limit.value)}, below {limit.value:g}"
    elif not case.serum_is_fresh and (salts or case.conditions_marked("low-serum-before")):
        low = f"Serum magnesium is not known and likely to be below {limit.value:g} mmol/L"
    else:
        return
    if dangers:
        yield refuse(
            "serum-low-and-heart",
            f"{low}, together with {listed(dangers)}: the heart's rhythm is at risk and a doctor sees to it today. "
            "Every prescribed medicine goes on until then.",
            None if serum is None else serum.lowest,
            limit,
        )
        said = f"Doctor today: low magnesium with {listed(dangers)}; ECG, potassium and calcium."
        yield Referral(said, "same-day", limit.source)


def low_potassium(case: Case) -> Iterator[Said]:
    """Potassium below 3.0 is a matter for a doctor today, whatever the magnesium."""
    limit, potassium = case.limit("potassium-danger"), case.reading("potassium")
    if potassium is not None and potassium.lowest < limit.value:
        yield care(
            "potassium-low",
            f"Potassium is {_dated(potassium, potassium.lowest, limit.value)}, below {limit.value:g}: a doctor sees to "
            "it today.",
            potassium.lowest,
            limit,
        )
        yield Referral("Doctor today: low potassium, with magnesium and an ECG.", "same-day", limit.source)


def _low_salts(case: Case) -> Iterator[str]:
    potassium = case.reading("potassium")
    if potassium is not None and potassium.lowest < case.rules.value("potassium-danger"):
        yield f"potassium {number(potassium.lowest, 2)} mmol/L"
    elif case.conditions_marked("low-potassium-before") and (
        potassium is None or not potassium.within(case.serum_months)
    ):
        yield "a low potassium found before and not measured since"
    calcium = _least_calcium(case)
    if calcium is not None and calcium < case.rules.value("calcium-danger"):
        yield f"calcium {number(calcium, 2)} mmol/L"


def _least_calcium(case: Case) -> float | None:
    """The lowest albumin-corrected calcium in force [mmol/L]."""
    calcium = case.reading("calcium")
    if calcium is None:
        return None
    return min(0.0 if lab.comparator == "<" else corrected_calcium_mmol_per_L(case.person, lab) for lab in calcium.labs)


def low_serum(case: Case) -> Iterator[Said]:
    """0.50 to 0.69 mmol/L: never allowed without care; potassium and calcium now; refer for the cause."""
    limit, serum = case.limit("serum-low"), case.serum
    if serum is not None and case.rules.value("serum-very-low") <= serum.lowest < limit.value:
        yield care(
            "serum-low",
            f"Serum magnesium is {_dated(serum, serum.lowest, limit.value)}, below {limit.value:g}: potassium "
            "and calcium belong to it now, and a doctor looks for the cause while it is made up.",
            serum.lowest,
            limit,
        )
        yield Referral(
            "Doctor: the cause of a low magnesium, with potassium, calcium and a urine magnesium.", "soon", limit.source
        )
        yield from (LabDue(test, 0, 0, "a low magnesium", limit.source) for test in ("potassium", "calcium"))
    elif case.conditions_marked("low-serum-before") and not case.serum_is_fresh:
        yield care(
            "serum-low-before",
            "A low magnesium was found before and no serum magnesium holds today, so it counts as still low: serum "
            "magnesium, potassium and calcium now.",
            "hypomagnesaemia",
            limit,
        )
        yield Referral(
            "Doctor: serum magnesium, potassium and calcium, and the cause of the low magnesium.", "soon", limit.source
        )


GATES = (
    high_serum,
    full_serum,
    high_serum_before,
    signs_of_too_much,
    very_low_serum,
    low_serum_and_danger,
    low_potassium,
    low_serum,
)
"""In the order of CLINICAL.md section 2."""
