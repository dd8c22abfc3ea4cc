"""The page of ``davy evidence audit``: counts, the errors that would change a plan most, and every claim."""

from __future__ import annotations

from importlib.resources import files

from davy.evidence.registry import resolve
from davy.evidence.rows import Claim
from davy.qualify.consequences import DAY, Consequence, Course, consequences
from davy.report.audit_claims import claims_section
from davy.report.audit_documents import AuditDocument, RepeatedShown
from davy.report.audit_text import VERDICTS
from davy.report.layout import Table, section, table
from davy.report.markup import Child, Html, el
from davy.report.page import Dress, contents, document

TITLE = "Three articles on magnesium, claim by claim"
FOOTER = (
    "Every number on this page was worked out when it was written, from tables that carry their sources. "
    "It judges articles, not people, and it is not medical advice."
)
_RELATIONS = {"differ": "different ranges", "apart": "cannot both hold"}
_SAFETY = {"allowed": "allowed", "with_care": "with care", "refused": "refused"}


def audit_page(made: AuditDocument) -> str:
    """The audit as one HTML document; it reads whole without its script, which only filters."""
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", TITLE),
        el("p.made", f"Davy {made.davy} \N{MIDDLE DOT} {made.counts.checks} checks run again for this page"),
    )
    found = consequences()
    sections = [_errors(found), _at_odds(made), _sources(made), claims_section(made)]
    return document(
        TITLE,
        (header, _short(made), contents(sections)),
        sections,
        Dress(style=_file("css"), script=_file("js"), footer=FOOTER),
    )


def _file(kind: str) -> str:
    return files("davy.report").joinpath(f"audit_page.{kind}").read_text(encoding="utf-8")


def _short(made: AuditDocument) -> Html:
    counts = made.counts
    good, open_still = (counts.by_verdict.get(name, 0) for name in ("supported", "unverified"))
    wrong = counts.claims - good - open_still
    sound = "All of them agree with the verdict on record." if made.sound else f"{counts.mismatches} do not agree."
    heads = ("Verdict", *(name.capitalize() for name in counts.by_article), "All")
    rows = tuple(
        (
            el(f"span.word.{verdict}", words),
            *(str(of.get(verdict, 0)) for of in counts.by_article.values()),
            str(counts.by_verdict.get(verdict, 0)),
        )
        for verdict, words in VERDICTS.items()
    )
    return section(
        "short",
        "In short",
        el(
            "p",
            f"The three articles make {counts.claims} claims that can be checked. {good} hold as they stand; {wrong} "
            f"do not, or only in part; {open_still} could not be settled. {counts.claims_checked} were tested by "
            f"arithmetic, chemistry, standard models, the body model or the registry's own facts, in {counts.checks} "
            f"checks. {sound}",
        ),
        table(Table("Claims by verdict and article", heads, rows, (1, 2, 3, 4), prose=True)),
        _classes(made),
    )


def _classes(made: AuditDocument) -> Html:
    told = ", ".join(f"{name.replace('-', ' ')} {count}" for name, count in made.counts.by_error_class.items())
    return el("p.small", f"Where a claim does not hold, the kind of error: {told}.")


def _errors(found: tuple[Consequence, ...]) -> Html:
    return section(
        "errors",
        "What would have changed in a plan",
        el(
            "p",
            "The errors with the largest consequences, the gravest first. Each was worked out in one of the people who "
            f"come with Davy: what Davy gives, what the article gives, and where each leads by day {DAY}.",
        ),
        [_error(one) for one in found],
    )


def _error(one: Consequence) -> Html:
    claim = resolve(one.claim_id)
    said = claim.statement if isinstance(claim, Claim) else ""
    unsafe = isinstance(claim, Claim) and claim.unsafe
    return el(
        "article.error",
        el("h3", f"{one.rank}. {one.title}", [" ", el("span.unsafe", "unsafe")] if unsafe else None),
        el("p.who", f"\N{LEFT DOUBLE QUOTATION MARK}{said}\N{RIGHT DOUBLE QUOTATION MARK} ", _link(one.claim_id)),
        el("p", one.sentence),
        _courses(one) if one.advice is not None else None,
    )


def _courses(one: Consequence) -> Html:
    sides = [("Davy", one.davy), ("The article", one.advice), ("The article, by its own absorption", one.claimed)]
    rows = tuple((name, *_course(course)) for name, course in sides if course is not None)
    heads = ("Who", "Taken", "Safety", "Absorbed, with food", "Serum, 5 to 95 %")
    caption = f"{one.person.replace('-', ' ')}: no more than {one.cap_mg:g} mg a day besides food"
    return table(Table(caption, heads, rows, (1, 3, 4), prose=True))


def _course(course: Course) -> tuple[Child, ...]:
    low, middle, high = course.serum
    return (
        f"{course.dose_mg:g} mg/d",
        _SAFETY[course.verdict] if course.dose_mg else "nothing added",
        f"{course.absorbed_mg:.0f} mg/d",
        f"{middle:.2f} ({low:.2f} to {high:.2f}) mmol/L",
    )


def _link(claim_id: str) -> Html:
    return el("a.id", {"href": f"#{claim_id}"}, claim_id)


def _at_odds(made: AuditDocument) -> Html:
    rows = tuple(
        (one.quantity, _readings(one), one.unit, _RELATIONS[one.relation])
        for one in made.consistency
        if one.relation != "agree"
    )
    same = sum(one.relation == "agree" for one in made.consistency)
    return section(
        "odds",
        "What the articles say twice",
        el("p", f"{len(rows)} quantities are given more than once with numbers that do not agree; {same} agree."),
        table(Table("One quantity, several numbers", ("Quantity", "Numbers", "Unit", "They are"), rows, prose=True)),
    )


def _readings(one: RepeatedShown) -> Html:
    told: list[Child] = []
    for each in one.readings:
        span = f"{each.low:.4g}" if each.low == each.high else f"{each.low:.4g} to {each.high:.4g}"
        told += [el("br") if told else None, f"{span} ", _link(each.claim_id)]
    return el("span", told)


def _sources(made: AuditDocument) -> Html:
    rows = tuple((one.id, one.sentence, one.note or "not on record") for one in made.sanity)
    return section(
        "sources",
        "Sources that do not fit themselves",
        el(
            "p",
            "Intervals, differences, p values and sums of what Davy reads, worked out again with room for rounding.",
        ),
        table(Table("Odd numbers in sources", ("Row", "What does not fit", "What we make of it"), rows, prose=True)),
    )
