"""A handful of candidates that were not taken, each with the reason in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from davy.people.person import Person
from davy.planning.candidates import form_row
from davy.planning.goals import Aim
from davy.planning.outlook import chance, gain_text, median_serum, serum_text
from davy.planning.shown import form_label
from davy.planning.weighing import Weighed

MOST = 6
NEAR_MG, NOTICED_MMOL_PER_L = 0.5, 0.0005


@dataclass(frozen=True)
class Choice:
    """What was taken, for whom and why; the others are told against it."""

    person: Person
    chosen: Weighed
    aim: Aim

    @property
    def dose_mg(self) -> float:
        """The total of what was taken [mg/d]."""
        return self.chosen.candidate.total_mg

    def serum(self, one: Weighed) -> str:
        """What serum would most likely be under another candidate, against the target."""
        likely = serum_text(self.person, median_serum(one.forecast, self.aim.by_day))
        low = serum_text(self.person, self.aim.low or 0.0)
        return f"Serum would most likely be {likely} on day {self.aim.by_day}; the target begins at {low}."

    def gain(self, one: Weighed) -> float:
        """How much more serum another candidate gives than what was taken [mmol/L]."""
        return median_serum(one.forecast, self.aim.by_day) - median_serum(self.chosen.forecast, self.aim.by_day)

    def rank(self, one: Weighed) -> tuple[float, ...]:
        """Taste among equal doses."""
        return one.candidate.rank(self.aim.goal.trial_forms)


def rejected(
    person: Person, weighed: Sequence[Weighed], chosen: Weighed, aim: Aim
) -> list[tuple[Weighed, float | None, str]]:
    """The candidates worth telling about, each with its chance of the target and why it was not taken.

    What safety refuses is not among them: a refused dose gets no clock card.
    """
    told: dict[int, str] = {}
    open_ones = [one for one in weighed if not one.refused and one is not chosen]
    for one, why in _reasons(open_ones, Choice(person, chosen, aim)):
        told.setdefault(open_ones.index(one), why)
    return [(open_ones[key], chance(open_ones[key].forecast, aim), why) for key, why in list(told.items())[:MOST]]


def _reasons(others: Sequence[Weighed], choice: Choice) -> Iterator[tuple[Weighed, str]]:
    same = [
        one
        for one in others
        if one.candidate.product is not None and abs(one.candidate.total_mg - choice.dose_mg) < NEAR_MG
    ]
    yield from _nothing(others, choice)
    yield from _other_forms(same, choice)
    yield from _oxide(others, choice)
    yield from _larger(others, choice)
    yield from _smaller(others, choice)
    yield from _other_split(same, choice)


def _nothing(others: Sequence[Weighed], choice: Choice) -> Iterator[tuple[Weighed, str]]:
    for one in others:
        if one.candidate.product is None:
            if choice.aim.kind == "restore":
                yield one, choice.serum(one)
            elif choice.aim.kind == "try":
                yield one, "A fair choice: nothing is promised, and food comes first anyway. It tries nothing."
            else:
                yield one, "Food would stay short of what half of such people need."


def _other_forms(same: Sequence[Weighed], choice: Choice) -> Iterator[tuple[Weighed, str]]:
    """One candidate of two other forms at the same dose and, where there is one, in the same split; oxide first."""
    by_form: dict[str, Weighed] = {}
    split = choice.chosen.candidate.intakes
    order = [
        ((one.candidate.form != "oxide", one.candidate.intakes != split, abs(choice.gain(one)), choice.rank(one)), one)
        for one in same
    ]
    for _, one in sorted(order, key=lambda entry: entry[0]):
        if one.candidate.form != choice.chosen.candidate.form:
            by_form.setdefault(one.candidate.form, one)
    for one in list(by_form.values())[:2]:
        yield one, _against(one, choice)


def _against(one: Weighed, choice: Choice) -> str:
    less = -choice.gain(one)
    name = form_label(one.candidate.form)
    if choice.chosen.candidate.product is None:
        return f"Not needed: {name} would bring nothing that food does not bring."
    if less > NOTICED_MMOL_PER_L and _soluble(one) and _soluble(choice.chosen):
        often = {1: "once", 2: "twice"}.get(one.candidate.intakes, f"{one.candidate.intakes} times")
        gap = gain_text(choice.person, less)
        return f"The salt makes no difference; taken {often} a day at its times it gives {gap} less in serum."
    if less > NOTICED_MMOL_PER_L:
        return (
            f"At the same dose {name} gives {gain_text(choice.person, less)} less in serum and leaves more in the gut."
        )
    more_units = one.candidate.units_per_day - choice.chosen.candidate.units_per_day
    if more_units > 0:
        fewer = choice.chosen.candidate.units_per_day
        return f"Absorbed alike; {one.candidate.units_per_day:g} units a day in place of {fewer:g}."
    if choice.aim.goal.trial_forms and one.candidate.form not in choice.aim.goal.trial_forms:
        return "Absorbed alike; not a form that the trials used. Fine if you have it already."
    return "Absorbed alike; fine if you have it already. The one in the plan is easier on the gut or to divide."


def _soluble(one: Weighed) -> bool:
    product = one.candidate.product
    return product is not None and form_row(product).solubility == "soluble"


def _oxide(others: Sequence[Weighed], choice: Choice) -> Iterator[tuple[Weighed, str]]:
    """Oxide at the nearest dose that its tablets make, where they do not make the same."""
    near = [one for one in others if one.candidate.form == "oxide"]
    if near and choice.chosen.candidate.product is not None and choice.chosen.candidate.form != "oxide":
        one = min(near, key=lambda one: (abs(one.candidate.total_mg - choice.dose_mg), choice.rank(one)))
        yield one, "Oxide dissolves slowly: less of it is absorbed and more stays in the gut, where it loosens stools."


def _larger(others: Sequence[Weighed], choice: Choice) -> Iterator[tuple[Weighed, str]]:
    more = [
        one
        for one in others
        if one.candidate.total_mg > choice.dose_mg + NEAR_MG and choice.gain(one) > NOTICED_MMOL_PER_L
    ]
    of_form = [one for one in more if one.candidate.form == choice.chosen.candidate.form] or more
    if not of_form:
        return
    one = min(of_form, key=lambda one: (one.candidate.total_mg, choice.rank(one)))
    gain = gain_text(choice.person, choice.gain(one))
    if choice.aim.kind == "restore":
        yield (
            one,
            f"The lower dose does what can be done; this one adds {gain} and more load for the gut. "
            "Chance is never bought with dose.",
        )
    elif choice.aim.kind == "try":
        yield one, "The lower dose is the lowest that trials support, or all that no trial speaks against; start there."
    else:
        yield one, f"More than food leaves short; it would add {gain} to serum."


def _smaller(others: Sequence[Weighed], choice: Choice) -> Iterator[tuple[Weighed, str]]:
    less = [
        one for one in others if one.candidate.product is not None and one.candidate.total_mg < choice.dose_mg - NEAR_MG
    ]
    if not less:
        return
    most = max(one.candidate.total_mg for one in less)
    one = min((one for one in less if one.candidate.total_mg == most), key=choice.rank)
    if choice.aim.kind == "restore":
        yield one, choice.serum(one)
    elif choice.aim.kind == "try":
        yield one, "Further from what was tried in trials."
    else:
        yield one, "It would not close what food leaves short."


def _other_split(same: Sequence[Weighed], choice: Choice) -> Iterator[tuple[Weighed, str]]:
    for one in same:
        if (
            one.candidate.form == choice.chosen.candidate.form
            and one.candidate.intakes > choice.chosen.candidate.intakes
        ):
            gain = gain_text(choice.person, choice.gain(one))
            yield one, f"Splitting it further adds {gain} to serum; worth it only if your gut asks for it."
            return
