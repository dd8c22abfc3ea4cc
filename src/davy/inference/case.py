"""A person as the fit sees them: the model, the unknowns, what was measured when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.forecast.covariates import Covariates
from davy.forecast.future import parameter_set_of, steady_on
from davy.forecast.lanes import lanes_of
from davy.forecast.outcome import Draws, Floats
from davy.forecast.present import PresentMagnesium, present_magnesium
from davy.forecast.priors import prior_row
from davy.forecast.schedule import Pattern, timeline
from davy.inference.absorption import Absorption, absorption_of
from davy.inference.coordinates import Coordinates
from davy.inference.evidence import LABELS, evidence_of
from davy.inference.expected import Design, known
from davy.inference.history import Era, eras_of
from davy.inference.likelihood import Evidence, residuals
from davy.inference.streams import columns, uniforms
from davy.inference.unknowns import coordinates_of
from davy.people.person import Person


@dataclass(frozen=True)
class Points:
    """Versions of a person as the fit holds them.

    Attributes
    ----------
    z : (points, axes) standard normal under the prior.
    kind : (points,) component of the mixture.
    taken : (points,) share of the labelled dose of products that is swallowed.
    """

    z: Floats
    kind: NDArray[np.intp]
    taken: Floats

    def at(self, chosen: NDArray[np.intp] | slice) -> Points:
        """Some of them."""
        return Points(self.z[chosen], self.kind[chosen], self.taken[chosen])


@dataclass(frozen=True)
class Case:
    """A person as the fit sees them.

    Attributes
    ----------
    present : the products of today.
    eras : what was taken when; the last is today.
    tables : what a day of each pattern absorbs.
    """

    model: Model
    person: Person
    coordinates: Coordinates
    present: PresentMagnesium
    evidence: Evidence
    eras: tuple[Era, ...]
    tables: Mapping[Pattern, Absorption]

    @property
    def covariates(self) -> Covariates:
        """What is known of today besides labs of magnesium."""
        return self.eras[-1].covariates

    @cached_property
    def pattern(self) -> Pattern:
        """A day of the products taken now."""
        return timeline(self.present.regimen, parameter_set_of(self.model))[0][1]

    @cached_property
    def absorption(self) -> Absorption:
        """What such a day absorbs."""
        return self.tables[self.pattern]

    @cached_property
    def design(self) -> Design:
        """What is measured when, without the results."""
        absorptions = tuple(self.tables[era.pattern] for era in self.eras)
        return Design(self.model, self.eras, absorptions, self.evidence.observations)

    def points(self, count: int, seed: int, purpose: str, *, person_id: str | None = None) -> Points:
        """Versions from the prior: the same for the same seed, person and purpose.

        Parameters
        ----------
        person_id : whose numbers; None = those of the person of the case.
        """
        own = self.person.id if person_id is None else person_id
        standard = columns(seed, own, purpose, numbered(self.coordinates), count)
        share = uniforms(seed, own, f"{purpose}-kind", count)
        return Points(standard[:, :-2], placed(self.coordinates.weight, share), taken_share(standard[:, -2:]))

    def draws(self, points: Points) -> Draws:
        """The versions as values of today's parameters."""
        return self.coordinates.draws(points.z, points.kind, points.taken)

    def predicted(self, draws: Draws) -> Floats:
        """(draws, outputs of `UNITS`) the steady state on the diet and products of today; NaN where there is none."""
        values, failed = steady_on(lanes_of(self.model, draws), self.absorption(draws))
        return np.where(failed[:, None], np.nan, values)

    def expected(self, points: Points) -> Floats:
        """(points, observations) what each test of the evidence would show of each version, on the logarithm.

        Assay error and day-to-day variation are left out; a laboratory's offset and the collected share of a urine
        belong to the version. A simulated report is ``expected + spread * standard normal``, with the `spread` of the
        observation. A balance, which may be negative, is as it is and not on the logarithm.
        """
        amounts = self.coordinates.amounts(points.z, points.kind)
        return self.told(amounts, points.kind, points.taken)

    def told(
        self,
        amounts: Floats,
        kind: NDArray[np.intp],
        taken: Floats | None = None,
        nudged: Callable[[Floats, int], Floats] | None = None,
    ) -> Floats:
        """`expected` from the logarithms of the values of the axes.

        Parameters
        ----------
        nudged : what to make of the inputs of the body in one era before they are used.
        """
        if not self.evidence.observations:
            return np.zeros((len(amounts), 0))

        def draws_of(era: int) -> Draws:
            inputs = self.coordinates.log_inputs(amounts, kind, era)
            return self.coordinates.draws_at(inputs if nudged is None else nudged(inputs, era), taken)

        found = self.design.expected(draws_of)
        count = len(found) // len(amounts)
        for place, axes in enumerate(self.measuring):
            for axis in axes:
                found[:, place] = found[:, place] + np.repeat(amounts[:, axis], count)
        return found

    @cached_property
    def measuring(self) -> tuple[tuple[int, ...], ...]:
        """For each observation, the axes of its measurement: offset and collected share."""
        named = ((one.offset, one.share) for one in self.evidence.observations)
        return tuple(tuple(self.coordinates.place(name) for name in names if name is not None) for names in named)

    def misfit(self, points: Points) -> Floats:
        """(points, observations) residuals of the results; half their squares is minus the log likelihood."""
        return residuals(self.expected(points), self.evidence.observations, self.evidence.values)

    def with_values(self, log_values: Sequence[float]) -> Case:
        """The same person and design with other results, on the scale and in the order of `expected`."""
        return replace(self, evidence=self.evidence.with_values(log_values))


def case_of(model: Model, person: Person, tables: Mapping[Pattern, Absorption] | None = None) -> Case:
    """Everything the fit needs to know about a person.

    Parameters
    ----------
    tables : absorption tables of the same model that are made already.
    """
    eras = eras_of(person, parameter_set_of(model))
    present = present_magnesium(person)
    evidence = evidence_of(person, present, eras)
    unknown = [one for one in evidence.observations if not known(model, one.quantity)]
    if unknown:
        labels = dict.fromkeys(LABELS[one.quantity] for one in unknown)
        said = tuple(
            f"{label} is shown but does not inform the fit: this model does not predict it." for label in labels
        )
        evidence = replace(evidence.without(unknown), sentences=(*evidence.sentences, *said))
    coordinates = coordinates_of(model, person, eras, evidence.measured)
    parameter_set, made = parameter_set_of(model), dict(tables or {})
    for pattern in (timeline(present.regimen, parameter_set)[0][1], *(era.pattern for era in eras)):
        if pattern not in made:
            made[pattern] = absorption_of(model, pattern)
    return Case(model, person, coordinates, present, evidence, eras, made)


def with_evidence(case: Case, evidence: Evidence) -> Case:
    """The same case with some results left out; the axes stay, so that the same numbers mean the same."""
    return replace(case, evidence=evidence)


def numbered(coordinates: Coordinates) -> tuple[str, ...]:
    """What has random numbers of its own: each axis, tablet content and doses taken."""
    return (*(axis.parameter for axis in coordinates.axes), "potency", "adherence")


def placed(weight: Floats, share: Floats) -> NDArray[np.intp]:
    """In which component each uniform number falls."""
    edges: Floats = np.cumsum(weight, dtype=np.float64)
    found = np.searchsorted(edges, share * float(edges[-1]), side="right")
    return np.minimum(found, len(edges) - 1, dtype=np.intp)


def taken_share(standard: Floats) -> Floats:
    """(points,) share of the labelled dose that is swallowed, from two standard normal numbers a point."""
    potency, adherence = (prior_row("taken", key).spread or 0.0 for key in ("potency", "adherence"))
    return np.exp(potency * standard[:, 0]) * np.minimum(1.0, np.exp(adherence * standard[:, 1]))
