"""``davy nof1``: designs a trial of one person, and analyses its diary."""

from __future__ import annotations

from argparse import ArgumentParser
from importlib import import_module

from davy.cli.options import Options, Reply

ACTIONS = {
    "design": "what could be found out in so many weeks, with error rates simulated before day one; or why not",
    "analyse": "did it help? day,arm,outcome[,period]; blank = missing",
    "pool": "several such trials together",
}
"""Each action is a module of this room."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, caption in ACTIONS.items():
        import_module(f"davy.cli.nof1_{name}").arguments(actions.add_parser(name, help=caption))


def run(options: Options) -> Reply:
    """What the action says."""
    reply: Reply = import_module(f"davy.cli.nof1_{options.action}").run(options)
    return reply
