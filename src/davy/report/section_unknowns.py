"""What was missing, what each missing fact cost this plan, and which tests would tell most."""

from __future__ import annotations

from davy.planning.result import PersonStatus
from davy.report.layout import Table, bullets, section, table
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading
from davy.report.words import first_up, plain


def unknowns(reading: Reading) -> Html:
    """Missing facts with their costs, then the next tests by worth."""
    plan = reading.plan
    rows = tuple((first_up(plain(one.fact)), first_up(one.cost)) for one in plan.unknowns)
    tests = next_tests(plan.status)
    if not rows and tests is None:
        return NOTHING
    heads = ("Not known", "What it costs this plan")
    return section(
        "unknowns",
        "What Davy did not know",
        el("p", "What is missing counts as unknown. Davy never fills it in with a convenient value.") if rows else None,
        table(Table("Missing facts and their price", heads, rows, prose=True)) if rows else None,
        (el("h3", "Tests that would tell most"), tests) if tests is not None else None,
    )


def next_tests(status: PersonStatus) -> Html | None:
    """The tests that would tell most, best first."""
    ordered = sorted(status.next_tests, key=lambda test: -test.value)
    return bullets([(el("strong", f"{first_up(plain(test.test))}: "), test.why) for test in ordered], "ol")
