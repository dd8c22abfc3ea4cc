"""``davy export omex [PERSON] [--regimen TEXT]``: a simulation that other programs run again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.export_sbml import body_asked_for
from davy.cli.options import Options, Reply, add_person_maybe, add_random, add_set, days_of, diet_of
from davy.cli.output import writable, write_bytes
from davy.exchange.omex import archive
from davy.people.regimen_text import parse_regimen, regimen_text
from davy.units import mmol_of_mg

EXAMPLE = "glycinate 100mg @ 21:00 from 0 to 7; glycinate 100mg @ 08:00,21:00 from 7 to 28"
DAYS = 28
NAME = Path("davy-magnesium.omex")


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_person_maybe(parser)
    parser.add_argument(
        "--regimen",
        dest="regimen",
        default=EXAMPLE,
        metavar="TEXT",
        help=f"what is taken, or none (default: {EXAMPLE})",
    )
    parser.add_argument("--days", type=days_of, default=DAYS, metavar="N", help=f"how many days (default {DAYS})")
    parser.add_argument("--diet-mg", type=diet_of, metavar="N", help="magnesium from food [mg/d] (default 300)")
    add_set(parser)
    add_random(parser, draws=False)
    parser.add_argument("--out", type=Path, metavar="FILE.omex", help=f"where to write it (default: {NAME})")


def run(options: Options) -> Reply:
    """The archive is written; the reply says what it holds."""
    path = options.out or NAME
    writable(path)
    regimen = parse_regimen(options.regimen)
    diet = None if options.diet_mg is None else mmol_of_mg(options.diet_mg)
    course = body_asked_for(options).course(regimen, options.days, diet)
    write_bytes(path, archive(course))
    return Reply(f"{path}: {course.days} days of {regimen_text(regimen)}, with SBML, SED-ML and results.\n")
