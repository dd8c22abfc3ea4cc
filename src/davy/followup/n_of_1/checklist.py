"""The CENT and SPENT checklists, filled in from a design; what only people can say stays blank and is shown so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from davy.followup.n_of_1.design import Design
from davy.tables import SourcedRow, read_table

Name = Literal["cent", "spent"]


class ItemRow(SourcedRow):
    """One item of a checklist; `fills` names what Davy can say to it, blank = people must."""

    id: str
    checklist: Name
    item: str
    section: str
    what: str
    fills: str | None = None


@dataclass(frozen=True)
class Filled:
    """An item with its answer, None where people must give it; `note` says what of it was not read at the source."""

    item: str
    section: str
    what: str
    answer: str | None
    note: str | None


@cache
def items(name: Name) -> tuple[ItemRow, ...]:
    """The items of a checklist in their order."""
    return tuple(row for row in read_table("nof1_checklists.csv", ItemRow) if row.checklist == name)


def checklist(made: Design, name: Name) -> tuple[Filled, ...]:
    """A checklist filled in from a design."""
    return tuple(Filled(row.item, row.section, row.what, _answer(made, row.fills), row.note) for row in items(name))


def _answer(made: Design, fills: str | None) -> str | None:
    return None if fills is None else _ANSWERS[fills](made)


def _order(made: Design) -> str | None:
    if made.file is None:
        return None
    return "; ".join(f"{one.label} days {one.from_day} to {one.to_day}" for one in made.file.blocks)


def _periods(made: Design) -> str | None:
    if made.layout is None:
        return None
    return (
        f"{len(made.layout.order)} periods of {made.layout.block_days} days in {made.layout.cycles} cycles of "
        f"{made.layout.arms} arms, after {made.run_in_days} days of run-in; no washout days: the lag of effect is part "
        "of the model"
    )


def _size(made: Design) -> str | None:
    if made.power is None or made.null is None:
        return None
    return (
        f"by simulation from this person's baseline: power {made.power.overall:.2f} for {made.smallest:g} "
        f"{made.row.unit}, type-I error {made.null.kept:.3f}"
    )


def _looks(made: Design) -> str | None:
    if not made.looks or made.null is None:
        return None
    days = " and ".join(str(day) for day in made.looks)
    return f"looks at day {days}, P(benefit) above {made.null.threshold:g} at each; harm rules act at once"


def _blinding(made: Design) -> str:
    if made.blinded:
        return "the person and whoever judges the diary; the code is with the one who packs"
    return "open: the effect is that of taking it, placebo response included"


_ANSWERS: dict[str, Callable[[Design], str | None]] = {
    "title": lambda made: f"An n-of-1 trial of {', '.join(arm.words for arm in made.arms)} for {made.row.words}",
    "summary": _periods,
    "why": lambda made: "whether it helps this person; trials of groups say what happens on average",
    "objective": lambda made: f"a change of at least {made.smallest:g} {made.row.unit}",
    "periods": _periods,
    "participant": lambda made: f"person {made.person}; conditions and medicines as in the person file",
    "setting": lambda made: "at home, one line of diary a day",
    "ethics": lambda made: (
        "research: approval is needed" if made.profile == "research" else "care of one person, not research"
    ),
    "interventions": lambda made: "; ".join(f"{one.arm.id}: {one.arm.regimen}" for one in made.judged),
    "outcome": lambda made: (
        f"{made.row.words} every day, in {made.row.unit}; the smallest that matters is {made.smallest:g}"
    ),
    "size": _size,
    "looks": _looks,
    "sequence": lambda made: f"pseudo-random from seed {made.ask.seed}, every cycle shuffled, the first too",
    "restriction": lambda made: "each arm once in every cycle",
    "order": _order,
    "concealment": lambda made: (
        f"neutral pack labels; the SHA-256 of the code begins {made.code[:16]}" if made.code else None
    ),
    "implementation": lambda made: (
        "drawn by Davy; packed by someone who does not see the diary" if made.blinded else "drawn by Davy"
    ),
    "blinding": _blinding,
    "alike": lambda made: (
        "same look, taste and number of units; loose stools may unmask" if made.blinded else "not alike"
    ),
    "unblinding": lambda made: "after the last look, or at once for harm",
    "statistics": lambda made: (
        "Bayesian regression with AR(1) errors, trend, weekdays and exponential wash-in; a block randomisation test"
    ),
    "additional": lambda made: "missing days imputed worse and better by one SD, by arm",
    "comparator": lambda made: next((arm.words for arm in made.arms if arm.comparator), None),
    "framework": lambda made: "one person, superiority of an arm over the comparator",
    "carryover": lambda made: (
        "wash-in and washout through the stated prior on the lag; trend; correlation from day to day"
    ),
    "missing": lambda made: "missing days need no imputation in the model; scenarios are shown; analysed as taken",
    "baseline": lambda made: "; ".join(made.baseline.told),
    "harms": lambda made: (
        "stop for more than 3 loose stools a day on 2 days, or weakness, drowsiness, slow pulse; see davy plan"
    ),
    "stopping": lambda made: "harm rules at once; benefit only at the looks",
    "adherence": lambda made: "intakes ticked in the diary; packs counted",
    "concomitant": lambda made: "prescribed medicines as before; no other magnesium; intervals as in the regimen",
    "diary": lambda made: "day,arm,outcome[,period]; blank = not known",
    "limits": lambda made: (
        None if made.visible is None else f"an effect below {made.visible:.3g} {made.row.unit} may well be missed"
    ),
    "generalise": lambda made: "to this person only",
    "protocol": lambda made: "the design file",
    "result": lambda made: "shown to the person and, if they wish, to their clinician",
}


def answerable() -> frozenset[str]:
    """What `fills` may name."""
    return frozenset(_ANSWERS)
