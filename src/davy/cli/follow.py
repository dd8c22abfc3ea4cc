"""``davy follow FOLDER``: what happened since a plan began, what to do until the next look, the page for a visit."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from davy.cli.options import Options, Reply, add_json, add_random, add_report, add_set, add_today
from davy.cli.output import as_json, writable, write
from davy.cli.records import preferred_sources
from davy.errors import Fault, InputError
from davy.followup.adapt.facts import facts_of
from davy.followup.adapt.holds import holds
from davy.followup.adapt.inputs import READ_KINDS
from davy.followup.baseline import baseline_of
from davy.followup.days import ONE_DAY, days_of
from davy.followup.products_known import products_of
from davy.followup.records import Quarantined, labs_set_aside
from davy.followup.replay.logged import follow_entry, hold_entry, plan_entry, told_before
from davy.followup.visit import Held, TrialSeen, Visit, inputs_from, visit_of
from davy.followup.visit_history import history
from davy.followup.visit_person import as_told
from davy.followup.visit_plan import BEGUN
from davy.people.person import Person
from davy.planning.plan import plan as planned
from davy.report.follow_document import follow_document
from davy.report.follow_text import begun_text, follow_text, held_text
from davy.store.doubts import still_doubted
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
    _refuse_another(folder, person, begin=options.begin)
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
    return visit_of(_held(folder, person, options), parameter_set=options.parameter_set, seed=options.seed)


def _held(folder: Folder, person: Person, options: Options, *, after_today: bool = False) -> Held:
    """What the folder holds; before a plan is begun, what was told earlier today too."""
    until = person.today + ONE_DAY if after_today else person.today
    log = tuple((entry.type, entry.body) for entry in folder.decisions())
    doubted, labs = _doubted(folder)
    return Held(
        person=person,
        days=days_of(folder.records(), prefer=preferred_sources(folder)),
        records=tuple(one for one in folder.records() if one.kind in READ_KINDS),
        decisions=told_before((body for kind, body in log if kind == "decision"), until),
        history=history(log, before=person.today),
        stopped=folder.stopped,
        doubted=doubted,
        set_aside=labs_set_aside(labs, person.today),
        trial=_trial(folder, options),
    )


def _doubted(folder: Folder) -> tuple[int, list[Quarantined]]:
    """How many entries could not be believed, and the laboratory values among them."""
    many, labs = 0, list[Quarantined]()
    for one in still_doubted(folder):
        many += 1
        if one.test:
            labs.append(one)
    return many, labs


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
    """Keep today's plan as the one that is followed; a refusal begins nothing, nor does one while a harm holds.

    It is a plan of the person as the records say they are: a symptom of yesterday or a newer lab may refuse it.
    """
    held_today = _held(folder, person, options, after_today=True)
    known = inputs_from(held_today, parameter_set=options.parameter_set, seed=options.seed)
    if held := holds(facts_of(known)):
        entry = hold_entry(known, held)
        folder.decide(entry, suggests=False)
        told = {name: said for name, said in entry.items() if name != "inputs"}
        return Reply(as_json(told) if options.json else held_text(held), 3)
    days = days_of(folder.records(), last=person.today, prefer=preferred_sources(folder))
    if person.baseline is None:
        own = baseline_of(days, until=options.today)
        if own.enough:
            person = person.model_copy(update={"baseline": own.as_person_baseline})
    filed, earlier = person, facts_of(known).plan
    person = as_told(person, days, folder.records(), earlier).person
    plan = planned(person, parameter_set=options.parameter_set, seed=options.seed)
    refused = plan.verdict.word == "refused"
    entry = {**plan_entry(plan, person), "products": [list(one) for one in products_of(filed)]}
    folder.decide(entry, suggests=not refused)
    told = as_json(plan.as_json()) if options.json else begun_text(plan, folder.path)
    return Reply(told, 3 if refused else 0)


def _folder(options: Options) -> Folder:
    path = options.folder or Path()
    if not path.exists():
        raise InputError(
            [Fault(str(path), "there is no such folder", "`davy records import FILE --into FOLDER` makes it")]
        )
    return Folder(path)


def _refuse_another(folder: Folder, person: Person, *, begin: bool) -> None:
    """Refuse a person file that is not of whom the plan was made, and a plan begun before one that is there."""
    plans = [entry.body for entry in folder.decisions() if entry.body.get("action") == BEGUN]
    if not plans:
        return
    name = str(plans[-1].get("plan", {}).get("person", person.id))
    if name != person.id:
        what = f"this is the file of '{person.id}', and the plan in this folder was begun for '{name}'"
        raise InputError([Fault(str(folder.path / PERSON), what, "a folder holds one person; put the id right")])
    day = max(date.fromisoformat(str(entry.body["day"])) for entry in folder.decisions() if _tells(entry.body))
    if begin and person.today < day:
        what = f"a plan was begun here on {plans[-1]['day']} and last looked at on {day}, which is after {person.today}"
        raise InputError([Fault(str(folder.path), what, "check the clock, or --today")])


def _tells(body: Mapping[str, Any]) -> bool:
    return body.get("action") == BEGUN or "decision" in body


def _person(folder: Folder, options: Options) -> Person:
    person = folder.person(today=options.today)
    if person is None:
        what = f"there is no {PERSON} in it, so nobody is known to be followed"
        raise InputError(
            [Fault(str(folder.path), what, f"`davy new {folder.path / PERSON}` asks about twelve questions")]
        )
    return person
