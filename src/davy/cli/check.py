"""``davy check PERSON``: what was understood, what is unknown, and what each unknown costs the plan."""

from __future__ import annotations

from argparse import ArgumentParser

from davy import __version__
from davy.cli.options import Options, Reply, add_json, add_person
from davy.cli.output import as_json
from davy.people.intake import intake_of
from davy.people.person import Person
from davy.people.read import read_person
from davy.planning.result import Bounds, CapShown
from davy.planning.unknowns import unknown_costs
from davy.report.check_text import check_text
from davy.report.documents import CheckDocument
from davy.report.understood import none_reported, understood
from davy.safety.caps import binding, caps
from davy.safety.check import check, referrals


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_person(parser)
    add_json(parser)


def run(options: Options) -> Reply:
    """What Davy made of the file; status 0 also where a plan would be refused."""
    made = document(read_person(options.person, today=options.today))
    return Reply(as_json(made.as_json()) if options.json else check_text(made, source=options.person))


def document(person: Person) -> CheckDocument:
    """The check of a person, before anything is simulated."""
    intake = intake_of(person)
    total = intake.nonfood_total
    limits = caps(person)
    least = binding(limits)
    return CheckDocument(
        davy=__version__,
        person=person.id,
        profile=person.profile,
        today=person.today.isoformat(),
        understood=understood(person),
        none_reported=none_reported(person),
        not_understood=person.not_understood,
        doubts=person.doubts,
        unknown=unknown_costs(person),
        food_mg_per_day=None if intake.food_mg is None else Bounds(intake.food_mg.low, intake.food_mg.high),
        nonfood_mg_per_day=Bounds(total.low, total.high),
        unquantified=intake.unquantified,
        caps=tuple(
            CapShown(cap.name, cap.elemental_mg_per_day, cap == least, cap.sources, cap.sentence) for cap in limits
        ),
        refer=referrals(person),
        verdict=check(person, None, None),
    )
