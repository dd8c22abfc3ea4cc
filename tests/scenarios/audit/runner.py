"""Runs Davy in this process as a stranger would from a terminal, and remembers what came out."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import io
import json
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from tests.scenarios.audit.people import TODAY

FOLDER = Path(tempfile.mkdtemp(prefix="davy-audit-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


@dataclass(frozen=True)
class Outcome:
    """Exit status and both streams of one command."""

    code: int
    out: str
    err: str

    @cached_property
    def doc(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def summary(self) -> str:
        return f"exit {self.code}; stderr: {self.err[-300:]!r}"


@cache
def davy(*argv: str) -> Outcome:
    """Run `davy argv...` and return what a shell would see."""
    from davy.cli.main import main

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(list(argv))
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    return Outcome(int(code or 0), *(stream.buffer.getvalue().decode("utf-8") for stream in (out, err)))


def written(person: dict[str, Any] | str | bytes, suffix: str = ".json") -> str:
    """Write a person file and return its path."""
    raw = json.dumps(person, indent=1).encode() if isinstance(person, dict) else person
    raw = raw.encode() if isinstance(raw, str) else raw
    path = FOLDER / f"{hashlib.sha256(raw).hexdigest()[:16]}{suffix}"
    path.write_bytes(raw)
    return str(path)


def plan(person: dict[str, Any] | str, *more: str) -> Outcome:
    """`davy plan PERSON --json` with today fixed; a text is a person file as typed, or `example:NAME`."""
    source = person if isinstance(person, str) and person.startswith("example:") else written(person)
    return davy("plan", source, "--today", TODAY, "--json", *more)


def simulate(person: dict[str, Any], regimen: str, days: int, *more: str) -> Outcome:
    """`davy simulate PERSON --regimen ... --days N --json`."""
    argv = ("simulate", written(person), "--regimen", regimen, "--days", str(days), "--today", TODAY, "--json")
    return davy(*argv, *more)
