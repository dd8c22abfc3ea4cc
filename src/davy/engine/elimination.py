"""The sparse factorisation and its solutions as loops that walk tables of the pattern."""

from __future__ import annotations

from collections.abc import Sequence

from davy.engine.arrays import Arrays
from davy.engine.factor import Plan
from davy.engine.functions import inverse


class Elimination:
    """Writes LU of shift - slopes in the array ``matrix``, and solutions in the array ``stages``."""

    def __init__(self, arrays: Arrays, plan: Plan, pattern: Sequence[tuple[int, int]]) -> None:
        self.arrays = arrays
        self.plan = plan
        self.pattern = pattern

    def counts(self) -> dict[str, int]:
        """How much room it needs, by array."""
        return {"matrix": len(self.plan.place), "pivots": self.arrays.size}

    def tables(self) -> dict[str, list[int]]:
        """Tables of the elimination; places and states count doubles, so that none is multiplied on the way."""
        plan, width = self.plan, self.arrays.write.types.width
        by_pivot = list(zip(plan.order, plan.lower, plan.upper, strict=True))
        below = [(i, p) for p, lower, _ in by_pivot for i in lower]
        beyond = [(p, j) for p, _, upper in by_pivot for j in upper]
        targets = [(i, j) for _, lower, upper in by_pivot for i in lower for j in upper]
        first_target = _running([len(upper) for _, lower, upper in by_pivot for _ in lower])
        return {
            "pivot": [p * width for p in plan.order],
            "diagonal": [plan.place[p, p] * width for p in plan.order],
            "lower_from": _running([len(lower) for lower in plan.lower]),
            "lower": [plan.place[entry] * width for entry in below],
            "lower_row": [i * width for i, _ in below],
            "upper_from": _running([len(upper) for upper in plan.upper]),
            "upper": [plan.place[entry] * width for entry in beyond],
            "upper_column": [j * width for _, j in beyond],
            "target_from": first_target,
            "target": [plan.place[entry] * width for entry in targets],
            "slope": [plan.place[entry] * width for entry in self.pattern],
        }

    def factorise(self, shift: str) -> None:
        """The matrix of this step from the slopes, which lie behind the rates, and its factors in its place."""
        arrays, write = self.arrays, self.arrays.write
        real = write.types.real

        def empty(index: str) -> None:
            arrays.put("matrix", arrays.at(index), write.types.constant(0.0))

        def slope(index: str) -> None:
            value = arrays.get("rates", arrays.at(write.whole("add", index, str(arrays.size))))
            arrays.put("matrix", arrays.table("slope", index), write.value(f"fneg {real} {value}"))

        def shifted(index: str) -> None:
            at = arrays.table("diagonal", index)
            arrays.put("matrix", at, write.real("fadd", arrays.get("matrix", at), shift))

        arrays.times(len(self.plan.place), empty)
        arrays.times(len(self.pattern), slope)
        arrays.times(arrays.size, shifted)
        arrays.times(arrays.size, self._eliminate)

    def _eliminate(self, k: str) -> None:
        """Eliminate one pivot."""
        arrays, write = self.arrays, self.arrays.write
        pivot = inverse(write, arrays.get("matrix", arrays.table("diagonal", k)))
        arrays.put("pivots", arrays.at(k), pivot)
        first = arrays.table("upper_from", k)

        def row(entry: str) -> None:
            at = arrays.table("lower", entry)
            factor = write.real("fmul", arrays.get("matrix", at), pivot)
            arrays.put("matrix", at, factor)
            begin = arrays.table("target_from", entry)

            def column(target: str) -> None:
                along = write.whole("add", first, write.whole("sub", target, begin))
                upper = arrays.get("matrix", arrays.table("upper", along))
                arrays.less("matrix", arrays.table("target", target), factor, upper)

            arrays.span("target_from", entry, column, "inner")

        arrays.span("lower_from", k, row, "middle")

    def solve(self, offset: int) -> None:
        """Solve in place for what begins at that place of ``stages``."""
        arrays, write = self.arrays, self.arrays.write

        def at(table: str, index: str) -> str:
            return write.whole("add", arrays.table(table, index), str(offset))

        def forward(k: str) -> None:
            value = arrays.get("stages", at("pivot", k))

            def entry(e: str) -> None:
                arrays.less("stages", at("lower_row", e), arrays.get("matrix", arrays.table("lower", e)), value)

            arrays.span("lower_from", k, entry, "middle")

        def backward(step: str) -> None:
            k = write.whole("sub", str(arrays.size - 1), step)
            place = at("pivot", k)

            def entry(e: str) -> None:
                other = arrays.get("stages", at("upper_column", e))
                arrays.less("stages", place, arrays.get("matrix", arrays.table("upper", e)), other)

            arrays.span("upper_from", k, entry, "middle")
            inverted = arrays.get("pivots", arrays.at(k))
            arrays.put("stages", place, write.real("fmul", arrays.get("stages", place), inverted))

        arrays.times(arrays.size, forward)
        arrays.times(arrays.size, backward)


def _running(counts: Sequence[int]) -> list[int]:
    """Where each run begins, and where the last ends."""
    total = [0]
    for count in counts:
        total.append(total[-1] + count)
    return total
