"""Does following the advice decide better? Virtual persons with a low serum, their truth known, their results drawn.

Three ways of deciding stand side by side: on the serum alone, with a red-cell magnesium, and with the tests that Davy
suggests, one after another while it suggests any. Each decision (the cause that is named, the dose) is held against
the one that the truth would have asked for, by the losses of `decision_losses.csv`. The truth is first what the fit
believes in, then bodies that it does not know of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from davy.body.read import read_model
from davy.forecast.future import steady_serum
from davy.forecast.outcome import UNITS, Draws, Floats, Forecast
from davy.forecast.priors import error_of
from davy.forecast.structures import all_structures
from davy.inference.case import Case, case_of
from davy.inference.cause import MATTERS_MMOL_PER_L, MENDED, Setting, mended_gains
from davy.inference.streams import normals
from davy.inference.versions import prior_versions
from davy.people.person import Diet, Lab, Person
from davy.people.regimen import NO_SUPPLEMENT
from davy.people.vocabulary import lab_test
from davy.planning.candidates import Candidate, candidates_at, nothing_added, repletion_products
from davy.planning.choice import Option, restore
from davy.planning.goals import aim_of
from davy.planning.ground import Ask, Ground, survey
from davy.planning.insight import Insight, learn
from davy.planning.next_tests import next_tests
from davy.planning.redecision import Standing
from davy.planning.weighing import Weighed, choose
from davy.safety.check import check
from davy.tables import SourcedRow, read_table
from davy.units import mg_of_mmol, mmol_of_mg

TODAY = date(2026, 11, 22)
LOW, LEAST = 0.75, 0.52
"""Who is asked about: people whose first serum reads below the usual limit and above what a doctor treats today."""
DOSES_MG = (50.0, 100.0, 150.0, 200.0, 250.0)
ARMS = ("serum alone", "with a red-cell magnesium", "with the suggested tests")
_PERSONS, _PERSONS_FULL = 60, 400
_DRAWS = 150
_POOL = 6000
_MOST_TESTS = 2
_OUTPUT = {
    "serum-magnesium": "serum_mmol_per_L",
    "rbc-magnesium": "rbc_mmol_per_L",
    "urine-magnesium-24h": "urine_mmol_per_d",
}
SPLAY, THRESHOLD = "kid_splay", "kid_Tm"
_SOFTER, _HALVINGS, _TYPICAL_MG = 1.5, 30, 300.0
_NORMAL = {"potassium": 4.2, "calcium": 2.35}
_SEEN_ELSEWHERE = {"absorption": 1, "gut_loss": 1, "diet": 0, "renal": 2, "other": -1}


class LossRow(SourcedRow):
    """What one kind of wrong decision costs, in proportion up to any multiple of `full`."""

    id: str
    label: str
    loss: float
    full: float
    unit: str


@dataclass(frozen=True)
class Made:
    """What was decided for one person, and what it cost against the truth."""

    named: int | None
    dose_mg: float
    tests: int
    loss: float


@dataclass(frozen=True)
class World:
    """One way the world is: what it does to the bodies that the fit believes in."""

    label: str
    known: bool
    body: Callable[[Draws], Draws]


@dataclass(frozen=True)
class DecisionQuality:
    """Decisions of every arm in every world, person by person: `made[world][arm]`."""

    worlds: tuple[str, ...]
    made: tuple[tuple[tuple[Made, ...], ...], ...]
    truths: tuple[tuple[int, ...], ...]

    def rows(self) -> list[dict[str, Any]]:
        """One row a world and arm: mean loss, what it saves against the serum alone with a 95 % interval, and why."""
        found: list[dict[str, Any]] = []
        for world, arms, truth in zip(self.worlds, self.made, self.truths, strict=True):
            first = np.array([one.loss for one in arms[0]])
            for arm, made in zip(ARMS, arms, strict=True):
                loss = np.array([one.loss for one in made])
                saved = first - loss
                margin = 1.96 * float(saved.std(ddof=1)) / len(saved) ** 0.5
                named = [(one.named, true) for one, true in zip(made, truth, strict=True)]
                found.append(
                    {
                        "truth": world,
                        "decided": arm,
                        "persons": len(made),
                        "loss": round(float(loss.mean()), 4),
                        "saved": round(float(saved.mean()), 4),
                        "saved_low": round(float(saved.mean()) - margin, 4),
                        "saved_high": round(float(saved.mean()) + margin, 4),
                        "cause_right": round(sum(one == true for one, true in named) / len(named), 4),
                        "cause_wrong": round(sum(one not in (None, true) for one, true in named) / len(named), 4),
                        "cause_open": round(sum(one is None for one, _ in named) / len(named), 4),
                        "mean_dose_mg": round(float(np.mean([one.dose_mg for one in made])), 1),
                        "tests": round(float(np.mean([one.tests for one in made])), 3),
                    }
                )
        return found

    @property
    def won(self) -> tuple[str, ...]:
        """The worlds in which the suggested tests decide better than either other arm, beyond chance."""
        found: list[str] = []
        for world, arms in zip(self.worlds, self.made, strict=True):
            table = np.array([[one.loss for one in made] for made in arms])
            gaps = [other - table[2] for other in table[:2]]
            if all(float(gap.mean()) > 1.96 * float(gap.std(ddof=1)) / len(gap) ** 0.5 for gap in gaps):
                found.append(world)
        return tuple(found)

    @property
    def advice_wins(self) -> bool:
        """Whether the suggested tests decide better than either other arm in every world, beyond chance."""
        return self.won == self.worlds

    @property
    def sentence(self) -> str:
        """The result in words."""
        rows = self.rows()
        told = [
            f"{row['truth']}: loss {row['loss']:.2f} with the suggested tests against "
            f"{alone['loss']:.2f} on the serum alone and {cells['loss']:.2f} with a red-cell magnesium"
            for alone, cells, row in zip(rows[0::3], rows[1::3], rows[2::3], strict=True)
        ]
        won = f"beyond chance in {len(self.won)} of {len(self.worlds)} worlds"
        return f"{'; '.join(told)} ({rows[0]['persons']} persons each; the suggested tests are better {won})."


def decision_quality(seed: int = 0, full: bool = False) -> DecisionQuality:
    """Decide for virtual persons in three ways, in the world that the fit believes in and in two others."""
    return decisions_for(_PERSONS_FULL if full else _PERSONS, seed)


def decisions_for(persons: int, seed: int = 0, worlds: Sequence[World] | None = None) -> DecisionQuality:
    """Decisions for so many virtual persons in each world."""
    chosen = tuple(worlds or WORLDS)
    made: list[tuple[tuple[Made, ...], ...]] = []
    truths: list[tuple[int, ...]] = []
    for world in chosen:
        bodies, first = _low_ones(world, persons, seed)
        asked = [_Asked(world, bodies, place, float(first[place]), seed) for place in range(len(first))]
        arms = [one.decided() for one in asked]
        made.append(tuple(tuple(each[arm] for each in arms) for arm in range(len(ARMS))))
        truths.append(tuple(one.true_cause for one in asked))
    return DecisionQuality(tuple(world.label for world in chosen), tuple(made), tuple(truths))


def _same(draws: Draws) -> Draws:
    return draws


@cache
def _softer_settings() -> dict[str, float]:
    """A rounder corner of the kidney's threshold than any structure knows, at the same serum of a typical body."""
    model = read_model("magnesium")
    person = someone("typical")
    case = case_of(model, person)
    softest = max([model.defaults[SPLAY], *(one.settings.get(SPLAY, 0.0) for one in all_structures())])
    capacity = np.array([[model.defaults["gut_f_act"]]])
    typical = Draws(("gut_f_act",), capacity, np.array([mmol_of_mg(_TYPICAL_MG)]))
    wanted = float(case.predicted(typical)[0, 0])
    low, high = 0.5 * model.defaults[THRESHOLD], 1.5 * model.defaults[THRESHOLD]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        found = float(case.predicted(_with(typical, {SPLAY: _SOFTER * softest, THRESHOLD: middle}))[0, 0])
        low, high = (middle, high) if found < wanted else (low, middle)
    return {SPLAY: _SOFTER * softest, THRESHOLD: (low + high) / 2}


def _with(draws: Draws, settings: Mapping[str, float]) -> Draws:
    """The draws with parameters of the body set for all."""
    kept = [at for at, name in enumerate(draws.names) if name not in settings]
    values = np.concatenate(
        (draws.values[:, kept], np.tile(np.array(list(settings.values())), (len(draws.values), 1))), axis=1
    )
    names = (*(draws.names[at] for at in kept), *settings)
    return Draws(names, values, draws.intake_mmol_per_d, draws.taken)


def _softer_kidney(draws: Draws) -> Draws:
    return _with(draws, _softer_settings())


def _under_reported(draws: Draws) -> Draws:
    """A diet of which seven tenths were told."""
    return Draws(draws.names, draws.values, draws.intake_mmol_per_d / 0.7, draws.taken)


WORLDS = (
    World("as the fit believes", True, _same),
    World("a kidney with a softer threshold", False, _softer_kidney),
    World("a diet of which 70 % was told", False, _under_reported),
)


def someone(name: str, *labs: Lab, diet: Diet | None = None) -> Person:
    """The person that all of them are to their doctor: middle-aged, a good kidney, a magnesium found low before."""
    egfr = Lab(date=TODAY - timedelta(days=20), test="egfr", value=92.0, unit="mL/min/1.73m2")
    return Person(
        id=name,
        today=TODAY,
        age_y=52.0,
        sex="female",
        pregnant=False,
        weight_kg=72.0,
        height_cm=168.0,
        jurisdiction="EU",
        goals=("repletion",),
        diet=diet or Diet(magnesium_mg_per_day=240.0, method="food-frequency"),
        conditions=("hypomagnesaemia",),
        labs=(egfr, *labs),
    )


def _low_ones(world: World, persons: int, seed: int) -> tuple[Draws, Floats]:
    """Bodies whose first serum reads low, and that reading."""
    case = case_of(read_model("magnesium"), someone("pool"))
    bodies = world.body(prior_versions(case, _POOL, seed, f"truth:{world.label}").draws)
    serum = case.predicted(bodies)[:, 0]
    read = serum * np.exp(error_of("serum-magnesium") * normals(seed, "pool", "first-serum", (_POOL, 1))[:, 0])
    low = np.flatnonzero(np.isfinite(read) & (read < LOW) & (read > LEAST))[:persons]
    return _rows(bodies, low), read[low]


def _rows(draws: Draws, places: Sequence[int] | np.ndarray[Any, Any]) -> Draws:
    return Draws(draws.names, draws.values[places], draws.intake_mmol_per_d[places], draws.taken_share[places])


class _Asked:
    """One virtual person: the body, and what a laboratory would report of it."""

    def __init__(self, world: World, bodies: Draws, place: int, first: float, seed: int) -> None:
        self.name = f"{world.label}-{place}"
        self.body = _rows(bodies, [place])
        self.first, self.seed = first, seed
        self.case: Case = case_of(read_model("magnesium"), someone(self.name))
        self.true_serum, self.outputs = self._truth()
        self.true_cause = self._true_cause()

    def _truth(self) -> tuple[list[float], Floats]:
        """Serum at each dose in the end, and all outputs today."""
        regimens = [NO_SUPPLEMENT, *(one.regimen for one in _candidates(_ground(someone(self.name))) if one.product)]
        steady = steady_serum(self.case.model, self.body, regimens)
        return [float(one.values[0, -1, 0]) for one in steady], steady[0].values[0, -1]

    def _true_cause(self) -> int:
        """Which of `MENDED` raises this body's serum most when mended; a soft corner is the kidney's own fault."""
        model = self.case.model
        setting = Setting(model, self.case.person, self.case.absorption)
        kidney = {name: model.defaults[name] for name in (SPLAY, THRESHOLD)}
        gains = mended_gains(setting, self.body)[0]
        mended = mended_gains(setting, _with(self.body, kidney))[0, MENDED.index("renal")]
        now = setting.serum(self.body) - setting.serum(_with(self.body, kidney))
        gains[MENDED.index("renal")] = max(gains[MENDED.index("renal")], mended - float(now[0]))
        return int(gains.argmax()) if gains.max() >= MATTERS_MMOL_PER_L else -1

    def result(self, test: str, number: int) -> float:
        """What the laboratory reports, error and all."""
        z = float(normals(self.seed, self.name, f"{test}:{number}", (1, 1))[0, 0])
        return float(self.outputs[tuple(UNITS).index(_OUTPUT[test])] * np.exp(error_of(test) * z))

    def decided(self) -> tuple[Made, ...]:
        """What each arm decides."""
        serum = _lab("serum-magnesium", self.first, 14)
        alone = self._standing(someone(self.name, serum))
        cells = self._standing(someone(self.name, serum, _lab("rbc-magnesium", self.result("rbc-magnesium", 1), 14)))
        advised, tests = alone, 0
        person = someone(self.name, serum)
        while tests < _MOST_TESTS:
            suggested = [one.test for one in next_tests(advised)]
            if not suggested:
                break
            tests += 1
            person = self._after(person, suggested[0], tests)
            advised = self._standing(person)
        return self._made(alone, 0), self._made(cells, 1), self._made(advised, tests)

    def _after(self, person: Person, test: str, number: int) -> Person:
        """The person once the suggested test is done."""
        if test == "weighed-food-record":
            told = mg_of_mmol(float(self.body.intake_mmol_per_d[0]))
            z = float(normals(self.seed, self.name, "record", (1, 1))[0, 0])
            diet = Diet(magnesium_mg_per_day=told * float(np.exp(0.1 * z)), method="weighed-record")
            return person.model_copy(update={"diet": diet})
        value = _NORMAL[test] if test in _NORMAL else self.result(test, number)
        return person.model_copy(update={"labs": (*person.labs, _lab(test, value, 0))})

    def _standing(self, person: Person) -> Standing:
        """Candidates of one product at their steady states, chosen by the rule."""
        ground = _ground(person)
        insight = learn(person, "literature", draws=_DRAWS, seed=self.seed)
        aim = aim_of(person, renal_leak=insight.renal_leak)
        candidates = _candidates(ground)
        weighed = [
            Weighed(one, forecast, forecast, check(person, one.regimen, forecast))
            for one, forecast in zip(candidates, _foreseen(insight, candidates, aim.by_day), strict=True)
        ]
        taken = choose(weighed, aim, short_mg=ground.advice.short_mg)
        chosen = 0 if taken is None else next(at for at, one in enumerate(weighed) if one is taken[0])
        return Standing(ground, aim, insight, weighed, chosen)

    def _made(self, standing: Standing, tests: int) -> Made:
        """A decision and its loss against what the truth would have asked for."""
        today = standing.today
        named = None if today.cause is None else _SEEN_ELSEWHERE[today.cause]
        dose = today.dose_mg or 0.0
        wanted = self._wanted()
        cost = {row.id: row for row in read_table("decision_losses.csv", LossRow)}
        loss = cost["test"].loss * tests
        loss += cost["open-cause"].loss if named is None else cost["wrong-cause"].loss * (named != self.true_cause)
        off = "too-little" if dose < wanted else "too-much"
        loss += cost[off].loss * abs(dose - wanted) / cost[off].full
        return Made(named, dose, tests, loss)

    def _wanted(self) -> float:
        """The dose that the rule takes where the truth is known."""
        leak = self.true_cause == MENDED.index("renal")
        aim = aim_of(someone(self.name, _lab("serum-magnesium", self.first, 14)), renal_leak=leak)
        options = [
            Option(at, dose, True, serum)
            for at, (dose, serum) in enumerate(zip((0.0, *DOSES_MG), self.true_serum, strict=True))
        ]
        taken = restore(options, aim.low or LOW, aim.high or 0.95, self.true_serum[0])
        return 0.0 if taken is None else taken.option.dose_mg


def _lab(test: str, value: float, age_d: int) -> Lab:
    complete = True if test == "urine-magnesium-24h" else None
    unit = lab_test(test).unit
    return Lab(date=TODAY - timedelta(days=age_d), test=test, value=value, unit=unit, complete=complete)


def _ground(person: Person) -> Ground:
    return survey(person, Ask("literature", 0, _DRAWS))


def _candidates(ground: Ground) -> list[Candidate]:
    """Nothing added, and one common soluble product at each dose."""
    aim = aim_of(ground.person)
    frame = ground.frame(aim, NO_SUPPLEMENT)
    product = next(row for row in repletion_products() if row.id == "citrate-100-tablet")
    return [nothing_added(frame), *(next(candidates_at(frame, product, dose)) for dose in DOSES_MG)]


def _foreseen(insight: Insight, candidates: Sequence[Candidate], day: int) -> list[Forecast]:
    """Each candidate's steady state on the day that counts, from the present one."""
    steady = steady_serum(insight.model, insight.posterior.draws, [one.regimen for one in candidates])
    now = steady[0].values[:, :1]
    days = np.array([0.0, float(day)])
    return [
        Forecast(days, np.concatenate((now, one.values[:, -1:]), axis=1), one.failed | steady[0].failed)
        for one in steady
    ]
