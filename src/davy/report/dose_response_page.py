"""The page of ``davy evidence dose-response --report``."""

from __future__ import annotations

from davy.evidence.meta.dose_document import DoseResponse, PerUnit
from davy.report.figure_dose import dose_figure
from davy.report.layout import Table, bullets, figure, section, table
from davy.report.markup import Html, el
from davy.report.page import contents, document
from davy.report.pool_text import interval_words, p_words


def dose_response_page(made: DoseResponse, name: str) -> str:
    """A dose-response meta-analysis as one HTML document."""
    studies = f"{made.k} {'study' if made.k == 1 else 'studies'}"
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", f"Dose and response: {name}"),
        el("p.made", f"{studies} \N{MIDDLE DOT} doses {made.dose_low:g} to {made.dose_high:g}"),
    )
    sections = [_slopes(made), section("curve", "By dose", figure(dose_figure(made)), _bent(made)), _studies(made)]
    sections.append(section("choices", "What was chosen", bullets(made.choices)))
    return document(f"Dose and response: {name}", (header, contents(sections)), sections)


def _slopes(made: DoseResponse) -> Html:
    named: list[tuple[str, PerUnit | None]] = [
        ("Random effects, z", made.per_unit),
        ("With Knapp-Hartung", made.per_unit_knha),
        ("Common effect", made.common),
        ("With Hamling's covariances", made.hamling),
    ]
    rows = tuple(
        (label, f"{one.slope:.5f}", f"{one.se:.5f}", _risk(one), p_words(one.p))
        for label, one in named
        if one is not None
    )
    heads = ("Model", "Slope", "SE", "Relative risk (interval)", "p")
    caption = f"Slope of the log relative risk per {made.per_unit.unit:g}"
    return section(
        "slopes", "Per step of dose", table(Table(caption, heads, rows, (1, 2, 3, 4))), bullets(made.warnings)
    )


def _risk(one: PerUnit) -> str:
    return "" if one.rr is None else f"{one.rr:.3f} ({interval_words(one.rr_ci, 3)})"


def _bent(made: DoseResponse) -> Html | None:
    n = made.nonlinear
    if n is None:
        return None
    knots = ", ".join(f"{one:g}" for one in n.knots)
    return el("p", f"Bent or straight: chi-squared {n.chi2:.2f} on {n.df} df, {p_words(n.p)}; knots at {knots}.")


def _studies(made: DoseResponse) -> Html:
    rows = tuple(
        (
            one.study,
            one.type,
            f"{one.slope:.5f}",
            f"{one.se:.5f}",
            f"{one.gof.q:.2f} on {one.gof.df}",
            f"{one.weight:.1f} %",
        )
        for one in made.studies
    )
    heads = ("Study", "Type", "Slope", "SE", "Fit: Q on df", "Weight")
    return section("studies", "Study by study", table(Table("Each study's own line", heads, rows, (2, 3, 4, 5))))
