"""The page of ``davy fit``: what the labs teach about this person, the likely cause, and the next tests."""

from __future__ import annotations

from davy.people.person import Person
from davy.report.documents import FitDocument
from davy.report.fit_model import quality_words, structure_rows
from davy.report.layout import Table, bullets, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.page import contents, document
from davy.report.reading import Reader, reader_of
from davy.report.section_details import causes, fitted_parameters, made_with
from davy.report.section_forecasts import STANDING, cause_words
from davy.report.section_unknowns import TESTS_HEADING, next_tests
from davy.report.words import OUTPUTS, day_date, first_up, number

UNITS = {"urine_mmol_per_d": "mmol/d", "absorbed_mmol_per_d": "mmol/d"}


def fit_page(made: FitDocument, person: Person | None = None) -> str:
    """A fit as one HTML document."""
    reader = reader_of(made.today, person)
    title = "What the labs teach"
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", title),
        el("p.asker", reader.asker) if reader.asker else None,
        el("p.made", f"{made.person} \N{MIDDLE DOT} {day_date(made.today, 0)}"),
    )
    tests = next_tests(made.status)
    sections = [
        _present(made, reader),
        section("tests", TESTS_HEADING, tests) if tests is not None else NOTHING,
        section(
            "details", "Details", fitted_parameters(made.status), causes(made.status), _model(made), made_with(made)
        ),
    ]
    return document(f"{title}: {made.person}", (header, _bottom_line(made), contents(sections)), sections)


def _bottom_line(made: FitDocument) -> Html:
    return section(
        "bottom-line",
        "Bottom line",
        el("ol.plainly", el("li", STANDING[made.status.prediction]), el("li", cause_words(made.status))),
        bullets([first_up(said) for said in made.sentences]),
    )


def present_rows(made: FitDocument, reader: Reader) -> tuple[tuple[str, str, str, str], ...]:
    """Output, median, band and unit of the present state, in the reader's units."""
    rows: list[tuple[str, str, str, str]] = []
    for output, band in made.status.fitted.items():
        own = reader.own_unit(output, UNITS.get(output, "mmol/L"))
        low, middle, high = (number(own.factor * value, own.digits) for value in (band.p05, band.p50, band.p95))
        rows.append((OUTPUTS[output], middle, f"{low} to {high}", own.unit))
    return tuple(rows)


def _model(made: FitDocument) -> tuple[Child, ...]:
    """Structures before and after the labs, and how the fit was computed."""
    heads = ("Structure", "Before your labs", "After")
    averaged = Table("Structures of the body that are averaged", heads, structure_rows(made), (1, 2))
    shown = (el("h3", "What the model leaves open"), table(averaged)) if made.structures else ()
    said = (el("p", made.structure_sentence) if made.structure_sentence else None,)
    return (*shown, *said, el("p", quality_words(made.quality)) if made.quality is not None else None)


def _present(made: FitDocument, reader: Reader) -> Html:
    if not made.status.fitted:
        return NOTHING
    heads = ("Output", "Median", "5 to 95 %", "Unit")
    made_table = Table(
        "True mean over the day, on the present diet and products", heads, present_rows(made, reader), (1, 2)
    )
    return section("present", "Where you stand now", table(made_table))
