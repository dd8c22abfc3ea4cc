"""What an error of the articles would have changed: Davy's plan for a bundled person beside the article's advice.

The advice is worked out like any regimen: judged by the same gates, foreseen in the same versions of the person. What
the article itself would foresee comes from the `articles` set of parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from davy.errors import KnowledgeError
from davy.evidence.checks import ClaimCheckRow, claim_checks
from davy.evidence.consequences import ConsequenceRow, consequence_rows
from davy.forecast.future import simulate
from davy.people.person import Person
from davy.people.read import read_person
from davy.people.regimen import NO_SUPPLEMENT, Intake, Regimen, Step
from davy.people.regimen_text import parse_regimen
from davy.planning.insight import Insight, learn
from davy.planning.plan import plan
from davy.planning.result import ParameterSet, Plan
from davy.qualify.audit import audit
from davy.qualify.pathway_claims import serum_risk_fall
from davy.safety.check import check
from davy.safety.verdict import Verdict
from davy.units import mg_of_mmol

TODAY = date(2026, 11, 22)
"""The day on which the bundled people are read, so that their labs stay as old as they were."""
DAY = 84
DRAWS = 60
_VERDICTS = {"allowed": "allows", "with_care": "allows with care", "refused": "refuses"}


@dataclass(frozen=True)
class Course:
    """What is taken, and where it leads.

    Attributes
    ----------
    dose_mg : elemental magnesium besides food [mg/d].
    absorbed_mg : absorbed of everything on day `DAY`, the median [mg/d].
    serum : 5, 50 and 95 % of serum on day `DAY` [mmol/L].
    verdict, reason : what safety says, and the gravest finding.
    """

    dose_mg: float
    absorbed_mg: float
    serum: tuple[float, float, float]
    verdict: str
    reason: str


@dataclass(frozen=True)
class Consequence:
    """One error and what it would have changed.

    Attributes
    ----------
    davy, advice : Davy's plan and the article's advice, by the literature's parameters.
    claimed : the advice by the article's own parameters.
    cap_mg : the cap that binds this person [mg/d].
    """

    claim_id: str
    rank: int
    person: str
    title: str
    sentence: str
    cap_mg: float
    davy: Course
    advice: Course | None
    claimed: Course | None


def consequences() -> tuple[Consequence, ...]:
    """Every consequence on record, worked out now, the gravest first."""
    checks = {one.id: one.value for one in audit(_checks())}
    return tuple(_worked_out(row, checks) for row in consequence_rows())


def _checks() -> list[ClaimCheckRow]:
    named = {source for row in consequence_rows() for source in row.source}
    return [row for row in claim_checks() if row.claim_id in named]


def _worked_out(row: ConsequenceRow, checks: dict[str, float]) -> Consequence:
    made = _plan(row.person)
    cap = next(one.elemental_mg_per_day for one in made.caps if one.binding)
    davy = _course(row.person, _of_plan(made), "literature")
    advice = claimed = None
    if row.advice:
        regimen = parse_regimen(row.advice)
        advice, claimed = (_course(row.person, regimen, which) for which in ("literature", "articles"))
    words = _words(cap, davy, advice, claimed) | _of_checks(row, checks)
    try:
        sentence = row.sentence.format(**words)
    except KeyError as error:
        raise KnowledgeError(f"consequences.csv, {row.id}: nothing is called {error}") from None
    return Consequence(row.id, row.rank, row.person, row.title, sentence, cap, davy, advice, claimed)


def _of_checks(row: ConsequenceRow, checks: dict[str, float]) -> dict[str, str]:
    """The answers of the checks of the claims that the row cites: ``{c_002_051_1}``."""
    return {
        name.replace("-", "_").replace(".", "_"): f"{abs(value):.3g}"
        for name, value in checks.items()
        if name.rpartition(".")[0] in row.source
    }


def _words(cap: float, davy: Course, advice: Course | None, claimed: Course | None) -> dict[str, str]:
    words = {"cap": f"{cap:g}", **_told("davy", davy)}
    words["davy"] = "adds nothing" if davy.dose_mg == 0 else f"gives {davy.dose_mg:g} mg a day"
    if advice is not None and claimed is not None:
        words |= {**_told("advice", advice), **_told("claimed", claimed)}
        words["advice"] = f"{advice.dose_mg:g} mg a day"
        words["over"] = f"{advice.dose_mg - cap:g}"
        words["times"] = f"{advice.dose_mg / cap:.1f}" if cap else "no dose at all is within the limit"
        gain = advice.serum[1] - davy.serum[1]
        words["gain"] = f"{gain:.3f}"
        words["gain_fall"] = f"{serum_risk_fall(gain):.1f}"
        words["claimed_times"] = f"{claimed.absorbed_mg / advice.absorbed_mg:.1f}"
    return words


def _told(name: str, course: Course) -> dict[str, str]:
    return {
        f"{name}_mg": f"{course.dose_mg:g}",
        f"{name}_absorbed": f"{course.absorbed_mg:.0f}",
        f"{name}_serum": f"{course.serum[1]:.2f}",
        f"{name}_serum_high": f"{course.serum[2]:.2f}",
        f"{name}_verdict": _VERDICTS[course.verdict],
        f"{name}_reason": course.reason,
    }


@cache
def _person(name: str) -> Person:
    return read_person(f"example:{name}", today=TODAY)


@cache
def _plan(name: str) -> Plan:
    return plan(_person(name), draws=DRAWS)


@cache
def _insight(name: str, parameter_set: ParameterSet) -> Insight:
    return learn(_person(name), parameter_set, draws=DRAWS, seed=0)


def _of_plan(made: Plan) -> Regimen:
    if made.regimen is None:
        return NO_SUPPLEMENT
    steps = (
        Step(step.from_day, step.to_day, tuple(Intake(one.at, one.form, one.elemental_mg) for one in step.intakes))
        for step in made.regimen.steps
    )
    return Regimen(tuple(steps))


def _course(name: str, regimen: Regimen, parameter_set: ParameterSet) -> Course:
    insight = _insight(name, parameter_set)
    (forecast,) = simulate(
        insight.model,
        insight.posterior.draws,
        [regimen],
        days=np.arange(7.0, DAY + 1.0, 7.0),
        start=insight.start,
    )
    (worst,) = insight.worst([regimen])
    verdict = check(_person(name), regimen, worst)
    serum = np.quantile(forecast.series("serum_mmol_per_L")[:, -1], (0.05, 0.5, 0.95))
    absorbed = float(np.median(forecast.series("absorbed_mmol_per_d")[:, -1]))
    low, middle, high = (float(value) for value in serum)
    return Course(_largest(regimen), mg_of_mmol(absorbed), (low, middle, high), verdict.word, _gravest(verdict))


def _largest(regimen: Regimen) -> float:
    """The highest daily dose [mg/d]; steps that run together add up."""
    days = {step.from_day for step in regimen.steps}
    return max(
        (
            sum(
                sum(one.elemental_mg for one in step.intakes)
                for step in regimen.steps
                if step.from_day <= day and (step.to_day is None or day < step.to_day)
            )
            for day in days
        ),
        default=0.0,
    )


def _gravest(verdict: Verdict) -> str:
    order = ("refuse", "care", "info")
    found = sorted(verdict.findings, key=lambda one: order.index(one.severity))
    return found[0].sentence if found else ""
