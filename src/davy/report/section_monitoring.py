"""What to watch and when to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from davy.planning.result import Check
from davy.report.layout import Table, bullets, section, table
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading
from davy.report.words import day_date, first_up, plain


def each_once(checks: Sequence[Check]) -> tuple[Check, ...]:
    """A test that several rules ask for on one day, with the same thing to do, told once with every reason."""
    told: dict[tuple[int, str, str], Check] = {}
    for check in checks:
        key = (max(check.day, 0), check.test, check.act_if)
        first = told.get(key)
        if first is None:
            told[key] = check
        else:
            why = "; ".join(dict.fromkeys((first.why, check.why)))
            told[key] = replace(first, why=why, sources=tuple(dict.fromkeys((*first.sources, *check.sources))))
    return tuple(told.values())


def monitoring(reading: Reading) -> Html:
    """Tests with dates, then the rules for stopping."""
    plan, cite = reading.plan, reading.reader.references.cite
    if not plan.monitoring and not plan.stop_rules:
        return NOTHING
    rows = tuple(
        (
            "Before you start" if check.day <= 0 else day_date(plan.today, check.day),
            (first_up(plain(check.test)), cite(check.sources)),
            first_up(check.why),
            first_up(check.act_if),
        )
        for check in each_once(sorted(plan.monitoring, key=lambda check: check.day))
    )
    made = Table("Tests, and what to do about them", ("When", "Test", "Why", "Act if"), rows, prose=True)
    return section(
        "monitoring",
        "What to watch, and when to stop",
        table(made) if rows else None,
        [
            el("h3", "When to stop the magnesium, or pause it"),
            bullets(
                [(el("strong", f"{first_up(rule.when)}: "), rule.do, cite(rule.sources)) for rule in plan.stop_rules]
            ),
        ]
        if plan.stop_rules
        else None,
    )
