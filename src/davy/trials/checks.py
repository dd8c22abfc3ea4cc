"""Designs that cannot be: each check names what is impossible, where, and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from davy.errors import InputError
from davy.evidence.registry import resolve
from davy.forecast.structures import all_structures
from davy.people.faults import closest
from davy.people.population import draw_population
from davy.people.regimen_text import parse_regimen
from davy.trials.cohort import in_test_unit
from davy.trials.design import WITHIN, Endpoint, Trial
from davy.trials.timetable import MEASURED_BY, sequences_of, shares_of

Place = tuple[str | int, ...]
LEAST_FOR_POWER = 200
"""Fewer simulated persons than this say nothing about the power of other trials."""


@dataclass(frozen=True)
class Found:
    """One fault: its place in the file, what is wrong, what would be right; `line` where the place has none."""

    place: Sequence[str | int]
    what: str
    right: str = ""
    line: int | None = None


def faults_of(trial: Trial) -> list[Found]:
    """Everything that makes a trial impossible; checks that rest on sound arms and kinds come only after these."""
    found = [fault for check in _FIRST for fault in check(trial)]
    return found or [fault for check in _THEN for fault in check(trial)]


@cache
def columns_of(recipe: str) -> tuple[str, ...]:
    """The columns that can be asked about, or none where there is no such recipe."""
    try:
        return tuple(draw_population(recipe, 1).columns)
    except InputError:
        return ()


def _population(trial: Trial) -> Iterator[Found]:
    try:
        draw_population(trial.population.recipe, 1)
    except InputError as error:
        fault = error.faults[0]
        yield Found(("population", "recipe"), fault.what, fault.right)
        return
    known = columns_of(trial.population.recipe)
    drawn = draw_population(trial.population.recipe, 1).columns
    flags = {name for name in known if drawn[name].dtype == np.bool_}
    for name, bounds in trial.population.eligibility.items():
        place: Place = ("population", "eligibility", name)
        if name not in known:
            yield Found(place, f"'{name}' is not a column of the population", closest(name, list(known)))
        elif isinstance(bounds, bool) != (name in flags):
            right = "true or false" if name in flags else "a range, like [18, 65]"
            yield Found(place, f"'{name}' is {'a yes or no' if name in flags else 'an amount'}", right)
        elif not isinstance(bounds, bool) and bounds[0] > bounds[1]:
            yield Found(place, f"nobody lies between {bounds[0]:g} and {bounds[1]:g}", "the lowest first")
    for number, factor in enumerate(trial.randomisation.strata):
        if factor.column not in known:
            place = ("randomisation", "strata", number, "column")
            yield Found(place, f"'{factor.column}' is not a column of the population", closest(factor.column, [*known]))
        elif list(factor.cuts) != sorted(set(factor.cuts)):
            yield Found(("randomisation", "strata", number, "cuts"), "cut points must rise", "like [40, 60]")


def _structure(trial: Trial) -> Iterator[Found]:
    known = [one.id for one in all_structures()]
    if trial.structure not in known:
        what = f"there is no structural alternative '{trial.structure}'"
        yield Found(("structure",), what, f"one of: {', '.join(known)}")


def _regimens(trial: Trial) -> Iterator[Found]:
    texts: list[tuple[Place, str]] = [(("arms", k, "regimen"), arm.regimen) for k, arm in enumerate(trial.arms)]
    if trial.run_in is not None:
        texts.append((("run_in", "regimen"), trial.run_in.regimen))
    for place, text in texts:
        try:
            parse_regimen(text)
        except InputError as error:
            yield from (Found(place, fault.what, fault.right) for fault in error.faults)


def _arms(trial: Trial) -> Iterator[Found]:
    names = trial.arm_names
    for number, name in enumerate(names):
        if name in names[:number]:
            yield Found(("arms", number, "name"), f"two arms are called '{name}'", "a name for each")
    if len(names) < 2:
        yield Found(("arms",), "a trial with one arm compares nothing", "two arms or more")
    if trial.control is not None and trial.control not in names:
        yield Found(("control",), f"there is no arm '{trial.control}'", f"one of: {', '.join(names)}")


def _ratio(trial: Trial) -> Iterator[Found]:
    ratio = trial.randomisation.ratio
    if ratio is None:
        return
    place: Place = ("randomisation", "ratio")
    if trial.within_person:
        yield Found(place, f"a {trial.randomisation.kind} trial gives everybody every treatment", "leave the ratio out")
        return
    for name, share in ratio.items():
        if name not in trial.arm_names:
            yield Found((*place, name), f"there is no arm '{name}'", f"one of: {', '.join(trial.arm_names)}")
        elif share <= 0:
            yield Found((*place, name), f"a ratio of {share:g} puts nobody in '{name}'", "1 or more")
        elif share != round(share) or share > 100:
            yield Found((*place, name), f"{share:g} is not a whole number up to 100", "like {placebo: 1, magnesium: 2}")
    for name in trial.arm_names:
        if name not in ratio:
            yield Found(place, f"the ratio leaves out '{name}'", "a number for each arm")


def _sequences(trial: Trial) -> Iterator[Found]:
    plan, place = trial.randomisation, ("randomisation", "sequences")
    if plan.kind != "crossover":
        if plan.sequences:
            yield Found(place, f"a {plan.kind} trial has no sequences", "kind: crossover, or leave them out")
        return
    if not plan.sequences:
        yield Found(place, "a crossover trial needs its sequences", "like [[placebo, magnesium], [magnesium, placebo]]")
        return
    if len({len(one) for one in plan.sequences}) > 1:
        yield Found(place, "the sequences differ in their number of periods", "as many arms in each")
    if min(len(one) for one in plan.sequences) < 2:
        yield Found(place, "a crossover with one period is no crossover", "two periods or more")
    for number, one in enumerate(plan.sequences):
        for name in one:
            if name not in trial.arm_names:
                right = f"one of: {', '.join(trial.arm_names)}"
                yield Found((*place, number), f"there is no arm '{name}'", right)
        missing = [name for name in trial.arm_names if name not in one]
        if missing:
            yield Found((*place, number), f"this sequence leaves out '{missing[0]}'", "every arm in every sequence")


def _periods(trial: Trial) -> Iterator[Found]:
    plan = trial.randomisation
    if not trial.within_person:
        if plan.period_d is not None or plan.washout_d or plan.cycles is not None:
            name = "period_d" if plan.period_d is not None else "washout_d" if plan.washout_d else "cycles"
            yield Found(("randomisation", name), f"a {plan.kind} trial has one period", "kind: crossover or n-of-1")
        return
    if plan.period_d is None:
        yield Found(("randomisation",), f"a {plan.kind} trial needs the length of a period", "period_d: 28")
    elif plan.washout_d > plan.period_d:
        place: Place = ("randomisation", "washout_d")
        yield Found(
            place, f"a washout of {plan.washout_d} days is longer than a period of {plan.period_d}", "at most that"
        )
    if plan.kind == "n-of-1" and plan.cycles is None:
        yield Found(("randomisation",), "an n-of-1 trial needs its number of cycles", "cycles: 3")
    if plan.kind == "n-of-1" and len(trial.arms) != 2:
        yield Found(("arms",), "an n-of-1 trial compares two treatments", "two arms")
    if plan.kind == "crossover" and plan.cycles is not None:
        yield Found(("randomisation", "cycles"), "a crossover has sequences, not cycles", "kind: n-of-1")


def _alike(trial: Trial) -> Iterator[Found]:
    """What differs between arms only where persons do."""
    if not trial.within_person:
        return
    for number, arm in enumerate(trial.arms):
        if arm.drop_out_per_year is not None or arm.adherence is not None:
            what = f"everybody takes '{arm.name}' in turn, so it has no drop-out or adherence of its own"
            yield Found(("arms", number), what, "drop_out_per_year or adherence of the trial")
    if len({arm.diet_mg_per_day for arm in trial.arms}) > 1 or any(arm.diet_change_mg_per_day for arm in trial.arms):
        yield Found(("arms",), "food that differs between periods cannot be simulated", "diet_mg_per_day of the trial")


def _blocks(trial: Trial) -> Iterator[Found]:
    plan, place = trial.randomisation, ("randomisation", "block_sizes")
    if plan.kind in ("simple", "n-of-1") and plan.block_sizes:
        yield Found(place, f"a {plan.kind} randomisation has no blocks", "kind: blocked")
    unit = sum(shares_of(trial))
    for number, size in enumerate(plan.block_sizes):
        if size < unit or size % unit or size > 1000:
            yield Found((*place, number), f"a block of {size} does not hold the ratio", f"a multiple of {unit}")
    if plan.kind == "stratified" and not plan.strata:
        yield Found(("randomisation",), "a stratified randomisation needs its strata", "strata: [{column: female}]")
    if plan.kind != "stratified" and plan.strata:
        yield Found(("randomisation", "strata"), f"a {plan.kind} randomisation has no strata", "kind: stratified")


def _diets(trial: Trial) -> Iterator[Found]:
    if trial.run_in is None or not trial.run_in.days:
        return
    for number, arm in enumerate(trial.arms):
        if arm.diet_mg_per_day is not None or arm.diet_change_mg_per_day:
            what = f"the food of '{arm.name}' would begin with the run-in, before anyone is randomised"
            yield Found(("arms", number), what, "no run-in, or diet_mg_per_day of the whole trial")


def _visits(trial: Trial) -> Iterator[Found]:
    run_in = trial.run_in.days if trial.run_in is not None else 0
    seen: set[int] = set()
    for number, visit in enumerate(trial.visits):
        place: Place = ("visits", number, "day")
        if visit.day in seen:
            yield Found(place, f"there are two visits on day {visit.day}", "all its tests in one")
        seen.add(visit.day)
        if trial.within_person and visit.day < 0:
            yield Found(place, "visits of a period count from its first day", "0 or later")
        elif visit.day < -run_in:
            yield Found(place, f"day {visit.day} lies before the run-in of {run_in} days", f"{-run_in} or later")
        period = trial.randomisation.period_d
        if trial.within_person and period is not None and visit.day > period:
            yield Found(place, f"day {visit.day} comes after the end of a period of {period} days", f"{period} at most")
        for test in visit.tests:
            if test not in MEASURED_BY:
                what = f"'{test}' is not a test that the body model can foretell"
                yield Found(("visits", number, "tests"), what, closest(test, [*MEASURED_BY]))


def _endpoints(trial: Trial) -> Iterator[Found]:
    names = [one.name for one in trial.endpoints]
    measured = {(visit.day, test) for visit in trial.visits for test in visit.tests}
    for number, one in enumerate(trial.endpoints):
        place: Place = ("endpoints", number)
        if one.name in names[:number]:
            yield Found((*place, "name"), f"two endpoints are called '{one.name}'", "a name for each")
        if (one.day, one.test) not in measured:
            days = sorted(day for day, test in measured if test == one.test)
            right = f"it is measured on day {', '.join(map(str, days))}" if days else "a visit that measures it"
            yield Found((*place, "day"), f"no visit measures {one.test} on day {one.day}", right)
        if one.day == 0 and trial.run_in is None and not trial.within_person:
            yield Found((*place, "day"), "on day 0 nothing has been taken yet", "a later visit")
        if one.measure in ("change", "percent-change") and (0, one.test) not in measured:
            yield Found((*place, "measure"), f"a change needs {one.test} on day 0", "a visit on day 0")
        if (one.threshold is None) == (one.measure in ("below", "above")):
            what = "needs a threshold" if one.threshold is None else "has no threshold"
            yield Found((*place, "threshold"), f"a {one.measure} {what}", "threshold: 0.75 goes with below or above")
        if one.unit is not None:
            yield from _unit(place, one.test, one.unit)
        yield from _methods(trial, one, place, measured)


def _methods(trial: Trial, one: Endpoint, place: Place, measured: set[tuple[int, str]]) -> Iterator[Found]:
    for method in one.analysis:
        if not trial.within_person and method in WITHIN:
            yield Found((*place, "analysis"), f"'{method}' needs a crossover or n-of-1 trial", "ancova or difference")
        elif trial.within_person and method in ("ancova", "difference"):
            yield Found((*place, "analysis"), f"'{method}' needs a trial with parallel arms", "paired")
        elif method == "ancova" and one.measure not in ("value", "change"):
            yield Found((*place, "analysis"), f"'{method}' does not fit a {one.measure}", "difference")
    needs_start = trial.analyses(one)[0] == "ancova" or "before-after" in one.analysis
    if needs_start and (0, one.test) not in measured:
        yield Found((*place, "analysis"), f"this analysis needs {one.test} on day 0", "a visit on day 0, or difference")
    if trial.analyses(one)[0] == "paired" and len(sequences_of(trial)) < 2:
        yield Found(
            (*place, "analysis"), "with one sequence, treatment and period cannot be told apart", "two sequences"
        )


def _unit(place: Place, test: str, unit: str) -> Iterator[Found]:
    try:
        in_test_unit(test, 1.0, unit)
    except Exception as error:
        yield Found((*place, "unit"), f"'{unit}' is not a unit of {test}: {error}", "")


def _labs(trial: Trial) -> Iterator[Found]:
    for number, lab in enumerate(trial.population.screening):
        place: Place = ("population", "screening", number)
        if lab.test not in MEASURED_BY:
            what = f"'{lab.test}' is not a test that the body model can foretell"
            yield Found((*place, "test"), what, closest(lab.test, [*MEASURED_BY]))
            continue
        if lab.at_least is None and lab.at_most is None:
            yield Found(place, "this lab decides nothing", "at_least, at_most or both")
        elif lab.at_least is not None and lab.at_most is not None and lab.at_least > lab.at_most:
            yield Found(place, f"nobody lies between {lab.at_least:g} and {lab.at_most:g}", "the lowest first")
        if lab.unit is not None:
            yield from _unit(place, lab.test, lab.unit)
    for test in trial.assay:
        if test not in MEASURED_BY:
            yield Found(("assay", test), f"'{test}' is not a test of this trial", closest(test, [*MEASURED_BY]))


def _power(trial: Trial) -> Iterator[Found]:
    asked = trial.power
    if asked is None:
        return
    known = [one.name for one in trial.endpoints]
    if asked.endpoint is not None and asked.endpoint not in known:
        yield Found(("power", "endpoint"), f"there is no endpoint '{asked.endpoint}'", f"one of: {', '.join(known)}")
    if not asked.sizes and asked.target is None:
        yield Found(("power",), "neither sizes nor a target are given", "sizes: [40, 80] or target: 0.8")
    if trial.people < LEAST_FOR_POWER:
        what = f"{trial.people} simulated persons are too few to draw trials from"
        yield Found(("people",), what, f"{LEAST_FOR_POWER} or more; 2000 is usual")
    arms = {arm.name: arm for arm in trial.arms}
    own, other = arms[trial.treatments[0]], arms[trial.control_arm]
    same = own.model_copy(update={"name": ""}) == other.model_copy(update={"name": ""})
    if asked.target is not None and same:
        what = f"'{own.name}' and '{other.name}' are the same treatment: no size has the power to tell them apart"
        yield Found(("power", "target"), what, "a regimen or a diet that differs")


def _reported(trial: Trial) -> Iterator[Found]:
    for number, said in enumerate(trial.reported):
        place: Place = ("reported", number)
        endpoint = next((one for one in trial.endpoints if one.name == said.endpoint), None)
        if endpoint is None:
            yield Found((*place, "endpoint"), f"there is no endpoint '{said.endpoint}'", "one of the endpoints")
        for key, name in (("arm", said.arm), ("treatment", said.treatment)):
            if name is not None and name not in trial.arm_names:
                yield Found((*place, key), f"there is no arm '{name}'", f"one of: {', '.join(trial.arm_names)}")
        if (said.value is None) == (said.significant is None):
            yield Found(place, "give the value that was reported, or whether it was significant", "one of the two")
        if said.pooled and (said.low is None or said.high is None):
            yield Found((*place, "pooled"), "a pooled estimate needs its interval", "low and high")
        if said.unit is not None and endpoint is not None:
            yield from _unit(place, endpoint.test, said.unit)
        for source in said.sources:
            try:
                resolve(source)
            except Exception:
                yield Found((*place, "sources"), f"'{source}' is not a source that Davy knows", "an id like K090")


Check = Callable[[Trial], Iterator[Found]]
_FIRST: tuple[Check, ...] = (
    _population,
    _structure,
    _arms,
    _regimens,
    _ratio,
    _sequences,
    _periods,
    _alike,
    _visits,
    _labs,
)
_THEN: tuple[Check, ...] = (_blocks, _diets, _endpoints, _power, _reported)
