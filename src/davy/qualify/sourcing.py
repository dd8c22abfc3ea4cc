"""Rules on what stands behind a row: it resolves, was read, was not retracted or refuted, and may carry its use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from davy.errors import KnowledgeError
from davy.evidence.ledger import Line
from davy.evidence.rows import Claim, Source
from davy.evidence.rules import Use, may_back, unsound
from davy.qualify.library import Knowledge, Rule
from davy.qualify.problem import Problem, at
from davy.qualify.tables import Carries

_JUDGEMENT = "davy-rule"
_ARTICLES = "articles"  # rows that hold under the articles alone: they report what was said
_HYPOTHESES = ("pathways.csv", "pathway_parameters.csv", "pathway_anchors.csv")
"""Where a recalled number may stand, because a rule of the pathways then makes the whole pathway a hypothesis."""

_USES: dict[Carries, Use] = {"default": "default", "limit": "limit", "benefit": "benefit"}


def _carries(knowledge: Knowledge) -> dict[str, Carries]:
    return {table.file: table.carries for table in knowledge.tables}


def resolves(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that every source id names a row of the registry."""
    for line in knowledge.all_lines():
        for name in line.words("source"):
            if name not in knowledge.registry:
                yield at(line, "source", f"no source, fact, claim or study has the id {name!r}")


def not_retracted(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that no row rests on a source that carries a notice; a claim may quote one."""
    for line in knowledge.all_lines():
        if line.file == "claims.csv":
            continue
        for name in line.words("source"):
            entry = knowledge.registry.get(name)
            if isinstance(entry, Source) and entry.status in ("retracted", "concern"):
                yield at(line, "source", f"{name} carries a notice ({entry.status})")


def was_read(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a recalled row lives among the facts, set aside, and nowhere else."""
    for line in knowledge.all_lines():
        if line.cells.get("verified") != "memory" or line.file in _HYPOTHESES:
            continue
        if line.file != "facts.csv":
            yield at(line, "verified", "a recalled row backs nothing: read it at its source, or leave it out")
        elif line.cells.get("status") != "unused":
            yield at(line, "status", "a recalled fact has the status unused")


def may_carry(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that what stands behind a default, a limit or a benefit may do so."""
    carries = _carries(knowledge)
    for line in knowledge.all_lines():
        use = _USES.get(carries.get(line.file, "nothing"))
        if use is None or _as_stated(line) or not _all_known(line.words("source"), knowledge):
            continue
        if use == "benefit" and not _promises(line):
            continue
        for reason in unsound(line.words("source"), use, knowledge.lookup):
            yield at(line, "source", f"cannot back a {use}: {reason}")


def _as_stated(line: Line) -> bool:
    """Whether a row holds under the articles alone: it reports what was said."""
    return _ARTICLES in (line.cells.get("when"), line.cells.get("set"))


def _promises(line: Line) -> bool:
    """Whether a row of benefits gives a number of an effect; an association and a description promise nothing."""
    return line.cells.get("kind") == "effect" and bool(line.cells.get("estimate") or line.cells.get("analysis"))


def not_refuted(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that nothing recalled, refuted or unsafe stands behind a row that is shown, or a benefit without number."""
    carries = _carries(knowledge)
    for line in knowledge.all_lines():
        what = carries.get(line.file, "nothing")
        if _as_stated(line) or (what != "shown" and not (what == "benefit" and not _promises(line))):
            continue
        for name in line.words("source"):
            entry = knowledge.registry.get(name)
            if entry is None or isinstance(entry, Source):
                continue
            as_default, as_limit = (may_back(name, use, knowledge.lookup) for use in ("default", "limit"))
            if as_default and as_limit:
                yield at(line, "source", f"should not be shown as known: {as_default}")


def overrides_cite_the_articles(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that what the `articles` set puts over a value cites a claim, or says that it is an assumption."""
    stated = (line for line in knowledge.of("pathway_parameters.csv") if _as_stated(line))
    for line in (*knowledge.of("parameters/articles.csv"), *stated):
        words = line.words("source")
        if "davy-model" not in words and not any(isinstance(knowledge.registry.get(name), Claim) for name in words):
            yield at(line, "source", "an override of the articles cites the claim that states it")


def judgements_say_why(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a judgement of ours says so in all three columns, with its reason and date."""
    for line in knowledge.all_lines():
        only = line.words("source") == (_JUDGEMENT,)
        if line.file in ("facts.csv", "sources.csv") or not (only or line.cells.get("verified") == _JUDGEMENT):
            continue
        if line.cells.get("verified") not in (_JUDGEMENT, "typed"):
            yield at(line, "verified", "rests on a judgement alone, so it is verified as davy-rule")
        if line.cells.get("status") not in (_JUDGEMENT, "typed"):
            yield at(line, "status", "rests on a judgement alone, so its status is davy-rule")
        if not re.search(r"\b20\d\d-\d\d-\d\d\b", line.cells.get("note", "")):
            yield at(line, "note", "a judgement gives its reason and its date")


def _all_known(names: tuple[str, ...], knowledge: Knowledge) -> bool:
    """Whether all resolve; those that do not are told by the rule that looks for them."""
    try:
        return all(knowledge.lookup(name) for name in names)
    except KnowledgeError:
        return False


RULES: tuple[Rule, ...] = (
    resolves,
    not_retracted,
    was_read,
    may_carry,
    not_refuted,
    overrides_cite_the_articles,
    judgements_say_why,
)
