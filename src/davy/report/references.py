"""Numbers the sources of a page in the order in which they are cited."""

from __future__ import annotations

from collections.abc import Iterable

from davy.report.markup import NOTHING, Html, el, join


class References:
    """Collects cited source ids while the sections are written; the last section lists them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def cite(self, sources: Iterable[str]) -> Html:
        """Links to the sources, as small numbers; nothing when there are none."""
        ids = tuple(dict.fromkeys(sources))
        if not ids:
            return NOTHING
        links: list[Html | str] = []
        for source in ids:
            shown = self._numbers.setdefault(source, len(self._numbers) + 1)
            label = {"href": f"#ref-{shown}", "aria-label": f"source {shown}"}
            links += [el("a.cite", label, str(shown)), " "]
        return join(("\N{NO-BREAK SPACE}", el("span.cites", links[:-1])))

    @property
    def cited(self) -> tuple[tuple[int, str], ...]:
        """Number and id of every source cited so far."""
        return tuple((shown, source) for source, shown in self._numbers.items())
