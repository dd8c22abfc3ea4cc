"""The bundled examples as whole plans, each made once."""

from __future__ import annotations

from datetime import date
from functools import cache

from davy.people.read import read_person
from davy.planning.plan import plan
from davy.planning.result import ParameterSet, Plan

TODAY = date(2026, 11, 22)
DRAWS = 200


@cache
def story(name: str, parameter_set: ParameterSet = "literature") -> Plan:
    """The plan of one bundled example."""
    return plan(read_person(f"example:{name}", today=TODAY), parameter_set=parameter_set, draws=DRAWS)


def finding(plan: Plan, gate: str) -> str:
    """The sentence of one finding; fails where there is none."""
    return next(one.sentence for one in plan.verdict.findings if one.gate == gate)


def gates(plan: Plan, severity: str) -> set[str]:
    """The gates that spoke with this severity."""
    return {one.gate for one in plan.verdict.findings if one.severity == severity}


def binding(plan: Plan) -> tuple[str, float]:
    """The cap that binds."""
    return next((cap.name, cap.elemental_mg_per_day) for cap in plan.caps if cap.binding)


def times(plan: Plan) -> set[str]:
    """Every clock time of the plan."""
    assert plan.regimen is not None
    return {intake.at for step in plan.regimen.steps for intake in step.intakes}


def totals(plan: Plan) -> list[tuple[int, float]]:
    """First day and daily amount of each step."""
    assert plan.regimen is not None
    return [(step.from_day, sum(intake.elemental_mg for intake in step.intakes)) for step in plan.regimen.steps]


def apart(at: str, taken: str) -> float:
    """Hours between two clock times, the day a circle."""
    first, second = (int(text[:2]) + int(text[3:]) / 60 for text in (at, taken))
    gap = abs(first - second)
    return min(gap, 24 - gap)
