"""What ``davy qualify`` says in a terminal: the findings, how many limitations, where the files are."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from davy.qualify.dossier import dossier_of
from davy.qualify.parts import Qualified
from davy.report.words import first_up

_WIDTH = 100
_SAID = (
    "sbc",
    "planted",
    "plan-coverage",
    "soft-splay",
    "heavy-tails",
    "under-reported",
    "incomplete-urine",
    "misfits",
    "trials",
    "predictive",
    "decisions",
    "adapt",
    "n_of_1",
    "pathways",
)


def dossier_text(made: Qualified, folder: Path | None, written: Sequence[str]) -> str:
    """The short form of the dossier."""
    dossier = dossier_of(made.documents)
    lines: list[str] = []
    for name in _SAID:
        if name in dossier.findings:
            found = dossier.findings[name]
            mark = {True: "", False: " (does not hold)", None: ""}[found.held]
            lines += textwrap.wrap(f"{first_up(found.what)}: {found.sentence}{mark}.", _WIDTH, subsequent_indent="  ")
    broken = [found for found in dossier.findings.values() if found.part == "verification" and found.held is False]
    ran = [found for found in dossier.findings.values() if found.part == "verification" and found.held is not None]
    lines.append(f"Verification: {len(ran) - len(broken)} of {len(ran)} checks hold.")
    absent = [name for name, document in made.documents.items() if not document["available"]]
    if absent:
        lines.append(f"Not there yet, and said so in its document: {', '.join(absent)}.")
    lines.append(f"Known limitations, each with its size: {len(dossier.limitations)}.")
    if made.unexpected:
        lines += ["", "Not on record:", *(f"  {one}" for one in made.unexpected)]
    if folder is not None:
        lines += ["", f"Written to {folder}: {', '.join(written)}."]
    else:
        lines += ["", "Nothing was written; --out DIR writes the documents and dossier.html."]
    return "\n".join(lines) + "\n"
