"""``davy knowledge check``: every row parses, has its unit and source, and every organ model balances."""

from __future__ import annotations

from argparse import ArgumentParser

from davy.cli.options import Options, Reply


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("check", help="every row parses, has unit and source; the models balance")


def run(options: Options) -> Reply:
    """The problems, one a line; status 1 when there are any."""
    from davy.qualify.knowledge import check_knowledge

    problems = check_knowledge()
    if not problems:
        return Reply("The knowledge is sound: every row parses, every source resolves, every model balances.\n")
    noun = "problem" if len(problems) == 1 else "problems"
    return Reply("".join(f"{problem}\n" for problem in problems) + f"{len(problems)} {noun}.\n", 1)
