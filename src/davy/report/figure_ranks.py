"""Rank curves of a calibration less the diagonal, with the band that all of them should stay in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from davy.qualify.findings import quantity_words
from davy.report.figure_frame import Scale, area, is_wide, rule, text, trace
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html
from davy.report.words import first_up, number

_GAP, _HEAD, _FOOT = 34.0, 30.0, 40.0

Rows = Sequence[Mapping[str, Any]]


def ranks_figure(document: Mapping[str, Any]) -> Figure | None:
    """One panel a design, one curve a quantity; None where nothing was calibrated."""
    rows: Rows = document["rows"]
    if not rows:
        return None
    labels = {one["design"]: one["label"] for one in document["designs"]}
    table = Table(
        "Ranks of the truth against the uniform distribution",
        ("Design", "Quantity", "Persons", "Furthest off", "At rank", "p", "Inside"),
        tuple(_row(row, labels) for row in rows),
        (2, 3, 4, 5),
    )
    family = document["method"]["family"]
    desc = (
        "Each curve is a quantity: how many truths lie below a rank, less how many should. All curves should stay in "
        f"the shaded band, which one of them leaves by chance in {100 * family:.0f} % of such tables. A quantity that "
        "only some persons have is counted over fewer of them, so its own band is wider: its curve is drawn shrunk to "
        "the band shown, and lies outside it where it leaves its own."
    )
    return Figure("ranks", "Ranks of the truth.", desc, lambda width: _draw(rows, labels, width), table)


def _row(row: Mapping[str, Any], labels: Mapping[str, str]) -> tuple[str, ...]:
    return (
        labels[row["design"]],
        quantity_words(row["quantity"]),
        f"{row['n']:,}",
        f"{row['excess']:+.3f}",
        number(row["at"], 2),
        f"{row['p_value']:.2g}",
        "yes" if row["inside"] else "no",
    )


def _draw(rows: Rows, labels: Mapping[str, str], width: int) -> Drawing:
    columns = 2 if is_wide(width) else 1
    panel = (width - _GAP * (columns - 1) - 46.0) / columns
    height = 132.0
    shown = {design: [row for row in rows if row["design"] == design] for design in labels}
    curves = {design: [to_band(row, most_counted(own)) for row in own] for design, own in shown.items()}
    bands = [value for own in shown.values() if own for side in ("low", "high") for value in most_counted(own)[side]]
    drawn = [value for own in curves.values() for curve in own for value in curve]
    reach = max(abs(value) for value in (*bands, *drawn)) * 1.05
    parts: list[Html] = []
    for place, design in enumerate(labels):
        own = shown[design]
        left = 46.0 + (place % columns) * (panel + _GAP)
        top = _HEAD + (place // columns) * (height + _HEAD + _FOOT)
        x, y = Scale(0.0, 1.0, left, left + panel), Scale(-reach, reach, top + height, top)
        parts += _panel(own, first_up(labels[design]), x, y, outer=place % columns == 0)
    lines = -(-len(labels) // columns)
    return Drawing(lines * (height + _HEAD + _FOOT), tuple(parts))


def _panel(rows: Rows, title: str, x: Scale, y: Scale, *, outer: bool) -> list[Html]:
    points = len(rows[0]["difference"])
    at = [x.at((k + 1) / (points + 1)) for k in range(points)]
    words = _folded(title, int((x.end - x.start) / 6.4))
    parts = [text(x.start, y.end - 8 - 14 * (len(words) - 1 - k), line, ".marked") for k, line in enumerate(words)]
    band = most_counted(rows)
    low, high = ([y.at(value) for value in band[side]] for side in ("low", "high"))
    parts.append(area(at, low, high, ".band"))
    parts.append(rule(x.start, y.at(0.0), x.end, y.at(0.0), ".axis"))
    for share in (-0.5, 0.5):
        value = share * y.high
        parts.append(rule(x.start, y.at(value), x.end, y.at(value), ".grid"))
        if outer:
            parts.append(text(x.start - 6, y.at(value) + 4, f"{value:+.2f}", ".tick", anchor="end"))
    if outer:
        parts.append(text(x.start - 6, y.at(0.0) + 4, "0", ".tick", anchor="end"))
    for value, shown in ((0.0, "0"), (0.5, "0.5"), (1.0, "1")):
        parts.append(text(x.at(value), y.start + 17, shown, ".tick", anchor="middle"))
    for row in sorted(rows, key=lambda one: not one["inside"]):
        style = ".rank" if row["inside"] else ".rank.off"
        parts.append(trace(at, [y.at(value) for value in to_band(row, band)], style))
    return parts


def most_counted(rows: Rows) -> Mapping[str, Any]:
    """The row that the most persons were counted for: its band is the one that is drawn."""
    return max(rows, key=lambda row: row["n"])


def to_band(row: Mapping[str, Any], shown: Mapping[str, Any]) -> list[float]:
    """A curve in the scale of the band shown: as far towards its edge as it is towards the edge of its own."""
    made: list[float] = []
    for k, value in enumerate(row["difference"]):
        side = "high" if value > 0 else "low"
        own = row[side][k]
        made.append(value * shown[side][k] / own if own else value)
    return made


def _folded(words: str, room: int) -> list[str]:
    """A title on at most two lines."""
    if len(words) <= room:
        return [words]
    cut = words.rfind(" ", 0, room)
    rest = words[cut + 1 :]
    return [words[:cut], rest if len(rest) <= room else f"{rest[: room - 1]}\N{HORIZONTAL ELLIPSIS}"]
