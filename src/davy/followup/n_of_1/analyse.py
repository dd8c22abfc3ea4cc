"""The analysis of an n-of-1 diary: an effect with its interval, the probability of benefit, a verdict, and a check."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from davy.followup.n_of_1.blocks import Blocks, blocks_of
from davy.followup.n_of_1.checks import checked, missing_unevenly
from davy.followup.n_of_1.design_file import DesignFile, read_design
from davy.followup.n_of_1.diary import Diary, read_diary
from davy.followup.n_of_1.exposure import Exposures, exposures
from davy.followup.n_of_1.families import Kind, family_of, kind_of
from davy.followup.n_of_1.following import drawn_blocks, followed
from davy.followup.n_of_1.gaussian import fit_gaussian
from davy.followup.n_of_1.latent import fit_latent, outcome_effects
from davy.followup.n_of_1.priors import Floats, Lags, lags
from davy.followup.n_of_1.randomisation import randomisation_test
from davy.followup.n_of_1.result import Analysis, ArmDays, Contrast, DayPoint, Scenario
from davy.followup.n_of_1.terms import terms_of
from davy.followup.n_of_1.verdict import Ruling, ruling

COMPARATORS = frozenset({"placebo", "none", "nothing", "control", "no supplement", "usual", "sham"})
UNITS: dict[Kind, str] = {
    "binary": "share of days",
    "count": "a day",
    "ordinal": "points of the outcome",
    "scale": "points of the outcome",
}
Better = Literal["lower", "higher"]


@dataclass(frozen=True)
class Reading:
    """How a diary is read: what the design says, or what stands in for it."""

    kind: Kind
    lags: Lags
    factor: float
    unit: str
    better: Better
    smallest: float | None
    comparators: frozenset[str]
    designed: bool


@dataclass(frozen=True)
class _Fitted:
    contrast: Contrast
    fitted: Floats


def analyse(
    path: Path, *, design: Path | None = None, better: Better | None = None, today: date | None = None, seed: int = 0
) -> Analysis:
    """The analysis of a diary file; see `analyse_diary`.

    Raises
    ------
    InputError : a diary or a design that does not read, or from which nothing can be learned.
    """
    read = None if design is None else read_design(design)
    return analyse_diary(read_diary(path, today=today), read, better=better, seed=seed)


def analyse_diary(
    diary: Diary, design: DesignFile | None = None, *, better: Better | None = None, seed: int = 0
) -> Analysis:
    """The analysis of a diary.

    Parameters
    ----------
    design : brings arms, blocks, lag, unit, the smallest difference that matters, looks and threshold.
    better : which way is better; lower where neither the caller nor the design says.
    """
    diary = diary if design is None else followed(diary, design)
    checked(diary)
    reading = reading_of(diary, design, better)
    drawn = None if design is None else drawn_blocks(diary, design)
    blocks = drawn or blocks_of(diary.arm, diary.period)
    arms = diary.arms
    first, second, *_ = arms
    main = _fit(diary, reading, first, second)
    reference = arms[0] if design is None else design.reference
    others = [arm for arm in arms if arm != reference]
    contrasts = tuple(_fit(diary, reading, reference, arm).contrast for arm in others) if len(arms) > 2 else ()
    terms = terms_of(diary.day, link=False)
    test = randomisation_test(
        diary.outcome, blocks, terms, (first, second),
        lag_d=reading.lags.median, lower_is_better=reading.better == "lower", seed=seed,
    )  # fmt: skip
    made = Ruling(main.contrast, reading.better, reading.smallest, reading.unit, design, diary, blocks)
    verdict, sentence, rule, threshold = ruling(made)
    return Analysis(
        main=main.contrast,
        contrasts=contrasts,
        unit=reading.unit,
        kind=reading.kind,
        better=reading.better,
        smallest=reading.smallest,
        verdict=verdict,
        sentence=sentence,
        rule=rule,
        threshold=threshold,
        randomisation=test,
        cycles=blocks.cycles,
        blocks=len(blocks.arm),
        arms=tuple(_arm_days(diary, arm) for arm in arms),
        missing=_scenarios(diary, reading, first, second),
        open_label=None if design is None else not design.blinded,
        warnings=(*diary.warnings, *_warned(diary, design, blocks, reading)),
        shown=_shown(diary, main.fitted, blocks),
    )


def reading_of(diary: Diary, design: DesignFile | None, better: Better | None) -> Reading:
    """What the design says of the outcome, or what its values do."""
    if design is not None:
        comparators = frozenset(arm.id for arm in design.arms if arm.comparator)
        kind = design.kind if _fits(design.kind, diary.outcome) else kind_of(diary.outcome)
        return Reading(
            kind, design.lags, design.daily_factor, design.unit, better or design.better, design.smallest,
            comparators, designed=True,
        )  # fmt: skip
    kind = kind_of(diary.outcome)
    named = frozenset(arm for arm in diary.arms if arm.casefold() in COMPARATORS)
    return Reading(kind, lags("analysis"), 1.0, UNITS[kind], better or "lower", None, named, designed=False)


def _fits(kind: Kind, outcome: Floats) -> bool:
    """Whether the values can be of that kind at all."""
    values = outcome[np.isfinite(outcome)]
    if kind == "binary":
        return bool(np.all(np.isin(values, (0.0, 1.0))))
    if kind == "count":
        return bool(np.all((values >= 0) & (values == np.round(values))))
    return kind == "scale" or len(np.unique(values)) <= 2 * len(values)


def exposed_days(diary: Diary, reading: Reading, first: str, second: str) -> Exposures:
    """The exposure to every arm but the first; the second stands first among them.

    Before day one, and on days on no arm, nothing is taken: as on a comparator. Where none is known, every starting
    state is possible.
    """
    order = [second, *(arm for arm in diary.arms if arm not in (first, second))]
    pause = next((arm for arm in order if arm in reading.comparators), None)
    taken = np.array([[float(one == arm or (one is None and arm == pause)) for arm in order] for one in diary.arm])
    known = first in reading.comparators or pause == second
    if reading.designed and known:
        starts: tuple[float, ...] = (1.0,) if pause == second else (0.0,)
    else:
        starts = (0.0, 0.5, 1.0) if reading.kind == "scale" else (0.5,)
    return exposures(taken, reading.lags, starts)


def _fit(diary: Diary, reading: Reading, first: str, second: str) -> _Fitted:
    exposed = exposed_days(diary, reading, first, second)
    seen = np.isfinite(diary.outcome)
    sign = -1.0 if reading.better == "lower" else 1.0
    need = None if reading.smallest is None else sign * reading.smallest
    if reading.kind == "scale":
        terms = terms_of(diary.day, link=False)
        own = replace(terms, columns=terms.columns[seen])
        part = replace(exposed, share=exposed.share[:, seen])
        fit = fit_gaussian(diary.outcome[seen, None], diary.day[seen], own, part)
        link = fit.effect()
        mixed = link.scaled(reading.factor)
        low, effect, high = (mixed.quantile(p) for p in (0.025, 0.5, 0.975))
        beyond = None if need is None else mixed.p_below(need)
        columns = np.concatenate(
            [np.broadcast_to(terms.columns, (len(exposed.lag_d), *terms.columns.shape)), exposed.share], 2
        )
        mean = np.einsum("gc,gcq->cq", fit.weight[:, :, 0], fit.coefficients[:, :, :, 0])
        whole = np.sum(fit.weight[:, :, 0], axis=0)
        fitted = np.einsum("cdq,cq->d", columns[whole > 0], mean[whole > 0])
    else:
        terms = terms_of(diary.day, link=True)
        latent = fit_latent(diary.outcome, terms, exposed, family_of(reading.kind, diary.outcome))
        link = latent.effect()
        drawn = outcome_effects(latent) * reading.factor
        low, effect, high = (float(np.quantile(drawn, p)) for p in (0.025, 0.5, 0.975))
        beyond = None if need is None else float(np.mean(drawn < need))
        level = np.einsum("ldq,lq->ld", _columns(terms.columns, latent.share), latent.mean)
        fitted = np.einsum("l,ld->d", latent.weight, latent.family.mean(level))
    below = link.p_below(0.0)
    p_beyond = None if beyond is None else beyond if reading.better == "lower" else 1 - beyond
    rho = math.fsum(link.weight * link.rho)
    contrast = Contrast(
        first, second, effect, low, high, below if reading.better == "lower" else 1 - below, p_beyond,
        rho, math.fsum(link.weight * link.lag_d),
    )  # fmt: skip
    return _Fitted(contrast, fitted)


def _columns(terms: Floats, share: Floats) -> Floats:
    return np.concatenate([np.broadcast_to(terms, (len(share), *terms.shape)), share], axis=2)


def _scenarios(diary: Diary, reading: Reading, first: str, second: str) -> tuple[Scenario, ...]:
    """What the effect would be if the missing days of one arm had been worse, or better, than its others by one SD."""
    seen = np.isfinite(diary.outcome)
    gone = {arm: ~seen & np.array([one == arm for one in diary.arm]) for arm in (first, second)}
    if not any(np.any(one) for one in gone.values()):
        return ()
    spread = float(np.std(diary.outcome[seen]))
    worse = spread if reading.better == "lower" else -spread
    columns: list[Floats] = []
    words: list[str] = []
    for arm, days in gone.items():
        if not np.any(days):
            continue
        own = np.array([one == arm for one in diary.arm]) & seen
        for shift, word in ((worse, "worse"), (-worse, "better")):
            made = diary.outcome.copy()
            made[days] = _possible(float(np.mean(diary.outcome[own])) + shift, reading.kind)
            other = gone[second if arm == first else first]
            made[other] = float(
                np.mean(diary.outcome[seen & np.array([one != arm and one is not None for one in diary.arm])])
            )
            columns.append(made)
            words.append(f"{int(np.sum(days))} missing days on {arm} {word} by one SD")
    y = np.stack(columns, axis=1)
    kept = np.all(np.isfinite(y), axis=1)
    exposed = exposed_days(diary, reading, first, second)
    terms = terms_of(diary.day, link=False)
    part = replace(exposed, share=exposed.share[:, kept])
    fit = fit_gaussian(y[kept], diary.day[kept], replace(terms, columns=terms.columns[kept]), part)
    below = fit.p_below()
    return tuple(
        Scenario(
            what,
            fit.effect(diary=k).median * reading.factor,
            float(below[k] if reading.better == "lower" else 1 - below[k]),
        )
        for k, what in enumerate(words)
    )


def _possible(value: float, kind: Kind) -> float:
    """The nearest value that the outcome can have, on the mean of several days."""
    if kind == "binary":
        return min(max(value, 0.0), 1.0)
    return max(value, 0.0) if kind == "count" else value


def _arm_days(diary: Diary, arm: str) -> ArmDays:
    own = np.array([one == arm for one in diary.arm])
    values = diary.outcome[own]
    seen = values[np.isfinite(values)]
    return ArmDays(
        arm, int(np.sum(own)), int(np.sum(~np.isfinite(values))), float(np.mean(seen)) if len(seen) else None
    )


def _warned(diary: Diary, design: DesignFile | None, blocks: Blocks, reading: Reading) -> list[str]:
    told: list[str] = []
    uneven = missing_unevenly(diary)
    told += [uneven] if uneven else []
    first, second = diary.arms[:2]
    if len(diary.arms) > 2:
        told.append(
            f"There are {len(diary.arms)} arms; the effect is {second} against {first}, the others stand beside."
        )
    if second.casefold() in COMPARATORS and first.casefold() not in COMPARATORS:
        told.append(f"The second arm in sort order is the comparator: the effect is {second} minus {first}.")
    if blocks.cycles < 2:
        told.append("There are fewer than two cycles: a change over time and an effect cannot be told apart.")
    if design is None:
        told.append(
            "No design was given: arms are taken as shuffled in every cycle, the lag of effect has the stated prior "
            f"(median {reading.lags.median:g} d), and no smallest difference that matters is known."
        )
    elif not blocks.known:
        told.append("The diary did not follow the order that the design drew: arms are taken as shuffled as it shows.")
    if design is not None and design.kind != reading.kind:
        told.append(f"The design calls the outcome {design.kind}; its values are not, and were read as {reading.kind}.")
    if reading.kind == "scale":
        seen = diary.outcome[np.isfinite(diary.outcome)]
        spread = float(np.median(np.abs(seen - np.median(seen)))) * 1.4826
        far = int(np.sum(np.abs(seen - np.median(seen)) > 6 * spread)) if spread > 0 else 0
        if far:
            told.append(f"{far} days lie more than six robust SD from the median; they count as written.")
    return told


def _shown(diary: Diary, fitted: Floats, blocks: Blocks) -> tuple[DayPoint, ...]:
    return tuple(
        DayPoint(
            int(diary.day[k] - diary.day[0]) + 1,
            arm,
            float(y) if math.isfinite(y) else None,
            float(fitted[k]),
            blocks.day[k],
        )
        for k, (arm, y) in enumerate(zip(diary.arm, diary.outcome.tolist(), strict=True))
    )


__all__ = ["analyse", "analyse_diary"]
