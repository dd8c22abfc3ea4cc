"""The plan that is followed: what was begun and when, or, where nothing was, what the person takes by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from davy.followup.products_known import Products
from davy.followup.visit_rules import days
from davy.people.regimen import Intake, Regimen, Step
from davy.planning.result import Plan

BEGUN = "begin"
_KEPT = (
    "davy",
    "person",
    "profile",
    "parameter_set",
    "seed",
    "today",
    "caps",
    "regimen",
    "total_nonfood_mg_per_day",
    "targets",
    "prediction_to_check",
    "monitoring",
    "stop_rules",
    "findings",
    "refer",
    "fingerprints",
)


@dataclass(frozen=True)
class Prediction:
    """A dated laboratory value that can prove Davy wrong: between `low` and `high` [unit] on `on`."""

    test: str
    on: date
    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class DueTest:
    """A test that the plan asked for on a day, and why."""

    test: str
    on: date
    why: str


@dataclass(frozen=True)
class Followed:
    """A plan that was begun.

    Attributes
    ----------
    start : its day 0.
    regimen : the complete magnesium besides food from day 0 on.
    cap_mg : the cap that bound it then [mg/d].
    referred : reasons for referral that were told then. medicines : names of those known then; None = not kept.
    labs_mark : of the laboratory values known then (`labs_known.mark_of`); None = not kept.
    facts : fields of the person file that were known then.
    products : magnesium products that it named then; None = not kept.
    """

    start: date
    regimen: Regimen
    cap_mg: float | None
    prediction: Prediction | None
    due: tuple[DueTest, ...]
    referred: tuple[str, ...]
    medicines: tuple[str, ...] | None = None
    labs_mark: str | None = None
    facts: tuple[str, ...] = ()
    products: Products | None = None

    @property
    def first_taken(self) -> date:
        """The day of its first tablet: the diary days that a trial begins with lie before it."""
        taken = [step.from_day for step in self.regimen.steps if step.intakes]
        return self.start + timedelta(days=min(taken, default=0))

    @property
    def expires(self) -> date:
        """The day it ends, counted from the first tablet."""
        return self.first_taken + timedelta(days=days("plan-days"))

    def intakes_on(self, day: date) -> tuple[Intake, ...]:
        """What it asks to take on a day; its last step goes on while a new plan may be waited for."""
        number = (day - self.start).days
        last = max((step.to_day for step in self.regimen.steps if step.to_day is not None), default=None)
        if last is not None and last <= number and day <= self.expires + timedelta(days=days("overdue")):
            number = last - 1
        active = (
            step
            for step in self.regimen.steps
            if step.from_day <= number and (step.to_day is None or number < step.to_day)
        )
        return tuple(intake for step in active for intake in step.intakes)

    def steps_until(self, day: date) -> tuple[tuple[Intake, ...], ...]:
        """What it asked for from each of its changes on, those up to that day, in order."""
        number = (day - self.start).days
        starts = sorted({step.from_day for step in self.regimen.steps if step.from_day <= number})
        return tuple(self.intakes_on(self.start + timedelta(days=start)) for start in starts)


def daily_mg(intakes: Sequence[Intake]) -> float:
    """Elemental magnesium of a day [mg/d]."""
    return sum(intake.elemental_mg for intake in intakes)


def begun(plan: Plan) -> dict[str, Any]:
    """The decision to begin a plan, as the decision log keeps it."""
    said = plan.as_json()
    return {
        "schema": "davy.decision/1",
        "day": plan.today,
        "action": BEGUN,
        "autonomy": "L1",
        "verdict": said["verdict"],
        "plan": {key: said[key] for key in _KEPT},
    }


def followed(decisions: Iterable[Mapping[str, Any]]) -> Followed | None:
    """The plan that was begun last; None where none was."""
    last: Mapping[str, Any] | None = None
    for body in decisions:
        if body.get("action") == BEGUN:
            last = body
    if last is None:
        return None
    held, plan = last.get("medicines"), _of(last["plan"], date.fromisoformat(str(last["day"])))
    plan = replace(plan, labs_mark=last.get("labs_mark"), facts=tuple(last.get("facts", ())))
    if "products" in last:
        plan = replace(plan, products=tuple((name, mg) for name, mg in last["products"]))
    return plan if held is None else replace(plan, medicines=tuple(held))


def _of(said: Mapping[str, Any], start: date) -> Followed:
    steps: list[dict[str, Any]] = [] if said["regimen"] is None else said["regimen"]["steps"]
    regimen = Regimen(
        tuple(
            Step(
                step["from_day"],
                step["to_day"],
                tuple(_intake(one) for one in step["intakes"]),
            )
            for step in steps
        )
    )
    told = said["prediction_to_check"]
    prediction = None
    if told is not None:
        on = start + timedelta(days=told["day"])
        prediction = Prediction(told["test"], on, told["low"], told["high"], told["unit"])
    due = tuple(
        DueTest(check["test"], start + timedelta(days=check["day"]), check["why"])
        for check in said["monitoring"]
        if check["test"] != "diary"
    )
    caps = [cap["elemental_mg_per_day"] for cap in said["caps"] if cap["binding"]]
    referred = tuple(one["reason"] for one in said["refer"])
    return Followed(start, regimen, min(caps, default=None), prediction, due, referred)


def _intake(said: Mapping[str, Any]) -> Intake:
    return Intake(said["at"], said["form"], said["elemental_mg"], said["product"], said["units"])
