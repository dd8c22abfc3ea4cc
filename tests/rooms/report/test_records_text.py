"""What an import prints: where each value stands, what laboratories and medicine lists told."""

from __future__ import annotations

from datetime import date

from davy.followup.baseline import baseline_of
from davy.followup.records import Quarantined, Record
from davy.report.records_document import RecordsDocument
from davy.report.records_text import records_text


def document(clinical: tuple[Record, ...] = (), doubts: tuple[Quarantined, ...] = ()) -> RecordsDocument:
    return RecordsDocument(
        folder="me",
        dry_run=False,
        added=0,
        duplicate=0,
        withdrawn=0,
        quarantined=doubts,
        quarantined_count=len(doubts),
        ignored=(),
        warnings=(),
        days=(),
        baseline=baseline_of(()),
        began=None,
        clinical=clinical,
    )


def lab(day: int, value: float) -> Record:
    return Record(kind="lab", start=date(2026, 10, day), value=value, unit="mmol/L", text="serum-magnesium", source="s")


def test_the_newest_value_of_each_test_and_every_medicine_are_told() -> None:
    medicine = Record(kind="medicine", start=date(2026, 1, 5), text="omeprazole 20 mg", source="s")
    told = records_text(document(clinical=(lab(20, 0.82), lab(2, 0.71), medicine)))
    assert "Serum magnesium: 0.82 mmol/L on 2026-10-20, the newest of 2." in told
    assert "Medicines: omeprazole 20 mg." in told
    assert "Laboratory" not in records_text(document())


def test_a_bundle_has_entries_and_a_table_lines() -> None:
    doubts = tuple(Quarantined(file, 3, "82", "not possible") for file in ("bundle.json", "diary.csv"))
    told = records_text(document(doubts=doubts))
    assert "bundle.json, entry 3:" in told
    assert "diary.csv, line 3:" in told
