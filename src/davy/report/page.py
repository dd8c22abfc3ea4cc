"""The report: one self-contained HTML page, no network, that also prints on paper; a plan has no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from davy.pathways.touched import Touched
from davy.people.person import Person
from davy.planning.result import Plan
from davy.report.markup import Child, Html, el, join
from davy.report.reading import Reading, reading_of
from davy.report.section_alternatives import alternatives
from davy.report.section_articles import articles
from davy.report.section_benefit import benefit
from davy.report.section_bottom_line import bottom_line
from davy.report.section_caps import caps
from davy.report.section_card import card
from davy.report.section_details import details
from davy.report.section_doses import doses
from davy.report.section_findings import findings
from davy.report.section_food import food
from davy.report.section_forecasts import forecasts
from davy.report.section_forms import forms
from davy.report.section_monitoring import monitoring
from davy.report.section_pathways import pathways
from davy.report.section_prediction import prediction
from davy.report.section_references import evidence
from davy.report.section_referrals import referrals
from davy.report.section_timeline import timeline
from davy.report.section_unknowns import unknowns
from davy.report.words import day_date

Section = Callable[[Reading], Html]
SECTIONS: tuple[Section, ...] = (
    bottom_line,
    findings,
    card,
    forms,
    timeline,
    caps,
    forecasts,
    prediction,
    doses,
    alternatives,
    articles,
    benefit,
    pathways,
    food,
    monitoring,
    referrals,
    unknowns,
    details,
    evidence,
)
"""The sections of a plan, in reading order; each writes itself or nothing. `evidence` lists what the others cite."""

REFUSAL_SECTIONS: tuple[Section, ...] = (
    bottom_line,
    findings,
    referrals,
    card,
    caps,
    food,
    articles,
    monitoring,
    unknowns,
    details,
    evidence,
)
"""A refusal answers "why" and "who can help" first."""


FOOTER = (
    "Davy computes from what it was told. This page is a proposal to discuss with a doctor or pharmacist; "
    "it is not a prescription, and it never asks anyone to stop or change a prescribed medicine."
)


def plan_page(plan: Plan, person: Person | None = None, touched: Touched | None = None) -> str:
    """The report of a plan or refusal, as one HTML document.

    Parameters
    ----------
    plan : what to report.
    person : whom it was made for; brings past labs, their units and the medicine times.
    touched : what the pathways say of its forecast.
    """
    reading = reading_of(plan, person, touched)
    refused = plan.verdict.word == "refused"
    title = "No added magnesium, and why" if refused else "A magnesium plan"
    first, *rest = [made(reading) for made in (REFUSAL_SECTIONS if refused else SECTIONS)]
    return document(f"{title}: {plan.person}", (_header(title, reading), first, contents(rest)), rest)


def contents(sections: Sequence[Html]) -> Html:
    """Links to the sections that are there, by their headings."""
    found = [re.search(r'<h2 id="([\w-]+)-h">(.*?)</h2>', made.text) for made in sections]
    links = [el("li", el("a", {"href": f"#{one[1]}"}, Html(one[2]))) for one in found if one is not None]
    return el("nav", {"aria-label": "On this page"}, el("ul", links))


@dataclass(frozen=True)
class Dress:
    """What a page adds to the house's: styles, a script that the page also reads without, and its own footer.

    `kind` are the classes of its body, which the styles read.
    """

    style: str = ""
    kind: str | None = None
    script: str = ""
    footer: str = FOOTER


def document(title: str, header: Child, sections: Sequence[Html], dress: Dress | None = None) -> str:
    """A whole HTML page from a header and its sections."""
    dress = dress or Dress()
    style = files("davy.report").joinpath("page.css").read_text(encoding="utf-8")
    head = el(
        "head",
        el("meta", {"charset": "utf-8"}),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("meta", {"name": "color-scheme", "content": "light dark"}),
        el("meta", {"name": "referrer", "content": "no-referrer"}),
        el("title", f"{title} \N{MIDDLE DOT} Davy"),
        el("style", Html(style + dress.style)),
    )
    body = el(
        "body",
        {"class": dress.kind},
        el("main", header, join(sections)),
        el("footer", el("p", dress.footer)),
        el("script", Html(dress.script)) if dress.script else None,
    )
    return f"<!doctype html>\n{el('html', {'lang': 'en'}, head, body)}\n"


UNSIGNED = "Unsigned draft. Not valid until a clinician has signed: ______________________"


def _header(title: str, reading: Reading) -> Html:
    plan = reading.plan
    name = {"personal": "for the person", "clinician": "for a clinician", "research": "for research"}
    written = f"written {name.get(plan.profile, plan.profile)}"
    made = f"{plan.person} \N{MIDDLE DOT} {day_date(plan.today, 0)} \N{MIDDLE DOT} {written}"
    kinds = "" if plan.parameter_set == "literature" else " \N{MIDDLE DOT} computed with what the articles state"
    unsigned = plan.profile == "clinician" and plan.regimen is not None
    return el(
        "header",
        el("p.mark", "Davy"),
        el("h1", title),
        el("p.asker", reading.reader.asker) if reading.reader.asker else None,
        el("p.made", made, kinds),
        el("p.unsigned", UNSIGNED) if unsigned else None,
    )
