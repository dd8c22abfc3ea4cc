"""What a person's labs teach: plausible versions of the person, in the light of what was taken when."""

from __future__ import annotations

import numpy as np

from davy.body.model import Model
from davy.inference.case import Case, case_of
from davy.inference.cause import Setting, causes_of
from davy.inference.evidence import URINE
from davy.inference.posterior import Posterior, Prediction
from davy.inference.shown import bands, parameters_shown, sentences_of
from davy.inference.structural import structures_shown
from davy.inference.unexplained import explained
from davy.inference.versions import FEWEST, middle, neutral, prior_versions, versions
from davy.people.person import Person

_USUAL_METHOD = "food-frequency"
_PRIOR_DRAWS = 1000


def fit(model: Model, person: Person, *, draws: int = 500, seed: int = 0) -> Posterior:
    """Fit a person's labs: the most probable point of each component, its bell, and draws corrected by importance.

    Parameters
    ----------
    draws : how many versions of the person; 1 is the median person.
    seed : with the person's id decides all randomness: the same bytes each time.

    Raises
    ------
    FitError : the model has no steady state near the labs.
    """
    whole = case_of(model, person)
    case, unexplained = explained(whole, seed)
    many = draws if draws > 1 else FEWEST
    prior = prior_versions(case, _PRIOR_DRAWS, seed, "prior")
    made = versions(case, many, seed)
    leading = at_reference_width(person)
    central = made
    if leading != person:
        central = versions(explained(case_of(model, leading, whole.tables), seed)[0], many, seed)
    setting = Setting(case.model, person, case.absorption)
    why = causes_of(setting, case.evidence, posterior=made.draws, prior=prior.draws)
    parameters = parameters_shown(prior, made)
    structures, structure_sentence = structures_shown(case.coordinates, made.by_kind, bool(case.evidence.observations))
    points = middle(made) if draws == 1 else made.points
    chosen = case.draws(points) if draws == 1 else made.draws
    return Posterior(
        prediction=_prediction(case),
        draws=chosen,
        neutral_draws=neutral(case, points),
        choice_draws=chosen if draws == 1 or central is made else central.draws,
        parameters=parameters,
        fitted=bands(made.standing),
        cause=why.shares,
        cause_prior=why.prior,
        sentences=(*sentences_of(made, parameters, unexplained), *why.sentences),
        kinds=_by_organ(case, made.by_kind),
        leading=why.leading if draws > 1 else None,
        structures=structures,
        structure_sentence=structure_sentence,
        quality=made.quality,
        unexplained=unexplained,
    )


def at_reference_width(person: Person) -> Person:
    """The same person, with diet known by the usual method and collections known to be complete."""
    labs = tuple(
        lab.model_copy(update={"complete": True}) if lab.test == URINE and lab.complete is None else lab
        for lab in person.labs
    )
    diet = None if person.diet is None else person.diet.model_copy(update={"method": _USUAL_METHOD})
    return person.model_copy(update={"labs": labs, "diet": diet})


def _by_organ(case: Case, by_kind: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for kind, weight in zip(case.coordinates.kinds, by_kind, strict=True):
        found[kind.name] = found.get(kind.name, 0.0) + float(weight)
    return found


def _prediction(case: Case) -> Prediction:
    if case.evidence.observations:
        return "a_posteriori"
    known = case.covariates.personal or case.person.diet is not None or case.person.sex is not None
    return "a_priori" if known or case.present.regimen.steps else "population"
