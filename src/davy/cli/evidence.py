"""``davy evidence claims|facts|sources|show``: what Davy rests on, and what it makes of the articles."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from textwrap import fill
from typing import Any, cast, get_args

from davy.cli.options import Options, Reply, add_json
from davy.cli.output import as_json
from davy.errors import Fault, InputError, KnowledgeError
from davy.evidence.ledger import resting_on
from davy.evidence.registry import Entry
from davy.evidence.rows import Article, Claim, Fact, Source, Verdict
from davy.evidence.search import find_claims, find_facts, find_sources, show

WIDTH = 100


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    claims = actions.add_parser("claims", help="every checkable claim of the three articles, with a verdict")
    claims.add_argument("--verdict", choices=get_args(Verdict))
    claims.add_argument("--article", choices=get_args(Article))
    for listing in (claims, actions.add_parser("facts", help="facts"), actions.add_parser("sources", help="sources")):
        listing.add_argument("--search", metavar="TEXT", help="only what holds every one of these words")
        add_json(listing)
    one = actions.add_parser("show", help="one source, fact, claim or study, with its links both ways")
    one.add_argument("name", metavar="ID")
    add_json(one)


def run(options: Options) -> Reply:
    """A listing, or one entry."""
    if options.action == "show":
        return _show(options)
    rows = _rows(options)
    if options.json:
        return Reply(as_json([_document(row) for row in rows]))
    lines = [_line(row) for row in rows]
    return Reply("\n".join([*lines, f"{len(rows)} {options.action}."]) + "\n")


def _rows(options: Options) -> Sequence[Entry]:
    if options.action == "facts":
        return find_facts(text=options.search)
    if options.action == "sources":
        return find_sources(text=options.search)
    verdict = next((word for word in get_args(Verdict) if word == options.verdict), None)
    article = next((word for word in get_args(Article) if word == options.article), None)
    return find_claims(verdict=verdict, article=article, text=options.search)


def _document(row: Entry) -> dict[str, Any]:
    document: dict[str, Any] = row.model_dump(mode="json")
    if isinstance(row, Claim):
        document["sources"] = document.pop("source")
        document["depends"] = [f"{line.file}:{line.name or line.number}" for line in resting_on(row.id)]
    return document


def _line(row: Entry) -> str:
    if isinstance(row, Claim):
        head, said = f"{row.id}  {row.verdict}  ({row.article})", row.statement
    elif isinstance(row, Fact):
        head, said = f"{row.id}  {row.topic}  ({row.verified})", row.statement
    elif isinstance(row, Source):
        head, said = f"{row.id}  {row.kind}", row.citation
    else:
        head, said = f"{row.id}  {row.kind}", f"{row.study}: {row.outcome}"
    return f"{head}\n{fill(said, WIDTH, initial_indent='    ', subsequent_indent='    ')}"


def _show(options: Options) -> Reply:
    try:
        shown = show(options.name)
    except KnowledgeError as error:
        raise InputError([Fault(options.name, str(error), "`davy evidence sources --search WORD` finds ids")]) from None
    if options.json:
        document = {
            "schema": "davy.evidence/1",
            "entry": _document(shown.entry),
            "cites": [_document(row) for row in shown.cites],
            "cited_by": list(shown.cited_by),
        }
        return Reply(as_json(document))
    lines = [_line(shown.entry)]
    for name, value in shown.entry.model_dump(mode="json").items():
        if value not in (None, "", [], ()):
            said = ", ".join(cast("list[str]", value)) if isinstance(value, list) else str(value)
            lines.append(fill(f"{name}: {said}", WIDTH, initial_indent="  ", subsequent_indent="      "))
    if shown.cites:
        lines += ["", "It rests on:", *(_line(row) for row in shown.cites)]
    if shown.cited_by:
        lines += ["", fill(f"Cited by: {', '.join(shown.cited_by)}", WIDTH)]
    return Reply("\n".join(lines) + "\n")
