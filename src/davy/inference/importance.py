"""Weighted versions of a person, and how far the weights can be trusted.

They are proposed by the bells about the peaks and a little by the prior, and weighed by how well each fits. Where the
weights cannot be trusted, the bells are fitted to the weighted points and asked again; then the person is tempered.

`informed` does one person. `informed_many` does many persons of one design, as simulation-based calibration asks::

    case = case_of(model, person)                              # the design: which tests, when, in which history
    truth = case.points(10_000, seed, "truth")                 # versions from the prior
    errors = np.array([one.spread for one in case.evidence.observations])
    reports = case.expected(truth) + errors * noise            # (10_000, observations), as laboratories would report
    for one in informed_many(case, reports, ids, count=500, seed=seed):
        one.points, one.weight, one.quality                    # weighted draws of that person's posterior
        case.coordinates.amounts(one.points.z, one.points.kind)  # (draws, axes) log values of each axis

Each person's numbers are those of `informed` alone, whatever else is in the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.errors import FitError
from davy.forecast.outcome import Floats
from davy.inference.case import Case, Points, numbered, placed, taken_share
from davy.inference.levers import Curve
from davy.inference.likelihood import residuals
from davy.inference.mixture import NO_STEADY_STATE, Bells, Match, height, posterior_bells, squares
from davy.inference.pareto import smoothed
from davy.inference.quality import Quality
from davy.inference.streams import columns, uniforms

_DEFENSIVE = 0.1
_WIDER, _MORE = 1.12, 2
_TOGETHER = 64


@dataclass(frozen=True)
class Informed:
    """Weighted versions of one person.

    Attributes
    ----------
    weight : (points,) sum to 1.
    log_likelihood : (points,) of the results, but for a constant.
    """

    points: Points
    weight: Floats
    log_likelihood: Floats
    quality: Quality
    bells: Bells

    def kept(self, count: int, share: float) -> NDArray[np.intp]:
        """Which points to keep, each as often as its weight asks, at even steps from `share` on."""
        return placed(self.weight, (np.arange(count) + share) / count)


def bells_of(case: Case, values: Floats) -> tuple[Bells, ...]:
    """Peak and bell of each component for each row of results (persons, observations)."""
    match = Match(case.evidence.observations, values)
    return posterior_bells(Curve(case), match, case.coordinates.weight, case.coordinates.fitted)


def informed(case: Case, count: int, seed: int, *, person_id: str | None = None) -> Informed:
    """Weighted versions of the person of a case; tempered where the bells fail.

    Parameters
    ----------
    count : how many are proposed.
    person_id : whose numbers; None = those of the person of the case.

    Raises
    ------
    FitError : the model has no steady state near the labs.
    """
    ids = [case.person.id if person_id is None else person_id]
    return next(informed_many(case, case.evidence.values[None], ids, count=count, seed=seed))


def informed_many(
    case: Case, values: Floats, ids: Sequence[str], *, count: int, seed: int, fall_back: bool = True
) -> Iterator[Informed]:
    """Weighted versions of many persons of one design, one after the other.

    Parameters
    ----------
    values : (persons, observations) results on the scale of `Case.expected`.
    ids : whose numbers each person draws.
    fall_back : temper where adapted bells fail as well.
    """
    for first in range(0, len(values), _TOGETHER):
        part = values[first : first + _TOGETHER]
        for bells, row, own in zip(bells_of(case, part), part, ids[first : first + _TOGETHER], strict=True):
            found = _weighed(case, bells.widened(_WIDER), row, own, count=count, seed=seed)
            if not found.quality.trusted:
                z = found.points.z[:, : case.coordinates.fitted]
                better = bells.adapted(z, found.points.kind, found.weight).widened(_WIDER)
                found = _weighed(case, better, row, own, count=_MORE * count, seed=seed)
            if fall_back and not found.quality.trusted:
                from davy.inference.tempering import tempered  # only where it is needed

                found = tempered(case.with_values(row.tolist()), found, seed, own)
            yield found


def laplace(case: Case, count: int, seed: int) -> Informed:
    """Versions from the bells alone, without any correction."""
    (bells,) = bells_of(case, case.evidence.values[None])
    points = _proposed(case, bells, count, seed, case.person.id, 0.0)
    weight = np.full(count, 1 / count)
    return Informed(points, weight, np.zeros(count), Quality("laplace", None, float(count)), bells)


def _weighed(case: Case, bells: Bells, values: Floats, own: str, *, count: int, seed: int) -> Informed:
    """Versions proposed by bells and prior, weighed by how well each fits."""
    fitted = case.coordinates.fitted
    points = _proposed(case, bells, count, seed, own, _DEFENSIVE)
    z = points.z[:, :fitted]
    off = residuals(case.expected(points), case.evidence.observations, values)
    with np.errstate(divide="ignore"):
        before = np.log(case.coordinates.weight)[points.kind]
    by_bells = bells.log_density(z, points.kind)
    by_prior = before - squares(z) / 2
    proposed = np.logaddexp(np.log(1 - _DEFENSIVE) + by_bells, np.log(_DEFENSIVE) + by_prior)
    log_weight = before - height(z, off) - proposed
    if not np.isfinite(log_weight).any():
        raise FitError(NO_STEADY_STATE)
    told = smoothed(log_weight)
    quality = Quality("resampled", told.k, told.effective_size)
    return Informed(points, told.weight, -squares(off) / 2, quality, bells)


def _proposed(case: Case, bells: Bells, count: int, seed: int, own: str, defensive: float) -> Points:
    """Points of the bells, and a share of the prior so that no weight can grow without bound."""
    fitted = case.coordinates.fitted
    standard = columns(seed, own, "posterior", numbered(case.coordinates), count)
    share = uniforms(seed, own, "posterior-kind", count)
    z, by_prior = standard[:, :-2].copy(), np.arange(count) >= round((1 - defensive) * count)
    kind = np.where(by_prior, placed(case.coordinates.weight, share), placed(bells.weight, share))
    z[:, :fitted] = np.where(by_prior[:, None], z[:, :fitted], bells.at(z[:, :fitted], kind))
    return Points(z, kind, taken_share(standard[:, -2:]))
