"""exp, log and signed powers as LLVM IR: the same operations in every lane, on every width.

exp reduces by powers of two and sums the series to degree 13; log follows the reduction and the
minimax polynomial of fdlibm (Sun Microsystems, 1993). Both are tested against libm over their range.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable

_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ROUND = 6755399441055744.0
_ROUND_BITS = 0x4338000000000000
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_LOG = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)


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


class _Body:
    """Lines of one small function; each call adds one and returns the name of its value."""

    def __init__(self, types: Types, fused: bool) -> None:
        self.types = types
        self.fused = fused
        self.lines: list[str] = []

    def line(self, text: str) -> str:
        name = f"%t{len(self.lines)}"
        self.lines.append(f"  {name} = {text}")
        return name

    def real(self, operation: str, a: str, b: str) -> str:
        return self.line(f"{operation} {self.types.real} {a}, {b}")

    def whole(self, operation: str, a: str, b: str) -> str:
        return self.line(f"{operation} {self.types.whole} {a}, {b}")

    def compare(self, how: str, a: str, b: str) -> str:
        return self.line(f"fcmp {how} {self.types.real} {a}, {b}")

    def choose(self, mask: str, a: str, b: str) -> str:
        t = self.types
        return self.line(f"select {t.mask} {mask}, {t.real} {a}, {t.real} {b}")

    def fma(self, a: str, b: str, c: str) -> str:
        if not self.fused:
            return self.real("fadd", self.real("fmul", a, b), c)
        t = self.types
        return self.line(f"call {t.real} @llvm.fma.{t.suffix}({t.real} {a}, {t.real} {b}, {t.real} {c})")

    def cast(self, operation: str, value: str, *, to_real: bool) -> str:
        t = self.types
        source, target = (t.whole, t.real) if to_real else (t.real, t.whole)
        return self.line(f"{operation} {source} {value} to {target}")

    def text(self, name: str, arguments: Iterable[str], result: str) -> str:
        t = self.types
        listed = ", ".join(f"{t.real} %{argument}" for argument in arguments)
        head = f"define internal {t.real} @{name}({listed}) alwaysinline nounwind {{"
        return "\n".join([head, *self.lines, f"  ret {t.real} {result}", "}"])


def definitions(types: Types, *, fused: bool) -> str:
    """The IR of ``davy.exp``, ``davy.log`` and ``davy.signed`` for one width."""
    return "\n\n".join((_exp(types, fused), _log(types, fused), _signed(types, fused)))


def _exp(t: Types, fused: bool) -> str:
    b, c, i = _Body(t, fused), t.constant, t.integer
    x = b.choose(b.compare("olt", "%x", c(-746.0)), c(-746.0), "%x")
    x = b.choose(b.compare("ogt", x, c(710.0)), c(710.0), x)
    rounded = b.real("fadd", b.real("fmul", x, c(1.0 / math.log(2.0))), c(_ROUND))
    k = b.real("fsub", rounded, c(_ROUND))
    r = b.fma(k, c(-_LN2_HIGH), x)
    r = b.fma(k, c(-_LN2_LOW), r)
    total = c(1.0 / math.factorial(13))
    for degree in range(12, -1, -1):
        total = b.fma(total, r, c(1.0 / math.factorial(degree)))
    power = b.whole("sub", b.cast("bitcast", rounded, to_real=False), i(_ROUND_BITS))
    half = b.whole("ashr", power, i(1))
    for part in (half, b.whole("sub", power, half)):  # two factors reach the smallest and largest doubles
        bits = b.whole("shl", b.whole("add", part, i(1023)), i(52))
        total = b.real("fmul", total, b.cast("bitcast", bits, to_real=True))
    return b.text("davy.exp", ("x",), total)


def _log(t: Types, fused: bool) -> str:
    b, c, i = _Body(t, fused), t.constant, t.integer
    small = b.compare("olt", "%x", c(2.0**-1022))
    x = b.choose(small, b.real("fmul", "%x", c(2.0**54)), "%x")
    bits = b.cast("bitcast", x, to_real=False)
    k = b.whole("ashr", b.whole("sub", bits, i(_SQRT_HALF_BITS)), i(52))
    m = b.cast("bitcast", b.whole("sub", bits, b.whole("shl", k, i(52))), to_real=True)
    dk = b.real("fadd", b.cast("sitofp", k, to_real=True), b.choose(small, c(-54.0), c(0.0)))
    f = b.real("fsub", m, c(1.0))
    s = b.real("fdiv", f, b.real("fadd", f, c(2.0)))
    z = b.real("fmul", s, s)
    w = b.real("fmul", z, z)
    even = b.fma(w, b.fma(w, c(_LOG[5]), c(_LOG[3])), c(_LOG[1]))
    odd = b.fma(w, b.fma(w, b.fma(w, c(_LOG[6]), c(_LOG[4])), c(_LOG[2])), c(_LOG[0]))
    rest = b.fma(z, odd, b.real("fmul", w, even))
    half = b.real("fmul", b.real("fmul", f, f), c(0.5))
    tail = b.fma(s, b.real("fadd", half, rest), b.real("fmul", dk, c(_LN2_LOW)))
    inner = b.real("fsub", b.real("fsub", half, tail), f)
    value = b.real("fsub", b.real("fmul", dk, c(_LN2_HIGH)), inner)
    special = b.choose(b.compare("oeq", "%x", c(math.inf)), c(math.inf), c(math.nan))
    special = b.choose(b.compare("oeq", "%x", c(0.0)), c(-math.inf), special)
    inside = b.line(f"and {t.mask} {b.compare('ogt', '%x', c(0.0))}, {b.compare('olt', '%x', c(math.inf))}")
    return b.text("davy.log", ("x",), b.choose(inside, value, special))


def _signed(t: Types, fused: bool) -> str:
    """The power of `base` from the power of its size: the sign of a whole exponent, NaN for a broken one."""
    b, c = _Body(t, fused), t.constant

    def whole(value: str) -> str:
        return b.compare("oeq", value, b.line(f"call {t.real} @llvm.rint.{t.suffix}({t.real} {value})"))

    even = whole(b.real("fmul", "%exponent", c(0.5)))
    minus = b.line(f"fneg {t.real} %size")
    below = b.choose(whole("%exponent"), b.choose(even, "%size", minus), c(math.nan))
    value = b.choose(b.compare("olt", "%base", c(0.0)), below, "%size")
    value = b.choose(b.compare("oeq", "%exponent", c(0.0)), c(1.0), value)
    return b.text("davy.signed", ("base", "exponent", "size"), value)
