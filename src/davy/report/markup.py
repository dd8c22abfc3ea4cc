"""HTML as values: `el` makes an element, and every plain string inside it is escaped.

Text that a person or a table brought in can therefore never become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TypeAlias, cast

VOID = frozenset({"meta", "br", "hr", "link", "img", "col", "input"})
_SELECTOR = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)((?:[.#][\w-]+)*)")


@dataclass(frozen=True)
class Html:
    """Finished markup; the only thing that is not escaped."""

    text: str

    def __str__(self) -> str:
        return self.text


Attributes: TypeAlias = "Mapping[str, str | int | float | None]"
Child: TypeAlias = "Html | str | Attributes | Iterable[Child] | None"

NOTHING = Html("")


def number(value: float) -> str:
    """A coordinate to two decimals, without trailing zeros."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def _attribute(name: str, value: str | int | float) -> str:
    shown = number(value) if isinstance(value, float) else str(value)
    return f' {name}="{escape(shown, quote=True)}"'


def _children(child: Child) -> Iterable[str]:
    if child is None or isinstance(child, Mapping):
        return
    if isinstance(child, Html):
        yield child.text
    elif isinstance(child, str):
        yield escape(child, quote=False)
    else:
        for one in child:
            yield from _children(one)


def el(selector: str, *children: Child) -> Html:
    """One element.

    Parameters
    ----------
    selector : the tag, with classes and id as in CSS: ``p.lead``, ``section#food``.
    children : text (escaped), `Html` (as it is), a mapping (attributes; None leaves one out), None (nothing),
        or an iterable of these.
    """
    matched = _SELECTOR.fullmatch(selector)
    if matched is None:
        raise ValueError(f"not a selector: {selector!r}")
    tag = matched[1]
    classes = re.findall(r"\.([\w-]+)", matched[2])
    ids = re.findall(r"#([\w-]+)", matched[2])
    attributes: dict[str, str | int | float | None] = {}
    if ids:
        attributes["id"] = ids[0]
    if classes:
        attributes["class"] = " ".join(classes)
    for child in children:
        if isinstance(child, Mapping):
            attributes.update(cast("Attributes", child))
    opened = tag + "".join(_attribute(name, value) for name, value in attributes.items() if value is not None)
    if tag in VOID:
        return Html(f"<{opened}>")
    return Html(f"<{opened}>{''.join(_children(children))}</{tag}>")


def join(children: Iterable[Child]) -> Html:
    """Several pieces one after another."""
    return Html("".join(_children(tuple(children))))
