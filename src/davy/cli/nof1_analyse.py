"""``davy nof1 analyse FILE.csv``: did it help? An effect with its interval, the probability of benefit, a verdict."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply, add_json, add_random, add_report, add_today
from davy.cli.output import as_json, writable, write
from davy.errors import Fault, InputError
from davy.followup.n_of_1.analyse import analyse
from davy.report.nof1_text import analysis_text


def arguments(parser: ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("file", metavar="FILE.csv", type=Path, help="day,arm,outcome[,period]; one line a day")
    parser.add_argument("--design", type=Path, metavar="FILE", help="the design, as `davy nof1 design --out` wrote it")
    parser.add_argument("--better", choices=("lower", "higher"), help="which way is better (default: lower)")
    add_today(parser)
    add_random(parser, draws=False)
    add_json(parser)
    add_report(parser)


def run(options: Options) -> Reply:
    """The analysis, as text, JSON or a page."""
    writable(options.report)
    if options.file is None:
        raise InputError([Fault("FILE.csv", "no file was named")])
    made = analyse(options.file, design=options.design, better=options.better, today=options.today, seed=options.seed)
    if options.report is not None:
        from davy.report.nof1_page import analysis_page

        write(options.report, analysis_page(made, options.file.stem))
    return Reply(as_json(made.as_json()) if options.json else analysis_text(made))
