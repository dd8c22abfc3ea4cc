"""``davy pathways docs``: a page for each pathway and one that lists them, from the models and their rows."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply
from davy.cli.output import write
from davy.errors import KnowledgeError

DEFAULT = Path("docs/pathways")


def arguments(parser: ArgumentParser) -> None:
    """What the action takes."""
    text = f"the folder to write to (default {DEFAULT}); pages of pathways that are gone are removed from it"
    parser.add_argument("--out", type=Path, default=DEFAULT, metavar="DIR", help=text)


def run(options: Options) -> Reply:
    """How many pages were written."""
    from davy.pathways.catalogue import catalogue
    from davy.pathways.record import anchors_of
    from davy.report.pathway_markdown import pages

    stale = [one.id for one in catalogue() if any(anchor.status == "not_run" for anchor in anchors_of(one))]
    if stale:
        raise KnowledgeError(f"the anchors of {', '.join(stale)} are stale: `davy pathways build` computes them first")
    folder = options.out or DEFAULT
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name, text in made.items():
        write(folder / name, text)
    for old in folder.glob("P*.md"):
        if old.name not in made:
            old.unlink()
    return Reply(f"Wrote {len(made)} pages to {folder}.\n")
