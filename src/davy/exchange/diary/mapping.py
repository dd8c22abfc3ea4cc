"""How the columns of a diary read: the mapping file that a person can write once and Davy keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from davy.errors import Fault, InputError
from davy.exchange.dates import Order, Unreadable, zone_of
from davy.people.faults import closest, field_name, short
from davy.people.file import IsoDate, Listed, Word
from davy.people.lines import Entries, Node, duplicates, line_of, plain_entries, read_tree
from davy.people.vocabulary import plain
from davy.tables import Row, Words, read_table

Scale = Literal["0-10", "0-100"]
Blank = Literal["unknown", "no"]
IGNORE = "ignore"
LARGEST = 200_000
_DELIMITERS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "bar": "|",
    ",": ",",
    ";": ";",
    "\\t": "\t",
    "\t": "\t",
    "|": "|",
}


class ColumnRow(Row):
    """A field of a diary: what it is, whether several columns may hold it, and the headers it is known by."""

    id: str
    label: str
    many: Literal["yes"] | None = None
    names: Words = ()
    note: str | None = None


@cache
def fields() -> dict[str, ColumnRow]:
    """Every field that a column can be read as, by its name."""
    return {row.id: row for row in read_table("diary_columns.csv", ColumnRow)}


@cache
def _by_header() -> dict[str, str]:
    return {plain(name): row.id for row in fields().values() for name in (row.id, *row.names)}


def field_of_header(header: str) -> str | None:
    """The field of a header in any spelling ("Pain (0-10)"), or None."""
    return _by_header().get(plain(header))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Since(_Part):
    """From this day on a column is on that scale."""

    since: IsoDate
    scale: Scale


class ColumnEntry(_Part):
    """One column: the field it holds, the scale of a pain column, what a blank cell means."""

    field: Word
    scale: Scale | None = Field(default=None, description="of a pain column; stated, it is believed")
    then: tuple[Since, ...] = Field(default=(), description="where the scale changed: from which day on it is which")
    blank: Blank = Field(default="unknown", description="what a blank cell says on a line that says something else")


class LoggedSpan(_Part):
    """Days on which every headache was written down, so that a day without an entry is a day without headache."""

    first: IsoDate
    last: IsoDate


def _column(value: object) -> object:
    return {"field": value} if isinstance(value, str) else value


def _delimiter(value: object) -> object:
    return _DELIMITERS.get(str(value).strip(" ").lower() if value != "\t" else "\t", value)


def _decimal(value: object) -> object:
    return {"comma": ",", "point": "."}.get(str(value).strip().lower(), value)


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _small(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in value)


class DiaryMapping(_Part):
    """A mapping file, version 1."""

    davy: Literal["1"] = "1"
    source: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")] = "diary"
    encoding: Literal["utf-8", "utf-16", "cp1252", "cp1250", "latin-1", "mac-roman"] | None = None
    delimiter: Annotated[Literal[",", ";", "\t", "|"], BeforeValidator(_delimiter)] | None = None
    decimal: Annotated[Literal[",", "."], BeforeValidator(_decimal)] | None = None
    dates: Order | None = None
    zone: Word | None = None
    skip_lines: Annotated[int, Field(ge=0, le=1000)] = 0
    columns: dict[str, Annotated[ColumnEntry, BeforeValidator(_column)]] = Field(default_factory=dict)
    yes: Annotated[Listed, AfterValidator(_small)] = ()
    no: Annotated[Listed, AfterValidator(_small)] = ()
    headaches_logged: Annotated[tuple[LoggedSpan, ...], BeforeValidator(_one_or_more)] = ()
    prefer: Listed = ()


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema of a mapping file, ``davy.diary-mapping/1``."""
    schema = DiaryMapping.model_json_schema()
    schema["$defs"]["ColumnEntry"]["properties"]["field"]["enum"] = [*fields(), IGNORE]
    columns = schema["properties"]["columns"]
    columns["additionalProperties"] = {"anyOf": [columns["additionalProperties"], {"enum": [*fields(), IGNORE]}]}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = "davy.diary-mapping/1"
    schema["title"] = "How the columns of a diary read"
    return schema


def read_mapping(path: Path) -> DiaryMapping:
    """The mapping of a file.

    Raises
    ------
    InputError : every fault of the file at once, with line and field.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([Fault(str(path), f"this file cannot be read: {error.strerror}")]) from None
    if len(content) > LARGEST:
        raise InputError([Fault(str(path), f"this file is larger than {LARGEST:,} bytes", "a mapping has a few lines")])
    try:
        return mapping_from_text(content.decode("utf-8-sig"), name=str(path))
    except UnicodeDecodeError:
        raise InputError([Fault(str(path), "this is not UTF-8 text", "save it as UTF-8")]) from None


def mapping_from_text(text: str, *, name: str) -> DiaryMapping:
    """The mapping of a YAML or JSON text; `name` is what faults call it."""
    tree = read_tree(text, name)
    if not isinstance(tree, Entries):
        raise InputError(
            [Fault(f"{name}, line {tree.line}", "a mapping is a set of keys", "like columns: {Datum: date}")]
        )
    faults = [
        Fault(f"{name}, line {repeat}", f"'{place[-1]}' was already given on line {first}", "keep one of the two")
        for place, first, repeat in duplicates(tree)
    ]
    try:
        found = DiaryMapping.model_validate(plain_entries(tree))
    except ValidationError as error:
        faults += [_told(one, tree, name) for one in error.errors(include_url=False)]
        raise InputError(faults) from None
    faults += list(_wrong(found, tree, name))
    if faults:
        raise InputError(faults)
    return found


def _wrong(found: DiaryMapping, tree: Node, name: str) -> list[Fault]:
    """What each key allows by itself and the mapping as a whole does not."""

    def at(*place: str | int) -> str:
        return f"{name}, line {line_of(tree, place)}, field {field_name(place)}"

    faults: list[Fault] = []
    for header, column in found.columns.items():
        if column.field not in fields() and column.field != IGNORE:
            right = closest(column.field, [*fields(), IGNORE])
            faults.append(Fault(at("columns", header), f"'{short(column.field)}' is no field of a diary", right))
        if (column.scale or column.then) and column.field != "pain":
            faults.append(Fault(at("columns", header), "only a pain column has a scale", "leave it out"))
        if column.blank == "no" and column.field not in ("headache", "medicine", "continuous", "menstruation"):
            right = "blank: no is for headache, medicine, continuous and menstruation"
            faults.append(Fault(at("columns", header), f"a blank {column.field} cannot mean no", right))
    for index, span in enumerate(found.headaches_logged):
        if span.last < span.first:
            faults.append(Fault(at("headaches_logged", index), "it ends before it begins", "last on or after first"))
    if found.zone is not None:
        try:
            zone_of(found.zone)
        except Unreadable as error:
            faults.append(Fault(at("zone"), str(error)))
    return faults


def _told(error: ErrorDetails, tree: Node, name: str) -> Fault:
    place = tuple(step for step in error["loc"] if not isinstance(step, str) or not step.startswith("function"))
    where = f"{name}, line {line_of(tree, place)}, field {field_name(place)}"
    kind, given = error["type"], short(error.get("input"))
    if kind == "extra_forbidden":
        owner = DiaryMapping if len(place) == 1 else ColumnEntry if place[0] == "columns" else LoggedSpan
        return Fault(
            where, f"'{short(place[-1])}' is not a key here", closest(str(place[-1]), list(owner.model_fields))
        )
    if kind == "literal_error":
        expected = re.findall(r"'([^']+)'", str(error.get("ctx", {}).get("expected", "")))
        return Fault(where, f"'{given}' is not understood here", closest(given, expected))
    plainly = {
        "date": (f"'{given}' is not a date", "year-month-day, like 2026-03-01"),
        "missing": (f"'{place[-1]}' is missing", ""),
        "string_pattern_mismatch": (f"'{given}' is not a name", "letters, digits, . _ and - only"),
        "dict_type": ("a set of keys is wanted here", "like {Datum: date}"),
        "model_type": ("a field or a set of keys is wanted here", "like pain, or {field: pain, scale: 0-100}"),
    }
    what, right = plainly.get(kind, (error["msg"], ""))
    return Fault(where, what, right)


def scale_on(column: ColumnEntry, day: date) -> Scale | None:
    """The scale that a column is stated to be on, on a day."""
    stated = column.scale
    for change in sorted(column.then, key=lambda one: one.since):
        if day >= change.since:
            stated = change.scale
    return stated


def mapping_text(mapping: Mapping[str, Any]) -> str:
    """A mapping as the file that says it."""
    import yaml

    return yaml.safe_dump(dict(mapping), sort_keys=False, allow_unicode=True, default_flow_style=False)
