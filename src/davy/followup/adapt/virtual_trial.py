"""The blinded trial that some virtual persons bring: simulated with their truth, read by the rule of `davy nof1`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from davy.followup.adapt.inputs import TrialHeld
from davy.followup.adapt.virtual_person import Virtual, assumed
from davy.followup.n_of_1.exposure import exposures, washed_in
from davy.followup.n_of_1.gaussian import fit_gaussian
from davy.followup.n_of_1.power import layout_of
from davy.followup.n_of_1.priors import lags
from davy.followup.n_of_1.priors import number as prior
from davy.followup.n_of_1.simulate import ar1, written_days
from davy.followup.n_of_1.terms import terms_of

CYCLES, BLOCK_D = 4, 7


def trial_of(person: Virtual, seed: int) -> TrialHeld | None:
    """What a trial of theirs said before the plan; None where they bring none."""
    row = person.archetype.outcome
    if not person.trial or row is None or row.sd is None:
        return None
    layout = layout_of(2, CYCLES, BLOCK_D, seed, f"adapt-{person.number}")
    taken = layout.taken()
    source = np.random.default_rng([seed, person.number, 3])
    state = ar1(source, layout.days, np.array([row.rho]))
    there = washed_in(taken[:, 0], assumed("lag-d"))[:, None]
    y = np.clip(person.level * (1 - person.fall * there) + row.sd * state, row.least, row.most)
    day = written_days(source, layout.days, row.missing_share)
    rows = day.astype(int)
    exposed = exposures(taken, lags(), (0.0,))
    part = replace(exposed, share=exposed.share[:, rows])
    chance = float(fit_gaussian(y[rows], day, terms_of(day, link=False), part).p_below()[0])
    threshold = prior("rule-threshold")
    verdict = "benefit" if chance > threshold else "worse" if chance < 1 - threshold else "no_association"
    return TrialHeld(verdict, chance)
