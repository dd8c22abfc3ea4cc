"""What a plan decides, and how far two decisions lie apart: the one currency in which tests compete.

A unit is a permission that becomes a refusal, or the reverse; a verdict of care, the cap, the dose and the named cause
count in parts of it, by the weights of `decision_weights.csv`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from davy.tables import SourcedRow, read_table

PARTS = ("verdict", "safety", "cap", "dose", "cause")
_NOTICED_MG = 1.0


class WeightRow(SourcedRow):
    """What one kind of change is worth; the cap and the dose in proportion up to `full`."""

    id: str
    label: str
    weight: float
    full: float
    unit: str


@dataclass(frozen=True)
class Decision:
    """What is decided about one person.

    Attributes
    ----------
    dose_mg : the chosen total from everything but food [mg/d]; None where nothing is planned.
    cause : the cause that is named; None while it is open or nothing is low.
    cleared : whether a kidney value counts today, good or poor.
    """

    verdict: str
    cap_mg: float
    dose_mg: float | None = None
    cause: str | None = None
    cleared: bool = True


@dataclass(frozen=True)
class Worth:
    """What a test is expected to change.

    Attributes
    ----------
    value : expected change of the decision, in units of a refusal; at most 1.
    changes : by part of the decision, in what share of the possible results it changes.
    """

    value: float
    changes: dict[str, float]


def weight_row(part: str) -> WeightRow:
    """The weight of that id."""
    return next(row for row in read_table("decision_weights.csv", WeightRow) if row.id == part)


def distance(one: Decision, other: Decision) -> dict[str, float]:
    """How far two decisions lie apart, by part; 0 where a part is the same."""
    refused = (one.verdict == "refused") != (other.verdict == "refused")
    cleared = one.cleared != other.cleared and not one.verdict == other.verdict == "refused"
    careful = not refused and one.verdict != other.verdict
    named = one.cause != other.cause
    return {
        "verdict": weight_row("refusal").weight * refused + weight_row("care").weight * careful,
        "safety": weight_row("safety").weight * cleared,
        "cap": _in_proportion("cap", one.cap_mg - other.cap_mg),
        "dose": _in_proportion("dose", (one.dose_mg or 0.0) - (other.dose_mg or 0.0)),
        "cause": weight_row("cause").weight * named,
    }


def worth_of(today: Decision, after: Sequence[tuple[float, Decision]]) -> Worth:
    """What a test is worth whose results lead to these decisions with these probabilities."""
    value = 0.0
    changes: dict[str, float] = dict.fromkeys(PARTS, 0.0)
    for probability, decision in after:
        apart = distance(today, decision)
        value += probability * sum(apart.values())
        for part, size in apart.items():
            changes[part] += probability * (size > 0)
    return Worth(min(1.0, value), changes)


def _in_proportion(part: str, difference_mg: float) -> float:
    row = weight_row(part)
    moved = abs(difference_mg)
    return row.weight * min(1.0, moved / row.full) if moved > _NOTICED_MG else 0.0
