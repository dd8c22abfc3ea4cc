"""Puts a result into plain words: the doubt first, then the numbers, then what else has to be said."""

from __future__ import annotations

import math

from davy.evidence.appraisal.result import Result, crosses
from davy.evidence.appraisal.rows import BenefitQuestion

LOG_RATIO = "log ratio"
"""How the unit of an effect begins that is the natural logarithm of a ratio."""

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def sentence(question: BenefitQuestion, result: Result | None) -> str:
    """What a plan says of this outcome."""
    if result is None or result.estimate is None:
        return question.text
    if question.kind == "association":
        return f"An association only, never an effect of a supplement: {_numbers(question, result)}. {question.text}"
    doubt = doubt_of(result)
    return f"{doubt}: {_numbers(question, result)}. {question.text}".strip()


def doubt_of(result: Result) -> str:
    """The doubt that the numbers leave, in a few words.

    Nothing is called a benefit that the interval does not hold to; no interval is the greatest doubt.
    """
    if result.estimate is None:
        return "No number"
    if result.ci is None:
        return _without_interval(result)
    ends = sorted(result.better(end) for end in result.ci)
    matters = result.matters
    if crosses(result.ci, result.no_effect):
        if matters is not None and max(abs(end) for end in ends) < matters:
            return "No benefit"
        return "It is unknown whether this helps"
    if ends[1] < 0:
        return "Worse than the comparison"
    if matters is not None and ends[1] < matters:
        return "Too small to matter"
    kind, own = result.individual
    if kind == "prediction" and own is not None and crosses(own, result.no_effect):
        return "Better on average, yet the next trial could show nothing"
    if matters is not None and ends[0] >= matters:
        return "Better on average by an amount that matters"
    return "Better on average, by how much is unsure"


def _without_interval(result: Result) -> str:
    gain, matters = result.better(result.estimate or 0.0), result.matters
    if matters is not None and 0 <= gain < matters:
        return "Too small to matter, and with no interval to judge it by"
    return "It cannot be told from chance"


def _numbers(question: BenefitQuestion, result: Result) -> str:
    trials = result.row.design == "trials"
    people = f" with {result.n:,} people" if result.n is not None else ""
    head = count_of(result.k, "trial" if trials else "study") + people
    if (result.k or 0) > 1:
        head += " pooled"
    verb = "gives" if result.k == 1 else "give"
    told = f"{head} {verb} {_value(question.unit or '', result)}"
    kind, own = result.individual
    if kind == "prediction" and own is not None and trials:
        ends = between_ends(own, question.unit or "")
        told += f"; for the next group of people {ends} is expected"
    return told


def _value(unit: str, result: Result) -> str:
    """The estimate with its unit and its confidence interval; a ratio is named in the brackets."""
    between = ""
    if result.ci is not None:
        between = f"95 % confidence interval {between_ends(result.ci, unit)}"
    if unit.startswith(LOG_RATIO):
        named = f"{unit} {short(result.estimate or 0.0)}"
        return f"{of_log(result.estimate or 0.0)} ({'; '.join(part for part in (between, named) if part)})"
    ratio = "ratio" in unit or "risk" in unit
    inside = "; ".join(part for part in (unit if ratio else "", between) if part)
    value = short(result.estimate or 0.0) + (f" {unit}" if unit and not ratio else "")
    return f"{value} ({inside})" if inside else value


def count_of(k: int | None, noun: str) -> str:
    """A number of trials or studies in words."""
    if k is None:
        return "the cohorts" if noun == "study" else "trials whose number was not read"
    plural = {"trial": "trials", "study": "studies"}[noun]
    return f"{_COUNTS[k] if k < len(_COUNTS) else k} {noun if k == 1 else plural}"


def between_ends(ends: tuple[float, float], unit: str) -> str:
    """Both ends of an interval; those of the logarithm of a ratio as shares."""
    low, high = (of_log(end) if unit.startswith(LOG_RATIO) else short(end) for end in ends)
    return f"{low} to {high}"


def of_log(value: float) -> str:
    """The logarithm of a ratio as the share that it means: "16 % less"."""
    share = round(100.0 * math.expm1(value))
    return f"{abs(share)} % {'more' if share > 0 else 'less'}" if share else "as much"


def short(value: float) -> str:
    """A number to three digits."""
    return f"{round(value, 2):g}" if abs(value) < 10 else f"{value:.3g}"
