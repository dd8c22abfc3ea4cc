"""An observable against magnesium: the model with its band, what the articles state beside it, and the anchors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from davy.report.figure_frame import Scale, area, dot, fit_words, is_wide, rule, text, ticks, trace
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html

_CLOSE = 15.0
"""Two words at the right edge keep this distance [px]."""

_SIZE = 12.5
_OUTSIDE = (
    "The line leaves its band: the model's own values are not the middle of the draws, "
    "whose median the dotted line shows. "
)
_LEAST_SPAN = 0.02
"""An axis spans at least this share of its values, so that what hardly moves is drawn as hardly moving."""

_ENDS = "Where the line stops the model has none at its own values; the shade beyond is of the draws that have one. "


@dataclass(frozen=True)
class Curve:
    """One version of the model along the axis; NaN where it has no value."""

    value: tuple[float, ...]
    p05: tuple[float, ...]
    p95: tuple[float, ...]
    p50: tuple[float, ...] = ()

    @property
    def leaves(self) -> bool:
        """Whether the model at its own values lies outside the band of its draws anywhere."""
        ends = zip(self.value, self.p05, self.p95, strict=True)
        return any(at < low or at > high for at, low, high in ends)


@dataclass(frozen=True)
class Anchored:
    """What was measured at one place of the axis: an interval, and whether the model meets it."""

    at: float
    low: float
    high: float
    met: bool


@dataclass(frozen=True)
class Response:
    """An observable along one input, everything else held.

    Attributes
    ----------
    x_label, y_label : what the axes show, with their units.
    x : places along the input.
    literature : what primary sources support.
    articles : what the articles state; None where they state nothing that differs.
    now : the value of the input that was asked for.
    band : what the band is called.
    hypothesis : the drawing itself says so, also where it is cut out and shown elsewhere.
    """

    name: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    literature: Curve
    articles: Curve | None
    now: float | None
    band: str
    anchors: tuple[Anchored, ...] = ()
    hypothesis: bool = False


def response_figure(made: Response) -> Figure:
    """The figure of a response, with its numbers."""
    heads = [made.x_label, "Literature", f"{made.band[:1].upper()}{made.band[1:]}, 5 to 95 %"]
    rows = [_row(made, k) for k in range(len(made.x))]
    if made.articles is not None:
        heads.append("As the articles state")
    banded = any(low == low for low in made.literature.p05)
    shade = f", the shade its {made.band}" if banded else "; no curve with a band is kept for these inputs"
    told = f"The line is the model at its own values{shade}. "
    told += "The dashed line is what the articles state. " if made.articles is not None else ""
    told += "Upright marks and rings are anchors, which it is held to. " if made.anchors else ""
    told += _OUTSIDE if made.literature.leaves and made.literature.p50 else ""
    told += _ENDS if _stops(made.literature) else ""
    return Figure(
        name=made.name,
        title=f"{made.y_label}, by {made.x_label[:1].lower()}{made.x_label[1:]}.",
        desc=told.strip(),
        draw=lambda width: _draw(made, width),
        table=Table(made.y_label, tuple(heads), tuple(rows), tuple(range(1, len(heads)))),
    )


def _stops(curve: Curve) -> bool:
    """Whether draws go on where the model at its own values has nothing."""
    return any(value != value and low == low for value, low in zip(curve.value, curve.p05, strict=True))


def _row(made: Response, k: int) -> tuple[str, ...]:
    curve = made.literature
    own = (f"{made.x[k]:.4g}", _shown(curve.value[k]), f"{_shown(curve.p05[k])} to {_shown(curve.p95[k])}")
    return own if made.articles is None else (*own, _shown(made.articles.value[k]))


def _shown(value: float) -> str:
    return "none" if value != value else f"{value:.4g}"


def _known(values: Sequence[float]) -> list[float]:
    return [value for value in values if value == value]


def _extent(made: Response) -> tuple[float, float]:
    values = _known((*made.literature.p05, *made.literature.p95, *made.literature.value))
    values += _known(made.articles.value) if made.articles is not None else []
    values += [end for anchor in made.anchors for end in (anchor.low, anchor.high)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if high - low < _LEAST_SPAN * max(abs(low), abs(high)):
        middle = (low + high) / 2
        low, high = middle - abs(middle) * _LEAST_SPAN / 2, middle + abs(middle) * _LEAST_SPAN / 2
    room = 0.06 * (high - low) or 1.0
    return (max(low - room, 0.0) if low >= 0 else low - room), high + room


def _draw(made: Response, width: int) -> Drawing:
    wide = is_wide(width)
    left, right = 58.0, width - (96.0 if wide else 12.0)
    top, floor = 26.0, 270.0 if wide else 226.0
    low, high = _extent(made)
    x, y = Scale(made.x[0], made.x[-1], left, right), Scale(low, high, floor, top)
    parts: list[Html] = [text(0, 12, _fit_label(made.y_label, float(width)), ".tick")]
    for value in ticks(low, high, 5):
        parts += [rule(left, y.at(value), right, y.at(value), ".grid")]
        parts += [text(left - 6, y.at(value) + 4, f"{value:,g}".replace("-", "\N{MINUS SIGN}"), ".tick", anchor="end")]
    for value in ticks(made.x[0], made.x[-1], 6 if wide else 4):
        parts.append(text(x.at(value), floor + 17, f"{value:g}", ".tick", anchor="middle"))
    parts.append(text(right, floor + 36, _fit_label(made.x_label, right), ".tick", anchor="end"))
    parts += _curves(made, x, y)
    parts += [mark for anchor in made.anchors for mark in _anchor(anchor, x.at(anchor.at), y)]
    if made.now is not None and made.x[0] <= made.now <= made.x[-1]:
        parts.append(rule(x.at(made.now), top, x.at(made.now), floor, ".goal"))
    parts += _names(made, y, right) if wide else []
    if made.hypothesis:
        style = ".hypothesis" if wide else ".hypothesis.tight"
        parts.append(text((left + right) / 2, (top + floor) / 2, "HYPOTHESIS, GRADE D", style, anchor="middle"))
    return Drawing(floor + 46, tuple(parts))


def _fit_label(label: str, room: float) -> str:
    """The name of an axis cut to its room [px]; its unit is never cut."""
    name, bracket, unit = label.partition(" [")
    unit = bracket + unit
    return fit_words(name, room - 0.6 * _SIZE * len(unit), _SIZE) + unit


def _curves(made: Response, x: Scale, y: Scale) -> list[Html]:
    parts: list[Html] = []
    for run in _runs(made.literature.p05, made.literature.p95):
        at = [x.at(made.x[k]) for k in run]
        lower, upper = ([y.at(ends[k]) for k in run] for ends in (made.literature.p05, made.literature.p95))
        parts.append(area(at, lower, upper, ".band"))
    if made.literature.leaves and made.literature.p50:
        middle = made.literature.p50
        for run in _runs(middle):
            parts.append(trace([x.at(made.x[k]) for k in run], [y.at(middle[k]) for k in run], ".between"))
    lines = [(made.literature, ".median")] + ([] if made.articles is None else [(made.articles, ".spline")])
    for curve, style in lines:
        for run in _runs(curve.value):
            parts.append(trace([x.at(made.x[k]) for k in run], [y.at(curve.value[k]) for k in run], style))
    return parts


def _runs(*series: Sequence[float]) -> list[list[int]]:
    """The stretches over which every series has values."""
    runs: list[list[int]] = [[]]
    for k, values in enumerate(zip(*series, strict=True)):
        if all(value == value for value in values):
            runs[-1].append(k)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _anchor(one: Anchored, at: float, y: Scale) -> list[Html]:
    low, high = y.at(one.low), y.at(one.high)
    style = ".mark" if one.met else ".limit"
    if abs(low - high) < 1.0:
        return [dot(at, low, ".lab", 4)]
    ends = [rule(at - 5, end, at + 5, end, style) for end in (low, high)]
    return [rule(at, low, at, high, style), *ends]


def _names(made: Response, y: Scale, right: float) -> list[Html]:
    """The lines' names at their right ends, moved apart where they would touch."""
    ends = [(y.at(made.literature.value[-1]), "literature", ".marked")]
    if made.articles is not None:
        ends.append((y.at(made.articles.value[-1]), "articles", ".tick"))
    ends = sorted((at, word, style) for at, word, style in ends if at == at)
    shown: list[Html] = []
    last = -_CLOSE
    for at, word, style in ends:
        last = max(at + 4, last + _CLOSE)
        shown.append(text(right + 8, last, word, style))
    return shown
