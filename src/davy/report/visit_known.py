"""What a visit knows, what it does not, and what to ask: each in short sentences."""

from __future__ import annotations

from collections.abc import Iterator

from davy.followup.baseline import WINDOW_D
from davy.followup.visit import Visit
from davy.followup.visit_labs import LabSeen
from davy.people.vocabulary import lab_test
from davy.report.section_forecasts import cause_words
from davy.report.understood import lab_words
from davy.report.visit_words import before_words, beside, change_words, judged_words, measure_title, shown
from davy.report.words import first_up, number, percent, plain, short, written
from davy.units import convert

MOST = 4


def known(visit: Visit) -> list[str]:
    """What the diary and the laboratory tell."""
    return [*_compared(visit), *_checked(visit), *_body(visit)]


def unknown(visit: Visit) -> list[str]:
    """What nobody can tell from this, and what that costs."""
    said: list[str] = []
    noted = visit.painkillers.days_known
    if noted < WINDOW_D and visit.periods:
        many = "says" if WINDOW_D - noted == 1 else "say"
        told = f"{WINDOW_D - noted} of the last {WINDOW_D} days {many} nothing of painkillers"
        said.append(f"{told}: the true number may be higher.")
    if visit.before is None:
        said.append("There is no time before the start to compare with: no figure here can show what changed.")
    elif visit.trial is None or visit.trial.verdict == "unread":
        said.append(_without_a_trial(visit))
    said += _not_yet(visit)
    said += [f"{first_up(plain(one.fact))}: {one.cost}" for one in visit.fresh.unknowns]
    if visit.doubted:
        told = "1 entry" if visit.doubted == 1 else f"{visit.doubted} entries"
        said.append(f"Not believed and not counted: {told}.")
    said += [f"Not read: {text}." for text in visit.unread]
    return said


def _not_yet(visit: Visit) -> Iterator[str]:
    """What the diary cannot tell yet, by this person's own noise, and a prediction that nothing has checked."""
    for one in visit.suggestion.days_needed[:1]:
        if not one.enough:
            days = (
                "no number of days would tell" if one.needed is None else f"{one.needed} known days are needed to tell"
            )
            yield f"A change of {short(round(one.smallest, 1))} {one.unit}: {days}; {one.after} are there so far."
    waiting = waiting_words(visit)
    if waiting is not None and visit.plan is not None and visit.plan.prediction is not None:
        test = first_up(plain(visit.plan.prediction.test))
        yield f"{test}: no value has checked the dated prediction, so the cause and the dose stand untested."


def _without_a_trial(visit: Visit) -> str:
    """How much of the change needs no magnesium, and what alone could tell."""
    told = "" if visit.compared is None else f" {visit.compared.sentence}"
    return f"Whether magnesium did it.{told} A trial in this person, with and without, could tell: davy nof1 design."


def questions(visit: Visit) -> list[str]:
    """What to decide or to ask at this visit."""
    return list(dict.fromkeys(_questions(visit)))


def _questions(visit: Visit) -> Iterator[str]:
    if visit.painkillers.over:
        yield "How do we come off taking painkillers this often, without a swap on one's own?"
    if visit.suggestion.action in ("stop", "refer", "step_down"):
        yield f"What Davy asks here ({visit.suggestion.reasons[0].sentence.rstrip('.')}): do you agree?"
    for test in sorted(visit.status.next_tests, key=lambda one: -one.value)[:2]:
        yield f"Is {plain(test.test)} worth doing? {first_up(test.why)}."
    for item in beside(visit):
        if item.action == "ask_prescriber":
            yield f"{first_up(item.item)}: {item.sentence or 'shall it go on?'}"
    if visit.before is None or (visit.change is None and visit.goal.kind == "try"):
        yield "Shall the diary go on for another four weeks before anything is decided?"


def _compared(visit: Visit) -> Iterator[str]:
    change, name = change_words(visit), visit.measure
    latest = None if visit.judged is None else visit.judged.figure(name)
    if latest is not None and latest.value is not None:
        told = f"{measure_title(name)}: {shown(name, latest.value)} from {judged_words(visit)}"
        yield f"{told}; {before_words(name, visit.before)}{f': {change}' if change is not None else ''}."
    elif visit.before is not None:
        yield f"{measure_title(name)}: {before_words(name, visit.before)}; four whole weeks since are not there yet."
    pills = visit.painkillers
    if pills.days_known:
        names = ", ".join(pills.names) or "none named"
        over = "That is too often (see referrals)." if pills.over else f"The line is {pills.line:g} days a month."
        yield f"Painkillers on {pills.days} of {pills.days_known} days noted in the last {WINDOW_D} ({names}). {over}"


def _checked(visit: Visit) -> Iterator[str]:
    for seen in visit.labs:
        if seen.outcome == "hit":
            yield f"The dated prediction was hit ({lab_words(seen.lab)}): Davy's picture of this person stands so far."
        elif seen.outcome == "missed":
            yield (
                f"The dated prediction was missed ({lab_words(seen.lab)}): Davy was wrong about the cause, the dose or "
                "the model. Find out why before anything is raised."
            )


def _body(visit: Visit) -> Iterator[str]:
    status = visit.status
    serum = status.fitted.get("serum_mmol_per_L")
    if serum is not None:
        band = f"{number(serum.p05)} to {number(serum.p95)}"
        yield f"Serum magnesium today, by labs and model: {number(serum.p50)} mmol/L ({band})."
    if status.cause is not None:
        yield cause_words(status)
    for one in visit.fresh.benefit[:1]:
        yield f"What trials found, for {one.outcome}: {one.sentence}"


def lab_row(seen: LabSeen) -> tuple[str, str, str, str, str]:
    """A laboratory value as a row: test, date, result, its own range, how it stands to what was foretold."""
    lab, told = seen.lab, ""
    value, unit = lab.shown
    if seen.prediction is not None:
        analyte = lab_test(lab.test).analyte
        ends = (seen.prediction.low, seen.prediction.high)
        low, high = (convert(end, seen.prediction.unit, unit, analyte) for end in ends)
        told = f"{number(low)} to {number(high)} for {written(seen.prediction.on)}"
    range_ = _range(lab.reference_low, lab.reference_high, value / lab.value if lab.value else 1.0)
    return first_up(plain(lab.test)), written(lab.date), f"{lab.comparator or ''}{value:g} {unit}", range_, told


def _range(low: float | None, high: float | None, factor: float) -> str:
    """The laboratory's own range in the unit of its report."""
    ends = ["" if end is None else f"{end * factor:.3g}" for end in (low, high)]
    if ends[0] and ends[1]:
        return f"{ends[0]} to {ends[1]}"
    return f"from {ends[0]}" if ends[0] else f"to {ends[1]}" if ends[1] else ""


def waiting_words(visit: Visit) -> str | None:
    """The prediction that no laboratory value has checked yet."""
    plan = visit.plan
    if plan is None or plan.prediction is None or any(seen.outcome is not None for seen in visit.labs):
        return None
    told = plan.prediction
    late = " It is not there." if visit.person.today > told.on else ""
    return (
        f"Foretold for {written(told.on)}: {plain(told.test)} between {number(told.low)} and {number(told.high)} "
        f"{told.unit}. A result outside means that Davy was wrong.{late}"
    )


def share_words(share: float | None) -> str:
    """A share of one, or that nobody noted it."""
    return "not noted" if share is None else "all" if share > 0.995 else percent(share)
