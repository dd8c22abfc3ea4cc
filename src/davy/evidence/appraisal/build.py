"""Builds the table of benefits that plans read: every row computed, and stamped with what it was computed from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from davy.evidence.appraisal.analysis import run_analysis
from davy.evidence.appraisal.certainty import Appraisal, appraise, suggestions
from davy.evidence.appraisal.result import Result
from davy.evidence.appraisal.rows import BenefitQuestion
from davy.evidence.appraisal.shelf import Shelf, shelf_of
from davy.evidence.appraisal.wording import count_of, doubt_of, sentence, short

METHOD_VERSION = "1"
"""Goes up with every change of what is computed from the same rows; a table of another version is stale."""
COMPUTED = "computed/benefits.csv"
COLUMNS = (
    "id", "kind", "goals", "outcome", "unit", "comparator", "estimate", "low", "high", "interval", "ci_low", "ci_high",
    "pi_low", "pi_high", "common", "common_low", "common_high", "tau2", "i2", "k", "n", "dose_low_mg", "dose_high_mg",
    "forms", "population", "with_per_100", "without_per_100", "baseline_from", "within_low", "within_high", "analysis",
    "method", "beside", "because", "certainty", "certainty_why", "suggested", "differs", "to_review", "sentence",
    "inputs", "stamp", "source", "where", "verified", "status",
)  # fmt: skip

Cells = dict[str, object]


def build_benefits(texts: Mapping[str, str]) -> str:
    """The text of the computed table; raises KnowledgeError that names the row which does not allow it.

    Parameters
    ----------
    texts : the tables by their path below `knowledge/`.
    """
    shelf = shelf_of(texts)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for question in shelf.questions:
        cells = computed(question, shelf)
        writer.writerow([_text(cells.get(column)) for column in COLUMNS])
    return out.getvalue()


def computed(question: BenefitQuestion, shelf: Shelf) -> Cells:
    """One row of the table."""
    result = run_analysis(question.analysis, shelf) if question.analysis else None
    inputs = tuple(inputs_of(question, shelf))
    cells: Cells = {
        "id": question.id,
        "kind": question.kind,
        "goals": question.goals,
        "outcome": question.outcome,
        "unit": question.unit,
        "comparator": question.comparator,
        "certainty": "none",
        "within_low": question.within_low,
        "within_high": question.within_high,
        "analysis": question.analysis,
        "beside": tuple(_beside(question, shelf)),
        "because": question.because,
        "sentence": sentence(question, result),
        "inputs": inputs,
        "stamp": stamp_of(inputs, shelf),
        "source": (*question.source, *_studies_not_told(question, result, shelf)),
        "where": f"computed from the rows that `inputs` names, method {METHOD_VERSION}",
        "verified": "computed",
        "status": "active",
    }
    if result is not None:
        judged = tuple(row for row in shelf.grade if row.analysis == result.row.id)
        cells |= _numbers(result) | _certainty(result, appraise(result, judged, shelf.data_of(result.row.id)))
    return cells


def _studies_not_told(question: BenefitQuestion, result: Result | None, shelf: Shelf) -> Iterator[str]:
    """The studies of which the row cites no fact, so that a reader meets each paper once."""
    for name in () if result is None else result.row.source:
        if name not in question.source and not set(shelf.study(name).source) & set(question.source):
            yield name


def _numbers(result: Result) -> Cells:
    interval, own = result.individual
    return {
        "estimate": result.estimate,
        **_ends("low", "high", own),
        "interval": interval if own is not None else None,
        **_ends("ci_low", "ci_high", result.ci),
        **_ends("pi_low", "pi_high", result.pi),
        "common": result.common,
        **_ends("common_low", "common_high", result.common_ci),
        "tau2": result.tau2,
        "i2": result.i2,
        "k": result.k,
        "n": result.n,
        **_ends("dose_low_mg", "dose_high_mg", result.doses),
        "forms": result.forms,
        "population": result.people,
        "with_per_100": result.with_per_100,
        "without_per_100": result.without if result.with_per_100 is not None else None,
        "baseline_from": result.baseline if result.with_per_100 is not None else None,
        "method": result.method,
    }


def _certainty(result: Result, made: Appraisal) -> Cells:
    told = (
        f"{one.domain} {'not told' if one.levels is None else f'{one.levels:+d}'}: {one.reason}"
        for one in suggestions(result)
    )
    return {
        "certainty": made.certainty,
        "certainty_why": tuple(_plain(reason) for reason in made.reasons),
        "suggested": tuple(_plain(one) for one in told),
        "differs": tuple(_plain(one) for one in made.differs),
        "to_review": made.to_review,
    }


def _beside(question: BenefitQuestion, shelf: Shelf) -> Iterator[str]:
    """Each other result in a line: the id of its analysis, what it is, its number, its intervals, its doubt."""
    for name in question.beside:
        other = run_analysis(name, shelf)
        whose = ", ".join(dict.fromkeys(shelf.study(one).study for one in other.row.source))
        parts = [
            f"{whose} ({other.row.note or other.method}), {_size(other)}",
            *_results(other),
            doubt_of(other).lower(),
        ]
        yield _plain(f"{name}: {', '.join(parts)}")


def _size(result: Result) -> str:
    people = "" if result.n is None else f" with {result.n:,} people"
    return count_of(result.k, "trial") + people


def _results(result: Result) -> Iterator[str]:
    if result.estimate is None:
        return
    yield short(result.estimate) + _between(result.ci)
    if result.pi is not None:
        yield f"next trial {short(result.pi[0])} to {short(result.pi[1])}"
    if result.common is not None and (result.k or 0) > 1:
        yield f"common effect {short(result.common)}{_between(result.common_ci)}"


def _between(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f" ({short(interval[0])} to {short(interval[1])})"


def inputs_of(question: BenefitQuestion, shelf: Shelf) -> Iterator[str]:
    """Each row that a benefit is computed from, with its mark: ``table:id@mark``."""
    keys = [f"benefits.csv:{question.id}"]
    for name in (*((question.analysis,) if question.analysis else ()), *question.beside):
        row = shelf.analysis(name)
        keys.append(f"analyses.csv:{name}")
        keys += [f"studies.csv:{one}" for one in (*row.source, *row.doses_from, *row.people_from)]
    keys += [f"grade.csv:{row.id}" for row in shelf.grade if row.analysis == question.analysis]
    for key in dict.fromkeys(keys):
        yield f"{key}@{shelf.marks.get(key, 'none')}"


def stamp_of(inputs: tuple[str, ...], shelf: Shelf) -> str:
    """The stamp over all inputs, the populations and the version of the method."""
    people = sorted(key for key in shelf.marks if key.startswith("populations.csv:"))
    return shelf.mark(*people, *inputs, f"method {METHOD_VERSION}")


def _ends(low: str, high: str, interval: tuple[float, float] | None) -> Cells:
    return {low: None, high: None} if interval is None else {low: interval[0], high: interval[1]}


def _plain(text: str) -> str:
    """The same without the sign that divides the words of a cell."""
    return text.replace(";", ",")


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return ";".join(str(part) for part in cell)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
