"""LLVM IR as text, written line by line: values get names, blocks get labels, memory gets room."""

from __future__ import annotations

import struct

_UNARY_INTRINSICS = ("sqrt", "fabs", "floor", "sin", "cos", "tan", "asin", "acos", "atan", "rint")


def literal(value: float) -> str:
    """A double as LLVM writes it, bit by bit."""
    return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"


class Types:
    """Names of the types of one width; width 1 is scalar."""

    def __init__(self, width: int) -> None:
        self.width = width
        vector = width > 1
        self.real = f"<{width} x double>" if vector else "double"
        self.whole = f"<{width} x i64>" if vector else "i64"
        self.mask = f"<{width} x i1>" if vector else "i1"
        self.suffix = f"v{width}f64" if vector else "f64"
        self.everywhere = "splat (i1 true)" if vector else "true"

    def constant(self, value: float) -> str:
        """A double in every lane."""
        return f"splat (double {literal(value)})" if self.width > 1 else literal(value)

    def integer(self, value: int) -> str:
        """A 64-bit integer in every lane."""
        return f"splat (i64 {value})" if self.width > 1 else str(value)


class Lines:
    """Lines of one module so far, what stands apart from them (tables, other functions), and the next free name."""

    def __init__(self, width: int) -> None:
        self.types = Types(width)
        self.lines: list[str] = []
        self.apart: list[str] = []
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

    def whole(self, operation: str, a: str, b: str) -> str:
        """An operation on two scalar 64-bit integers."""
        return self.value(f"{operation} i64 {a}, {b}")

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
    """A module on its way: arithmetic in every lane at once.

    Attributes
    ----------
    fused : whether the machine multiplies and adds with one rounding.
    estimates : whether it has the AVX-512 estimate of a reciprocal; elsewhere it divides.
    """

    def __init__(self, width: int, *, fused: bool, estimates: bool = False) -> None:
        super().__init__(width)
        self.fused = fused
        self.estimates = estimates

    def real(self, operation: str, a: str, b: str) -> str:
        """`fadd`, `fsub`, `fmul` or `fdiv` in every lane."""
        return self.value(f"{operation} {self.types.real} {a}, {b}")

    def minus(self, a: str) -> str:
        """The negative in every lane."""
        return self.value(f"fneg {self.types.real} {a}")

    def fma(self, a: str, b: str, c: str) -> str:
        """Give a * b + c in every lane, rounded once where the machine can."""
        if not self.fused:
            return self.real("fadd", self.real("fmul", a, b), c)
        return self.call(f"llvm.fma.{self.types.suffix}", a, b, c)

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
        if self.estimates:
            kind = t.real if t.width > 1 else "<2 x double>"
            name = f"pd.{64 * t.width}" if t.width > 1 else "sd"
            declared.append(
                f"declare {kind} @llvm.x86.avx512.rcp14.{name}({', '.join([kind] * (2 + (t.width == 1)))}, i8)"
            )
        return "\n".join([*declared, "", *self.apart, "", *self.lines, ""])
