"""The entry of the decision log: what was decided, why, by which versions, and everything that it rested on.

::

    {"schema": "davy.decision/1", "day": D, "action": A, "autonomy": L, "verdict": V,
     "reasons":  [{"rule", "sentence", "sources"}],
     "versions": {"davy", "code", "knowledge", "model", "engine"},
     "inputs":   {"kind": "plan" | "follow" | "hold", ...},    all that it was made of, so that it can be made again
     "plan": {...}  or  "decision": {...}}             what came out; neither where a harm held a plan back

What a Davy before this shape wrote has no `inputs`: it is read, and cannot be made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from davy import __version__
from davy.cache import code_of
from davy.followup.adapt.decision import Decision
from davy.followup.adapt.holds import Hold
from davy.followup.adapt.inputs import Inputs
from davy.followup.visit_plan import BEGUN, begun
from davy.people.person import Person
from davy.planning.result import Plan
from davy.tables import knowledge_fingerprint

SCHEMA = "davy.decision/1"
NOT_BEGUN = "not_begun"
PLAN, FOLLOW, HOLD = "plan", "follow", "hold"
_ROOMS = (
    "davy.followup",
    "davy.followup.adapt",
    "davy.planning",
    "davy.safety",
    "davy.inference",
    "davy.forecast",
    "davy.people",
)


@cache
def code() -> str:
    """SHA-256 over the sources that decide [hex]; model, engine and knowledge have marks of their own."""
    return hashlib.sha256("\n".join(code_of(room) for room in _ROOMS).encode()).hexdigest()


def versions(fingerprints: Mapping[str, str] | None = None) -> dict[str, str]:
    """By what a decision is made; model and engine are empty where nothing was simulated."""
    marks = fingerprints or {}
    own = {"davy": __version__, "code": code(), "knowledge": knowledge_fingerprint()}
    return own | {name: marks.get(name, "") for name in ("model", "engine")}


def digest(inputs: Mapping[str, Any]) -> str:
    """SHA-256 over the content of inputs [hex]."""
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def reason(rule: str, sentence: str, sources: tuple[str, ...]) -> dict[str, Any]:
    """One reason as the log keeps it."""
    return {"rule": rule, "sentence": sentence, "sources": list(sources)}


def plan_entry(plan: Plan, person: Person, *, draws: int = 500) -> dict[str, Any]:
    """A plan that was begun, or the refusal to begin one, as the log keeps it.

    Parameters
    ----------
    person : of whom the plan was made, with all that the records said of them on that day.
    draws : with how many it was made.
    """
    found = plan.verdict.findings
    refused = plan.verdict.word == "refused"
    telling = [finding for finding in found if finding.severity == "refuse"] if refused else found
    told = [] if refused else [reason(f"cap {cap.name}", cap.sentence, cap.sources) for cap in plan.caps if cap.binding]
    told += [reason(finding.gate, finding.sentence, finding.sources) for finding in telling]
    return {
        **begun(plan),
        "schema": SCHEMA,
        "action": NOT_BEGUN if refused else BEGUN,
        "reasons": told or [reason("plan", plan.bottom_line[0], ())],
        "versions": versions(plan.fingerprints),
        "inputs": {
            "kind": PLAN,
            "person": as_document(person),
            "parameter_set": plan.parameter_set,
            "seed": plan.seed,
            "draws": draws,
        },
    }


def follow_entry(inputs: Inputs, made: Decision) -> dict[str, Any]:
    """A decision of a follow-up as the log keeps it."""
    return {
        "schema": SCHEMA,
        "day": inputs.today.isoformat(),
        "action": made.action,
        "autonomy": made.autonomy,
        "reasons": [reason(one.rule, one.sentence, one.sources) for one in made.reasons],
        "versions": versions(),
        "inputs": {"kind": FOLLOW, **inputs.as_json()},
        "decision": made.as_json(),
    }


def hold_entry(inputs: Inputs, held: Sequence[Hold]) -> dict[str, Any]:
    """That no plan was begun, since harm under the last one is not resolved, as the log keeps it.

    Parameters
    ----------
    held : what held it; empty where nothing does, so that a plan could be begun.
    """
    return {
        "schema": SCHEMA,
        "day": inputs.today.isoformat(),
        "action": NOT_BEGUN if held else BEGUN,
        "autonomy": inputs.level,
        "reasons": [reason(one.rule, one.sentence, one.sources) for one in held],
        "versions": versions(),
        "inputs": {"kind": HOLD, **inputs.as_json()},
    }


def told_before(bodies: Iterable[Mapping[str, Any]], day: date) -> tuple[Mapping[str, Any], ...]:
    """What a decision of a day may know of the log: what was told before that day, and what was begun up to it.

    Of several looks at one day the last one counts, and a second look today knows nothing of the first: so it rests on
    the same inputs, comes out the same, and is logged once.
    """
    kept: dict[tuple[str, int], tuple[str, int, Mapping[str, Any]]] = {}
    plans = 0
    for number, body in enumerate(bodies):
        told, follows = str(body.get("day", "")), "decision" in body
        plans += not follows
        if told < day.isoformat() or (told == day.isoformat() and not follows):
            kept[told, plans if follows else -plans] = (told, number, body)
    return tuple(body for *_, body in sorted(kept.values(), key=lambda one: one[:2]))


def as_document(person: Person) -> dict[str, Any]:
    """A person as JSON: what is unknown is left out."""
    return person.model_dump(mode="json", exclude_none=True, exclude_defaults=False)


def person_of(document: Mapping[str, Any]) -> Person:
    """The person of such a document.

    Raises
    ------
    ValueError : this version reads no person in it.
    """
    return Person.model_validate(document)
