"""What to watch and when to stop."""

from __future__ import annotations

from davy.report.layout import Table, bullets, section, table
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading
from davy.report.words import day_date, first_up, plain


def monitoring(reading: Reading) -> Html:
    """Tests with dates, then the rules for stopping."""
    plan, cite = reading.plan, reading.reader.references.cite
    if not plan.monitoring and not plan.stop_rules:
        return NOTHING
    rows = tuple(
        (
            "before you start" if check.day <= 0 else day_date(plan.today, check.day),
            (first_up(plain(check.test)), cite(check.sources)),
            first_up(check.why),
            first_up(check.act_if),
        )
        for check in sorted(plan.monitoring, key=lambda check: check.day)
    )
    made = Table("Tests, and what to do about them", ("When", "Test", "Why", "Act if"), rows, prose=True)
    return section(
        "monitoring",
        "What to watch, and when to stop",
        table(made) if rows else None,
        [
            el("h3", "Stop"),
            bullets(
                [(el("strong", f"{first_up(rule.when)}: "), rule.do, cite(rule.sources)) for rule in plan.stop_rules]
            ),
        ]
        if plan.stop_rules
        else None,
    )
