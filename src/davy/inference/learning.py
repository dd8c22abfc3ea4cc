"""What a person's labs teach: plausible versions of the person, at the steady state of what they eat and take now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.forecast.covariates import Covariates, covariates_of
from davy.forecast.future import parameter_set_of, steady_on
from davy.forecast.lanes import lanes_of
from davy.forecast.outcome import UNITS, Draws, Floats
from davy.forecast.present import PresentMagnesium, present_magnesium
from davy.forecast.priors import prior_row
from davy.forecast.schedule import Pattern, timeline
from davy.inference.absorption import Absorption, absorption_of
from davy.inference.cause import Setting, causes_of
from davy.inference.coordinates import INTAKE, Coordinates, coordinates_of
from davy.inference.likelihood import Evidence, evidence_of, misfits, residuals
from davy.inference.mixture import Bells, corrected, height, posterior_bells, prior_bells, squares
from davy.inference.next_tests import NO_FURTHER_TEST, next_tests
from davy.inference.posterior import FittedParameter, Posterior, Prediction, SuggestedTest
from davy.inference.streams import normals, uniforms
from davy.people.person import Person

_SHOWN = ("kid_fTm", "gut_f_act", INTAKE, "rbc_R0", "bone_M_bs")
_OUTPUTS = tuple(name for name in UNITS if name != "csf_mmol_per_L")
_URINE, _USUAL_METHOD = "urine-magnesium-24h", "food-frequency"
_PRIOR_DRAWS = 1000
_FEWEST = 500
_PROPOSALS_PER_DRAW = 4


@dataclass(frozen=True)
class Case:
    """A person as the fit sees them: the model, the unknowns, the products of today, the labs."""

    model: Model
    person: Person
    coordinates: Coordinates
    present: PresentMagnesium
    evidence: Evidence
    covariates: Covariates

    @cached_property
    def pattern(self) -> Pattern:
        """A day of the products taken now."""
        return timeline(self.present.regimen, parameter_set_of(self.model))[0][1]

    @cached_property
    def absorption(self) -> Absorption:
        """What such a day absorbs."""
        return absorption_of(self.model, self.pattern)

    def predicted(self, draws: Draws) -> Floats:
        """(draws, outputs) the steady state of each draw; NaN where the engine found none."""
        values, failed = steady_on(lanes_of(self.model, draws), self.absorption(draws))
        return np.where(failed[:, None], np.nan, values)

    def misfit(self, z: Floats, kind: NDArray[np.intp]) -> Floats:
        """Residuals at z on the fitted axes, the drawn ones at their medians."""
        rest = np.zeros((len(z), len(self.coordinates.axes) - z.shape[1]))
        draws = self.coordinates.draws(np.concatenate((z, rest), axis=1), kind)
        return residuals(self.predicted(draws), self.evidence.observations)


def fit(model: Model, person: Person, *, draws: int = 500, seed: int = 0) -> Posterior:
    """Fit a person's labs at steady state: the most probable point of each component, and its bell.

    Parameters
    ----------
    draws : how many versions of the person; 1 is the median person.
    seed : with the person's id decides all randomness: the same bytes each time.

    Raises
    ------
    FitError : the model has no steady state near the labs.
    """
    case = case_of(model, person)
    many = draws if draws > 1 else _FEWEST
    prior = drawn(case, before_labs(case), _PRIOR_DRAWS, seed, "prior")
    version = versions(case, many, seed)
    posterior, outputs = version.draws, version.outputs(case)
    leading = at_reference_width(person)
    central = version if leading == person else versions(case_of(model, leading), many, seed)
    tests = next_tests(person, case.evidence)
    setting = Setting(case.model, person, case.absorption)
    cause, cause_prior, why = causes_of(setting, case.evidence, posterior=posterior, prior=prior.draws)
    parameters = tuple(_shown(case, name, prior.draws, posterior) for name in _SHOWN if _has(case, name))
    counts = np.bincount(version.kind, minlength=len(case.coordinates.kinds))
    kinds = {one.name: float(counts[at] / many) for at, one in enumerate(case.coordinates.kinds)}
    chosen = middle(case, posterior, outputs) if draws == 1 else posterior
    return Posterior(
        prediction=_prediction(case),
        draws=chosen,
        neutral_draws=neutral(case, chosen),
        choice_draws=chosen if draws == 1 or central is version else central.draws,
        parameters=parameters,
        fitted=_bands(outputs),
        cause=cause,
        cause_prior=cause_prior,
        sentences=(*case.evidence.sentences, *_sentences(case, parameters, outputs), *why, *_settled(tests)),
        next_tests=tests,
        kinds=kinds,
    )


def case_of(model: Model, person: Person) -> Case:
    """Everything the fit needs to know about a person."""
    present = present_magnesium(person)
    evidence = evidence_of(person, present)
    return Case(model, person, coordinates_of(model, person), present, evidence, covariates_of(person))


@dataclass(frozen=True)
class Versions:
    """Plausible versions of a person, the component each is of, and where each stands now if that is known."""

    draws: Draws
    kind: NDArray[np.intp]
    standing: Floats | None = None

    def outputs(self, case: Case) -> Floats:
        """(draws, outputs) the present steady state of each."""
        return case.predicted(self.draws) if self.standing is None else self.standing


def versions(case: Case, count: int, seed: int) -> Versions:
    """Versions in the light of the labs, or from the prior where there are none."""
    before = before_labs(case)
    if case.evidence.observations:
        return informed(case, before, count, seed)
    return drawn(case, before, count, seed, "posterior")


def before_labs(case: Case) -> Bells:
    """What is believed without labs."""
    return prior_bells(np.array([kind.weight for kind in case.coordinates.kinds]), case.coordinates.fitted)


def at_reference_width(person: Person) -> Person:
    """The same person, with diet known by the usual method and collections known to be complete."""
    labs = tuple(
        lab.model_copy(update={"complete": True}) if lab.test == _URINE and lab.complete is None else lab
        for lab in person.labs
    )
    diet = None if person.diet is None else person.diet.model_copy(update={"method": _USUAL_METHOD})
    return person.model_copy(update={"labs": labs, "diet": diet})


def drawn(case: Case, bells: Bells, count: int, seed: int, purpose: str) -> Versions:
    """Versions from the bells alone."""
    z, kind, _, taken = _points(case, bells, count, seed, purpose)
    return Versions(case.coordinates.draws(z, kind, taken), kind)


def informed(case: Case, before: Bells, count: int, seed: int) -> Versions:
    """Versions in the light of the labs: proposed by the bells about the peaks, kept by how well each fits."""
    bells = posterior_bells(case.misfit, before.weight, case.coordinates.fitted)
    z, kind, standard, taken = _points(case, bells, _PROPOSALS_PER_DRAW * max(count, _FEWEST), seed, "posterior")
    proposed = case.coordinates.draws(z, kind, taken)
    standing = case.predicted(proposed)
    fitted = case.coordinates.fitted
    level = height(z[:, :fitted], residuals(standing, case.evidence.observations))
    log_weight = np.log(before.weight)[kind] - level - bells.log_density(standard[:, :fitted], kind)
    kept = corrected(log_weight, count, float(uniforms(seed, case.person.id, "kept", 1)[0]))
    draws = Draws(proposed.names, proposed.values[kept], proposed.intake_mmol_per_d[kept], taken[kept])
    return Versions(draws, kind[kept], standing[kept])


def middle(case: Case, draws: Draws, outputs: Floats) -> Draws:
    """The median person as one draw: the version that stands closest to the middle of all outputs.

    A version is taken whole, since the medians of single parameters need not fit together; what no lab informs and
    the share of doses taken are at their medians.
    """
    columns = [tuple(UNITS).index(name) for name in _OUTPUTS]
    placed = np.log(outputs[:, columns])
    off = (placed - np.nanmedian(placed, axis=0)) / np.nanstd(placed, axis=0)
    best = int(np.nanargmin(squares(off)))
    values = draws.values[best : best + 1].copy()
    for axis in case.coordinates.axes[case.coordinates.fitted :]:
        values[0, draws.names.index(axis.parameter)] = axis.median
    return Draws(draws.names, values, draws.intake_mmol_per_d[best : best + 1], np.ones(1))


def _points(
    case: Case, bells: Bells, count: int, seed: int, purpose: str
) -> tuple[Floats, NDArray[np.intp], Floats, Floats]:
    """Points on all axes, their components, the standard normal numbers behind them, and the share of doses taken."""
    fitted, axes = case.coordinates.fitted, len(case.coordinates.axes)
    standard = normals(seed, case.person.id, purpose, (count, axes + 2))
    z, kind = bells.draws(standard[:, :fitted], uniforms(seed, case.person.id, f"{purpose}-kind", count))
    potency, adherence = (prior_row("taken", key).spread or 0.0 for key in ("potency", "adherence"))
    taken = np.exp(potency * standard[:, -2]) * np.minimum(1.0, np.exp(adherence * standard[:, -1]))
    return np.concatenate((z, standard[:, fitted:axes]), axis=1), kind, standard, taken


def neutral(case: Case, draws: Draws) -> Draws:
    """The same draws with all that lowers serum set to neutral: medicines, a leak, malabsorption, missed doses."""
    kept = covariates_of(case.person, neutral=True)
    values = draws.values.copy()
    for parameter in ("kid_fTm", "gut_f_act"):
        column = draws.names.index(parameter)
        undone = kept.multiplier(parameter) / case.covariates.multiplier(parameter)
        least = case.model.defaults[parameter] * max(kept.multiplier(parameter), 1.0)
        values[:, column] = np.maximum(values[:, column] * undone, least)
    for name, typical in (("kid_a_ckd", 0.0), ("sweat", case.model.defaults["sweat"])):
        if name in draws.names:
            column = draws.names.index(name)
            values[:, column] = np.minimum(values[:, column], typical)
    taken = np.maximum(draws.taken_share, 1.0)
    return Draws(draws.names, values, draws.intake_mmol_per_d, taken)


def _prediction(case: Case) -> Prediction:
    if case.evidence.observations:
        return "a_posteriori"
    known = case.covariates.personal or case.person.diet is not None or case.person.sex is not None
    return "a_priori" if known or case.present.regimen.steps else "population"


def _bands(outputs: Floats) -> dict[str, tuple[float, float, float]]:
    found: dict[str, tuple[float, float, float]] = {}
    for name in _OUTPUTS:
        column = outputs[:, tuple(UNITS).index(name)]
        low, middle, high = np.quantile(column[np.isfinite(column)], (0.05, 0.5, 0.95))
        found[name] = (float(low), float(middle), float(high))
    return found


def _has(case: Case, name: str) -> bool:
    return any(axis.parameter == name for axis in case.coordinates.axes)


def _column(draws: Draws, name: str) -> Floats:
    return draws.intake_mmol_per_d if name == INTAKE else draws.parameter(name)


def _shown(case: Case, name: str, prior: Draws, posterior: Draws) -> FittedParameter:
    axis = next(axis for axis in case.coordinates.axes if axis.parameter == name)
    before, after = _column(prior, name), _column(posterior, name)
    low, middle, high = (float(value) for value in np.quantile(after, (0.05, 0.5, 0.95)))
    informed = 0.0
    if case.evidence.observations:
        informed = min(1.0, max(0.0, 1 - float(np.std(np.log(after)) / np.std(np.log(before)))))
    return FittedParameter(name, axis.label, axis.unit, float(np.median(before)), low, middle, high, informed)


def _settled(tests: tuple[SuggestedTest, ...]) -> tuple[str, ...]:
    return () if tests else (NO_FURTHER_TEST,)


_MOVED = 0.1


def _sentences(case: Case, parameters: tuple[FittedParameter, ...], outputs: Floats) -> tuple[str, ...]:
    said: list[str] = []
    if not case.evidence.observations:
        said.append("No lab of magnesium informs this: it is what people like this are expected to be.")
    else:
        still = [row.name for row in parameters if row.informed < _MOVED]
        if still:
            said.append(f"Your labs did not move this: {', '.join(still)}.")
        said += misfits(np.nanmedian(outputs, axis=0), case.evidence)
    said.append("Routine labs do not show what bone and muscle hold: any forecast of body stores is mostly prior.")
    if case.covariates.values.get("kid_GFR") is None:
        said.append("Kidney function is not known: the forecast assumes a wide range, and no safety rule relies on it.")
    if any(effect.id.startswith("trpm6") for effect in case.covariates.effects):
        said.append("The genotype was shrunk to almost nothing: no trial has dosed magnesium by it.")
    return tuple(said)
