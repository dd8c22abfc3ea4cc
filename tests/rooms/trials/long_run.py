"""Runs a trial in a process of its own, so that a test can kill it: FILE OUT CHUNK WORKERS [largest file in bytes]."""

from __future__ import annotations

import sys
from pathlib import Path

from davy.errors import DavyError
from davy.trials.run import run_trial


def main() -> int:
    file, out, chunk, workers, *limit = sys.argv[1:]
    if limit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[0]), int(limit[0])))
    try:
        run_trial(file, out=Path(out), chunk=int(chunk), workers=int(workers) if workers.isdigit() else workers)
    except DavyError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
