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
    title = first_up(one.outcome)
    return el(
        "div.benefit",
        el("h3", f"{title}: an association, not an effect" if one.kind == "association" else title),
        el("p", one.sentence, reading.reader.references.cite(one.sources)),
        el("p", per_100_words(one.per_100)) if one.per_100 is not None else None,
        el("p.small", first_up("; ".join(_facts(one))) + "."),
        _review(one),
        _doubts(one),
    )


def _review(one: Benefit) -> Html:
    """A judgement that was made on other data is told outside the fold."""
    if one.evidence is None or not one.evidence.to_review:
        return NOTHING
    said = ", ".join(one.evidence.to_review)
    return el("p.small", f"To review, because the data changed since the certainty was judged: {said}.")


def _doubts(one: Benefit) -> Html:
    """Why it is believed no further: how it was computed, what lowered the certainty, what stands beside."""
    told = one.evidence
    if told is None:
        return NOTHING
    parts: list[Html] = []
    if told.method:
        parts.append(el("p.small", f"How: {told.method}."))
    if told.certainty_why:
        parts.append(_listed(f"Why the certainty is {one.certainty}:", told.certainty_why))
    if told.differs:
        parts.append(_listed("Where the numbers suggest otherwise:", told.differs))
    if told.beside:
        parts.append(_listed("Beside it:", tuple(said.partition(": ")[2] for said in told.beside)))
    if told.because:
        parts.append(el("p.small", f"Why the others do not rule: {told.because}."))
    parts.append(el("p.small", f"The studies and the stamp: davy evidence show {told.id}."))
    return el("details", el("summary", "How this was computed, and why it is believed no further"), parts)


def _listed(title: str, said: tuple[str, ...]) -> Html:
    return el("div.small", title, el("ul", [el("li", one) for one in said]))


def per_100_words(one: Per100) -> str:
    """The natural frequencies: of 100 people like these, how many with and without."""
    return (
        f"Of 100 such people, about {one.with_:.0f} with magnesium and {one.without:.0f} without it "
        f"(baseline: {one.baseline_from})."
    )


def _facts(one: Benefit) -> list[str]:
    facts: list[str] = []
    if one.estimate is not None:
        between = ", with no interval"
        if one.low is not None and one.high is not None:
            whose = "for the next people like these" if one.interval == "prediction" else "for the average"
            between = f" ({short(one.low)} to {short(one.high)}, 95 % {one.interval} interval, {whose})"
        facts.append(f"{short(one.estimate)} {one.unit} against {one.comparator}{between}")
    if one.k is None and one.kind == "association":
        facts.append("people followed, none given magnesium by lot")
    if one.k is not None:
        people = "" if one.n is None else f", {one.n:,} people"
        facts.append(f"{one.k} trial{'s' if one.k != 1 else ''}{people}")
    if one.trial_doses_mg is not None:
        facts.append(f"trial doses {mg_between(*one.trial_doses_mg)} a day")
    if one.trial_forms:
        facts.append(f"forms: {listed(tuple(plain(form) for form in one.trial_forms))}")
    if one.mismatch:
        facts.append(f"not yours: {listed(one.mismatch)}")
    return [*facts, f"certainty: {one.certainty}"]
