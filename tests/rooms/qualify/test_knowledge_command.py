"""``davy knowledge check`` as a process, on a copy of Davy whose tables someone has changed."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import davy


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Give a folder that holds a copy of the package."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(Path(davy.__file__).parent, folder / "davy", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def change(copy, table, row, column, value):
    path = copy / "davy" / "knowledge" / table
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        fields, rows = list(reader.fieldnames), list(reader)
    (one,) = (record for record in rows if record["id"] == row)
    one[column] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows.index(one) + 2


def check(copy):
    return subprocess.run(
        [sys.executable, "-m", "davy", "knowledge", "check"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(copy)},
        check=False,
    )


def test_the_check_refuses_claims_that_do_not_hold_behind_a_default_a_limit_and_a_benefit(copy):
    default = change(copy, "parameters/literature.csv", "kid_fTm", "source", "K080;m-002-050")
    limit = change(copy, "limits.csv", "kidney-refuse-below", "source", "f-154;m-002-155")
    benefit = change(copy, "benefits.csv", "systolic-pressure", "source", "f-216;c-002-030")
    fact = change(copy, "facts.csv", "f-051", "source", "c-002-105")
    claim = change(copy, "claims.csv", "m-002-055", "error_class", "")
    said = check(copy)
    assert said.returncode == 1
    assert said.stderr == ""
    for place, what in (
        (
            f"parameters/literature.csv, line {default}, column source",
            "cannot back a default: m-002-050 is contradicted",
        ),
        (f"limits.csv, line {limit}, column source", "cannot back a limit: m-002-155 is unverified"),
        (f"benefits.csv, line {benefit}, column source", "cannot back a benefit: c-002-030 is unsupported"),
        (f"facts.csv, line {fact}, column source", "rests on c-002-105, a claim of an article"),
        (f"claims.csv, line {claim}, column error_class", "a claim that is contradicted says what kind"),
    ):
        assert f"knowledge/{place}: {what}" in said.stdout, said.stdout
    assert "cannot back a limit: f-051 rests on c-002-105 is unsafe advice" in said.stdout
