"""Sub-models put into the model that holds them, in a process of its own: libSBML may crash on a broken document.

Run as ``python -m davy.body.flatten``: a document on standard input, the flattened one on standard output.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import Any

from davy.errors import ModelError

_LONGEST_S = 60


def flattened(text: str, *, name: str) -> str:
    """The document without sub-models.

    Raises
    ------
    ModelError
        A sub-model stands in another file, or the document does not flatten.
    """
    command = [sys.executable, "-m", "davy.body.flatten"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_LONGEST_S)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"{name}: its sub-models could not be flattened within {_LONGEST_S} s") from error
    if done.returncode == 0:
        return done.stdout.decode()
    told = done.stderr.decode(errors="replace").strip() if done.returncode == 1 else ""
    raise ModelError(f"{name}: {told or 'its sub-models are broken, so that they cannot be flattened'}")


def _flat(text: str) -> str:
    libsbml: Any = import_module("libsbml")
    document: Any = libsbml.readSBMLFromString(text)
    if document.getPlugin("comp").getNumExternalModelDefinitions() > 0:
        raise ModelError("a model definition in another file is outside what the engine can do")
    properties: Any = libsbml.ConversionProperties()
    properties.addOption("flatten comp", True)
    if document.convert(properties) != libsbml.LIBSBML_OPERATION_SUCCESS:
        raise ModelError(_why(libsbml, document))
    return str(libsbml.writeSBMLToString(document))


def _why(libsbml: Any, document: Any) -> str:
    for index in range(int(document.getNumErrors())):
        error: Any = document.getError(index)
        if int(error.getSeverity()) >= libsbml.LIBSBML_SEV_ERROR:
            return f"line {error.getLine()}: {' '.join(str(error.getMessage()).split())}"
    return "its sub-models cannot be flattened"


def main() -> int:
    """Flatten what comes in; the reason where it does not work."""
    try:
        sys.stdout.buffer.write(_flat(sys.stdin.buffer.read().decode()).encode())
    except ModelError as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
