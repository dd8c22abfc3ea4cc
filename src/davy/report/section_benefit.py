"""What magnesium will probably do for this goal, and not do: trials, never blended with the model."""

from __future__ import annotations

from davy.planning.result import Benefit, Per100
from davy.report.layout import section
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading
from davy.report.words import first_up, listed, mg_between, plain, short


def benefit(reading: Reading) -> Html:
    """Each trial result; one that comes from elsewhere says so first."""
    shown = reading.plan.benefit
    if not shown:
        return NOTHING
    return section(
        "benefit",
        "What it will probably do, and not do",
        el(
            "p",
            "What trials measured in people. It is not what the body model computes; the two stand side by side.",
        ),
        [_benefit(one, reading) for one in shown],
    )


def _benefit(one: Benefit, reading: Reading) -> Html:
    return el(
        "div.benefit",
        el("h3", first_up(one.outcome)),
        el("p", one.sentence, reading.reader.references.cite(one.sources)),
        el("p", per_100_words(one.per_100)) if one.per_100 is not None else None,
        el("p.small", "; ".join(_facts(one)) + "."),
    )


def per_100_words(one: Per100) -> str:
    """The natural frequencies: of 100 people like these, how many with and without."""
    return (
        f"Of 100 such people, about {one.with_:.0f} with magnesium and {one.without:.0f} without it "
        f"(baseline: {one.baseline_from})."
    )


def _facts(one: Benefit) -> list[str]:
    facts: list[str] = []
    if one.estimate is not None:
        between = (
            ""
            if one.low is None or one.high is None
            else f" ({short(one.low)} to {short(one.high)}, 95 % {one.interval})"
        )
        facts.append(f"{short(one.estimate)} {one.unit} against {one.comparator}{between}")
    if one.k is not None:
        people = "" if one.n is None else f", {one.n} people"
        facts.append(f"{one.k} trial{'s' if one.k != 1 else ''}{people}")
    if one.trial_doses_mg is not None:
        facts.append(f"trial doses {mg_between(*one.trial_doses_mg)} a day")
    if one.trial_forms:
        facts.append(f"forms: {listed(tuple(plain(form) for form in one.trial_forms))}")
    return [*facts, f"certainty: {one.certainty}"]
