"""How Davy writes numbers, dates, forms and tests for a reader."""

from __future__ import annotations

import re
from datetime import date, timedelta

VERDICTS = {"allowed": "Allowed", "with_care": "Allowed, with care", "refused": "Refused"}
OUTPUTS = {
    "serum_mmol_per_L": "Serum magnesium",
    "rbc_mmol_per_L": "Red-cell magnesium",
    "urine_mmol_per_d": "Magnesium in urine",
    "absorbed_mmol_per_d": "Magnesium absorbed",
    "csf_mmol_per_L": "Magnesium in spinal fluid",
    "ionised_mmol_per_L": "Ionised magnesium in serum",
    "rbc_free_mmol_per_L": "Free magnesium in red cells",
}
URGENCY = {"emergency": "Emergency, now", "same-day": "Today", "soon": "Within weeks", "routine": "At the next visit"}
MEASURED_AS = {
    "serum_mmol_per_L": "serum-magnesium",
    "rbc_mmol_per_L": "rbc-magnesium",
    "urine_mmol_per_d": "urine-magnesium-24h",
}
"""Which lab test measures an output."""
CAUSES = {
    "diet": "too little in the diet",
    "absorption": "poor absorption",
    "gut_loss": "loss through the gut",
    "renal": "loss through the kidneys",
    "other": "something else, as a shift between compartments",
}
_SPELLED = {
    "l-threonate": "L-threonate",
    "serum-urine": "serum and urine",
    "serum-urine-cells": "serum, urine and red cells",
    "rbc-magnesium": "red-cell magnesium",
    "urine-magnesium-24h": "24-hour urine magnesium",
    "urine-magnesium-spot": "magnesium in a spot urine",
    "egfr": "eGFR (kidney filtration)",
    "hba1c": "HbA1c",
    "b12": "vitamin B12",
    "tsh": "TSH (thyroid)",
    "crp": "CRP",
    "pth": "parathyroid hormone",
    "uacr": "urine albumin to creatinine ratio",
    "cystatin-c": "cystatin C",
}
_ISO = re.compile(r"(?<![\w/-])\d{4}-\d{2}-\d{2}(?![\w/-])")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def plain(name: str) -> str:
    """An id of the vocabulary in plain words: ``urine-magnesium-24h`` is "24-hour urine magnesium"; words stay."""
    if " " in name:
        return name
    return _SPELLED.get(name, name.replace("-", " ").replace("_", " "))


def first_up(text: str) -> str:
    """The same with a capital at the start, except where the word has its own, as eGFR."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def mg(value: float) -> str:
    """An amount in whole milligrams, halves kept below ten: "100 mg", which no line break parts."""
    digits = 1 if value < 10 and value != round(value) else 0
    return f"{value:.{digits}f}\N{NO-BREAK SPACE}mg"


def mg_between(low: float, high: float | None) -> str:
    """An interval of milligrams; no upper end is said as such."""
    if high is None:
        return f"{mg(low)} or more (not known)" if low else "an unknown amount"
    return mg(low) if round(low) == round(high) else f"{low:.0f} to {mg(high)}"


def number(value: float, digits: int = 2) -> str:
    """A number for reading, with a real minus sign."""
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def power(value: float) -> str:
    """A number of any size: very small and very large ones as so many times a power of ten."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return short(value)
    digits, _, exponent = f"{value:.1e}".partition("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    times = f"{digits} × " if digits != "1.0" else ""
    return f"{times}10{raised}".replace("-", "\N{MINUS SIGN}")


def short(value: float) -> str:
    """A number with three significant digits and no needless zeros."""
    return f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


def percent(share: float) -> str:
    """A share of one as whole per cent; never 0 % or 100 %, which no simulation can know."""
    if share < 0.01:
        return "under 1\N{NO-BREAK SPACE}%"
    if share > 0.99:
        return "over 99\N{NO-BREAK SPACE}%"
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def day_date(today: str, day: float) -> str:
    """The calendar date of a day of the plan: "14 Feb 2027"."""
    return written(date.fromisoformat(today) + timedelta(days=int(day)))


def days_between(today: str, first: float, last: float) -> str:
    """Two dates, what they share said once: "22 to 28 Nov 2026"."""
    start = date.fromisoformat(today) + timedelta(days=int(first))
    end = date.fromisoformat(today) + timedelta(days=int(last))
    if start == end:
        return written(end)
    shared = 1 if (start.year, start.month) == (end.year, end.month) else 2 if start.year == end.year else 3
    first_parts = "\N{NO-BREAK SPACE}".join(written(start).split()[:shared])
    return f"{first_parts} to {written(end)}"


def written(day: date) -> str:
    """A date in words that no country misreads: "14 Feb 2027"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}".replace(" ", "\N{NO-BREAK SPACE}")


def dated(sentence: str) -> str:
    """A sentence with its dates in words; one that is no date, or part of an id, stays as it is."""
    return _ISO.sub(lambda found: _in_words(found[0]), sentence)


def _in_words(text: str) -> str:
    try:
        return written(date.fromisoformat(text))
    except ValueError:
        return text


def magnesium(form: str) -> str:
    """The name of a form as a shop writes it: "magnesium citrate"."""
    return f"magnesium {plain(form)}"


def times(units: float) -> str:
    """How many of a product: "1 ×", "½ ×"."""
    halves = {0.5: "\N{VULGAR FRACTION ONE HALF}", 1.5: "1\N{VULGAR FRACTION ONE HALF}"}
    return f"{halves.get(units, f'{units:g}')} \N{MULTIPLICATION SIGN}"


def listed(words: tuple[str, ...]) -> str:
    """One, two or many words in a row: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
