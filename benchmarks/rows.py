"""What a benchmark says: one row a figure, with the aim it is held against."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured figure.

    Attributes
    ----------
    figure, case : what was measured, and on what.
    value, low, high : median, least and most of the paired runs.
    unit : ``x`` for a ratio.
    aim : the bound that the project set itself, or None.
    at_least : whether the aim is a floor (a ceiling otherwise).
    detail : absolute figures and achieved errors, for the reader.
    """

    figure: str
    case: str
    value: float
    unit: str
    aim: float | None = None
    at_least: bool = True
    low: float | None = None
    high: float | None = None
    detail: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None where there is none."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def record(self) -> dict[str, Any]:
        """As it is stored."""
        return {**asdict(self), "met": self.met}


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table."""
    lines = ["| figure | case | aim | measured | least..most | |", "|---|---|---|---|---|---|"]
    for row in rows:
        sign = ">=" if row["at_least"] else "<="
        aim = "" if row["aim"] is None else f"{sign} {row['aim']:g}{_unit(row['unit'])}"
        span = "" if row["low"] is None else f"{row['low']:.3g}..{row['high']:.3g}"
        verdict = {True: "met", False: "missed", None: ""}[row["met"]]
        lines.append(
            f"| {row['figure']} | {row['case']} | {aim} | {row['value']:.3g}{_unit(row['unit'])} | {span} | {verdict} |"
        )
    return "\n".join(lines)


def _unit(unit: str) -> str:
    return "x" if unit == "x" else f" {unit}"
