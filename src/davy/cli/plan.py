"""``davy plan PERSON``: the plan on a page of the terminal, as JSON, or as an HTML report."""

from __future__ import annotations

from argparse import ArgumentParser

from davy.cli.options import Options, Reply, add_json, add_person, add_random, add_report, add_set
from davy.cli.output import as_json, writable, write
from davy.people.read import read_person
from davy.planning.plan import plan
from davy.report.page import plan_page
from davy.report.terminal import plan_text

REFUSED = 3


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_person(parser)
    add_set(parser)
    add_random(parser)
    add_json(parser)
    add_report(parser)


def run(options: Options) -> Reply:
    """A plan; status 3 when it is a refusal."""
    writable(options.report)
    person = read_person(options.person, today=options.today)
    made = plan(person, parameter_set=options.parameter_set, seed=options.seed, draws=options.draws)
    if options.report is not None:
        write(options.report, plan_page(made, person))
    status = REFUSED if made.verdict.word == "refused" else 0
    text = as_json(made.as_json()) if options.json else plan_text(made, person, report=options.report)
    return Reply(text, status)
