"""All figures in one command: ``python -m benchmarks.run``; ``--baseline`` stores them and shows them in the README.

Every ratio is of runs that took turns in this very call, in CPU time, at equal achieved error.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import apple_export, envelope, hardware, inference, pathways, population, processes, speed
from benchmarks.peers import versions
from benchmarks.rows import Row, table

BASELINE = Path(__file__).with_name("baseline.json")
README = Path(__file__).parents[1] / "README.md"
MARKS = "<!-- benchmarks -->", "<!-- end of benchmarks -->"
FIGURES: dict[str, Callable[[], Iterable[Row]]] = {
    "speed": speed.against_roadrunner,
    "others": speed.against_others,
    "hardware": hardware.limits,
    "cold": processes.cold_start,
    "population": population.scale,
    "inference": inference.one_person,
    "envelope": envelope.years,
    "plan": processes.plan,
    "records": apple_export.imported,
    "pathways": pathways.person_year,
}


def main() -> None:
    """Measure, show, and with ``--baseline`` store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", nargs="*", choices=[*FIGURES, []], help="which; none = all")
    parser.add_argument("--baseline", action="store_true", help="write baseline.json")
    options = parser.parse_args()
    wanted = options.figures or list(FIGURES)
    stored = json.loads(BASELINE.read_text())["rows"] if BASELINE.exists() else {}
    rows: dict[str, list[dict[str, Any]]] = {name: list(stored.get(name, ())) for name in FIGURES}
    for name in wanted:
        rows[name] = []
        for row in FIGURES[name]():
            rows[name].append(row.record())
            print(
                f"{row.figure}: {row.case}: {row.value:.3g} {row.unit} (met: {row.met}) {row.detail}", file=sys.stderr
            )
    print(table([row for name in wanted for row in rows[name]]))
    if options.baseline:
        document = {
            "measured": datetime.now(UTC).date().isoformat(),
            "processor": processor(),
            "python": platform.python_version(),
            "peers": versions(),
            "rows": rows,
        }
        BASELINE.write_text(json.dumps(document, indent=1) + "\n")
        README.write_text(shown_in(README.read_text(), document))


def shown_in(text: str, document: dict[str, Any]) -> str:
    """The README's text with its table as this document has it."""
    begin, end = (text.index(mark) for mark in MARKS)
    rows = [row for listed in document["rows"].values() for row in listed]
    peers = ", ".join(f"{name} {version}" for name, version in document["peers"].items())
    where = f"{document['processor']}, one core unless said, Python {document['python']}"
    head = f"Measured on {document['measured']}: {where}; {peers}."
    return f"{text[:begin]}{MARKS[0]}\n{head}\n\n{table(rows)}\n{text[end:]}"


def processor() -> str:
    """What the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
