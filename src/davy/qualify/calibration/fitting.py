"""The fit as a study: virtual persons of one design drawn, measured and fitted, and what was believed of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np

from davy.forecast.outcome import UNITS, Draws, Floats
from davy.forecast.priors import error_of
from davy.inference.case import Case, Points
from davy.inference.coordinates import INTAKE
from davy.inference.importance import Informed, informed_many
from davy.inference.likelihood import residuals
from davy.people.chance import shares, standard_normals
from davy.qualify.calibration.designs import KINDS, Design
from davy.qualify.calibration.ranks import Believed
from davy.qualify.calibration.truths import AS_BELIEVED, Truth

Plant = Literal["none", "prior", "narrow"]
"""An error put into the fit on purpose: it returns the prior, or spreads that are a fifth too narrow."""

PROPOSALS = 300
"""How many weighted versions of a person a fit is asked for."""

ABSORBED, NEXT_SERUM, LIKELIHOOD = "absorbed magnesium", "next serum", "joint log-likelihood"
_SERUM = "serum-magnesium"
_NARROWED = 0.8
_TOGETHER = 32
_KNOWN = 1e-9


@dataclass(frozen=True)
class Measured:
    """Persons whose truth is known: the design, their bodies today, and what the laboratory reported.

    Attributes
    ----------
    amounts : (persons, axes) logarithm of each unknown; truth : their bodies on the diet and products of today.
    expected, values : (persons, observations) what each test should have shown and what it showed, on the logarithm.
    """

    case: Case
    amounts: Floats
    truth: Draws
    expected: Floats
    values: Floats


@dataclass(frozen=True)
class FitStudy:
    """Persons of one kind, measured by one design, in a world that is as the fit believes or is not."""

    design: Design
    kind: str
    truth: Truth = AS_BELIEVED
    plant: Plant = "none"

    @property
    def mark(self) -> str:
        """What tells the random numbers of this study from those of another."""
        return f"calibration:{self.design.id}:{list(KINDS).index(self.kind)}:{self.truth.id}"

    def measured(self, first: int, count: int, seed: int) -> Measured:
        """Persons drawn from what the fit believes before any measurement, in this world, and measured in it."""
        case = self.design.case(self.kind)
        points = case.points(first + count, seed, "truth", person_id=self.mark).at(slice(first, None))
        moved, coordinates = self.truth.bodies(case), case.coordinates
        amounts = coordinates.amounts(points.z, points.kind)
        today = moved(coordinates.log_inputs(amounts, points.kind), -1)
        expected = case.told(amounts, points.kind, points.taken, moved)
        errors = [shares(f"{seed}:{self.mark}:error:{place}", first, count) for place in range(expected.shape[1])]
        values = self.truth.measure(case, expected, np.stack(errors, axis=1))
        amounts[:, coordinates.place(INTAKE)] = today[:, coordinates.names.index(INTAKE)]
        return Measured(case, amounts, coordinates.draws_at(today, points.taken), expected, values)

    def believed(self, first: int, count: int, seed: int) -> Iterator[Believed]:
        """Persons `first` to `first + count`; nobody depends on who else is asked for."""
        found = self.measured(first, count, seed)
        case, names = found.case, quantity_names(found.case)
        ids = [f"{self.mark}:{first + number}" for number in range(count)]
        noise = standard_normals(f"{seed}:{self.mark}:next", first, count)
        told = log_likelihood(case, found.expected, found.values)
        truth = _columns(case, found.amounts, case.predicted(found.truth), noise, told)
        fits = self._fits(case, found.values, ids, seed)
        for start in range(0, count, _TOGETHER):
            part = list(islice(fits, _TOGETHER))
            draws = _quantities(case, part, [f"{seed}:next:{own}" for own in ids[start : start + len(part)]])
            for number, (one, theirs) in enumerate(zip(part, draws, strict=True), start):
                yield Believed(names, truth[number], theirs, one.weight)

    def _fits(self, case: Case, values: Floats, ids: Sequence[str], seed: int) -> Iterator[_Fit]:
        for number, one in enumerate(informed_many(case, values, ids, count=PROPOSALS, seed=seed)):
            if self.plant == "none":
                yield _Fit(one.points, one.weight, one.log_likelihood)
                continue
            points, weight = self._planted(case, one, ids[number], seed)
            told = log_likelihood(case, case.expected(points), values[number])
            yield _Fit(points, weight, told)

    def _planted(self, case: Case, found: Informed, own: str, seed: int) -> tuple[Points, Floats]:
        if self.plant == "prior":
            points = case.points(PROPOSALS, seed, "planted", person_id=own)
            return points, np.full(PROPOSALS, 1 / PROPOSALS)
        middle = np.einsum("d,da->a", found.weight, found.points.z)
        z = middle + _NARROWED * (found.points.z - middle)
        return Points(z, found.points.kind, found.points.taken), found.weight


@dataclass(frozen=True)
class _Fit:
    points: Points
    weight: Floats
    log_likelihood: Floats


def quantity_names(case: Case) -> tuple[str, ...]:
    """The quantities that are calibrated: each fitted unknown and three that follow from all of them."""
    names = [axis.parameter for axis in case.coordinates.axes]
    return (*(names[place] for place in _open(case)), ABSORBED, NEXT_SERUM, LIKELIHOOD)


def log_likelihood(case: Case, expected: Floats, values: Floats) -> Floats:
    """(points,) of measurements (points, observations), but for a constant."""
    return -np.square(residuals(expected, case.evidence.observations, values)).sum(axis=1) / 2


def quantities(case: Case, points: Points, noise: Floats) -> Floats:
    """(points, quantities but the likelihood) each on the logarithm.

    Parameters
    ----------
    noise : (points,) standard normal numbers, for the error of the next serum.
    """
    amounts = case.coordinates.amounts(points.z, points.kind)
    return _columns(case, amounts, case.predicted(case.draws(points)), noise, np.zeros(len(noise)))[:, :-1]


def _quantities(case: Case, part: Sequence[_Fit], streams: Sequence[str]) -> list[Floats]:
    """(draws, quantities) of each person, in one batch."""
    sizes = [len(one.weight) for one in part]
    points = Points(
        np.concatenate([one.points.z for one in part]),
        np.concatenate([one.points.kind for one in part]),
        np.concatenate([one.points.taken for one in part]),
    )
    noise = np.concatenate([standard_normals(name, 0, size) for name, size in zip(streams, sizes, strict=True)])
    amounts = case.coordinates.amounts(points.z, points.kind)
    told = np.concatenate([one.log_likelihood for one in part])
    found = _columns(case, amounts, case.predicted(case.draws(points)), noise, told)
    return np.split(found, np.cumsum(sizes)[:-1])


def _columns(case: Case, amounts: Floats, standing: Floats, noise: Floats, told: Floats) -> Floats:
    """(points, quantities) from the unknowns, where the body stands today, and the likelihood."""
    absorbed, serum = (
        np.log(standing[:, tuple(UNITS).index(name)]) for name in ("absorbed_mmol_per_d", "serum_mmol_per_L")
    )
    next_serum = serum + error_of(_SERUM) * noise
    return np.concatenate((amounts[:, _open(case)], np.stack((absorbed, next_serum, told), axis=1)), axis=1)


def _open(case: Case) -> list[int]:
    """The fitted axes that are not known beforehand in every kind, as the size of somebody of the usual size."""
    kinds = case.coordinates.kinds
    return [
        place
        for place in range(case.coordinates.fitted)
        if any(abs(kind.axes[place].spread) > _KNOWN for kind in kinds)
    ]
