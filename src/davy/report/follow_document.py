"""The document of ``davy follow --json``: what to do until the next look, and what it rests on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from davy.followup.adapt.articles_rule import ArticlesDose, articles_dose
from davy.followup.adapt.decision import Action, CapHeld, DaysNeeded, Reason
from davy.followup.baseline import Figure
from davy.followup.before_after import BeforeAfter
from davy.followup.visit import Visit
from davy.followup.visit_history import Told
from davy.followup.visit_labs import LabSeen
from davy.followup.visit_periods import Period
from davy.followup.visit_plan import daily_mg
from davy.followup.visit_recall import Recall
from davy.report.visit_known import unknown
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
    improvement : the share by which the judged weeks are better, where the diary is full enough to tell.
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
class FollowRecall:
    """One thing to come back to: a test that is due, what got worse, a plan that ends."""

    what: str
    state: str
    why: str
    on: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class FollowTold:
    """What was decided before, of like looks in a row the first and the last day, and why."""

    first: str
    last: str
    looks: int
    action: str
    mg_per_day: float | None
    why: str | None
    sources: tuple[str, ...]
    version: str | None


@dataclass(frozen=True)
class FollowDocument:
    """``davy follow``."""

    person: str
    today: str
    action: Action
    regimen: FollowRegimen | None
    reasons: tuple[Reason, ...]
    caps: tuple[CapHeld, ...]
    benefit: FollowBenefit | None
    expires: str | None
    autonomy: str
    gates: str
    began: str | None
    periods: tuple[FollowPeriod, ...]
    labs: tuple[FollowLab, ...]
    refer: tuple[Referral, ...]
    days_needed: tuple[DaysNeeded, ...]
    pause: bool
    as_the_articles_say: ArticlesDose | None
    recalls: tuple[FollowRecall, ...]
    history: tuple[FollowTold, ...]
    unknown: tuple[str, ...]

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
        caps=made.caps,
        benefit=_benefit(visit),
        expires=None if made.expires is None else made.expires.isoformat(),
        autonomy=made.autonomy,
        gates=visit.fresh.verdict.word,
        began=None if visit.start is None else visit.start.isoformat(),
        periods=tuple(_period(one) for one in visit.periods),
        labs=tuple(_lab(one) for one in visit.labs),
        refer=visit.fresh.refer,
        days_needed=made.days_needed,
        pause=made.pause,
        as_the_articles_say=articles_say(visit),
        recalls=tuple(_recall(one) for one in visit.recalls),
        history=tuple(_told(one) for one in visit.history),
        unknown=tuple(unknown(visit)),
    )


def _regimen(visit: Visit) -> FollowRegimen | None:
    """What is left to take besides food; None where Davy began nothing, or where all suggestions were ended."""
    intakes = visit.suggestion.regimen
    if intakes is None:
        return None
    told = (FollowIntake(one.at, one.form, one.elemental_mg, one.product, one.units) for one in intakes)
    return FollowRegimen(daily_mg(intakes), tuple(told))


def articles_say(visit: Visit) -> ArticlesDose | None:
    """The articles' daily adjustment, simulated beside Davy's rule under the articles' set; None otherwise."""
    if visit.inputs.parameter_set != "articles" or visit.plan is None:
        return None
    cap = min(cap.elemental_mg_per_day for cap in visit.suggestion.caps)
    return articles_dose(visit.inputs.days, visit.plan.first_taken, visit.person.today, cap)


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
    latest = None if visit.judged is None else visit.judged.figure(visit.measure)
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


def _recall(one: Recall) -> FollowRecall:
    return FollowRecall(one.what, one.state, one.why, None if one.on is None else one.on.isoformat(), one.sources)


def _told(one: Told) -> FollowTold:
    first, last = one.first.isoformat(), one.last.isoformat()
    return FollowTold(first, last, one.looks, one.action, one.mg_per_day, one.why, one.sources, one.version)
