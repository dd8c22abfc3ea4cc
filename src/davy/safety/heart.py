"""The heart: magnesium slows conduction, and a failing heart moves potassium, magnesium and the kidney together."""

from __future__ import annotations

from collections.abc import Iterator

from davy.safety.case import Case, listed, words
from davy.safety.kidney import missing_labs, recent_kidney_and
from davy.safety.saying import refuse
from davy.safety.verdict import Referral, Said


def quiet_conduction_with_symptoms(case: Case) -> Iterator[Said]:
    """First-degree block or an athletic slow pulse is quiet only without symptoms; with them: refused."""
    quiet, signs = case.conditions_marked("quiet-heart"), case.symptoms_marked("heart-sign")
    if quiet and signs:
        row = case.rules.conditions[quiet[0]]
        yield refuse(
            "conduction-with-symptoms",
            f"{words(quiet[0]).capitalize()} with {listed(tuple(words(sign) for sign in signs))} is not quiet: "
            "magnesium slows conduction, so an ECG comes first. Refused until a doctor has found it harmless.",
            listed(tuple(words(sign) for sign in signs)),
            sources=row.source,
        )
        yield Referral("Doctor today: conduction of the heart with symptoms, ECG.", "same-day", row.source)


def heart_failure_labs(case: Case) -> Iterator[Said]:
    """Heart failure: eGFR, potassium and serum magnesium within 3 months."""
    months = case.rules.value("heart-failure-months")
    missing = recent_kidney_and(case, ("potassium", "serum-magnesium"), months)
    if "heart-failure" in case.person.conditions and missing:
        sources = case.limit("heart-failure-months").source
        yield missing_labs("heart-failure-labs", "Heart failure", missing, months, sources)
        yield Referral("Doctor: eGFR, potassium and serum magnesium, due in heart failure.", "routine", sources)


GATES = (quiet_conduction_with_symptoms, heart_failure_labs)
"""The rest of CLINICAL.md section 2 on the heart stands in condition_rules.csv."""
