"""What the fuzzer begins with: small files of every format, as they should be."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

_CSV = (
    "Day,Time,Group,Food Name,Amount,Energy (kcal),Magnesium (mg),Category\n"
    '2026-11-01,08:14 AM,Breakfast,"Oats, rolled",80.00 g,311,138.0,Cereals\n2026-11-01,,Lunch,Soup,1 cup,90,,Soups\n',
    "Date,Energy (kcal),Magnesium (mg),Protein (g),Completed\n2026-11-03,2000,310.5,80,true\n",
    "Day,Time,Group,Metric,Unit,Amount\n2026-11-03,08:00 AM,,Magnesium,mg/dL,1.9\n2026-11-03,,,eGFR,mL/min,>90\n",
    "Date,Meal,Calories,Fat (g),Protein (g),Note\n2026-11-06,Breakfast,400,10,20,\n",
    "date,headache,start,end,pain_0_10,medicine,taken\n2026-03-01,yes,22:30,02:15,7,sumatriptan 50 mg,yes\n",
    "Datum;Kopfschmerz;Schmerz\n01.03.2026;ja;5,5\n13.03.2026;nein;0\n",
)
_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [<!ELEMENT HealthData (Record*)>]>\n'
    '<HealthData locale="en">\n'
    '<Record type="HKQuantityTypeIdentifierDietaryMagnesium" sourceName="App" unit="mg" value="80" '
    'startDate="2026-11-01 08:00:00 +0100" endDate="2026-11-01 08:00:00 +0100"/>\n'
    '<Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Watch" '
    'value="HKCategoryValueSleepAnalysisAsleepCore" startDate="2026-11-01 23:00:00 +0100" '
    'endDate="2026-11-02 06:00:00 +0100"><MetadataEntry key="k" value="v"/></Record>\n'
    "</HealthData>\n",
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><HealthData>&b;</HealthData>',
    '<Bundle xmlns="http://hl7.org/fhir"><entry/></Bundle>',
)


def _json() -> Iterator[str]:
    quantity = {"value": 1.75, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"}
    observation = {
        "resourceType": "Observation", "id": "a", "status": "final", "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "19123-9"}]}, "valueQuantity": quantity,
        "effectiveDateTime": "2026-11-02T08:10:00+01:00", "referenceRange": [{"high": quantity}],
    }  # fmt: skip
    drug = {"resourceType": "Medication", "id": "m", "code": {"text": "digoxin"}}
    statement = {
        "resourceType": "MedicationStatement", "status": "active", "subject": {"reference": "Patient/p"},
        "contained": [drug], "medicationReference": {"reference": "#m"}, "effectivePeriod": {"start": "2026-03"},
    }  # fmt: skip
    request = {
        "resourceType": "MedicationRequest", "status": "stopped", "intent": "order", "authoredOn": "2026-03-01",
        "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": {"text": "omeprazole"},
        "dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"end": "2026-05-01"}}}}],
    }  # fmt: skip
    for one in (observation, statement, request):
        yield json.dumps(one)
    entries = [{"fullUrl": f"urn:uuid:{k}", "resource": one} for k, one in enumerate((observation, statement, request))]
    yield json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
    yield f"{json.dumps(observation)}\n{json.dumps(statement)}\n"
    yield '[{"logId": 1, "dateOfSleep": "2026-11-02", "levels": {"summary": {}}}]'


def seeds(kind: str) -> Iterator[bytes]:
    """The seeds of a kind of file."""
    if kind == "zip":
        yield from (text.encode() for text in _XML)
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr("apple_health_export/export.xml", _XML[0])
        yield archive.getvalue()
        return
    yield from (text.encode() for text in {"csv": _CSV, "xml": _XML, "json": tuple(_json())}[kind])
