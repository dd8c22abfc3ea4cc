"""Who else should look at this."""

from __future__ import annotations

from collections.abc import Iterable

from davy.report.layout import bullets, section
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading
from davy.report.words import URGENCY, first_up
from davy.safety.verdict import Referral

ORDER = tuple(URGENCY)


def by_urgency(refer: Iterable[Referral]) -> list[Referral]:
    """The most urgent first."""
    return sorted(refer, key=lambda to: ORDER.index(to.urgency))


def referrals(reading: Reading) -> Html:
    """Referrals, the most urgent first."""
    refer = by_urgency(reading.plan.refer)
    if not refer:
        return NOTHING
    told = [
        (el("strong", f"{URGENCY[to.urgency]}: "), first_up(to.reason), reading.reader.references.cite(to.sources))
        for to in refer
    ]
    return section("referrals", "Who else should look at this", bullets(told))
