"""exp, log, reciprocals and signed powers, written as lines of IR: the same operations in every lane, on every width.

exp reduces by powers of two and sums a minimax polynomial of degree 11; log follows the reduction and the
minimax polynomial of fdlibm (Sun Microsystems, 1993). Numbers below the smallest normal double count as 0.
A reciprocal starts from the machine's estimate, where there is one, and is brought to full precision by the
same multiplications at every width. All are tested against libm over their range.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from davy.engine.assembly import Assembly

_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ROUND = 6755399441055744.0
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_ONE_BITS = 0x3FF0000000000000
_FRACTION = 0x000FFFFFFFFFFFFF
_WHOLE_BITS = 0x4330000000000000
_WHOLE = 2.0**52
_LOG_OF_ONE = _WHOLE + 1023 * 2.0**40
_ABOUT_INVERSE = 0x7FDE623822FC16E6
_LEAST_NORMAL = 2.0**-1022
_LEAST_EXPONENT = -708.396418532264
_MOST_EXPONENT = 709.782712893384
_EXP = (
    (1.0, 1.0),
    (float.fromhex("0x1.000000000000ap-1"), float.fromhex("0x1.55555555554fap-3")),
    (float.fromhex("0x1.555555555088cp-5"), float.fromhex("0x1.1111111127b9cp-7")),
    (float.fromhex("0x1.6c16c18426742p-10"), float.fromhex("0x1.a01a012a69a31p-13")),
    (float.fromhex("0x1.a0199a16ccef8p-16"), float.fromhex("0x1.71df253a4315cp-19")),
    (float.fromhex("0x1.28ad68b76411ap-22"), float.fromhex("0x1.ad7f7af334b32p-26")),
)
"""Least largest relative error on |r| <= ln 2 / 2 (3.6e-18), by exchange in 60 digits; the first pair is exact."""
_LOG = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
"""See fdlibm, e_log.c."""


def _bits(write: Assembly, operation: str, a: str, number: int) -> str:
    """An operation on the 64-bit integers of every lane, with the same integer everywhere."""
    return write.value(f"{operation} {write.types.whole} {a}, {write.types.integer(number)}")


def _as_bits(write: Assembly, a: str) -> str:
    return write.value(f"bitcast {write.types.real} {a} to {write.types.whole}")


def _as_number(write: Assembly, a: str) -> str:
    return write.value(f"bitcast {write.types.whole} {a} to {write.types.real}")


def exp(write: Assembly, x: str) -> str:
    """The exponential; 0 where it is below the smallest normal double."""
    c = write.types.constant
    rounded = write.fma(x, c(1.0 / math.log(2.0)), c(_ROUND))
    k = write.real("fsub", rounded, c(_ROUND))
    r = write.fma(k, c(-_LN2_HIGH), x)
    r = write.fma(k, c(-_LN2_LOW), r)
    square = write.real("fmul", r, r)
    pairs = [write.fma(r, c(odd), c(even)) for even, odd in _EXP]
    fours = [write.fma(square, b, a) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]
    fourth = write.real("fmul", square, square)
    total = write.fma(fourth, write.fma(fourth, fours[2], fours[1]), fours[0])
    power = _bits(write, "shl", _as_bits(write, rounded), 52)
    value = _as_number(write, write.value(f"add {write.types.whole} {_as_bits(write, total)}, {power}"))
    value = write.choose(write.compare("olt", x, c(_LEAST_EXPONENT)), c(0.0), value)
    beyond = write.real("fadd", x, c(math.inf))
    return write.choose(write.compare("ole", x, c(_MOST_EXPONENT)), value, beyond)


def log(write: Assembly, x: str) -> str:
    """The natural logarithm; -infinity below the smallest normal double, NaN below 0."""
    c, times = write.types.constant, write.fma
    shifted = _bits(write, "add", _as_bits(write, x), _ONE_BITS - _SQRT_HALF_BITS)
    exponent = _bits(write, "or", _bits(write, "lshr", shifted, 52), _WHOLE_BITS)
    dk = write.real("fsub", _as_number(write, exponent), c(_WHOLE + 1023.0))
    fraction = _bits(write, "add", _bits(write, "and", shifted, _FRACTION), _SQRT_HALF_BITS)
    f = write.real("fsub", _as_number(write, fraction), c(1.0))
    s = write.real("fmul", f, inverse(write, write.real("fadd", f, c(2.0))))
    z = write.real("fmul", s, s)
    w = write.real("fmul", z, z)
    even = times(w, times(w, c(_LOG[5]), c(_LOG[3])), c(_LOG[1]))
    low, high = times(w, c(_LOG[2]), c(_LOG[0])), times(w, c(_LOG[6]), c(_LOG[4]))
    odd = times(write.real("fmul", w, w), high, low)
    half = write.real("fmul", write.real("fmul", f, f), c(0.5))
    rest = times(z, odd, times(w, even, half))
    tail = times(s, rest, write.real("fmul", dk, c(_LN2_LOW)))
    value = times(dk, c(_LN2_HIGH), write.real("fadd", write.real("fsub", f, half), tail))
    outside = write.real("fmul", write.real("fsub", x, c(1.0)), c(math.inf))
    outside = write.choose(write.compare("olt", x, c(0.0)), c(math.nan), outside)
    inside = write.masks("and", write.compare("oge", x, c(_LEAST_NORMAL)), write.compare("olt", x, c(math.inf)))
    return write.choose(inside, value, outside)


def parity(write: Assembly, exponent: str) -> str:
    """What a negative base makes of a power: 1 for an even whole exponent, -1 for an odd one, NaN for a broken one."""
    c, rint = write.types.constant, f"llvm.rint.{write.types.suffix}"

    def whole(value: str) -> str:
        return write.compare("oeq", value, write.call(rint, value))

    sign = write.choose(whole(write.real("fmul", exponent, c(0.5))), c(1.0), c(-1.0))
    return write.choose(whole(exponent), sign, c(math.nan))


def signed(write: Assembly, base: str, _: str, sign: str, size: str) -> str:
    """The power of a base from the power of its size and the parity of its exponent."""
    below = write.real("fmul", size, sign)
    return write.choose(write.compare("olt", base, write.types.constant(0.0)), below, size)


def _estimate(write: Assembly, x: str) -> str:
    """The machine's own reciprocal, good to 14 bits; the same bits in scalar and in vector registers."""
    real, pair, name = write.types.real, "<2 x double>", "llvm.x86.avx512.rcp14"
    if write.types.width > 1:
        return write.value(f"call {real} @{name}.pd.{64 * write.types.width}({real} {x}, {real} poison, i8 -1)")
    both = write.value(f"insertelement {pair} zeroinitializer, double {x}, i64 0")
    both = write.value(f"call {pair} @{name}.sd({', '.join([f'{pair} {both}'] * 3)}, i8 -1)")
    return write.value(f"extractelement {pair} {both}, i64 0")


def _inverted(write: Assembly, x: str) -> tuple[str, str]:
    """1 / x in full precision, and what it was estimated from."""
    first = _estimate(write, x)
    error = write.fma(write.minus(x), first, write.types.constant(1.0))
    better = write.fma(first, error, first)
    return write.fma(better, write.real("fmul", error, error), better), first


def inverse(write: Assembly, x: str) -> str:
    """Give 1 / x; an x of 0 or infinity may give NaN."""
    return _inverted(write, x)[0] if write.estimates else write.real("fdiv", write.types.constant(1.0), x)


def reciprocal(write: Assembly, x: str) -> str:
    """Give 1 / x, also for an x of 0 or infinity."""
    if not write.estimates:
        return inverse(write, x)
    value, first = _inverted(write, x)
    return write.choose(write.compare("uno", value, value), first, value)


def about_inverse(write: Assembly, x: str) -> str:
    """Give 1 / x within 13 %, for x > 0: enough for the weight of an error."""
    most = str(write.types.integer(_ABOUT_INVERSE))
    return _as_number(write, write.value(f"sub {write.types.whole} {most}, {_as_bits(write, x)}"))


def about_power(write: Assembly, x: str, exponent: float, factor: float) -> str:
    """Give `factor` times x to the `exponent` within 4 %, for x from 1e-12 to 1e12 and exponents from -1 to 0.

    The bits of a double read as a number are its logarithm, nearly.
    """
    c = write.types.constant
    bits = _bits(write, "or", _bits(write, "lshr", _as_bits(write, x), 12), _WHOLE_BITS)
    logarithm = write.real("fsub", _as_number(write, bits), c(_LOG_OF_ONE))
    power = write.fma(logarithm, c(exponent), c(_LOG_OF_ONE + math.log2(factor) * 2.0**40))
    return _as_number(write, _bits(write, "shl", _as_bits(write, power), 12))


FUNCTIONS: Mapping[str, Callable[..., str]] = {
    function.__name__: function for function in (exp, log, parity, signed, inverse, reciprocal, about_inverse)
}
"""By operation of the graph; each takes the assembly and the names of its arguments."""
