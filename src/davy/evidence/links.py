"""What rests on what: every row of every table, walked both ways along the ids that it cites.

A claim, a fact or a study cites sources; a parameter, a limit, a target or a benefit cites facts; a prior and a
covariate set a parameter. A row outside the registry is known by table and id, as ``limits.csv:kidney-refuse-below``.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import Literal

from davy.errors import KnowledgeError
from davy.evidence.ledger import Line, ledger

Kind = Literal[
    "source", "fact", "study", "claim", "parameter", "limit", "target", "benefit", "prior", "covariate", "form",
    "product", "food", "food group", "food rule", "goal", "condition", "condition rule", "symptom", "symptom rule",
    "medicine", "interaction", "lab test", "diet method", "dietary reference", "monitoring", "stop rule",
    "article parameter", "article protocol", "disagreement", "claim check", "repeated quantity", "oddity", "protein",
    "consequence", "analysis", "computed benefit", "judgement", "population", "weight", "test result", "tolerance",
    "work-up", "record kind", "diary column", "credibility", "n-of-1 prior", "n-of-1 outcome", "checklist item",
    "outside change", "pathway", "pathway port", "pathway parameter", "pathway anchor", "pathway outcome",
    "pathway feed", "pathway people",
    "device field", "code",
    "other",
]  # fmt: skip
"""What a row is, in the order in which rows that share an id are meant."""

_KIND_OF: dict[str, Kind] = {
    "sources.csv": "source",
    "facts.csv": "fact",
    "studies.csv": "study",
    "claims.csv": "claim",
    "parameters/literature.csv": "parameter",
    "limits.csv": "limit",
    "targets.csv": "target",
    "known_misfits.csv": "target",
    "benefits.csv": "benefit",
    "priors.csv": "prior",
    "structures.csv": "prior",
    "covariates.csv": "covariate",
    "forms.csv": "form",
    "products.csv": "product",
    "foods.csv": "food",
    "food_groups.csv": "food group",
    "food_rules.csv": "food rule",
    "goals.csv": "goal",
    "conditions.csv": "condition",
    "condition_rules.csv": "condition rule",
    "symptoms.csv": "symptom",
    "symptom_rules.csv": "symptom rule",
    "medicines.csv": "medicine",
    "interactions.csv": "interaction",
    "labs.csv": "lab test",
    "diet_methods.csv": "diet method",
    "dietary_reference.csv": "dietary reference",
    "monitoring.csv": "monitoring",
    "stop_rules.csv": "stop rule",
    "followup_rules.csv": "limit",
    "followup_holds.csv": "stop rule",
    "adapt_confounders.csv": "limit",
    "adapt_autonomy.csv": "limit",
    "adapt_measures.csv": "limit",
    "adapt_cohort.csv": "limit",
    "parameters/articles.csv": "article parameter",
    "articles_protocol.csv": "article protocol",
    "disagreements.csv": "disagreement",
    "claim_checks.csv": "claim check",
    "article_consistency.csv": "repeated quantity",
    "source_oddities.csv": "oddity",
    "proteins.csv": "protein",
    "consequences.csv": "consequence",
    "analyses.csv": "analysis",
    "computed/benefits.csv": "computed benefit",
    "grade.csv": "judgement",
    "risk_of_bias.csv": "judgement",
    "populations.csv": "population",
    "decision_weights.csv": "weight",
    "decision_losses.csv": "weight",
    "test_results.csv": "test result",
    "stool_trials.csv": "tolerance",
    "work_up.csv": "work-up",
    "population_recipes.csv": "population",
    "population_quantiles.csv": "population",
    "population_shares.csv": "population",
    "population_marginals.csv": "population",
    "credibility.csv": "credibility",
    "nof1_priors.csv": "n-of-1 prior",
    "nof1_lags.csv": "n-of-1 prior",
    "nof1_outcomes.csv": "n-of-1 outcome",
    "nof1_checklists.csv": "checklist item",
    "outside_changes.csv": "outside change",
    "predictive_checks.csv": "population",
    "record_kinds.csv": "record kind",
    "diary_columns.csv": "diary column",
    "code_systems.csv": "code",
    "codes.csv": "code",
    "ucum.csv": "code",
    "pathways.csv": "pathway",
    "pathway_ports.csv": "pathway port",
    "pathway_parameters.csv": "pathway parameter",
    "pathway_anchors.csv": "pathway anchor",
    "pathway_outcomes.csv": "pathway outcome",
    "pathway_feeds.csv": "pathway feed",
    "pathway_people.csv": "pathway people",
    "wind_up_sets.csv": "pathway parameter",
    "apple_types.csv": "device field",
    "apple_values.csv": "device field",
    "device_fields.csv": "device field",
}
KINDS: tuple[Kind, ...] = (*dict.fromkeys(_KIND_OF.values()), "other")
REGISTRY_KINDS: frozenset[Kind] = frozenset({"source", "fact", "study", "claim"})
MARKS = frozenset({"davy-rule", "davy-model"})
"""Marks of a judgement and of an assumption: they are cited everywhere and join nothing."""

_PARAMETERS = "parameters/literature.csv"
_HOMES = (("parameter", _PARAMETERS), ("analysis", "analyses.csv"), ("beside", "analyses.csv"))
"""Columns that name rows of a table outside the registry, and which table."""
_STUDY_COLUMNS = ("smallest_from", "doses_from", "people_from", "fact", "map_source")
_SAYS = (
    "statement", "citation", "what", "item", "outcome", "topic", "label", "food", "title", "sentence", "question",
    "when",
)  # fmt: skip
_RATIO = frozenset({"1", "-"})
_NUMBERS = ("value", "target", "estimate")
_PROVENANCE = frozenset({"id", "source", "where", "verified", "status", "note"})


@dataclass(frozen=True)
class Node:
    """A row: its `kind` and `id`, the `table` and `line` that hold it, what it `says`, the keys it `cites`, `cells`."""

    kind: Kind
    id: str
    table: str
    line: int
    says: str
    cites: tuple[str, ...] = field(repr=False)
    cells: Mapping[str, str] = field(repr=False, compare=False)

    @property
    def key(self) -> str:
        """The name that no other row has: the id in the registry, table and id elsewhere."""
        return self.id if self.kind in REGISTRY_KINDS else f"{self.table}:{self.id or self.line}"


@dataclass(frozen=True)
class Step:
    """A row that is reached from another, and the keys on the way there (empty: directly)."""

    node: Node
    through: tuple[str, ...] = ()


def _node(line: Line) -> Node:
    kind = _KIND_OF.get(line.file, "other")
    cites = dict.fromkeys(line.words("source"))
    cites |= dict.fromkeys(f"{file}:{name}" for column, file in _HOMES for name in line.words(column))
    cites |= dict.fromkeys(name for column in _STUDY_COLUMNS for name in line.words(column))
    return Node(kind, line.name, line.file, line.number, _says(line), tuple(cites), line.cells)


def _says(line: Line) -> str:
    """Say a row in a line: its words, with its number where they do not hold it; else its first few columns."""
    cells = line.cells
    words = next((cells[column] for column in _SAYS if cells.get(column)), "")
    number = next((cells[column] for column in _NUMBERS if cells.get(column)), "")
    if not words and not number:
        filled = (f"{name} {cell}" for name, cell in cells.items() if cell and name not in _PROVENANCE)
        return ", ".join(islice(filled, 5))
    words = words or cells.get("note", "")
    if not number or number in words or line.file == "claims.csv":
        return words
    unit = cells.get("unit", "")
    return f"{number} {unit if unit not in _RATIO else ''}".strip() + (f", {words}" if words else "")


class Links:
    """The rows of some tables and the links between them.

    Parameters
    ----------
    lines : every line of every table, in order.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self.nodes: dict[str, Node] = {}
        self._citing: dict[str, list[Node]] = {}
        for line in lines:
            node = _node(line)
            self.nodes.setdefault(node.key, node)
            for name in node.cites:
                self._citing.setdefault(name, []).append(node)

    def cited_by(self, key: str) -> tuple[Node, ...]:
        """Give the rows that cite this one themselves."""
        return tuple(self._citing.get(key, ()))

    def called(self, name: str) -> tuple[Node, ...]:
        """Give the rows meant by a key, an id or the short name of a parameter (``fTm``), the likeliest first."""
        table, colon, rest = name.rpartition(":")
        for key in (name, f"{table.removesuffix('.csv')}.csv{colon}{rest.strip()}"):
            if key in self.nodes:
                return (self.nodes[key], *self._others(self.nodes[key]))
        small = name.casefold()
        found = [node for node in self.nodes.values() if node.id.casefold() == small]
        if not found:
            short = (node for node in self.nodes.values() if node.kind in ("parameter", "article parameter"))
            found = [node for node in short if node.id.casefold().endswith(f"_{small}")]
        if len({node.id for node in found}) > 1:
            return ()
        return tuple(sorted(found, key=lambda node: KINDS.index(node.kind)))

    def _others(self, node: Node) -> Iterator[Node]:
        return (other for other in self.nodes.values() if other.id == node.id and other is not node and node.id)

    def near(self, name: str, most: int = 6) -> tuple[str, ...]:
        """Give the ids that look like this name, for a message."""
        asked = name.rpartition(":")[2].strip().casefold()
        ids = {node.id.casefold(): node.id for node in self.nodes.values() if node.id}
        short = {one.rpartition("_")[2]: full for one, full in ids.items() if "_" in one}
        known = short | ids
        alike = [known[one] for one in get_close_matches(asked, list(known), n=most, cutoff=0.4)]
        inside = [full for one, full in ids.items() if asked and asked in one]
        same = [full for one, full in ids.items() if _unpadded(one) == _unpadded(asked)]
        return tuple(dict.fromkeys((*same, *alike, *inside)))[:most]

    def rests_on(self, node: Node) -> tuple[Step, ...]:
        """Give what a row cites, and what that cites, down to the sources."""
        return _walk([Step(self.nodes[name]) for name in node.cites if name in self.nodes], self._cited)

    def depends(self, node: Node) -> tuple[Step, ...]:
        """Give what rests on a row.

        What rests on a claim is what cites it, and what is known from the sources that judge it: the facts read there
        and every row that rests on those facts.
        """
        if node.kind != "claim":
            return _walk([Step(one) for one in self.cited_by(node.key)], self._uses)
        starts = [Step(one) for one in self.cited_by(node.key)]
        for name in node.cites:
            if name in self.nodes and name not in MARKS:
                starts += [Step(one, (name,)) for one in self.cited_by(name) if one.kind != "claim"]
        return tuple(step for step in _walk(starts, self._uses) if step.node.kind != "claim")

    def judged(self, node: Node) -> tuple[Node, ...]:
        """Give the claims of the articles that the sources and facts behind a row judge."""
        behind = {step.node.key for step in self.rests_on(node)} - MARKS
        claims = (one for key in behind for one in self.cited_by(key) if one.kind == "claim" and one is not node)
        return tuple(sorted(set(claims), key=lambda claim: claim.id))

    def circles(self) -> tuple[tuple[str, ...], ...]:
        """Give every row that rests on itself, with the keys on the way round."""
        found: list[tuple[str, ...]] = []
        for node in self.nodes.values():
            back = (step.through for step in self.rests_on(node) if step.node is node)
            found += [(node.key, *way) for way in back]
        return tuple(found)

    def _cited(self, node: Node) -> Iterator[Node]:
        return (self.nodes[name] for name in node.cites if name in self.nodes)

    def _uses(self, node: Node) -> Iterator[Node]:
        return iter(self.cited_by(node.key)) if node.kind != "claim" else iter(())


def _walk(starts: Iterable[Step], onward: Callable[[Node], Iterable[Node]]) -> tuple[Step, ...]:
    """Reach every row once, by a shortest way; the likeliest kind first."""
    reached: dict[str, Step] = {}
    waiting = deque(starts)
    while waiting:
        step = waiting.popleft()
        if step.node.key in reached:
            continue
        reached[step.node.key] = step
        waiting.extend(Step(one, (*step.through, step.node.key)) for one in onward(step.node))
    return tuple(sorted(reached.values(), key=lambda step: (KINDS.index(step.node.kind), step.node.key)))


def _unpadded(name: str) -> str:
    """An id without the zeros that pad its numbers: f-051 is meant by f-51."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", name)


@cache
def link_graph() -> Links:
    """Give the links between all rows of the knowledge."""
    return Links(ledger())


def find(name: str) -> tuple[Node, ...]:
    """Find the rows meant by this name, the likeliest first; raises KnowledgeError that lists near names."""
    found = link_graph().called(name)
    if found:
        return found
    near = link_graph().near(name)
    meant = f"; near it: {', '.join(near)}" if near else ""
    raise KnowledgeError(f"nothing in the knowledge has the id {name!r}{meant}")
