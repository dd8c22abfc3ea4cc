"""The page of ``davy qualify``: a credibility dossier, every word of result computed from the documents beside it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from davy.evidence.registry import resolve
from davy.evidence.rows import Source
from davy.qualify.calibration.study import SENTENCE
from davy.qualify.dossier import Dossier, Factor, Statement, dossier_of
from davy.qualify.findings import Finding
from davy.report.dossier_results import results
from davy.report.figure_model_risk import model_risk_figure
from davy.report.layout import Table, bullets, figure, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.page import Dress, contents, document
from davy.report.words import first_up

TITLE = "How far to believe Davy"
FOOTER = (
    "Every number on this page was computed when it was written, by the command that wrote it, from the tables and the "
    "code whose hashes stand under Versions. It is about a model, not about a person, and it is not medical advice."
)
_SHORT = ("sbc", "planted", "plan-coverage", "misfits", "trials", "predictive", "decisions", "n_of_1")

Documents = Mapping[str, Mapping[str, Any]]


def dossier_page(documents: Documents) -> str:
    """The dossier of a qualification as one HTML document."""
    made = dossier_of(documents)
    head = documents["versions"]
    numbers = "full numbers" if head["full"] else "reduced numbers"
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", TITLE),
        el(
            "p.made",
            f"A credibility dossier after ICH M15 and ASME V&V 40 \N{MIDDLE DOT} Davy {head['davy']} \N{MIDDLE DOT} "
            f"{numbers} \N{MIDDLE DOT} seed {head['seed']}",
        ),
    )
    sections = [
        _asked(made),
        _risk(made),
        _limits(made),
        _factors(made),
        *results(documents),
        _versions(documents),
        _sources(made),
    ]
    sections = [one for one in sections if one is not NOTHING]
    style = files("davy.report").joinpath("dossier_page.css").read_text(encoding="utf-8")
    return document(TITLE, (header, _short(made), contents(sections)), sections, Dress(style=style, footer=FOOTER))


def _short(made: Dossier) -> Html:
    lines = [made.findings[name] for name in _SHORT if name in made.findings]
    groups = dict.fromkeys(one.about for one in made.limitations)
    counted = "; ".join(f"{first_up(name)} {sum(one.about == name for one in made.limitations)}" for name in groups)
    return section(
        "bottom-line",
        "In short",
        el("dl.frame", [_told(one) for one in lines]),
        el("p.quote", SENTENCE),
        el(
            "p",
            el("a", {"href": "#limits"}, f"{len(made.limitations)} known limitations"),
            f", each with its size. {counted}.",
        ),
    )


def _told(one: Finding) -> list[Html]:
    return [el("dt", first_up(one.what)), el("dd", first_up(one.sentence), ". ", _word(one))]


def _word(one: Finding) -> Html | None:
    if one.held is None:
        return None
    return el("span.word.good", "holds") if one.held else el("span.word.off", "does not hold")


def _statements(made: Dossier, kind: str) -> Html:
    return el("dl.frame", [_statement(one) for one in made.frame.get(kind, ())])


def _statement(one: Statement) -> list[Html]:
    return [el("dt", one.heading), el("dd", one.text)]


def _asked(made: Dossier) -> Html:
    return section(
        "asked",
        "What is asked of the model",
        el("h3", "Questions of interest"),
        _statements(made, "question"),
        el("h3", "Contexts of use"),
        _statements(made, "context"),
    )


def _risk(made: Dossier) -> Html:
    return section(
        "risk",
        "What a wrong answer would do",
        el("h3", "Model influence"),
        _statements(made, "influence"),
        el("h3", "Consequence of a wrong decision"),
        _statements(made, "consequence"),
        el("h3", "Model risk"),
        figure(model_risk_figure()),
        _statements(made, "risk"),
        el("h3", "Model impact"),
        _statements(made, "impact"),
    )


def _limits(made: Dossier) -> Html:
    groups = dict.fromkeys(one.about for one in made.limitations)
    tables = [
        table(
            Table(
                name,
                ("What", "Size"),
                tuple((first_up(one.what), first_up(one.size)) for one in made.limitations if one.about == name),
                prose=True,
            )
        )
        for name in groups
    ]
    headed = [(el("h3", name), made_table) for name, made_table in zip(groups, tables, strict=True)]
    return section(
        "limits",
        "What is not credible",
        el("p", "All that the results below show to be wrong, uncertain or absent. Nothing here was typed by hand."),
        headed if groups else el("p", "Nothing was found."),
    )


def _factors(made: Dossier) -> Html:
    groups = dict.fromkeys(one.group for one in made.factors)
    parts: list[Child] = []
    for name in groups:
        parts.append(el("h3", name))
        parts += [_factor(one) for one in made.factors if one.group == name]
    told = "What was done for each credibility factor, what came out when this page was written, and what was not done."
    return section("factors", "Credibility, factor by factor", el("p", told), parts)


def _factor(one: Factor) -> Html:
    lines: list[Child] = [
        (el("strong", f"{first_up(found.what)}: "), found.sentence, ". ", _word(found)) for found in one.findings
    ]
    return el(
        "div.factor",
        el("h4", one.heading),
        el("p", one.text),
        bullets(lines),
        el("p.gap", "Not done: ", one.gap) if one.gap else None,
    )


def _versions(documents: Documents) -> Html:
    rows = tuple((row["what"], el("code.hash", row["value"])) for row in documents["versions"]["rows"])
    return section("versions", "Versions", table(Table("Made with", ("What", "Value"), rows)))


def _sources(made: Dossier) -> Html:
    named = dict.fromkeys(
        name
        for one in (*(line for lines in made.frame.values() for line in lines), *made.factors)
        for name in one.sources
    )
    found = [resolve(name) for name in (*named, "s-sailynoja-2022", "s-sbc-package")]
    lines: list[Child] = []
    for one in found:
        if isinstance(one, Source) and one.url is not None:
            lines.append((f"{one.citation}. ", el("a", {"href": one.url}, one.url)))
    return section(
        "sources", "Sources of the frame and of the method", el("ol.refs", [el("li", line) for line in lines])
    )
