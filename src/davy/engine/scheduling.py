"""Puts straight lines of IR in the order in which a processor should meet them: what most has to wait for, first.

A processor looks only some hundred operations ahead, so it finds work in a step of thousands only if the order helps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_NAME = re.compile(r"%v\d+")
_LINE = re.compile(r"\s*(%v\d+) = (?:call [^@]*@)?([\w.]+)")
_CYCLES: Mapping[str, int] = {
    "fadd": 3, "fsub": 3, "fmul": 3, "fdiv": 13, "fcmp": 3, "fneg": 1, "load": 5, "getelementptr": 0, "bitcast": 0,
    "insertelement": 0, "extractelement": 0, "shufflevector": 0, "llvm.fma": 4, "llvm.sqrt": 20, "llvm.x86": 5,
}  # fmt: skip
"""About how long a result takes on the processors of today; what is not named takes one."""


def scheduled(lines: Sequence[str]) -> list[str]:
    """The same lines, each of which makes one value and none of which stores, in a better order of evaluation."""
    maker: dict[str, int] = {}
    takes: list[int] = []
    for index, line in enumerate(lines):
        found = _LINE.match(line)
        if found is None:
            raise ValueError(f"not a line that makes a value: {line!r}")
        maker[found[1]] = index
        takes.append(_CYCLES.get(".".join(found[2].split(".")[:2]), 1))
    ahead = [0] * len(lines)
    for index in range(len(lines) - 1, -1, -1):
        ahead[index] += takes[index]
        for name in _NAME.findall(lines[index])[1:]:
            if name in maker:
                ahead[maker[name]] = max(ahead[maker[name]], ahead[index])
    return [lines[index] for index in sorted(range(len(lines)), key=lambda index: (-ahead[index], index))]
