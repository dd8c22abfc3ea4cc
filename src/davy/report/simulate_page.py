"""The page of ``davy simulate``: one regimen, what it would do, and how safety judges it."""

from __future__ import annotations

from davy.people.person import Person
from davy.planning.known import Quantiles
from davy.report.documents import SimulateDocument
from davy.report.layout import Table, figure, section, table
from davy.report.markup import NOTHING, Html, el
from davy.report.page import contents, document
from davy.report.reading import Reader, reader_of
from davy.report.section_details import gates, made_with
from davy.report.section_findings import judged
from davy.report.section_forecasts import BAND_WORDS, forecast_figure
from davy.report.section_references import cited_sources
from davy.report.words import OUTPUTS, VERDICTS, day_date, number, short


def simulate_page(made: SimulateDocument, person: Person | None = None) -> str:
    """A simulation as one HTML document."""
    reader = reader_of(made.today, person)
    title = "What if"
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", title),
        el("p.asker", reader.asker) if reader.asker else None,
        el("p.made", f"{made.person} \N{MIDDLE DOT} {day_date(made.today, 0)} \N{MIDDLE DOT} a simulation, not advice"),
    )
    sections = [
        judged(made.verdict, reader.references),
        _forecasts(made, reader),
        _steady(made, reader),
        section("details", "Details", gates(made.verdict), made_with(made)),
        cited_sources(reader.references),
    ]
    return document(f"{title}: {made.person}", (header, _asked(made), contents(sections)), sections)


def asked_words(made: SimulateDocument) -> str:
    """What was simulated, in one sentence."""
    diet = "" if made.diet_mg_per_day is None else f", with {made.diet_mg_per_day:g} mg a day from food"
    taken = "no supplement" if made.regimen == "none" else made.regimen
    versions = "the median person" if made.draws == 1 else f"{made.draws} plausible versions of this person"
    return f"{taken[:1].upper()}{taken[1:]}, for {made.days} days{diet}, in {versions}."


def _asked(made: SimulateDocument) -> Html:
    return section(
        "asked",
        "What was asked",
        el("p.verdict", {"class": f"verdict {made.verdict.word}"}, f"Safety: {VERDICTS[made.verdict.word].lower()}"),
        el("p", asked_words(made)),
        el("p.small", f"{made.failed_draws} versions gave no trustworthy answer.") if made.failed_draws else None,
    )


def _forecasts(made: SimulateDocument, reader: Reader) -> Html:
    shown = [figure(forecast_figure(one, reader)) for one in made.outputs]
    return section("forecasts", "What it would do", el("p", BAND_WORDS), shown) if shown else NOTHING


def steady_rows(made: SimulateDocument, reader: Reader) -> tuple[tuple[str, str, str, str], ...]:
    """Output, median, band and unit where the largest daily dose would lead, in the reader's units."""
    units = {one.output: one.unit for one in made.outputs}
    rows: list[tuple[str, str, str, str]] = []
    for output, band in made.steady_state.items():
        own = reader.own_unit(output, units.get(output, ""))
        low, middle, high = (number(own.factor * value, own.digits) for value in _parts(band))
        rows.append((OUTPUTS[output], middle, f"{low} to {high}", own.unit))
    return tuple(rows)


def _parts(band: Quantiles) -> tuple[float, float, float]:
    return band.p05, band.p50, band.p95


def _steady(made: SimulateDocument, reader: Reader) -> Html:
    if not made.steady_state:
        return NOTHING
    heads = ("Output", "Median", "5 to 95 %", "Unit")
    return section(
        "steady",
        "Where it would lead",
        el("p", "If its largest daily dose went on for ever:"),
        table(Table("Steady state", heads, steady_rows(made, reader), (1, 2))),
        el("p.small", f"Largest gap in the mass balance: {short(made.mass_balance_mmol)} mmol."),
    )
