"""The documents of ``davy pathways list --json`` and ``davy pathways run --json``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from davy import __version__
from davy.pathways.anchoring import Anchored, Standing, standing
from davy.pathways.catalogue import Pathway
from davy.pathways.explained import Explained
from davy.pathways.rows import PARAMETER_SETS, Grade, Kind, ParameterSet, PortRow
from davy.pathways.run import OutputValue, PathwayRun, watermark


@dataclass(frozen=True)
class PortShown:
    """A port of a pathway; `low` and `high` bound what an input may be, `default` is what it is else [unit]."""

    name: str
    direction: str
    label: str
    unit: str
    compartment: str | None
    low: float | None
    high: float | None
    default: float | None


@dataclass(frozen=True)
class AnchorCount:
    """How many anchors the model meets, of how many.

    Attributes
    ----------
    checked_met, checked_of : the same of those of them that set no parameter.
    articles_met, articles_of : the same of what the articles state, run with their own numbers.
    """

    met: int
    of: int
    checked_met: int
    checked_of: int
    articles_met: int
    articles_of: int


@dataclass(frozen=True)
class PathwayListed:
    """One pathway of the list.

    Attributes
    ----------
    off_by_default : a hypothesis, which runs only when asked for by name.
    """

    id: str
    title: str
    grade: Grade
    kind: Kind
    site: str
    anchor_status: Standing
    anchors: AnchorCount
    ports: tuple[PortShown, ...]
    off_by_default: bool
    watermark: str | None
    parent: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True)
class PathwayDocument:
    """One run.

    Attributes
    ----------
    band : ``prior band`` where a parameter is assumed or recalled.
    watermark : what has to stand on everything that a hypothesis gives.
    """

    davy: str
    id: str
    title: str
    grade: Grade
    kind: Kind
    parameter_set: ParameterSet
    watermark: str | None
    says: str
    inputs: Mapping[str, float]
    outputs: tuple[OutputValue, ...]
    band: str
    draws: int
    seed: int
    anchors: tuple[Anchored, ...]
    explains: tuple[Explained, ...]
    attack: str

    def as_json(self) -> dict[str, Any]:
        """The document, its schema first."""
        return {"schema": "davy.pathway/1", **asdict(self)}


def listed(found: Pathway, anchors: Sequence[Anchored]) -> PathwayListed:
    """A pathway for the list."""
    row = found.row
    counts = Counter((one.parameter_set, one.status == "met") for one in anchors)
    own, stated = (counts[name, True] for name in PARAMETER_SETS)
    free = [one.status == "met" for one in anchors if one.parameter_set == "literature" and one.use == "checked"]
    return PathwayListed(
        id=row.id,
        title=row.title,
        grade=row.grade,
        kind=row.kind,
        site=row.site,
        anchor_status=standing(anchors),
        anchors=AnchorCount(
            met=own,
            of=own + counts["literature", False],
            checked_met=sum(free),
            checked_of=len(free),
            articles_met=stated,
            articles_of=stated + counts["articles", False],
        ),
        ports=tuple(_port(port) for port in (*found.inputs.values(), *found.outputs.values())),
        off_by_default=found.hypothesis,
        watermark=watermark(found),
        parent=row.parent,
        claims=row.claims,
    )


def pathway_document(made: PathwayRun) -> PathwayDocument:
    """A run as a document."""
    row = made.pathway.row
    return PathwayDocument(
        davy=__version__,
        id=row.id,
        title=row.title,
        grade=row.grade,
        kind=row.kind,
        parameter_set=made.parameter_set,
        watermark=made.watermark,
        says=row.says,
        inputs=made.inputs,
        outputs=made.outputs,
        band=made.band,
        draws=made.draws,
        seed=made.seed,
        anchors=made.anchors,
        explains=made.explains,
        attack=row.attack,
    )


def _port(port: PortRow) -> PortShown:
    return PortShown(
        name=port.port,
        direction=port.direction,
        label=port.label,
        unit=port.unit,
        compartment=port.compartment,
        low=port.low,
        high=port.high,
        default=port.value,
    )
