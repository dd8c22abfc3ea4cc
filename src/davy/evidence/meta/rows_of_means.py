"""Rows of means: two arms, before and after, crossover."""

from __future__ import annotations

import math

import numpy as np

from davy.evidence.meta.effect import Floats
from davy.evidence.meta.gathering import Gathered
from davy.evidence.meta.means_effects import Means, mean_difference, ratio_of_means, standardised_difference
from davy.evidence.meta.spread import Summary, mean_of, sd_of, sd_of_change, se_from_p

_EFFECTS = {"MD": mean_difference, "SMD": standardised_difference, "ROM": ratio_of_means}
_FORMULAS = {
    "MD": "mean difference, each arm its own variance",
    "SMD": "Hedges' g with the exact correction J, pooled SD, variance 1/n1 + 1/n2 + g^2/(2(n1 + n2))",
    "ROM": "log ratio of means, delta-method variance",
}


def means_rows(made: Gathered) -> None:
    """The effects of two arms."""
    m1, s1, n1 = _arm(made, "1")
    m2, s2, n2 = _arm(made, "2")
    if made.faults:
        return
    means = Means(m1, s1, n1, m2, s2, n2)
    _finish(made, means)
    if made.measure == "ROM":
        for row in np.flatnonzero(~np.isnan(m1 + m2) & (m1 * m2 <= 0)):
            made.fault(
                int(row), "m2i", f"a ratio of {m1[row]:g} to {m2[row]:g} has no logarithm", "two means of one sign"
            )


def _finish(made: Gathered, means: Means) -> None:
    made.yi, made.vi = _EFFECTS[made.measure](means)
    made.ni = means.n1i + means.n2i
    made.choices.append(_FORMULAS[made.measure])


def _arm(made: Gathered, side: str) -> tuple[Floats, Floats, Floats]:
    n = made.column(f"n{side}i")
    made.need_positive(f"n{side}i", n)
    cells = {
        name: made.column(name)
        for name in (
            *(f"{stem}{side}i" for stem in ("m", "sd", "se", "median")),
            *(f"{stem}_{side}i" for stem in ("q1", "q3")),
            *(f"{stem}{side}i" for stem in ("min", "max")),
            f"ci{side}_low",
            f"ci{side}_high",
        )
    }
    for stem in ("sd", "se"):
        made.need_positive(f"{stem}{side}i", cells[f"{stem}{side}i"])
    mean, sd = np.full_like(n, np.nan), np.full_like(n, np.nan)
    for row in np.flatnonzero(~np.isnan(n) & (n > 0)):
        arm = _summary({name: float(values[row]) for name, values in cells.items()}, float(n[row]), side, made)
        for target, found in ((mean, mean_of(arm)), (sd, sd_of(arm))):
            if found is None:
                continue
            target[row] = found[0]
            if found[1] != "as printed":
                made.warn(int(row), f"arm {side}: {found[1]}")
    return mean, sd, n


def _summary(cells: dict[str, float], n: float, side: str, made: Gathered) -> Summary:
    def one(name: str) -> float | None:
        return None if math.isnan(cells[name]) else cells[name]

    def two(low: str, high: str) -> tuple[float, float] | None:
        a, b = one(low), one(high)
        return None if a is None or b is None else (a, b)

    return Summary(
        n=n,
        mean=one(f"m{side}i"),
        sd=one(f"sd{side}i"),
        se=one(f"se{side}i"),
        ci=two(f"ci{side}_low", f"ci{side}_high"),
        level=made.reading.level,
        median=one(f"median{side}i"),
        quartiles=two(f"q1_{side}i", f"q3_{side}i"),
        extremes=two(f"min{side}i", f"max{side}i"),
    )


def change_rows(made: Gathered) -> None:
    """The difference of the changes of two arms, each arm's SD of change from its two SDs and a correlation."""
    r = correlation(made)
    arms: list[Floats] = []
    for side in ("1", "2"):
        before, after = made.column(f"pre{side}i"), made.column(f"post{side}i")
        sd_before, sd_after = made.column(f"sd_pre{side}i"), made.column(f"sd_post{side}i")
        n = made.column(f"n{side}i")
        for name, values in ((f"sd_pre{side}i", sd_before), (f"sd_post{side}i", sd_after), (f"n{side}i", n)):
            made.need_positive(name, values)
        sd = np.array([sd_of_change(*three) for three in zip(sd_before, sd_after, r, strict=True)])
        arms += [after - before, sd, n]
    if not made.faults:
        _finish(made, Means(*arms))
        made.choices.append("changes from before to after; SD of change from both SDs and their correlation")


def paired_rows(made: Gathered) -> None:
    """The mean difference within people of a crossover trial."""
    m1, m2, n = made.column("m1i"), made.column("m2i"), made.column("ni")
    made.need_positive("ni", n)
    sd = made.column("sd_diff")
    sd = np.where(np.isnan(sd), made.column("se_diff") * np.sqrt(n), sd)
    p = made.column("p_diff")
    for row in np.flatnonzero(np.isnan(sd) & ~np.isnan(p) & (n > 1)):
        sd[row] = se_from_p(float(m1[row] - m2[row]), float(p[row]), float(n[row]) - 1) * math.sqrt(n[row])
        made.warn(int(row), f"SD of the difference from p = {p[row]:g}, t with {n[row] - 1:g} degrees of freedom")
    if made.table.has("sd1i", "sd2i") and bool(np.isnan(sd).any()):
        r = correlation(made)
        own = [sd_of_change(*three) for three in zip(made.column("sd1i"), made.column("sd2i"), r, strict=True)]
        sd = np.where(np.isnan(sd), own, sd)
    made.need_positive("sd_diff", sd)
    if made.faults:
        return
    made.yi, made.vi, made.ni = m1 - m2, sd**2 / n, n
    made.choices.append("crossover: difference within people, variance of the paired difference")


def correlation(made: Gathered) -> Floats:
    """The column `ri`, its blanks filled with the assumed correlation; a fault where there is neither."""
    r = made.column("ri")
    assumed = made.reading.correlation
    for row in np.flatnonzero((r < -1) | (r > 1)):
        made.fault(int(row), "ri", f"{r[row]:g} is no correlation", "between -1 and 1")
    for row in np.flatnonzero(np.isnan(r)):
        if assumed is None:
            made.fault(int(row), "ri", "the correlation is unknown", "write it, or assume one with --assume-r")
        else:
            made.warn(int(row), f"correlation {assumed:g} is assumed")
            r[row] = made.assumed_r = assumed
    return r
