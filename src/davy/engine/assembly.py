"""LLVM IR as text, written line by line: values get names, blocks get labels, memory gets room."""

from __future__ import annotations

from davy.engine.functions import Types, definitions

_UNARY_INTRINSICS = ("sqrt", "fabs", "floor", "sin", "cos", "rint")


class Lines:
    """Lines of one module so far, and the next free name."""

    def __init__(self, width: int) -> None:
        self.types = Types(width)
        self.lines: list[str] = []
        self._next = 0

    def fresh(self, prefix: str = "v") -> str:
        """A name that nothing bears yet."""
        self._next += 1
        return f"{prefix}{self._next}"

    def say(self, text: str) -> None:
        """Add a line without a value."""
        self.lines.append(f"  {text}")

    def value(self, text: str) -> str:
        """Add a line with a value; the name of the value."""
        name = f"%{self.fresh()}"
        self.lines.append(f"  {name} = {text}")
        return name

    def block(self, label: str) -> None:
        """Start a basic block."""
        self.lines.append(f"{label}:")

    def place(self, kind: str, count: int = 1) -> str:
        """Room on the stack for `count` values of that type."""
        return self.value(f"alloca {kind}, i64 {count}, align 64")

    def load(self, kind: str, pointer: str, index: str = "0") -> str:
        """The value of that type at `pointer` + index elements of its lane type."""
        address = self.value(f"getelementptr {_element(kind)}, ptr {pointer}, i64 {index}")
        return self.value(f"load {kind}, ptr {address}, align 8")

    def store(self, kind: str, value: str, pointer: str, index: str = "0") -> None:
        """Put a value of that type at `pointer` + index elements of its lane type."""
        address = self.value(f"getelementptr {_element(kind)}, ptr {pointer}, i64 {index}")
        self.say(f"store {kind} {value}, ptr {address}, align 8")


def _element(kind: str) -> str:
    return "i64" if kind.endswith("i64>") or kind == "i64" else "ptr" if kind == "ptr" else "double"


class Assembly(Lines):
    """A module on its way: arithmetic in every lane at once."""

    def __init__(self, width: int, *, fused: bool) -> None:
        super().__init__(width)
        self.fused = fused

    def real(self, operation: str, a: str, b: str) -> str:
        """`fadd`, `fsub`, `fmul` or `fdiv` in every lane."""
        return self.value(f"{operation} {self.types.real} {a}, {b}")

    def compare(self, how: str, a: str, b: str) -> str:
        """The mask of lanes in which the comparison holds; an `o` comparison holds for no NaN."""
        return self.value(f"fcmp {how} {self.types.real} {a}, {b}")

    def masks(self, operation: str, a: str, b: str) -> str:
        """`and`, `or` or `xor` of two masks."""
        return self.value(f"{operation} {self.types.mask} {a}, {b}")

    def choose(self, mask: str, a: str, b: str) -> str:
        """`a` where the mask is set, else `b`."""
        t = self.types
        return self.value(f"select {t.mask} {mask}, {t.real} {a}, {t.real} {b}")

    def choose_code(self, mask: str, a: str, b: str) -> str:
        """As `choose`, between 64-bit integers."""
        t = self.types
        return self.value(f"select {t.mask} {mask}, {t.whole} {a}, {t.whole} {b}")

    def larger(self, a: str, b: str) -> str:
        """The larger of two; `b` where either is NaN."""
        return self.choose(self.compare("ogt", a, b), a, b)

    def call(self, function: str, *arguments: str) -> str:
        """A call with real arguments and a real result."""
        real = self.types.real
        return self.value(f"call {real} @{function}({', '.join(f'{real} {argument}' for argument in arguments)})")

    def whole(self, operation: str, a: str, b: str) -> str:
        """An operation on two scalar 64-bit integers."""
        return self.value(f"{operation} i64 {a}, {b}")

    def anywhere(self, mask: str) -> str:
        """Whether the mask is set in any lane, as a scalar i1."""
        if self.types.width == 1:
            return mask
        bits = self.value(f"bitcast {self.types.mask} {mask} to i{self.types.width}")
        return self.value(f"icmp ne i{self.types.width} {bits}, 0")

    def text(self) -> str:
        """The module: intrinsics, functions, and what was written."""
        t = self.types
        declared = [f"declare {t.real} @llvm.{name}.{t.suffix}({t.real})" for name in _UNARY_INTRINSICS]
        declared.append(f"declare {t.real} @llvm.fma.{t.suffix}({t.real}, {t.real}, {t.real})")
        return "\n".join([*declared, "", definitions(t, fused=self.fused), "", *self.lines, ""])
