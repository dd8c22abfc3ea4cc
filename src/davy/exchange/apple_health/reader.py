"""The importer of Apple Health: finds the export in an archive or a folder, whatever language it is named in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from davy.errors import InputError
from davy.exchange.apple_health.facts import APPLE, KEYS, Facts, types
from davy.exchange.apple_health.stream import LONGEST_PROLOG, ROOT, Broken, Elements, Prolog
from davy.exchange.archive import MOST_MEMBERS
from davy.exchange.dates import DateRule
from davy.exchange.device import asked_zone, declared, named, refuse_age, refuse_columns
from davy.exchange.fhir.reader import document_in, found_in
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Quarantined, Remark

_XML = re.compile(rb"\s*<(?:\?xml|!DOCTYPE|HealthData)", re.IGNORECASE)
_ME = re.compile(rb"<Me\s[^<>]{0,2000}HKCharacteristicTypeIdentifierDateOfBirth=[\"'](\d{4})")
_HEALTH = re.compile(rb"<!DOCTYPE\s+HealthData")
_FRAME = ("ExportDate", "Me", "Correlation")
"""Elements that say nothing of their own: the parts of a correlation also stand alone."""
_RECORD = "ClinicalRecord"
_CLINICAL = re.compile(r"/clinical[-_]records/[^/]+\.json$", re.IGNORECASE)
_MARKS = b"\xef\xbb\xbf\xff\xfe"
_FHIR = b'"http://hl7.org/fhir"'
_FIRST = 4096


def reads(file: SourceFile) -> bool:
    """Whether it is XML, or an archive or a folder with an export of Apple Health in it."""
    if file.members:
        return any(_is_export(one) for one in file.members)
    return _is_xml(file)


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How an export reads; a mapping may say `zone` and `headaches_logged`, and nothing about columns.

    Raises
    ------
    InputError : it is other XML, declares entities, its archive is damaged, it is of somebody of another age than the
        person file, or a mapping names columns.
    """
    refuse_columns(file, asked, APPLE)
    exports = [one for one in file.members if _is_export(one)] if file.members else [file]
    for one in exports:
        with one.open() as stream:
            Prolog(stream, one.name)
        if (me := _ME.search(one.begins(LONGEST_PROLOG))) is not None:
            refuse_age(one.name, me[1].decode("ascii"), asked.age_y, file.today)
        one.prove()
    rule = DateRule("year-first", file.today, asked_zone(asked))
    clinical = tuple(one for one in file.members if _CLINICAL.search(one.name))
    return Reading("apple_health", APPLE, lambda: chain(declared(file, asked), _all(exports, clinical, rule)))


def _all(exports: list[SourceFile], clinical: tuple[SourceFile, ...], rule: DateRule) -> Iterator[Found]:
    """What the export says, then what each clinical record does, under the name of the hospital or practice."""
    sources: dict[str, str] = {}
    for one in exports:
        yield from _found(one, rule, sources)
    for one in clinical:
        try:
            source = sources.get(_base(one.name), f"{APPLE} records")
            yield from found_in(document_in(one), source, rule.today, rule.zone)
        except InputError as error:
            yield Quarantined(one.name, 0, _base(one.name), f"this file does not read: {error.faults[0].what}")
    if sources and not clinical:
        yield Ignored(
            "elements ClinicalRecord", "their files lie beside export.xml: give the archive or its folder", len(sources)
        )


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _is_xml(file: SourceFile) -> bool:
    first = file.begins(_FIRST)
    return _XML.match(first.replace(b"\0", b"").lstrip(_MARKS)) is not None and _FHIR not in first


def _is_export(file: SourceFile) -> bool:
    if not file.name.lower().endswith(".xml"):
        return False
    start = file.begins(LONGEST_PROLOG)
    return bool(ROOT.search(start) or _HEALTH.search(start))


def _found(file: SourceFile, rule: DateRule, sources: dict[str, str]) -> Iterator[Found]:
    elements = Elements(file.name, frozenset(types()), KEYS, frozenset((_RECORD,)))
    facts = Facts(file.name, rule)
    with file.open() as stream:
        for element in elements.read(stream):
            if isinstance(element, Broken):
                yield from _broken(element, file.name)
            elif element.name == _RECORD:
                if len(sources) < MOST_MEMBERS:
                    place = element.attributes.get("resourceFilePath", "")
                    sources[_base(place)] = named(element.attributes.get("sourceName", "")) or APPLE
            else:
                yield facts.of(element)
    for (what, kind), count in elements.unwanted.items():
        if kind not in _FRAME:
            yield Ignored(f"{what} {kind}" if kind else f"other {what}", "Davy has no field for it", count)
    if facts.unzoned:
        yield Remark(
            f"{file.name}: {facts.unzoned:,} records have a time without an offset, which is read as the person's own."
        )
    if elements.control:
        yield Remark(f"{file.name}: characters that XML forbids stand in it and were read as question marks.")


def _broken(element: Broken, name: str) -> Iterator[Found]:
    if element.resumed is None:
        went_on = "nothing after it was read; export again, and what is kept already stays one"
    else:
        went_on = f"reading went on at line {element.resumed:,}"
    yield Quarantined(name, element.line, element.snippet, f"this is not well-formed ({element.what}): {went_on}")
