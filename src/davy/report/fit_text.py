"""What ``davy fit`` prints."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from davy.people.person import Person
from davy.report.documents import FitDocument
from davy.report.fit_model import quality_words, structure_rows
from davy.report.fit_page import present_rows
from davy.report.reading import reader_of
from davy.report.section_forecasts import STANDING, cause_words
from davy.report.terminal import COLUMNS, SAFER
from davy.report.words import CAUSES, first_up, percent, plain, short


def fit_text(made: FitDocument, person: Person | None = None) -> str:
    """A fit as text: standing, cause, present state, parameters, next tests."""
    reader = reader_of(made.today, person)
    status = made.status
    lines = [f"What the labs teach: {made.person}", STANDING[status.prediction], *wrap(cause_words(status), COLUMNS)]
    if status.cause is not None:
        before = status.cause_prior or {}
        shares = sorted(status.cause.items(), key=lambda item: -item[1])
        lines += [
            f"  {CAUSES[name]:<50} {percent(share)} (before: {percent(before.get(name, 0))})" for name, share in shares
        ]
    lines += _lines(made.sentences)
    lines += ["", "Present state, median (5 to 95 %)"]
    lines += [f"  {name}: {middle} {unit} ({band})" for name, middle, band, unit in present_rows(made, reader)]
    if status.parameters:
        lines += ["", "Parameters, before and after the labs"]
        for one in status.parameters:
            after = f"{short(one.p50)} ({short(one.p05)} to {short(one.p95)})"
            taught = f"band narrowed by the labs: {percent(max(one.informed, 0.0))}"
            unit = "" if one.unit == "1" else f" {one.unit}"
            lines += _lines([f"{one.name}: {short(one.prior_p50)} -> {after}{unit}, {taught}"])
    lines += _model(made)
    if status.work_up:
        lines += ["", "If the kidney loses it, known labs and medicines point to this"]
        lines += _lines(f"{first_up(one.sentence)} ({', '.join(one.because)})" for one in status.work_up)
    if status.next_tests:
        lines += ["", "The tests that would change a plan most, with their worth (1 = a refusal turned)"]
        ordered = sorted(status.next_tests, key=lambda test: -test.value)
        lines += _lines(f"{first_up(plain(test.test))} ({test.value:.2f}): {test.why}" for test in ordered)
    elif status.next_tests_said:
        lines += ["", status.next_tests_said]
    return "\n".join(lines).translate(SAFER) + "\n"


def _model(made: FitDocument) -> list[str]:
    """Structures before and after the labs, and how the fit was computed."""
    lines: list[str] = []
    if made.structures:
        lines += ["", "Structures of the body that are averaged, before and after the labs"]
        lines += [f"  {label}: {before} -> {after}" for label, before, after in structure_rows(made)]
        lines += _lines([made.structure_sentence] if made.structure_sentence else [])
    return lines + (["", *_lines([quality_words(made.quality)])] if made.quality is not None else [])


def _lines(sentences: Iterable[str]) -> list[str]:
    return [line for said in sentences for line in wrap(said, COLUMNS, initial_indent="  ", subsequent_indent="    ")]
