"""The one door to llvmlite: IR text in, object code out; object code in, functions of the machine out."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

Compiled = Callable[[int, int, int], None]
"""``function(first_tile, last_tile, address of the job)``; releases the interpreter while it runs."""

_SIGNATURE = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)
_LOCK = threading.Lock()
_KEPT: list[Any] = []
_SPEED = 2


@cache
def _binding() -> Any:
    binding: Any = import_module("llvmlite.binding")
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding


@cache
def features() -> Mapping[str, bool]:
    """What this machine's processor can do."""
    found: Mapping[str, bool] = dict(_binding().get_host_cpu_features())
    return found


def widest() -> int:
    """How many doubles a vector of this machine holds."""
    able = features()
    if able.get("avx512f"):
        return 8
    return 4 if able.get("avx2") else 2


def fused() -> bool:
    """Whether this machine multiplies and adds with one rounding."""
    able = features()
    return bool(able.get("fma") or able.get("neon") or able.get("fullfp16"))


def estimates() -> bool:
    """Whether this machine has an estimate of a reciprocal for doubles, in scalar and vector registers alike."""
    able = features()
    return bool(able.get("avx512f") and able.get("avx512vl"))


@cache
def machine() -> str:
    """A name that changes when compiled code may change: compiler, processor, what it can do."""
    binding = _binding()
    version = ".".join(str(part) for part in binding.llvm_version_info)
    package = import_module("llvmlite").__version__
    return f"llvmlite-{package} llvm-{version} {binding.get_host_cpu_name()} width-{widest()} {_flags()}"


def _flags() -> str:
    return ",".join(f"{'+' if on else '-'}{name}" for name, on in sorted(features().items()))


def _target() -> Any:
    binding = _binding()
    return binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=f"{_flags()},-prefer-256-bit",
        opt=_SPEED,
        codemodel="jitdefault",
        jit=True,
    )


def object_code(text: str) -> bytes:
    """An IR text compiled for this machine, to be loaded now or by another process."""
    binding = _binding()
    with _LOCK:
        target = _target()
        module = binding.parse_assembly(text)
        module.verify()
        tuning = binding.create_pipeline_tuning_options(speed_level=_SPEED)
        tuning.loop_vectorization = False
        tuning.slp_vectorization = False
        builder = binding.create_pass_builder(target, tuning)
        builder.getModulePassManager().run(module, builder)
        return bytes(target.emit_object(module))


def loaded(code: bytes, name: str) -> Compiled:
    """The function of that name in object code of `object_code`."""
    binding = _binding()
    with _LOCK:
        engine = binding.create_mcjit_compiler(binding.parse_assembly(""), _target())
        engine.add_object_file(binding.ObjectFileRef.from_data(code))
        engine.finalize_object()
        _KEPT.append(engine)
        return _callable(int(engine.get_function_address(name)))


def _callable(address: int) -> Compiled:
    function: Any = _SIGNATURE(address)

    def run(first: int, last: int, job: int) -> None:
        function(first, last, job)

    return run
