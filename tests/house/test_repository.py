"""What lies in the repository besides code: the README's two commands, pins without addresses, words on the record."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import davy

HOUSE = Path(__file__).resolve().parents[2]
README = (HOUSE / "README.md").read_text(encoding="utf-8")


def start_blocks() -> list[str]:
    section = re.search(r"^## Start\s*$(.*?)(?=^## |\Z)", README, re.S | re.M)
    assert section is not None
    assert "```" not in re.sub(r"^```sh\n.*?^```", "", section[1], flags=re.S | re.M), "a fence that is not sh"
    return re.findall(r"^```sh\n(.*?)^```", section[1], re.S | re.M)


def test_start_holds_exactly_two_commands() -> None:
    job, tests = start_blocks()
    assert "davy plan example:neuropathy" in job
    assert "--today" in job
    assert "plan.html" in job
    assert "pytest" in tests


def test_ci_runs_the_second_block_and_not_a_copy_of_it() -> None:
    script = (HOUSE / ".ci/run").read_text(encoding="utf-8")
    assert "blocks[1]" in script
    assert "pytest" not in script


@pytest.mark.parametrize("name", ["run", "test", "check"])
def test_pins_are_hashed_and_record_no_address(name: str) -> None:
    text = (HOUSE / f"requirements/{name}.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==", text, re.M | re.I)
    assert pins
    assert text.count("--hash=sha256:") >= len(pins)
    assert not re.search(r"https?://|index-url|find-links|trusted-host", text)


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (HOUSE / target).exists(), target


def test_version_is_told_once() -> None:
    assert f"version: {davy.__version__}" in (HOUSE / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {davy.__version__}" in (HOUSE / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_decision_is_listed() -> None:
    folder = HOUSE / "docs/decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for path in folder.glob("[0-9]*.md"):
        assert f"({path.name})" in listed, path.name


def test_no_path_of_a_machine_and_nothing_left_open() -> None:
    done = subprocess.run(["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    paths = "/wo" + r"rk/|/t" + r"mp/|/op" + r"t/|/hom" + r"e/\w"
    words = re.compile(paths + r"|\bTO" + r"DO\b|\bFIX" + r"ME\b|NotImplemented" + "Error")
    found: list[str] = []
    for name in done.stdout.splitlines():
        path = HOUSE / name
        if path.suffix in {".png", ".ico", ".xz"} or not path.is_file():
            continue
        found += [f"{name}: {match[0]}" for match in words.finditer(path.read_text(encoding="utf-8"))]
    assert not found, found
