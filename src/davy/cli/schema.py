"""``davy schema NAME``: the JSON Schema of a document, generated from the types."""

from __future__ import annotations

from argparse import ArgumentParser

from davy.cli.options import Options, Reply
from davy.cli.output import as_json
from davy.report.schemas import NAMES, schema_of


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("name", metavar="NAME", choices=NAMES, help=f"one of: {', '.join(NAMES)}")


def run(options: Options) -> Reply:
    """The schema."""
    return Reply(as_json(schema_of(options.name)))
