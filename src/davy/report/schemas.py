"""The JSON Schema of each document, generated from the types it is written from."""

from __future__ import annotations

from typing import Any, cast

from pydantic import TypeAdapter

from davy.evidence.meta.dose_document import DoseResponse
from davy.evidence.meta.pooled import PooledEffect
from davy.exchange.diary.mapping import mapping_schema
from davy.followup.baseline import DiaryBaseline
from davy.followup.n_of_1.design_file import design_schema
from davy.followup.n_of_1.result import AnalysisDocument
from davy.people.file import person_schema
from davy.planning.result import Plan
from davy.qualify.calibration.documents import Covered, Sbc
from davy.report.audit_documents import AuditDocument
from davy.report.documents import CheckDocument, FitDocument, SimulateDocument
from davy.report.evidence_documents import ClaimDocument, EvidenceDocument
from davy.report.follow_document import FollowDocument
from davy.report.pathways_document import PathwayDocument, PathwayListed
from davy.report.records_document import records_schema
from davy.report.replay_document import ReplayDocument
from davy.trials.design import trial_schema
from davy.trials.result import TrialResult

_QUALIFY = ("sbc", "coverage")
_HEAD = {
    "davy": {"type": "string"},
    "seed": {"type": "integer"},
    "full": {"type": "boolean"},
    "available": {"const": True},
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERDICTS = {"enum": ["allowed", "with_care", "refused"], "type": "string"}
_TYPES: dict[str, type] = {
    "plan": Plan,
    "check": CheckDocument,
    "simulate": SimulateDocument,
    "fit": FitDocument,
    "evidence": EvidenceDocument,
    "audit": AuditDocument,
    "pool": PooledEffect,
    "dose-response": DoseResponse,
    "trial": TrialResult,
    "sbc": Sbc,
    "coverage": Covered,
    "baseline": DiaryBaseline,
    "follow": FollowDocument,
    "nof1": AnalysisDocument,
    "replay": ReplayDocument,
    "pathway": PathwayDocument,
}
_LISTS: dict[str, TypeAdapter[Any]] = {
    "claims": TypeAdapter(tuple[ClaimDocument, ...]),
    "pathways": TypeAdapter(tuple[PathwayListed, ...]),
}
"""Documents that are a list."""
_OWN_VERDICTS = frozenset({"nof1", "replay"})
"""Documents whose verdict is not one of safety."""
NAMES = (
    "audit",
    "baseline",
    "check",
    "claims",
    "coverage",
    "diary-mapping",
    "dose-response",
    "evidence",
    "fit",
    "follow",
    "nof1",
    "nof1-design",
    "pathway",
    "pathways",
    "person",
    "plan",
    "pool",
    "records",
    "replay",
    "sbc",
    "simulate",
    "trial",
    "trial-design",
)


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema of the document ``davy.<name>/1``."""
    if name == "person":
        return person_schema()
    if name in _LISTS:
        listed = _LISTS[name].json_schema(mode="serialization")
        _close(listed)
        return {"$schema": DIALECT, "$id": f"davy.{name}/1", **listed}
    elsewhere = {"trial-design": trial_schema, "diary-mapping": mapping_schema, "records": records_schema}
    elsewhere["nof1-design"] = design_schema
    if name in elsewhere:
        return elsewhere[name]()
    made = TypeAdapter(_TYPES[name]).json_schema(mode="serialization")
    _close(made)
    properties = made["properties"]
    if "verdict" in properties and name not in _OWN_VERDICTS:
        properties["findings"] = {"type": "array", "items": {"$ref": "#/$defs/Finding"}}
        properties["verdict"] = VERDICTS
    for unused in ("Allowed", "WithCare", "Refused"):
        made["$defs"].pop(unused, None)
    per_100 = made["$defs"].get("Per100")
    if per_100 is not None:
        per_100["properties"]["with"] = per_100["properties"].pop("with_")
        per_100["required"] = sorted(per_100["properties"])
    if name in _QUALIFY:
        properties |= _HEAD
    properties["schema"] = {"const": f"davy.{name}/1"}
    made["required"] = sorted(properties)
    return {"$schema": DIALECT, "$id": f"davy.{name}/1", **made}


def _close(part: Any) -> None:
    """Every object names all its keys: each is required and no other is allowed."""
    if isinstance(part, dict):
        part = cast("dict[str, Any]", part)
        if part.get("type") == "object" and "properties" in part:
            part["additionalProperties"] = False
            part["required"] = sorted(part["properties"])
        for inner in part.values():
            _close(inner)
    elif isinstance(part, list):
        for inner in cast("list[Any]", part):
            _close(inner)
