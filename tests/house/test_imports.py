"""Who may import whom, and what an import costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_layers_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_safety_finds_no_engine() -> None:
    code = "import sys, davy.safety, davy.safety.check; print([m for m in sys.modules])"
    loaded = run(code)
    for forbidden in ("llvmlite", "antimony", "libsbml", "davy.engine", "davy.body", "davy.inference", "davy.pathways"):
        assert f"'{forbidden}" not in loaded, forbidden


def test_reading_a_diary_loads_no_models_of_health_records():
    code = "import sys, davy.exchange.fhir.reader, davy.exchange.cronometer; print('fhir.resources' in sys.modules)"
    assert run(code).split() == ["False"]


def test_import_davy_is_light_and_gives_every_noun_and_verb() -> None:
    code = "import sys, davy; print('numpy' in sys.modules, 'llvmlite' in sys.modules, 'pydantic' in sys.modules)"
    assert run(code).split() == ["False", "False", "False"]
    run("import davy; [getattr(davy, name) for name in davy.__all__]")
