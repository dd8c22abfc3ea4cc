"""Reads a trial file: YAML or JSON in, a `Trial` out, or every fault of the file at once with line and field."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from davy.errors import Fault, InputError
from davy.people.faults import closest, field_name, short
from davy.people.lines import Entries, Node, Place, duplicates, line_of, plain_entries, read_tree
from davy.tables import knowledge_file
from davy.trials.checks import Found, faults_of
from davy.trials.design import (
    Adherence,
    Arm,
    Endpoint,
    People,
    Power,
    Randomisation,
    Reported,
    RunIn,
    Screening,
    Stratum,
    Trial,
    Visit,
)

EXAMPLE = "example:"
LARGEST_FILE = 500_000

_PARTS: dict[str, type[BaseModel]] = {
    "": Trial, "population": People, "population.screening": Screening, "arms": Arm, "arms.adherence": Adherence,
    "randomisation": Randomisation, "randomisation.strata": Stratum, "run_in": RunIn, "visits": Visit,
    "adherence": Adherence, "endpoints": Endpoint, "power": Power, "reported": Reported,
}  # fmt: skip


def example_trials() -> tuple[str, ...]:
    """The names of the bundled trials, for ``example:NAME``."""
    folder = knowledge_file("examples/trials")
    return tuple(sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".yaml")))


def read_trial(source: str | Path) -> Trial:
    """The trial of a file.

    Parameters
    ----------
    source : a path, or ``example:NAME`` for a bundled trial.

    Raises
    ------
    InputError : the file cannot be read, or the trial is impossible; it carries every fault with line and field.
    """
    name = str(source)
    if name.startswith(EXAMPLE):
        known = example_trials()
        asked = name.removeprefix(EXAMPLE)
        if asked not in known:
            raise InputError([Fault(name, "there is no such trial", f"one of: {', '.join(known)}")])
        return trial_from_text(knowledge_file(f"examples/trials/{asked}.yaml").read_text(encoding="utf-8"), name=name)
    return trial_from_text(_file(Path(source)), name=name)


def trial_from_text(text: str, *, name: str) -> Trial:
    """The trial of a YAML or JSON text; `name` is what faults call it.

    Raises
    ------
    InputError : every fault of the text at once.
    """
    tree = read_tree(text, name)
    if not isinstance(tree, Entries) or not tree.pairs:
        raise InputError([Fault(f"{name}, line {tree.line}", "a trial file is a set of keys", "like people: 200")])
    found = [
        Found(place, f"'{place[-1]}' was already given on line {first}", "keep one of the two", repeat)
        for place, first, repeat in duplicates(tree)
    ]
    values = _in_order(plain_entries(tree))
    trial: Trial | None = None
    try:
        trial = Trial.model_validate(values)
    except ValidationError as error:
        found += [_told(one) for one in error.errors(include_url=False)]
    if trial is not None:
        found += faults_of(trial)
    if found or trial is None:
        raise InputError(_placed(found, tree, name))
    return trial


def changed(trial: Trial, people: int | None, seed: int | None) -> Trial:
    """The trial with another number of persons or another seed.

    Raises
    ------
    InputError : with these the trial is impossible.
    """
    wanted = {name: value for name, value in (("people", people), ("seed", seed)) if value is not None}
    try:
        found = Trial.model_validate(trial.model_dump() | wanted)
    except ValidationError as error:
        told = [_told(one) for one in error.errors(include_url=False)]
        raise InputError([Fault(field_name(tuple(one.place)), one.what, one.right) for one in told]) from None
    faults = faults_of(found)
    if faults:
        raise InputError([Fault(field_name(tuple(one.place)), one.what, one.right) for one in faults])
    return found


def _in_order(value: Any) -> Any:
    """Mappings in the order of the file; the reader of people's files gives them from the last key on."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        return {key: _in_order(entries[key]) for key in reversed(entries)}
    return [_in_order(one) for one in cast("list[Any]", value)] if isinstance(value, list) else value


def _placed(found: list[Found], tree: Node, name: str) -> list[Fault]:
    """The faults with their lines, in the order of the file, each once."""
    rows: dict[Fault, int] = {}
    for one in found:
        line = one.line if one.line is not None else line_of(tree, one.place)
        field = f", field {field_name(tuple(one.place))}" if one.place else ""
        rows.setdefault(Fault(f"{name}, line {line}{field}", one.what, one.right), line)
    return sorted(rows, key=lambda fault: rows[fault])


def _file(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            content = handle.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError([Fault(str(path), f"this file cannot be read: {error.strerror}", "or example:NAME")]) from None
    if len(content) > LARGEST_FILE:
        raise InputError([Fault(str(path), f"this file is larger than {LARGEST_FILE:,} bytes")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Fault(str(path), f"byte {error.start + 1} is not UTF-8 text", "save it as UTF-8")]) from None


def _owner(place: Place) -> str:
    return ".".join(str(step) for step in place[:-1] if not isinstance(step, int))


def _told(error: ErrorDetails) -> Found:
    """What is wrong and what would be right, from a fault of the type layer."""
    kind, place, given = error["type"], error["loc"], error.get("input")
    limits: Mapping[str, Any] = error.get("ctx", {})
    quoted = short(given)
    if kind == "extra_forbidden":
        part = _PARTS.get(_owner(place))
        known = list(part.model_fields) if part is not None else []
        return Found(place, f"'{short(str(place[-1]))}' is not a key of a trial file", closest(str(place[-1]), known))
    if kind == "missing":
        return Found(place, f"'{place[-1]}' is missing", "every trial needs it" if len(place) == 1 else "")
    if kind == "literal_error":
        words = [word.strip(" '\"") for word in str(limits.get("expected", "")).replace(" or ", ", ").split(",")]
        return Found(place, f"'{quoted}' is not understood here", closest(str(given), words))
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        bound = {"greater_than": "above", "greater_than_equal": "at least", "less_than": "below"}.get(kind, "at most")
        value = next(iter(limits.values()))
        return Found(place, f"{quoted} is not possible", f"{bound} {value:g}")
    plain = {
        "float_parsing": (f"'{quoted}' is not a number", ""),
        "int_parsing": (f"'{quoted}' is not a whole number", ""),
        "int_from_float": (f"'{quoted}' is not a whole number", ""),
        "bool_parsing": (f"'{quoted}' is neither yes nor no", "true or false"),
        "tuple_type": ("a list is wanted here", "like [one, two]"),
        "mapping_type": ("a set of keys is wanted here", "like {key: value}"),
        "model_type": ("a set of keys is wanted here", "like {key: value}"),
        "model_attributes_type": ("a set of keys is wanted here", "like {key: value}"),
        "too_short": ("this list is empty", "at least one"),
        "too_long": ("this list is too long", f"at most {limits.get('max_length', '')} entries"),
    }
    what, right = plain.get(kind, (error["msg"], ""))
    return Found(place, what, right)
