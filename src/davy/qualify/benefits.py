"""Rules on benefits: the computed table is what its rows give today, and nothing that may not promise rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from davy.errors import KnowledgeError
from davy.evidence.appraisal.build import COMPUTED, METHOD_VERSION, build_benefits, inputs_of, stamp_of
from davy.evidence.appraisal.rows import DOWNGRADING
from davy.evidence.appraisal.shelf import INPUTS, Shelf, shelf_of
from davy.evidence.ledger import Line, lines_of
from davy.evidence.rules import may_back
from davy.qualify.library import Knowledge, Rule
from davy.qualify.problem import Problem, at

ONE_GROUP = "-durango"
"""End of the groups of studies.csv that one research group made; they never stand alone behind a promise."""
AGAIN = "`davy knowledge build` computes it again"


def _shelf(knowledge: Knowledge) -> Shelf | None:
    """The rows; None where a table does not parse, which other rules tell."""
    if any(file not in knowledge.texts for file in INPUTS):
        return None
    try:
        return _shelf_of(*(knowledge.texts[file] for file in INPUTS))
    except KnowledgeError:
        return None


@lru_cache(maxsize=2)
def _shelf_of(*texts: str) -> Shelf:
    return shelf_of(dict(zip(INPUTS, texts, strict=True)))


@lru_cache(maxsize=2)
def _built(*texts: str) -> tuple[Line, ...]:
    return lines_of(COMPUTED, build_benefits(dict(zip(INPUTS, texts, strict=True))))


def computed_is_fresh(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that each computed row bears the stamp of the rows it rests on today, and holds what they give."""
    shelf = _shelf(knowledge)
    if shelf is None or COMPUTED not in knowledge.texts:
        return
    lines = {line.name: line for line in knowledge.of(COMPUTED)}
    stale = False
    for question in shelf.questions:
        line = lines.pop(question.id, None)
        if line is None:
            stale = True
            yield Problem(COMPUTED, f"there is no row {question.id!r}: {AGAIN}")
            continue
        try:
            inputs = tuple(inputs_of(question, shelf))
        except KnowledgeError as error:
            stale = True
            yield at(line, "inputs", str(error))
            continue
        if line.cells.get("stamp") != stamp_of(inputs, shelf):
            stale = True
            yield at(line, "stamp", f"{question.id} is stale: {_changed(line, inputs)}; {AGAIN}")
    for line in lines.values():
        stale = True
        yield at(line, "id", f"benefits.csv has no row {line.name!r}: {AGAIN}")
    if not stale:
        yield from _as_built(knowledge)


def _changed(line: Line, inputs: tuple[str, ...]) -> str:
    """Which rows are not those that it was computed from."""
    then, now = set(line.words("inputs")), set(inputs)
    changed = sorted({one.partition("@")[0] for one in now ^ then})
    if not changed:
        return f"a population, or the method (now {METHOD_VERSION}), changed since"
    return f"changed since it was computed: {', '.join(changed)}"


def _as_built(knowledge: Knowledge) -> Iterator[Problem]:
    """Each cell that is not what the rows give: somebody typed over it."""
    try:
        built = _built(*(knowledge.texts[file] for file in INPUTS))
    except KnowledgeError as error:
        yield Problem(COMPUTED, f"cannot be built: {error}")
        return
    for line, right in zip(knowledge.of(COMPUTED), built, strict=False):
        for column, cell in right.cells.items():
            if line.cells.get(column, "") != cell:
                yield at(line, column, f"{line.name}: {line.cells.get(column)!r} was typed, its rows give {cell!r}")


def nothing_is_typed(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that no benefit has the status of a number that somebody typed."""
    for file in ("benefits.csv", COMPUTED):
        for line in knowledge.of(file):
            if line.cells.get("status") == "typed":
                yield at(line, "status", "a benefit is computed from its studies, never typed")


_NAMED = (
    ("benefits.csv", ("analysis", "beside"), "analyses.csv", "analysis"),
    ("analyses.csv", ("source", "doses_from", "people_from"), "studies.csv", "study"),
    ("grade.csv", ("analysis",), "analyses.csv", "analysis"),
    ("risk_of_bias.csv", ("study",), "studies.csv", "study"),
)


def analyses_exist(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that every analysis, study and judged row that is named exists."""
    for file, columns, home, noun in _NAMED:
        known = knowledge.ids(home)
        for line in knowledge.of(file):
            for column in columns:
                for name in line.words(column):
                    if name not in known:
                        yield at(line, column, f"there is no {noun} {name!r}")


def what_rules_may_promise(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that the studies of a ruling analysis may back a benefit and are not one group's alone."""
    analyses = {line.name: line for line in knowledge.of("analyses.csv")}
    groups = {line.name: line.cells.get("group", "") for line in knowledge.of("studies.csv")}
    for line in knowledge.of("benefits.csv"):
        ruling = analyses.get(line.cells.get("analysis", ""))
        if ruling is None:
            continue
        names = [name for name in ruling.words("source") if name in knowledge.registry]
        if names and all(groups.get(name, "").endswith(ONE_GROUP) for name in names):
            yield at(line, "analysis", f"{ruling.name} holds the trials of one group alone, which promise nothing")
        if line.cells.get("kind") != "effect":
            continue
        if ruling.cells.get("how") != "describe":
            for reason in _reasons_against(names, knowledge):
                yield at(line, "analysis", f"{ruling.name} cannot rule: {reason}")


def _reasons_against(names: list[str], knowledge: Knowledge) -> Iterator[str]:
    """Why these studies may not back a benefit; ids that lead nowhere are told by the rule that looks for them."""
    for name in names:
        try:
            reason = may_back(name, "benefit", knowledge.lookup)
        except KnowledgeError:
            continue
        if reason:
            yield reason


def associations_say_so(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that what cohorts show is an association with its range, and no cohort stands behind an effect."""
    designs = {line.name: line.cells.get("design") for line in knowledge.of("analyses.csv")}
    for line in knowledge.of("benefits.csv"):
        kind, design = line.cells.get("kind"), designs.get(line.cells.get("analysis", ""))
        if kind == "effect" and design == "cohorts":
            yield at(line, "kind", "cohorts show an association, never an effect of a supplement")
        if kind == "association" and not (line.cells.get("within_low") and line.cells.get("within_high")):
            yield at(line, "within_low", "an association says within which serum it was seen")


def certainty_is_judged(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that every ruling analysis is judged in each GRADE domain, by somebody, on a day."""
    judged: dict[str, set[str]] = {}
    for line in knowledge.of("grade.csv"):
        judged.setdefault(line.cells.get("analysis", ""), set()).add(line.cells.get("domain", ""))
    for line in knowledge.of("benefits.csv"):
        name = line.cells.get("analysis", "")
        missing = [domain for domain in DOWNGRADING if domain not in judged.get(name, set())]
        if name and missing:
            yield at(line, "analysis", f"{name} is not judged for {', '.join(missing)} in grade.csv")


RULES: tuple[Rule, ...] = (
    nothing_is_typed,
    analyses_exist,
    what_rules_may_promise,
    associations_say_so,
    certainty_is_judged,
    computed_is_fresh,
)
