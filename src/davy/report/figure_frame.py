"""Scales, ticks and marks: the little geometry that every figure shares. All lengths in px of the viewBox."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from davy.report.layout import WIDE
from davy.report.markup import Html, el


@dataclass(frozen=True)
class Scale:
    """A straight map from values to places; with `root`, from square roots (which spreads early days)."""

    low: float
    high: float
    start: float
    end: float
    root: bool = False

    def at(self, value: float) -> float:
        """Where a value stands; values outside stand at the edge."""
        inside = min(max(value, self.low), self.high)
        span = self._bend(self.high) - self._bend(self.low)
        share = (self._bend(inside) - self._bend(self.low)) / span if span else 0.0
        return self.start + share * (self.end - self.start)

    def _bend(self, value: float) -> float:
        return math.sqrt(max(value, 0.0)) if self.root else value


def ticks(low: float, high: float, wanted: int) -> tuple[float, ...]:
    """Round numbers inside [low, high], about as many as wanted."""
    raw = (high - low) / max(wanted, 1)
    if raw <= 0:
        return (low,)
    power = 10 ** math.floor(math.log10(raw))
    step = next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return tuple(round(k * step, 10) for k in range(first, last + 1))


def text(x: float, y: float, shown: str, style: str = "", *, anchor: str = "start") -> Html:
    """Words in a figure."""
    return el(f"text{style}", {"x": x, "y": y, "text-anchor": anchor}, shown)


def rule(x1: float, y1: float, x2: float, y2: float, style: str) -> Html:
    """A straight line."""
    return el(f"line{style}", {"x1": x1, "y1": y1, "x2": x2, "y2": y2})


def box(x: float, y: float, width: float, height: float, style: str) -> Html:
    """A rectangle with softly rounded corners."""
    return el(f"rect{style}", {"x": x, "y": y, "width": max(width, 0.0), "height": height, "rx": 2})


def dot(x: float, y: float, style: str, radius: float = 4) -> Html:
    """A round mark."""
    return el(f"circle{style}", {"cx": x, "cy": y, "r": radius})


def trace(xs: Iterable[float], ys: Iterable[float], style: str) -> Html:
    """A curve through points."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    return el(f"polyline{style}", {"points": points})


def area(xs: Sequence[float], lower: Sequence[float], upper: Sequence[float], style: str) -> Html:
    """The space between two curves."""
    there = [f"{x:.1f},{y:.1f}" for x, y in zip(xs, upper, strict=True)]
    back = [f"{x:.1f},{y:.1f}" for x, y in zip(reversed(xs), reversed(lower), strict=True)]
    return el(f"polygon{style}", {"points": " ".join(there + back)})


def is_wide(width: int) -> bool:
    """Whether this is the layout for a desk or paper."""
    return width >= WIDE


def fit_words(shown: str, room: float, size: float = 13) -> str:
    """Words cut to the room they have [px], with an ellipsis; the whole text stays in the table behind."""
    most = max(int(room / (0.54 * size)), 4)
    return shown if len(shown) <= most else f"{shown[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
