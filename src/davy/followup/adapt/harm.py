"""Harm acts at once, on any day, and what it took back stays back until a new plan. Nothing here raises a dose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from davy.followup.adapt.decision import Reason
from davy.followup.adapt.facts import NEAR_MG, Facts
from davy.followup.adapt.kidney_fall import falls
from davy.followup.baseline import WINDOW_D
from davy.followup.gathering import acute
from davy.followup.visit_person import loose, symptoms_of
from davy.followup.visit_plan import daily_mg
from davy.followup.visit_rules import days as days_of_rule
from davy.followup.visit_rules import number, stop_row
from davy.people.kidney import BELOW_ANY_LIMIT
from davy.people.labs import labs_of
from davy.people.person import Medicine
from davy.people.regimen import Intake
from davy.safety.limits import rules


def harms(facts: Facts) -> Iterator[Reason]:
    """What the stop rules of every plan look for, in what was recorded."""
    if not facts.taking and facts.plan is None:
        return
    yield from _serum(facts)
    yield from _kidney(facts)
    yield from _bowel(facts)
    if facts.person.pregnant:
        yield _stop("pregnancy", "Pregnancy")
    yield from _symptoms(facts)
    yield from _new_medicines(facts)
    yield from _beside(facts)


def sick(facts: Facts) -> tuple[str, ...]:
    """The symptoms of a sick day that were told within the last week."""
    known = ((name, rules().symptoms.get(name)) for name in facts.person.symptoms)
    return tuple(
        name for name, row in known if row is not None and row.on_magnesium is None and "sick-day" in row.marks
    )


def _stop(rule: str, what: str) -> Reason:
    row = stop_row(rule)
    return Reason(rule, "stop", f"{what}: {row.do}.", row.source, 0.0)


def _serum(facts: Facts) -> Iterator[Reason]:
    """A high serum on the newest day; of two draws of it the higher counts."""
    drawn = labs_of(facts.person, "serum-magnesium")
    newest = [lab for lab in drawn if lab.date == drawn[0].date]
    serum = max(newest, key=lambda lab: lab.value, default=None)
    since = facts.plan is None or (serum is not None and serum.date >= facts.plan.first_taken)
    if serum is not None and since and serum.value > rules().value("serum-refuse-above"):
        value, unit = serum.shown
        yield _stop("serum", f"Serum magnesium of {value:g} {unit} on {serum.date}")


def _kidney(facts: Facts) -> Iterator[Reason]:
    """A fall of filtration since the start, or into a lower band; without a value from before, since the best later."""
    for one in falls(facts.person, _since(facts))[:1]:
        now = one.now.lowest
        when = f"on {one.now.date}" if facts.plan is None else "since the plan began"
        to = "below the laboratory's bound" if now <= BELOW_ANY_LIMIT else f"to {now:.0f} mL/min"
        yield _stop("kidney", f"eGFR went from {one.was_mL_per_min:.0f} {to} {when}")


def _since(facts: Facts) -> date | None:
    """The first tablet: of the plan, else by the person file or the diary; None where neither says."""
    if facts.plan is not None:
        return facts.plan.first_taken
    told = [row.since for row in facts.person.supplements if row.since is not None and row.since <= facts.today]
    noted = [day.date for day in facts.days if (day.taken_share or 0) > 0 or (day.supplement_mg or 0) > 0]
    return min([*told, *noted[:1]], default=None)


def _symptoms(facts: Facts) -> Iterator[Reason]:
    for name in facts.person.symptoms:
        row = rules().symptoms.get(name)
        if row is not None and row.on_magnesium is not None:
            yield _stop("too-much", name.replace("-", " ").capitalize())
    first = facts.today if facts.plan is None else facts.plan.first_taken
    for day in (one for one in facts.days if one.date >= first):
        for name in symptoms_of(day):
            row = rules().symptoms.get(name)
            if row is not None and row.on_magnesium is not None and name not in facts.person.symptoms:
                yield _stop("too-much", f"{name.replace('-', ' ').capitalize()} on {day.date}")
    for name in sick(facts):
        yield _stop("sick-day", f"A sick day ({name.replace('-', ' ')})")


def _bowel(facts: Facts) -> Iterator[Reason]:
    """Loose stools: many stop, few go back a step; what they took back under this plan stays back."""
    window, enough = days_of_rule("loose-window"), days_of_rule("loose-days")
    since = facts.today - timedelta(days=window - 1) if facts.plan is None else facts.plan.first_taken
    days = [day for day in facts.days if day.date >= since]
    many = [day.date for day in days if (day.loose_stools or 0) > number("loose-a-day")]
    for first in range(len(many) - enough + 1):
        if (many[first + enough - 1] - many[first]).days < window:
            told = sum(1 for day in many if 0 <= (day - many[first]).days < window)
            most = f"{number('loose-a-day'):g}"
            yield _stop("loose", f"More than {most} loose stools a day on {told} days, from {many[first]} on")
            return
    yield from _first_loose(facts, [day.date for day in days if loose(day)])


def _first_loose(facts: Facts, days: Sequence[date]) -> Iterator[Reason]:
    """Each bout of loose stools goes back one step from what was in force on its day."""
    if not days:
        return
    recent, row = days_of_rule("recent"), stop_row("first-loose")
    if facts.plan is None:
        if (facts.today - days[-1]).days < recent:
            yield Reason("first-loose", "stop", _no_smaller(days[-1]), row.source, 0.0)
        return
    most, bouts = float("inf"), list[date]()
    for day in days:
        if not bouts or (day - bouts[-1]).days >= recent:
            most = _step_before(facts, day, most)
            bouts.append(day)
    if most <= daily_mg(facts.prescribed) + NEAR_MG:
        yield Reason("first-loose", "stop", _no_smaller(days[-1], bouts[:-1]), row.source, 0.0)
    elif daily_mg(facts.in_force) > most + NEAR_MG or _told_as_referral(facts, most):
        yield Reason("first-loose", "step_down", f"Loose stools on {days[-1]}: {row.do}.", row.source, most)
    elif daily_mg(facts.scheduled) > most + NEAR_MG:
        told = f"Loose stools on {days[-1]}: it stays at the step before."
        yield Reason("first-loose", "keep", told, row.source, most)


def _told_as_referral(facts: Facts, most: float) -> bool:
    """Whether the step back was told under the heading of a referral alone, so that it has to be told again."""
    referred = facts.changed is not None and facts.changed.action == "refer"
    return referred and daily_mg(facts.scheduled) > most + NEAR_MG


def _no_smaller(day: date, before: Sequence[date] = ()) -> str:
    told = f"; those of {before[-1]} asked for a step back already" if before else ""
    return f"Loose stools on {day}{told}, and there is no smaller step to go back to."


def _step_before(facts: Facts, day: date, most: float) -> float:
    """What the step before the one in force on a day asked for [mg/d]; 0 where there is none."""
    if facts.plan is None:
        return 0.0
    now = min(daily_mg(facts.plan.intakes_on(day)), most)
    less = (daily_mg(step) for step in facts.plan.steps_until(day))
    return max((mg for mg in less if mg < now - NEAR_MG), default=0.0)


def _new_medicines(facts: Facts) -> Iterator[Reason]:
    """Medicines, begun after the plan or the first magnesium, that it must be kept apart from or watched with."""
    started = _since(facts) if facts.plan is None else facts.plan.start
    start = facts.today - timedelta(days=WINDOW_D) if started is None else started
    for medicine in facts.person.medicines_now():
        if not medicine.classes:
            yield from _not_understood(facts, medicine, start)
            continue
        rows = [rules().medicines[name] for name in medicine.classes if name in rules().medicines]
        risky = [row for row in rows if row.separate != "no" or row.personal != "none" or row.watch is not None]
        if not risky:
            continue
        if medicine.since is not None and medicine.since >= start:
            yield _stop("new-drug", f"{medicine.label} was begun on {medicine.since}")
        elif medicine.since is None and added(facts, medicine.label):
            yield _stop("new-drug", f"{medicine.label} was added since the plan began")
    yield from _noted(facts, start)


def _not_understood(facts: Facts, medicine: Medicine, start: date) -> Iterator[Reason]:
    """A new medicine that Davy does not know: nothing says that it is safe, until a clinician signs or plans anew."""
    begun = medicine.since if medicine.since is not None and medicine.since >= start else None
    if begun is None and not (medicine.since is None and added(facts, medicine.label)):
        return
    signed = facts.person.clinician
    if signed is not None and (begun or start) <= signed.date <= facts.today:
        return
    when = "since the plan began" if begun is None else f"on {begun}"
    what = "was added" if begun is None else "was begun"
    told = f"{medicine.label} {what} {when}, and Davy does not know it: ask a pharmacist before the next magnesium"
    yield Reason("unknown-drug", "refer", f"{told} whether the two go together.", stop_row("new-drug").source)


def _noted(facts: Facts, start: date) -> Iterator[Reason]:
    """Medicines with a rule of their own that the diary names from then on, and neither it nor the file before."""
    known = {name for medicine in facts.inputs.person.medicines for name in medicine.classes}
    for day in facts.days:
        found = {one: {*acute(one)} - known for one in day.acute_medicines or ()}
        for name, classes in found.items():
            rows = [rules().medicines[one] for one in classes if one in rules().medicines]
            if day.date >= start and any({"own", "team"} & {*row.marks} and row.separate != "no" for row in rows):
                yield _stop("new-drug", f"{name} was noted on {day.date}")
            known |= classes


def added(facts: Facts, label: str) -> bool:
    """Whether a medicine of the person file was not known when the plan was begun; its file gives no day."""
    known = None if facts.plan is None else facts.plan.medicines
    named = {one.label for one in facts.inputs.person.medicines}
    return known is not None and label in named and label not in known


def _beside(facts: Facts) -> Iterator[Reason]:
    """More than the cap was noted as taken: another product beside the plan, or a label that is read otherwise."""
    for day in facts.last_days(days_of_rule("recent")):
        if day.supplement_mg is not None and day.supplement_mg > facts.most_mg + NEAR_MG:
            told = (
                f"{day.supplement_mg:g} mg besides food were noted on {day.date}, and {facts.most_mg:g} mg are the most"
            )
            yield Reason("beside", "refer", f"{told} here: show every product to a pharmacist.", facts.cap.sources)
            return


def left_after(facts: Facts, most_mg: float) -> tuple[Intake, ...]:
    """What stays where no more than so much may be taken: all of it, a step of the plan, or what is prescribed."""
    if daily_mg(facts.in_force) <= most_mg + NEAR_MG:
        return facts.in_force
    return facts.below(most_mg)
