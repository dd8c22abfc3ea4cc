"""``davy export nmtran PERSON [--regimen TEXT --days N]``: products and labs with the columns of NM-TRAN."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply, add_person, days_of
from davy.cli.output import writable, write
from davy.exchange.nmtran_person import dataset_of
from davy.people.read import read_person
from davy.people.regimen_text import parse_regimen


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_person(parser)
    parser.add_argument("--regimen", metavar="TEXT", help="what is taken from today on, in place of present products")
    parser.add_argument("--days", type=days_of, metavar="N", help="how many days go on from today (default 1)")
    parser.add_argument("--out", type=Path, metavar="FILE.csv", help="where to write it (default: standard output)")


def run(options: Options) -> Reply:
    """The data set as text, or where it was written and what its time 0 is."""
    writable(options.out)
    person = read_person(options.person, today=options.today)
    regimen = None if options.regimen == "none" and not options.days else parse_regimen(options.regimen)
    text, first = dataset_of(person, regimen, options.days)
    if options.out is None:
        return Reply(text)
    write(options.out, text)
    return Reply(f"{options.out}: time 0 is midnight of {first}; TIME and II in hours, AMT in mmol of magnesium.\n")
