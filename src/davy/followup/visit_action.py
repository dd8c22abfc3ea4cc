"""What to do until the next look: the conservative rule. Nothing here ever raises a dose.

Harm acts at once: stop, refer, go back a step. Efficacy is judged on the pre-set day alone. What is missing may lower
and never raise. What Davy did not begin, and what is prescribed, it does not stop: it refers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from davy.followup.baseline import WINDOW_D
from davy.followup.days import Day
from davy.followup.visit_periods import Before, Period
from davy.followup.visit_plan import Followed, daily_mg
from davy.followup.visit_rules import days as days_of_rule
from davy.followup.visit_rules import number, stop_row
from davy.people.intake import intake_of
from davy.people.kidney import kidney_estimates
from davy.people.labs import latest
from davy.people.person import Person
from davy.people.regimen import Intake
from davy.planning.goals import GoalRow
from davy.planning.monitoring import StopRow
from davy.planning.result import Plan
from davy.safety.limits import rules

Action = Literal["keep", "step_down", "stop", "step_up", "test_first", "refer"]
WORST_FIRST: tuple[Action, ...] = ("stop", "refer", "step_down", "test_first", "keep")
_BANDS = ("kidney-refuse-below", "kidney-clinician-below", "kidney-care-below")
_STANDS_IN = {"creatinine": "egfr", "egfr": "creatinine"}


@dataclass(frozen=True)
class Reason:
    """Why something is done: the action it asks for, in a sentence, with its sources."""

    action: Action
    sentence: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """What is suggested until the next look.

    Attributes
    ----------
    intakes : the magnesium besides food that it leaves, in place of all that the plan asked for; None = as it is.
    expires : until when it holds.
    autonomy : L0 explains, L1 suggests for acceptance.
    """

    action: Action
    intakes: tuple[Intake, ...] | None
    reasons: tuple[Reason, ...]
    expires: date | None
    autonomy: Literal["L0", "L1"]


@dataclass(frozen=True)
class Seen:
    """Everything that the rule looks at."""

    person: Person
    days: Sequence[Day]
    plan: Followed | None
    fresh: Plan
    goal: GoalRow
    periods: Sequence[Period]
    before: Before | None

    @property
    def taking(self) -> bool:
        """Whether anything that holds magnesium is taken besides food, by the person file, the plan or the diary."""
        since = self.person.today - timedelta(days=WINDOW_D)
        noted = (day for day in self.days if since < day.date <= self.person.today)
        return bool(intake_of(self.person).nonfood) or any(
            (day.taken_share or 0) > 0 or (day.supplement_mg or 0) > 0 for day in noted
        )


def suggestion_of(seen: Seen, *, stopped: str | None) -> Suggestion:
    """The worst of all that speaks; `stopped` is the day on which suggestions were ended, if they were."""
    if stopped is not None:
        ended = f"All suggestions were ended here on {stopped}. This page only tells what was recorded."
        return Suggestion("keep", None, (Reason("keep", ended),), None, "L0")
    found = tuple(dict.fromkeys((*_harm(seen), *_safety(seen), *_tests(seen), *_end(seen))))
    found = found or (Reason("keep", _nothing(seen)),)
    action: Action = next(word for word in WORST_FIRST if any(reason.action == word for reason in found))
    ordered = tuple(sorted(found, key=lambda reason: WORST_FIRST.index(reason.action)))
    return Suggestion(action, _left(seen, action), ordered, _until(seen), "L1")


def _nothing(seen: Seen) -> str:
    if not seen.taking:
        return "Nothing is taken besides food, and nothing that was recorded asks for a change."
    return "Nothing that was recorded speaks against what is taken, and no test is due."


def _said(action: Action, what: str, row: StopRow) -> Reason:
    return Reason(action, f"{what}: {row.do}.", row.source)


def _harm(seen: Seen) -> Iterator[Reason]:
    """What the stop rules of every plan look for, in what was recorded since it began."""
    if not seen.taking:
        return
    serum = latest(seen.person, "serum-magnesium")
    if serum is not None and _since(seen, serum.date) and serum.value > rules().value("serum-refuse-above"):
        value, unit = serum.shown
        yield _said("stop", f"Serum magnesium of {value:g} {unit} on {serum.date}", stop_row("serum"))
    yield from _kidney(seen)
    yield from _bowel(seen)
    if seen.person.pregnant:
        yield _said("stop", "Pregnancy", stop_row("pregnancy"))
    for name in seen.person.symptoms:
        row = rules().symptoms.get(name)
        if row is not None and row.on_magnesium is not None:
            yield _said("stop", name.replace("-", " ").capitalize(), stop_row("too-much"))
        elif row is not None and "sick-day" in row.marks:
            yield _said("stop", f"A sick day ({name.replace('-', ' ')})", stop_row("sick-day"))
    yield from _new_medicines(seen)


def _kidney(seen: Seen) -> Iterator[Reason]:
    """A fall of filtration since the start, or into a lower band."""
    if seen.plan is None:
        return
    estimates = kidney_estimates(seen.person)
    earlier = [one for one in estimates if one.date < seen.plan.first_taken]
    later = [one for one in estimates if one.date >= seen.plan.first_taken]
    if not earlier or not later:
        return
    was, now = earlier[0].lowest, later[0].lowest
    crossed = any(now < rules().value(band) <= was for band in _BANDS)
    if now <= was * (1 - number("egfr-fall")) or crossed:
        told = f"eGFR went from {was:.0f} to {now:.0f} mL/min since the plan began"
        yield _said("stop", told, stop_row("kidney"))


def _bowel(seen: Seen) -> Iterator[Reason]:
    today = seen.person.today
    window = [day for day in seen.days if today - timedelta(days=days_of_rule("loose-window")) < day.date <= today]
    many = [day for day in window if (day.loose_stools or 0) > number("loose-a-day")]
    if len(many) >= days_of_rule("loose-days"):
        yield _said("stop", f"More than 3 loose stools a day on {len(many)} days", stop_row("loose"))
        return
    recent = today - timedelta(days=days_of_rule("recent"))
    loose = [day for day in window if day.date > recent and _loose(day)]
    if loose:
        row = stop_row("first-loose")
        if seen.plan is not None and seen.plan.step_before(today):
            yield _said("step_down", f"Loose stools on {loose[-1].date}", row)
        else:
            yield Reason(
                "stop", f"Loose stools on {loose[-1].date}, and there is no smaller step to go back to.", row.source
            )


def _loose(day: Day) -> bool:
    return (day.loose_stools or 0) > 0 or (day.bristol or 0) >= number("loose-bristol")


def _new_medicines(seen: Seen) -> Iterator[Reason]:
    """Medicines that began after the plan, and that magnesium must be kept apart from or watched with."""
    if seen.plan is None:
        return
    for medicine in seen.person.medicines_now():
        rows = [rules().medicines[name] for name in medicine.classes if name in rules().medicines]
        risky = [row for row in rows if row.separate != "no" or row.personal != "none" or row.watch is not None]
        if medicine.since is not None and medicine.since >= seen.plan.start and risky:
            yield _said("stop", f"{medicine.label} was begun on {medicine.since}", stop_row("new-drug"))


def _safety(seen: Seen) -> Iterator[Reason]:
    """What the gates say of the person as they are today."""
    fresh = seen.fresh
    if fresh.verdict.word == "refused":
        own = seen.plan is not None and bool(seen.plan.intakes_on(seen.person.today))
        for finding in fresh.verdict.findings:
            if finding.severity == "refuse":
                yield Reason("stop" if own else "refer", finding.sentence, finding.sources)
    known = seen.plan.referred if seen.plan is not None else ()
    for to in fresh.refer:
        if to.urgency in ("emergency", "same-day") or (to.urgency == "soon" and to.reason not in known):
            yield Reason("refer", to.reason, to.sources)


def _tests(seen: Seen) -> Iterator[Reason]:
    """Tests that the plan asked for and that are late."""
    if seen.plan is None:
        return
    for due in seen.plan.due:
        if due.on <= seen.plan.first_taken or seen.person.today < due.on + timedelta(days=days_of_rule("overdue")):
            continue
        tests = {due.test, _STANDS_IN.get(due.test, due.test)}
        on_time = due.on - timedelta(days=days_of_rule("overdue"))
        if not any(lab.test in tests and lab.date >= on_time for lab in seen.person.labs):
            what = due.test.replace("-", " ")
            yield Reason(
                "test_first", f"{what.capitalize()} was due on {due.on} and is not there: {due.why}.", ("davy-rule",)
            )


def _end(seen: Seen) -> Iterator[Reason]:
    """The end of a plan: a trial is judged by its diary, anything else by the laboratory and a new plan."""
    if seen.plan is None or seen.person.today < seen.plan.expires:
        return
    row = stop_row("trial-end")
    if seen.person.today > seen.plan.expires + timedelta(days=days_of_rule("overdue")):
        told = f"This plan ended on {seen.plan.expires}, and no new one was begun: what it asked for has ended too."
        yield Reason("stop", told, row.source)
        return
    if seen.goal.kind != "try":
        what = f"This plan ended on {seen.plan.expires}: measure serum magnesium and kidney function, and plan again."
        yield Reason("test_first", what, row.source)
        return
    change = change_of(seen)
    if change is None:
        yield Reason(
            "stop",
            f"The trial ended on {seen.plan.expires}, and the diary does not tell whether it helped: there is no "
            f"baseline, or fewer than {days_of_rule('known-days')} days of the last {WINDOW_D} are known.",
            row.source,
        )
    elif change < number("better-share"):
        yield Reason("stop", f"At the end of the trial it is {_better(change)}: {row.do}.", row.source)
    else:
        told = f"At the end of the trial it is {_better(change)}. A diary cannot tell whether magnesium did that."
        yield Reason("keep", f"{told} Plan again.", row.source)


def change_of(seen: Seen) -> float | None:
    """The share by which the last whole period is better than the baseline; None where one of them is not known."""
    whole = [period for period in seen.periods if period.whole]
    key = seen.goal.baseline_key
    if key is None or seen.before is None or seen.before.value <= 0 or not whole:
        return None
    figure = whole[-1].figure(key)
    if figure.value is None or figure.days_known < days_of_rule("known-days"):
        return None
    return 1 - figure.value / seen.before.value


def _better(share: float) -> str:
    return f"{100 * share:.0f} % better" if share >= 0 else f"{-100 * share:.0f} % worse"


def _since(seen: Seen, day: date) -> bool:
    return seen.plan is None or day >= seen.plan.first_taken


def _left(seen: Seen, action: Action) -> tuple[Intake, ...] | None:
    """What is left of the plan's own intakes; None where Davy changes nothing."""
    if seen.plan is None:
        return None
    prescribed = {row.product for row in seen.person.supplements if row.prescribed}
    now = seen.plan.intakes_on(seen.person.today)
    if action == "stop":
        return tuple(intake for intake in now if intake.product is not None and intake.product in prescribed)
    return seen.plan.step_before(seen.person.today) if action == "step_down" else now


def _until(seen: Seen) -> date | None:
    """Until when it holds: the next test that is due, the end of the plan, and then until a new one has to stand."""
    if seen.plan is None:
        return None
    today = seen.person.today
    if today >= seen.plan.expires:
        last = seen.plan.expires + timedelta(days=days_of_rule("overdue"))
        return last if today <= last else None
    return min([*(due.on for due in seen.plan.due if due.on > today), seen.plan.expires])


def mg_left(suggestion: Suggestion, plan: Followed | None, today: date) -> float | None:
    """Elemental magnesium a day that the suggestion leaves; None where Davy does not say [mg/d]."""
    if suggestion.intakes is not None:
        return daily_mg(suggestion.intakes)
    return None if plan is None else daily_mg(plan.intakes_on(today))
