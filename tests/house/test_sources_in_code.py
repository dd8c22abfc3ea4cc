"""A source id in a docstring or comment has to lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from davy.errors import DavyError
from davy.evidence.registry import resolve

HOUSE = Path(__file__).resolve().parents[2]
ID = re.compile(r"(?<![\w-])(f-\d{3}|K\d{3}|[cm]-\d{3}-\d{3}|s-[a-z]+-\d{4})(?![\w-])")
CITED = sorted(
    {(match[0], path.name) for path in (HOUSE / "src").rglob("*.py") for match in ID.finditer(path.read_text("utf-8"))}
)


def test_there_are_ids_to_resolve() -> None:
    assert len(CITED) > 20


@pytest.mark.parametrize(("identifier", "name"), CITED)
def test_id_resolves(identifier: str, name: str) -> None:
    assert resolve(identifier) is not None


def test_an_id_that_is_none_is_told() -> None:
    with pytest.raises((DavyError, KeyError)):
        resolve("f-999")
