"""``davy export sbml [PERSON]``: the body model as SBML Level 3 Version 2."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply, add_person_maybe, add_random, add_set
from davy.cli.output import writable, write
from davy.exchange.bodies import Body, body_of, typical_body
from davy.exchange.sbml import whole_body_sbml
from davy.people.read import read_person


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_person_maybe(parser)
    add_set(parser)
    add_random(parser, draws=False)
    parser.add_argument("--out", type=Path, metavar="FILE.xml", help="where to write it (default: standard output)")


def body_asked_for(options: Options) -> Body:
    """The typical adult, or the median version of the person that is named."""
    if not options.person:
        return typical_body(options.parameter_set)
    person = read_person(options.person, today=options.today)
    return body_of(person, options.parameter_set, options.seed)


def run(options: Options) -> Reply:
    """SBML as text, or where it was written."""
    writable(options.out)
    body = body_asked_for(options)
    text = whole_body_sbml(body.parameter_set, body.values)
    if options.out is None:
        return Reply(text)
    write(options.out, text)
    return Reply(f"{options.out}: the body model as SBML Level 3 Version 2, parameter set {body.parameter_set}.\n")
