"""The first five minutes: somebody with no labs, no kidney value and no diet record, at a real terminal, to a plan."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

TODAY = ["--today", "2026-11-22"]
ANSWERS = {
    "Pounds and feet": "metric",
    "How old are you": "34",
    "Which sex": "1",
    "Are you pregnant": "no",
    "How much do you weigh": "64",
    "How tall are you": "171",
    "Where do you live": "2",
    "What is it for": "2",
    "Which medicines": "sumatriptan 4 days a month",
    "Which illnesses": "migraine",
    "Is one of these true": "none",
}
"""What she knows; to everything else she presses Enter."""


def play(command: list[str], answers: dict[str, str], *, patience_s: float = 60) -> tuple[int, str]:
    """Run a command at a pseudo-terminal, typing an answer whenever it stops to ask."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    seen, unread, end = "", "", time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            piece = os.read(ours, 4096).decode()
        except OSError:  # the other end has closed
            break
        if not piece:
            break
        seen, unread = seen + piece, unread + piece
        if unread.endswith(("> ", "] ")):
            said = next((word for asked, word in answers.items() if asked in unread), "")
            os.write(ours, f"{said}\n".encode())
            unread = ""
    os.close(ours)
    return child.wait(timeout=10), seen


def davy(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "davy", *arguments]


def test_from_the_first_question_to_a_plan(tmp_path: Path) -> None:
    file = tmp_path / "eva.yaml"
    status, seen = play(davy("new", str(file), *TODAY), ANSWERS)
    assert status == 0, seen
    assert "12 of 12" in seen
    assert f"davy plan {file}" in seen
    assert file.read_text(encoding="utf-8").count("# ") > 3

    checked = subprocess.run(davy("check", str(file), *TODAY), capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr
    for word in ("Kidney function", "Magnesium in your diet", "One creatinine test settles this"):
        assert word in checked.stdout

    planned = subprocess.run(davy("plan", str(file), *TODAY), capture_output=True, text=True, timeout=120)
    assert planned.returncode == 0, planned.stderr
    lines = planned.stdout.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    assert "REFUSED" not in planned.stdout

    told = subprocess.run(davy("plan", str(file), "--json", *TODAY), capture_output=True, text=True, timeout=120)
    plan = json.loads(told.stdout)
    assert plan["verdict"] == "with_care", "an unknown kidney is never simply allowed"
    assert plan["total_nonfood_mg_per_day"] <= 200, "without any lab at most 200 mg"
    assert plan["status"]["prediction"] != "a_posteriori"
    assert {"kidney", "diet"} <= {word for one in plan["unknowns"] for word in one["fact"].replace("your ", "").split()}
