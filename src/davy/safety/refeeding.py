"""Refeeding risk: after hunger, potassium, phosphate and magnesium fall together; a doctor replaces them."""

from __future__ import annotations

from collections.abc import Iterator

from davy.safety.case import Case, listed
from davy.safety.in_force import Reading
from davy.safety.saying import number, refuse
from davy.safety.verdict import Referral, Said


def refeeding_risk(case: Case) -> Iterator[Said]:
    """One strong mark, or two of the others: refused, urgent."""
    strong, some, need = tuple(_strong_marks(case)), tuple(_marks(case)), case.limit("refeeding-marks")
    if not strong and len(some) < need.value:
        return
    marks = strong or some
    yield refuse(
        "refeeding-risk",
        f"Risk of refeeding illness: {listed(marks)}. Potassium, phosphate and magnesium can fall together within "
        "days, so a doctor measures and replaces them together, and urgently. New facts (weight, eating, labs) would "
        "change this.",
        listed(marks),
        need,
    )
    yield Referral(
        f"Doctor today: refeeding risk ({listed(marks)}), with potassium, phosphate, magnesium and thiamine.",
        "same-day",
        need.source,
    )


def _strong_marks(case: Case) -> Iterator[str]:
    """Any one of these is enough."""
    person, rules = case.person, case.rules
    if person.bmi is not None and person.bmi < rules.value("refeeding-bmi"):
        yield f"BMI {number(person.bmi, 2)}, below {rules.value('refeeding-bmi'):g}"
    if person.bmi is None and case.conditions_marked("refeeding-unknown-bmi"):
        yield f"{listed(case.conditions_marked('refeeding-unknown-bmi')).replace('-', ' ')} with an unknown BMI"
    if _loss(case) > rules.value("refeeding-loss"):
        yield f"weight loss of {number(_loss(case))} % in 6 months, above {rules.value('refeeding-loss'):g} %"
    if case.symptoms_marked("intake-10"):
        yield "almost no food for 10 days"
    if case.symptoms_marked("intake-5") or case.conditions_marked("low-intake"):
        yield from (f"low {name} with low intake" for name in _low_salts(case))


def _low_salts(case: Case) -> Iterator[str]:
    for test, limit in (
        ("potassium", "refeeding-potassium"),
        ("phosphate", "refeeding-phosphate"),
        ("serum-magnesium", "refeeding-magnesium"),
    ):
        found = case.reading(test)
        if found is not None and (found.lowest < case.rules.value(limit) or _below_own_limit(found)):
            yield test.replace("serum-", "")


def _below_own_limit(found: Reading) -> bool:
    return any(lab.reference_low is not None and lab.value < lab.reference_low for lab in found.labs)


def _marks(case: Case) -> Iterator[str]:
    """Two of these are enough."""
    person, rules = case.person, case.rules
    if person.bmi is not None and person.bmi < rules.value("low-bmi"):
        yield f"BMI below {rules.value('low-bmi'):g}"
    lost_unknown = person.weight_change_6mo_pct is None and bool(case.symptoms_marked("weight-loss"))
    if _loss(case) > rules.value("refeeding-some-loss") or lost_unknown:
        yield f"weight loss above {rules.value('refeeding-some-loss'):g} %"
    if case.symptoms_marked("intake-5") or case.conditions_marked("malnutrition"):
        yield "little food for 5 days"
    drinks = person.alcohol_g_per_day is not None and person.alcohol_g_per_day >= rules.value("alcohol-misuse")
    if drinks or case.conditions_marked("alcohol"):
        yield "alcohol misuse"
    yield from (
        mark
        for mark in ("insulin", "chemotherapy", "diuretic", "antacid")
        if case.medicines_marked(mark) or _sold_as(case, mark)
    )


def _sold_as(case: Case, mark: str) -> bool:
    """Whether a supplement is of a class with that mark, such as an antacid entered among the supplements."""
    marked = case.rules.marked_medicines(mark)
    return any(
        marked & set(supplement.classes) and supplement.taken_on(case.person.today)
        for supplement in case.person.supplements
    )


def _loss(case: Case) -> float:
    return -(case.person.weight_change_6mo_pct or 0.0)


GATES = (refeeding_risk,)
