"""The person-visits and the persons of a trial as Parquet files, written in blocks; only here is pyarrow known."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from davy.disk import settle
from davy.errors import StoreError
from davy.trials.chunk import CHARACTERISTICS, Chunk
from davy.trials.design import Trial
from davy.trials.timetable import Timetable, timetable

VISITS, PERSONS = "visits.parquet", "persons.parquet"


class Tables:
    """Two tables that grow block by block and get their names when they are whole.

    ``visits``: one row a person, visit and test, in order of enrolment. ``persons``: one row a person.
    """

    def __init__(self, trial: Trial, folder: Path) -> None:
        self._pa: Any = import_module("pyarrow")
        self._pq: Any = import_module("pyarrow.parquet")
        self._trial, self._plan, self._folder = trial, timetable(trial), folder
        self._writers: dict[str, Any] = {}

    def add(self, block: Chunk) -> None:
        """Write one block."""
        self._write(VISITS, _visits(self._pa, self._trial, self._plan, block))
        self._write(PERSONS, _persons(self._pa, self._plan, block))

    def close(self) -> None:
        """Finish both files."""
        for name, writer in self._writers.items():
            self._guarded(writer.close, name)
            settle(self._waiting(name), self._folder / name)

    def abandon(self) -> None:
        """Leave no half-written file behind."""
        for name in self._writers:
            self._waiting(name).unlink(missing_ok=True)

    def _waiting(self, name: str) -> Path:
        return self._folder / f"{name}.part"

    def _write(self, name: str, table: Any) -> None:
        def write() -> None:
            if name not in self._writers:
                path = str(self._waiting(name))
                self._writers[name] = self._pq.ParquetWriter(path, table.schema, compression="zstd")
            self._writers[name].write_table(table, row_group_size=table.num_rows)

        self._guarded(write, name)

    def _guarded(self, step: Any, name: str) -> None:
        try:
            step()
        except OSError as error:
            raise StoreError(
                f"{self._folder / name} cannot be written: {error}. The simulated persons are kept; "
                "make room and run the same command again"
            ) from None


def _words(pa: Any, names: tuple[str, ...], places: Any) -> Any:
    """A column of names, stored once each."""
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), pa.array(list(names), pa.string()))


def _gapped(pa: Any, values: Any) -> Any:
    """A column of numbers; NaN is null."""
    return pa.array(values, pa.float64(), mask=~np.isfinite(values))


def _visits(pa: Any, trial: Trial, plan: Timetable, block: Chunk) -> Any:
    cells = [
        (place, column)
        for place, slot in enumerate(plan.slots)
        for column, test in enumerate(trial.tests)
        if test in slot.tests
    ]
    persons, width = len(block.number), len(cells)
    places = np.array([place for place, _ in cells], dtype=np.int64)
    columns = np.array([column for _, column in cells], dtype=np.int64)
    arms = trial.arm_names
    on = np.array([[arms.index(name) for name in group.treatments] for group in plan.groups])
    periods = np.array([slot.period for slot in plan.slots], dtype=np.int64)
    days = np.array([slot.day for slot in plan.slots], dtype=np.int64)
    given = on[block.group][:, periods[places]]
    return pa.table(
        {
            "number": pa.array(np.repeat(block.number, width)),
            "person": pa.array(np.repeat(block.person, width)),
            "period": pa.array(np.tile(periods[places] + 1, persons).astype(np.int16)),
            "arm": _words(pa, arms, given.reshape(-1)),
            "day": pa.array(np.tile(days[places], persons).astype(np.int32)),
            "test": _words(pa, trial.tests, np.tile(columns, persons)),
            "value": _gapped(pa, block.value[:, places, columns].reshape(-1)),
            "true_value": _gapped(pa, block.true[:, places, columns].reshape(-1)),
        }
    )


def _persons(pa: Any, plan: Timetable, block: Chunk) -> Any:
    told = {name: pa.array(block.at_start[:, place].copy()) for place, name in enumerate(CHARACTERISTICS)}
    return pa.table(
        {
            "number": pa.array(block.number.copy()),
            "person": pa.array(block.person.copy()),
            "group": _words(pa, tuple(group.name for group in plan.groups), block.group),
            "left_day": _gapped(pa, block.left_d),
            "failed": pa.array(block.failed == 1),
            **told,
        }
    )
