"""Reads a model: a bundled one by name, or a caller's own file (`.ant`, `.xml`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from davy import cache as kept_files
from davy.body.files import text_of
from davy.body.model import Model
from davy.body.serialisation import as_bytes, model_of
from davy.errors import ModelError

ORGANS = {
    "gut": ("gut",),
    "gut_fixed_fraction": ("gut",),
    "kidney": ("kid",),
    "bone": ("bone",),
    "tissues": ("bone", "tis"),
    "red_cells": ("rbc",),
    "csf": ("csf",),
    "sweat": ("skin",),
}
"""The organ files, and what of the whole body stands with each when it is read alone (tissues count bone)."""

_WHOLE = "magnesium"
_SWAPPED: Mapping[str, Mapping[str, str]] = {"articles": {"gut": "gut_fixed_fraction"}}
_ORGAN = re.compile(r"^  (\w+): +mg_\w+\(.*\n", re.MULTILINE)
_IMPORT = re.compile(r'^import "(\w+)\.ant"[^\S\n]*$', re.MULTILINE)
_READS_ELSEWHERE = re.compile(r"\bimport\b|externalModelDefinition")


def read_model(source: str | Path = _WHOLE, *, parameter_set: str = "literature") -> Model:
    """The model of that name or path.

    Parameters
    ----------
    source : ``magnesium`` (the whole body), one organ of `ORGANS` alone in the fluid, or a path to `.ant` or `.xml`.
        A file of the caller's needs neither units nor sources and takes no values from Davy's tables.
    parameter_set : ``literature`` or ``articles``, for a bundled model.

    Raises
    ------
    ModelError
        The source does not read, or holds a delay, an algebraic rule, a fast reaction or an event.
    """
    if isinstance(source, str) and (source == _WHOLE or source in ORGANS):
        return _bundled(source, parameter_set)
    try:
        return _of_the_caller(Path(source))
    except RecursionError as error:
        raise ModelError(f"{source}: a formula, with all that it rests on put in, nests too deeply") from error


def read_module(name: str, values: Mapping[str, float]) -> Model:
    """A module of `knowledge/models/pathways/` by its name, with these values for its ports and parameters.

    Raises
    ------
    ModelError
        There is no such file, it does not read, or a formula reads what has no value.
    """
    try:
        text = _IMPORT.sub(lambda match: _file(f"pathways/{match[1]}"), _file(f"pathways/{name}"))
    except FileNotFoundError as error:
        raise ModelError(f"knowledge/models/pathways/{name}.ant, or what it imports, does not exist") from error

    def make(whole: str) -> Model:
        from davy.body.conversion import bundled_model

        return bundled_model(whole, f"pathways/{name}", values)

    return _made_once(text, ("pathways", name, repr(sorted(values.items()))), make)


def bundled_sbml(name: str = _WHOLE, parameter_set: str = "literature") -> str:
    """SBML Level 3 of a bundled model: structure and units, without values."""
    from davy.body.sbml import sbml_from_antimony

    return sbml_from_antimony(_antimony(name, parameter_set), name=f"knowledge/models/{name}.ant")


def bundled_antimony(name: str = _WHOLE, parameter_set: str = "literature") -> str:
    """Antimony of a bundled model, its organ files in place: structure, units and remarks, without values."""
    return _antimony(name, parameter_set)


@cache
def _bundled(name: str, parameter_set: str) -> Model:
    from davy.body.parameters import parameter_values  # a caller's own file needs neither the tables nor pydantic

    values = parameter_values(parameter_set)

    def make(text: str) -> Model:
        from davy.body.conversion import bundled_model

        return bundled_model(text, name, values)

    return _made_once(_antimony(name, parameter_set), (name, repr(sorted(values.items()))), make)


def _made_once(text: str, how: tuple[str, ...], make: Callable[[str], Model]) -> Model:
    """The model that `make` makes of a text: kept from before, or made now and kept.

    `how` holds all else that the model depends on. What reads texts is not even loaded for a model that was kept:
    with antimony and libSBML that takes half a second, without them 15 ms.
    """
    if _READS_ELSEWHERE.search(text):
        return make(text)
    readers = (kept_files.code_of("davy.body"), *(kept_files.installed(one) for one in ("antimony", "libsbml")))
    key = kept_files.key_of(*readers, *how, text)
    content = kept_files.kept("model", key)
    if content is not None:
        return model_of(content)
    model = make(text)
    kept_files.keep("model", key, as_bytes(model))
    return model


def _antimony(name: str, parameter_set: str) -> str:
    """The whole body's text with its imports in place; for an organ, the fluid with that organ alone."""
    swapped = _SWAPPED.get(parameter_set, {})
    whole = _file(_WHOLE)
    if name in ORGANS:
        swapped = {"gut": "gut_fixed_fraction"} if name == "gut_fixed_fraction" else swapped
        whole = _ORGAN.sub(lambda match: match[0] if match[1] in ORGANS[name] else "", whole)
    return _IMPORT.sub(lambda match: _file(swapped.get(match[1], match[1])), whole)


def _file(name: str) -> str:
    from davy.tables import knowledge_file

    return knowledge_file(f"models/{name}.ant").read_text(encoding="utf-8")


def _of_the_caller(path: Path) -> Model:
    if path.suffix not in (".ant", ".txt", ".xml", ".sbml") or not path.exists():
        names = ", ".join((_WHOLE, *ORGANS))
        raise ModelError(
            f"{path}: not a bundled model ({names}), nor an .ant (Antimony) or .xml (SBML) file that exists"
        )
    text = text_of(path)
    antimony = path.suffix in (".ant", ".txt")

    def make(whole: str) -> Model:
        from davy.body import conversion

        return (conversion.model_from_antimony if antimony else conversion.model_from_any_sbml)(whole, path.name)

    how = ("antimony" if antimony else "sbml", path.name)
    return _made_once(_with_imports(text, path.parent) if antimony else text, how, make)


def _with_imports(text: str, folder: Path) -> str:
    def imported(match: re.Match[str]) -> str:
        file = folder / f"{match[1]}.ant"
        return text_of(file) if file.is_file() else match[0]

    return _IMPORT.sub(imported, text)
