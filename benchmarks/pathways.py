"""The pathways: a person-year of the body with all slow ones, the same dose by dose, and the command."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
from benchmarks.processes import spent
from benchmarks.rows import Row
from benchmarks.scenario import SCENARIOS

from davy.engine import Doses, build
from davy.pathways.coupled import coupled

_TIMES = 7
_YEAR_D = 365.0
_COMMAND = "from davy.cli.main import main; import sys; sys.exit(main(sys.argv[1:]))"


def person_year() -> Iterator[Row]:
    """CPU time of a person-year, and of one run of the command, warm; least and most of seven."""
    whole = coupled(hypotheses=True)
    engine = build(whole.model)
    size = f"{len(whole.pathways)} pathways, {len(whole.model.states)} states"
    theta = whole.theta(0, body={"avg_abs": 4.0})
    averaged = _taken(lambda: engine.solve(theta, Doses.none(), [_YEAR_D]))
    yield _row("person-year, absorption averaged", averaged, 0.2, size)
    times, states, amounts = zip(*sorted(SCENARIOS["body"].daily), strict=True)
    days = np.arange(_YEAR_D)
    doses = Doses((days[:, None] + np.array(times)).ravel(), list(states) * len(days), list(amounts) * len(days))
    begun = whole.theta(0)
    yield _row("person-year, dose by dose", _taken(lambda: engine.solve(begun, doses, [_YEAR_D])), 0.2, size)
    for told in (("run", "P03", "--set", "mg_mM=0.6", "--json"), ("list", "--json")):
        command = [sys.executable, "-c", _COMMAND, "pathways", *told]
        spent(command)
        used = [spent(command).cpu for _ in range(_TIMES)]
        yield _row(f"davy pathways {told[0]}", used, 1.0, "whole process, CPU")


def _taken(run: Callable[[], object]) -> list[float]:
    run()
    found: list[float] = []
    for _ in range(_TIMES):
        before = time.process_time()
        run()
        found.append(time.process_time() - before)
    return found


def _row(case: str, seconds: list[float], aim: float, detail: str) -> Row:
    middle = sorted(seconds)[len(seconds) // 2]
    return Row("pathways", case, middle, "s", aim, False, min(seconds), max(seconds), detail)
