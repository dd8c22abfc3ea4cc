"""Writes small study files and runs `davy evidence` on them, as a user would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from davy.cli.main import main


def written(folder: Path, text: str, name: str = "studies.csv") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The JSON document of a command that succeeds and says nothing else."""
    status = main(["evidence", *arguments, "--json"])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")

    def no_constant(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(out, parse_constant=no_constant)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command says that ends with bad input."""
    status = main(["evidence", *arguments])
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    return err
