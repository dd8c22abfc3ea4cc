"""How far a fit contracts what was believed before, beside a reference that uses neither peak nor bell.

The reference draws many versions from the prior and weighs each by the likelihood alone: slow, and right whatever the
shape of the posterior. It needs no more than the generator, so that it shares no arithmetic with the fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.forecast.outcome import Floats
from davy.inference.case import Case
from davy.people.chance import standard_normals
from davy.qualify.calibration.designs import DESIGNS
from davy.qualify.calibration.fitting import FitStudy, log_likelihood, quantities, quantity_names
from davy.qualify.calibration.ranks import Believed

PERSONS = 12
_LOT = 8192
_ENOUGH = 200.0


@dataclass(frozen=True)
class Contraction:
    """1 - posterior variance / prior variance of one quantity, over some persons of one kind and design.

    Attributes
    ----------
    fit, reference : medians over the persons.
    furthest_mean : largest distance of the two posterior means, in standard deviations of the reference.
    widest_ratio : posterior sd of the fit over that of the reference, where it is furthest from 1.
    n : persons whose reference rests on at least 200 equal versions.
    """

    design: str
    kind: str
    quantity: str
    fit: float
    reference: float
    furthest_mean: float
    widest_ratio: float
    n: int


def contraction(design: str, kind: str, versions: int, seed: int) -> tuple[Contraction, ...]:
    """Every quantity but those that hold the noise of a measurement, for a few persons.

    Parameters
    ----------
    versions : how many the reference is made of.
    """
    study = FitStudy(next(one for one in DESIGNS if one.id == design), kind)
    measured = study.measured(0, PERSONS, seed)
    fits = tuple(study.believed(0, PERSONS, seed))
    before, expected = _prior(measured.case, study.mark, versions, seed)
    wide = before.var(axis=0)
    references = [_reference(measured.case, before, expected, values) for values in measured.values]
    pairs = [pair for pair in zip(fits, references, strict=True) if pair[1].effective >= _ENOUGH]
    if not pairs:
        return ()
    rows: list[Contraction] = []
    for place, name in enumerate(quantity_names(measured.case)[:-2]):
        ours, theirs = (np.array([pair[side].variance[place] for pair in pairs]) for side in (0, 1))
        off = np.array([fit.mean[place] - reference.mean[place] for fit, reference in pairs]) / np.sqrt(theirs)
        ratio = np.sqrt(ours / theirs)
        rows.append(
            Contraction(
                design=design,
                kind=kind,
                quantity=name,
                fit=float(np.median(1 - ours / wide[place])),
                reference=float(np.median(1 - theirs / wide[place])),
                furthest_mean=float(off[np.argmax(np.abs(off))]),
                widest_ratio=float(ratio[np.argmax(np.abs(np.log(ratio)))]),
                n=len(pairs),
            )
        )
    return tuple(rows)


def _prior(case: Case, mark: str, versions: int, seed: int) -> tuple[Floats, Floats]:
    """(versions, quantities but the likelihood) from the prior, and (versions, observations) what each should show."""
    values: list[Floats] = []
    expected: list[Floats] = []
    for lot in range(0, versions, _LOT):
        count = min(_LOT, versions - lot)
        points = case.points(count, seed, f"reference:{lot}", person_id=mark)
        values.append(quantities(case, points, standard_normals(f"{seed}:{mark}:reference", lot, count)))
        expected.append(case.expected(points))
    return np.concatenate(values), np.concatenate(expected)


def _reference(case: Case, before: Floats, expected: Floats, values: Floats) -> Believed:
    """What is believed of a person if versions from the prior are weighed by the likelihood alone."""
    log_weight = log_likelihood(case, expected, values)
    log_weight = np.where(np.isfinite(log_weight), log_weight, -np.inf)
    weight = np.exp(log_weight - log_weight.max())
    return Believed((), np.zeros(len(before[0])), before, weight / weight.sum())
