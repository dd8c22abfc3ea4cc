"""How many people the proofs take: 5,000 by day, as many as `--persons` says at night (`-m night`)."""

from __future__ import annotations

import pytest

BY_DAY = 5000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--persons", type=int, default=BY_DAY, help="how many random persons the proofs of safety take")
    parser.addoption("--rewrite-sentences", action="store_true", help="take what safety says now as reviewed")


@pytest.fixture(scope="session", params=["day", pytest.param("night", marks=pytest.mark.night)])
def crowd(request: pytest.FixtureRequest) -> int:
    return BY_DAY if request.param == "day" else int(request.config.getoption("--persons", BY_DAY))
