"""``davy export petab [PERSON] --out DIR``: what the body was calibrated on, or the fit of one person's labs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply, add_person_maybe, add_set
from davy.cli.output import write
from davy.errors import Fault, InputError
from davy.exchange.petab_calibration import calibration_problem
from davy.exchange.petab_person import person_problem
from davy.exchange.petab_tables import PROBLEM
from davy.people.read import read_person

NAME = Path("davy-petab")


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_person_maybe(parser, "a person file, or example:NAME: the fit of their labs (default: the body's calibration)")
    add_set(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"the folder to write it to (default: {NAME})")


def run(options: Options) -> Reply:
    """The problem's files are written into the folder."""
    folder = options.out or NAME
    if options.person:
        problem = person_problem(read_person(options.person, today=options.today), options.parameter_set)
    else:
        problem = calibration_problem(options.parameter_set)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError([Fault(str(folder), f"this folder cannot be made: {error.strerror}")]) from None
    for name, content in problem.files().items():
        write(folder / name, content)
    known = f"{len(problem.measurements)} measurements, {len(problem.parameters)} parameters"
    return Reply(f"{folder / PROBLEM}: PEtab 2.0, {len(problem.experiments)} experiments, {known}.\n")
