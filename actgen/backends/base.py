"""What a backend is, and the registry that finds one by name without importing the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the command line asks for the backends' names, and must not load SymPy for that
    from actgen.activation import Activation
    from actgen.formats import Composite
    from actgen.program.program import Program
    from actgen.symbolic.derivation import Derivation


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Everything that a backend prints from: one activation, its mathematics, its program.

    `composite` is the format that the files compute float32 in; `float32` also takes the 16-bit formats from float64.
    """

    activation: Activation
    derivation: Derivation
    program: Program
    composite: Composite = "float64"


class Backend(Protocol):
    """Prints one activation for one target."""

    name: str

    def files(self, unit: Unit) -> Mapping[str, str]:
        """File name (inside the activation's folder) to its whole text, header included.

        Raises:
            MissingOpsError: if the target lacks an op that the program uses.
        """
        ...


class MissingOpsError(Exception):
    """A backend cannot spell some ops of the table."""

    def __init__(self, backend: str, ops: frozenset[str]) -> None:
        self.backend, self.ops = backend, ops
        super().__init__(f"backend {backend} has no {', '.join(sorted(ops))}")


KERNEL = "kernel"
"""Not a target of its own: its file lies beside those of the others, which use it."""

KERNEL_HEADER = "_kernel.h"
"""How the name of its file ends, after that of the activation."""

CUDA_EXTENSION = "cuda-extension"
"""Written where it is asked for, beside what it is made of: PyTorch's file."""

_BUILT = ("torch", "keras", "jax", "javascript")
_FUSED = frozenset({"torch", "keras", "jax"})
_MADE_OF = {CUDA_EXTENSION: "torch"}
_BACKENDS = {name: f"actgen.backends.{name.replace('-', '_')}" for name in (*_BUILT, KERNEL, *_MADE_OF)}


_FILES = {"javascript": "{}.js", KERNEL: f"{{}}{KERNEL_HEADER}"}


def file_name(activation: str, target: str) -> str:
    """The one file of a framework or of the kernel, in the folder of an activation of that name."""
    return _FILES.get(target, f"{{}}_{target}.py").format(activation)


def backend_names() -> tuple[str, ...]:
    """Every framework whose file a build writes, in a fixed order."""
    return _BUILT


def every_name() -> tuple[str, ...]:
    """Every backend there is, also those that no build can be asked for."""
    return tuple(_BACKENDS)


def target_names() -> tuple[str, ...]:
    """Everything that a build can be asked for."""
    return (*_BUILT, *_MADE_OF)


def uses_kernel(names: Collection[str]) -> bool:
    """Whether the files of any of these frameworks can compute with the kernel."""
    return any(name in _FUSED for name in names)


def with_bases(names: Sequence[str]) -> tuple[str, ...]:
    """Targets, each once, with the frameworks that those which are no framework are made of."""
    return tuple(dict.fromkeys(found for name in names for found in (_MADE_OF.get(name, name), name)))


def backend(name: str) -> Backend:
    """The backend of this name; its module is imported only now.

    Raises:
        KeyError: if there is none.
    """
    found: Backend = import_module(_BACKENDS[name]).BACKEND
    return found
