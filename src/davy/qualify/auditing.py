"""Rules on what the audit rests on: checks read and name what they read; unsafe advice is quoted, never followed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from davy.errors import KnowledgeError
from davy.evidence.checks import ClaimCheckRow
from davy.evidence.ledger import Line
from davy.evidence.rows import Claim
from davy.qualify.claim_methods import methods
from davy.qualify.figures import referred, written
from davy.qualify.library import Knowledge, Rule
from davy.qualify.problem import Problem, at
from davy.qualify.sanity import oddities

CHECKS = "claim_checks.csv"
TELL_OF_UNSAFE = frozenset(
    {CHECKS, "disagreements.csv", "articles_protocol.csv", "parameters/articles.csv", "article_consistency.csv",
     "consequences.csv"}
)  # fmt: skip
"""The tables that say what the articles advise; a plan takes no dose, limit, promise or instruction from them."""


def checks_read(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a check has the id of its claim, a method that takes its inputs, and the sources that it reads."""
    for line in knowledge.of(CHECKS):
        claim = line.cells.get("claim_id", "")
        if not isinstance(knowledge.registry.get(claim), Claim):
            yield at(line, "claim_id", f"{claim!r} is not a claim")
        if line.name.rpartition(".")[0] != claim:
            yield at(line, "id", f"the id of a check is that of its claim and a number, as {claim}.1")
        yield from _inputs(line)


def _inputs(line: Line) -> Iterator[Problem]:
    method = methods().get(line.cells.get("method", ""))
    if method is None:
        yield at(
            line,
            "method",
            f"no method is called {line.cells.get('method')!r}; there are {', '.join(sorted(methods()))}",
        )
        return
    row = _row(line)
    if row is None:
        return
    try:
        inspect.signature(method).bind(**written(row))
    except (KnowledgeError, TypeError) as error:
        yield at(line, "inputs", str(error))
        return
    for name in referred(row):
        if name not in row.source:
            yield at(line, "source", f"the check reads {name}: name it here")


def _row(line: Line) -> ClaimCheckRow | None:
    """The line as a row; one that does not parse is told by the rule that parses."""
    try:
        return ClaimCheckRow.model_validate({key: cell for key, cell in line.cells.items() if cell})
    except ValueError:
        return None


def deciding_checks_say_when(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a check that decides says where the number of the article would stand."""
    for line in knowledge.of(CHECKS):
        if line.cells.get("decides") == "true" and not (line.cells.get("stands_low") or line.cells.get("stands_high")):
            yield at(line, "stands_low", "a check that decides says within which ends the article's number stands")


def computed_claims_are_checked(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that every claim with arithmetic beside it has a check that works it out."""
    checked = {line.cells.get("claim_id") for line in knowledge.of(CHECKS)}
    for line in knowledge.of("claims.csv"):
        if line.cells.get("computed_check") and line.name not in checked:
            yield at(line, "computed_check", f"no row of {CHECKS} works this out")


def oddities_are_known(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that whatever does not fit in a source was looked at, and that nothing else is called odd."""
    known = {line.name: line for line in knowledge.of("source_oddities.csv")}
    found = {f"{one.id}.{one.kind}": one for one in oddities(knowledge)}
    for name, one in found.items():
        if name not in known:
            told = (
                f"{one.sentence}; read the source again, or list {name} in source_oddities.csv with what you make of it"
            )
            yield Problem(one.file, told, one.line)
    for name, line in known.items():
        if name not in found:
            yield at(line, "id", "nothing odd is found there any more: take the row out")


def unsafe_advice_stays_told(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that unsafe advice is cited only where the articles are quoted."""
    unsafe = {name for name, entry in knowledge.registry.items() if isinstance(entry, Claim) and entry.unsafe}
    for line in knowledge.all_lines():
        for name in line.words("source"):
            if name in unsafe and line.file not in TELL_OF_UNSAFE:
                yield at(line, "source", f"{name} is unsafe advice: nothing that a plan says or does rests on it")


RULES: tuple[Rule, ...] = (
    checks_read,
    deciding_checks_say_when,
    computed_claims_are_checked,
    oddities_are_known,
    unsafe_advice_stays_told,
)
