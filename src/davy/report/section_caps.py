"""The cap waterfall: every limit that was held against this person, side by side."""

from __future__ import annotations

from davy.report.figure_caps import cap_label, caps_figure
from davy.report.layout import bullets, figure, section
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading


def caps(reading: Reading) -> Html:
    """All caps, the binding one marked, each with its sources."""
    plan = reading.plan
    if not plan.caps:
        return NOTHING
    planned = plan.total_nonfood_mg_per_day if plan.regimen is not None else None
    ordered = sorted(plan.caps, key=lambda cap: (not cap.binding, cap.elemental_mg_per_day))
    return section(
        "caps",
        "How much is allowed",
        el(
            "p",
            "Each limit counts everything but food: tablets, antacids, laxatives, powders. "
            "No plan goes above the lowest.",
        ),
        figure(caps_figure(plan.caps, planned)),
        bullets(
            [
                (el("strong", f"{cap_label(cap)}: "), cap.sentence, reading.reader.references.cite(cap.sources))
                for cap in ordered
            ]
        ),
    )
