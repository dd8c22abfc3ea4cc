"""What has to be measured after a start, and when."""

from __future__ import annotations

from collections.abc import Iterator

from davy.safety.case import Case, listed
from davy.safety.ceilings import RESTORE
from davy.safety.verdict import LabDue, Said


def first_check(case: Case) -> Iterator[Said]:
    """Serum and eGFR at 4 weeks with a reason to look early; else serum at 8 to 12 weeks where there is a lab goal."""
    early, later = case.limit("serum-check-day"), case.limit("serum-goal-day")
    reasons = tuple(_reasons(case))
    if reasons:
        yield from (
            LabDue(test, 0, int(early.value), listed(reasons), early.source) for test in ("serum-magnesium", "egfr")
        )
    elif case.person.goal in RESTORE:
        yield LabDue(
            "serum-magnesium", int(later.low or 0), int(later.value), "the goal is a serum magnesium", later.source
        )


def _reasons(case: Case) -> Iterator[str]:
    value, age = case.kidney.value, case.person.age_y
    low = case.rules.value("kidney-care-below")
    if case.kidney.band > 0 or (value is not None and value < low):
        yield f"kidney function below {low:g}"
    if age is None or age >= case.rules.value("serum-check-age"):
        yield f"age {case.rules.value('serum-check-age'):g} or more"
    if case.conditions_marked("constipation") or case.symptoms_marked("constipation"):
        yield "constipation"
    yield from (medicine.label for medicine in case.medicines_marked("ages-labs"))


GATES = (first_check,)
"""CLINICAL.md section 9, as far as a person alone decides it; a dose above the upper level brings its own lab."""
