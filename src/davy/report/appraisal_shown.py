"""What ``davy evidence show BENEFIT`` adds: the analysis that rules, its studies, GRADE, RoB 2, and the stamp."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from davy.evidence.appraisal.rows import BIAS_DOMAINS, AnalysisRow, GradeRow, RiskOfBiasRow
from davy.evidence.appraisal.shelf import Shelf, people_in, shelf_of, trials_in
from davy.evidence.effects import BenefitRow, benefits
from davy.evidence.ledger import table_texts
from davy.evidence.links import Node
from davy.evidence.rows import Study


@dataclass(frozen=True)
class JudgementShown:
    """One recorded judgement; `to_review`: the data changed since."""

    domain: str
    judgement: str
    reason: str
    role: str
    date: str
    to_review: bool


@dataclass(frozen=True)
class StudyBehind:
    """One row of `studies.csv` behind an analysis, what it prints, and its RoB 2 judgements."""

    id: str
    study: str
    printed: str
    k: int | None
    n: int | None
    status: str
    risk_of_bias: tuple[JudgementShown, ...]


@dataclass(frozen=True)
class AppraisalShown:
    """A computed benefit.

    Attributes
    ----------
    result : every column of the computed row.
    how, measure, why : of the analysis that rules.
    studies : its rows, then those of the results beside it.
    """

    result: dict[str, object]
    how: str | None
    measure: str | None
    why: str | None
    studies: tuple[StudyBehind, ...]
    grade: tuple[JudgementShown, ...]
    stamp: str


def appraisal_of(node: Node) -> AppraisalShown | None:
    """The appraisal of a benefit; None for any other row."""
    if node.kind not in ("benefit", "computed benefit"):
        return None
    row = next((one for one in benefits() if one.id == node.id), None)
    return None if row is None else _appraised(row, shelf_of(table_texts()))


def _appraised(row: BenefitRow, shelf: Shelf) -> AppraisalShown:
    analysis: AnalysisRow | None = shelf.analyses.get(row.analysis or "")
    shown = (name for name in (row.analysis or "", *_beside_ids(row)) if name in shelf.analyses)
    names = dict.fromkeys(one for name in shown for one in shelf.analyses[name].source)
    data = "" if analysis is None else shelf.data_of(analysis.id)
    return AppraisalShown(
        row.model_dump(mode="json"),
        None if analysis is None else analysis.how,
        None if analysis is None else analysis.measure,
        None if analysis is None else analysis.note,
        tuple(_behind(shelf.study(name), shelf) for name in names),
        tuple(_graded(one, data) for one in shelf.grade if one.analysis == row.analysis),
        row.stamp,
    )


def _beside_ids(row: BenefitRow) -> Iterator[str]:
    return (one.partition(":")[0] for one in row.beside)


def _behind(study: Study, shelf: Shelf) -> StudyBehind:
    mark = shelf.mark(f"studies.csv:{study.id}")
    judged = tuple(_biased(one, mark) for one in shelf.bias if one.study == study.id)
    printed = ", ".join(_printed(study)) or "no number"
    return StudyBehind(study.id, study.study, printed, trials_in(study), people_in(study), study.status, judged)


def _printed(study: Study) -> Iterator[str]:
    arms = ((study.mean_arm, study.sd_arm, study.n_arm), (study.mean_control, study.sd_control, study.n_control))
    if study.events_arm is not None and study.events_control is not None:
        yield f"{study.events_arm}/{study.n_arm} against {study.events_control}/{study.n_control}"
    elif all(arm[0] is not None for arm in arms):
        yield " against ".join(_arm(*arm) for arm in arms)
    if study.estimate is not None:
        interval = "" if study.low is None or study.high is None else f" ({study.low:g} to {study.high:g})"
        yield f"{study.measure or ''} {study.estimate:g}{interval}".strip()
    if study.i2:
        yield f"I2 {study.i2} %"


def _arm(mean: float | None, sd: float | None, n: int | None) -> str:
    spread = "" if sd is None else f" (SD {sd:g})"
    size = "" if n is None else f" of {n}"
    return f"{mean:g}{spread}{size}"


def _graded(row: GradeRow, data: str) -> JudgementShown:
    return JudgementShown(row.domain, f"{row.levels:+d}", row.reason, row.role, row.date, row.data != data)


def _biased(row: RiskOfBiasRow, mark: str) -> JudgementShown:
    name = f"{row.domain} {BIAS_DOMAINS[row.domain]}"
    return JudgementShown(name, row.judgement, row.reason, row.role, row.date, row.data != mark)


def appraisal_lines(shown: AppraisalShown) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The same as titled blocks of lines for the terminal."""
    yield "Computed", tuple(_computed(shown))
    yield "From the studies", tuple(_study_lines(shown))
    yield "GRADE", tuple(_grade_lines(shown))
    yield "Beside it", tuple(str(one) for one in _list(shown.result["beside"]))


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _computed(shown: AppraisalShown) -> Iterator[str]:
    result = shown.result
    yield str(result["sentence"])
    if result["kind"] == "association":
        yield "an association: a plan tells it in words and never as the effect of a regimen"
    if shown.how is not None:
        yield f"analysis {result['analysis']} ({shown.how}): {result['method']}"
    if shown.why:
        yield shown.why
    for name, low, high in (("confidence", "ci_low", "ci_high"), ("prediction", "pi_low", "pi_high")):
        if result[low] is not None:
            yield f"95 % {name} interval {result[low]:g} to {result[high]:g}"
    if result["common"] is not None:
        yield f"common effect {result['common']:g} ({result['common_low']:g} to {result['common_high']:g})"
    if result["because"]:
        yield f"it rules because: {result['because']}"
    yield f"stamp {shown.stamp}, over {len(_list(result['inputs']))} rows"


def _study_lines(shown: AppraisalShown) -> Iterator[str]:
    for one in shown.studies:
        size = f"k {one.k}, n {one.n}" if one.n is not None else f"k {one.k}"
        yield f"{one.id}: {one.study}, {one.printed}; {size}"
        for judged in one.risk_of_bias:
            yield f"    {judged.domain}: {judged.judgement}, {judged.reason}{_review(judged)}"


def _grade_lines(shown: AppraisalShown) -> Iterator[str]:
    yield f"certainty: {shown.result['certainty']}"
    for one in shown.grade:
        yield f"{one.domain} {one.judgement}: {one.reason} ({one.role}, {one.date}){_review(one)}"
    for said in _list(shown.result["suggested"]):
        yield f"the numbers suggest {said}"
    for said in _list(shown.result["differs"]):
        yield f"DIFFERS {said}"


def _review(judged: JudgementShown) -> str:
    return "  [to review: the data changed since]" if judged.to_review else ""
