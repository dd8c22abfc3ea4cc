"""What ``davy evidence dose-response`` prints: slopes, fit, the curve at a few doses, what to mind."""

from __future__ import annotations

from textwrap import wrap

from davy.evidence.meta.dose_document import CurvePoint, DoseResponse, PerUnit
from davy.report.pool_text import interval_words, p_words
from davy.report.terminal import COLUMNS

ROWS = 9
"""How many doses of a curve are printed; all of them are in the JSON document."""


def dose_response_text(made: DoseResponse) -> str:
    """A dose-response meta-analysis as text."""
    unit = made.per_unit.unit
    lines = [f"{made.k} {'study' if made.k == 1 else 'studies'}, relative risk per {unit:g} of dose", ""]
    width = max(24, *(min(len(one.study), 32) for one in made.studies))
    for one in made.studies:
        fit = f"fit Q = {one.gof.q:.2f} on {one.gof.df} df"
        lines.append(f"  {one.study[:width]:<{width}} {one.type}  slope {one.slope:9.5f} (se {one.se:.5f})  {fit}")
    lines.append("")
    named: list[tuple[str, PerUnit | None]] = [("random effects (REML, z)", made.per_unit)]
    named += [("  with Knapp-Hartung", made.per_unit_knha), ("common effect", made.common)]
    named += [("with Hamling's covariances", made.hamling)]
    lines += [_slope(name, one) for name, one in named if one is not None]
    lines += ["", f"Fit of the lines: Q = {made.gof.q:.2f} on {made.gof.df} df {p_words(made.gof.p)}".rstrip()]
    if made.q is not None and made.tau2 is not None:
        lines.append(f"Heterogeneity: Q = {made.q:.2f} on {made.q_df} df, I2 = {made.i2:.0f} %, tau2 = {made.tau2:.4g}")
    lines += _curves(made)
    for heading, items in (("Mind", made.warnings), ("Choices", made.choices)):
        if items:
            lines += ["", heading]
            for item in items:
                lines += wrap(item, COLUMNS, initial_indent="  - ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"


def _slope(name: str, one: PerUnit) -> str:
    rr = "" if one.rr is None else f"  RR {one.rr:.3f} ({interval_words(one.rr_ci, 3)})"
    return f"  {name:<27} {one.slope:9.5f} (se {one.se:.5f}){rr}  {p_words(one.p)}".rstrip()


def _curves(made: DoseResponse) -> list[str]:
    lines = ["", f"Against a dose of {made.reference_dose:g} (data from {made.dose_low:g} to {made.dose_high:g})"]
    curved = () if made.nonlinear is None else made.nonlinear.curve
    lines.append(f"  {'dose':>9}  {'line':<22}{'spline' if curved else ''}".rstrip())
    last = len(made.linear_curve) - 1
    picked = sorted({round(k * last / (ROWS - 1)) for k in range(ROWS)}) if last >= ROWS else range(last + 1)
    for k in picked:
        bent = _risk(curved[k]) if curved else ""
        lines.append(f"  {made.linear_curve[k].dose:9.4g}  {_risk(made.linear_curve[k]):<22}{bent}".rstrip())
    if made.nonlinear is not None:
        n = made.nonlinear
        knots = ", ".join(f"{one:g}" for one in n.knots)
        test = f"chi2 = {n.chi2:.2f} on {n.df} df, {p_words(n.p)}"
        lines.append(f"Bent or straight: {test} (knots {knots}; {n.k} {'study' if n.k == 1 else 'studies'})")
    return lines


def _risk(one: CurvePoint) -> str:
    return f"{one.rr:.2f} ({interval_words(one.rr_ci)})"
