"""``davy plan PERSON``: the plan on a page of the terminal, as JSON, or as an HTML report."""

from __future__ import annotations

from argparse import ArgumentParser

from davy.cli.options import Options, Reply, add_about_a_person
from davy.cli.output import as_json, writable, write
from davy.people.person import Person
from davy.people.read import read_person
from davy.planning.plan import Foreseen, foreseen
from davy.planning.result import Plan

REFUSED = 3


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_about_a_person(parser)
    text = "show in the report also what pathways of grade D would say, watermarked"
    parser.add_argument("--include-hypotheses", dest="hypotheses", action="store_true", help=text)


def run(options: Options) -> Reply:
    """A plan; status 3 when it is a refusal."""
    writable(options.report)
    person = read_person(options.person, today=options.today)
    seen = foreseen(person, parameter_set=options.parameter_set, seed=options.seed, draws=options.draws)
    made = seen.plan
    if options.report is not None:
        write(options.report, _page(seen, person, options))
    return Reply(_text(made, person, options), REFUSED if made.verdict.word == "refused" else 0)


def _page(seen: Foreseen, person: Person, options: Options) -> str:
    """The page with what the pathways say of its forecast; most plans are read without either."""
    from davy.report.page import plan_page
    from davy.report.touched_plan import touched_by

    found = None
    if seen.forecast is not None:
        found = touched_by(seen.plan, seen.forecast, person, hypotheses=options.hypotheses)
    return plan_page(seen.plan, person, found)


def _text(made: Plan, person: Person, options: Options) -> str:
    if options.json:
        return as_json(made.as_json())
    from davy.report.terminal import plan_text

    return plan_text(made, person, report=options.report)
