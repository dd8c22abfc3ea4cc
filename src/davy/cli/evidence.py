"""``davy evidence claims|facts|sources|show|audit|pool``: what Davy rests on, and what it makes of the articles."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from textwrap import fill
from typing import Any, get_args

from davy.cli.options import Options, Reply, add_json
from davy.cli.output import as_json
from davy.errors import Fault, InputError, KnowledgeError
from davy.evidence.registry import Entry
from davy.evidence.rows import Article, Claim, ErrorClass, Fact, Source, Verdict
from davy.evidence.search import find_claims, find_facts, find_sources, show
from davy.report.audit_documents import checks_run
from davy.report.evidence_documents import claim_document, evidence_document
from davy.report.evidence_text import evidence_text

WIDTH = 100
APART = {
    "audit": "every check of every claim, run again",
    "pool": "pools studies from a CSV file",
    "dose-response": "relative risks by dose, from a CSV file",
}
"""Actions with a file of their own in this room: `evidence_NAME.py`."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    claims = actions.add_parser("claims", help="every checkable claim of the three articles, with a verdict")
    claims.add_argument("--verdict", choices=get_args(Verdict))
    claims.add_argument("--article", choices=get_args(Article))
    claims.add_argument("--error-class", choices=get_args(ErrorClass))
    for listing in (claims, actions.add_parser("facts", help="facts"), actions.add_parser("sources", help="sources")):
        listing.add_argument("--search", metavar="TEXT", help="only what holds every one of these words")
        add_json(listing)
    one = actions.add_parser("show", help="one claim, fact, source, parameter, limit or other row, with its links")
    one.add_argument("name", metavar="ID")
    add_json(one)
    for name, caption in APART.items():
        import_module(f"davy.cli.evidence_{name.replace('-', '_')}").arguments(actions.add_parser(name, help=caption))


def run(options: Options) -> Reply:
    """A listing, one entry, or what an action in a file of its own says."""
    if options.action in APART:
        reply: Reply = import_module(f"davy.cli.evidence_{options.action.replace('-', '_')}").run(options)
        return reply
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
    kind = next((word for word in get_args(ErrorClass) if word == options.error_class), None)
    return find_claims(verdict=verdict, article=article, error_class=kind, text=options.search)


def _document(row: Entry) -> dict[str, Any]:
    return asdict(claim_document(row)) if isinstance(row, Claim) else row.model_dump(mode="json")


def _line(row: Entry) -> str:
    if isinstance(row, Claim):
        kind = f" ({row.error_class})" if row.error_class else ""
        head, said = f"{row.id}  {row.verdict}{kind}  ({row.article})", row.statement
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
    document = evidence_document(shown, checks_run(shown.node.id) if shown.node.kind == "claim" else ())
    return Reply(as_json(document.as_json()) if options.json else evidence_text(shown, document))
