"""Labs since a plan began, each beside what was foretold of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from davy.followup.visit_plan import Followed, Prediction
from davy.followup.visit_rules import days
from davy.people.person import Lab
from davy.people.vocabulary import lab_test
from davy.units import convert

MAGNESIUM = (
    "serum-magnesium",
    "ionised-magnesium",
    "rbc-magnesium",
    "urine-magnesium-24h",
    "egfr",
    "creatinine",
    "potassium",
    "calcium",
)
"""What the page shows of the laboratory, in this order."""


@dataclass(frozen=True)
class LabSeen:
    """One value of the laboratory; `outcome`: how it stands to the dated prediction, where it checks that."""

    lab: Lab
    prediction: Prediction | None = None
    outcome: Literal["hit", "missed"] | None = None


def labs_seen(labs: Sequence[Lab], plan: Followed | None, *, most: int) -> tuple[LabSeen, ...]:
    """The newest values of the tests that matter here; the one that checks the prediction is always among them."""
    checking = checked_by(labs, plan)
    found = [
        LabSeen(lab, plan.prediction, outcome(lab, plan.prediction))
        if plan is not None and plan.prediction is not None and lab is checking
        else LabSeen(lab)
        for lab in labs
        if lab.test in MAGNESIUM
    ]
    found.sort(key=lambda seen: (seen.outcome is None, -seen.lab.date.toordinal(), MAGNESIUM.index(seen.lab.test)))
    return tuple(sorted(found[:most], key=lambda seen: (-seen.lab.date.toordinal(), MAGNESIUM.index(seen.lab.test))))


def checked_by(labs: Sequence[Lab], plan: Followed | None) -> Lab | None:
    """The lab that checks the dated prediction: the nearest to its day, near enough to count."""
    if plan is None or plan.prediction is None:
        return None
    told = plan.prediction
    earliest, latest = (
        told.on - timedelta(days=days("prediction-before")),
        told.on + timedelta(days=days("prediction-after")),
    )
    near = [lab for lab in labs if lab.test == told.test and earliest <= lab.date <= latest and lab.comparator is None]
    return min(near, key=lambda lab: abs((lab.date - told.on).days), default=None)


def outcome(lab: Lab, told: Prediction) -> Literal["hit", "missed"]:
    """Whether a value lies in what was foretold."""
    value = convert(lab.value, lab.unit, told.unit, lab_test(lab.test).analyte)
    return "hit" if told.low <= value <= told.high else "missed"
