"""The rule before virtual persons: how often it is right, beside a fixed dose and the articles' adjustment."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from davy.followup.adapt.facts import NEAR_MG
from davy.followup.adapt.policies import Lived, Made, at_a_fixed_dose, at_constant_doses, by_davy, by_the_articles
from davy.followup.adapt.raising import RAISES
from davy.followup.adapt.virtual_person import GRACE_D, PLAN_D, START, Virtual, assumed, virtual_person
from davy.followup.adapt.virtual_trial import trial_of
from davy.followup.visit_person import loose

FULL, REDUCED, TASK = 2000, 60, 100
EVERY = 5
"""Every so many persons are also followed at the levels that exist in simulation alone."""
CREEP_LIMIT = 0.02
BURDENS = (0.1, 0.5, 1.0)


@dataclass(frozen=True)
class Ended:
    """What became of one virtual person.

    Attributes
    ----------
    above_cap : decisions that left more than a cap of that day, or than the plan's.
    raised : whether a decision went above what the plan began with. crept : the same, without any benefit to gain.
    lowered_in_time : of those with loose stools noted, whether the next look lowered; None where there were none.
    stopped_in_time : of those whose kidneys fell or who began a medicine that magnesium binds; None for others.
    lived : how each policy went; constant : each constant dose within the cap.
    articles_above_d : days on which the articles' adjustment was above the cap.
    """

    group: str
    decisions: int
    right: bool
    kept: bool
    stopped: bool
    referred: bool
    above_cap: int
    raised: bool
    crept: bool
    lowered_in_time: bool | None
    stopped_in_time: bool | None
    lived: dict[str, Lived]
    constant: tuple[Lived, ...]
    articles_above_d: int

    def regret(self, policy: str, dose: float) -> float:
        """What a day costs more than on the best constant dose, where a day with tablets costs so much."""
        return self.lived[policy].loss(dose) - min(one.loss(dose) for one in self.constant)


@dataclass(frozen=True)
class Row:
    """One group of virtual persons.

    Attributes
    ----------
    right : share that ended as the truth asks: kept where it helps, stopped or lowered where not, referred for a leak.
    crept : share whose dose went above the plan's without a benefit to gain; `above_cap` counts decisions.
    regret_* : loss of a day more than by the best constant dose within the cap, in smallest differences that matter,
        with its standard error over persons.
    """

    group: str
    persons: int
    decisions: int
    right: float
    kept: float
    stopped: float
    referred: float
    raised: float
    crept: float
    above_cap: int
    lowered_in_time: float | None
    stopped_in_time: float | None
    regret_davy: float
    regret_davy_se: float
    regret_fixed: float
    regret_fixed_se: float
    regret_articles: float
    regret_articles_se: float
    regret_l2: float | None
    regret_l3: float | None
    articles_days_above_cap: float


@dataclass(frozen=True)
class Burden:
    """Mean regret of all where a day with tablets costs so much, in smallest differences that matter."""

    dose_costs: float
    davy: float
    fixed: float
    articles: float


@dataclass(frozen=True)
class Study:
    """The table, and what of it nobody expects.

    Attributes
    ----------
    burdens : the regret again where tablets cost less and more.
    crept : share of the persons `without_benefit` whose dose went above that of the plan.
    """

    seed: int
    persons: int
    table: tuple[Row, ...]
    burdens: tuple[Burden, ...]
    without_benefit: int
    crept: float

    @property
    def sentence(self) -> str:
        """The table in a sentence."""
        every = self.table[-1]
        return (
            f"{every.persons} virtual persons, {every.decisions} decisions: {every.above_cap} above a cap; the dose "
            f"crept in {100 * self.crept:.1f} % of {self.without_benefit} without a benefit; "
            f"{100 * every.right:.0f} % ended as the truth asks."
        )

    def rows(self) -> list[dict[str, Any]]:
        """One plain row a group, all of them last."""
        return [asdict(row) for row in self.table]

    def unexpected(self) -> list[str]:
        """A dose above a cap, or doses that creep."""
        every = self.table[-1]
        told = [f"{every.above_cap} decisions above a cap"] if every.above_cap else []
        return told + ([f"dose crept in {self.crept:.3f}"] if self.crept >= CREEP_LIMIT else [])

    def about(self) -> dict[str, Any]:
        """What stands beside the table."""
        return {
            "persons": self.persons,
            "without_benefit": self.without_benefit,
            "crept_without_benefit": self.crept,
            "regret_by_burden": [asdict(one) for one in self.burdens],
        }


def virtual_persons(seed: int = 0, *, people: int) -> Study:
    """The study of so many; the same seed gives the same table, and the same persons for any size."""
    return _study(seed, endings(seed, 0, people))


def tasks(seed: int, full: bool) -> tuple[tuple[Callable[..., list[Ended]], tuple[int, int, int]], ...]:
    """The study in parts that can be done anywhere."""
    count, size = (FULL, TASK) if full else (REDUCED, REDUCED)
    return tuple((endings, (seed, first, min(first + size, count))) for first in range(0, count, size))


def gathered(seed: int, full: bool, results: Sequence[list[Ended]]) -> Study:
    """The study from those parts."""
    return _study(seed, [one for part in results for one in part])


def endings(seed: int, first: int, until: int) -> list[Ended]:
    """What became of the persons with these numbers."""
    return [ending_of(virtual_person(number, seed), seed) for number in range(first, until)]


def _study(seed: int, ended: Sequence[Ended]) -> Study:
    groups = dict.fromkeys(one.group for one in sorted(ended, key=lambda one: one.group))
    table = [_row(group, [one for one in ended if one.group == group]) for group in groups]
    useless = [one.crept for one in ended if not one.group.endswith("benefit")]
    burdens = tuple(_burden(ended, dose) for dose in BURDENS)
    return Study(seed, len(ended), (*table, _row("all", ended)), burdens, len(useless), _share(useless) or 0.0)


def _burden(ended: Sequence[Ended], dose: float) -> Burden:
    means = [
        math.fsum(one.regret(policy, dose) for one in ended) / len(ended) for policy in ("davy", "fixed", "articles")
    ]
    return Burden(dose, *(round(mean, 4) for mean in means))


def decisions_of(seed: int = 0, *, people: int) -> Iterator[tuple[int, Made]]:
    """Every decision of so many virtual persons, with the number of its person, in order."""
    for number in range(people):
        person = virtual_person(number, seed)
        for made in by_davy(person, seed, trial_of(person, seed))[1]:
            yield number, made


def ending_of(person: Virtual, seed: int) -> Ended:
    """What became of one person under every policy."""
    trial = trial_of(person, seed)
    lived, made = by_davy(person, seed, trial)
    ways: dict[str, Callable[[], Lived]] = {
        "fixed": lambda: at_a_fixed_dose(person, seed),
        "articles": lambda: by_the_articles(person, seed),
    }
    if person.number % EVERY == 0:
        ways["l2"] = lambda: by_davy(person, seed, trial, "L2")[0]
        ways["l3"] = lambda: by_davy(person, seed, trial, "L3")[0]
    others = {name: way() for name, way in ways.items()}
    cap = person.archetype.plan.cap_mg or 0.0
    kept = lived.asked_mg[-1] > 0
    words = {one.decision.action for one in made}
    raised = any(rule in RAISES for one in made for rule in _rules(one) if one.decision.action == "step_up")
    return Ended(
        group=f"{person.archetype.setting}: {person.truth}",
        decisions=len(made),
        right=_right(person, lived, "refer" in words),
        kept=kept,
        stopped=not kept,
        referred="refer" in words,
        above_cap=sum(_above(one) for one in made),
        raised=raised,
        crept=raised and not _gains(person),
        lowered_in_time=_lowered(person, made),
        stopped_in_time=_stopped(person, made),
        lived={"davy": lived, **others},
        constant=at_constant_doses(person, seed),
        articles_above_d=sum(mg > cap + NEAR_MG for mg in others["articles"].asked_mg),
    )


def _rules(made: Made) -> tuple[str, ...]:
    return tuple(one.rule for one in made.decision.reasons)


def _gains(person: Virtual) -> bool:
    """Whether a larger dose would do more good."""
    return person.truth == "benefit"


def _right(person: Virtual, lived: Lived, referred: bool) -> bool:
    """Whether it ended as the truth asks; who became ill or began another medicine is rightly stopped."""
    after, full = lived.asked_mg[-1], person.archetype.full_mg
    if person.kidney is not None or (person.medicine is not None and person.medicine[1] == "levothyroxine"):
        return after == 0
    if person.truth == "benefit":
        return after > 0
    if person.truth == "harm":
        return after < full - NEAR_MG
    return after == 0 or (person.archetype.setting == "restore" and referred)


def _above(made: Made) -> bool:
    """Whether a decision leaves more than any cap of its day."""
    total = made.decision.total_mg or 0.0
    return total > min(cap.elemental_mg_per_day for cap in made.decision.caps) + NEAR_MG


def _lowered(person: Virtual, made: Sequence[Made]) -> bool | None:
    """Whether the first look after the first loose stool that was noted under the plan left less than was asked for."""
    for one in made:
        days = [day for day in one.inputs.days if day.date >= START and loose(day)]
        if days:
            asked = person.archetype.plan.intakes_on(days[0].date)
            return (one.decision.total_mg or 0.0) < sum(intake.elemental_mg for intake in asked)
    return None


def _stopped(person: Virtual, made: Sequence[Made]) -> bool | None:
    """Whether the first look that could know of it stopped."""
    for one in made:
        new = [row for row in one.inputs.person.medicines if "levothyroxine" in row.classes]
        drawn = [lab for lab in one.inputs.person.labs if lab.test == "creatinine" and lab.value > 90]
        if (new or drawn) and one.day < PLAN_D + GRACE_D:
            return not one.decision.total_mg
    return None


def _row(group: str, ended: Sequence[Ended]) -> Row:
    def regret(policy: str) -> tuple[float, float]:
        more = [one.regret(policy, assumed("loss-dose")) for one in ended if policy in one.lived]
        if not more:
            return math.nan, math.nan
        mean = math.fsum(more) / len(more)
        spread = math.fsum((value - mean) ** 2 for value in more) / max(len(more) - 1, 1)
        return round(mean, 4), round(math.sqrt(spread / len(more)), 4)

    davy, fixed, articles = regret("davy"), regret("fixed"), regret("articles")
    l2, l3 = regret("l2")[0], regret("l3")[0]
    return Row(
        group=group,
        persons=len(ended),
        decisions=sum(one.decisions for one in ended),
        right=_share([one.right for one in ended]) or 0.0,
        kept=_share([one.kept for one in ended]) or 0.0,
        stopped=_share([one.stopped for one in ended]) or 0.0,
        referred=_share([one.referred for one in ended]) or 0.0,
        raised=_share([one.raised for one in ended]) or 0.0,
        crept=_share([one.crept for one in ended]) or 0.0,
        above_cap=sum(one.above_cap for one in ended),
        lowered_in_time=_share([one.lowered_in_time for one in ended]),
        stopped_in_time=_share([one.stopped_in_time for one in ended]),
        regret_davy=davy[0],
        regret_davy_se=davy[1],
        regret_fixed=fixed[0],
        regret_fixed_se=fixed[1],
        regret_articles=articles[0],
        regret_articles_se=articles[1],
        regret_l2=None if math.isnan(l2) else l2,
        regret_l3=None if math.isnan(l3) else l3,
        articles_days_above_cap=round(math.fsum(one.articles_above_d for one in ended) / len(ended), 2),
    )


def _share(told: Sequence[bool | None]) -> float | None:
    known = [one for one in told if one is not None]
    return round(sum(known) / len(known), 4) if known else None
