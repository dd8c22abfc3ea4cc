"""The rows of a pooled effect: each study as it entered, and the result without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from davy.evidence.meta.distributions import chi2_quantile, finite
from davy.evidence.meta.effect import Effects, Floats
from davy.evidence.meta.influence import Without
from davy.evidence.meta.pooled import StudyShown, WithoutOne
from davy.evidence.meta.shown import Scale, of_model


def without_one(effects: Effects, found: Sequence[Without | None], scale: Scale) -> tuple[WithoutOne, ...]:
    """What remains when each study is left out."""
    rows: list[WithoutOne] = []
    for study, one in zip(effects.study, found, strict=True):
        if one is None:
            continue
        rest = of_model(one.model, scale)
        if rest.estimate is None or rest.se is None:
            continue
        rows.append(
            WithoutOne(
                study=study,
                estimate=rest.estimate,
                se=rest.se,
                ci=rest.ci,
                p=rest.p,
                tau2=one.model.tau2.value,
                i2=one.model.i2,
                q=one.model.q,
                q_p=one.model.q_p,
                estimate_exp=rest.estimate_exp,
                ci_exp=rest.ci_exp,
            )
        )
    return tuple(rows)


def study_rows(
    effects: Effects, weights: tuple[Floats, Floats], found: Sequence[Without | None], scale: Scale
) -> tuple[StudyShown, ...]:
    """Each study with its interval (z), its weight in the result and in the common effect, and its influence."""
    rows: list[StudyShown] = []
    for i, study in enumerate(effects.study):
        yi, se = float(effects.yi[i]), float(np.sqrt(effects.vi[i]))
        interval = scale.around(yi, se)
        one = found[i] if effects.k > 2 else None
        rows.append(
            StudyShown(
                study=study,
                yi=yi,
                vi=float(effects.vi[i]),
                se=se,
                ci=interval,
                weight=float(weights[0][i]),
                weight_common=float(weights[1][i]),
                estimate_exp=scale.exp(yi),
                ci_exp=scale.exp_interval(interval),
                rstudent=one and finite(one.rstudent),
                dffits=one and finite(one.dffits),
                cook=one and finite(one.cook),
                cov_r=one and finite(one.cov_r),
                hat=one and finite(one.hat),
                dfbetas=one and finite(one.dfbetas[0]),
                influential=one is not None and is_influential(one, effects.k),
            )
        )
    return tuple(rows)


def is_influential(one: Without, k: int) -> bool:
    """Whether a study moves the result too far, by metafor's rules for a model with one coefficient."""
    return (
        abs(one.dffits) > 3 * float(np.sqrt(1 / (k - 1)))
        or one.cook > chi2_quantile(0.5, 1)
        or one.hat > 3 / k
        or abs(one.dfbetas[0]) > 1
    )
