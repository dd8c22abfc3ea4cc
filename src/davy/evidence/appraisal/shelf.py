"""The tables that a benefit is computed from, as they stand or as a changed copy, with a mark of each row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from davy.errors import KnowledgeError
from davy.evidence.appraisal.rows import AnalysisRow, BenefitQuestion, GradeRow, PopulationRow, RiskOfBiasRow
from davy.evidence.ledger import Line, lines_of
from davy.evidence.rows import Study
from davy.tables import Row, parse_table

RowT = TypeVar("RowT", bound=Row)
INPUTS = (
    "studies.csv",
    "benefits.csv",
    "analyses.csv",
    "populations.csv",
    "grade.csv",
    "risk_of_bias.csv",
)
_WORDS = frozenset({"note", "where"})
"""Columns that explain a row and change nothing that is computed from it."""


@dataclass(frozen=True)
class Shelf:
    """The rows, each table in file order or by id; `marks` holds a short hash of every row by table and id."""

    questions: tuple[BenefitQuestion, ...]
    analyses: Mapping[str, AnalysisRow]
    studies: Mapping[str, Study]
    people: Mapping[str, tuple[str, ...]]
    grade: tuple[GradeRow, ...]
    bias: tuple[RiskOfBiasRow, ...]
    marks: Mapping[str, str]

    def analysis(self, name: str) -> AnalysisRow:
        """Find an analysis; raises KnowledgeError when there is none."""
        if name not in self.analyses:
            raise KnowledgeError(f"knowledge/analyses.csv: there is no analysis {name!r}")
        return self.analyses[name]

    def study(self, name: str) -> Study:
        """Find a study; raises KnowledgeError when there is none."""
        if name not in self.studies:
            raise KnowledgeError(f"knowledge/studies.csv: there is no study {name!r}")
        return self.studies[name]

    def mark(self, *keys: str) -> str:
        """The mark of several rows together, each named as ``table:id``."""
        return _short("\n".join(f"{key} {self.marks.get(key, 'none')}" for key in keys))

    def data_of(self, analysis: str) -> str:
        """The mark of the study rows of an analysis: what its judgements were made on."""
        return self.mark(*(f"studies.csv:{name}" for name in self.analysis(analysis).source))


def shelf_of(texts: Mapping[str, str]) -> Shelf:
    """Read the tables from their texts; raises KnowledgeError that names every faulty cell."""
    questions = _table(texts, "benefits.csv", BenefitQuestion)
    analyses = _table(texts, "analyses.csv", AnalysisRow)
    studies = _table(texts, "studies.csv", Study)
    populations = _table(texts, "populations.csv", PopulationRow)
    return Shelf(
        questions,
        {row.id: row for row in analyses},
        {row.id: row for row in studies},
        {row.population: row.people for row in populations},
        _table(texts, "grade.csv", GradeRow),
        _table(texts, "risk_of_bias.csv", RiskOfBiasRow),
        {f"{file}:{line.name}": mark_of(line) for file in INPUTS for line in lines_of(file, texts[file])},
    )


def _table(texts: Mapping[str, str], file: str, row: type[RowT]) -> tuple[RowT, ...]:
    if file not in texts:
        raise KnowledgeError(f"knowledge/{file}: the table is missing")
    return parse_table(texts[file], row, name=f"knowledge/{file}")


def mark_of(line: Line) -> str:
    """The mark of a row: it changes with any filled cell but `note` and `where`."""
    return _short(
        "\n".join(f"{name}={cell}" for name, cell in sorted(line.cells.items()) if cell and name not in _WORDS)
    )


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def people_in(study: Study) -> int | None:
    """How many people a study counts: both arms, else the first number of its column `n`."""
    if study.n_arm is not None and study.n_control is not None:
        return study.n_arm + study.n_control
    said = re.match(r"\s*(\d+)", study.n or "")
    return int(said[1]) if said else None


def trials_in(study: Study) -> int | None:
    """How many trials a study row holds: 1, or what a published pooling says as ``k 34`` in its column `n`."""
    if study.kind != "pooled":
        return 1
    said = re.search(r"\bk (\d+)", study.n or "")
    return int(said[1]) if said else None
