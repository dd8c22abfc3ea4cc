"""What ``davy evidence pool`` prints: a forest of one line a study, the results side by side, what to mind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from textwrap import wrap

from davy.evidence.meta.pooled import Estimate, Interval, PooledEffect
from davy.report.terminal import COLUMNS

LABEL, WIDTH = 24, 34
"""Columns for the label of a study and for its interval."""


@dataclass(frozen=True)
class Ruler:
    """The scale of the text forest, on the analysis scale."""

    low: float
    high: float

    def at(self, value: float) -> int:
        """Column of a value, at the edge where it lies outside."""
        share = (value - self.low) / (self.high - self.low)
        return round(min(max(share, 0.0), 1.0) * (WIDTH - 1))


def pool_text(made: PooledEffect) -> str:
    """A pooled effect as text."""
    lines = [f"{made.k} {'study' if made.k == 1 else 'studies'}, {made.measure}, {made.method}, {made.test}", ""]
    lines += _forest(made)
    lines += ["", *_results(made), *_heterogeneity(made), *_small_studies(made)]
    for sentence in small_study_lesson(made):
        lines += wrap(sentence, COLUMNS)
    lines += _regression(made)
    for one in made.sensitivity:
        estimate = "not estimable" if one.estimate is None else f"{one.estimate:.3f} ({interval_words(one.ci, 3)})"
        lines.append(f"With {one.assumption}: {estimate}")
    for heading, items in (("Mind", made.warnings), ("Choices", made.choices)):
        if items:
            lines += ["", heading]
            for item in items:
                lines += wrap(item, COLUMNS, initial_indent="  - ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"


def interval_words(interval: Interval, digits: int = 2) -> str:
    """An interval as text."""
    return "-" if interval is None else f"{interval[0]:.{digits}f} to {interval[1]:.{digits}f}"


def _forest(made: PooledEffect) -> list[str]:
    ruler = _ruler(made)
    head = f"{'':<{LABEL}} {'':<{WIDTH}} {'estimate (interval)':<26} weight"
    lines = [head]
    ratio = made.estimate_exp is not None
    for one in made.studies:
        interval = one.ci_exp if ratio else one.ci
        value = one.estimate_exp if ratio else one.yi
        words = f"{value:.2f} ({interval_words(interval)})"
        lines.append(f"{one.study[:LABEL]:<{LABEL}} {_bar(ruler, one.yi, one.ci)} {words:<26} {one.weight:5.1f} %")
    lines.append(f"{'':<{LABEL}} {_axis(ruler)}")
    return lines


def _ruler(made: PooledEffect) -> Ruler:
    """Wide enough for every estimate and most of the intervals; longer ones end in an arrow."""
    points = [one.yi for one in made.studies]
    ends = sorted(end for one in made.studies if one.ci is not None for end in one.ci)
    inner = ends[len(ends) // 10 : len(ends) - len(ends) // 10] or points
    values = [*points, *inner, 0.0, *(made.pi or ()), *(made.ci or ())]
    low, high = min(values), max(values)
    return Ruler(low, high) if high > low else Ruler(low - 1, high + 1)


def _bar(ruler: Ruler, value: float, interval: Interval) -> str:
    cells = [" "] * WIDTH
    cells[ruler.at(0.0)] = "|"
    if interval is not None:
        first, last = ruler.at(interval[0]), ruler.at(interval[1])
        for k in range(first, last + 1):
            cells[k] = "-"
        if interval[0] < ruler.low:
            cells[0] = "<"
        if interval[1] > ruler.high:
            cells[-1] = ">"
    cells[ruler.at(value)] = "#"
    return "".join(cells)


def _axis(ruler: Ruler) -> str:
    cells = [" "] * WIDTH
    cells[ruler.at(0.0)] = "^"
    return "".join(cells).rstrip() + "  no difference"


def _results(made: PooledEffect) -> list[str]:
    ratio = made.estimate_exp is not None
    ruler = _ruler(made)
    rows: list[tuple[str, float | None, Interval, Interval, str]] = []
    main = made.ci_exp if ratio else made.ci
    rows.append((f"{made.method} ({made.test})", made.estimate, made.ci, main, p_words(made.p)))
    if made.adhoc is not None and made.adhoc.hksj_narrower:
        kept = made.adhoc.ci_exp if ratio else made.adhoc.ci
        rows.append(("  ad hoc variance", made.estimate, made.adhoc.ci, kept, ""))
    if made.pi is not None:
        rows.append(("  new study (prediction)", made.estimate, made.pi, made.pi_exp if ratio else made.pi, ""))
    beside: list[tuple[str, Estimate | None]] = [("common effect", made.common)]
    beside += [("Mantel-Haenszel", made.mantel_haenszel), ("Peto", made.peto)]
    for name, one in [*beside, *((one.method, one) for one in made.rare_events)]:
        if one is not None:
            rows.append((name, one.estimate, one.ci, one.ci_exp if ratio else one.ci, p_words(one.p)))
    if made.bayesian is not None:
        b = made.bayesian
        rows.append((f"Bayes, tau ~ HN({b.prior_scale:g})", b.estimate, b.ci, b.ci_exp if ratio else b.ci, ""))
    return [_result(ruler, ratio, row) for row in rows]


def _result(ruler: Ruler, ratio: bool, row: tuple[str, float | None, Interval, Interval, str]) -> str:
    name, estimate, interval, seen, p = row
    if estimate is None:
        return f"{name:<{LABEL}} not estimable"
    value = math.exp(estimate) if ratio else estimate
    words = f"{value:.2f} ({interval_words(seen)})"
    return f"{name[:LABEL]:<{LABEL}} {_bar(ruler, estimate, interval)} {words:<26} {p}".rstrip()


def p_words(p: float | None) -> str:
    """A p value as text; nothing where there is none."""
    return "" if p is None else "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _heterogeneity(made: PooledEffect) -> list[str]:
    if made.q is None or made.i2 is None:
        return []
    words = [f"Q = {made.q:.2f} on {made.q_df} df ({p_words(made.q_p)})"]
    words.append(f"I2 = {made.i2:.0f} %{_between(made.i2_ci, 0)}")
    if made.tau2 is not None:
        words.append(f"tau2 = {made.tau2:.4g}{_between(made.tau2_ci, 4)}")
    return ["", *wrap(f"Heterogeneity: {', '.join(words)}", COLUMNS, subsequent_indent="  ")]


def _between(interval: Interval, digits: int) -> str:
    if interval is None:
        return ""
    kind = f".{digits}g" if digits else ".0f"
    return f" ({interval[0]:{kind}} to {interval[1]:{kind}})"


def _small_studies(made: PooledEffect) -> list[str]:
    if not made.small_study_tests:
        return []
    tests = "; ".join(f"{one.test} ({one.model}) {p_words(one.p)}" for one in made.small_study_tests)
    lines = wrap(f"Small-study effects: {tests}", COLUMNS, subsequent_indent="  ")
    filled = made.trim_fill
    if filled is not None:
        value, seen = (
            (filled.estimate_exp, filled.ci_exp) if made.estimate_exp is not None else (filled.estimate, filled.ci)
        )
        lines.append(
            f"Trim-and-fill ({filled.estimator}): {filled.missing} missing on the {filled.side}; with them "
            f"{value:.2f} ({interval_words(seen)})"
        )
    return lines


def _regression(made: PooledEffect) -> list[str]:
    fitted = made.meta_regression
    if fitted is None:
        return []
    test = f"QM = {fitted.qm:.2f}" if fitted.qm_df2 is None else f"F({fitted.qm_df}, {fitted.qm_df2}) = {fitted.qm:.2f}"
    r2 = "" if fitted.r2 is None else f", R2 = {fitted.r2:.0f} %"
    names = ", ".join(fitted.moderators)
    names = ", ".join(fitted.moderators)
    lines = ["", f"Meta-regression on {names}: {test}, {p_words(fitted.qm_p)}{r2}, tau2 = {fitted.tau2:.4g}"]
    for one in fitted.coefficients:
        low, high = one.ci or (float("nan"), float("nan"))
        lines.append(f"  {one.term[:38]:<38} {one.estimate:9.4f} ({low:.4f} to {high:.4f}) {p_words(one.p)}")
    for group in made.subgroups:
        result = group.result
        value, seen = (
            (result.estimate_exp, result.ci_exp) if made.estimate_exp is not None else (result.estimate, result.ci)
        )
        name = f"{group.moderator}: {group.level}"
        lines.append(f"  {name[:38]:<38} k = {group.k:<3} {_number(value)} ({interval_words(seen)})")
    return lines


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def small_study_lesson(made: PooledEffect) -> tuple[str, ...]:
    """What small studies do to the result, in sentences: random effects lend them weight that a common effect does not.

    Said only where the two disagree, or where a test for small-study effects answers.
    """
    common, ratio = made.common, made.estimate_exp is not None
    if made.estimate is None or made.ci is None or common.estimate is None or common.ci is None:
        return ()
    largest = max(made.studies, key=lambda one: one.weight_common)
    said: list[str] = []
    apart = made.ci[1] < common.estimate or made.ci[0] > common.estimate
    if made.tau2 is not None and apart:
        result = interval_words(made.ci_exp if ratio else made.ci)
        beside = interval_words(common.ci_exp if ratio else common.ci)
        own = interval_words(largest.ci_exp if ratio else largest.ci)
        said.append(
            f"Random effects say {result}, the common effect {beside}: the small studies pull the result. The largest, "
            f"{largest.study}, says {own} by itself; it holds {largest.weight_common:.0f} % of the weight in the "
            f"common effect and {largest.weight:.0f} % here."
        )
    failing = [one for one in made.small_study_tests if one.p < 0.1]
    if failing:
        names = ", ".join(dict.fromkeys(one.test for one in failing))
        said.append(
            f"Small studies differ from large ones ({names}, p below 0.1). Missing small studies, weaker methods or "
            "true differences can do that; the pooled effect is not to be promised before a large trial confirms it."
        )
    elif made.small_study_tests:
        said.append("No test finds that small studies say something else; with few studies that proves little.")
    return tuple(said)
