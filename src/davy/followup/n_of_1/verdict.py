"""From a posterior to a verdict, by the rule that was fixed before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from davy.followup.n_of_1.blocks import Blocks
from davy.followup.n_of_1.design_file import DesignFile
from davy.followup.n_of_1.diary import Diary
from davy.followup.n_of_1.priors import number
from davy.followup.n_of_1.result import Contrast, Verdict

LOOK_SLACK = 1
"""Days by which a diary may miss the day of a look."""


@dataclass(frozen=True)
class Ruling:
    """Everything that a verdict rests on."""

    contrast: Contrast
    better: Literal["lower", "higher"]
    smallest: float | None
    unit: str
    design: DesignFile | None
    diary: Diary
    blocks: Blocks


def ruling(made: Ruling) -> tuple[Verdict, str, str, float]:
    """The verdict, what it means in a sentence, the rule in words, and the threshold."""
    threshold = number("rule-threshold") if made.design is None else made.design.threshold
    rule = f"benefit is declared where P(benefit) is above {threshold:g}"
    if made.design is not None:
        rule += f", at day {' or '.join(str(day) for day in made.design.looks)}"
    stop = _no_verdict(made)
    p = made.contrast.p_benefit
    if stop:
        return "undecided", f"No verdict: {stop}. {_numbers(made)}", rule, threshold
    if p > threshold:
        return (
            "benefit",
            f"{_pair(made, 'better')} {_numbers(made)}{_open(made)}",
            rule,
            threshold,
        )
    if 1 - p > threshold:
        return "harm", f"{_pair(made, 'worse')} {_numbers(made)}", rule, threshold
    return "no_association", f"No association was found. {_numbers(made)} {_ruled_out(made)}", rule, threshold


def _no_verdict(made: Ruling) -> str | None:
    if made.blocks.cycles < 2:
        return "with fewer than two cycles a change over time and an effect cannot be told apart"
    if made.design is None:
        return None
    reached = int(made.diary.day[-1] - made.diary.day[0]) + 1
    looks = made.design.looks
    if reached < looks[-1] - LOOK_SLACK and not any(abs(reached - day) <= LOOK_SLACK for day in looks):
        return (
            f"the diary ends on day {reached}, and looks were set for day {' and '.join(str(day) for day in looks)}; "
            "to look in between would raise the error rate"
        )
    return None


def _pair(made: Ruling, word: str) -> str:
    return f"{made.contrast.second} was {word} than {made.contrast.first}."


def _numbers(made: Ruling) -> str:
    one = made.contrast
    beyond = ""
    if one.p_beyond_mcid is not None and made.smallest is not None:
        beyond = f"; P(better by more than {made.smallest:g}) = {_chance(one.p_beyond_mcid)}"
    return (
        f"The difference at steady state is {one.effect:.3g} ({one.low:.3g} to {one.high:.3g}) {made.unit}; "
        f"P(benefit) = {_chance(one.p_benefit)}{beyond}."
    )


def _chance(p: float) -> str:
    return "above 0.999" if p > 0.999 else "below 0.001" if p < 0.001 else f"{p:.3f}"


def _open(made: Ruling) -> str:
    open_label = made.design is not None and not made.design.blinded
    return " The trial was open: this is the effect of taking it, placebo response included." if open_label else ""


def _ruled_out(made: Ruling) -> str:
    one = made.contrast
    gain, loss = (-one.low, one.high) if made.better == "lower" else (one.high, -one.low)
    if made.smallest is None:
        return f"An improvement of up to {max(gain, 0):.3g} and a worsening of up to {max(loss, 0):.3g} stay possible."
    if gain < made.smallest:
        return f"An improvement of {made.smallest:g} or more, the smallest that matters, is ruled out."
    return f"An improvement of up to {gain:.3g} stays possible, so one that matters is not ruled out."
