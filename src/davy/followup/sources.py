"""Which of several sources counts where all of them measured the same thing, and what is told of those that do not.

What the person said of a day goes before any device. Of devices one that tells stages of sleep goes before one that
does not; then the order that the person declared decides, then the name. One source counts: they are never added up
and never averaged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from davy.followup.records import Kind, kind_row

STAGES, TOTAL = "stages", "measured"
"""The text of a day's value that a device gives: added up from stages of sleep, or a figure of its own."""
MEASURED: frozenset[Kind] = frozenset(("asleep", "sleep_onset", "hrv_sdnn", "hrv_rmssd", "resting_heart_rate"))
"""What several devices may measure at once without contradicting each other."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one source says; of a lower rank means that it knows better, whoever is preferred."""

    source: str
    value: float
    rank: int = 0


class Sources:
    """The order in which a person believes sources, and how often more than one spoke."""

    def __init__(self, prefer: tuple[str, ...]) -> None:
        self._prefer = {plain_name(name): place for place, name in reversed(list(enumerate(prefer)))}
        self._passed_over: Counter[tuple[Kind, str, str]] = Counter()

    def place(self, source: str) -> int:
        """How far back a source stands."""
        return self._prefer.get(plain_name(source), len(self._prefer))

    def preferred(self, sources: Mapping[str, object]) -> str | None:
        """The source of these that was declared first; None where none of them was."""
        first = min(sources, key=lambda name: (self.place(name), name), default=None)
        return None if first is None or self.place(first) == len(self._prefer) else first

    def choose(self, kind: Kind, told: Sequence[Told]) -> float | None:
        """The value that counts."""
        if not told:
            return None
        first = min(told, key=lambda one: (one.rank, self.place(one.source), one.source))
        undecided = self.place(first.source) == len(self._prefer)
        for one in told:
            if undecided and one.source != first.source and one.rank == first.rank:
                self._passed_over[kind, first.source, one.source] += 1
        return first.value

    def remarks(self) -> tuple[str, ...]:
        """What the person should know: where two sources spoke and none was preferred."""
        return tuple(
            f"{kind_row(kind).label}: on {count} day{'' if count == 1 else 's'} both '{first}' and '{other}' speak. "
            f"'{first}' counts, by its name alone; --prefer says which one you believe."
            for (kind, first, other), count in sorted(self._passed_over.items())
        )


def plain_name(source: str) -> str:
    """The name of a source as it is compared: whatever its case, apostrophes and spaces."""
    return " ".join(source.replace("\u2019", "'").replace("\u00a0", " ").casefold().split())
