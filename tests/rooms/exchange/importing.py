"""Brings a text in as a diary, for the tests of the importers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from davy.exchange.diary.mapping import mapping_from_text
from davy.exchange.importing import Asked, reading_of
from davy.exchange.source_file import source_file
from davy.followup.days import Day, days_of
from davy.followup.records import Ignored, Quarantined, Record, Remark, Retracted

TODAY = date(2026, 11, 22)


@dataclass
class Brought:
    """What an import gave."""

    records: list[Record] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    retracted: list[Retracted] = field(default_factory=list)

    @property
    def days(self) -> dict[str, Day]:
        return {day.date.isoformat(): day for day in days_of(self.records)}

    def day(self, text: str) -> Day:
        return self.days[text]

    def why(self) -> list[tuple[int, str, str]]:
        return [(one.line, one.value, one.why) for one in self.quarantined]


def bring(path: Path, content: str | bytes, *, mapping: str | None = None, name: str = "diary.csv") -> Brought:
    """The facts of a diary."""
    path = path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    asked = Asked(None if mapping is None else mapping_from_text(mapping, name="map.yaml"))
    brought = Brought()
    for one in reading_of(source_file(str(path), today=TODAY), asked).found():
        if isinstance(one, Record):
            brought.records.append(one)
        elif isinstance(one, Quarantined):
            brought.quarantined.append(one)
        elif isinstance(one, Ignored):
            brought.ignored.append(one)
        elif isinstance(one, Retracted):
            brought.retracted.append(one)
        else:
            assert isinstance(one, Remark)
            brought.remarks.append(one.sentence)
    return brought
