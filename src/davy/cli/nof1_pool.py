"""``davy nof1 pool FILE.csv...``: several trials of one person each, pooled."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply, add_json, add_random, add_today
from davy.cli.output import as_json
from davy.errors import Fault, InputError
from davy.followup.n_of_1.analyse import analyse
from davy.followup.n_of_1.pooled import pool_trials
from davy.report.nof1_text import pooled_text


def arguments(parser: ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("files", metavar="FILE.csv", nargs="+", help="one diary a person, with the same arms")
    parser.add_argument("--design", type=Path, metavar="FILE", help="a design that all of them followed")
    parser.add_argument("--better", choices=("lower", "higher"), help="which way is better (default: lower)")
    add_today(parser)
    add_random(parser, draws=False)
    add_json(parser)


def run(options: Options) -> Reply:
    """The pooled effect, and each person in the light of the others."""
    names = [Path(one).stem for one in options.files]
    if len(set(names)) < len(names):
        raise InputError([Fault("FILE.csv", "two files have the same name", "one name a person")])
    made = {
        Path(one).stem: analyse(
            Path(one), design=options.design, better=options.better, today=options.today, seed=options.seed
        )
        for one in options.files
    }
    pooled = pool_trials(made)
    return Reply(as_json(pooled.as_json()) if options.json else pooled_text(pooled))
