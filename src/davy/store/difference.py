"""JSON values told by what changed since the one before: of days in a row only the new ones are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

MOST_DROPPED = 400
_SET, _KEYS, _GONE, _SHIFT, _MORE = "=", "k", "-", "<", "+"


def difference(before: Any, now: Any) -> dict[str, Any] | None:
    """What to do to `before` to have `now`; None where they are equal."""
    if _same(before, now):
        return None
    if isinstance(before, dict) and isinstance(now, dict):
        return _of_keys(cast("dict[str, Any]", before), cast("dict[str, Any]", now))
    if isinstance(before, list) and isinstance(now, list):
        return _of_items(cast("list[Any]", before), cast("list[Any]", now))
    return {_SET: now}


def applied(before: Any, told: Mapping[str, Any] | None) -> Any:
    """The value that `difference` was told of.

    Raises
    ------
    ValueError, KeyError, TypeError : it was told of another value than `before`.
    """
    if told is None:
        return before
    if _SET in told:
        return told[_SET]
    if _SHIFT in told:
        return [*before[told[_SHIFT] :], *told[_MORE]]
    kept = {key: value for key, value in before.items() if key not in told.get(_GONE, ())}
    return kept | {key: applied(before.get(key), one) for key, one in told[_KEYS].items()}


def _of_keys(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for key, value in now.items():
        told = difference(before[key], value) if key in before else {_SET: value}
        if told is not None:
            changed[key] = told
    gone = [key for key in before if key not in now]
    return {_KEYS: changed, **({_GONE: gone} if gone else {})}


def _of_items(before: list[Any], now: list[Any]) -> dict[str, Any]:
    """Items that fall away in front and come behind; anything else is told whole."""
    for gone in range(min(len(before), MOST_DROPPED)):
        left = len(before) - gone
        if left <= len(now) and _same(before[gone], now[0]) and _same(before[gone:], now[:left]):
            return {_SHIFT: gone, _MORE: now[left:]}
    return {_SET: now}


def _same(before: Any, now: Any) -> bool:
    """Equal as they are written: Python's `==` alone takes 1, 1.0 and true for one value, at any depth."""
    return before == now and repr(before) == repr(now)
