"""Feeds bytes to every importer for a while, guided by what they reach, and says how many were run and what was found.

    python tests/fuzz/run.py [csv|json|xml|zip]... [--seconds N] [--keep DIR]

A file may be read or refused by name. Anything else that an importer raises is a finding: it is printed, its bytes are
kept in DIR, and the exit status is 1. Needs atheris, which is no requirement of Davy's.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
TARGETS = ("csv", "json", "xml", "zip")


def main() -> int:
    """Run every target in a process of its own and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)} (default: all)")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default 60)")
    parser.add_argument("--keep", type=Path, help="where inputs that found something are kept")
    asked = parser.parse_args()
    wrong = 0
    for name in asked.targets or TARGETS:
        with tempfile.TemporaryDirectory() as work:
            keep = asked.keep or Path(work)
            keep.mkdir(parents=True, exist_ok=True)
            command = [
                sys.executable, "-m", "tests.fuzz.target", name, work, f"-max_total_time={asked.seconds}",
                "-rss_limit_mb=3000", "-timeout=20", f"-artifact_prefix={keep}/{name}-",
            ]  # fmt: skip
            done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, errors="replace")
        counted = re.findall(r"^(?:Done|#)(\d+)|Done (\d+) runs", done.stderr, re.MULTILINE)
        runs = max((int(number) for pair in counted for number in pair if number), default=0)
        print(f"{name}: {runs:,} executions, {'nothing found' if done.returncode == 0 else 'A FINDING'}")
        if done.returncode != 0:
            wrong = 1
            print(done.stdout[-2000:] + done.stderr[-4000:])
    return wrong


if __name__ == "__main__":
    sys.exit(main())
