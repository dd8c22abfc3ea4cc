"""A YAML or JSON text as a plain tree in which every node knows its line.

Scalars stay text, so that a clock time is never read as a number in base sixty. Anchors, tags and endless nesting are
refused: a person file needs none of them, and each is a way to make a small file enormous.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from davy.errors import Fault, InputError

MOST_NODES = 20_000
DEEPEST = 8


@dataclass(frozen=True)
class Scalar:
    """A single word or number, as text."""

    text: str
    quoted: bool
    line: int

    @property
    def is_null(self) -> bool:
        """Whether nothing is said here, which means unknown."""
        return not self.quoted and self.text.strip().lower() in ("", "~", "null")


@dataclass
class Items:
    """A list."""

    line: int
    nodes: list[Node] = field(default_factory=list["Node"])


@dataclass
class Entries:
    """A mapping; `pairs` keeps what was written, also a key that was written twice."""

    line: int
    pairs: list[tuple[Scalar, Node]] = field(default_factory=list[tuple[Scalar, "Node"]])
    waiting: Scalar | None = None


Node = Scalar | Items | Entries
Place = Sequence[str | int]


def _without_json_traps(text: str) -> str:
    """JSON as YAML reads it: tabs between tokens become spaces, escaped surrogate pairs become their character."""
    return re.sub(
        r'"(?:[^"\\]|\\.)*"|\t',
        lambda match: " " if match[0] == "\t" else json.dumps(json.loads(match[0]), ensure_ascii=False),
        text,
    )


def _events(text: str, name: str) -> Iterator[yaml.Event]:
    try:
        if text.lstrip().startswith("{"):
            json.loads(text)
            text = _without_json_traps(text)
    except (ValueError, RecursionError):
        pass  # not JSON: let it be read as YAML, whose faults carry lines
    try:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)  # pyright: ignore[reportUnknownMemberType]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        right = 'write it in quotes: unit: "%"' if "character '%'" in str(error.problem) else ""
        raise InputError([Fault(f"{name}{line}", f"this does not read as YAML: {error.problem}", right)]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise InputError([Fault(name, f"this does not read as YAML: {str(error).splitlines()[0]}")]) from None


def _add(parent: Items | Entries, node: Node, name: str) -> None:
    if isinstance(parent, Items):
        parent.nodes.append(node)
    elif parent.waiting is not None:
        parent.pairs.append((parent.waiting, node))
        parent.waiting = None
    elif isinstance(node, Scalar):
        parent.waiting = node
    else:
        raise InputError([Fault(f"{name}, line {node.line}", "a key must be a single word")])


def _opened(event: yaml.Event, line: int, name: str) -> Node | None:
    """The node that an event begins, or None where it begins none."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise InputError([Fault(f"{name}, line {line}", "anchors (& and *) are not read here", "write the value out")])
    if isinstance(event, yaml.ScalarEvent):
        node = Scalar(event.value, event.style is not None, line)
    elif isinstance(event, yaml.SequenceStartEvent):
        node = Items(line)
    elif isinstance(event, yaml.MappingStartEvent):
        node = Entries(line)
    else:
        return None
    if getattr(event, "tag", None) not in (None, "!"):
        raise InputError([Fault(f"{name}, line {line}", "tags (!) are not read here", "leave the tag out")])
    return node


def read_tree(text: str, name: str) -> Node:
    """The tree of one YAML or JSON document.

    Parameters
    ----------
    text : the document.
    name : what to call it in faults, as its file name.

    Raises
    ------
    InputError : it is not YAML, holds more than one document, or uses anchors, tags or too much nesting.
    """
    root = Items(1)
    stack: list[Items | Entries] = [root]
    for count, event in enumerate(_events(text, name)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        node = _opened(event, line, name)
        if node is not None:
            _add(stack[-1], node, name)
            if not isinstance(node, Scalar):
                stack.append(node)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            stack.pop()
        if len(stack) > DEEPEST or count > MOST_NODES:
            raise InputError([Fault(f"{name}, line {line}", "this is larger or deeper than any person file")])
    if len(root.nodes) > 1:
        raise InputError([Fault(name, "two documents in one file", "one person, one file")])
    return root.nodes[0] if root.nodes else Entries(1)


def duplicates(node: Node, place: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], int, int]]:
    """Keys that are written twice in one mapping: their place, the line of the first, the line of the repeat."""
    found: list[tuple[tuple[str | int, ...], int, int]] = []
    if isinstance(node, Items):
        for index, child in enumerate(node.nodes):
            found += duplicates(child, (*place, index))
    elif isinstance(node, Entries):
        seen: dict[str, int] = {}
        for key, child in node.pairs:
            if key.text in seen:
                found.append(((*place, key.text), seen[key.text], key.line))
            seen.setdefault(key.text, key.line)
            found += duplicates(child, (*place, key.text))
    return found


def plain_entries(node: Entries) -> dict[str, object]:
    """A mapping as dicts, lists and text; what is null is left out, since absent and unknown are the same."""
    return {
        key.text: _plain(child)
        for key, child in reversed(node.pairs)
        if not (isinstance(child, Scalar) and child.is_null)
    }


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Items):
        return [_plain(child) for child in node.nodes]
    return plain_entries(node)


def line_of(node: Node, place: Place) -> int:
    """The line where a place stands, or the nearest place above it that was written."""
    line = node.line
    for step in place:
        if isinstance(node, Items) and isinstance(step, int) and step < len(node.nodes):
            node = node.nodes[step]
            line = node.line
        elif isinstance(node, Entries):
            pair = next(((key, child) for key, child in node.pairs if key.text == str(step)), None)
            if pair is None:
                return line
            line, node = pair[0].line, pair[1]
        else:
            return line
    return line
