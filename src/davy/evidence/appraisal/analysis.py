"""Runs an analysis: studies pooled here, one published pool carried over, or trials that can only be described."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from davy.errors import InputError, KnowledgeError
from davy.evidence.appraisal.result import RATIOS, Result
from davy.evidence.appraisal.rows import AnalysisRow
from davy.evidence.appraisal.shelf import Shelf, people_in, trials_in
from davy.evidence.rows import Study

MG_A_DAY = "mg/d"


def run_analysis(name: str, shelf: Shelf) -> Result:
    """The result of one analysis; raises KnowledgeError that names the row which does not allow it."""
    row = shelf.analysis(name)
    studies = [shelf.study(one) for one in row.source]
    _different_people(row, studies)
    made = _WAYS[row.how](row, studies)
    return _described(made, studies, shelf)


def _pool(row: AnalysisRow, studies: Sequence[Study]) -> Result:
    from davy.evidence.meta.pooling import pool

    rows = [_arms(row, one) for one in studies]
    if len({frozenset(one) for one in rows}) > 1:
        raise KnowledgeError(f"analysis {row.id}: its studies do not all print the same kind of numbers")
    units = {one.unit for one in studies}
    if len(units) > 1:
        raise KnowledgeError(f"analysis {row.id}: mixed units are not pooled ({', '.join(sorted(map(str, units)))})")
    try:
        made = pool(rows, measure=row.measure)  # pyright: ignore[reportArgumentType]
    except InputError as error:
        raise KnowledgeError(f"analysis {row.id}: {error}") from None
    ratio = row.measure in RATIOS
    baseline = _baseline(studies) if row.measure in ("RR", "OR") else None
    return Result(
        row,
        estimate=made.estimate_exp if ratio else made.estimate,
        ci=made.ci_exp if ratio else made.ci,
        pi=None if made.k < 3 else made.pi_exp if ratio else made.pi,
        se=made.common.se,
        common=made.common.estimate_exp if ratio else made.common.estimate,
        common_ci=made.common.ci_exp if ratio else made.common.ci,
        tau2=made.tau2,
        i2=made.i2,
        k=made.k,
        n=_total(people_in(one) for one in studies),
        without=None if baseline is None else baseline[0],
        baseline=None if baseline is None else baseline[1],
        method=_method(made.k, made.method, made.test),
    )


def _method(k: int, method: str, test: str) -> str:
    if k == 1:
        return "computed here from the arms of the one trial, Wald interval"
    interval = "Knapp-Hartung" if test == "knha" else "Wald"
    return f"pooled here: {method}, {interval}, the common effect beside"


def _arms(row: AnalysisRow, study: Study) -> dict[str, object]:
    """The columns that pooling reads; raises KnowledgeError where a study prints neither arms nor an interval."""
    choices: dict[str, dict[str, object]] = {
        "counts": {"ai": study.events_arm, "n1i": study.n_arm, "ci": study.events_control, "n2i": study.n_control},
        "means": {
            "m1i": study.mean_arm,
            "sd1i": study.sd_arm,
            "n1i": study.n_arm,
            "m2i": study.mean_control,
            "sd2i": study.sd_control,
            "n2i": study.n_control,
        },
        "printed": {"estimate": study.estimate, "ci_low": study.low, "ci_high": study.high},
    }
    arms = "counts" if row.measure in ("RR", "OR", "RD") else "means"
    for name in (arms, "printed"):
        if all(value is not None for value in choices[name].values()):
            return {"study": study.study, **choices[name]}
    raise KnowledgeError(f"analysis {row.id}: {study.id} prints neither arms nor an interval for {row.measure}")


def _carry(row: AnalysisRow, studies: Sequence[Study]) -> Result:
    if len(studies) != 1:
        raise KnowledgeError(f"analysis {row.id}: one published result is carried over, not {len(studies)}")
    (study,) = studies
    k, ci = trials_in(study), None
    if study.low is not None and study.high is not None:
        ci = (study.low, study.high)
    ratio = row.measure in RATIOS
    se = None if ci is None else (_log(ci[1], ratio) - _log(ci[0], ratio)) / (2 * _critical(None))
    i2 = _percent(study.i2)
    pi, told = _published_prediction(study, se, i2, k, ratio)
    said = f"as published by {study.study}" if study.kind == "pooled" else f"as printed for {study.study}"
    return Result(
        row,
        estimate=study.estimate,
        ci=ci,
        pi=pi,
        se=se,
        i2=i2,
        k=k,
        n=people_in(study),
        method=f"{said}; {told}",
    )


def _published_prediction(
    study: Study, se: float | None, i2: float | None, k: int | None, ratio: bool
) -> tuple[tuple[float, float] | None, str]:
    """The prediction interval that a printed I2 allows, taking the trials as equally large, and how it was had."""
    if study.kind != "pooled":
        return None, "one trial says nothing of the next"
    if se is None or study.estimate is None or k is None or k < 3:
        return None, "too few trials for a prediction interval" if k is not None and k < 3 else "no prediction interval"
    if i2 is None:
        return None, "no prediction interval: the source read prints no measure of the spread between trials"
    between = i2 / 100 * k * se**2
    half = _critical(k - 1) * math.sqrt(se**2 + between)
    middle = _log(study.estimate, ratio)
    low, high = middle - half, middle + half
    told = f"prediction interval from its I2 of {i2:g} %, the {k} trials taken as equally large"
    return ((math.exp(low), math.exp(high)) if ratio else (low, high)), told


def _describe(row: AnalysisRow, studies: Sequence[Study]) -> Result:
    return Result(
        row,
        k=_total(trials_in(one) for one in studies),
        n=_total(people_in(one) for one in studies),
        method="nothing to pool: the trials read print no arms and no interval",
    )


_WAYS: dict[str, Callable[[AnalysisRow, Sequence[Study]], Result]] = {
    "pool": _pool,
    "carry": _carry,
    "describe": _describe,
}


def _described(made: Result, studies: Sequence[Study], shelf: Shelf) -> Result:
    """The same with doses, forms and people of its studies, or of those that describe them."""
    row = made.row
    dosed = [shelf.study(one) for one in row.doses_from] or list(studies)
    seen = [shelf.study(one) for one in row.people_from] or list(studies)
    given = [one for one in dosed if one.dose_unit == MG_A_DAY and one.exposure == "supplement"]
    lows = [one.dose_low for one in given if one.dose_low is not None]
    highs = [one.dose_high for one in given if one.dose_high is not None]
    forms = dict.fromkeys(form.strip() for one in dosed for form in (one.form or "").split(";") if form.strip())
    people: dict[str, None] = {}
    for one in seen:
        if one.population and one.population not in shelf.people:
            raise KnowledgeError(f"knowledge/populations.csv: nobody says who {one.population!r} are ({one.id})")
        people |= dict.fromkeys(shelf.people.get(one.population or "", ()))
    doses = (min(lows), max([*lows, *highs])) if lows else None
    return replace(made, doses=doses, forms=tuple(forms), people=tuple(people))


def _different_people(row: AnalysisRow, studies: Sequence[Study]) -> None:
    names = {one.id for one in studies}
    for one in studies:
        twice = names & set(one.same_people)
        if twice and row.how != "describe":
            raise KnowledgeError(f"analysis {row.id}: {one.id} and {', '.join(sorted(twice))} hold the same people")


def _baseline(studies: Sequence[Study]) -> tuple[float, str] | None:
    events = _total(one.events_control for one in studies)
    people = _total(one.n_control for one in studies)
    if events is None or not people:
        return None
    whose = "the placebo arm of " if len(studies) == 1 else "the control arms of "
    return 100 * events / people, f"{whose}{', '.join(one.study for one in studies)}: {events} of {people}"


def _total(numbers: Iterable[int | None]) -> int | None:
    known = list(numbers)
    return None if not known or None in known else sum(one for one in known if one is not None)


def _percent(text: str | None) -> float | None:
    try:
        return None if text is None else float(text.split()[0])
    except ValueError:
        return None


def _log(value: float, ratio: bool) -> float:
    return math.log(value) if ratio else value


def _critical(df: int | None) -> float:
    from davy.evidence.meta.distributions import critical

    return critical(0.95, df)
