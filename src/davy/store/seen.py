"""Which contents were seen before, in constant memory: what does not fit goes to a nameless file on disk."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self

from davy.errors import StoreError
from davy.store.log import Entry

_CACHE_KIB = 32_768
_DIGITS = 32
"""So much of an id [hex digits] is kept: 128 bits, which no two contents share by chance."""


_INSERT = "INSERT OR IGNORE INTO seen VALUES (?)"


class Seen:
    """A set of ids [hex] that takes little memory however many they are, and is gone when it is closed."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        for pragma in (f"cache_size = -{_CACHE_KIB}", "journal_mode = OFF", "synchronous = OFF"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE seen (id BLOB PRIMARY KEY) WITHOUT ROWID")
        self._database.execute("BEGIN")  # one transaction to the end: each of its own would walk all changed pages
        self._cursor = self._database.cursor()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()

    def add(self, identifier: str) -> bool:
        """Put an id in; whether it is new."""
        try:
            made = self._cursor.execute(_INSERT, (bytes.fromhex(identifier[:_DIGITS]),))
        except sqlite3.Error as error:
            raise StoreError(f"the folder for temporary files takes no more: {error}; make room there") from None
        return made.rowcount == 1

    def visit(self, entry: Entry) -> None:
        """Put in the content of an entry of a log, where it has an id."""
        if "id" in entry.body:
            self.add(str(entry.body["id"]))
