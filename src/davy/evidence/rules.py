"""What a piece of evidence may stand behind: the rules of use, one small function each.

A default sets a parameter, a limit bounds or refuses, a benefit promises. Every function answers with the
reason why not, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from davy.errors import KnowledgeError
from davy.evidence.registry import Entry, resolve
from davy.evidence.rows import Claim, Fact, Source, Study

Use = Literal["default", "limit", "benefit"]
Lookup = Callable[[str], Entry]

NEVER_PROMISED = "never a promised benefit"
_FIRM_VERDICTS = ("supported", "partly")


def _source_says_no(source: Source, use: Use) -> str | None:
    if source.status in ("retracted", "concern"):
        return f"{source.id} is {'retracted' if source.status == 'retracted' else 'under an expression of concern'}"
    if source.kind == "rule" and use != "limit":
        return f"{source.id} is a judgement of ours, which backs only a limit that lowers or refers"
    if source.kind == "model" and use != "default":
        return f"{source.id} is an assumption of the model, which backs only a default"
    if use == "benefit":
        return f"{source.id} is a bare source: a benefit rests on facts"
    return None


def _fact_says_no(fact: Fact | Study, use: Use) -> str | None:
    if fact.verified == "memory":
        return f"{fact.id} was recalled and never read at its source"
    if fact.status in ("retracted", "concern", "unused"):
        return f"{fact.id} is set aside ({fact.status})"
    if fact.status == "doubtful" and use != "default":
        return f"{fact.id} is doubtful, which backs a default with its bounds and nothing more"
    if fact.verified == "davy-rule" and use != "limit":
        return f"{fact.id} is a judgement of ours, which backs only a limit that lowers or refers"
    if use == "benefit" and NEVER_PROMISED in (fact.note or ""):
        return f"{fact.id} is marked as {NEVER_PROMISED}"
    return None


def _claim_says_no(claim: Claim, use: Use) -> str | None:
    if claim.unsafe:
        return f"{claim.id} is unsafe advice"
    if claim.verdict not in _FIRM_VERDICTS:
        return f"{claim.id} is {claim.verdict}"
    if use == "benefit":
        return f"{claim.id} is a claim of an article: a benefit rests on facts"
    return None


def may_back(name: str, use: Use, lookup: Lookup = resolve) -> str | None:
    """Why this evidence may not stand behind that use; None = it may.

    Parameters
    ----------
    name : id of a source, fact, claim or study, or ``davy-rule`` or ``davy-model``.
    use : ``default`` of a parameter, ``limit``, or promised ``benefit``.
    lookup : how an id becomes a row.
    """
    try:
        entry = lookup(name)
    except KnowledgeError as error:
        return str(error)
    if isinstance(entry, Source):
        return _source_says_no(entry, use)
    if isinstance(entry, Claim):
        return _claim_says_no(entry, use)
    return _fact_says_no(entry, use) or _read_at(entry, use, lookup)


def _read_at(fact: Fact | Study, use: Use, lookup: Lookup, seen: frozenset[str] = frozenset()) -> str | None:
    """Why what a fact itself cites spoils it: a notice, a claim that does not hold, a fact that was set aside."""
    reached = seen | {fact.id}
    for name in fact.source:
        if name in reached:
            continue
        behind = lookup(name)
        if isinstance(behind, Source):
            reason = f"{name}, which is {behind.status}" if behind.status in ("retracted", "concern") else None
        elif isinstance(behind, Claim):
            reason = _claim_says_no(behind, "default")
        else:
            reason = _fact_says_no(behind, use) or _read_at(behind, use, lookup, reached)
        if reason:
            return f"{fact.id} rests on {reason}"
    return None


def unsound(names: Iterable[str], use: Use, lookup: Lookup = resolve) -> tuple[str, ...]:
    """Every reason why a row that cites all of these may not be used so; empty = it may.

    A judgement or an assumption beside a firm source is context and does no harm; anything recalled, refuted,
    unsafe or retracted spoils the row; at least one source must carry the use.
    """
    cited = tuple(names)
    if not cited:
        return ("no source",)
    reasons = {name: may_back(name, use, lookup) for name in cited}
    spoiled = tuple(reason for name, reason in reasons.items() if reason and not _only_context(name, lookup))
    if spoiled:
        return spoiled
    if all(reasons.values()):
        return tuple(reason for reason in reasons.values() if reason)
    return ()


def _only_context(name: str, lookup: Lookup) -> bool:
    """Whether this evidence does no harm where it carries nothing: our judgements and assumptions, bare sources."""
    try:
        entry = lookup(name)
    except KnowledgeError:
        return False
    if isinstance(entry, Source):
        return entry.status not in ("retracted", "concern")
    return isinstance(entry, Fact | Study) and entry.verified == "davy-rule"
