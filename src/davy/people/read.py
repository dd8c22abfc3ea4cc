"""Reads a person file: YAML or JSON in, a `Person` out, or every fault of the file at once with line and field."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from davy.errors import Fault, InputError
from davy.people.faults import Faults, Place
from davy.people.file import PersonFile
from davy.people.lines import Entries, duplicates, plain_entries, read_tree
from davy.people.normalise import normalise
from davy.people.person import Person
from davy.tables import knowledge_file

LARGEST_FILE = 500_000
"""The most that is read of one file [bytes]; a person file is a few thousand."""

EXAMPLE = "example:"


def examples() -> tuple[str, ...]:
    """The names of the bundled people, for ``example:NAME``."""
    return tuple(sorted(file.name[:-5] for file in knowledge_file("examples").iterdir() if file.name.endswith(".yaml")))


def _example(name: str) -> str:
    if name not in examples():
        raise InputError([Fault(f"{EXAMPLE}{name}", "there is no such example", f"one of: {', '.join(examples())}")])
    return knowledge_file(f"examples/{name}.yaml").read_text(encoding="utf-8")


def _file(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            content = handle.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError([Fault(str(path), f"this file cannot be read: {error.strerror}", "or example:NAME")]) from None
    if len(content) > LARGEST_FILE:
        raise InputError(
            [Fault(str(path), f"this file is larger than {LARGEST_FILE:,} bytes", "a person file is a few thousand")]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Fault(str(path), f"byte {error.start + 1} is not UTF-8 text", "save it as UTF-8")]) from None


def read_person(source: str | Path, *, today: date) -> Person:
    """The person of a file.

    Parameters
    ----------
    source : a path, or ``example:NAME`` for a bundled person.
    today : the day that ages and freshness are counted from.

    Raises
    ------
    InputError : the file cannot be read; it carries every fault with line and field.
    """
    text = str(source)
    if text.startswith(EXAMPLE):
        return person_from_text(_example(text.removeprefix(EXAMPLE)), name=text, today=today)
    return person_from_text(_file(Path(source)), name=text, today=today)


def _set_aside(values: dict[str, object], places: list[Place], faults: Faults) -> None:
    """Take faulty keys and list entries out, so that what is left can be judged too."""
    for key in {str(place[0]) for place in places}:
        items = values.get(key)
        bad = {place[1] for place in places if place[0] == key and len(place) > 1}
        if isinstance(items, list) and all(isinstance(index, int) for index in bad) and bad:
            entries = cast("list[object]", items)
            kept = [index for index in range(len(entries)) if index not in bad]
            values[key] = [entries[index] for index in kept]
            faults.renumber(key, kept)
        else:
            values.pop(key, None)


def _typed(values: dict[str, object], faults: Faults) -> PersonFile:
    """The file with its types checked; what is faulty is noted and set aside."""
    for _ in range(4):
        try:
            return PersonFile.model_validate(values)
        except ValidationError as error:
            places = [fault["loc"] for fault in error.errors(include_url=False)]
            for fault in error.errors(include_url=False):
                faults.add_validation(fault)
            _set_aside(values, places, faults)
    return PersonFile()


def person_from_text(text: str, *, name: str, today: date) -> Person:
    """The person of a YAML or JSON text.

    Parameters
    ----------
    text : the content of a person file.
    name : what to call it in faults, as its file name.
    today : the day that ages and freshness are counted from.

    Raises
    ------
    InputError : every fault of the text at once.
    """
    tree = read_tree(text, name)
    faults = Faults(tree, name)
    if not isinstance(tree, Entries):
        raise InputError([Fault(f"{name}, line {tree.line}", "a person file is a set of keys", "like davy: 1")])
    if not plain_entries(tree):
        raise InputError([Fault(name, "the file is empty: it says nothing about anybody", "`davy new` writes one")])
    for place, first, repeat in duplicates(tree):
        faults.add(place, f"'{place[-1]}' was already given on line {first}", "keep one of the two", line=repeat)
    values = plain_entries(tree)
    person = normalise(_typed(values, faults), today, faults)
    faults.close()
    return person
