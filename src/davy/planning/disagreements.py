"""Where the articles and the evidence differ, and what that changes in this plan."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from davy.planning.result import Disagreement
from davy.tables import SourcedRow, read_table


class DisagreementRow(SourcedRow):
    """A topic on which the articles and the evidence differ; `source` holds the claim ids, then the facts."""

    id: str
    topic: str
    when: str
    articles_say: str
    evidence_says: str
    effect: str


def disagreement_rows() -> tuple[DisagreementRow, ...]:
    """Every topic."""
    return read_table("disagreements.csv", DisagreementRow)


def disagreements(words: AbstractSet[str], *, dose_mg: float | None, cap_mg: float) -> tuple[Disagreement, ...]:
    """The topics that matter to this person, with what each changes here.

    Parameters
    ----------
    dose_mg : what the plan holds besides food [mg/d]; None = nothing.
    cap_mg : the binding cap [mg/d].
    """
    given = "no supplement" if dose_mg is None else f"{dose_mg:g} mg a day"
    return tuple(
        Disagreement(
            row.topic,
            row.articles_say,
            row.evidence_says,
            row.effect.format(dose=given, cap=f"{cap_mg:g}"),
            tuple(source for source in row.source if source.startswith(("c-", "m-"))),
            tuple(source for source in row.source if not source.startswith(("c-", "m-"))),
        )
        for row in disagreement_rows()
        if row.when in words
    )
