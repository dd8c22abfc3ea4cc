"""Exports of devices as they lie on disk, for the tests of their importers."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.rooms.exchange.importing import TODAY, Brought

from davy.exchange.importing import Asked, reading_of
from davy.exchange.source_file import source_file
from davy.followup.records import Ignored, Quarantined, Record

# the document type of a genuine export of version 12, which is not well-formed: an ATTLIST lacks its end
DOCTYPE = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 12 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout)*)>
<!ATTLIST VisionPrescription
  type CDATA #REQUIRED
<!ELEMENT RightEye EMPTY>
]>
"""


def apple(*elements: str, doctype: str = DOCTYPE) -> str:
    """An `export.xml` with these elements, each on a line of its own, the first on line 12 below the document type."""
    body = "".join(f" {one}\n" for one in elements)
    head = ' <ExportDate value="2026-11-20 10:00:00 +0100"/>\n <Me HKCharacteristicTypeIdentifierBiologicalSex="x"/>\n'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}<HealthData locale="de_DE">\n{head}{body}</HealthData>\n'


def entry(
    kind: str,
    start: str,
    value: str,
    *,
    end: str = "",
    unit: str = "",
    source: str = "Phone",
    below: str = "",
    **more: str,
) -> str:
    """A `Record`."""
    shown = {"type": kind, "sourceName": source, **more, "startDate": start, "endDate": end or start, "value": value}
    if unit:
        shown["unit"] = unit
    said = " ".join(f'{name}="{text}"' for name, text in shown.items())
    return f"<Record {said}>{below}</Record>" if below else f"<Record {said}/>"


def sleep(start: str, end: str, stage: str, source: str = "Watch") -> str:
    """A stage of sleep."""
    kind, value = "HKCategoryTypeIdentifierSleepAnalysis", f"HKCategoryValueSleepAnalysis{stage}"
    return entry(kind, start, value, end=end, source=source)


def headache(start: str, end: str, severity: str) -> str:
    """A headache entry."""
    return entry("HKCategoryTypeIdentifierHeadache", start, f"HKCategoryValueSeverity{severity}", end=end)


def magnesium(start: str, value: str, unit: str = "mg", *, source: str = "Food app", created: str = "") -> str:
    """Magnesium that was eaten."""
    kind = "HKQuantityTypeIdentifierDietaryMagnesium"
    return entry(kind, start, value, unit=unit, source=source, creationDate=created or start)


def zipped(path: Path, files: dict[str, str | bytes], name: str = "export.zip") -> Path:
    """An archive."""
    with zipfile.ZipFile(path / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(member, content)
    return path / name


def written(path: Path, content: str | bytes, name: str = "export.xml") -> Path:
    """A file."""
    path.joinpath(name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path / name


def brought(path: Path, asked: Asked | None = None) -> Brought:
    """The facts of a file, an archive or a folder."""
    made = Brought()
    for one in reading_of(source_file(str(path), today=TODAY), asked or Asked()).found():
        if isinstance(one, Record):
            made.records.append(one)
        elif isinstance(one, Quarantined):
            made.quarantined.append(one)
        elif isinstance(one, Ignored):
            made.ignored.append(one)
        else:
            made.remarks.append(one.sentence)
    return made
