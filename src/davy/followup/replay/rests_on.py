"""What a decision rests on besides its inputs: the decisions before it, which have to stand in the same log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from davy.followup.visit_plan import BEGUN


class RestsOn:
    """The decisions of one log so far; a log that was written anew without one of them is told by what came after."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._begun: set[str] = set()
        self._named: set[str] = set()

    def missing(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Take in the next decision: a sentence for each one that it rests on and that does not stand before it."""
        day = str(body.get("day"))
        if isinstance(body.get("inputs"), Mapping):
            yield from self._missing(body["inputs"])
        self._told.add(day)
        if body.get("action") == BEGUN:
            self._begun.add(day)

    def _missing(self, inputs: Mapping[str, Any]) -> Iterator[str]:
        past, plan = inputs.get("past") or (), inputs.get("begun")
        needed = [(f"the decision of {one['day']}", one["day"] in self._told) for one in past]
        if isinstance(plan, Mapping):
            needed.append((f"the plan begun on {plan['day']}", plan["day"] in self._begun))
        for what, there in needed:
            if not there and what not in self._named:
                self._named.add(what)
                yield f"{what}, on which this one rests, is missing before this line"
