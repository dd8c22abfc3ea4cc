"""The document of ``davy replay --json``: whether the log is what was written, and what this version decides anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from davy.followup.replay.comparing import Difference, NotReplayed, Tally
from davy.followup.replay.logged import versions
from davy.store.chain import Chain, ChainFault
from davy.store.corpus import Corpus


@dataclass(frozen=True)
class ReplayDocument:
    """``davy replay``.

    Attributes
    ----------
    log : the file. head : the hash that stands for the whole chain [hex].
    entries : of the log by their type; stops and resumptions are entries too.
    verdict : "same", "safer", "riskier", or "broken" where the log is not what was written or cannot be made again.
    told_otherwise : the same decision, for other reasons than before.
    actions : how often this version decides what; made_by : how many of the decisions each version had made.
    faults : of the chain, by line.
    """

    log: str
    head: str
    versions: dict[str, str]
    entries: dict[str, int]
    verdict: str
    replayed: int
    same: int
    safer: int
    riskier: int
    told_otherwise: int
    actions: dict[str, int]
    made_by: dict[str, int]
    faults: tuple[ChainFault, ...]
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]
    not_replayed: tuple[NotReplayed, ...]

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.replay/1)."""
        return {"schema": "davy.replay/1", **asdict(self)}


def replay_document(log: str, chain: Chain | Corpus, entries: Mapping[str, int], tally: Tally) -> ReplayDocument:
    """The document of a replay that has come to its end."""
    return ReplayDocument(
        log=log,
        head=chain.hash,
        versions=versions(),
        entries=dict(entries),
        verdict=_verdict(chain, tally),
        replayed=tally.replayed,
        same=tally.counts["same"],
        safer=tally.counts["safer"],
        riskier=tally.counts["riskier"],
        told_otherwise=tally.told_otherwise,
        actions=dict(sorted(tally.actions.items())),
        made_by=dict(sorted(tally.by.items())),
        faults=tuple(chain.faults),
        notes=tuple(chain.notes),
        differences=tuple(tally.differences),
        not_replayed=tuple(tally.not_replayed),
    )


def _verdict(chain: Chain | Corpus, tally: Tally) -> str:
    if chain.faults or any(one.fails for one in tally.not_replayed):
        return "broken"
    if any(one.same_versions for one in tally.differences):
        return "broken"
    if tally.counts["riskier"]:
        return "riskier"
    return "safer" if tally.counts["safer"] else "same"
