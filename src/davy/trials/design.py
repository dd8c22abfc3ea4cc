"""A trial as it is written: every key of a trial file, its type and its possible range.

Days count from randomisation (in a crossover or n-of-1 trial from the start of each period); the run-in lies before
day 0. Doses are elemental milligrams, labs are in the unit of `labs.csv` unless the file says another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

MOST_PEOPLE = 10_000_000
LONGEST_D = 3650
MOST_CYCLES = 6

USUAL = "usual"
"""The structural alternative that sets nothing."""

Kind = Literal["simple", "blocked", "stratified", "crossover", "n-of-1"]
Measure = Literal["value", "change", "percent-change", "below", "above"]
Method = Literal["ancova", "difference", "before-after", "paired", "paired-naive", "unpaired"]
Missing = Literal["complete", "last", "baseline"]

PARALLEL: tuple[Method, ...] = ("ancova", "difference", "before-after")
WITHIN: tuple[Method, ...] = ("paired", "paired-naive", "unpaired")


class Part(BaseModel):
    """A part of a trial file: frozen, no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _bounds(value: object) -> object:
    """``[20, 60]`` is a range, ``true`` and ``female`` a flag."""
    if isinstance(value, list | tuple):
        items: list[Any] = [*value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        if len(items) != 2:
            raise PydanticCustomError("range", "a range is two numbers, the lowest and the highest")
        return tuple(items)
    if isinstance(value, str) and value.strip().lower() in ("true", "yes"):
        return True
    if isinstance(value, str) and value.strip().lower() in ("false", "no"):
        return False
    if isinstance(value, bool):
        return value
    raise PydanticCustomError("range", "a range like [18, 65], or true or false")


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Bounds = Annotated[bool | tuple[float, float], BeforeValidator(_bounds)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Day = Annotated[int, Field(ge=-LONGEST_D, le=LONGEST_D)]


class Screening(Part):
    """A lab that decides who may enter: measured once, with the error of its assay, before randomisation."""

    test: Name
    unit: Name | None = None
    at_least: float | None = None
    at_most: float | None = None


class People(Part):
    """Whom the trial draws from, and who of them may enter.

    Attributes
    ----------
    recipe : a kind of people (`population_recipes.csv`).
    eligibility : by column of the population, a range (both ends included) or a yes or no.
    screening : labs that everyone eligible is measured on.
    """

    recipe: Name
    eligibility: Mapping[str, Bounds] = Field(default_factory=dict)
    screening: tuple[Screening, ...] = Field(default=(), max_length=8)


class Adherence(Part):
    """How much of the labelled doses a person takes: log-normal about `median`, at most 1; some take nothing."""

    median: float = Field(default=1.0, gt=0, le=1)
    spread: float = Field(default=0.0, ge=0, le=2, description="standard deviation of the logarithm")
    nobody: float = Field(default=0.0, ge=0, lt=1, description="share of persons who take none of it")


class Arm(Part):
    """One treatment.

    Attributes
    ----------
    regimen : as on the command line; ``none`` is placebo or no supplement; days count from randomisation.
    diet_mg_per_day : magnesium from food during the trial, the same for all; diet_change_mg_per_day : added to each
        person's own.
    drop_out_per_year, adherence : of this arm; None = those of the trial.
    """

    name: Name
    regimen: str = "none"
    diet_mg_per_day: float | None = Field(default=None, ge=0, le=2000)
    diet_change_mg_per_day: float = Field(default=0.0, ge=-1000, le=2000)
    drop_out_per_year: float | None = Field(default=None, ge=0, le=50)
    adherence: Adherence | None = None


class Stratum(Part):
    """A factor of stratified randomisation: a flag of the population, or a column with cut points."""

    column: Name
    cuts: tuple[float, ...] = Field(default=(), max_length=6)


class Randomisation(Part):
    """Who gets what: kinds and what each needs.

    Attributes
    ----------
    ratio : by arm (parallel kinds), how many of it for each of the others; every arm once when left out.
    block_sizes : of blocked, stratified and crossover; multiples of the sum of the ratio.
    strata : of stratified.
    sequences, period_d, washout_d : of crossover and n-of-1; sequences name arms; washout is taken without treatment.
    cycles : of n-of-1, how many pairs of both treatments each person gets, in random order.
    """

    kind: Kind = "blocked"
    ratio: Mapping[str, float] | None = None
    block_sizes: tuple[int, ...] = Field(default=(), max_length=8)
    strata: tuple[Stratum, ...] = Field(default=(), max_length=6)
    sequences: tuple[tuple[Name, ...], ...] = Field(default=(), max_length=24)
    period_d: int | None = Field(default=None, ge=1, le=LONGEST_D)
    washout_d: int = Field(default=0, ge=0, le=LONGEST_D)
    cycles: int | None = Field(default=None, ge=1, le=MOST_CYCLES)


class RunIn(Part):
    """Days before randomisation that everyone spends alike."""

    days: int = Field(ge=0, le=LONGEST_D)
    regimen: str = "none"


class Visit(Part):
    """A day on which labs are taken; a 24-h urine is collected over the day that ends then."""

    day: Day
    tests: Annotated[tuple[Name, ...], BeforeValidator(_listed)] = Field(min_length=1, max_length=8)


class Endpoint(Part):
    """What is compared: a lab at a visit, its change since day 0, or the share of persons below or above a value."""

    name: Name
    test: Name
    day: Day
    measure: Measure = "value"
    threshold: float | None = None
    unit: Name | None = None
    analysis: Annotated[tuple[Method, ...], BeforeValidator(_listed)] = Field(default=(), max_length=6)


class Power(Part):
    """A power curve over trial sizes, and the smallest size that reaches a target.

    Attributes
    ----------
    sizes : persons in the whole trial; effect : the endpoint, by name; the first when left out.
    target : look for the smallest trial with this power.
    repeats : virtual trials of each size.
    """

    endpoint: Name | None = None
    analysis: Method | None = None
    sizes: tuple[Annotated[int, Field(ge=4, le=1_000_000)], ...] = Field(default=(), max_length=20)
    target: float | None = Field(default=None, gt=0, lt=1)
    alpha: float = Field(default=0.05, gt=0, lt=1)
    repeats: int = Field(default=1000, ge=100, le=20_000)


class Reported(Part):
    """What a published trial reported, to stand beside the prediction.

    Attributes
    ----------
    endpoint, treatment, analysis : which estimate; by default the first treatment and the first analysis.
    arm : the mean of one arm in place of a difference; of a change in per cent, that of the mean.
    pooled : the estimate is of several trials, so that its interval, and not n, tells its error.
    value, low, high : what was reported, with its 95 % interval; or significant : whether it differed (p < 0.05).
    n : persons in that trial; sources : ids of facts or sources.
    """

    endpoint: Name
    treatment: Name | None = None
    analysis: Method | None = None
    arm: Name | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    significant: bool | None = None
    unit: Name | None = None
    pooled: bool = False
    n: int = Field(ge=4, le=1_000_000)
    sources: Annotated[tuple[Name, ...], BeforeValidator(_listed)] = Field(min_length=1)
    note: str | None = None


class Trial(Part):
    """A virtual trial.

    Attributes
    ----------
    people : how many are randomised.
    control : the arm that the others are compared with; by default the first that takes nothing.
    diet_mg_per_day : magnesium from food for all from the run-in on; None = each person's own.
    assay : by test, the standard deviation of the logarithm of a result, in place of that of `priors.csv`.
    adherence : None = as people are drawn. drop_out_per_year : hazard of leaving.
    structure : the structural alternative of the body model that holds in everybody (`structures.csv`).
    missing : complete = only who was measured; last = the last value before; baseline = the value of day 0.
    """

    davy: Literal["1"] = Field(default="1", description="the version of the file format")
    trial: Name
    title: str = ""
    note: str | None = None
    people: int = Field(ge=4, le=MOST_PEOPLE)
    seed: int = Field(default=0, ge=0, le=2**63 - 1)
    population: People
    arms: tuple[Arm, ...] = Field(min_length=1, max_length=12)
    control: Name | None = None
    randomisation: Randomisation = Randomisation()
    run_in: RunIn | None = None
    diet_mg_per_day: float | None = Field(default=None, ge=0, le=2000)
    visits: tuple[Visit, ...] = Field(min_length=1, max_length=40)
    assay: Mapping[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    adherence: Adherence | None = None
    drop_out_per_year: float = Field(default=0.0, ge=0, le=50)
    structure: Name = USUAL
    missing: Missing = "complete"
    endpoints: tuple[Endpoint, ...] = Field(min_length=1, max_length=20)
    power: Power | None = None
    reported: tuple[Reported, ...] = Field(default=(), max_length=20)

    @property
    def within_person(self) -> bool:
        """Whether each person gets more than one treatment."""
        return self.randomisation.kind in ("crossover", "n-of-1")

    @property
    def arm_names(self) -> tuple[str, ...]:
        """The arms by name."""
        return tuple(arm.name for arm in self.arms)

    @property
    def control_arm(self) -> str:
        """The arm that the others are compared with."""
        if self.control is not None:
            return self.control
        untreated = (arm.name for arm in self.arms if arm.regimen.strip().lower() == "none")
        return next(untreated, self.arms[0].name)

    @property
    def treatments(self) -> tuple[str, ...]:
        """The arms that are compared with the control."""
        return tuple(name for name in self.arm_names if name != self.control_arm)

    @property
    def tests(self) -> tuple[str, ...]:
        """Every test that some visit measures."""
        return tuple(dict.fromkeys(test for visit in self.visits for test in visit.tests))

    def analyses(self, endpoint: Endpoint) -> tuple[Method, ...]:
        """The analyses of an endpoint, the first of which counts."""
        if endpoint.analysis:
            return endpoint.analysis
        if self.within_person:
            return WITHIN
        return PARALLEL if endpoint.measure in ("value", "change") else ("difference",)


def trial_schema() -> dict[str, Any]:
    """The JSON Schema of a trial file; where a list of words may stand, so may a single word."""
    schema = Trial.model_json_schema()
    schema["properties"]["davy"] = {"enum": [1, "1"], "description": "the version of the file format"}
    for part, key in (("Visit", "tests"), ("Endpoint", "analysis"), ("Reported", "sources")):
        properties = schema["$defs"][part]["properties"]
        properties[key] = {"anyOf": [properties[key], {"type": "string"}]}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = "davy.trial-design/1"
    schema["title"] = "A trial file for Davy"
    return schema
