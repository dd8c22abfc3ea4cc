"""How far a decision of a follow-up goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from davy.followup.adapt.decision import WORST_FIRST, Decision, decision_of
from davy.followup.replay.plan_stance import sources_key
from davy.followup.replay.stance import Stance

_SAYS_ONLY = ("keep", "step_up")
_LEFT_OUT: Mapping[str, Any] = {"caps": (), "benefit": None, "days_needed": ()}
"""What a corpus does not keep, since no part of a stance is read from it."""


def follow_stance(body: Mapping[str, Any]) -> Stance:
    """The stance of an entry of a follow-up.

    Raises
    ------
    KeyError, TypeError, ValueError : this is no such entry.
    """
    said = body["decision"]
    reasons = [{"sentence": "", **one} for one in said["reasons"]]
    made = decision_of({**_LEFT_OUT, **said, "reasons": reasons})
    total = made.total_mg
    return Stance(
        action=made.action,
        doses=None if total is None else ((0, total),),
        intake_mg=max((one.elemental_mg for one in made.regimen or ()), default=0.0),
        until=made.expires,
        asks=asked(made),
        autonomy=made.autonomy,
    )


def asked(made: Decision) -> dict[str, tuple[int, ...]]:
    """What each rule that spoke asks for, the more cautious the stronger; of referrals, whom by what they rest on."""
    asks: dict[str, list[int]] = defaultdict(list)
    for one in made.reasons:
        if one.action not in _SAYS_ONLY:
            what = f"{one.rule}: {sources_key(one.sources)}" if one.rule in ("referral", "gates") else one.rule
            asks[what].append(len(WORST_FIRST) - WORST_FIRST.index(one.action))
    if made.action == "stop" and not made.pause:
        asks["it stays stopped"].append(1)
    return {what: tuple(sorted(levels, reverse=True)) for what, levels in asks.items()}
