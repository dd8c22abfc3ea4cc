"""The importer of FHIR R4: bundles, single resources and NDJSON, alone, in an archive or in a folder.

Of one person always: a file that speaks of two is refused, since a folder holds the records of one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, tzinfo

from davy.errors import Fault, InputError
from davy.exchange.device import MOST_VALUES, asked_zone, crowded, refuse_age, refuse_columns
from davy.exchange.fhir.concepts import called, codings
from davy.exchange.fhir.context import Context
from davy.exchange.fhir.document import LARGEST, Document, Resource, document_of, lines_of, parsed, text, tree_of
from davy.exchange.fhir.measured import shown
from davy.exchange.fhir.medication import taken
from davy.exchange.fhir.moments import is_utc
from davy.exchange.fhir.observation import is_of_use, observed
from davy.exchange.fhir.shape import READ, wrong_with
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Record, Remark

SOURCE = "FHIR"
_TYPED = re.compile(rb'"resourceType"\s*:\s*"')
_OBJECT = re.compile(rb"\s*\{")
_UTC = "the place of times that are told in UTC"
_BLOCK, _FIRST = 2**20, 4096
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BLANK = b"\xef\xbb\xbf \t\r\n"


def reads(file: SourceFile) -> bool:
    """Whether it is a JSON object that names a resource type anywhere, FHIR in XML, or an archive of such files.

    An archive with XML in it is a device's, whose importer asks for the health records that lie beside.
    """
    if file.is_folder or file.members:
        found = [part for part in file.parts if _is_json(part) and _TYPED.search(part.begins(_FIRST))]
        return bool(found) and not any(part.name.lower().endswith(".xml") for part in file.parts)
    first = file.begins(_FIRST)
    if first.startswith(_UTF_16):  # refused by name, since JSON is UTF-8
        return bool(_TYPED.search(first.replace(b"\0", b"")))
    if first.lstrip(_BLANK).startswith(b"<"):
        return b'"http://hl7.org/fhir"' in first
    return first.lstrip(_BLANK).startswith(b"{") and _names_a_type(file)


def _is_json(part: SourceFile) -> bool:
    return part.name.lower().endswith((".json", ".ndjson", ".fhir"))


def _names_a_type(file: SourceFile) -> bool:
    last = b""
    with file.open() as handle:
        while block := handle.read(_BLOCK):
            if _TYPED.search(last + block):
                return True
            last = block[-_FIRST:]
    return False


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How records of health read; a mapping may say `zone`, where times are to be read by the person's own clock.

    Raises
    ------
    InputError : it is no FHIR in JSON, it is too large, it speaks of two people or of somebody of another age than the
        person file, or a mapping names columns.
    """
    refuse_columns(file, asked, "health records")
    zone = asked_zone(asked)
    plain = not (file.is_folder or file.members)
    parts = [one for one in file.parts if plain or (_is_json(one) and _TYPED.search(one.begins(_FIRST)))]
    documents = [document_in(part) for part in parts]
    for document in documents:
        _refuse_another(document, asked.age_y, file.today)
    return Reading(
        "fhir",
        SOURCE,
        lambda: (one for document in documents for one in found_in(document, SOURCE, file.today, zone)),
    )


def document_in(file: SourceFile) -> Document:
    """The resources of one file of JSON or NDJSON, all of one person; raises InputError where it is none."""
    with file.open() as handle:
        content = handle.read(LARGEST + 1)
    if len(content) > LARGEST:
        what = f"this FHIR file is larger than {LARGEST // 2**20} MB"
        raise InputError(
            [Fault(file.name, what, "export the observations and the medicines alone, or NDJSON in parts")]
        )
    if crowded(content):
        what = f"this FHIR file holds more than {MOST_VALUES:,} values"
        raise InputError([Fault(file.name, what, "export the observations and the medicines alone, or in parts")])
    if content.lstrip(_BLANK).startswith(b"<"):
        raise InputError([Fault(file.name, "this is FHIR in XML", "export it as JSON")])
    if _is_lines(content):
        document = lines_of(content, file.name)
    else:
        document = document_of(parsed(content, file.name), file.name)
    people = {document.person(one) for one in document.resources if one.kind in READ} - {""}
    if len(people) > 1:
        what = f"this file speaks of {len(people)} people, and a folder holds the records of one"
        raise InputError([Fault(file.name, what, "export the records of one person")])
    return document


def _is_lines(content: bytes) -> bool:
    """Whether the first line is a whole object that names a resource type, and another object follows it."""
    first = _OBJECT.match(content)
    end = -1 if first is None else content.find(b"\n", first.end())
    if first is None or end < 0 or not _OBJECT.match(content, end):
        return False
    line = content[first.start() : end].rstrip(b" \t\r")
    return line.endswith(b"}") and b'"resourceType"' in line


def _refuse_another(document: Document, age_y: float | None, today: date) -> None:
    """Refuse the records of somebody who was born years before or after the person of the folder."""
    for one in document.resources:
        born = text(one.tree, "birthDate") if one.kind == "Patient" else ""
        refuse_age(one.file, born, age_y, today)


def found_in(document: Document, source: str, today: date, zone: tzinfo | None = None) -> Iterator[Found]:
    """The facts of a document: laboratory values, measurements, medicines, and what of it was passed over."""
    context = Context(document, source, today, zone)
    name = document.resources[0].file if document.resources else ""
    yield from (Remark(f"{name}: {remark}.") for remark in document.remarks)
    others: Counter[str] = Counter()
    utc = 0
    for resource in _newest(document):
        if resource.kind not in ("Observation", "MedicationStatement", "MedicationRequest"):
            others[resource.kind or "that is not said"] += resource.kind not in READ
            continue
        for one in _one(resource, context):
            utc += isinstance(one, Record) and is_utc(one.start)
            yield one
    for kind, count in others.items():
        if count:
            yield Ignored(f"resources of the type {kind}", "Davy reads observations and medicines", count)
    if utc:
        yield Ignored(_UTC, "they count to the day it was in UTC; a mapping file with a zone reads them by yours", utc)


def _newest(document: Document) -> Iterator[Resource]:
    """Every resource, of several versions of one the newest alone."""
    newest: dict[str, Resource] = {}
    for one in document.resources:
        name = one.address or one.local
        if name and (name not in newest or _version(one) > _version(newest[name])):
            newest[name] = one
    for one in document.resources:
        name = one.address or one.local
        if not name or newest[name] is one:
            yield one


def _version(resource: Resource) -> tuple[str, int]:
    meta = tree_of(resource.tree, "meta")
    number = text(meta, "versionId")
    return text(meta, "lastUpdated"), int(number) if number.isdecimal() and len(number) < 9 else 0


def _one(resource: Resource, context: Context) -> Iterator[Found]:
    is_observation = resource.kind == "Observation"
    if is_observation and not is_of_use(resource.tree):
        concept = tree_of(resource.tree, "code")
        if codings(concept) or text(concept, "text"):
            yield Ignored(called(concept), "Davy has no use for it")
        else:
            yield context.doubt(resource, shown(resource.tree), "its code does not say what was measured")
    elif (why := _about_another(resource, context) or wrong_with(resource.tree, resource.kind)) is not None:
        told = shown(resource.tree) if is_observation else called(tree_of(resource.tree, "medicationCodeableConcept"))
        yield context.doubt(resource, told, why)
    else:
        yield from (observed if is_observation else taken)(resource, context)


def _about_another(resource: Resource, context: Context) -> str | None:
    """Why a resource says nothing of the person: its subject is none."""
    kind = context.document.no_person(resource)
    return f"its subject is a {kind}, and so it is about no person" if kind else None
