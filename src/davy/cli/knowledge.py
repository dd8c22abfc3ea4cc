"""``davy knowledge check|build``: whether the knowledge is sound; what is computed from it, computed again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply
from davy.errors import Fault, InputError


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("check", help="every row parses, has unit and source; the models balance; nothing is stale")
    actions.add_parser("build", help="computes the benefits from their studies again, and stamps them")


def run(options: Options) -> Reply:
    """The problems, one a line, with status 1 when there are any; or what building changed."""
    return _build() if options.action == "build" else _check()


def _check() -> Reply:
    from davy.qualify.knowledge import check_knowledge

    problems = check_knowledge()
    if not problems:
        return Reply("The knowledge is sound: every row parses, every source resolves, every model balances.\n")
    noun = "problem" if len(problems) == 1 else "problems"
    return Reply("".join(f"{problem}\n" for problem in problems) + f"{len(problems)} {noun}.\n", 1)


def _build() -> Reply:
    from davy.evidence.appraisal.build import COMPUTED, build_benefits
    from davy.evidence.ledger import lines_of, table_texts
    from davy.tables import knowledge_file

    texts = table_texts()
    made = build_benefits(texts)
    place = knowledge_file(COMPUTED)
    if not isinstance(place, Path):
        raise InputError([Fault(str(place), "this copy of Davy cannot be written to", "unpack it into a folder")])
    try:
        place.parent.mkdir(exist_ok=True)
        place.write_text(made, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError([Fault(str(place), f"cannot be written: {error.strerror}", "a folder of your own")]) from None
    before = {line.name: line.cells for line in lines_of(COMPUTED, texts.get(COMPUTED, ""))}
    lines = lines_of(COMPUTED, made)
    changed = [line.name for line in lines if before.get(line.name) != line.cells]
    review = [f"  to review: {line.name} ({line.cells['to_review']})\n" for line in lines if line.cells["to_review"]]
    told = f"{len(lines)} benefits computed, {len(changed)} changed{': ' if changed else ''}{', '.join(changed)}.\n"
    return Reply(told + "".join(review))
