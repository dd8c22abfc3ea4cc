"""What each dose does: the chance of the target, of too much, of loose stools; and what holds if doses are missed.

Doses that were not simulated are read between those that were, draw by draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from davy.forecast.outcome import Floats
from davy.forecast.priors import error_of
from davy.people.person import Person
from davy.planning.at_dose import Adherence, AtShare, DoseRisk, FollowUpLab
from davy.planning.candidates import STEP_MG
from davy.planning.goals import Aim
from davy.planning.known import Quantiles
from davy.planning.outlook import SERUM, date_of, gain_text, monte_carlo_error, serum_on, serum_text
from davy.planning.stools import loose_stools
from davy.planning.weighing import Weighed
from davy.safety.limits import rules

SHARES = (1.0, 0.8, 0.6)
"""Shares of the planned doses for which the plan is read again."""
_ODDMENT_MG = 1e-6
_BAND = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Ladder:
    """Serum by dose in every draw.

    Attributes
    ----------
    dose_mg : (doses,) totals that were simulated, rising.
    serum : (doses, draws) true 24-h mean on the day that counts [mmol/L]; draws that failed anywhere are left out.
    taken : (draws,) share of a labelled dose that is swallowed.
    """

    dose_mg: Floats
    serum: Floats
    taken: Floats

    def at(self, dose_mg: Floats) -> Floats:
        """(draws,) serum at one dose a draw: straight between simulated doses, and on beyond the largest."""
        if len(self.dose_mg) == 1:
            return self.serum[0]
        piece = np.clip(np.searchsorted(self.dose_mg, dose_mg, side="right") - 1, 0, len(self.dose_mg) - 2)
        draws = np.arange(len(self.taken))
        low, high = self.serum[piece, draws], self.serum[piece + 1, draws]
        share = (dose_mg - self.dose_mg[piece]) / (self.dose_mg[piece + 1] - self.dose_mg[piece])
        return low + share * (high - low)


def ladder_of(weighed: Sequence[Weighed], chosen: Weighed, aim: Aim, taken: Floats) -> Ladder:
    """Serum by dose along the candidates that are most like the chosen one: its form and split before others."""
    like: dict[float, Weighed] = {}

    def unlike(one: Weighed) -> tuple[object, ...]:
        own = one.candidate
        return (
            own.form != chosen.candidate.form,
            own.intakes != chosen.candidate.intakes,
            own.rank(aim.goal.trial_forms),
        )

    for one in sorted(weighed, key=unlike):
        like.setdefault(one.candidate.total_mg, one)
    like[chosen.candidate.total_mg] = chosen
    doses = sorted(like)
    failed = np.logical_or.reduce([like[dose].forecast.failed for dose in doses])
    rows = [_on(like[dose], aim.by_day)[~failed] for dose in doses]
    return Ladder(np.array(doses), np.stack(rows), taken[~failed])


def by_dose(
    ladder: Ladder, weighed: Sequence[Weighed], chosen: Weighed, aim: Aim, cap_mg: float
) -> tuple[DoseRisk, ...]:
    """The chance of the target, of a serum above the limit and of loose stools, each against dose."""
    limit = rules().value("serum-refuse-above")
    words = {one.candidate.total_mg: one.verdict.word for one in reversed(weighed)}
    words[chosen.candidate.total_mg] = chosen.verdict.word
    steps = np.arange(ladder.dose_mg[0], cap_mg + _ODDMENT_MG, STEP_MG)
    made: list[DoseRisk] = []
    for dose in sorted({*(round(float(step), 3) for step in steps), *ladder.dose_mg.tolist()}):
        serum = ladder.at(np.full(len(ladder.taken), dose))
        if not serum.size:
            continue
        aimed = None if aim.low is None or aim.high is None else (serum >= aim.low) & (serum < aim.high)
        stools = loose_stools(dose)
        made.append(
            DoseRisk(
                dose,
                words.get(dose),
                dose == chosen.candidate.total_mg,
                float(np.median(serum)),
                None if aimed is None else float(aimed.mean()),
                None if aimed is None else monte_carlo_error(int(aimed.sum()), serum.size),
                float((serum > limit).mean()),
                monte_carlo_error(int((serum > limit).sum()), serum.size),
                stools.probability,
                stools.low,
                stools.high,
                stools.sources,
            )
        )
    return tuple(made)


def adherence_of(person: Person, ladder: Ladder, chosen: Weighed, aim: Aim) -> Adherence:
    """How the plan holds where only a share of its doses is taken."""
    kept = chosen.candidate.total_mg - chosen.candidate.added_mg
    told: list[AtShare] = []
    for share in SHARES:
        serum = ladder.at(kept + chosen.candidate.added_mg * share / ladder.taken)
        reached = None
        if aim.low is not None and aim.high is not None:
            reached = float(((serum >= aim.low) & (serum < aim.high)).mean())
        low, middle, high = (float(value) for value in np.quantile(serum, _BAND))
        told.append(AtShare(share, Quantiles(low, middle, high), reached))
    low, middle, high = (float(value) for value in np.quantile(ladder.taken, _BAND))
    said = _holds(person, told, chosen, aim)
    return Adherence(Quantiles(low, middle, high), tuple(told), said)


def _holds(person: Person, told: Sequence[AtShare], chosen: Weighed, aim: Aim) -> str:
    """How the plan holds at the least share, in words."""
    all_of_it, least = told[0], told[-1]
    dose = chosen.candidate.total_mg - chosen.candidate.added_mg * (1 - least.share)
    missed = f"If only {10 * least.share:.0f} of 10 doses are taken ({dose:.0f} mg a day)"
    if least.probability is not None and all_of_it.probability is not None and aim.low is not None:
        below = "stays below it" if all_of_it.serum_mmol_per_L.p50 < aim.low else "falls below it"
        middle = "stays inside it" if least.serum_mmol_per_L.p50 >= aim.low else below
        chance, whole = (_percent(one.probability or 0.0) for one in (least, all_of_it))
        falls = f"stays at {whole}" if chance == whole else f"is {chance}, against {whole} with all of them"
        return f"{missed}, the chance of the target {falls}, and the middle forecast {middle}. {_GO_ON}"
    if aim.kind == "try" and aim.goal.trial_low_mg is not None and dose < aim.goal.trial_low_mg:
        return f"{missed}, the trial says little: trials used {aim.goal.trial_low_mg:g} mg or more. {_GO_ON}"
    return f"{missed}, serum would be {serum_text(person, least.serum_mmol_per_L.p50)} on day {aim.by_day}. {_GO_ON}"


def _percent(share: float) -> str:
    return "under 1 %" if share < 0.005 else f"{100 * share:.0f} %"


_GO_ON = "Never make up for a missed dose; go on with the next."


def follow_up_lab(person: Person, chosen: Weighed, start_d: int) -> FollowUpLab | None:
    """The first day on which the expected change of serum exceeds what two results differ by on their own.

    A laboratory's offset is in both results and cancels.
    """
    series = chosen.forecast.series(SERUM)
    if not series.size or chosen.candidate.product is None:
        return None
    middle = np.median(series, axis=0)
    change = np.abs(middle - middle[0])
    noise = 2**0.5 * error_of("serum-magnesium") * float(middle[0])
    days = [float(day) for day, size in zip(chosen.forecast.day, change, strict=True) if size > noise and day > start_d]
    signal = float(change[-1])
    if not days:
        said = (
            f"One later serum cannot show whether this works: the expected change of {gain_text(person, signal)} is "
            f"smaller than the {gain_text(person, noise)} by which two results differ on their own. "
            "The test is there for safety."
        )
        return FollowUpLab("serum-magnesium", None, signal, noise, "mmol/L", said)
    day = int(days[0])
    said = (
        f"From {date_of(person.today, day)} (day {day}) on, a serum can show whether this works: from then the "
        f"expected change exceeds the {gain_text(person, noise)} by which two results differ on their own."
    )
    return FollowUpLab("serum-magnesium", day, signal, noise, "mmol/L", said)


def _on(one: Weighed, day: int) -> Floats:
    found = np.full(len(one.forecast.failed), np.nan)
    found[~one.forecast.failed] = serum_on(one.forecast, day)
    return found
