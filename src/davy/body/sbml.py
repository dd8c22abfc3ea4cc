"""The one door to antimony and libSBML: Antimony text in, SBML text out, SBML checked and normalised."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from davy.body.flatten import flattened
from davy.errors import ModelError

_LOCK = threading.Lock()
_WARNING = 1
_ERROR = 2


def sbml_from_antimony(text: str, *, name: str) -> str:
    """SBML Level 3 of the last model in an Antimony text, sub-models flattened.

    Parameters
    ----------
    text : Antimony source; imports already put in place.
    name : what to call the source in messages.
    """
    antimony: Any = import_module("antimony")
    with _LOCK:  # antimony keeps what it loaded in global state
        antimony.clearPreviousLoads()
        if antimony.loadAntimonyString(text) < 0:
            raise ModelError(f"{name}: {str(antimony.getLastError()).strip()}")
        return str(antimony.getSBMLString(antimony.getMainModuleName()))


def normalised(text: str, *, name: str) -> str:
    """SBML of any level as Level 3 core, sub-models flattened.

    Raises
    ------
    ModelError
        The document does not read (with the line), or its sub-models do not flatten.
    """
    libsbml: Any = import_module("libsbml")
    document: Any = libsbml.readSBMLFromString(text)
    _refuse_errors(document, name)
    if document.getModel() is None:
        raise ModelError(f"{name}: the document holds no model")
    if document.getPlugin("comp") is not None:
        document = libsbml.readSBMLFromString(flattened(text, name=name))
    if int(document.getLevel()) < 3 and not document.setLevelAndVersion(3, 1, False):  # 3.2 forgets what is fast
        raise ModelError(f"{name}: libSBML cannot bring this to Level 3")
    return str(libsbml.writeSBMLToString(document))


def with_values(text: str, values: Mapping[str, float]) -> str:
    """The document with these values put into its parameters."""
    libsbml: Any = import_module("libsbml")
    document: Any = libsbml.readSBMLFromString(text)
    for key, value in values.items():
        document.getModel().getParameter(key).setValue(value)
    return str(libsbml.writeSBMLToString(document))


def warnings_of(text: str) -> tuple[str, ...]:
    """Every warning and error of libSBML's consistency check, units included."""
    libsbml: Any = import_module("libsbml")
    document: Any = libsbml.readSBMLFromString(text)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, True)
    document.checkConsistency()
    return _messages(document, _WARNING)


def _refuse_errors(document: Any, name: str) -> None:
    errors = _messages(document, _ERROR)
    if errors:
        raise ModelError(f"{name}: {errors[0]}")


def _messages(document: Any, least: int) -> tuple[str, ...]:
    found: list[str] = []
    for index in range(int(document.getNumErrors())):
        error: Any = document.getError(index)
        if int(error.getSeverity()) >= least:
            found.append(f"line {error.getLine()}: {' '.join(str(error.getMessage()).split())}")
    return tuple(found)
