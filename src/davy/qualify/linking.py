"""Rules on the claims and on the links: an error has its class, a verdict its ground, and nothing rests on itself."""

from __future__ import annotations

from collections.abc import Iterator

from davy.evidence.ledger import Line
from davy.evidence.links import Links
from davy.evidence.rows import Claim, Fact, Study
from davy.qualify.library import Knowledge, Rule
from davy.qualify.problem import Problem, at

_NO_ERROR = ("supported", "unverified")


def errors_have_a_class(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a claim that does not hold says what kind of error it is, and no other claim does."""
    for line in knowledge.of("claims.csv"):
        verdict, kind = line.cells.get("verdict", ""), line.cells.get("error_class", "")
        if verdict in _NO_ERROR and kind:
            yield at(line, "error_class", f"a claim that is {verdict} makes no error: leave it blank")
        if verdict not in _NO_ERROR and not kind:
            yield at(line, "error_class", f"a claim that is {verdict} says what kind of error it is")


def verdicts_have_a_ground(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a verdict names what was read or computed; `unsupported` means that nothing was found."""
    for line in knowledge.of("claims.csv"):
        verdict = line.cells.get("verdict", "")
        if verdict in ("unsupported", "unverified") or _grounded(line):
            continue
        yield at(line, "source", f"{verdict} on no source and no arithmetic: name it, or leave the claim unverified")


def _grounded(line: Line) -> bool:
    return bool(line.words("source") or line.cells.get("computed_check") or "basis: " in line.cells.get("note", ""))


def facts_rest_on_what_was_read(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that no fact or study rests on a claim of an article, and none in use on a fact that was recalled."""
    for line in (*knowledge.of("facts.csv"), *knowledge.of("studies.csv")):
        for name in line.words("source"):
            entry = knowledge.registry.get(name)
            if isinstance(entry, Claim):
                yield at(line, "source", f"rests on {name}, a claim of an article: a fact rests on what was read")
            elif isinstance(entry, Fact | Study) and entry.status == "unused" and line.cells.get("status") != "unused":
                yield at(line, "source", f"rests on {name}, which is set aside")


def nothing_rests_on_itself(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that no row is reached again along what it cites."""
    graph = Links(knowledge.all_lines())
    lines = {(line.file, line.number): line for line in knowledge.all_lines()}
    for circle in graph.circles():
        node = graph.nodes[circle[0]]
        yield at(lines[node.table, node.line], "source", f"rests on itself: {' -> '.join((*circle, circle[0]))}")


RULES: tuple[Rule, ...] = (
    errors_have_a_class,
    verdicts_have_a_ground,
    facts_rest_on_what_was_read,
    nothing_rests_on_itself,
)
