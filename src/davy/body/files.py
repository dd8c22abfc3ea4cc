"""A caller's file as text: what could do harm, or cannot be meant, is refused before any library sees it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from xml.parsers import expat

from davy.errors import ModelError

_LARGEST_MB = 64
_DEEPEST = 200
"""Elements, or brackets of a formula, inside one another."""

_LONGEST = 20_000
"""Characters of a formula."""

_DECLARATION = re.compile(r"^<\?xml\b[^>]*\?>")
_ENCODING = re.compile(r"""\sencoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = {"utf-8", "ascii", "iso8859-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def text_of(path: Path) -> str:
    """The text of a model file.

    Raises
    ------
    ModelError
        It is no regular file, too large, not in a known encoding, or holds what no model needs.
    """
    raw = _bytes(path)
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    if path.suffix not in (".ant", ".txt") and encoding == "utf-8":
        declaration = _DECLARATION.match(raw[:200].decode("latin-1"))
        declared = _ENCODING.search(declaration[0]) if declaration else None
        encoding = _known(declared[1], path) if declared else encoding
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ModelError(f"{path.name}: line {line}: not {encoding} text: {error.reason}") from error
    if "\0" in text:
        raise ModelError(f"{path.name}: holds a zero byte, so it is no text")
    if path.suffix in (".ant", ".txt"):
        return text
    return '<?xml version="1.0" encoding="UTF-8"?>' + _DECLARATION.sub("", text)


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise ModelError(f"{path}: is not a file")
        size = path.stat().st_size
        if size > _LARGEST_MB * 2**20:
            raise ModelError(f"{path}: {size // 2**20} MB is more than a model may have ({_LARGEST_MB} MB)")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error


def _known(name: str, path: Path) -> str:
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        encoding = ""
    if encoding not in _ENCODINGS:
        raise ModelError(f"{path.name}: line 1: the encoding {name!r} is not known; UTF-8 is right")
    return encoding


def check_xml(text: str, name: str) -> None:
    """Refuse what is not well-formed, declares a document type (entities), or nests too deeply."""
    parser, depth = expat.ParserCreate(), 0

    def place() -> str:
        return f"{name}: line {parser.CurrentLineNumber}"

    def doctype(*_: object) -> None:
        raise ModelError(f"{place()}: a document type (DOCTYPE) has no place in a model")

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise ModelError(f"{place()}: <{tag}> stands inside more than {_DEEPEST} others")
        for value in attributes.values():
            if len(value) > _DEEPEST:
                check_brackets(value, place())

    def closed(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise ModelError(
            f"{name}: line {error.lineno}: not well-formed XML: {expat.ErrorString(error.code)}"
        ) from error


def check_brackets(text: str, where: str) -> None:
    """Refuse a formula, or a statement of Antimony, that is longer or nests deeper than a formula may."""
    line = 1
    for statement in re.split(r"([;\n])", text):
        if len(statement) > _LONGEST:
            raise ModelError(f"{where}, line {line}: a statement of more than {_LONGEST} characters")
        depth = powers = 0
        for match in re.finditer(r"[()^]", statement):
            powers += match[0] == "^"
            depth += (match[0] == "(") - (match[0] == ")")
            if max(depth, powers) > _DEEPEST:
                raise ModelError(f"{where}, line {line}: more than {_DEEPEST} brackets inside one another")
        line += statement == "\n"
