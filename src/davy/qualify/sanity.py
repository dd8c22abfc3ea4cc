"""Sources that do not agree with themselves: intervals, differences, p values and sums, worked out again.

Each test allows for rounding: a printed number stands for everything that rounds to it. What is flagged stays in the
knowledge with its flag; `source_oddities.csv` lists what is known, so that a new one does not go unseen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from davy.evidence.ledger import Line
from davy.evidence.oddities import Kind
from davy.qualify.library import Knowledge
from davy.qualify.statistics import p_of_means

RATIOS = frozenset({"RR", "OR", "HR", "IRR"})
_P_FACTOR = 3.0
_SE_FACTOR = 1.2
_HALF = 0.5
_SLACK = 1e-9
_ABOUT_ALL = 10.0

Test = Callable[[Knowledge, Line], Iterator["Oddity"]]


@dataclass(frozen=True)
class Oddity:
    """One thing in a source that does not fit.

    Attributes
    ----------
    id : the study or fact.
    size : how far off: times for ratios, SEs and p values, units for the rest.
    """

    file: str
    line: int
    id: str
    kind: Kind
    size: float
    sentence: str


@dataclass(frozen=True)
class Printed:
    """A printed number, and the smallest and largest that round to it."""

    value: float
    low: float
    high: float


def oddities(knowledge: Knowledge) -> tuple[Oddity, ...]:
    """Everything in studies and facts that does not fit itself."""
    found = [one for line in knowledge.of("studies.csv") for test in _OF_STUDIES for one in test(knowledge, line)]
    found += [one for line in knowledge.of("facts.csv") for one in _parts_of_a_whole(line)]
    return tuple(found)


def printed(text: str) -> Printed | None:
    """A cell as a number with its rounding; None where it holds none."""
    try:
        value = float(text)
    except ValueError:
        return None
    half = _HALF * 10.0 ** -len(text.partition(".")[2]) + _SLACK
    return Printed(value, value - half, value + half)


def _cells(line: Line, *columns: str) -> tuple[Printed, ...] | None:
    found = tuple(printed(line.cells.get(column, "")) for column in columns)
    return tuple(one for one in found if one is not None) if None not in found else None


def _odd(line: Line, kind: Kind, size: float, sentence: str) -> Oddity:
    return Oddity(line.file, line.number, line.name, kind, size, sentence)


def _interval(_: Knowledge, line: Line) -> Iterator[Oddity]:
    """The estimate lies in its interval, and in the middle of it (of its logarithm for a ratio)."""
    cells = _cells(line, "estimate", "low", "high")
    if cells is None:
        return
    middle, low, high = cells
    if not low.low <= middle.value <= high.high:
        yield _odd(
            line, "outside", middle.value, f"{middle.value:g} is outside its interval {low.value:g} to {high.value:g}"
        )
    elif line.cells.get("measure") in RATIOS and low.low > 0:
        if middle.high**2 < low.low * high.low or middle.low**2 > low.high * high.high:
            centre = math.sqrt(low.value * high.value)
            told = f"{low.value:g} to {high.value:g} is centred on {centre:.3g}, not on {middle.value:g}"
            yield _odd(line, "lopsided", middle.value / centre, told)
    elif line.cells.get("measure") in ("MD", "SMD", "RD"):
        centre = (low.value + high.value) / 2
        if not (low.low + high.low) / 2 <= middle.high or not middle.low <= (low.high + high.high) / 2:
            told = f"{low.value:g} to {high.value:g} is centred on {centre:.3g}, not on {middle.value:g}"
            yield _odd(line, "lopsided", middle.value - centre, told)


def _difference(_: Knowledge, line: Line) -> Iterator[Oddity]:
    """A difference is that of the two means, a ratio that of the two risks."""
    means = _cells(line, "estimate", "mean_arm", "mean_control")
    if means is not None and line.cells.get("measure") == "MD":
        told, arm, control = means
        if not arm.low - control.high - told.high <= 0 <= arm.high - control.low - told.low:
            gap = arm.value - control.value
            yield _odd(line, "difference", told.value - gap, f"the means differ by {gap:.4g}, {told.value:g} is given")
    counts = _cells(line, "estimate", "events_arm", "n_arm", "events_control", "n_control")
    if counts is not None and line.cells.get("measure") in ("RR", "OR"):
        ratio = _ratio(line.cells["measure"], *(one.value for one in counts[1:]))
        if not counts[0].low <= ratio <= counts[0].high:
            yield _odd(
                line,
                "difference",
                counts[0].value / ratio,
                f"the counts give {ratio:.3g}, {counts[0].value:g} is given",
            )


def _ratio(measure: str, events: float, size: float, other: float, other_size: float) -> float:
    if measure == "OR":
        return events * (other_size - other) / (other * (size - events))
    return events / size / (other / other_size)


def _sums(_: Knowledge, line: Line) -> Iterator[Oddity]:
    """Both arms together are everyone, and no arm has more events than people."""
    whole = re.match(r"\d+", line.cells.get("n", ""))
    arms = _cells(line, "n_arm", "n_control")
    if whole and arms is not None and float(whole[0]) != arms[0].value + arms[1].value:
        total = arms[0].value + arms[1].value
        yield _odd(line, "sum", float(whole[0]) - total, f"the arms make {total:g}, {whole[0]} are given")
    for events, size in (("events_arm", "n_arm"), ("events_control", "n_control")):
        cells = _cells(line, events, size)
        if cells is not None and cells[0].value > cells[1].value:
            yield _odd(line, "sum", cells[0].value - cells[1].value, "more events than people")


def _p_value(knowledge: Knowledge, line: Line) -> Iterator[Oddity]:
    """The p value beside two means is the one that means, SDs and sizes give (Welch)."""
    for text, values in _statements(knowledge, line):
        match = re.search(_pair(line) + r"[^;()]*\(p=(\.\d+|0\.\d+)\)", text)
        if match:
            given, worked = float(match[1]), p_of_means(*values)
            factor = max(given / worked, worked / given)
            if factor > _P_FACTOR:
                yield _odd(line, "p-value", factor, f"means and SDs give p = {worked:.2g}, p = {given:g} is printed")


def _standard_error(knowledge: Knowledge, line: Line) -> Iterator[Oddity]:
    """The standard error of a difference is the one that the SDs and sizes give."""
    for text, values in _statements(knowledge, line):
        match = re.search(r"\(SE (\d+\.\d+)\)", text)
        if match:
            _, sd, size, _, other_sd, other_size = values
            given, worked = float(match[1]), math.sqrt(sd**2 / size + other_sd**2 / other_size)
            factor = max(given / worked, worked / given)
            if factor > _SE_FACTOR:
                yield _odd(
                    line,
                    "standard-error",
                    factor,
                    f"the SDs give a standard error of {worked:.2g}, {given:g} is printed",
                )


def _pair(line: Line) -> str:
    """How a fact writes the two means and SDs of a study."""
    mean, sd, other, other_sd = (
        r"-?0*" + re.escape(line.cells[name].lstrip("-0")) + r"0*"
        for name in ("mean_arm", "sd_arm", "mean_control", "sd_control")
    )
    return rf"(?<![\d.]){mean}\+/-{sd} vs {other}\+/-{other_sd}(?!\d)"


def _statements(knowledge: Knowledge, line: Line) -> Iterator[tuple[str, tuple[float, ...]]]:
    """The texts of the facts behind a study with both arms, and its mean, SD and size of each arm."""
    cells = _cells(line, "mean_arm", "sd_arm", "n_arm", "mean_control", "sd_control", "n_control")
    if cells is None:
        return
    behind = set(line.words("source"))
    for fact in knowledge.of("facts.csv"):
        if fact.name in behind:
            yield fact.cells.get("statement", ""), tuple(one.value for one in cells)


def _parts_of_a_whole(line: Line) -> Iterator[Oddity]:
    """Three or more percentages in a row that make about 100 make 100."""
    text = line.cells.get("statement", "")
    shares = list(re.finditer(r"(\d+(?:\.\d+)?) ?%", text))
    runs: list[list[re.Match[str]]] = []
    for before, after in pairwise(shares):
        near = re.fullmatch(r"[\w ]{0,18}[,/][\w ]{0,18}", text[before.end() : after.start()]) is not None
        if near and runs and runs[-1][-1] is before:
            runs[-1].append(after)
        elif near:
            runs.append([before, after])
    for run in runs:
        parts = [printed(share[1]) for share in run]
        low, high = (sum(getattr(part, end) for part in parts if part) for end in ("low", "high"))
        total = sum(part.value for part in parts if part)
        if len(run) > 2 and abs(total - 100.0) < _ABOUT_ALL and not low <= 100.0 <= high:
            yield _odd(line, "sum", total - 100.0, f"{' + '.join(share[1] for share in run)} % make {total:g}")


_OF_STUDIES: tuple[Test, ...] = (_interval, _difference, _sums, _p_value, _standard_error)
