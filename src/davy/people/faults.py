"""Collects what is wrong with a person file, each fault at its place, in sentences a newcomer can act on."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from davy.errors import Fault, InputError
from davy.people.file import (
    BaselineEntry,
    ClinicianEntry,
    DietEntry,
    LabEntry,
    MedicineEntry,
    PersonFile,
    SupplementEntry,
    WaterEntry,
)
from davy.people.lines import Node, line_of

Place = tuple[str | int, ...]

_KEYS = {
    "": PersonFile, "clinician": ClinicianEntry, "diet": DietEntry, "water": WaterEntry, "supplements": SupplementEntry,
    "medicines": MedicineEntry, "baseline": BaselineEntry, "labs": LabEntry,
}  # fmt: skip


def field_name(place: Place) -> str:
    """A place as a reader writes it, like ``labs[0].value``."""
    name = ""
    for step in place:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


class Faults:
    """The faults found so far in one file."""

    def __init__(self, tree: Node, name: str) -> None:
        self._tree = tree
        self._name = name
        self._found: dict[Fault, int] = {}
        self._kept: dict[str, list[int]] = {}

    def renumber(self, key: str, kept: list[int]) -> None:
        """Say which entries of a list are still judged, so that later faults name the entry's number in the file."""
        before = self._kept.get(key)
        self._kept[key] = kept if before is None else [before[index] for index in kept]

    def _in_file(self, place: Place) -> Place:
        if len(place) > 1 and isinstance(place[1], int) and place[0] in self._kept:
            return (place[0], self._kept[str(place[0])][place[1]], *place[2:])
        return place

    def add(self, place: Place, what: str, right: str = "", *, line: int | None = None) -> None:
        """Note one fault; its line is looked up in the file."""
        place = self._in_file(place)
        at = line if line is not None else line_of(self._tree, place)
        where = f"{self._name}, line {at}" + (f", field {field_name(place)}" if place else "")
        self._found.setdefault(Fault(where, what, right), at)

    def add_validation(self, error: ErrorDetails) -> None:
        """Note what a type of the file refused."""
        what, right = _sentence(error, error["loc"])
        self.add(error["loc"], what, right)

    def close(self) -> None:
        """Raise every fault at once, in the order of the file; silent where there is none."""
        if self._found:
            raise InputError(sorted(self._found, key=lambda fault: self._found[fault]))


def short(text: object) -> str:
    """A text as it is quoted in a fault: one line, cut where it is long."""
    line = " ".join(str(text).split())
    return line if len(line) <= 60 else f"{line[:57]}..."


def closest(word: str, known: list[str]) -> str:
    """Advice that names the nearest known words, or all of them where none is near."""
    near = get_close_matches(word.lower()[:60], known, n=2, cutoff=0.6)
    near = near or [choice for choice in known if len(word) > 3 and choice.startswith(word.lower()[:4])][:2]
    return f"did you mean {' or '.join(near)}?" if near else f"one of: {', '.join(known)}"


def _words(quoted: str) -> list[str]:
    return [part.strip(" '\"") for part in quoted.replace(" or ", ", ").split(",") if part.strip()]


def _unknown_key(place: Place) -> tuple[str, str]:
    owner = str(place[0]) if len(place) > 1 else ""
    known = list(_KEYS[owner].model_fields) if owner in _KEYS else []
    key = short(field_name(place[-1:]))
    return f"'{key}' is not a key of a person file", closest(key, known)


def _likely_number(text: str) -> str:
    if text.count(",") == 1 and text.replace(",", "").replace(".", "").strip().isdigit():
        return f"write a decimal point: {text.replace(',', '.')}"
    digits = "".join(char for char in text if char.isdigit() or char == ".")
    return (
        f"only the number: {digits}"
        if any(char.isdigit() for char in digits)
        else "a number; leave the key out where it is unknown"
    )


def _out_of_range(place: Place, given: Any, limits: dict[str, Any]) -> tuple[str, str]:
    value = float(given)
    field = str(place[-1])
    what = f"{value:g} is not possible" + (
        f" (from {limits['ge']:g})" if "ge" in limits else f" (up to {limits['le']:g})"
    )
    likely = {
        "height_cm": (
            f"did you mean metres? then {value * 100:g}" if value < 3 else 'did you mean feet? then height: "5 ft 6 in"'
        ),
        "weight_kg": "the weight in kilograms; for pounds write weight: 178 lb",
        "magnesium_mg_per_day": "milligrams of magnesium in a day's food",
        "weight_change_6mo_pct": "per cent, negative for a loss",
        "age_y": "years; Davy also refuses to plan for a child, but as an answer, not as a fault",
    }
    return what, likely.get(field, "")


def _sentence(error: ErrorDetails, place: Place) -> tuple[str, str]:
    """What is wrong and what would be right, from a fault of the type layer."""
    kind, given, limits = error["type"], error.get("input"), error.get("ctx", {})
    quoted = short(given)
    if kind == "extra_forbidden":
        return _unknown_key(place)
    if kind == "missing":
        return f"'{place[-1]}' is missing", f"every {place[0]} entry needs it" if len(place) > 1 else ""
    if kind in ("greater_than_equal", "less_than_equal"):
        return _out_of_range(place, given, limits)
    if kind in ("float_parsing", "float_type", "finite_number"):
        return f"'{quoted}' is not a number" if isinstance(given, str) else "a number is wanted here", _likely_number(
            str(given)
        )
    if kind == "literal_error":
        return f"'{quoted}' is not understood here", closest(str(given), _words(limits.get("expected", "")))
    plain = {
        "date": (f"'{quoted}' is not a date", "year-month-day, like 2026-09-02"),
        "clock": (f"'{quoted}' is not a clock time", "24 hours, like 21:00"),
        "bool_parsing": (f"'{quoted}' is neither yes nor no", "true or false; leave the key out where it is unknown"),
        "bool_type": ("a yes or no is wanted here", "true or false"),
        "tuple_type": ("a list is wanted here", "like [one, two]"),
        "string_type": ("a single word or text is wanted here", ""),
        "dict_type": ("a set of keys is wanted here", "like {key: value}"),
        "model_type": ("a set of keys is wanted here", "like {key: value}"),
        "string_too_short": ("this is empty", "leave the key out where it is unknown"),
        "string_too_long": ("this text is too long", ""),
        "too_long": ("this list is too long", f"at most {limits.get('max_length', '')} entries"),
        "string_pattern_mismatch": (f"'{quoted}' is not an ATC code", "like A02BC01; leave it out where it is unknown"),
    }
    return plain.get(kind, (error["msg"], ""))
