"""Words that the pages of the pathways share."""

from __future__ import annotations

GRADES = {
    "A": "A: measured in people, in trials or by an accepted physical law",
    "B": "B: measured, in part outside people or with a part assumed",
    "C": "C: measured in animals, in cells or in part only",
    "D": "D: a hypothesis; nothing measured holds it up as it stands",
}
KINDS = {
    "slow": "changes over days to years",
    "fast": "settles within minutes",
    "empirical": "tells an effect of trials or cohorts, not a mechanism",
}
PROVENANCES = {
    "measured": "measured",
    "calibrated": "set so that the model meets an anchor",
    "recalled": "recalled, not read",
    "assumed": "assumed",
    "stated": "stated by the articles",
}


def shown(value: float, unit: str) -> str:
    """A value to four digits, with its unit."""
    return f"{value:.4g}{_unit(unit)}"


def interval(low: float | None, high: float | None, unit: str) -> str:
    """What lies between two ends, either of which may be open."""
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"at most {high:.4g}{_unit(unit)}" if high is not None else f"at least {low:.4g}{_unit(unit)}"
    return shown(low, unit) if low == high else f"{low:.4g} to {high:.4g}{_unit(unit)}"


def share(value: float) -> str:
    """A share in whole per cent; one too small to show is not called none."""
    return f"{100.0 * value:.0f} %" if value == 0.0 or value >= 0.005 else "less than 1 %"


def _unit(unit: str) -> str:
    return "" if unit in ("1", "-", "", "dimensionless") else f" {unit}"
