"""The document of ``davy follow --json``: what to do until the next look, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from davy.followup.baseline import Figure
from davy.followup.before_after import BeforeAfter
from davy.followup.visit import Visit
from davy.followup.visit_action import Action, Reason, mg_left
from davy.followup.visit_labs import LabSeen
from davy.followup.visit_periods import Period
from davy.people.regimen import Intake
from davy.planning.result import CapShown
from davy.safety.verdict import Referral


@dataclass(frozen=True)
class FollowIntake:
    """One intake a day: when, what, how much [mg elemental], and how many units of which product."""

    at: str
    form: str
    elemental_mg: float
    product: str | None
    units: float | None


@dataclass(frozen=True)
class FollowRegimen:
    """The magnesium besides food that is left to take."""

    elemental_mg_per_day: float
    intakes: tuple[FollowIntake, ...]


@dataclass(frozen=True)
class FollowTrial:
    """What an n-of-1 trial of this person said."""

    verdict: str
    sentence: str


@dataclass(frozen=True)
class FollowBenefit:
    """The figure of the goal before and now.

    Attributes
    ----------
    improvement : the share by which the last whole period is better, where the diary is full enough to tell.
    change : how much of it needs no magnesium to explain it; trial : the one thing here that tells cause.
    """

    outcome: str
    baseline: float | None
    baseline_from: str | None
    latest: float | None
    latest_days_known: int
    improvement: float | None
    change: BeforeAfter | None
    trial: FollowTrial | None


@dataclass(frozen=True)
class FollowFigure:
    """A figure per 28 days: from the days noted, and between what the others could make of it."""

    value: float | None
    low: float | None
    high: float | None
    days_known: int


@dataclass(frozen=True)
class FollowPeriod:
    """Four weeks, or what has passed of them."""

    first: str
    last: str
    days: int
    taken_share: float | None
    figures: dict[str, FollowFigure]


@dataclass(frozen=True)
class FollowLab:
    """A laboratory value, and how it stands to what was foretold of it."""

    date: str
    test: str
    value: float
    unit: str
    predicted: tuple[float, float] | None
    predicted_unit: str | None
    outcome: str | None


@dataclass(frozen=True)
class FollowDocument:
    """``davy follow``."""

    person: str
    today: str
    action: Action
    regimen: FollowRegimen | None
    reasons: tuple[Reason, ...]
    caps: tuple[CapShown, ...]
    benefit: FollowBenefit | None
    expires: str | None
    autonomy: str
    gates: str
    began: str | None
    periods: tuple[FollowPeriod, ...]
    labs: tuple[FollowLab, ...]
    refer: tuple[Referral, ...]

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.follow/1)."""
        return {"schema": "davy.follow/1", **asdict(self)}


def follow_document(visit: Visit) -> FollowDocument:
    """The document of a visit."""
    made = visit.suggestion
    return FollowDocument(
        person=visit.person.id,
        today=visit.person.today.isoformat(),
        action=made.action,
        regimen=_regimen(visit),
        reasons=made.reasons,
        caps=visit.fresh.caps,
        benefit=_benefit(visit),
        expires=None if made.expires is None else made.expires.isoformat(),
        autonomy=made.autonomy,
        gates=visit.fresh.verdict.word,
        began=None if visit.start is None else visit.start.isoformat(),
        periods=tuple(_period(one) for one in visit.periods),
        labs=tuple(_lab(one) for one in visit.labs),
        refer=visit.fresh.refer,
    )


def _regimen(visit: Visit) -> FollowRegimen | None:
    """What is left to take besides food; None where Davy began nothing and so changes nothing."""
    intakes: Sequence[Intake] | None = visit.suggestion.intakes
    if intakes is None and visit.plan is not None:
        intakes = visit.plan.intakes_on(visit.person.today)
    if intakes is None:
        return None
    left = mg_left(visit.suggestion, visit.plan, visit.person.today) or 0.0
    told = (FollowIntake(one.at, one.form, one.elemental_mg, one.product, one.units) for one in intakes)
    return FollowRegimen(left, tuple(told))


def _period(period: Period) -> FollowPeriod:
    share = None if period.adherence is None else round(period.adherence[0], 4)
    figures = {one.name: _figure(one) for one in period.figures if one.days_known}
    return FollowPeriod(period.first.isoformat(), period.last.isoformat(), period.days, share, figures)


def _figure(figure: Figure) -> FollowFigure:
    return FollowFigure(figure.value, figure.low, figure.high, figure.days_known)


def _lab(seen: LabSeen) -> FollowLab:
    told = seen.prediction
    return FollowLab(
        seen.lab.date.isoformat(),
        seen.lab.test,
        seen.lab.value,
        seen.lab.unit,
        None if told is None else (told.low, told.high),
        None if told is None else told.unit,
        seen.outcome,
    )


def _benefit(visit: Visit) -> FollowBenefit | None:
    """The figure of the goal before and now; None where the diary holds neither."""
    whole = [period for period in visit.periods if period.whole]
    latest = whole[-1].figure(visit.measure) if whole else None
    if visit.before is None and (latest is None or latest.value is None):
        return None
    source = None if visit.before is None else "diary" if visit.before.from_diary else "person file"
    return FollowBenefit(
        outcome=visit.measure,
        baseline=None if visit.before is None else visit.before.value,
        baseline_from=source,
        latest=None if latest is None else latest.value,
        latest_days_known=0 if latest is None else latest.days_known,
        improvement=visit.change,
        change=visit.compared,
        trial=None if visit.trial is None else FollowTrial(visit.trial.verdict, visit.trial.sentence),
    )
