"""How much of the machine the generated step reaches: against gcc on the same step, and against the FMA peak."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from benchmarks.gcc import measured, peak_gflops
from benchmarks.rows import Row
from benchmarks.scenario import SCENARIOS

from davy.engine.rosenbrock import RODAS4, ROS3


def limits() -> Iterator[Row]:
    """Needs gcc; without it there is nothing to compare with."""
    if shutil.which("gcc") is None:
        return
    for name in ("m12", "m40", "body"):
        for method in (ROS3, RODAS4):
            found = measured(SCENARIOS[name], method, peak_gflops())
            case = f"{name}, {method.name}, {found.flops_per_step} flops a step"
            yield Row("of gcc -O3 -march=native", case, found.ratio, "x", 0.9, True, found.least, found.most)
            share = 100 * found.llvm_gflops / found.peak_gflops
            detail = f"{found.llvm_gflops:.1f} of {found.peak_gflops:.1f} GF/s"
            yield Row("of the FMA peak", case, share, "%", 18.0, detail=detail)
