"""No code of a code system stands in Python: codes are data, with a source and a day."""

from __future__ import annotations

import re
from pathlib import Path

from davy.exchange.fhir.codes import code_rows, system_rows

HOUSE = Path(__file__).resolve().parents[2]
ADDRESSES = "|".join(re.escape(uri) for row in system_rows() for uri in row.uris)
NUMBERS = "|".join(row.code for row in code_rows() if row.code.isdecimal())
CODE = re.compile(rf"(?<![\w.-])(?:(?!(?:19|20)\d\d-)\d{{3,6}}-\d|{NUMBERS})(?![\w.-])|{ADDRESSES}")


def test_no_code_and_no_address_of_a_code_system_stands_in_python() -> None:
    found = {
        str(path.relative_to(HOUSE)): CODE.findall(path.read_text(encoding="utf-8"))
        for path in sorted((HOUSE / "src").rglob("*.py"))
    }
    assert len(found) > 100
    assert not {name: codes for name, codes in found.items() if codes}


def test_a_code_in_python_would_be_found() -> None:
    for text in ('code == "19123-9"', "system = 'http://loinc.org'", 'if code in ("197604",)'):
        assert CODE.search(text), text
    for text in ('date = "2026-11-2"', "f-021", "120-240", "10-1"):
        assert not CODE.search(text), text


def test_the_check_digit_of_every_code_of_loinc_is_right() -> None:
    """LOINC codes end in a digit by Luhn's rule, letters counted on from 17 for A, so a slip of the pen shows."""
    for row in code_rows():
        if row.system == "loinc":
            number, _, check = row.code.partition("-")
            values = [ord(sign) - ord("0") for sign in reversed(number)]
            told = [value if index % 2 else sum(divmod(2 * value, 10)) for index, value in enumerate(values)]
            assert -sum(told) % 10 == int(check), row.code
