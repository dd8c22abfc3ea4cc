"""How many people the proofs take: `--persons 200000` at night, 5,000 by day."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--persons", type=int, default=5000, help="how many random persons the proofs of safety take")
    parser.addoption("--rewrite-sentences", action="store_true", help="take what safety says now as reviewed")


@pytest.fixture(scope="session")
def crowd(pytestconfig: pytest.Config) -> int:
    return int(pytestconfig.getoption("--persons", 5000))
