"""A regimen as one line of text, and back.

``FORM DOSEmg @ TIME[,TIME...] [from DAY to DAY]``, joined by ``;``; doses are elemental mg per intake; ``none`` is no
supplement. Day 0 starts at 00:00; `from` is inclusive, `to` exclusive. Product and units are not part of the text.
"""

from __future__ import annotations

import re
from decimal import Decimal

from davy.errors import Fault, InputError
from davy.people.regimen import NO_SUPPLEMENT, Intake, Regimen, Step
from davy.people.vocabulary import canonical_form, forms

GRAMMAR = "FORM DOSEmg @ TIME[,TIME...] [from DAY to DAY], like glycinate 100mg @ 08:00,21:00 from 0 to 7"
LARGEST_DOSE_MG = 5000.0
LAST_DAY = 36_525

_PART = re.compile(
    r"(?P<form>[a-z][^@\d]*?[a-z)])\s*(?P<dose>\d+(?:\.\d+)?)\s*mg\s*@\s*(?P<times>[\d:,\s]+?)"
    r"(?:\s+from\s+(?P<from>\d+)(?:\s+to\s+(?P<to>\d+))?)?\s*",
    re.IGNORECASE,
)


def _clock(text: str) -> str | None:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return f"{int(match[1]):02d}:{match[2]}"


def _window(match: re.Match[str], where: str, faults: list[Fault]) -> tuple[int, int | None]:
    start = int(match["from"]) if match["from"] is not None else 0
    end = int(match["to"]) if match["to"] is not None else None
    if end is not None and end <= start:
        faults.append(
            Fault(
                where, f"day {end} does not come after day {start}", "from is the first day, to the day after the last"
            )
        )
    if max(start, end or 0) > LAST_DAY:
        faults.append(
            Fault(where, f"a day beyond {LAST_DAY} is more than a lifetime away", "days count from the start")
        )
    return start, end


def _part(text: str, number: int, faults: list[Fault]) -> Step | None:
    where = f"regimen, part {number}"
    match = _PART.fullmatch(text.strip())
    if match is None:
        faults.append(Fault(where, f"'{text.strip()}' does not read", GRAMMAR))
        return None
    form_id = canonical_form(match["form"])
    if form_id is None:
        known = ", ".join(row.id for row in forms())
        faults.append(Fault(where, f"'{match['form']}' is not a form that Davy knows", f"one of: {known}"))
    dose = float(match["dose"])
    if not 0 < dose <= LARGEST_DOSE_MG:
        faults.append(Fault(where, f"{dose:g} mg in one intake is not possible", "elemental magnesium, above 0 mg"))
    times = [(_clock(part), part.strip()) for part in match["times"].split(",")]
    faults += [
        Fault(where, f"'{said}' is not a clock time", "24 hours, like 21:00") for time, said in times if time is None
    ]
    start, end = _window(match, where, faults)
    intakes = tuple(Intake(time, form_id or "", dose) for time, _ in times if time is not None)
    return Step(start, end, intakes)


def _order(intake: Intake) -> tuple[str, str, float]:
    return intake.at, intake.form, intake.elemental_mg


def parse_regimen(text: str) -> Regimen:
    """The regimen of a text; parts with the same days become one step, its intakes in the order of the day.

    Raises
    ------
    InputError : every part that does not read.

    Examples
    --------
    >>> parse_regimen("glycinate 100mg @ 21:00").elemental_mg_per_day
    100.0
    """
    if text.strip().lower() == "none":
        return NO_SUPPLEMENT
    faults: list[Fault] = []
    steps: dict[tuple[int, int | None], list[Intake]] = {}
    for number, part in enumerate(text.split(";"), start=1):
        step = _part(part, number, faults)
        if step is not None:
            steps.setdefault((step.from_day, step.to_day), []).extend(step.intakes)
    if faults:
        raise InputError(faults)
    return Regimen(tuple(Step(start, end, tuple(sorted(rows, key=_order))) for (start, end), rows in steps.items()))


def _mg(dose: float) -> str:
    text = format(Decimal(repr(dose)), "f")
    return text.removesuffix(".0")


def _step_text(step: Step) -> list[str]:
    times: dict[tuple[str, float], list[str]] = {}
    for intake in sorted(step.intakes, key=_order):
        times.setdefault((intake.form, intake.elemental_mg), []).append(intake.at)
    if step.from_day == 0 and step.to_day is None:
        window = ""
    else:
        window = f" from {step.from_day}" + ("" if step.to_day is None else f" to {step.to_day}")
    return [f"{form} {_mg(dose)}mg @ {','.join(at)}{window}" for (form, dose), at in times.items()]


def regimen_text(regimen: Regimen) -> str:
    """The text of a regimen; `parse_regimen` of it takes the same magnesium at the same times."""
    parts = [part for step in regimen.steps for part in _step_text(step)]
    return "; ".join(parts) if parts else "none"
