"""Resources of FHIR for the tests: an observation, a medicine, a bundle of one invented person."""

from __future__ import annotations

import json
from typing import Any

LOINC, UCUM, ATC = "http://loinc.org", "http://unitsofmeasure.org", "http://www.whocc.no/atc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
MG, MG_MOLAR, MG_URINE = "19123-9", "2601-3", "24447-5"


def observation(code: str = MG, value: float | None = 1.75, unit: str = "mg/dL", **more: Any) -> dict[str, Any]:
    """A final result of 2 November 2026; what is given as None is left out."""
    made: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-11-02T08:10:00+01:00",
    }
    if value is not None:
        made["valueQuantity"] = {"value": value, "unit": unit, "system": UCUM, "code": unit}
    return {key: one for key, one in {**made, **more}.items() if one is not None}


def medicine(name: str = "omeprazole 20 mg", kind: str = "MedicationStatement", **more: Any) -> dict[str, Any]:
    """An active medicine since March 2026."""
    made: dict[str, Any] = {
        "resourceType": kind,
        "status": "active",
        "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"text": name},
    }
    if kind == "MedicationStatement":
        made["effectivePeriod"] = {"start": "2026-03-01"}
    else:
        made |= {"intent": "order", "authoredOn": "2026-03-01"}
    return {key: one for key, one in {**made, **more}.items() if one is not None}


def bundle(*resources: dict[str, Any], **more: Any) -> str:
    """A bundle, as text."""
    entries = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries, **more})
