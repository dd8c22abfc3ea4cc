"""``davy follow FOLDER``: what happened since a plan began, what to do until the next look, the page for a visit."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply, add_json, add_random, add_report, add_set, add_today
from davy.cli.output import as_json, writable, write
from davy.cli.records import preferred_sources
from davy.errors import Fault, InputError
from davy.followup.baseline import baseline_of
from davy.followup.days import days_of
from davy.followup.replay.logged import follow_entry, plan_entry, told_before
from davy.followup.visit import Held, TrialSeen, Visit, visit_of
from davy.followup.visit_history import history
from davy.followup.visit_person import as_told
from davy.followup.visit_plan import followed
from davy.people.person import Person
from davy.planning.plan import plan as planned
from davy.report.follow_document import follow_document
from davy.report.follow_text import begun_text, follow_text
from davy.store.folder import PERSON, Folder, refuse_cut

_WITHOUT = ("none", "placebo")
"""Arms without magnesium: only a blinded trial against one of these may ever carry a larger dose."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a person's folder, as `davy records import` makes")
    text = "make a plan of today and keep it as the one that is followed from now on"
    parser.add_argument("--begin", action="store_true", help=text)
    parser.add_argument("--letter", type=Path, metavar="FILE.html", help="write a one-page letter for the clinician")
    add_report(parser)
    add_json(parser)
    add_set(parser)
    add_random(parser, draws=False)
    add_today(parser)


def run(options: Options) -> Reply:
    """The visit as text or JSON; its page and the letter where they are asked for."""
    for path in (options.report, options.letter):
        writable(path)
    folder = _folder(options)
    refuse_cut(folder)
    person = _person(folder, options)
    if options.begin:
        return _begin(folder, person, options)
    visit = visited(folder, person, options)
    folder.decide(follow_entry(visit.inputs, visit.suggestion), suggests=visit.suggestion.autonomy != "L0")
    if options.report is not None:
        from davy.report.visit_page import visit_page  # drawn only where it is asked for

        write(options.report, visit_page(visit))
    if options.letter is not None:
        from davy.report.letter_page import letter_page

        write(options.letter, letter_page(visit))
    return Reply(as_json(follow_document(visit).as_json()) if options.json else follow_text(visit))


def visited(folder: Folder, person: Person, options: Options) -> Visit:
    """The visit of what the folder holds."""
    log = tuple((entry.type, entry.body) for entry in folder.decisions())
    held = Held(
        person=person,
        days=days_of(folder.records(), prefer=preferred_sources(folder)),
        records=tuple(folder.records()),
        decisions=told_before((body for kind, body in log if kind == "decision"), person.today),
        history=history(log, before=person.today),
        stopped=folder.stopped,
        doubted=sum(1 for _ in folder.quarantined()),
        trial=_trial(folder, options),
    )
    return visit_of(held, parameter_set=options.parameter_set, seed=options.seed)


def _trial(folder: Folder, options: Options) -> TrialSeen | None:
    """What the n-of-1 trial in the folder says: `nof1.csv`, with `nof1-design.yaml` or `.json` where there is one."""
    diary = folder.path / "nof1.csv"
    if not diary.exists():
        return None
    from davy.followup.n_of_1.analyse import analyse

    designs = [path for ending in ("yaml", "yml", "json") if (path := folder.path / f"nof1-design.{ending}").exists()]
    try:
        made = analyse(diary, design=designs[0] if designs else None, today=options.today, seed=options.seed)
    except InputError as error:  # what it cannot tell must not hide what the rules have to say
        return TrialSeen("unread", "The trial in this folder could not be read.", (str(error.faults[0]),))
    blind = made.open_label is False and made.main.first in _WITHOUT
    return TrialSeen(made.verdict, made.sentence, made.warnings, made.main.p_benefit if blind else None)


def _begin(folder: Folder, person: Person, options: Options) -> Reply:
    """Keep today's plan as the one that is followed; a refusal begins nothing.

    It is a plan of the person as the records say they are: a symptom of yesterday or a newer lab may refuse it.
    """
    days = days_of(folder.records(), last=person.today, prefer=preferred_sources(folder))
    if person.baseline is None:
        own = baseline_of(days, until=options.today)
        if own.enough:
            person = person.model_copy(update={"baseline": own.as_person_baseline})
    bodies = (entry.body for entry in folder.decisions() if entry.type == "decision")
    earlier = followed(told_before(bodies, person.today))
    person = as_told(person, days, folder.records(), earlier).person
    plan = planned(person, parameter_set=options.parameter_set, seed=options.seed)
    refused = plan.verdict.word == "refused"
    folder.decide(plan_entry(plan, person), suggests=not refused)
    return Reply(begun_text(plan, folder.path), 3 if refused else 0)


def _folder(options: Options) -> Folder:
    path = options.folder or Path()
    if not path.exists():
        raise InputError(
            [Fault(str(path), "there is no such folder", "`davy records import FILE --into FOLDER` makes it")]
        )
    return Folder(path)


def _person(folder: Folder, options: Options) -> Person:
    person = folder.person(today=options.today)
    if person is None:
        what = f"there is no {PERSON} in it, so nobody is known to be followed"
        raise InputError(
            [Fault(str(folder.path), what, f"`davy new {folder.path / PERSON}` asks about twelve questions")]
        )
    return person
