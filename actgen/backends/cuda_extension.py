"""The CUDA extension: a folder that builds into a wheel for PyTorch, with kernels that nvcc compiles ahead of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import actgen
from actgen.backends.base import CUDA_EXTENSION, KERNEL, Unit, backend
from actgen.backends.kernel import struct_name
from actgen.backends.torch import packaged
from actgen.emit.header import origin
from actgen.emit.templates import render
from actgen.native.runtime import cuda_grids, library
from actgen.resources import extension_files, runtime_files

FOLDER = "cuda_extension"
"""Of the activation's folder."""

_PYTHON = ("arguments.py", "torch_fused.py", "torch_results.py", "torch_sharding.py")
_CONSTANTS = {
    "SHORTEST_ROW": library.SHORTEST_ROW,
    "THREADS": cuda_grids.THREADS,
    "ACCESS": cuda_grids.ACCESS,
    "WARP": cuda_grids.WARP,
    "BLOCKS": cuda_grids.BLOCKS,
    "LONGEST": cuda_grids.LONGEST,
    "WIDEST": cuda_grids.WIDEST,
}


@dataclass(frozen=True, slots=True)
class CudaExtensionBackend:
    """Prints one activation as the source of a wheel."""

    name: str = CUDA_EXTENSION

    def files(self, unit: Unit) -> Mapping[str, str]:
        """Every file of the folder `cuda_extension`.

        Raises:
            MissingOpsError: if the math header lacks an op.
        """
        activation = unit.activation
        package = f"actgen_{activation.name}"
        files = {
            **_sources(unit),
            **{f"{package}/{name}": runtime_files()[name] for name in _PYTHON},
            f"{package}/{activation.name}_torch.py": packaged(unit),
        }
        context = {
            "header": origin(activation.source.file_name, activation.source.sha256),
            "name": activation.name,
            "title": activation.title,
            "layer": activation.class_name,
            "exported": sorted((activation.class_name, activation.name, "partials")),
            "version": actgen.__version__,
        }
        for name, template in {
            "README.md": "readme.md",
            "pyproject.toml": "pyproject.toml",
            "setup.py": "setup.py",
            f"{package}/__init__.py": "package.py",
            f"{package}/torch_ops.py": "torch_ops.py",
        }.items():
            files[name] = render(f"cuda_extension/{template}.j2", context)
        files["MANIFEST.in"] = "graft csrc\n"
        return {f"{FOLDER}/{name}": text for name, text in files.items()}


BACKEND = CudaExtensionBackend()


def _sources(unit: Unit) -> dict[str, str]:
    """What is compiled."""
    activation = unit.activation
    ((header_name, header),) = backend(KERNEL).files(unit).items()
    context = {"header": origin(activation.source.file_name, activation.source.sha256), "name": activation.name}
    names: dict[tuple[library.Format, bool], str] = {
        (s, short): _launch(activation.name, s, short) for s in library.STORAGES for short in (False, True)
    }
    files = {header_name: header, **extension_files()}
    files |= {f"runtime/{name}": text for name, text in runtime_files().items() if _is_included(name)}
    for (storage, short_rows), launch in names.items():
        source = library.Source(header, struct_name(activation.name), storage, short_rows=short_rows, cuda=True)
        described = {
            "unit": launch,
            "storage": storage,
            "short_rows": short_rows,
            "macros": source.macros(),
            "driver": source.driver,
        }
        stem = launch.removeprefix(f"actgen_{activation.name}_")
        files[f"{stem}.cu"] = render("cuda_extension/kernels.cu.j2", context | described)
    bound = {
        "inputs": len(activation.inputs),
        "outputs": len(activation.outputs),
        "launches": [[names[storage, short] for short in (False, True)] for storage in library.STORAGES],
        "operations": _operations(len(activation.outputs), len(activation.inputs) + len(activation.parameters)),
    }
    files["binding.cpp"] = render("cuda_extension/binding.cpp.j2", context | bound)
    files["constants.h"] = render("cuda_extension/constants.h.j2", context | {"constants": _CONSTANTS.items()})
    return {f"csrc/{name}": text for name, text in files.items()}


@dataclass(frozen=True, slots=True)
class Operation:
    """How an operation is spelled: in its schema, and as a function of C++ that calls the one for any activation."""

    name: str
    tensors: str
    flag: str
    results: str
    type: str
    call: str
    returned: str


def _operations(outputs: int, arguments: int) -> tuple[Operation, Operation]:
    """Forward and backward."""
    a, g = _joined("a{}", arguments), _joined("g{}", outputs)
    forward = _operation("forward", _joined("Tensor a{}", arguments), "", f"{{{a}}}", outputs)
    tensors = f"{_joined('Tensor g{}', outputs)}, {_joined('Tensor a{}', arguments)}"
    return forward, _operation("backward", tensors, ", bool summed", f"{{{g}}}, {{{a}}}, summed", arguments)


def _operation(name: str, tensors: str, flag: str, call: str, count: int) -> Operation:
    results, found = _joined("Tensor", count), _joined("found[{}]", count)
    many = count > 1
    returned, kind = (f"{{{found}}}", f"std::tuple<{results}>") if many else (found, results)
    return Operation(name, tensors, flag, results, kind, call, returned)


def _joined(pattern: str, count: int) -> str:
    return ", ".join(pattern.format(number) for number in range(count))


def _launch(name: str, storage: library.Format, short_rows: bool) -> str:
    """The function that launches the kernels of a format and a way through arrays."""
    return f"actgen_{name}_{storage}_{'columns' if short_rows else 'rows'}"


def _is_included(name: str) -> bool:
    """Whether a file of the runtime is a header for CUDA."""
    return name.endswith((".h", ".cuh")) and not name.startswith(("cpu_", "bindings/"))
