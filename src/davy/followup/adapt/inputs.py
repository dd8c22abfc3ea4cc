"""Everything that a decision rests on, as one value that can be written down and decided again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from davy.followup.adapt.decision import Action, Decision, Foreseen, Level, foreseen_of
from davy.followup.adapt.labs_known import mark_of
from davy.followup.baseline import WINDOW_D
from davy.followup.days import FIELDS, Amount, Day
from davy.followup.products_known import products_of
from davy.followup.records import Record, SetAside, record_of
from davy.followup.visit_plan import BEGUN, followed
from davy.followup.visit_rules import days as days_of_rule
from davy.people.person import Person
from davy.people.regimen import Intake
from davy.planning.result import ParameterSet

SCHEMA = "davy.follow-inputs/1"
DRAWS = 500
"""How many plausible versions of the person are simulated where a fit or a forecast is asked for."""
BEFORE_D = 3 * WINDOW_D
"""Days of diary before the plan that are kept as its baseline."""
FACTS = ("age_y", "sex", "weight_kg", "height_cm", "pregnant", "diet", "water", "alcohol_g_per_day")
"""Facts of the person file without which a plan made again could ask for more."""
_PLAN = ("caps", "regimen", "prediction_to_check", "monitoring", "refer")
_WORDS = ("acute_medicines", "acute_classes", "symptoms", "disagreements")
READ_KINDS = ("lab", "medicine")
"""The kinds of records that rules read one by one; of all others they read days."""
_KNOWN = ("medicines", "labs_mark", "facts", "products")


@dataclass(frozen=True)
class Past:
    """A decision that was told before under the same plan.

    Attributes
    ----------
    regimen : what it left; None where it changed nothing.
    pause : a sick day's stop. rules : which rules spoke. foreseen : what the forecast gate said.
    """

    day: date
    action: Action
    regimen: tuple[Intake, ...] | None
    pause: bool = False
    rules: tuple[str, ...] = ()
    foreseen: Foreseen | None = None


@dataclass(frozen=True)
class TrialHeld:
    """What an n-of-1 trial in this person said: its verdict, and the probability of benefit where it gives one."""

    verdict: str
    p_benefit: float | None = None


@dataclass(frozen=True)
class Inputs:
    """All of it: no folder, no clock.

    Attributes
    ----------
    person : the person file as it stood on the day; `person.today` is the day.
    days : what is known of each day in the windows used, in order; records : labs and courses of medicines.
    begun : the decision that began the plan, trimmed to what is read; None without one.
    since : the first tablet of the first of the plans that followed each other without a break: the baseline lies
        before it; None = that of this plan.
    past : what was told under this plan, oldest first.
    level : the autonomy that is asked for. doubted : entries that could not be believed; set_aside : those of them that
        are laboratory values, by test and day.
    draws : for the fit and the forecast.
    """

    person: Person
    days: tuple[Day, ...] = ()
    records: tuple[Record, ...] = ()
    begun: Mapping[str, Any] | None = None
    since: date | None = None
    past: tuple[Past, ...] = ()
    trial: TrialHeld | None = None
    stopped: str | None = None
    doubted: int = 0
    set_aside: tuple[SetAside, ...] = ()
    level: Level = "L1"
    parameter_set: ParameterSet = "literature"
    seed: int = 0
    draws: int = DRAWS

    @property
    def today(self) -> date:
        """The day it is decided on."""
        return self.person.today

    def as_json(self) -> dict[str, Any]:
        """The inputs as the log keeps them (schema davy.follow-inputs/1)."""
        return {
            "schema": SCHEMA,
            "today": self.today.isoformat(),
            "person": self.person.model_dump(mode="json", exclude_defaults=True),
            "days": [_day_json(day) for day in self.days],
            "records": [_record_json(record) for record in self.records],
            "begun": self.begun,
            "since": None if self.since is None else self.since.isoformat(),
            "past": [{**asdict(one), "day": one.day.isoformat()} for one in self.past],
            "trial": None if self.trial is None else asdict(self.trial),
            "stopped": self.stopped,
            "doubted": self.doubted,
            "set_aside": [_set_aside_json(one) for one in self.set_aside],
            "level": self.level,
            "parameter_set": self.parameter_set,
            "seed": self.seed,
            "draws": self.draws,
        }


def inputs_of(said: Mapping[str, Any]) -> Inputs:
    """The inputs that `as_json` wrote.

    Raises
    ------
    ValueError, KeyError, TypeError : these are no inputs of this version.
    """
    if said["schema"] != SCHEMA:
        raise ValueError(f"{said['schema']} is not {SCHEMA}")
    records = (record_of(one) for one in said["records"])
    return Inputs(
        person=Person.model_validate(said["person"]),
        days=tuple(_day(one) for one in said["days"]),
        records=tuple(record for record in records if record is not None),
        begun=said["begun"],
        since=None if said["since"] is None else date.fromisoformat(said["since"]),
        past=tuple(_past(one) for one in said["past"]),
        trial=None if said["trial"] is None else TrialHeld(**said["trial"]),
        stopped=said["stopped"],
        doubted=said["doubted"],
        set_aside=tuple(_set_aside(one) for one in said["set_aside"]),
        level=said["level"],
        parameter_set=said["parameter_set"],
        seed=said["seed"],
        draws=said["draws"],
    )


def trimmed(inputs: Inputs) -> Inputs:
    """The inputs without what no rule reads: days before the windows, other records, the rest of the plan."""
    today, begun = inputs.today, _begun(inputs.begun)
    start = today if begun is None else date.fromisoformat(str(begun["day"]))
    first = min(start, inputs.since or start) - timedelta(days=BEFORE_D)
    return replace(
        inputs,
        days=tuple(day for day in inputs.days if first <= day.date <= today and day.known),
        records=tuple(record for record in inputs.records if record.kind in READ_KINDS and record.day <= today),
        begun=begun,
        past=tuple(one for one in inputs.past if start <= one.day <= today),
    )


@dataclass(frozen=True)
class Log:
    """What the decision log says of today's plan: what began it, since when, and what was told after it."""

    begun: Mapping[str, Any] | None
    since: date | None
    past: tuple[Past, ...]


def began_last(decisions: Iterable[Mapping[str, Any]]) -> Log:
    """The plan of today among the bodies of the decision log; one that followed another at once shares its start."""
    log = Log(None, None, ())
    for body in decisions:
        if body.get("action") == BEGUN:
            log = Log(body, _since(log, body), ())
        elif "decision" in body:
            told_ = past_of(date.fromisoformat(str(body["day"])), body["decision"])
            log = replace(log, past=(*log.past, told_))
    return log


def _since(log: Log, body: Mapping[str, Any]) -> date | None:
    """The first tablet of the first plan, where the new one was begun before the old one had lapsed or was stopped."""
    new = followed([body])
    old = None if log.begun is None else followed([log.begun])
    if new is None:
        return None
    ended = old is None or new.start > old.expires + timedelta(days=days_of_rule("overdue"))
    stopped = bool(log.past) and log.past[-1].action == "stop" and not log.past[-1].pause
    return new.first_taken if ended or stopped else log.since


def past_of(day: date, said: Mapping[str, Any]) -> Past:
    """What a later decision has to know of one that was told, as JSON or as `Decision.as_json` gives it."""
    regimen = said["regimen"]
    kept = None if regimen is None else tuple(Intake(**one) for one in regimen)
    rules = tuple(one["rule"] for one in said["reasons"])
    return Past(day, said["action"], kept, said["pause"], rules, foreseen_of(said.get("foreseen")))


def told(day: date, decision: Decision) -> Past:
    """What a later decision has to know of this one."""
    rules = tuple(one.rule for one in decision.reasons)
    return Past(day, decision.action, decision.regimen, decision.pause, rules, decision.foreseen)


def _begun(body: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if body is None:
        return None
    kept = {"day": body["day"], "action": BEGUN, "plan": {key: body["plan"][key] for key in _PLAN}}
    known = {name: body[name] for name in _KNOWN if name in body}
    return {**kept, **_known(body), **known}


def _known(body: Mapping[str, Any]) -> dict[str, Any]:
    """What was known when the plan was begun: medicines, products, laboratory values, facts; empty without inputs."""
    said = body.get("inputs", {}).get("person")
    if said is None:
        return {}
    person = Person.model_validate(said)
    facts = [name for name in FACTS if getattr(person, name) is not None]
    labels = sorted({one.label for one in person.medicines})
    products = [list(one) for one in products_of(person)]
    return {"medicines": labels, "labs_mark": mark_of(person.labs), "facts": facts, "products": products}


def _day_json(day: Day) -> dict[str, Any]:
    said: dict[str, Any] = {"date": day.date.isoformat()}
    for name in (*FIELDS, "disagreements"):
        value = getattr(day, name)
        if value is not None and value != ():
            said[name] = asdict(value) if isinstance(value, Amount) else value
        elif value == () and name != "disagreements":
            said[name] = []
    return said


def _day(said: Mapping[str, Any]) -> Day:
    known: dict[str, Any] = {**said, "date": date.fromisoformat(said["date"])}
    for name in _WORDS:
        if name in known:
            known[name] = tuple(known[name])
    if "dietary_mg" in known:
        known["dietary_mg"] = Amount(**known["dietary_mg"])
    return Day(**known)


def _record_json(record: Record) -> dict[str, Any]:
    return {key: value for key, value in record.as_json().items() if key not in ("id", "file", "line")}


def _set_aside_json(one: SetAside) -> dict[str, Any]:
    return {"test": one.test, "day": None if one.day is None else one.day.isoformat()}


def _set_aside(said: Mapping[str, Any]) -> SetAside:
    return SetAside(said["test"], None if said["day"] is None else date.fromisoformat(said["day"]))


def _past(said: Mapping[str, Any]) -> Past:
    regimen: Sequence[Mapping[str, Any]] | None = said["regimen"]
    return Past(
        date.fromisoformat(said["day"]),
        said["action"],
        None if regimen is None else tuple(Intake(**one) for one in regimen),
        said["pause"],
        tuple(said["rules"]),
        foreseen_of(said.get("foreseen")),
    )
