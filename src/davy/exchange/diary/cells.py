"""One cell as one fact: numbers, yes and no, medicines, shares. A blank says nothing; what is doubtful is not read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from davy.exchange.dates import Unreadable

BLANKS = frozenset(
    (
        "",
        "-",
        "--",
        "---",
        "\u2013",
        "\u2014",
        "?",
        "??",
        ".",
        "n/a",
        "na",
        "#n/a",
        "nan",
        "null",
        "unknown",
        "not recorded",
    )
)
YES = frozenset(("yes", "y", "true", "1", "x", "ja", "oui", "si", "sí", "✓", "✔", "taken", "present"))
NO = frozenset(("no", "n", "false", "0", "nein", "non", "none", "absent", "✗", "✘", "not present"))
MISSED = frozenset(("missed", "miss", "forgotten", "forgot", "skipped", "not taken"))
NONE_TAKEN = frozenset(("none", "no", "0", "nil", "nothing", "no medication", "none taken", "keine", "false"))
UNNAMED = frozenset(("yes", "y", "true", "x", "ja", "taken"))
LOOSE = frozenset(("loose", "loose stool", "loose stools", "diarrhoea", "diarrhea", "watery", "liquid", "mushy"))
FORMED = frozenset(("normal", "formed", "solid", "hard", "firm", "ok"))
NO_NAME = "unnamed medicine"
_LONGEST_COUNTED = 200
"""In a longer name no count is looked for: a cell of blanks would take hours."""

_NUMBER = re.compile(r"([+-]?)(\d+)(?:([.,])(\d+))?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d.,]+)\s*([A-Za-zµμ%/].*)")
_HOURS_MINUTES = re.compile(r"(\d{1,2})\s*(?:h|hr|hrs|hours?|std)\.?\s*(?:(\d{1,2})\s*(?:m|min|mins|minutes?)?\.?)?")
_TIMES = re.compile(r"(?:(\d{1,2})\s*[x×]\s*(.+)|(.+?)\s*[x×]\s*(\d{1,2}))")
_SHARE = re.compile(r"(\d{1,3})\s*(?:/|of)\s*(\d{1,3})")
MINUTE_UNITS = frozenset(("min", "mins", "minute", "minutes", "m"))
HOUR_UNITS = frozenset(("h", "hr", "hrs", "hour", "hours", "std"))


def is_blank(cell: str) -> bool:
    """Whether a cell says nothing."""
    return not cell or cell.strip().lower() in BLANKS


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would work the cell out, which is never done here."""
    text = cell.lstrip()
    return text[:1] in ("=", "@") or bool(re.match(r"[+-].*[A-Za-z(!]", text))


@lru_cache(maxsize=16_384)
def number(cell: str, *, comma: bool | None) -> float:
    """The number of a cell; `comma` says whether the file writes decimals with one, None = not known."""
    text = cell.strip().replace("\u2212", "-")
    match = _NUMBER.fullmatch(text)
    if match is None:
        if is_formula(text):
            raise Unreadable(f"'{_short(text)}' is a formula; its result is not here, and Davy never works one out")
        what = "has thousands divided" if _THOUSANDS.fullmatch(text) else "is not a number"
        raise Unreadable(f"'{_short(text)}' {what}; write 1200 or 12.5")
    sign, whole, mark, part = match.groups()
    if mark is not None and len(part) == 3 and len(whole) <= 3 and whole != "0":
        if (mark == ",") != (comma is True) and (mark == "," or comma):
            raise Unreadable(f"'{text}' could be {whole}{part} or {whole}.{part}: say decimal: in a mapping file")
    if len(whole) > 15:
        raise Unreadable(f"'{_short(text)}' is too long for a number")
    return float(f"{sign}{whole}.{part or 0}")


def quantity(cell: str, units: frozenset[str], *, comma: bool | None) -> float:
    """A number that may carry its unit, which then has to be one of these (in small letters)."""
    match = _WITH_UNIT.fullmatch(cell.strip())
    if match is None or is_formula(cell):
        return number(cell, comma=comma)
    unit = match[2].strip().lower().rstrip(".")
    if unit not in units:
        wanted = f"wanted in {min(units, key=len)}" if units else "wanted without a unit"
        raise Unreadable(f"'{_short(cell.strip())}' is in {_short(unit)}, and is {wanted} here")
    return number(match[1], comma=comma)


def minutes(cell: str, *, comma: bool | None, hours: bool = False) -> float:
    """A length of time [min]; a bare number is in hours where `hours`, a unit in the cell goes before that."""
    text = cell.strip()
    both = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text)
    if both is not None and hours:
        return 60.0 * int(both[1]) + int(both[2])
    lower = text.lower()
    written = _HOURS_MINUTES.fullmatch(lower)
    if written is not None:
        return 60.0 * int(written[1]) + int(written[2] or 0)
    match = _WITH_UNIT.fullmatch(lower)
    if match is not None and match[2].rstrip(".") in HOUR_UNITS:
        return 60.0 * number(match[1], comma=comma)
    if match is not None:
        return quantity(lower, MINUTE_UNITS, comma=comma)
    return number(text, comma=comma) * (60.0 if hours else 1.0)


@lru_cache(maxsize=4096)
def yes_or_no(cell: str, yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> bool:
    """A yes or a no, in the words of the mapping or the usual ones."""
    word = cell.strip().lower()
    if word in yes or word in no:
        return word in yes
    if word in YES:
        return True
    if word in NO:
        return False
    scale = "; if it is a strength, map the column to pain" if _NUMBER.fullmatch(word) else ""
    raise Unreadable(f"'{_short(cell.strip())}' is neither yes nor no{scale}")


def share(cell: str, yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> float:
    """How much of what was planned was taken, 0 to 1, from yes, missed, 1/2 or 50 %."""
    word = cell.strip().lower()
    if word in MISSED:
        return 0.0
    parts = _SHARE.fullmatch(word)
    if parts is not None:
        if int(parts[2]) == 0 or int(parts[1]) > int(parts[2]):
            raise Unreadable(f"'{word}' is more than what was planned")
        return int(parts[1]) / int(parts[2])
    per_cent = re.fullmatch(r"(\d{1,3})\s*%", word)
    if per_cent is not None and int(per_cent[1]) <= 100:
        return int(per_cent[1]) / 100
    if _NUMBER.fullmatch(word) and word not in ("0", "1"):
        raise Unreadable(f"'{word}' is neither yes nor no: of how many? write it as 1/2")
    return float(yes_or_no(cell, yes, no))


@dataclass(frozen=True)
class Taken:
    """A medicine as written, and how many of it; the empty name with 0 says that none was taken."""

    name: str
    count: float | None


@lru_cache(maxsize=16_384)
def medicines(cell: str, yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> tuple[Taken, ...]:
    """The medicines that a cell names, divided by ; , or a new line."""
    word = cell.strip().lower()
    if word in NONE_TAKEN or word in no:
        return (Taken("", 0),)
    if word in UNNAMED or word in yes:
        return (Taken(NO_NAME, None),)
    if is_formula(cell):
        raise Unreadable(f"'{_short(cell.strip())}' is a formula, not a medicine")
    if _NUMBER.fullmatch(word):
        count = number(word, comma=None)
        return (Taken(NO_NAME, count),)
    names = [name.strip() for name in re.split(r"[;\n]|,(?!\d)", cell) if not is_blank(name)]
    named = [name for name in names if name.lower() not in NONE_TAKEN and name.lower() not in no]
    return tuple(_taken(name) for name in named) if named else (Taken("", 0),)


def _taken(name: str) -> Taken:
    times = _TIMES.fullmatch(name) if len(name) <= _LONGEST_COUNTED else None
    if times is None:
        return Taken(name, None)
    count = int(times[1] or times[4])
    return Taken((times[2] or times[3]).strip(), count) if count else Taken(name, None)


def words(cell: str) -> tuple[str, ...]:
    """The words of a cell, divided by ; , or a new line."""
    return tuple(part.strip() for part in re.split(r"[;,\n]", cell) if not is_blank(part))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:37]}..."
