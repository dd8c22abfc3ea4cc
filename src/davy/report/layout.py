"""The shapes that sections share: a section, a table, a figure with its table behind it, a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from davy.report.markup import Child, Html, el

WIDE, NARROW = 680, 288
"""A figure is laid out twice [px]: for a desk or paper, and for a telephone. CSS shows one of them."""


_SHORT = 8
"""A table of so few rows is not parted by the end of a page."""


@dataclass(frozen=True)
class Table:
    """A table: column heads, rows, what it shows; the columns named in `numeric` are set flush right.

    A table of `prose` folds on a narrow screen: each row becomes a short block under its head.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Child, ...], ...]
    numeric: tuple[int, ...] = ()
    prose: bool = False


@dataclass(frozen=True)
class Drawing:
    """The inside of a figure at one width [px]."""

    height: float
    parts: tuple[Html, ...]


@dataclass(frozen=True)
class Figure:
    """What a figure says before it is drawn, and how to draw it at a width [px]."""

    name: str
    title: str
    desc: str
    draw: Callable[[int], Drawing]
    table: Table


def section(name: str, heading: str, *children: Child) -> Html:
    """One section of the page, under a heading of the second level."""
    return el(f"section#{name}", {"aria-labelledby": f"{name}-h"}, el(f"h2#{name}-h", heading), *children)


def bullets(items: Sequence[Child], kind: str = "ul") -> Html | None:
    """A list, or nothing when it is empty."""
    return el(kind, [el("li", item) for item in items]) if items else None


def table(made: Table) -> Html:
    """A table whose first cell of each row is its head; it scrolls sideways by itself on a narrow screen."""

    def cell(column: int, content: Child) -> Html:
        style = ".n" if column in made.numeric else ""
        role = {"role": ("rowheader" if column == 0 else "cell") if made.prose else None}
        if column == 0:
            return el(f"th{style}", {"scope": "row"}, role, content)
        return el(f"td{style}", {"data-head": made.heads[column] if made.prose else None}, role, content)

    head = [el("th.n" if k in made.numeric else "th", {"scope": "col"}, text) for k, text in enumerate(made.heads)]
    row_role = {"role": "row" if made.prose else None}
    body = [el("tr", row_role, [cell(k, content) for k, content in enumerate(row)]) for row in made.rows]
    kinds = [*(["prose"] if made.prose else []), *(["short"] if len(made.rows) <= _SHORT else [])]
    kind = {"class": " ".join(kinds) or None, "role": "table" if made.prose else None}
    return el(
        "div.scroll",
        {"tabindex": 0, "role": "group", "aria-label": made.caption},
        el("table", kind, el("caption", made.caption), el("thead", el("tr", head)), el("tbody", body)),
    )


def _svg(made: Figure, width: int, suffix: str) -> Html:
    drawing = made.draw(width)
    title, desc = f"{made.name}-{suffix}-t", f"{made.name}-{suffix}-d"
    attributes = {
        "viewBox": f"0 0 {width} {drawing.height:.0f}",
        "role": "img",
        "aria-labelledby": title,
        "aria-describedby": desc,
    }
    return el(
        f"svg.{suffix}", attributes, el(f"title#{title}", made.title), el(f"desc#{desc}", made.desc), drawing.parts
    )


def figure(made: Figure) -> Html:
    """A figure, its caption, and the same numbers as a table behind it."""
    return el(
        "figure",
        _svg(made, WIDE, "wide"),
        _svg(made, NARROW, "narrow"),
        el("figcaption", el("strong", made.title), " ", made.desc),
        el("details", el("summary", f"The numbers behind: {made.title.rstrip('.')}"), table(made.table)),
    )
