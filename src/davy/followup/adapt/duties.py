"""What the gates say today, which tests are late, and what the end of a plan says: none of it raises a dose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from davy.followup.adapt.decision import Reason
from davy.followup.adapt.facts import NEAR_MG, Facts, as_regimen
from davy.followup.baseline import WINDOW_D
from davy.followup.visit_periods import tells
from davy.followup.visit_plan import DueTest, Followed, daily_mg
from davy.followup.visit_rules import days as days_of_rule
from davy.followup.visit_rules import number, stop_row
from davy.people.labs import latest
from davy.planning.goals import serum_is_low
from davy.safety.check import check

_STANDS_IN = {"creatinine": "egfr", "egfr": "creatinine"}
_PRESENT = "present-intake-above-cap"
"""The gate that judges what is taken now by the cap; a plan's own step goes down to it."""
_URGENT = ("emergency", "same-day")


def gates(facts: Facts) -> Iterator[Reason]:
    """What safety says of the person as they are today, and of what is in force."""
    own = bool(facts.in_force)
    refused = [one for one in facts.screened.verdict.findings if one.severity == "refuse" and one.gate != _PRESENT]
    stays = facts.in_force if daily_mg(facts.in_force) <= facts.most_mg + NEAR_MG else facts.below(facts.most_mg)
    if not refused and daily_mg(stays) <= facts.most_mg + NEAR_MG:
        left = facts.plan.expires - facts.today if facts.plan is not None else timedelta()
        judged = check(facts.person, as_regimen(stays, left.days)) if stays else facts.screened.verdict
        above = () if stays == facts.in_force else (_PRESENT,)
        refused = [one for one in judged.findings if one.severity == "refuse" and one.gate not in above]
    for finding in refused:
        yield Reason("gates", "stop" if own else "refer", finding.sentence, finding.sources, 0.0 if own else None)
    if not refused:
        yield from _cap(facts)
    known = facts.plan.referred if facts.plan is not None else ()
    for to in facts.screened.referrals:
        if to.urgency in _URGENT or (to.urgency == "soon" and to.reason not in known):
            yield Reason("referral", "refer", to.reason, to.sources)


def _cap(facts: Facts) -> Iterator[Reason]:
    """The cap of today lies below what is taken."""
    now, most = daily_mg(facts.in_force), facts.most_mg
    if facts.plan is None:
        for finding in facts.screened.verdict.findings:
            if finding.gate == _PRESENT:
                yield Reason("gates", "refer", finding.sentence, finding.sources)
        return
    if now <= most + NEAR_MG:
        return
    cap = facts.cap
    told = f"{now:g} mg a day is above the {most:g} mg that the rules permit today ({cap.sentence.rstrip('.')})."
    less = daily_mg(facts.below(most))
    if less > most + NEAR_MG:
        yield Reason("cap", "refer", f"{told} What is prescribed comes to more by itself.", cap.sources, most)
    action = "step_down" if less > daily_mg(facts.prescribed) + NEAR_MG else "stop"
    yield Reason("cap", action, told, cap.sources, most)


def late_tests(facts: Facts) -> Iterator[Reason]:
    """Tests that the plan asked for: late, they come first; much later, the plan has lapsed."""
    if facts.plan is None or facts.today >= facts.plan.expires:
        return
    overdue, lapsed = timedelta(days=days_of_rule("overdue")), timedelta(days=days_of_rule("lapsed"))
    for due in missing(facts, facts.plan):
        if facts.today < due.on + overdue:
            continue
        told = f"{due.test.replace('-', ' ').capitalize()} was due on {due.on} and is not there: {due.why}."
        yield Reason("late-test", "test_first", told, ("davy-rule",))
        if facts.today >= due.on + lapsed and facts.in_force:
            ended = f"That is more than {lapsed.days} days late: the plan has lapsed, and food alone remains."
            yield Reason("lapsed", "stop", ended, ("davy-rule",), 0.0)


def missing(facts: Facts, plan: Followed) -> Iterator[DueTest]:
    """Tests of the plan whose day has come, and that are not there."""
    earliest = timedelta(days=days_of_rule("overdue"))
    for due in plan.due:
        tests = {due.test, _STANDS_IN.get(due.test, due.test)}
        there = any(lab.test in tests and lab.date >= due.on - earliest for lab in facts.person.labs)
        if plan.first_taken < due.on <= facts.today and not there:
            yield due


def ending(facts: Facts) -> Iterator[Reason]:
    """The end of a plan: a trial is judged by its diary, anything else by the laboratory and a new plan."""
    if facts.plan is None or facts.today < facts.plan.expires:
        return
    row, expires = stop_row("trial-end"), facts.plan.expires
    if facts.today > expires + timedelta(days=days_of_rule("overdue")):
        told = f"This plan ended on {expires}, and no new one was begun: what it asked for has ended too."
        yield Reason("expired", "stop", told, row.source, 0.0)
    elif facts.goal.kind != "try":
        yield _measured(facts)
    else:
        yield _judged(facts)


def _measured(facts: Facts) -> Reason:
    """The end of a plan that is no trial: the laboratory tells, where it has been asked."""
    row, serum = stop_row("trial-end"), latest(facts.person, "serum-magnesium")
    expires = facts.today if facts.plan is None else facts.plan.expires
    if serum is None or (facts.today - serum.date).days > days_of_rule("new-lab"):
        what = f"This plan ended on {expires}: measure serum magnesium and kidney function, and plan again."
        return Reason("plan-end", "test_first", what, row.source)
    value, unit = serum.shown
    told = f"This plan ended on {expires} with a serum magnesium of {value:g} {unit} on {serum.date}"
    if facts.goal.kind == "restore" and serum_is_low(facts.person, facts.goal):
        return Reason("still-low", "refer", f"{told}, which is still low: have the cause looked for, and plan again.")
    return Reason("plan-end", "keep", f"{told}. Plan again.", row.source)


def _judged(facts: Facts) -> Reason:
    """The one look at efficacy of a trial."""
    row, change = stop_row("trial-end"), improvement(facts)
    if change is None:
        told = (
            f"The trial ended on {facts.plan.expires if facts.plan else facts.today}, and the diary does not tell "
            f"whether it helped: there is no baseline, or fewer than {days_of_rule('known-days')} days since the fifth "
            f"week are known, or fewer than {days_of_rule('known-lately')} of the last {WINDOW_D}."
        )
        return Reason("trial-end", "stop", told, row.source, 0.0)
    if change < number("better-share"):
        told = f"At the end of the trial it is {better(change)}: {row.do}.{_taken(facts)}"
        return Reason("trial-end", "stop", told, row.source, 0.0)
    told = f"At the end of the trial it is {better(change)}. A diary cannot tell whether magnesium did that."
    return Reason("trial-end", "keep", f"{told} Plan again.", row.source)


def _taken(facts: Facts) -> str:
    """What adherence has to say to a trial that did not help."""
    shares = [day.taken_share for day in facts.last_days(WINDOW_D) if day.taken_share is not None]
    if not shares or sum(shares) / len(shares) >= number("taken-share"):
        return ""
    return f" Only {100 * sum(shares) / len(shares):.0f} % of it was taken, so it was not tried in full."


def improvement(facts: Facts) -> float | None:
    """The share by which the judged period is better than the baseline; None where one of them is not known."""
    key, period = facts.goal.baseline_key, facts.judged
    if key is None or facts.before is None or facts.before.value <= 0 or period is None:
        return None
    if not tells(facts.days, period, key):
        return None
    return 1 - (period.figure(key).value or 0.0) / facts.before.value


def better(share: float) -> str:
    """A change in words."""
    return f"{100 * share:.0f} % better" if share >= 0 else f"{-100 * share:.0f} % worse"
