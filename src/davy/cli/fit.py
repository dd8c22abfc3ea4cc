"""``davy fit PERSON``: what the labs teach about this person, the likely cause, and the next tests."""

from __future__ import annotations

from argparse import ArgumentParser
from math import isfinite
from pathlib import Path

from davy import __version__
from davy.cli.options import Options, Reply, add_about_a_person, add_data, day
from davy.cli.output import as_json, writable, write
from davy.errors import Fault, InputError
from davy.people.person import Person
from davy.people.read import read_person
from davy.planning.answer import fingerprints
from davy.planning.ground import Ask
from davy.planning.plan import status
from davy.report.documents import FitDocument, FitQuality, StructureWeight, UnexplainedLab
from davy.report.fit_text import fit_text


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_about_a_person(parser)
    text = "take products and labs from a data set with NM-TRAN's columns, in place of the person's own"
    parser.add_argument("--data", type=Path, metavar="FILE.csv", help=text)
    parser.add_argument("--start", type=day, metavar="DATE", help="the day whose midnight is time 0 of the data set")
    add_data(parser)


def run(options: Options) -> Reply:
    """The fit; a person without labs gets what is expected of people like them, and is told so."""
    writable(options.report)
    person = read_person(options.person, today=options.today)
    if options.data is not None:
        person = _with_data(person, options)
    made = fitted(person, options)
    if options.report is not None:
        from davy.report.fit_page import fit_page  # drawn only where it is asked for

        write(options.report, fit_page(made, person))
    return Reply(as_json(made.as_json()) if options.json else fit_text(made, person))


def _with_data(person: Person, options: Options) -> Person:
    from davy.cli.dataset import subject_of
    from davy.exchange.nmtran_person import person_with

    if options.start is None:
        raise InputError([Fault("--data", "nothing says when its time 0 is", "--start 2026-06-01, say")])
    return person_with(person, subject_of(options), options.start)


def fitted(person: Person, options: Options) -> FitDocument:
    """What the labs teach."""
    ask = Ask(options.parameter_set, options.seed, options.draws)
    known = status(person, parameter_set=options.parameter_set, seed=options.seed, draws=options.draws)
    posterior = known.insight.posterior
    k = posterior.quality.pareto_k
    trust = None if k is None or not isfinite(k) else k
    return FitDocument(
        davy=__version__,
        person=person.id,
        profile=person.profile,
        parameter_set=options.parameter_set,
        seed=options.seed,
        today=person.today.isoformat(),
        status=known.status,
        sentences=posterior.sentences,
        fingerprints=fingerprints(person, ask, known.insight.model),
        structures=tuple(StructureWeight(one.id, one.label, one.prior, one.posterior) for one in posterior.structures),
        structure_sentence=posterior.structure_sentence,
        quality=FitQuality(posterior.quality.method, trust, posterior.quality.effective_size),
        unexplained=tuple(
            UnexplainedLab(one.lab.date.isoformat(), one.lab.test, *one.lab.shown, one.p, one.reasons)
            for one in posterior.unexplained
        ),
    )
