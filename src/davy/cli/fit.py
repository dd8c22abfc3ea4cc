"""``davy fit PERSON``: what the labs teach about this person, the likely cause, and the next tests."""

from __future__ import annotations

from argparse import ArgumentParser

from davy import __version__
from davy.cli.options import Options, Reply, add_about_a_person
from davy.cli.output import as_json, writable, write
from davy.people.person import Person
from davy.people.read import read_person
from davy.planning.answer import fingerprints
from davy.planning.ground import Ask
from davy.planning.insight import learn, status_of
from davy.report.documents import FitDocument
from davy.report.fit_text import fit_text


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_about_a_person(parser)


def run(options: Options) -> Reply:
    """The fit; a person without labs gets what is expected of people like them, and is told so."""
    writable(options.report)
    person = read_person(options.person, today=options.today)
    made = fitted(person, options)
    if options.report is not None:
        from davy.report.fit_page import fit_page  # drawn only where it is asked for

        write(options.report, fit_page(made, person))
    return Reply(as_json(made.as_json()) if options.json else fit_text(made, person))


def fitted(person: Person, options: Options) -> FitDocument:
    """What the labs teach."""
    ask = Ask(options.parameter_set, options.seed, options.draws)
    insight = learn(person, options.parameter_set, draws=options.draws, seed=options.seed)
    return FitDocument(
        davy=__version__,
        person=person.id,
        profile=person.profile,
        parameter_set=options.parameter_set,
        seed=options.seed,
        today=person.today.isoformat(),
        status=status_of(insight.posterior),
        sentences=insight.posterior.sentences,
        fingerprints=fingerprints(person, ask, insight.model),
    )
