"""What every resource of a file is read with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo

from davy.exchange.fhir.document import Document, Resource
from davy.followup.records import Quarantined

LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Context:
    """The document, what the source of its records is called, the day on which it is read, the person's own clock."""

    document: Document
    source: str
    today: date
    zone: tzinfo | None = None

    def doubt(self, resource: Resource, shown: str, why: str, *, test: str = "", day: str = "") -> Quarantined:
        """Something that is not believed, with the number of its entry in place of a line."""
        told = shown[:LONGEST_SHOWN] or resource.local
        return Quarantined(resource.file, resource.entry, told, why, test, day)
