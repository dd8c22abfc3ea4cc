"""A log made again, entry by entry: what came out then and now, and in which direction it moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from davy.followup.replay.again import UnreadableError, again, holds_inputs, stance_of
from davy.followup.replay.stance import Change, Stance, change, riskier_parts

_MARKS = ("davy", "code", "knowledge", "model", "engine")


@dataclass(frozen=True)
class Logged:
    """A decision of a log: its line in the file, its number, what it says, whether the chain proves it."""

    line: int
    entry: int
    body: Mapping[str, Any]
    proved: bool = True


@dataclass(frozen=True)
class Outcome:
    """What a decision came to: the word, the highest dose [mg/d], until when, and the rules that spoke."""

    action: str
    mg_per_day: float | None
    until: str | None
    autonomy: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """A decision that this version makes otherwise.

    Attributes
    ----------
    riskier_in, safer_in : the parts in which it moved that way.
    asked_no_more, asked_anew : what was asked for then and not (or less) now, and the reverse.
    same_versions : this very version is said to have made it: then the entry is not what was written.
    """

    line: int
    entry: int
    day: str
    change: Change
    riskier_in: tuple[str, ...]
    safer_in: tuple[str, ...]
    then: Outcome
    now: Outcome
    asked_no_more: tuple[str, ...]
    asked_anew: tuple[str, ...]
    same_versions: bool


@dataclass(frozen=True)
class NotReplayed:
    """An entry that could not be made again, and why; `fails` where that is no matter of its age."""

    line: int
    entry: int
    day: str
    why: str
    fails: bool


@dataclass
class Tally:
    """What a replay counted so far.

    Attributes
    ----------
    counts : of "same", "safer", "riskier". told_otherwise : the same, for other reasons than before.
    actions : how often this version decides what. by : how many decisions each version had made.
    """

    counts: Counter[str] = field(default_factory=Counter[str])
    told_otherwise: int = 0
    actions: Counter[str] = field(default_factory=Counter[str])
    by: Counter[str] = field(default_factory=Counter[str])
    differences: list[Difference] = field(default_factory=list[Difference])
    not_replayed: list[NotReplayed] = field(default_factory=list[NotReplayed])

    @property
    def replayed(self) -> int:
        """How many were made again."""
        return sum(self.counts.values())

    @property
    def failed(self) -> bool:
        """Whether anything is riskier, could not be made again, or is not what its own version says."""
        wrong = any(one.change == "riskier" or one.same_versions for one in self.differences)
        return wrong or any(one.fails for one in self.not_replayed)


def replayed(logged: Iterable[Logged]) -> Iterator[Tally]:
    """The tally after each decision, one and the same that grows."""
    tally = Tally()
    for one in logged:
        _add(tally, one)
        yield tally


def _add(tally: Tally, one: Logged) -> None:
    day = str(one.body.get("day", ""))
    if not holds_inputs(one.body):
        taken = "versions" in one.body
        why = "its inputs were taken out" if taken else "it was written before decisions were logged with their inputs"
        tally.not_replayed.append(NotReplayed(one.line, one.entry, day, f"it holds no inputs: {why}", fails=taken))
        return
    try:
        then, body = stance_of(one.body), again(one.body)
        now = stance_of(body)
    except UnreadableError as error:
        tally.not_replayed.append(NotReplayed(one.line, one.entry, day, str(error), fails=True))
        return
    versions = one.body.get("versions", {})
    tally.by[str(versions.get("davy", "unknown"))] += 1
    tally.actions[now.action] += 1
    found = change(then, now)
    tally.counts[found] += 1
    if found != "same":
        same = bool(versions) and all(versions.get(mark) == body["versions"].get(mark) for mark in _MARKS)
        tally.differences.append(_difference(one, then, now, body, same_versions=same))
    elif _rules(one.body) != _rules(body):
        tally.told_otherwise += 1


def _difference(one: Logged, then: Stance, now: Stance, body: Mapping[str, Any], *, same_versions: bool) -> Difference:
    return Difference(
        line=one.line,
        entry=one.entry,
        day=str(one.body.get("day", "")),
        change=change(then, now),
        riskier_in=riskier_parts(then, now),
        safer_in=riskier_parts(now, then),
        then=_outcome(then, one.body),
        now=_outcome(now, body),
        asked_no_more=_less(then, now),
        asked_anew=_less(now, then),
        same_versions=same_versions,
    )


def _less(of: Stance, by: Stance) -> tuple[str, ...]:
    """What one asks for and the other does not, or less strongly."""
    alone = (Stance("keep", asks={what: levels}) for what, levels in of.asks.items())
    other = Stance("keep", asks=by.asks)
    return tuple(next(iter(one.asks)) for one in alone if riskier_parts(one, other))


def _outcome(stance: Stance, body: Mapping[str, Any]) -> Outcome:
    until = None if stance.until is None else stance.until.isoformat()
    return Outcome(stance.action, stance.highest_mg, until, stance.autonomy, _rules(body))


def _rules(body: Mapping[str, Any]) -> tuple[str, ...]:
    reasons = body["decision"]["reasons"] if "decision" in body else body.get("reasons", ())
    return tuple(sorted(str(one["rule"]) for one in reasons))
