"""The document of ``davy evidence audit --json``: every check run again, and where articles and sources are at odds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from davy import __version__
from davy.evidence.checks import checks_of
from davy.evidence.consistency import Relation
from davy.evidence.ledger import table_texts
from davy.evidence.oddities import Kind, known_oddities
from davy.evidence.registry import claims
from davy.evidence.rows import Claim, Verdict
from davy.qualify.audit import Checked, audit
from davy.qualify.consistency import Repeated, consistency
from davy.qualify.library import Knowledge
from davy.qualify.sanity import Oddity, oddities


@dataclass(frozen=True)
class CheckShown:
    """A check of a claim, run now.

    Attributes
    ----------
    value, expected, within : what came out, what had to, and how far off it may be [unit].
    stands : whether the article's own number holds by this answer; None where the check does not say.
    decides : this answer alone settles the claim.
    agreement : the value is the expected one, and the verdict one that it allows.
    why : what is wrong, where there is no agreement.
    """

    id: str
    claim_id: str
    value: float
    unit: str
    expected: float
    within: float
    agreement: bool
    stands: bool | None
    decides: bool
    verdict: Verdict
    what: str
    method: str
    inputs: str
    why: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ReadingShown:
    """What one claim says of a repeated quantity [unit of the quantity]."""

    claim_id: str
    low: float
    high: float


@dataclass(frozen=True)
class RepeatedShown:
    """A quantity that the articles state more than once; `agreement`: it stands as it is on record."""

    id: str
    quantity: str
    article: str
    unit: str
    readings: tuple[ReadingShown, ...]
    spread: float
    relation: Relation
    expected: Relation
    agreement: bool


@dataclass(frozen=True)
class OddityShown:
    """Something in a source that does not fit; `agreement`: it is on record."""

    id: str
    kind: Kind
    size: float
    sentence: str
    note: str | None
    agreement: bool


@dataclass(frozen=True)
class Counts:
    """What the registry and the audit hold.

    Attributes
    ----------
    claims, checks, claims_checked, deciding, mismatches : how many; a mismatch is anything that does not agree.
    by_verdict : verdict -> claims.
    by_article : article -> verdict -> claims.
    by_error_class : class of error -> claims.
    """

    claims: int
    checks: int
    claims_checked: int
    deciding: int
    mismatches: int
    by_verdict: dict[str, int]
    by_article: dict[str, dict[str, int]]
    by_error_class: dict[str, int]


@dataclass(frozen=True)
class AuditDocument:
    """``davy evidence audit``: counts, every check, quantities that repeat, and sources that do not fit themselves."""

    davy: str
    counts: Counts
    checks: tuple[CheckShown, ...]
    consistency: tuple[RepeatedShown, ...]
    sanity: tuple[OddityShown, ...]

    @property
    def sound(self) -> bool:
        """Whether everything agrees."""
        return self.counts.mismatches == 0

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.audit/1)."""
        return {"schema": "davy.audit/1", **asdict(self)}


def audit_document() -> AuditDocument:
    """The audit of the knowledge folder, run now."""
    checks = tuple(check_shown(one) for one in audit())
    repeated = tuple(_repeated(one) for one in consistency())
    odd = _oddities(oddities(Knowledge(table_texts())))
    wrong = sum(not one.agreement for one in (*checks, *repeated, *odd))
    return AuditDocument(__version__, _counts(claims(), checks, wrong), checks, repeated, odd)


def checks_run(claim_id: str) -> tuple[CheckShown, ...]:
    """The checks of one claim, run now."""
    return tuple(check_shown(one) for one in audit(checks_of(claim_id)))


def check_shown(one: Checked) -> CheckShown:
    """A check as the documents show it."""
    return CheckShown(
        id=one.id,
        claim_id=one.claim_id,
        value=one.value,
        unit=one.unit,
        expected=one.expected,
        within=one.within,
        agreement=one.agreement,
        stands=one.stands,
        decides=one.decides,
        verdict=one.verdict,
        what=one.what,
        method=one.method,
        inputs=one.inputs,
        why=one.why,
        sources=one.sources,
    )


def _repeated(one: Repeated) -> RepeatedShown:
    readings = tuple(ReadingShown(each.claim_id, each.low, each.high) for each in one.readings)
    return RepeatedShown(
        one.id, one.quantity, one.article, one.unit, readings, one.spread, one.relation, one.expected, one.agreement
    )


def _oddities(found: Sequence[Oddity]) -> tuple[OddityShown, ...]:
    known = {(row.row, row.kind): row for row in known_oddities()}
    shown: list[OddityShown] = []
    for one in found:
        row = known.get((one.id, one.kind))
        shown.append(OddityShown(one.id, one.kind, one.size, one.sentence, row.note if row else None, row is not None))
    return tuple(shown)


def _counts(every: Sequence[Claim], checks: Sequence[CheckShown], wrong: int) -> Counts:
    articles = dict.fromkeys(claim.article for claim in every)
    return Counts(
        claims=len(every),
        checks=len(checks),
        claims_checked=len({one.claim_id for one in checks}),
        deciding=sum(one.decides for one in checks),
        mismatches=wrong,
        by_verdict=_counted(claim.verdict for claim in every),
        by_article={name: _counted(claim.verdict for claim in every if claim.article == name) for name in articles},
        by_error_class=_counted(claim.error_class for claim in every if claim.error_class),
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())
