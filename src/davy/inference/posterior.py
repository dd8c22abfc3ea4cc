"""What a fit says about one person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from davy.forecast.outcome import Draws
from davy.inference.likelihood import Unexplained
from davy.inference.quality import Quality

Prediction = Literal["population", "a_priori", "a_posteriori"]
CAUSES = ("diet", "absorption", "gut_loss", "renal", "other")


@dataclass(frozen=True)
class FittedParameter:
    """One parameter before and after the labs; `informed` = 1 - posterior sd / prior sd, between 0 and 1."""

    id: str
    name: str
    unit: str
    prior_p50: float
    p05: float
    p50: float
    p95: float
    informed: float


@dataclass(frozen=True)
class StructureShown:
    """A structural alternative, with its weight before and after the labs."""

    id: str
    label: str
    prior: float
    posterior: float


@dataclass(frozen=True)
class Posterior:
    """Plausible versions of one person in the light of what is known.

    Attributes
    ----------
    prediction : whether labs of magnesium, only covariates, or nothing personal went in.
    draws : the versions; the same for every regimen.
    neutral_draws : the same versions with all that lowers serum set to neutral, for the predicted-serum gate.
    choice_draws : versions fitted at one reference width of intake and urine, for the median that chooses a dose:
        it then cannot move with how widely the diet or a collection is known. Often `draws` itself.
    parameters : what the labs taught.
    fitted : 5 %, 50 % and 95 % of serum, red cell, urine and absorbed magnesium at the present steady state.
    cause, cause_prior : share of each cause of a low serum, after and before the labs; None where serum is not low.
    sentences : what was used, what was not, what stayed prior.
    leading : what leads to a low serum in each draw (`davy.inference.cause`); None where serum is not low.
    kinds : weight of each combination of kidney and gut ("healthy/healthy", "wasting/healthy", ...).
    structures : the structural alternatives that are averaged over; none where there is only one.
    structure_sentence : whether the labs choose between them.
    quality : how the draws were obtained and how far they can be trusted.
    unexplained : results that nothing else explains; they did not pull the fit.
    """

    prediction: Prediction
    draws: Draws
    neutral_draws: Draws
    choice_draws: Draws
    parameters: tuple[FittedParameter, ...]
    fitted: dict[str, tuple[float, float, float]]
    cause: dict[str, float] | None
    cause_prior: dict[str, float] | None
    sentences: tuple[str, ...]
    kinds: dict[str, float] = field(default_factory=dict[str, float])
    structures: tuple[StructureShown, ...] = ()
    structure_sentence: str | None = None
    quality: Quality = field(default_factory=lambda: Quality("prior", None, 0.0))
    unexplained: tuple[Unexplained, ...] = ()
    leading: NDArray[np.intp] | None = None
