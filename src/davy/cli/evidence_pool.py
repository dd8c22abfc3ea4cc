"""``davy evidence pool FILE.csv``: pools studies, after metafor's conventions."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import get_args

from davy.cli.options import Options, Reply, add_json, add_report, amount
from davy.cli.output import as_json, writable, write
from davy.errors import Fault, InputError
from davy.evidence.meta.effect import Measure, Method, Test
from davy.evidence.meta.pooling import PoolOptions, pool
from davy.report.pool_page import pool_page
from davy.report.pool_text import pool_text


def arguments(parser: ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("file", metavar="FILE.csv", type=Path, help="one line a study")
    parser.add_argument("--measure", choices=get_args(Measure), help="default: the first that the columns allow")
    parser.add_argument("--method", choices=get_args(Method), help="default: REML")
    parser.add_argument("--test", choices=get_args(Test), help="default: knha for random effects, else z")
    parser.add_argument("--moderators", type=_names, metavar="NAME,...", help="columns for a meta-regression")
    parser.add_argument("--split-controls", action="store_true", help="share out a control group of several rows")
    parser.add_argument(
        "--assume-r",
        type=partial(amount, least=-1.0, most=1.0),
        metavar="R",
        help="correlation within people where the file tells none",
    )
    parser.add_argument(
        "--prior-scale",
        type=partial(amount, least=1e-9, most=1e9),
        metavar="S",
        help="scale of the half-normal prior on tau, for four studies or fewer",
    )
    parser.add_argument("--exact", action="store_true", help="add the exact models for rare events (odds ratios)")
    add_json(parser)
    add_report(parser)


def run(options: Options) -> Reply:
    """The pooled effect, as text or JSON."""
    writable(options.report)
    if options.file is None:
        raise InputError([Fault("FILE.csv", "no file was named")])
    made = pool(
        options.file,
        measure=options.measure,
        method=options.method,
        test=options.test,
        moderators=options.moderators,
        options=PoolOptions(
            split_controls=options.split_controls,
            correlation=options.assume_r,
            prior_scale=options.prior_scale,
            exact=options.exact,
        ),
    )
    if options.report is not None:
        write(options.report, pool_page(made, options.file.stem))
    return Reply(as_json(made.as_json()) if options.json else pool_text(made))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
