"""The kidney: what is absorbed leaves through it, so nothing is planned beyond what it is known to clear."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import permutations

from davy.safety.case import Case, listed
from davy.safety.limits import LimitRow
from davy.safety.renal import CARE, CLINICIAN, REFUSED
from davy.safety.saying import care, number, refuse
from davy.safety.verdict import Cap, Finding, LabDue, Referral, Said


def poor_kidney(case: Case) -> Iterator[Said]:
    """Below 30: refused in every profile."""
    limit = case.limit("kidney-refuse-below")
    if case.kidney.band == REFUSED:
        yield refuse(
            "kidney-below-30",
            f"{_below(case, limit)}: added magnesium would build up in the blood. No dose is planned in any profile; "
            f"the kidney team decides. Only a kidney value of {limit.value:g} or more would change this.",
            case.kidney.value,
            limit,
        )
        yield Cap("kidney-below-30", 0.0, f"Kidney function below {limit.value:g}: no added magnesium.", limit.source)
        yield Referral(
            "Kidney team or doctor: kidney function, serum magnesium and every product that holds magnesium.",
            "soon",
            limit.source,
        )


def moderate_kidney(case: Case) -> Iterator[Said]:
    """30 to 44: refused; a clinician may plan 100 at most, 200 where serum is below 0.70 within a month."""
    limit = case.limit("kidney-clinician-below")
    if case.kidney.band != CLINICIAN:
        return
    if not case.clinician:
        yield refuse(
            "kidney-30-to-44",
            f"{_below(case, limit)}: too little clearance to plan magnesium without a clinician who follows the "
            f"blood. A kidney value of {limit.value:g} or more, or the clinician profile, would change this.",
            case.kidney.value,
            limit,
        )
        yield Cap(
            "kidney-30-to-44", 0.0, f"Kidney function below {limit.value:g}: none without a clinician.", limit.source
        )
        yield Referral(
            "Doctor: kidney function, serum magnesium and whether any magnesium is needed.", "soon", limit.source
        )
        return
    serum, low = case.serum, case.limit("serum-low")
    months = case.rules.value("kidney-clinician-low-serum-months")
    is_low = serum is not None and serum.highest < low.value and serum.within(months)
    most = case.limit("kidney-clinician-low-serum-cap" if is_low else "kidney-clinician-cap")
    yield care(
        "kidney-30-to-44",
        f"{_function(case)}: a clinician may plan at most {most.value:g} mg a day, followed by serum and kidney "
        "function.",
        case.kidney.value,
        limit,
    )
    yield Cap(
        "kidney-30-to-44",
        most.value,
        f"Kidney function 30 to 44, clinician: at most {most.value:g} mg a day.",
        most.source,
    )
    yield from _serum_has_to_be_known(case, "kidney-30-to-44-serum")


def mild_kidney(case: Case) -> Iterator[Said]:
    """45 to 59: with care, 200 at most, only with a serum below 0.95 within 3 months, and serum again by day 35."""
    limit, most, again = (
        case.limit(name) for name in ("kidney-care-below", "kidney-care-cap", "kidney-serum-again-day")
    )
    if case.kidney.band != CARE:
        return
    yield care(
        "kidney-45-to-59",
        f"{_function(case)}: with care, at most {most.value:g} mg a day, with serum magnesium again by day "
        f"{again.value:g}.",
        case.kidney.value,
        limit,
    )
    yield Cap("kidney-45-to-59", most.value, f"Kidney function 45 to 59: at most {most.value:g} mg a day.", most.source)
    yield LabDue("serum-magnesium", 0, int(again.value), "kidney function 45 to 59", again.source)
    yield from _serum_has_to_be_known(case, "kidney-45-to-59-serum")


def _serum_has_to_be_known(case: Case, gate: str) -> Iterator[Said]:
    """Only with a serum magnesium below 0.95 within 3 months."""
    limit, months = case.limit("kidney-serum-below"), case.rules.value("kidney-serum-months")
    serum = case.serum
    if serum is not None and serum.highest < limit.value and serum.within(months):
        return
    known = "is not known" if serum is None else f"is {serum.shown(serum.highest, 3)} mmol/L ({serum.taken})"
    yield refuse(
        gate,
        f"With this kidney function a serum magnesium below {limit.value:g} mmol/L from the last {months:g} months is "
        f"needed first; it {known}. One blood test settles this.",
        None if serum is None else serum.highest,
        limit,
    )
    yield Referral("Doctor: one blood test for serum magnesium with creatinine.", "routine", limit.source)


def unknown_kidney(case: Case) -> Iterator[Said]:
    """Unknown or stale: refused where kidney disease is likely, else with care at the lower upper level."""
    kidney, lower = case.kidney, case.limit("upper-level-lower")
    if kidney.known == "fresh":
        return
    taken = "unknown" if kidney.taken is None else str(kidney.taken)
    if kidney.taken is None:
        what = "Kidney function is not known"
    elif kidney.disturbed_by is not None:
        what = f"The last kidney value ({kidney.taken}) is older than {kidney.disturbed_by} and no longer holds"
    else:
        what = f"The last kidney value ({kidney.taken}) is too old to hold"
    if case.kidney_risks:
        yield refuse(
            "kidney-unknown",
            f"{what}, and kidney disease is likely enough here to be excluded first: {listed(case.kidney_risks)}. One "
            "creatinine test settles this.",
            taken,
            case.limit("egfr-months"),
            ("f-118", "f-125"),
        )
        yield Cap(
            "kidney-unknown",
            0.0,
            "Kidney function unknown where kidney disease is likely: none until it is measured.",
            ("davy-rule", "f-118"),
        )
        yield Referral("Doctor: one creatinine test (eGFR), with serum magnesium.", "routine", ("davy-rule", "f-118"))
        return
    yield care(
        "kidney-unknown",
        f"{what}. Nothing else points to kidney disease, so at most {lower.value:g} mg a day; one creatinine test "
        "settles this.",
        taken,
        lower,
    )
    yield Cap(
        "kidney-unknown",
        lower.value,
        f"Kidney function unknown: at most the lower upper level, {lower.value:g} mg a day.",
        lower.source,
    )


def acute_injury(case: Case) -> Iterator[Said]:
    """Creatinine up by half in 7 days, or by 26.5 umol/L in 48 h: acute injury, refused in every profile."""
    ratio, rise = case.limit("injury-ratio"), case.limit("injury-rise")
    found = case.reading("creatinine")
    for before, after in permutations(() if found is None else found.labs, 2):
        days = (after.date - before.date).days
        grew = 0 <= days <= case.rules.value("injury-ratio-days") and after.value >= ratio.value * before.value
        rose = 0 <= days <= case.rules.value("injury-rise-days") and after.value - before.value >= rise.value
        if grew or rose:
            yield refuse(
                "acute-kidney-injury-by-creatinine",
                f"Creatinine went from {number(before.value)} umol/L ({before.date}) to {number(after.value, 0)} "
                f"umol/L ({after.date}): that is an acute kidney injury until a doctor says otherwise. No dose in any "
                "profile; new labs that show recovery would change this.",
                after.value / before.value if grew else after.value - before.value,
                ratio if grew else rise,
            )
            yield Referral(
                "Doctor today: creatinine is rising fast; bring every medicine and product.", "same-day", ratio.source
            )
            return


def _function(case: Case) -> str:
    kidney = case.kidney
    if kidney.value is None:
        said = "Kidney function is not known"
    else:
        value = number(math.floor(kidney.value * 10) / 10)
        said = f"Kidney function is {value} mL/min (the lowest of the estimates, {kidney.taken})"
    if kidney.lowered_by:
        why = f"creatinine flatters the kidney with {listed(kidney.lowered_by)}"
        said += f" and counts one band lower, because {why} (cystatin C would settle it)"
    return said


def _below(case: Case, limit: LimitRow) -> str:
    """The kidney value, and that it is below a limit by itself or by the band it counts in."""
    value = case.kidney.value
    below = "which is below" if value is not None and value < limit.value else "so it is treated as below"
    return f"{_function(case)}, {below} {limit.value:g}"


def recent_kidney_and(case: Case, tests: tuple[str, ...], months: float) -> tuple[str, ...]:
    """Which of eGFR and these tests are missing from the last months."""
    kidney = () if case.kidney.within(months) else ("eGFR",)
    return kidney + tuple(test.replace("-", " ") for test in tests if not case.recent(test, months))


def missing_labs(gate: str, why: str, missing: tuple[str, ...], months: float, sources: tuple[str, ...]) -> Finding:
    """The refusal that asks for labs before anything is planned."""
    return refuse(
        gate,
        f"{why} asks for labs from the last {months:g} months before anything is planned; missing or stale: "
        f"{listed(missing)}. With them Davy can go on.",
        listed(missing),
        sources=sources,
    )


GATES = (poor_kidney, moderate_kidney, mild_kidney, unknown_kidney, acute_injury)
"""In the order of CLINICAL.md section 1."""
