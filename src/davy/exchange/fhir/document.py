"""A file of health records as its resources: JSON read within bounds, references followed inside the file only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from davy.errors import Fault, InputError

Tree = dict[str, Any]
LARGEST = 256 * 2**20
"""More bytes than this in one document are refused: the records of a life fit several times over."""
DEEPEST = 60
_NO_PERSON = frozenset(("Device", "Group", "Location"))
"""What a subject of R4 may be besides a patient."""


@dataclass(frozen=True)
class Resource:
    """One resource of a file: the number of its entry, from 1, its full address, and the resource that holds it."""

    tree: Tree
    file: str
    entry: int
    address: str = ""
    inside: Tree | None = None

    @property
    def kind(self) -> str:
        """Its resource type."""
        return text(self.tree, "resourceType")

    @property
    def local(self) -> str:
        """The address by which its own server names it, like ``Observation/7``; empty where it has no id."""
        name = text(self.tree, "id")
        return f"{self.kind}/{name}" if name and self.inside is None else ""


@dataclass(frozen=True)
class Document:
    """The resources of a file in order; others of it are found by the addresses under which they are named."""

    resources: tuple[Resource, ...]
    remarks: tuple[str, ...] = ()
    deleted: frozenset[str] = frozenset()

    @cached_property
    def _by_address(self) -> dict[str, Resource]:
        found: dict[str, Resource] = {}
        for one in self.resources:
            for address in (one.address, one.local):
                if address:
                    found.setdefault(address, one)
        return found

    @cached_property
    def mistaken(self) -> frozenset[int]:
        """The results that a report lists which is marked as entered in error, by their place in memory."""
        wrong = [one for one in self.resources if one.kind == "DiagnosticReport" and _in_error(one.tree)]
        found = (self.target(result, one) for one in wrong for result in trees(one.tree, "result"))
        return frozenset(id(one.tree) for one in found if one is not None)

    def target(self, reference: Tree, of: Resource) -> Resource | None:
        """The resource that a reference points to, where it lies in this file."""
        named = text(reference, "reference")
        if named.startswith("#"):
            outer = of.inside or of.tree
            inner = next((one for one in trees(outer, "contained") if text(one, "id") == named[1:]), None)
            return None if inner is None else Resource(inner, of.file, of.entry, inside=outer)
        bare = named.partition("/_history/")[0]
        return self._by_address.get(bare) or self._by_address.get("/".join(bare.split("/")[-2:]))

    def person(self, resource: Resource) -> str:
        """Whom a resource is about, by the name that all references to one person share; empty where none is named."""
        if self.no_person(resource):
            return ""
        subject = tree_of(resource.tree, "subject")
        found = self.target(subject, resource)
        named = text(subject, "reference").partition("/_history/")[0]
        return (found.address or found.local) if found is not None else named.rsplit("/", 1)[-1]

    def no_person(self, resource: Resource) -> str:
        """What a resource is about where that is no person, such as a device; empty where it may be one."""
        subject = tree_of(resource.tree, "subject")
        found = self.target(subject, resource) if subject else None
        named = text(subject, "reference").partition("/_history/")[0].split("/")
        kinds = ("" if found is None else found.kind, text(subject, "type"), named[-2] if len(named) > 1 else "")
        return next((kind for kind in kinds if kind in _NO_PERSON), "")


def _in_error(tree: Tree) -> bool:
    return text(tree, "status") == "entered-in-error"


def text(tree: Tree, key: str) -> str:
    """A field that is a text; empty where it is absent or something else."""
    value = tree.get(key)
    return value.strip() if isinstance(value, str) else ""


def tree_of(tree: Tree, key: str) -> Tree:
    """A field that is an object; empty where it is absent or something else."""
    value = tree.get(key)
    return cast("Tree", value) if isinstance(value, dict) else {}


def trees(tree: Tree, key: str) -> list[Tree]:
    """A field that is a list of objects; what is no object in it is passed over."""
    value = tree.get(key)
    found = cast("list[Any]", value) if isinstance(value, list) else []
    return [cast("Tree", one) for one in found if isinstance(one, dict)]


def parsed(content: bytes, where: str) -> Tree:
    """One JSON object.

    Raises
    ------
    InputError : it is none, it is nested too deep, a key stands twice in it, or a number is none.
    """
    try:
        told: Any = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_constant)
        if not isinstance(told, dict):
            raise ValueError('it is not an object, like {"resourceType": "Bundle"}')
        _refuse_deep(cast("Tree", told))
    except RecursionError:
        raise InputError([Fault(where, "it is nested too deep for a health record")]) from None
    except UnicodeDecodeError:
        raise InputError([Fault(where, "this is not UTF-8, which JSON has to be", "save it as UTF-8")]) from None
    except ValueError as error:
        raise InputError([Fault(where, f"this does not read as JSON: {error}", "export it again")]) from None
    return cast("Tree", told)


def _object(pairs: list[tuple[str, Any]]) -> Tree:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ValueError(f"the key '{twice[:40]}' stands twice in one object, and only one of them can be meant")
    return made


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _refuse_deep(tree: Tree) -> None:
    level: list[Any] = [tree]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (cast("Tree", one).values() if isinstance(one, dict) else cast("list[Any]", one))
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise RecursionError


def document_of(tree: Tree, file: str) -> Document:
    """The resources of a bundle, or the one resource that the document is."""
    if text(tree, "resourceType") != "Bundle":
        return Document(tuple(_with_inner([Resource(tree, file, 1)])))
    found: list[Resource] = []
    deleted: set[str] = set()
    for number, entry in enumerate(trees(tree, "entry"), start=1):
        resource, request = tree_of(entry, "resource"), tree_of(entry, "request")
        if text(request, "method") == "DELETE":
            deleted |= {text(entry, "fullUrl"), text(request, "url")} - {""}
        elif resource:
            found.append(Resource(resource, file, number, text(entry, "fullUrl")))
    return Document(tuple(_with_inner(found)), tuple(_about(tree)), frozenset(deleted))


def lines_of(content: bytes, file: str) -> Document:
    """The resources of NDJSON, one a line; raises InputError with the line where one does not read."""
    found = [
        Resource(parsed(line, f"{file}, line {number}"), file, number)
        for number, line in enumerate(content.splitlines(), start=1)
        if line.strip()
    ]
    return Document(tuple(_with_inner(found)))


def _with_inner(found: list[Resource]) -> Iterator[Resource]:
    """Each resource, and behind it the observations that it holds itself."""
    for outer in found:
        yield outer
        for one in trees(outer.tree, "contained"):
            if text(one, "resourceType") == "Observation":
                yield Resource(one, outer.file, outer.entry, inside=outer.tree)


def _about(bundle: Tree) -> Iterator[str]:
    """What the owner of a bundle should know about it as a whole."""
    if any(text(link, "relation") == "next" for link in trees(bundle, "link")):
        yield "it is one page of several, and the others are not in it; export all of them"
