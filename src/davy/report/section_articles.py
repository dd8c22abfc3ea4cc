"""What the articles would have given this person, judged by the same gates, and where they and the evidence part."""

from __future__ import annotations

from davy.planning.result import ArticlesPlan, Disagreement
from davy.report.layout import section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.reading import Reading
from davy.report.section_card import steps
from davy.report.words import first_up


def articles(reading: Reading) -> Html:
    """The articles' plan and each disagreement that bears on this one."""
    plan = reading.plan
    if plan.as_the_articles_say is None and not plan.disagreements:
        return NOTHING
    return section(
        "articles",
        "What the articles would have given you",
        _protocol(plan.as_the_articles_say, reading) if plan.as_the_articles_say is not None else None,
        [el("h3", "Where the articles and the evidence part")] if plan.disagreements else None,
        [_disagreement(one, reading) for one in plan.disagreements],
    )


def _protocol(told: ArticlesPlan, reading: Reading) -> Child:
    cite = reading.reader.references.cite
    known = {found.sentence for found in reading.plan.verdict.findings}
    grave = [found for found in told.findings if found.severity != "info" and found.sentence not in known]
    return (
        el("p", told.sentence, cite(told.claim_ids)),
        [el("p.small", found.sentence, cite(found.sources)) for found in grave],
        table(steps(told.regimen, reading.plan.today)) if told.regimen is not None else None,
    )


def _disagreement(one: Disagreement, reading: Reading) -> Html:
    return el(
        "dl.versus",
        el("dt.topic", first_up(one.topic)),
        el("dd", el("span.who", "The articles say: "), first_up(one.articles_say)),
        el(
            "dd",
            el("span.who", "The evidence says: "),
            one.evidence_says,
            reading.reader.references.cite((*one.claim_ids, *one.sources)),
        ),
        el("dd", el("span.who", "For you: "), first_up(one.effect_on_this_plan)),
    )
