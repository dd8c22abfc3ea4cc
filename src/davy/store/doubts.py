"""What is still not believed of a folder: a line that was ahead of its time, and was read later, is believed."""

from __future__ import annotations

from collections.abc import Iterator

from davy.followup.records import Quarantined
from davy.store.folder import Folder

_AHEAD = "lies in the future"


def still_doubted(folder: Folder) -> Iterator[Quarantined]:
    """Everything set aside; of lines of a later day only those that were not read since, each as it was told last."""
    ahead = {(one.file, one.line, one.value): one for one in folder.quarantined() if _AHEAD in one.why}
    lines = {(one.file, one.line) for one in ahead.values()}
    records = folder.records() if ahead else ()
    believed = {(one.file, one.line) for one in records if (one.file, one.line) in lines}
    for one in folder.quarantined():
        if _AHEAD not in one.why:
            yield one
        elif ahead[one.file, one.line, one.value] == one and (one.file, one.line) not in believed:
            yield one
