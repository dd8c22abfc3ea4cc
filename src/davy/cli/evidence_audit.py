"""``davy evidence audit``: every check of every claim, run again; status 1 where one does not agree."""

from __future__ import annotations

from argparse import ArgumentParser

from davy.cli.options import Options, Reply, add_json, add_report
from davy.cli.output import as_json, writable, write
from davy.report.audit_documents import audit_document
from davy.report.audit_text import audit_text


def arguments(parser: ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("--all", action="store_true", help="list every check")
    add_json(parser)
    add_report(parser)


def run(options: Options) -> Reply:
    """The audit as text, JSON or a page."""
    writable(options.report)
    made = audit_document()
    status = 0 if made.sound else 1
    if options.report is not None:
        from davy.report.audit_page import audit_page

        write(options.report, audit_page(made))
        if not options.json:
            return Reply(f"{audit_text(made, every=options.all)}The audit is in {options.report}.\n", status)
    return Reply(as_json(made.as_json()) if options.json else audit_text(made, every=options.all), status)
