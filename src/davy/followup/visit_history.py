"""What was decided before, when and why, as the decision log tells it; like looks in a row are told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from davy.followup.visit_plan import BEGUN

NOT_BEGUN = "not_begun"
ENTRIES = ("decision", "stop", "resume")
EXPLAINED = "explained"
"""A look after all suggestions had been ended."""
LOOKS = frozenset((EXPLAINED, "keep", "step_down", "stop", "step_up", "test_first", "refer"))


@dataclass(frozen=True)
class Told:
    """One decision, or several like looks in a row.

    Attributes
    ----------
    first, last : the days of the looks; `looks` how many they were.
    action : as decided, or "explained" where nothing was suggested; "stopped" and "resumed" are of all suggestions.
    mg_per_day : the magnesium besides food that it left; None where Davy changed nothing.
    why : the reason that decided, in a sentence; None where the log holds none.
    version : of the Davy that decided.
    """

    first: date
    last: date
    looks: int
    action: str
    mg_per_day: float | None
    why: str | None
    sources: tuple[str, ...]
    version: str | None


def history(entries: Iterable[tuple[str, Mapping[str, Any]]], *, before: date) -> tuple[Told, ...]:
    """What was decided before a day, newest first; of several looks on one day the last one counts.

    Parameters
    ----------
    entries : of the decision log, as (type, body), in order.
    """
    single: list[Told] = []
    for one in sorted(_each(entries), key=lambda one: one.first):
        if one.first >= before and one.action in LOOKS:
            continue
        if single and single[-1].first == one.first and {single[-1].action, one.action} <= LOOKS:
            single.pop()
        single.append(one)
    made: list[Told] = []
    for one in single:
        if made and _alike(made[-1], one):
            made[-1] = replace(made[-1], last=one.last, looks=made[-1].looks + 1)
        else:
            made.append(one)
    return tuple(reversed(made))


def _each(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Told]:
    for kind, body in entries:
        day = _day(body)
        if kind not in ENTRIES or day is None:
            continue
        if kind != "decision":
            yield Told(day, day, 1, "stopped" if kind == "stop" else "resumed", None, None, (), None)
        else:
            yield _told(day, body)


def _told(day: date, body: Mapping[str, Any]) -> Told:
    reasons = cast("Sequence[Mapping[str, Any]]", body.get("reasons") or ())
    first = reasons[0] if reasons else cast("Mapping[str, Any]", {})
    versions = cast("Mapping[str, Any]", body.get("versions") or body.get("plan") or {})
    return Told(
        first=day,
        last=day,
        looks=1,
        action=EXPLAINED if body.get("autonomy") == "L0" else str(body.get("action", "")),
        mg_per_day=_left(body),
        why=str(first["sentence"]) if "sentence" in first else None,
        sources=tuple(str(one) for one in first.get("sources", ())),
        version=str(versions["davy"]) if "davy" in versions else None,
    )


def _left(body: Mapping[str, Any]) -> float | None:
    """What it left to take [mg/d]: of a plan its highest step."""
    if body.get("action") == NOT_BEGUN:
        return None
    if body.get("action") == BEGUN:
        regimen = cast("Mapping[str, Any] | None", body["plan"]["regimen"])
        return 0.0 if regimen is None else float(regimen["elemental_mg_per_day"])
    made = cast("Mapping[str, Any]", body.get("decision") or {})
    intakes = cast("Sequence[Mapping[str, Any]] | None", made.get("regimen"))
    return None if intakes is None else sum(float(one["elemental_mg"]) for one in intakes)


def _day(body: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(body.get("day")))
    except ValueError:
        return None


def _alike(earlier: Told, later: Told) -> bool:
    return (earlier.action, earlier.mg_per_day, earlier.why, earlier.version) == (
        later.action,
        later.mg_per_day,
        later.why,
        later.version,
    )
