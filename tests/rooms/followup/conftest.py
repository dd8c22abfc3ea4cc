"""One folder for all that look at its decision log."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.rooms.followup.folders import START, Story, made
from tests.rooms.followup.test_follow import on

from davy.cli.main import main

LOOKS = (10, 18)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan that was begun, two looks at it, the second a step back, an end of all suggestions and a look at it."""
    loose = Story(more=lambda day: [on(day, "loose_stools", 1)] if day == 17 else [])
    path = made(tmp_path_factory.mktemp("kept") / "me", loose)
    for day in LOOKS:
        assert main(["follow", str(path), "--today", str(START + timedelta(days=day))]) == 0
    assert main(["records", "stop", str(path), "--today", str(START + timedelta(days=41))]) == 0
    assert main(["follow", str(path), "--today", str(START + timedelta(days=42))]) == 0
    return path
