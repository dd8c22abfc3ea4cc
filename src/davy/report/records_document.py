"""What an import says: counts, what was not believed, what was not used, and the days with what is known of each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, cast

from pydantic import TypeAdapter

from davy.followup.baseline import DiaryBaseline, Figure
from davy.followup.days import FIELDS, Amount, Day
from davy.followup.records import Ignored, Quarantined, Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class BaselineShown:
    """The baseline of the diary, in a person file's names."""

    schema: str
    first: str | None
    last: str | None
    days: int
    figures: tuple[Figure, ...]
    enough: bool


@dataclass(frozen=True)
class RecordsShown:
    """The document of ``davy records import --json``; of each day only what is known is there."""

    schema: str
    folder: str
    dry_run: bool
    added: int
    duplicate: int
    withdrawn: int
    quarantined: tuple[Quarantined, ...]
    quarantined_count: int
    ignored: tuple[Ignored, ...]
    warnings: tuple[str, ...]
    magnesium_began: str | None
    baseline: BaselineShown
    days: dict[str, Day]


@dataclass(frozen=True)
class RecordsDocument:
    """``davy records import``.

    Attributes
    ----------
    quarantined : of the files of this import, the first ten thousand of `quarantined_count`.
    baseline : of the days before `began`, the first with magnesium, or of all where none has any.
    shown : whether nothing was imported, only looked at.
    clinical : laboratory values and medicines of the folder, told in the text alone.
    days : every day of the folder after the import, or as it would be after a dry run.
    """

    folder: str
    dry_run: bool
    added: int
    duplicate: int
    withdrawn: int
    quarantined: tuple[Quarantined, ...]
    quarantined_count: int
    ignored: tuple[Ignored, ...]
    warnings: tuple[str, ...]
    days: tuple[Day, ...]
    baseline: DiaryBaseline
    began: date | None
    shown: bool = False
    clinical: tuple[Record, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.records/1)."""
        return {
            "schema": "davy.records/1",
            "folder": self.folder,
            "dry_run": self.dry_run,
            "added": self.added,
            "duplicate": self.duplicate,
            "withdrawn": self.withdrawn,
            "quarantined": [asdict(one) for one in self.quarantined],
            "quarantined_count": self.quarantined_count,
            "ignored": [asdict(one) for one in self.ignored],
            "warnings": list(self.warnings),
            "magnesium_began": None if self.began is None else self.began.isoformat(),
            "baseline": self.baseline.as_json(),
            "days": {day.date.isoformat(): day_shown(day) for day in self.days},
        }


def day_shown(day: Day) -> dict[str, Any]:
    """A day as JSON, what is unknown left out."""
    shown: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(day, name)
        if isinstance(value, Amount):
            shown[name] = asdict(value)
        elif value is not None:
            shown[name] = [*cast("tuple[str, ...]", value)] if isinstance(value, tuple) else value
    if day.disagreements:
        shown["disagreements"] = list(day.disagreements)
    return shown


def records_schema() -> dict[str, Any]:
    """The JSON Schema of ``davy.records/1``."""
    made = TypeAdapter(RecordsShown).json_schema(mode="serialization")
    made["properties"]["schema"] = {"const": "davy.records/1"}
    made["$defs"]["BaselineShown"]["properties"]["schema"] = {"const": "davy.baseline/1"}
    day = made["$defs"]["Day"]
    day["properties"] = {name: _known(part) for name, part in day["properties"].items() if name != "date"}
    for part in (made, *made["$defs"].values()):
        part["additionalProperties"] = False
        part["required"] = [] if part is day else sorted(part["properties"])
    return {"$schema": DIALECT, "$id": "davy.records/1", **made}


def _known(part: dict[str, Any]) -> dict[str, Any]:
    """The type of a field where it is known."""
    kinds = [kind for kind in part.get("anyOf", [part]) if kind.get("type") != "null"]
    return {name: value for name, value in kinds[0].items() if name != "default"}
