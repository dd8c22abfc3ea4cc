"""``davy trial TRIAL.yaml``: a virtual trial, here, in several processes or on a Dask cluster."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply, add_json, add_report, seed_of, whole
from davy.cli.output import as_json, writable, write
from davy.cli.progress import progress_bar
from davy.report.trial_page import trial_page
from davy.report.trial_text import trial_text
from davy.trials.design import MOST_PEOPLE
from davy.trials.run import run_trial

MOST_WORKERS = 256


def _people(text: str) -> int:
    return whole(text, least=4, most=MOST_PEOPLE)


def _workers(text: str) -> int:
    return whole(text, least=1, most=MOST_WORKERS)


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("trial", metavar="TRIAL", help="a trial file, or example:NAME for a bundled trial")
    parser.add_argument("--people", type=_people, metavar="N", help="randomise N persons (default: as the file says)")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--workers", type=_workers, metavar="N", help="processes of this machine to use (default 1)")
    ways.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler whose workers do it, as tcp://HOST:8786")
    text = "folder for the result and the person-visits; a run that was stopped goes on there"
    parser.add_argument("--out", type=Path, metavar="DIR", help=text)
    text = "seed of every random stream (default: that of the file, else 0)"
    parser.add_argument("--seed", dest="trial_seed", type=seed_of, metavar="N", help=text)
    add_json(parser)
    add_report(parser)


def run(options: Options) -> Reply:
    """The trial; the same bytes however it is computed."""
    writable(options.report)
    result = run_trial(
        options.trial,
        people=options.people,
        seed=options.trial_seed,
        workers=options.workers if options.scheduler is None else options.scheduler,
        out=options.out,
        progress=progress_bar("persons"),
    )
    if options.report is not None:
        write(options.report, trial_page(result))
    return Reply(as_json(result.as_json()) if options.json else trial_text(result))
