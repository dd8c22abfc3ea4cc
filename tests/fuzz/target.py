"""One target of the fuzzer: bytes as a file of one kind, through the door of the importers and out as days."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["davy"]):
    from davy.errors import InputError
    from davy.exchange.importing import IMPORTERS, Asked, reading_of
    from davy.exchange.source_file import source_file
    from davy.followup.days import days_of
    from davy.followup.records import Record, implausible, record_of

    for _name in IMPORTERS:
        __import__(f"davy.exchange.{_name}")

from tests.fuzz.seeds import seeds

TODAY = date(2026, 11, 22)
MOST = 2_000
"""Records of one input that are looked at: what makes more says nothing new."""


def through_the_door(path: Path) -> None:
    """Import a file as ``davy records import`` does, without a folder."""
    try:
        found = []
        for one in reading_of(source_file(str(path), today=TODAY), Asked()).found():
            if isinstance(one, Record):
                assert implausible(one) is None
                assert record_of(json.loads(json.dumps(one.as_json()))) == one
                found.append(one)
                if len(found) >= MOST:
                    break
        days_of(found)
    except InputError as error:
        str(error)


def plain(path: Path) -> Callable[[bytes], None]:
    """The bytes are the file."""

    def one(content: bytes) -> None:
        path.write_bytes(content)
        through_the_door(path)

    return one


def zipped(path: Path) -> Callable[[bytes], None]:
    """The bytes are an archive, or else what lies in a good one."""

    def one(content: bytes) -> None:
        if not content.startswith(b"PK"):
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
                made.writestr("apple_health_export/export.xml", content)
                made.writestr("apple_health_export/clinical-records/Observation-1.json", content[::2])
            content = archive.getvalue()
        path.write_bytes(content)
        through_the_door(path)

    return one


def main() -> None:
    """Fuzz one kind of file in a working folder."""
    kind, work = sys.argv[1], Path(sys.argv[2])
    corpus = work / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, content in enumerate(seeds(kind)):
        (corpus / f"seed-{number}").write_bytes(content)
    target = (zipped if kind == "zip" else plain)(work / f"given.{kind}")
    atheris.Setup([sys.argv[0], *sys.argv[3:], str(corpus)], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
