"""Trim-and-fill (Duval and Tweedie): how many studies an even funnel would lack, and the result with them filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from davy.evidence.meta.effect import Effects, Floats
from davy.evidence.meta.model import Spec, fit_model
from davy.evidence.meta.pooled import TrimFill
from davy.evidence.meta.shown import Scale

Estimator = Literal["L0", "R0", "Q0"]
ROUNDS = 100


def trim_and_fill(effects: Effects, spec: Spec, scale: Scale, estimator: Estimator = "L0") -> TrimFill | None:
    """The filled result; None where trimming does not settle.

    The empty side is the one towards which Egger's line falls.
    """
    quick = replace(spec, checked=False)
    side = _side(effects, quick)
    sign = -1.0 if side == "right" else 1.0
    order = np.argsort(sign * effects.yi, kind="stable")
    y, v = sign * effects.yi[order], effects.vi[order]
    settled = _trim(y, v, quick, estimator)
    if settled is None:
        return None
    missing, missing_se, centre = settled
    k = len(y)
    filled_y = sign * (2 * centre - y[k - missing :])
    filled_v = v[k - missing :]
    model = fit_model(np.concatenate([effects.yi, filled_y]), np.concatenate([effects.vi, filled_v]), spec=quick)
    interval = model.interval(0)
    return TrimFill(
        estimator=estimator,
        missing=missing,
        missing_se=missing_se,
        side=side,
        estimate=float(model.beta[0]),
        se=float(model.se[0]),
        ci=interval,
        tau2=model.tau2.value,
        estimate_exp=scale.exp(float(model.beta[0])),
        ci_exp=scale.exp_interval(interval),
        filled=tuple((float(a), float(b)) for a, b in zip(filled_y, filled_v, strict=True)),
    )


def _side(effects: Effects, spec: Spec) -> str:
    se = np.sqrt(effects.vi)
    if np.ptp(se) <= 1e-12 * float(se.max()):
        return "left"
    model = fit_model(effects.yi, effects.vi, np.column_stack([np.ones_like(se), se]), spec)
    return "right" if model.beta[1] < 0 else "left"


def _trim(y: Floats, v: Floats, spec: Spec, estimator: Estimator) -> tuple[int, float | None, float] | None:
    """How many are missing, its standard error, and the centre of the studies that stay."""
    k, missing = len(y), 0
    for _ in range(ROUNDS):
        centre = float(fit_model(y[: k - missing], v[: k - missing], spec=spec).beta[0])
        offset = y - centre
        ranks = np.empty(k)
        ranks[np.argsort(np.abs(offset), kind="stable")] = np.arange(1, k + 1)
        raw, se = _missing(np.sign(offset) * ranks, k, estimator)
        now = max(0, round(raw))
        if now == missing:
            return missing, se, centre
        if now >= k - 1:
            return None
        missing = now
    return None


def _missing(signed: Floats, k: int, estimator: Estimator) -> tuple[float, float | None]:
    if estimator == "R0":
        lowest = float(np.max(-signed[signed < 0], initial=0.0))
        raw = k - lowest - 1
        return raw, float(np.sqrt(2 * max(0.0, raw) + 2))
    total = float(signed[signed > 0].sum())
    if estimator == "L0":
        raw = (4 * total - k * (k + 1)) / (2 * k - 1)
        return raw, 4 * float(np.sqrt(max(_rank_variance(k, raw), 0.0))) / (2 * k - 1)
    raw = k - 0.5 - float(np.sqrt(max(2 * k**2 - 4 * total + 0.25, 0.0)))
    below = (k - 0.5) ** 2 - raw * (2 * k - raw - 1)
    return raw, 2 * float(np.sqrt(max(_rank_variance(k, raw), 0.0) / below)) if below > 0 else None


def _rank_variance(k: int, missing: float) -> float:
    n = missing
    own = k * (k + 1) * (2 * k + 1) + 10 * n**3 + 27 * n**2 + 17 * n
    return (own - 18 * k * n**2 - 18 * k * n + 6 * k**2 * n) / 24
