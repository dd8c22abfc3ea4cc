"""Logs put together anew, with hashes that fit, as somebody who knows how would write them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from davy.store.log import chained, first_hash

SCHEMA = "davy.decisions-log/1"


def rechained(lines: list[bytes]) -> list[bytes]:
    """The lines with hashes and numbers that fit, as somebody who knows how would write them."""
    before, made = first_hash(SCHEMA), list[bytes]()
    for number, line in enumerate(lines):
        said: dict[str, Any] = json.loads(line)
        rest = {"n": number, "type": said["type"], "body": said["body"]}
        text = json.dumps(rest, ensure_ascii=False, separators=(",", ":")).encode()[1:]
        before = chained(before, text)
        made.append(b'{"hash":"' + before.encode() + b'",' + text + b"\n")
    return made


def rewritten(path: Path, to: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Path:
    """A copy of a decision log, its plan not to be made again, each other body changed, its chain and head whole."""
    lines = list[bytes]()
    for line in path.read_bytes().splitlines():
        said = json.loads(line)
        body = said["body"]
        if body.get("action") == "begin":
            body = {key: value for key, value in body.items() if key not in ("inputs", "versions")}
        elif said["type"] == "decision":
            body = change(body)
        lines.append(json.dumps({"type": said["type"], "body": body}).encode())
    made = rechained(lines)
    copy = to / "decisions.jsonl"
    copy.write_bytes(b"".join(made))
    copy.with_suffix(".head").write_text(json.dumps({"entries": len(made), "hash": json.loads(made[-1])["hash"]}))
    return copy
