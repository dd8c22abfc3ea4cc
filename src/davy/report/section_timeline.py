"""The timeline: when stools, serum, red cells and symptoms should first show something."""

from __future__ import annotations

from collections.abc import Sequence

from davy.planning.result import Check, TimelineEvent
from davy.report.figure_frame import Scale, box, dot
from davy.report.figure_rows import Axis, RowMarks, rows
from davy.report.layout import Drawing, Figure, Table, figure, section
from davy.report.markup import NOTHING, Html
from davy.report.reading import Reading
from davy.report.words import day_date, days_between, first_up, plain

_TICKS = (
    (0.0, "start"),
    (7.0, "1 wk"),
    (28.0, "4 wk"),
    (84.0, "12 wk"),
    (182.0, "26 wk"),
    (365.0, "1 y"),
)


def timeline(reading: Reading) -> Html:
    """What to expect when; empty where nothing is to be expected."""
    plan = reading.plan
    if not plan.timeline:
        return NOTHING
    tests = tuple(check for check in plan.monitoring if check.day > 0)
    return section("timeline", "What happens when", figure(_figure(plan.timeline, tests, plan.today)))


def _event(event: TimelineEvent) -> RowMarks:
    def marks(scale: Scale, middle: float) -> Sequence[Html]:
        start, end = scale.at(event.from_day), scale.at(event.to_day)
        return (box(start, middle - 7, max(end - start, 6), 14, ".bar.binding"),)

    return RowMarks(first_up(event.what), marks)


def _tests(tests: Sequence[Check]) -> RowMarks:
    def marks(scale: Scale, middle: float) -> Sequence[Html]:
        return [dot(scale.at(day), middle, ".dose", 5.5) for day in sorted({check.day for check in tests})]

    return RowMarks("Tests to have", marks)


def _figure(events: Sequence[TimelineEvent], tests: Sequence[Check], today: str) -> Figure:
    last = float(max([event.to_day for event in events] + [check.day for check in tests] + [84]))
    axis = Axis(0, last, tuple(tick for tick in _TICKS if tick[0] <= last), root=True, right_room=16)

    def draw(width: int) -> Drawing:
        made = [_event(event) for event in events]
        return rows(width, [*made, _tests(tests)] if tests else made, axis)

    shown = [
        (first_up(event.what), days_between(today, event.from_day, event.to_day), event.sentence) for event in events
    ]
    shown += [(first_up(plain(check.test)), day_date(today, check.day), check.why) for check in tests]
    behind = Table("What to expect, and when", ("What", "When", "What it means"), tuple(shown))
    told = " ".join(event.sentence for event in events)
    return Figure("timeline-figure", "When each thing should show.", told, draw, behind)
