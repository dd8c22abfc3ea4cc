"""What was missing, what each missing fact cost this plan, and which tests would tell most."""

from __future__ import annotations

from davy.planning.known import PersonStatus
from davy.report.layout import Table, bullets, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.reading import Reading
from davy.report.words import first_up, number, plain


def unknowns(reading: Reading) -> Html:
    """Missing facts with their costs, then the next tests by worth."""
    plan = reading.plan
    rows = tuple((first_up(plain(one.fact)), first_up(one.cost)) for one in plan.unknowns)
    tests = next_tests(plan.status)
    aside = plan.status.set_aside
    if not rows and tests is None and not aside:
        return NOTHING
    heads = ("Not known", "What it costs this plan")
    return section(
        "unknowns",
        "What Davy did not know",
        el("p", "What is missing counts as unknown. Davy never fills it in with a convenient value.") if rows else None,
        table(Table("Missing facts and their price", heads, rows, prose=True)) if rows else None,
        (el("h3", "Results that do not fit the rest"), bullets(aside)) if aside else None,
        (el("h3", TESTS_HEADING), tests) if tests is not None else None,
    )


TESTS_HEADING = "The tests that would change this plan most"
_CURRENCY = (
    "The number is the expected change of the decision, over all results that the test might show: 1 is a permission "
    "that becomes a refusal, or the reverse; verdict, cap, dose and named cause count in parts of it. What would move "
    "only the red-cell value or the body's stores counts for nothing."
)


def next_tests(status: PersonStatus) -> Child:
    """The tests that would change most, best first, with what they are worth; or that none would change anything."""
    if not status.next_tests:
        return el("p", status.next_tests_said) if status.next_tests_said else None
    ordered = sorted(status.next_tests, key=lambda test: -test.value)
    told = [(el("strong", f"{first_up(plain(test.test))} ({number(test.value)}): "), test.why, ".") for test in ordered]
    return (bullets(told, "ol"), el("p.small", _CURRENCY))
