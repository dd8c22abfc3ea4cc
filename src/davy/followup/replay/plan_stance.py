"""How far a plan goes that was begun, or was refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from davy.followup.replay.stance import Doses, Stance
from davy.followup.visit_plan import daily_mg, followed

URGENCY = {"routine": 1, "soon": 2, "same-day": 3, "emergency": 4}
_SEVERITY = {"info": 0, "care": 1, "refuse": 2}
_MINUTES = 60


def plan_stance(body: Mapping[str, Any]) -> Stance:
    """The stance of an entry that began a plan or told why none was begun.

    Raises
    ------
    KeyError, TypeError, ValueError : this is no such entry.
    """
    said = body["plan"]
    plan = followed([{**body, "action": "begin"}])
    if plan is None or said["regimen"] is None:
        return Stance(str(body["action"]), (), asks=asked_by_plan(said), autonomy=str(body["autonomy"]))
    days = sorted({step.from_day for step in plan.regimen.steps} | {step.to_day or 0 for step in plan.regimen.steps})
    amounts = [
        (day, sum(daily_mg(step.intakes) for step in plan.regimen.steps if _runs(step.from_day, step.to_day, day)))
        for day in days
    ]
    single = [intake.elemental_mg for step in plan.regimen.steps for intake in step.intakes]
    return Stance(
        action=str(body["action"]),
        doses=_changes(amounts),
        intake_mg=max(single, default=0.0),
        until=plan.expires,
        asks=asked_by_plan(said),
        autonomy=str(body["autonomy"]),
    )


def hold_stance(body: Mapping[str, Any]) -> Stance:
    """The stance of an entry that told which harm held a plan back: fewer of them, and one could be begun."""
    asks = {f"hold: {one['rule']}": (1,) for one in body["reasons"]}
    return Stance(str(body["action"]), (), asks=asks, autonomy=str(body["autonomy"]))


def asked_by_plan(said: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """What a plan asks for: referrals, tests, stop rules, hours between medicines, what its gates say."""
    asks: dict[str, list[int]] = defaultdict(list)
    for one in said["refer"]:
        asks[f"refer: {sources_key(one['sources'])}"].append(URGENCY[one["urgency"]])
    for one in said["monitoring"]:
        asks[f"test: {one['test']}"].append(-int(one["day"]))
    for one in said.get("stop_rules", ()):
        asks[f"stop rule: {one['when']}"].append(1)
    for one in said.get("findings", ()):
        asks[f"gate: {one['gate']}"].append(_SEVERITY[one["severity"]])
    apart: list[Mapping[str, Any]] = [] if said["regimen"] is None else said["regimen"]["separate_from"]
    for one in apart:
        for side in ("before", "after"):
            hours = one[f"medicine_h_{side}_magnesium"]
            asks[f"apart: {one['medicine']}, {side}"].append(round(hours * _MINUTES))
    return {what: tuple(sorted(levels, reverse=True)) for what, levels in asks.items()}


def sources_key(sources: Iterable[str]) -> str:
    """What a referral rests on, which stays the same when its sentence is written better."""
    return ", ".join(sorted(sources))


def _runs(first: int, end: int | None, day: int) -> bool:
    return first <= day and (end is None or day < end)


def _changes(amounts: list[tuple[int, float]]) -> Doses:
    """Only the days on which the amount changes."""
    kept: list[tuple[int, float]] = []
    for day, amount in amounts:
        if not kept or kept[-1][1] != amount:
            kept.append((day, amount))
    return tuple(kept)
