"""Reads a model: a bundled one by name, or a caller's own file (`.ant`, `.xml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from davy.body.document import model_from_sbml
from davy.body.model import Model
from davy.body.parameters import parameter_values
from davy.body.sbml import normalised, sbml_from_antimony
from davy.errors import ModelError
from davy.tables import knowledge_file

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
    return _of_the_caller(Path(source))


def bundled_sbml(name: str = _WHOLE, parameter_set: str = "literature") -> str:
    """SBML Level 3 of a bundled model: structure and units, without values."""
    return sbml_from_antimony(_antimony(name, parameter_set), name=f"knowledge/models/{name}.ant")


@cache
def _bundled(name: str, parameter_set: str) -> Model:
    values = parameter_values(parameter_set)
    text = bundled_sbml(name, parameter_set)
    ids = re.findall(r'<parameter id="(\w+)"', text)
    return model_from_sbml(text, name=name, values={key: values[key] for key in ids if key in values})


def _antimony(name: str, parameter_set: str) -> str:
    """The whole body's text with its imports in place; for an organ, the fluid with that organ alone."""
    swapped = _SWAPPED.get(parameter_set, {})
    whole = _file(_WHOLE)
    if name in ORGANS:
        swapped = {"gut": "gut_fixed_fraction"} if name == "gut_fixed_fraction" else swapped
        whole = _ORGAN.sub(lambda match: match[0] if match[1] in ORGANS[name] else "", whole)
    return _IMPORT.sub(lambda match: _file(swapped.get(match[1], match[1])), whole)


def _file(name: str) -> str:
    return knowledge_file(f"models/{name}.ant").read_text(encoding="utf-8")


def _of_the_caller(path: Path) -> Model:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join((_WHOLE, *ORGANS))
        raise ModelError(f"{path}: cannot be read, and is not a bundled model ({names}): {error}") from error
    if path.suffix in (".xml", ".sbml"):
        return model_from_sbml(normalised(text, name=path.name), name=path.name)
    if path.suffix in (".ant", ".txt"):
        sbml = sbml_from_antimony(_with_imports(text, path.parent), name=path.name)
        return model_from_sbml(normalised(sbml, name=path.name), name=path.name)
    raise ModelError(f"{path}: a model is an .ant (Antimony) or .xml (SBML) file")


def _with_imports(text: str, folder: Path) -> str:
    def imported(match: re.Match[str]) -> str:
        file = folder / f"{match[1]}.ant"
        return file.read_text(encoding="utf-8") if file.is_file() else match[0]

    return _IMPORT.sub(imported, text)
