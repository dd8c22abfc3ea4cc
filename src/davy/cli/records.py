"""``davy records import|show|export|erase|stop|resume|mapping``: a person's diaries and devices, in one folder."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path

from davy.cli.options import Options, Reply, add_json, add_today
from davy.cli.output import as_json, writable, write
from davy.errors import Fault, InputError
from davy.exchange.cronometer import SERVINGS
from davy.exchange.diary.mapping import mapping_text, read_mapping
from davy.exchange.diary.reader import starter
from davy.exchange.importing import Asked, Reading, reading_of
from davy.exchange.source_file import SourceFile, source_file
from davy.followup.baseline import baseline_of, magnesium_began
from davy.followup.days import Day
from davy.followup.gathering import Gathering
from davy.followup.records import Ignored, Quarantined, Record, Retracted
from davy.followup.visit_plan import BEGUN
from davy.report.records_document import RecordsDocument
from davy.report.records_text import records_text
from davy.store.doubts import still_doubted
from davy.store.erasure import erasable, erase
from davy.store.exported import export
from davy.store.folder import Folder
from davy.store.mappings import keep_mapping, kept_mappings
from davy.store.retold import Retold
from davy.store.session import Replacement, Session

MOST_SHOWN = 10_000
PREFERRED = "preferred-sources"
"""The kept mapping that says which apps and devices the person believes."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    bring = actions.add_parser(
        "import", help="brings diaries and devices into a person's folder; twice is the same as once"
    )
    bring.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a diary, an export of an app or device (a file, zip or folder), or example:NAME",
    )
    bring.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="the folder; made if missing")
    bring.add_argument("--mapping", type=Path, metavar="FILE", help="how the columns read; kept for the next time")
    text = "what this file says about a day replaces what the same diary said about it before"
    bring.add_argument("--replace", action="store_true", help=text)
    _add_prefer(bring)
    bring.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
    add_json(bring)
    add_today(bring)
    look = actions.add_parser("show", help="what the folder holds: days, baseline, what was not believed")
    look.add_argument("folder", type=Path, metavar="FOLDER")
    _add_prefer(look)
    add_json(look)
    add_today(look)
    take = actions.add_parser("export", help="everything in the folder, as CSV and JSON with digests")
    take.add_argument("folder", type=Path, metavar="FOLDER")
    take.add_argument("--out", type=Path, metavar="DIR", help="a new folder (default FOLDER-export-DATE)")
    take.add_argument("--salvage", action="store_true", help="also from a damaged log: whatever is whole")
    add_today(take)
    wipe = actions.add_parser("erase", help="removes everything that is kept about the person; asks first")
    wipe.add_argument("folder", type=Path, metavar="FOLDER")
    wipe.add_argument("--yes", action="store_true", help="do not ask")
    for name, caption in (("stop", "ends all suggestions for this person"), ("resume", "allows suggestions again")):
        one = actions.add_parser(name, help=caption)
        one.add_argument("folder", type=Path, metavar="FOLDER")
        add_today(one)
    begin = actions.add_parser("mapping", help="writes a mapping file to begin with, from the header of a diary")
    begin.add_argument("file", type=str, metavar="FILE")
    begin.add_argument("--out", type=Path, metavar="FILE", help="where to (default: the terminal)")
    add_today(begin)


def _add_prefer(parser: ArgumentParser) -> None:
    text = "an app or device to believe where several measured the same; repeat in order; an import keeps it"
    parser.add_argument("--prefer", action="append", metavar="SOURCE", help=text)


def run(options: Options) -> Reply:
    """What the asked action says."""
    actions: dict[str, Callable[[Options], Reply]] = {
        "import": _import,
        "show": _show,
        "export": _export,
        "erase": _erase,
        "stop": _stop,
        "resume": _resume,
        "mapping": _mapping,
    }
    return actions[options.action](options)


class _Import:
    """One import under way: what is taken in, what is told of it."""

    def __init__(self, prefer: tuple[str, ...]) -> None:
        self.gathering = Gathering(prefer)
        self.clinical: list[Record] = []
        self.quarantined: list[Quarantined] = []
        self.quarantined_count = 0
        self.ignored: list[Ignored] = []
        self.warnings: list[str] = []
        self.retold = Retold()
        self._loaded = False

    def loaded(self) -> None:
        """What comes from now on is new to the folder."""
        self._loaded = True

    def add(self, record: Record) -> None:
        """A record of the folder: to its day, and a laboratory value or a medicine to the list of those too."""
        self.gathering.add(record)
        if not self._loaded:
            self.retold.held(record)
        if record.kind in ("lab", "medicine"):
            self.clinical.append(record)

    def take(self, reading: Reading, session: Session) -> None:
        """Everything of one file."""
        for one in reading.found():
            if isinstance(one, Record):
                session.take(one)
                if reading.importer == SERVINGS:
                    self.retold.said(one)
            elif isinstance(one, Quarantined):
                session.doubt(one)
                self.doubt(one)
            elif isinstance(one, Ignored):
                self.ignored.append(one)
            elif isinstance(one, Retracted):
                session.retract(one)
            else:
                self.warnings.append(one.sentence)

    def doubt(self, one: Quarantined) -> None:
        """Something that was not believed, shown up to a number."""
        self.quarantined_count += 1
        if len(self.quarantined) < MOST_SHOWN:
            self.quarantined.append(one)

    def days(self) -> tuple[Day, ...]:
        """The days of the folder."""
        return tuple(sorted(self.gathering.days(), key=lambda day: day.date))


def _import(options: Options) -> Reply:
    into = options.into or Path()
    folder = Folder(into)
    mapping = None if options.mapping is None else read_mapping(options.mapping)
    kept = () if mapping is not None else tuple(read_mapping(path) for path in kept_mappings(folder))
    asked = Asked(mapping, kept, _age(folder, options))
    readings = _readings([source_file(name, today=options.today) for name in options.files], asked)
    prefer = tuple(options.prefer) or (mapping.prefer if mapping is not None else ()) or preferred_sources(folder)
    taken = _Import(prefer)
    replacement = _replacement(readings) if options.replace else None
    with Session(folder, dry_run=options.dry_run, each=taken.add, replacement=replacement) as session:
        taken.warnings += session.healed
        taken.loaded()
        for reading in readings:
            taken.take(reading, session)
    taken.warnings += taken.retold.remarks()
    if mapping is not None and options.mapping is not None and not options.dry_run:
        keep_mapping(folder, mapping.source, options.mapping.read_bytes())
    if options.prefer and not options.dry_run:
        keep_mapping(folder, PREFERRED, json.dumps({"source": PREFERRED, "prefer": list(options.prefer)}).encode())
    return _told(folder, taken, session, options)


def _age(folder: Folder, options: Options) -> float | None:
    """The age by the person file; None without one, and where it does not read, which is no matter of an import."""
    try:
        person = folder.person(today=options.today)
    except InputError:
        return None
    return None if person is None else person.age_y


def _show(options: Options) -> Reply:
    folder = _present(options)
    taken = _Import(tuple(options.prefer) or preferred_sources(folder))
    with Session(folder, dry_run=True, each=taken.add) as session:
        taken.warnings += session.healed
    for one in still_doubted(folder):
        taken.doubt(one)
    return _told(folder, taken, session, options)


def _told(folder: Folder, taken: _Import, session: Session, options: Options) -> Reply:
    """What an import did, or would do, and what the folder then holds."""
    days = taken.days()
    began = plan_day(folder, options.today) or magnesium_began(days)
    document = RecordsDocument(
        folder=str(folder.path),
        dry_run=options.dry_run,
        added=session.added,
        duplicate=session.duplicate,
        withdrawn=session.withdrawn,
        quarantined=tuple(taken.quarantined),
        quarantined_count=taken.quarantined_count,
        ignored=tuple(taken.ignored),
        warnings=(*taken.warnings, *taken.gathering.sources.remarks(), *_about(days, folder, began)),
        days=days,
        baseline=baseline_of(days, until=began),
        began=began,
        shown=options.action == "show",
        clinical=tuple(taken.clinical),
    )
    return Reply(as_json(document.as_json()) if options.json else records_text(document))


def _readings(files: list[SourceFile], asked: Asked) -> list[Reading]:
    """How every file reads; all that do not are told at once, before anything is kept."""
    found: list[Reading] = []
    faults: list[Fault] = []
    for file in files:
        try:
            found.append(reading_of(file, asked))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def _replacement(readings: list[Reading]) -> Replacement:
    made = Replacement()
    for reading in readings:
        for one in reading.found():
            if isinstance(one, Record):
                made.note(one)
    return made


def _about(days: tuple[Day, ...], folder: Folder, begun: date | None) -> list[str]:
    """What the owner should know about the days as a whole."""
    told = [
        f"{day.date}: records disagree on {one}; it counts as unknown until a corrected diary is imported "
        "with --replace."
        for day in days
        for one in day.disagreements
    ]
    said = [day.headache for day in days if day.headache is not None]
    if said and all(said) and len(said) < (days[-1].date - days[0].date).days + 1:
        told.append(
            "Every day on which headache is known is one with headache, so nobody can tell how many there are: write "
            "down days without one too, or say headaches_logged in a mapping file."
        )
    first = next((day.date for day in days if day.known), None)
    if begun is not None and first is not None and first >= begun:
        told.append(
            f"The diary begins on {first}, and magnesium began on {begun}: there is no time before it to compare with, "
            "and no later figure can show what magnesium did."
        )
    if folder.exists and (since := folder.stopped) is not None:
        told.append(f"All suggestions were stopped here on {since}; records are still kept.")
    return told


def preferred_sources(folder: Folder) -> tuple[str, ...]:
    """The apps and devices that the person believes first, as an import kept them."""
    mappings = [read_mapping(path) for path in kept_mappings(folder)]
    mappings.sort(key=lambda one: one.source != PREFERRED)
    return tuple(dict.fromkeys(name for one in mappings for name in one.prefer))


def plan_day(folder: Folder, today: date) -> date | None:
    """The day on which a plan began, as the decision log or the person file says; None where neither does."""
    for entry in folder.decisions():
        if entry.type == "decision" and entry.body.get("action") == BEGUN:
            return date.fromisoformat(str(entry.body["day"]))
    try:
        person = folder.person(today=today)
    except InputError:
        return None
    since = [one.since for one in person.supplements if one.since is not None] if person is not None else []
    return min(since, default=None)


def _export(options: Options) -> Reply:
    folder = _present(options)
    out = options.out or folder.path.with_name(f"{folder.path.resolve().name}-export-{options.today}")
    count, wrong = export(folder, out, salvage=options.salvage)
    told = "".join(f"Look: {one}.\n" for one in wrong)
    return Reply(f"{count:,} records and all else of {folder.path} are in {out}.\n{told}")


def _erase(options: Options) -> Reply:
    folder = _present(options)
    paths = erasable(folder)
    if not options.yes:
        sys.stdout.write(f"{folder.path} holds {len(paths)} files about one person. Erase them for good? [y/N] ")
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            return Reply("\nNothing was erased.\n", 2)
    left = erase(folder)
    told = (
        f"Erased {len(paths)} files of {folder.path}. Copies and exports that you made elsewhere are yours to erase.\n"
    )
    if left:
        told += f"Left, since Davy did not write it: {', '.join(left)}.\n"
    return Reply(told)


def _stop(options: Options) -> Reply:
    folder = _present(options)
    if (since := folder.stopped) is not None:
        return Reply(f"All suggestions were stopped here on {since} already.\n")
    folder.stop(today=options.today)
    return Reply(
        f"All suggestions are stopped for {folder.path}, and that is recorded. Records are kept as before; "
        "`davy records resume` allows suggestions again.\n"
    )


def _resume(options: Options) -> Reply:
    folder = _present(options)
    if folder.stopped is None:
        return Reply("Suggestions are not stopped here.\n")
    folder.resume(today=options.today)
    return Reply(f"Suggestions are allowed again for {folder.path}, and that is recorded.\n")


def _mapping(options: Options) -> Reply:
    text = mapping_text(starter(source_file(str(options.file), today=options.today)))
    if options.out is None:
        return Reply(text)
    writable(options.out)
    if options.out.exists():
        raise InputError([Fault(str(options.out), "this file is there already and was left as it is", "another name")])
    write(options.out, text)
    return Reply(f"Wrote {options.out}: say for each column what it holds, or ignore.\n")


def _present(options: Options) -> Folder:
    folder = Folder(options.folder or Path())
    if not folder.exists:
        raise InputError([Fault(str(folder.path), "this is no person's folder", "the folder named with --into")])
    return folder
