"""A bar on stderr that says how far, how fast and how long still; on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

_WIDTH = 24
_OFTEN_S = 0.2


def progress_bar(what: str) -> Callable[[int, int], None] | None:
    """A function that shows (done, in all), or None where nobody would see it."""
    if not sys.stderr.isatty():
        return None
    began = time.monotonic()
    seen: list[tuple[float, int]] = []

    def show(done: int, total: int) -> None:
        now = time.monotonic()
        if not seen:
            seen.append((began, 0))
        if done < total and now - seen[-1][0] < _OFTEN_S and len(seen) > 1:
            return
        seen.append((now, done))
        sys.stderr.write(f"\r{bar(what, done, total, now - began)}\x1b[K" + ("\n" if done >= total else ""))
        sys.stderr.flush()

    return show


def bar(what: str, done: int, total: int, elapsed_s: float) -> str:
    """One line: how much is done, the rate, the time left."""
    share = done / total if total else 1.0
    filled = int(_WIDTH * share)
    rate = done / elapsed_s if elapsed_s > 0 else 0.0
    left = f", {lasting((total - done) / rate)} left" if rate > 0 and done < total else ""
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {done:,} of {total:,} {what}, {rate:,.0f} a second{left}"


def lasting(seconds: float) -> str:
    """A time in the units people use."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    if whole < 5400:
        return f"{round(whole / 60)} min"
    return f"{whole / 3600:.1f} h"
