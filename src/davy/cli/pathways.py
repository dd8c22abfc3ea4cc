"""``davy pathways list|run|build|docs``: every mechanism as a small model, and one of them at given inputs."""

from __future__ import annotations

import math
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict

from davy.cli import pathways_build, pathways_docs
from davy.cli.options import Options, Reply, add_json, add_random, add_report, add_set
from davy.cli.output import as_json, writable, write
from davy.cli.progress import progress_bar
from davy.errors import Fault, InputError

RUNS_ANEW = (
    "no stored curve holds what is asked, so the experiment itself runs, for the table's own values and {draws} draws; "
    "that takes seconds, and Ctrl-C stops it"
)


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add_json(actions.add_parser("list", help="every pathway with its grade, kind and anchors"))
    text = "computes the response curves and anchors that are stale, and keeps them"
    pathways_build.arguments(actions.add_parser("build", help=text))
    pathways_docs.arguments(actions.add_parser("docs", help="writes a page for each pathway, as in docs/pathways"))
    one = actions.add_parser("run", help="one pathway at given inputs: its outputs with a band, and its anchors")
    one.add_argument("name", metavar="ID", help="as P02, or P02_nmda_block")
    text = "the value of an input, as mg_mM=0.6; may be given again"
    one.add_argument("--set", dest="settings", action="append", metavar="PORT=VALUE", help=text)
    text = "let pathways of grade D feed this one"
    one.add_argument("--include-hypotheses", dest="hypotheses", action="store_true", help=text)
    add_set(one)
    add_random(one, draws=False)
    add_report(one)
    add_json(one)


def run(options: Options) -> Reply:
    """The list, or one run."""
    actions: dict[str, Callable[[Options], Reply]] = {
        "list": _list,
        "run": _run,
        "build": pathways_build.run,
        "docs": pathways_docs.run,
    }
    return actions[options.action](options)


def _list(options: Options) -> Reply:
    from davy.pathways.catalogue import catalogue
    from davy.pathways.record import anchors_of
    from davy.report.pathways_document import listed
    from davy.report.pathways_text import list_text

    rows = [listed(found, anchors_of(found)) for found in catalogue()]
    return Reply(as_json([asdict(row) for row in rows]) if options.json else list_text(rows))


def _run(options: Options) -> Reply:
    from davy.pathways.run import run as run_pathway
    from davy.report.pathways_document import pathway_document
    from davy.report.pathways_text import run_text

    writable(options.report)
    made = run_pathway(
        options.name,
        settings_of(options.settings),
        parameter_set=options.parameter_set,
        seed=options.seed,
        hypotheses=options.hypotheses,
        watch=_while_it_runs(),
    )
    if options.report is not None:
        from davy.report.pathway_page import both_sets, pathway_page  # drawn only where it is asked for

        write(options.report, pathway_page(both_sets(made)))
    document = pathway_document(made)
    return Reply(as_json(document.as_json()) if options.json else run_text(document))


def _while_it_runs() -> Callable[[int, int], None]:
    """Says on stderr, once, that an experiment has to be run, and on a terminal how far it is."""
    show = progress_bar("draws")
    begun: list[int] = []

    def told(done: int, total: int) -> None:
        if not begun:
            sys.stderr.write(f"davy: {RUNS_ANEW.format(draws=total - 1)}\n")
        begun.append(done)
        if show is not None:
            show(done, total)

    return told


def settings_of(settings: list[str] | tuple[str, ...]) -> dict[str, float]:
    """Inputs as typed, ``PORT=VALUE`` each; raises InputError that names every one that does not read."""
    found: dict[str, float] = {}
    faults: list[Fault] = []
    for text in settings:
        port, equals, value = (part.strip() for part in text.partition("="))
        number = _number(value)
        if not equals or not port or number is None:
            faults.append(Fault(f"--set {text}", "does not read", "PORT=VALUE with a number, as --set mg_mM=0.6"))
        elif port in found:
            faults.append(Fault(f"--set {text}", f"{port} is given twice", "give each input once"))
        else:
            found[port] = number
    if faults:
        raise InputError(faults)
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None
