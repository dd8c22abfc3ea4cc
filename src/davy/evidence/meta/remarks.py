"""What was chosen, and what a reader must know before the number is believed."""

from __future__ import annotations

import numpy as np

from davy.evidence.meta.effect import RANDOM, Effects, Method
from davy.evidence.meta.few_studies import MOST
from davy.evidence.meta.model import Model
from davy.evidence.meta.pooled import Estimate, Interval
from davy.evidence.meta.small_study import LEAST

NARROWER = 1 - 1e-9
"""Knapp-Hartung's factor below which its variance is smaller than Wald's, rounding left aside."""
_METHODS = {
    "REML": "tau2 by restricted maximum likelihood (Fisher scoring from Hedges' estimate, ended by metafor's rule)",
    "DL": "tau2 by DerSimonian and Laird",
    "PM": "tau2 by Paule and Mandel",
    "FE": "common effect, inverse variance",
    "MH": "common effect, Mantel-Haenszel without any correction",
    "PETO": "common effect, Peto without any correction",
}


def choices(method: Method, whole: Estimate, k: int, pi_df: int | None) -> tuple[str, ...]:
    """Every convention of the model, in words."""
    said = [_METHODS[method]] if k > 1 else []
    if whole.test == "knha":
        said.append(f"Knapp-Hartung, t with k - 1 = {whole.df} degrees of freedom, its factor free to fall below one")
    else:
        said.append("Wald interval, normal distribution")
    if method in RANDOM and k > 1:
        used = "normal distribution" if pi_df is None else f"t with k - 1 = {pi_df} degrees of freedom, as metafor does"
        said += [
            f"prediction interval: {used}; pi_k2 is the one with k - 2",
            "intervals of tau2, I2 and H2 by Q-profile; I2 from tau2 and the typical sampling variance",
        ]
    return tuple(said)


def warnings(effects: Effects, method: Method, model: Model, tau2_ci: Interval, *, bayesian: bool) -> tuple[str, ...]:
    """What weakens the result."""
    k = effects.k
    said = _of_number(k, bayesian=bayesian)
    if model.tau2.trouble is not None:
        said.append(model.tau2.trouble)
    if model.spec.test == "knha" and model.df is None and k > 1:
        said.append("the studies agree exactly; Knapp-Hartung's interval would have no width, Wald's is given")
    if method in RANDOM and k > 1:
        if tau2_ci == (0.0, 0.0):
            said.append("the studies agree better than chance lets expect: no tau2 is inside the Q-profile interval")
        if model.df is not None and model.s2w < NARROWER:
            said.append(
                f"Knapp-Hartung's interval is narrower than Wald's before its t factor (factor {model.s2w:.3g} < 1); "
                "`adhoc` keeps it from shrinking"
            )
    if k > 1 and float(model.weights.max()) > 50:
        study = effects.study[int(np.argmax(model.weights))]
        said.append(f"{study} alone holds {model.weights.max():.0f} % of the weight")
    return tuple(said)


def _of_number(k: int, *, bayesian: bool) -> list[str]:
    """What the number of studies alone forbids."""
    said: list[str] = []
    if k == 1:
        said.append("one study: this is its own result; nothing can be said of heterogeneity or of a new study")
    elif k == 2:
        said.append("two studies: heterogeneity can hardly be estimated, and Knapp-Hartung's interval is very wide")
    elif k <= MOST:
        beside = "read the Bayesian result beside" if bayesian else "a Bayesian result needs a prior scale for tau"
        said.append(f"{k} studies: heterogeneity is estimated poorly; {beside}")
    if k < LEAST:
        said.append(f"tests for small-study effects need {LEAST} studies; none was made of {k}")
    return said
