"""What the articles' protocol gives this person: rows of articles_protocol.csv, made into a regimen of real products.

It passes the same gates as every other regimen. A dose that a gate refuses is told in a sentence, never by the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal

from davy.people.regimen import Intake, Regimen, Step
from davy.people.vocabulary import ProductRow, products
from davy.planning.candidates import WEEK_D, Candidate, Frame, candidates_at
from davy.tables import SourcedRow, read_table

Role = Literal["dose", "form", "add", "none", "monitor"]
_NIGHT = "21:00"


class ProtocolRow(SourcedRow):
    """One line of the articles' protocol; `source` holds its claim ids.

    Attributes
    ----------
    when : the word of `situation` that makes the line hold.
    role : sets the dose, changes the form, adds a product, forbids, or asks for a test.
    low_mg, high_mg : elemental magnesium [mg/d].
    """

    id: str
    when: str
    role: Role
    form: str | None = None
    low_mg: float | None = None
    high_mg: float | None = None
    at: str | None = None
    sentence: str


@dataclass(frozen=True)
class Protocol:
    """The lines that hold for one person.

    Attributes
    ----------
    form : of the first product.
    wanted_mg : low end of the first product's range [mg/d]; 0 where the articles give nothing.
    split : whether it is taken in two parts.
    added : products on top, with the low end of their range [mg/d].
    """

    form: str
    wanted_mg: float
    split: bool
    added: tuple[tuple[str, float], ...]
    sentences: tuple[str, ...]
    claim_ids: tuple[str, ...]

    @property
    def total_mg(self) -> float:
        """The low end of everything together [mg/d]."""
        return self.wanted_mg + sum(mg for _, mg in self.added)


def protocol_rows() -> tuple[ProtocolRow, ...]:
    """Every line of the articles' protocol."""
    return read_table("articles_protocol.csv", ProtocolRow)


def protocol_for(words: AbstractSet[str]) -> Protocol:
    """The protocol as it applies where these words hold; the first dose line decides."""
    rows = [row for row in protocol_rows() if row.when in words]
    doses = [row for row in rows if row.role in ("dose", "none")]
    first = doses[0]
    others = [row for row in rows if row.role in ("form", "add", "monitor")] if first.role == "dose" else []
    form = next((row.form for row in others if row.role == "form"), None) or first.form or "glycinate"
    used = [first, *others]
    return Protocol(
        form,
        first.low_mg or 0.0,
        first.at is not None and ";" in first.at,
        tuple((row.form or form, row.low_mg or 0.0) for row in others if row.role == "add"),
        tuple(row.sentence for row in used),
        tuple(dict.fromkeys(claim for row in used for claim in row.source)),
    )


def as_candidate(protocol: Protocol, frame: Frame) -> list[Candidate]:
    """The protocol as a candidate: started low and raised weekly, at night or split, added products a week apart.

    Empty where the articles give nothing. The cap of the frame does not count here: whether the dose may stand is for
    the gates to say.
    """
    if protocol.wanted_mg <= 0:
        return []
    open_frame = replace(frame, cap_mg=float("inf"), slots=_night_slots(frame.slots))
    product = _product(protocol.form)
    found = [candidate for candidate in candidates_at(open_frame, product, protocol.wanted_mg)]
    if not found:
        return []
    base = next((one for one in found if not protocol.split or one.intakes > 1), found[0])
    added = _added_steps(base.own, protocol.added, open_frame)
    more = sum(max(intake.elemental_mg for intake in step.intakes) for step in added)
    return [
        replace(
            base,
            regimen=Regimen((*base.regimen.steps, *added)),
            own=Regimen((*base.own.steps, *added)),
            added_mg=base.added_mg + more,
            total_mg=base.total_mg + more,
            worst_mg=base.worst_mg + more,
        )
    ]


def _night_slots(slots: dict[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """One intake goes to the night; more keep the times that suit the medicines."""
    return {**slots, 1: (_NIGHT,)}


def _product(form: str) -> ProductRow:
    """The product of the form with the handiest unit: one that states the element, nearest to 100 mg."""
    of_form = [product for product in products() if product.form == form]
    return min(of_form, key=lambda row: (row.label_means != "elemental", abs(row.elemental_mg_per_unit - 100), row.id))


def _added_steps(base: Regimen, added: Sequence[tuple[str, float]], frame: Frame) -> tuple[Step, ...]:
    """The added products, each a week after the step before."""
    steps: list[Step] = []
    day = max(step.from_day for step in base.steps)
    for form, wanted_mg in added:
        product = _product(form)
        day += WEEK_D
        units = max(1, round(wanted_mg / product.elemental_mg_per_unit))
        dose = Intake(frame.slots[1][0], form, units * product.elemental_mg_per_unit, product.id, float(units))
        steps.append(Step(day, frame.end_d, (dose,)))
    return tuple(steps)
