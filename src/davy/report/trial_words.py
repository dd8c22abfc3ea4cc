"""The sentences and cells of a trial, shared by the terminal and the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from davy.report.words import listed, number, percent, plain
from davy.trials.cohort import unit_of
from davy.trials.estimate import METHODS
from davy.trials.result import ArmSummary, Comparison, EndpointResult, Estimate, Flow, PowerCurve, TrialResult

MINUS = "\N{MINUS SIGN}"
MEASURES = {
    "value": "",
    "change": "change from day 0 in ",
    "percent-change": "change from day 0, in per cent, of ",
}
SHARES = {"below": "below", "above": "at or above"}
COLUMNS = {
    "age_y": "age, years",
    "female": "women",
    "weight_kg": "weight, kg",
    "height_cm": "height, cm",
    "egfr_mL_per_min_1p73m2": "eGFR, mL/min/1.73 m\N{SUPERSCRIPT TWO}",
    "intake_mg_per_day": "magnesium from food, mg/d",
    "type_2_diabetes": "type 2 diabetes",
    "hypertension": "hypertension",
    "ppi": "acid blocker",
    "thiazide": "thiazide",
    "loop_diuretic": "loop diuretic",
    "sglt2_inhibitor": "SGLT2 inhibitor",
}
FLAGS = frozenset(COLUMNS) - {"age_y", "weight_kg", "height_cm", "egfr_mL_per_min_1p73m2", "intake_mg_per_day"}


def column_words(name: str) -> str:
    """A column of the population, a screening lab or another reason, in words."""
    return COLUMNS.get(name, plain(name))


def reason_words(name: str) -> str:
    """Why somebody did not enter."""
    if name == "female":
        return "sex"
    if name.startswith("screening "):
        return f"screening {plain(name.removeprefix('screening '))}"
    return column_words(name).partition(",")[0]


def tally_words(made: TrialResult) -> str:
    """Who entered, in a sentence."""
    groups = listed(tuple(f"{one.randomised:,} to {one.group}" for one in made.flow.groups if one.randomised))
    many = len(made.flow.groups) > 8
    to = f"to {len(made.flow.groups)} orders of the treatments" if many else f": {groups}"
    left = sum(one.left for one in made.flow.groups)
    failed = sum(one.failed for one in made.flow.groups)
    gone = f" {left:,} left before the last visit." if left else ""
    stuck = f" {failed:,} could not be simulated." if failed else ""
    space = " " if many else ""
    return (
        f"{made.flow.screened:,} virtual persons were looked at and {made.flow.randomised:,} randomised{space}{to}."
        f"{gone}{stuck} Seed {made.seed}."
    )


def excluded_words(flow: Flow) -> str:
    """Why the others did not enter; empty where everybody did."""
    told = tuple(f"{one.persons:,} by {reason_words(one.reason)}" for one in flow.excluded if one.persons)
    return f"Not entered: {listed(told)}." if told else ""


def heading(endpoint: EndpointResult) -> str:
    """What an endpoint is: "serum: serum magnesium on day 84, mmol/L"."""
    on = f"on day {endpoint.day}"
    if endpoint.measure in SHARES:
        bound = f"{SHARES[endpoint.measure]} {endpoint.threshold:g} {unit_of(endpoint.test)}"
        return f"{endpoint.name}: share of persons with {plain(endpoint.test)} {bound} {on}"
    return f"{endpoint.name}: {MEASURES[endpoint.measure]}{plain(endpoint.test)} {on}, {endpoint.unit}"


def digits_of(unit: str) -> int:
    """How many decimals a unit is told with."""
    return {"%": 1, "share": 3, "mmol/L": 3}.get(unit, 2)


def told(value: float | None, unit: str) -> str:
    """A number of a unit, or a dash."""
    return "\N{EN DASH}" if value is None else number(value, digits_of(unit))


def arm_heads(endpoint: EndpointResult) -> tuple[str, ...]:
    """The heads of the table of arms."""
    shared = endpoint.measure in SHARES
    return ("arm", "persons", "share") if shared else ("arm", "persons", "mean", "SD", "5 to 95 %")


def arm_cells(one: ArmSummary, endpoint: EndpointResult) -> tuple[str, ...]:
    """One arm as a row of a table."""
    unit = endpoint.unit
    if endpoint.measure in SHARES:
        return (one.arm, f"{one.n:,}", told(one.mean, unit))
    band = f"{told(one.p05, unit)} to {told(one.p95, unit)}"
    return (one.arm, f"{one.n:,}", told(one.mean, unit), told(one.sd, unit), band)


def estimate_words(one: Estimate, endpoint: EndpointResult) -> str:
    """An estimate with its interval."""
    if one.estimate is None:
        return "too few persons"
    unit = endpoint.unit
    return f"{signed(one.estimate, unit)} ({signed(one.low, unit)} to {signed(one.high, unit)}) {unit}"


def compared_words(one: Estimate) -> str:
    """What is compared: two arms, or one arm with itself."""
    if one.method == "before-after":
        return f"{one.treatment} after less before"
    return f"{one.treatment} less {one.control}"


def signed(value: float | None, unit: str) -> str:
    """A difference with its sign."""
    if value is None:
        return told(value, unit)
    shown = number(value, digits_of(unit))
    return shown if shown.startswith(MINUS) else f"+{shown}"


def analysis_words(one: Estimate) -> str:
    """The method, in words."""
    return METHODS[one.method]


def p_words(p: float | None) -> str:
    """A p value."""
    if p is None:
        return "no p value"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


@dataclass(frozen=True)
class ComparedCells:
    """A published result in words."""

    what: str
    unit: str
    persons: str
    reported: str
    predicted: str
    verdict: str
    sources: str


def compared_cells(one: Comparison) -> ComparedCells:
    """A published result beside its prediction, in words."""
    unit = one.unit
    if one.reported is None:
        reported = "p < 0.05" if one.reported_significant else "no difference"
        predicted = f"p < 0.05 in {percent(one.probability or 0.0)} of such trials"
    else:
        band = f" ({told(one.reported_low, unit)} to {told(one.reported_high, unit)})"
        reported = f"{told(one.reported, unit)}{'' if one.reported_low is None else band}"
        predicted = f"{told(one.median, unit)} ({told(one.low, unit)} to {told(one.high, unit)})"
    verdict = "hit" if one.hit else "miss" if one.miss is None else f"miss by {signed(one.miss, unit)}"
    return ComparedCells(one.what, unit, f"{one.n:,}", reported, predicted, verdict, ", ".join(one.sources))


def verdict_words(rows: Sequence[Comparison]) -> str:
    """How often the prediction held, and what counts as that."""
    hits = sum(one.hit for one in rows)
    return (
        f"{hits} of {len(rows)} hit. A hit: the reported value lies in the predicted 90 % interval, which is that of "
        "trials of this size in this virtual population; it does not hold what the model itself may have wrong."
    )


def power_words(made: PowerCurve) -> list[str]:
    """The power curve in sentences."""
    found = [f"Power of {made.endpoint} ({METHODS[made.method]}), {made.repeats:,} virtual trials of each size:"]
    found += [
        f"  {one.people:,} persons: {one.power:.3f} \N{PLUS-MINUS SIGN} {one.mc_error:.3f}" for one in made.points
    ]
    size = made.smallest
    if size is not None and size.people is None:
        found.append(f"No trial of up to {size.searched_to:,} persons has a power of {size.target:g}.")
    elif size is not None:
        high = "more" if size.high is None else f"{size.high:,}"
        found.append(
            f"The smallest trial with a power of {size.target:g} has {size.people:,} persons "
            f"({size.low:,} to {high} within the error of the simulation)."
        )
    return found
