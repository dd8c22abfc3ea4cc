"""Scalar, SSE2, AVX2, AVX-512 and NEON widths: every build runs the same operations, so a person keeps every bit."""

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, llvm
from davy.engine.codegen import function_text
from davy.engine.program import Program
from davy.engine.solve import Engine
from davy.engine.trace import System

MODEL = """model own()
  G = 0; P = 12; H = 1; V = 14; Vm = 30; Km = 0.9; n = 2.3; w = 0.03; k = 4;
  G' = -Vm*G/(Km + G) - k*G;
  P' = Vm*G/(Km + G) + k*G - 20*w*ln(1 + exp((P/V - 0.84)/w)) - sqrt(P);
  H' = 2*(2/(1 + (P/V)^n) - H);
end
"""
ARITHMETIC = {"avx512": (True, True), "fma": (True, False), "plain": (False, False)}


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "own.ant"
    file.write_text(MODEL)
    return System(read_model(file))


def able(fused, estimates):
    return (not fused or llvm.fused()) and (not estimates or llvm.estimates())


def solved(system, method, width, arithmetic):
    fused, estimates = ARITHMETIC[arithmetic]
    model, program, name = system.model, Program(system, width), f"solve-{method}"
    text = function_text(system, name, width, fused=fused, estimates=estimates)
    program._functions[name] = llvm.loaded(llvm.object_code(text), "solve")
    theta = np.array([[model.defaults[key] for key in model.parameters]]) * np.linspace(0.7, 1.4, 11)[:, None]
    begin = np.array([[0.0, 12.0, 1.0]]) * np.ones((11, 1))
    path = Engine(model, (), program).solve(
        theta, Doses([0.1, 0.6], ["G"] * 2, [8.0, 3.0]), [0.3, 0.7, 2.0], initial=begin,
        rtol=1e-4 if method == "ros3" else 1e-6,
    )  # fmt: skip
    assert not path.status.any()
    return path.values[:, :, :3]


@pytest.mark.parametrize("method", ["ros3", "rodas4"])
@pytest.mark.parametrize("arithmetic", ARITHMETIC)
def test_every_width_gives_the_same_bits(system, method, arithmetic):
    if not able(*ARITHMETIC[arithmetic]):
        pytest.skip("this processor has not got it")
    every = [1, 2, 4, 8] if llvm.widest() == 8 else [1, 2, 4]
    widths = every if method == "ros3" else [every[0], every[-1]]
    found = [solved(system, method, width, arithmetic) for width in widths]
    for width, values in zip(widths, found, strict=True):
        assert values.tobytes() == found[0].tobytes(), f"width {width}"


def test_arithmetics_agree_within_the_tolerance(system):
    found = [solved(system, "rodas4", 2, name) for name, what in ARITHMETIC.items() if able(*what)]
    for values in found:
        assert values == pytest.approx(found[0], rel=1e-6)


@pytest.mark.parametrize(
    ("triple", "magic"),
    [
        ("aarch64-unknown-linux-gnu", (0, b"\x7fELF", 18, b"\xb7\x00")),
        ("aarch64-apple-darwin", (0, b"\xcf\xfa\xed\xfe", 4, b"\x0c\x00\x00\x01")),
    ],
)
def test_an_object_for_another_processor(system, triple, magic):
    """NEON is two doubles wide and fuses; its objects are written here and run elsewhere."""
    import llvmlite.binding as binding

    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    try:
        target = binding.Target.from_triple(triple)
    except RuntimeError:
        pytest.skip("this LLVM writes for its own processor alone")
    module = binding.parse_assembly(function_text(system, "solve-ros3", 2, fused=True, estimates=False))
    module.verify()
    module.triple = triple
    code = target.create_target_machine(opt=2, reloc="pic").emit_object(module)
    for at, expected in zip(magic[::2], magic[1::2], strict=True):
        assert code[at : at + len(expected)] == expected
    assert len(code) > 4000
