"""The same step through gcc, and the machine's own limit: how much of it the generated code reaches.

``python -m benchmarks.gcc [m12 body ...]``. The step's lines of IR are put into C word for word, so both compilers get
the same operations in the same order; each runs real steps of a fixed size, turn about, and CPU time is compared.
Needs gcc and a processor with AVX-512 or AVX2; nothing of this is part of Davy.
"""

from __future__ import annotations

import ctypes
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.scenario import SCENARIOS, Scenario

from davy.engine import build, llvm
from davy.engine.assembly import Assembly
from davy.engine.emission import Emission
from davy.engine.rosenbrock import RODAS4, ROS3, Method, traced_step
from davy.engine.scheduling import scheduled
from davy.engine.tiles import Hoisted, tile_function
from davy.engine.trace import System

FLAGS = (
    "-O3", "-march=native", "-mprefer-vector-width=512",
    "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math",
)  # fmt: skip
_PAIRS, _STEPS = 9, 100_000
_INFIX = {
    "fadd": "+",
    "fsub": "-",
    "fmul": "*",
    "fdiv": "/",
    "add": "+",
    "sub": "-",
    "and": "&",
    "or": "|",
    "shl": "<<",
}
_COMPARE = {"olt": "{} < {}", "ole": "{} <= {}", "ogt": "{} > {}", "oge": "{} >= {}", "oeq": "{} == {}",
            "une": "{} != {}", "uno": "~(({0} == {0}) & ({1} == {1}))"}  # fmt: skip
_HEAD = r"""
#include <immintrin.h>
#include <stdint.h>
typedef double v __attribute__((vector_size(BYTES)));
typedef int64_t vi __attribute__((vector_size(BYTES)));
typedef uint64_t vu __attribute__((vector_size(BYTES)));
static inline v bits(uint64_t b) { vu x = (vu){} + b; return (v)x; }
static inline v magnitude(v x) { return (v)((vi)x & ((vi){} + 0x7fffffffffffffffLL)); }
typedef double u __attribute__((vector_size(BYTES), aligned(8)));
"""


@dataclass(frozen=True)
class Result:
    """One method on one model: rates of the two compilers' code and the machine's limit."""

    name: str
    ratio: float
    least: float
    most: float
    flops_per_step: int
    llvm_gflops: float
    gcc_gflops: float
    peak_gflops: float

    def line(self) -> str:
        """One line for a reader."""
        share = 100 * self.llvm_gflops / self.peak_gflops
        return (
            f"{self.name}: LLVM/gcc {self.ratio:.2f} [{self.least:.2f}, {self.most:.2f}], {self.flops_per_step} flops, "
            f"{self.llvm_gflops:.1f} GF/s against {self.gcc_gflops:.1f}; {share:.0f} % of {self.peak_gflops:.1f} GF/s"
        )


class Stepper:
    """A loop of steps of one size over one tile: ``data`` holds states, scales, kept values, and the error."""

    def __init__(self, scenario: Scenario, method: Method) -> None:
        self.width = llvm.widest()
        self.system = System(scenario.model)
        self.step = traced_step(self.system, method)
        self.roots = [*self.step.after, *self.step.scales, self.step.error]
        self.hoisted = Hoisted(self.step.graph, self.roots)
        self.scenario = scenario

    def assembly(self) -> tuple[Assembly, list[str]]:
        """The module, and the lines of the step alone."""
        write = Assembly(self.width, fused=llvm.fused(), estimates=llvm.estimates())
        size, inside = self.system.size, list[str]()

        def body(_: str) -> None:
            data = write.load("ptr", "%job", "0")

            def at(index: int) -> str:
                return str(index * self.width)

            def leaf(operation: str, index: int) -> str:
                if operation == "step":
                    return write.types.constant(1 / 128)
                return write.load(write.types.real, data, at(index + (size if operation == "scale" else 0)))

            begin = len(write.lines)
            given = {
                n: write.load(write.types.real, data, at(2 * size + 1 + i)) for i, n in enumerate(self.hoisted.nodes)
            }
            values = Emission(write, self.step.graph, leaf).emit(self.roots, given)
            write.lines[begin:] = scheduled(write.lines[begin:])
            for index, value in enumerate(values):
                write.store(write.types.real, value, data, at(index))
            inside.extend(write.lines[begin:])

        tile_function(write, "steps", lambda: None, body)
        return write, inside

    def data(self) -> np.ndarray:
        """States at the model's start, scales of one, and the kept values of the default parameters."""
        model, t = self.scenario.model, self.width
        write = Assembly(t, fused=llvm.fused(), estimates=llvm.estimates())

        def body(_: str) -> None:
            theta, out = write.load("ptr", "%job", "0"), write.load("ptr", "%job", "1")
            emission = Emission(write, self.step.graph, lambda _, i: write.load(write.types.real, theta, str(i * t)))
            self.hoisted.keep(write, emission, out)

        tile_function(write, "kept", lambda: None, body)
        theta = np.zeros((self.system.columns, t))
        theta[: len(model.parameters)] = np.array([model.defaults[name] for name in model.parameters])[:, None]
        kept = np.zeros((max(1, len(self.hoisted.nodes)), t))
        table = np.array([theta.ctypes.data, kept.ctypes.data])
        llvm.loaded(llvm.object_code(write.text()), "kept")(0, 1, int(table.ctypes.data))
        start = build(model).initial(theta[: len(model.parameters), :1].T)[0]
        states = np.zeros((self.system.size, t))
        states[: len(start)] = start[:, None]
        return _aligned(np.concatenate([states, np.abs(states) + 1e-3, np.zeros((1, t)), kept]))


def _aligned(values: np.ndarray) -> np.ndarray:
    """A copy that begins where a line of the processor's cache does."""
    room = np.zeros(values.nbytes + 64, dtype=np.uint8)
    begin = -room.ctypes.data % 64
    copy = room[begin : begin + values.nbytes].view(values.dtype).reshape(values.shape)
    copy[:] = values
    return copy


def in_c(lines: list[str], width: int) -> str:
    """Lines of IR as C with vector extensions, one statement a line."""
    translation = _Translation("_mm512" if width == 8 else "_mm256")
    return "\n        ".join(filter(None, (translation.statement(line.strip()) for line in lines)))


class _Translation:
    """Puts single lines into C; remembers what addresses are called."""

    def __init__(self, vector: str) -> None:
        self.vector = vector
        self.address: dict[str, str] = {}

    def statement(self, line: str) -> str:
        """The statement for a line; empty where it only makes an address."""
        if line.startswith("store"):
            value, pointer = re.findall(r"%\w+", line)
            return f"*(u*){self.address[pointer]} = {value[1:]};"
        made, _, rest = line.partition(" = ")
        kind, operands = rest.split()[0], re.findall(r"%\w+|splat \([^)]*\)", rest)
        if kind == "getelementptr":
            offset = re.search(r"i64 (\d+)$", rest)
            self.address[made] = f"(data + {offset[1] if offset else 0})"
            return ""
        if kind == "load":
            return f"const v {made[1:]} = *(const u*){self.address[operands[0]]};"
        whole = kind == "fcmp" or (kind != "select" and ("i1" in rest.split(",")[0] or rest.endswith("i64>")))
        whole = whole or kind in ("lshr", "shl") or (kind in _INFIX and "x i64>" in rest)
        return f"const {'vi' if whole else 'v'} {made[1:]} = {self._value(kind, rest, operands)};"

    def _value(self, kind: str, rest: str, operands: list[str]) -> str:
        values = [self._operand(operand) for operand in operands]
        simple = {
            "fneg": "-{0}", "select": "{0} ? {1} : {2}", "lshr": "(vi)((vu){0} >> (vu){1})",
            "bitcast": "(vi){0}" if rest.endswith("i64>") else "(v){0}",
        }  # fmt: skip
        if kind == "fcmp":
            return _COMPARE[rest.split()[1]].format(*values)
        if kind == "call":
            return self._called(rest, values)
        return simple[kind].format(*values) if kind in simple else f"{values[0]} {_INFIX[kind]} {values[1]}"

    def _called(self, rest: str, values: list[str]) -> str:
        if "fabs" in rest:
            return f"magnitude({values[0]})"
        for key, function in (("fma", "fmadd"), ("rcp14", "rcp14"), ("sqrt", "sqrt")):
            if key in rest:
                return f"{self.vector}_{function}_pd({', '.join(values)})"
        raise ValueError(rest)

    @staticmethod
    def _operand(token: str) -> str:
        if token.startswith("%"):
            return token[1:]
        kind, number = token.removeprefix("splat (").removesuffix(")").split()
        return f"bits({number}ull)" if kind == "double" else f"((vi){{}} + {number}ll)"


def measured(scenario: Scenario, method: Method, peak: float) -> Result:
    """Both compilers' code on one scenario, turn about."""
    stepper = Stepper(scenario, method)
    write, lines = stepper.assembly()
    ours = llvm.loaded(llvm.object_code(write.text()), "steps")
    body = in_c(lines, stepper.width)
    source = (
        _HEAD.replace("BYTES", str(8 * stepper.width))
        + 'extern "C" void steps(int64_t first, int64_t last, double** job) {\n'
        + "    double* data = job[0];\n    for (int64_t tile = first; tile < last; tile++) {\n        "
        + body + "\n    }\n}\n"
    )  # fmt: skip
    theirs = _library(source, "step.cpp").steps
    theirs.argtypes = [ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p]
    flops = sum(
        2 if "llvm.fma" in line else bool(re.search(r"= f(add|sub|mul|div) |llvm.sqrt", line)) for line in lines
    )
    rows = [(_seconds(ours, stepper.data()), _seconds(theirs, stepper.data())) for _ in range(_PAIRS)]
    ratios = [gcc / own for own, gcc in rows]
    rate = flops * stepper.width * _STEPS / 1e9
    own, gcc = (rate / statistics.median(row[k] for row in rows) for k in (0, 1))
    name = f"{scenario.name} {method.name}"
    return Result(name, statistics.median(ratios), min(ratios), max(ratios), flops, own, gcc, peak)


def _seconds(function: Callable[[int, int, int], None], data: np.ndarray) -> float:
    table = np.array([data.ctypes.data])
    function(0, 100, int(table.ctypes.data))
    begin = time.process_time()
    function(0, _STEPS, int(table.ctypes.data))
    return time.process_time() - begin


def _library(source: str, name: str) -> ctypes.CDLL:
    folder = Path(tempfile.mkdtemp())
    (folder / name).write_text(source)
    compiler = "g++" if name.endswith("cpp") else "gcc"
    command = [compiler, *FLAGS, "-w", "-shared", "-fPIC", "-o", str(folder / "code.so"), str(folder / name)]
    subprocess.run(command, check=True)  # noqa: S603
    return ctypes.CDLL(str(folder / "code.so"))


def peak_gflops() -> float:
    """The most multiply-adds in a second of one core, best of five [GF/s]."""
    function = _library((Path(__file__).parent / "peak.c").read_text(), "peak.c").peak_flops
    function.argtypes, function.restype = [ctypes.c_long], ctypes.c_double
    return max(float(function(4_000_000)) for _ in range(5)) / 1e9


def main() -> None:
    """Print one line a model and method."""
    for name in sys.argv[1:] or ("m12", "m40", "body"):
        for method in (ROS3, RODAS4):
            print(measured(SCENARIOS[name], method, peak_gflops()).line(), flush=True)


if __name__ == "__main__":
    main()
