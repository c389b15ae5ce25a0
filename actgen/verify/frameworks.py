"""Which frameworks there are, and what runs each of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from actgen.verify.programs import PROGRAMS, find_program


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """One way to run a framework: its label, the file it measures, the module that does it.

    Attributes:
        label, framework, module: its name, whose file it measures, the Python module that does it.
        needs: the importable packages, or the programs, without which it does not run.
        environment: variables of its process.
        flushes: whether subnormals become 0.
        always: what it runs at every point where the oracle is asked.
        in_float64: what it runs there in float64 beside that.
        modes: what a thorough verification runs beside that.
        devices: where it can compute.
    """

    label: str
    framework: str
    module: str
    needs: tuple[str, ...]
    environment: Mapping[str, str]
    flushes: bool
    always: tuple[str, ...] = ("function", "partials", "backward")
    in_float64: tuple[str, ...] = ("autograd",)
    modes: tuple[str, ...] = ()
    devices: tuple[str, ...] = ("cpu", "cuda")

    def obstacle(self, device: str) -> str:
        """Why it cannot run, whatever is installed; empty if it can."""
        return "" if device in self.devices else f"{self.framework} computes on {' and '.join(self.devices)} only"


_COMPILED = ("compiled", "compiled backward")
_BACKENDS = {
    "tensorflow": (*_COMPILED, "jit_compile", "jit_compile backward"),
    "jax": _COMPILED,
    "torch": (),
}


def runners(framework: str, thorough: bool) -> tuple[Runner, ...]:
    """The processes that verify a framework; Keras on every backend if thorough, else on the first that is there.

    Raises:
        KeyError: if no framework has that name.
    """
    if framework != "keras":
        return (_PLAIN[framework],)
    every = tuple(_keras(backend) for backend in _BACKENDS)
    there = tuple(r for r in every if not missing(r)) or every[:1]
    return there if thorough else there[:1]


def _keras(backend: str) -> Runner:
    return Runner(
        label=f"keras[{backend}]",
        framework="keras",
        module="actgen.verify.run_keras",
        needs=("keras", backend),
        environment={"KERAS_BACKEND": backend},
        flushes=backend != "torch",
        modes=_BACKENDS[backend],
    )


_PLAIN = {
    "torch": Runner(
        label="torch",
        framework="torch",
        module="actgen.verify.run_torch",
        needs=("torch",),
        environment={},
        flushes=False,
        modes=(*_COMPILED, "compiled grad", "compiled jvp", "exported", "exported backward"),
    ),
    "jax": Runner(
        label="jax",
        framework="jax",
        module="actgen.verify.run_jax",
        needs=("jax",),
        environment={},
        flushes=True,
        modes=(*_COMPILED, "op by op", "op by op backward"),
    ),
    "javascript": Runner(
        label="javascript",
        framework="javascript",
        module="actgen.verify.run_javascript",
        needs=("node",),
        environment={},
        flushes=False,
        always=("function", "partials"),
        in_float64=(),
        devices=("cpu",),
    ),
}


def missing(runner: Runner) -> tuple[str, ...]:
    """The packages and programs that a runner needs and this Python does not have; nothing is imported."""
    return tuple(name for name in runner.needs if not _is_there(name))


def _is_there(name: str) -> bool:
    if name in PROGRAMS:
        return find_program(name) is not None
    return importlib.util.find_spec(name) is not None


def first_installed(names: Collection[str]) -> tuple[str, ...]:
    """Of some frameworks the one that stands for all where one must do; none if this Python has none of them."""
    there = (n for n in ("torch", "jax", "keras") if n in names and not missing(runners(n, False)[0]))
    return tuple(there)[:1]
