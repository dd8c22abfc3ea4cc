"""The letter for the clinician: one printed sheet with the pattern, the tests to order, what Davy refused and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from davy.followup.adapt.decision import Reason
from davy.followup.visit import Visit
from davy.followup.visit_rules import days as days_of_rule
from davy.people.labs import latest
from davy.report.layout import Table, bullets, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.page import document
from davy.report.reading import reader_of
from davy.report.section_alternatives import regimen_words
from davy.report.section_forecasts import cause_words
from davy.report.section_referrals import by_urgency
from davy.report.understood import lab_words
from davy.report.visit_known import known, waiting_words
from davy.report.visit_page import dress
from davy.report.visit_sources import cites
from davy.report.visit_words import action_words, beside, intakes_words
from davy.report.words import CAUSES, URGENCY, dated, first_up, listed, mg, percent, plain, written
from davy.safety.verdict import Finding

MOST_TESTS, MOST_REFUSED, MOST_KNOWN = 5, 4, 3
_MAGNESIUM = ("serum-magnesium", "urine-magnesium-24h", "rbc-magnesium", "potassium", "calcium")


def letter_page(visit: Visit) -> str:
    """The letter as one HTML document."""
    title = "To the treating clinician"
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", title),
        el("p.made", f"About {visit.person.id} \N{MIDDLE DOT} {written(visit.person.today)}"),
    )
    sections = [_opening(visit), _pattern(visit), _tests(visit), _judged(visit), _asks(visit), _signature()]
    return document(f"{title}: {visit.person.id}", header, sections, dress("brief letter"))


def _opening(visit: Visit) -> Html:
    """Who, what for, what is taken, and the one thing to know first."""
    asker = reader_of(visit.person.today.isoformat(), visit.asked).asker
    first = visit.suggestion.reasons[0]
    return section(
        "bottom-line",
        "In short",
        el("p", asker, " ", _taken(visit)),
        el(
            "p", el("strong", f"{action_words(visit)}. "), dated(first.sentence), el("span.small", cites(first.sources))
        ),
        bullets([dated(one) for one in known(visit)[:MOST_KNOWN]]),
    )


def _taken(visit: Visit) -> str:
    if visit.plan is not None:
        intakes = visit.plan.intakes_on(visit.person.today)
        return f"Under a plan of Davy's since {written(visit.plan.start)}: {intakes_words(intakes)}."
    products = listed(tuple(item.item for item in beside(visit)))
    return f"Taken now besides food: {products}." if products else "No magnesium is taken besides food."


def _pattern(visit: Visit) -> Html:
    """The likely cause of a low serum in shares, beside what was believed before the labs; or that none is sought."""
    status = visit.status
    values = [lab_words(lab) for test in _MAGNESIUM if (lab := latest(visit.person, test)) is not None]
    names = [plain(test) for test in _MAGNESIUM if latest(visit.person, test) is not None]
    told = "; ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    shares = None
    if status.cause is not None:
        prior = status.cause_prior or {}
        rows: tuple[tuple[Child, ...], ...] = tuple(
            (first_up(CAUSES[name]), percent(share), percent(prior[name]) if name in prior else "")
            for name, share in sorted(status.cause.items(), key=lambda item: -item[1])
        )
        shares = table(Table("Why serum is low: shares", ("Cause", "With these labs", "Before them"), rows, (1, 2)))
    no_urine = status.cause is not None and latest(visit.person, "urine-magnesium-24h") is None
    return section(
        "pattern",
        "The pattern",
        el("p", f"Newest: {told}." if told else "No laboratory value of magnesium, potassium or calcium is there."),
        el("p", cause_words(status)),
        shares,
        bullets([(dated(one.sentence), el("span.small", cites(one.sources))) for one in status.work_up[:2]]),
        el("p.small", "Without a 24-hour urine no cause is called likelier than 60 %.") if no_urine else None,
    )


def _tests(visit: Visit) -> Html:
    """What to order, and what the result would change."""
    worth = sorted(visit.status.next_tests, key=lambda one: -one.value)
    rows: list[tuple[str, str]] = [(first_up(plain(one.test)), first_up(one.why)) for one in worth]
    rows += [row for row in _asked_for(visit) if row[0] not in {name for name, _ in rows}]
    waiting = waiting_words(visit)
    heads = ("Test", "Why, and what it would change")
    made = Table("In the order of their worth here", heads, tuple(rows[:MOST_TESTS]))
    none = visit.status.next_tests_said or "No further test would change what is proposed here."
    return section(
        "tests",
        "Tests to order",
        table(made) if rows else el("p", none),
        el("p.small", waiting) if waiting is not None else None,
    )


def _asked_for(visit: Visit) -> Iterator[tuple[str, str]]:
    """What the plan that is followed asks for and is not there; without one, what a plan of today would ask for."""
    if visit.plan is None:
        for check in visit.fresh.monitoring:
            if check.test != "diary":
                when = "now" if check.day == 0 else f"in {check.day // 7} weeks"
                yield first_up(plain(check.test)), f"{first_up(when)}: {check.why}; {check.act_if}"
        return
    for one in visit.plan.due:
        late = one.on - timedelta(days=days_of_rule("overdue"))
        if not any(lab.test == one.test and lab.date >= late for lab in visit.person.labs):
            when = "Now" if one.on <= visit.person.today else f"By {written(one.on)}"
            yield first_up(plain(one.test)), f"{when}: {one.why}"


def _judged(visit: Visit) -> Html:
    """What Davy proposes or refuses today, the cap that binds, and why."""
    plan = visit.fresh
    findings = [one for one in plan.verdict.findings if one.severity == "refuse"]
    findings = findings or [one for one in plan.verdict.findings if one.severity == "care"]
    cap = min(plan.caps, key=lambda one: one.elemental_mg_per_day, default=None)
    bound = "" if cap is None else f"The cap that binds: {mg(cap.elemental_mg_per_day)} a day. {dated(cap.sentence)}"
    return section(
        "refused",
        "What Davy refused, and why" if plan.verdict.word == "refused" else "What Davy would propose today",
        el("p", _proposal(visit)),
        bullets([_finding(one) for one in findings[:MOST_REFUSED]]),
        el("p.small", bound) if bound else NOTHING,
    )


def _proposal(visit: Visit) -> str:
    plan, made = visit.fresh, visit.suggestion
    if plan.verdict.word == "refused":
        return "No added magnesium. A refusal rests on a rule; what would change it stands with each."
    if made.autonomy == "L0":
        return "Nothing: all suggestions were ended for this person."
    if visit.plan is not None and made.action in ("stop", "step_down"):
        left = intakes_words(made.regimen) if made.regimen else "no added magnesium"
        return f"{first_up(left)}, until what is said above is settled."
    if plan.regimen is None:
        return "No supplement: food covers what is sought, or nothing may be added."
    refused = [one for one in plan.alternatives if one.verdict == "refused"]
    more = f" Refused beside it: {listed(tuple(regimen_words(one.regimen) for one in refused[:2]))}." if refused else ""
    return f"{first_up(regimen_words(plan.regimen))}, from everything but food.{more}"


def _finding(one: Finding | Reason) -> tuple[Child, ...]:
    return dated(one.sentence), el("span.small", cites(one.sources))


def _asks(visit: Visit) -> Html:
    """Who is asked to look, and what to answer."""
    said = list(_requests(visit))
    return section("asks", "What we ask of you", bullets(said) or el("p", "Nothing beyond the tests above."))


def _requests(visit: Visit) -> Iterator[Child]:
    for to in by_urgency(visit.fresh.refer)[:MOST_REFUSED]:
        yield el("strong", f"{URGENCY[to.urgency]}: "), dated(first_up(to.reason)), el("span.small", cites(to.sources))
    asked = (item for item in beside(visit) if item.action == "ask_prescriber")
    yield from dict.fromkeys(
        f"{first_up(item.item)}: shall it go on? The person reads: {item.sentence}" for item in asked
    )
    if visit.suggestion.action in ("stop", "step_down") and visit.plan is not None:
        yield "Do you agree that the supplement of this plan is lowered or stopped? Nothing prescribed is."


def _signature() -> Html:
    return el("div.sign", el("p", "Answer, date"), el("p", "Signature"))
