"""A decision of the log made again from its own inputs, by this version of Davy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from davy.errors import DavyError
from davy.followup.adapt.facts import facts_of
from davy.followup.adapt.holds import holds
from davy.followup.adapt.inputs import Inputs, inputs_of
from davy.followup.adapt.rule import decide
from davy.followup.replay.follow_stance import follow_stance
from davy.followup.replay.logged import FOLLOW, HOLD, PLAN, follow_entry, hold_entry, person_of, plan_entry
from davy.followup.replay.plan_stance import hold_stance, plan_stance
from davy.followup.replay.stance import Stance
from davy.planning.plan import plan as planned

_MISSHAPEN = (KeyError, TypeError, ValueError, IndexError, AttributeError)


class UnreadableError(Exception):
    """An entry that this version cannot make again; the message says what stands in the way."""


def stance_of(body: Mapping[str, Any]) -> Stance:
    """How far a logged decision goes.

    Raises
    ------
    UnreadableError : it is of a shape that this version does not know.
    """
    try:
        return _KINDS[_kind(body)][1](body)
    except _MISSHAPEN as error:
        raise UnreadableError(f"what was decided does not read ({_told(error)})") from None


def again(body: Mapping[str, Any]) -> dict[str, Any]:
    """The entry that this version writes for the inputs of a logged one.

    Raises
    ------
    UnreadableError : its inputs do not read, or this version gives no answer to them.
    """
    try:
        return _KINDS[_kind(body)][0](body["inputs"])
    except ValidationError as error:
        places = "; ".join(".".join(str(part) for part in one["loc"]) for one in error.errors(include_url=False)[:3])
        raise UnreadableError(f"its inputs do not read any more ({places})") from None
    except DavyError as error:
        raise UnreadableError(f"this version gives no answer: {error}") from None
    except _MISSHAPEN as error:
        raise UnreadableError(f"its inputs do not read ({_told(error)})") from None


def holds_inputs(body: Mapping[str, Any]) -> bool:
    """Whether the entry holds what it was made of; what older versions wrote does not."""
    return isinstance(body.get("inputs"), Mapping)


def _plan_again(inputs: Mapping[str, Any]) -> dict[str, Any]:
    person, draws = person_of(inputs["person"]), int(inputs["draws"])
    made = planned(person, parameter_set=inputs["parameter_set"], seed=int(inputs["seed"]), draws=draws)
    return plan_entry(made, person, draws=draws)


def _follow_again(inputs: Mapping[str, Any]) -> dict[str, Any]:
    read = _inputs(inputs)
    return follow_entry(read, decide(read))


def _hold_again(inputs: Mapping[str, Any]) -> dict[str, Any]:
    read = _inputs(inputs)
    return hold_entry(read, holds(facts_of(read)))


def _inputs(inputs: Mapping[str, Any]) -> Inputs:
    """What an older version did not know yet stands at its default, which means as before."""
    given = {key: value for key, value in inputs.items() if key != "kind"}
    known = Inputs(person_of(inputs["person"])).as_json()
    if unknown := sorted(set(given) - set(known)):
        raise UnreadableError(f"its inputs hold {', '.join(unknown)}, which this version does not know")
    return inputs_of({**known, **given})


_Again = Callable[[Mapping[str, Any]], dict[str, Any]]
_KINDS: dict[str, tuple[_Again, Callable[[Mapping[str, Any]], Stance]]] = {
    PLAN: (_plan_again, plan_stance),
    FOLLOW: (_follow_again, follow_stance),
    HOLD: (_hold_again, hold_stance),
}


def _kind(body: Mapping[str, Any]) -> str:
    kind = str(body["inputs"]["kind"])
    if kind not in _KINDS:
        raise UnreadableError(f"a decision of the kind {kind!r} is not known to this version")
    return kind


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
