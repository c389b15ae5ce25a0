"""The Keras backend: `<name>_keras.py`, a function and a layer that run on TensorFlow, JAX and torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from actgen.backends.base import Unit
from actgen.backends.flushing import unflushed
from actgen.backends.inside import working_context
from actgen.backends.keras_layer import layer_context, parameters_context
from actgen.backends.keras_ops import DIALECT, bindings, helpers_in
from actgen.backends.keras_program import portable
from actgen.backends.keras_text import NESTED, TENSOR, TENSORS, function_text, module_docstring
from actgen.backends.layout import bracketed, returned, tuple_text
from actgen.backends.tables import table_lines
from actgen.backends.view import View, view
from actgen.emit.templates import render
from actgen.native.runtime.library import ABI

_MODULES = ("annotations", "contextlib", "functools", "math", "numbers", "sys", "keras", "np", "ops")
_RESERVED = frozenset((*_MODULES, "tf", "jax", "torch", "enable_x64"))


@dataclass(frozen=True, slots=True)
class KerasBackend:
    """Prints one activation as a Keras 3 module: function, partials, operation and layer."""

    name: str = "keras"

    def files(self, unit: Unit) -> Mapping[str, str]:
        """The one file `<name>_keras.py`, formatted as `ruff format` would.

        Raises:
            MissingOpsError: never, as the dialect covers the table; part of the protocol.
        """
        seen = view(replace(unit, program=portable(unflushed(unit).program)), DIALECT, _RESERVED)
        return {f"{unit.activation.name}_keras.py": render("keras/module.py.j2", _context(seen))}


BACKEND = KerasBackend()


def _context(seen: View) -> dict[str, object]:
    activation = seen.activation
    arguments = (*seen.inputs, *(p.code_name for p in seen.parameters))
    annotated = tuple(f"{name}: {TENSOR}" for name in arguments)
    single = len(seen.outputs) == 1
    helpers = helpers_in(_words(seen))
    return {
        "header": seen.header,
        "abi": ABI,
        "docstring": module_docstring(seen),
        "name": activation.name,
        "class_name": activation.class_name,
        "inputs": seen.inputs,
        "outputs": seen.outputs,
        "parameters": seen.parameters,
        "forward": seen.forward,
        "partials": seen.partials,
        "tables": table_lines(seen.tables),
        "helpers": helpers,
        "bindings": bindings(helpers),
        "channel_dim": activation.channel_dim,
        "imports": _imports(seen, helpers, math_in_heart="math." in _words(seen)),
        "forward_def": bracketed("def _forward(", annotated, f") -> {TENSOR if single else TENSORS}:"),
        "forward_return": returned(seen.forward.results),
        "partials_def": bracketed("def _partials(", annotated, f") -> {TENSORS if single else NESTED}:"),
        "partials_return": _partials_return(seen, len(arguments)),
        "arguments": _arguments(arguments),
        **working_context(seen.in_float32, "dtype", '"{}"'),
        **function_text(seen),
        **parameters_context(seen),
        **layer_context(seen),
    }


def _words(seen: View) -> str:
    """All of the printed mathematics as one text."""
    lines = (str(line) for part in (seen.forward, seen.partials) for line in part.lines)
    return "\n".join((*lines, *seen.forward.results, *seen.partials.results))


def _imports(seen: View, helpers: frozenset[str], math_in_heart: bool) -> tuple[str, ...]:
    """The standard library's modules, sorted, that the emitted file uses."""
    bounded = any(p.via for p in seen.parameters)
    wanted = {
        "contextlib": True,
        "functools": True,
        "math": math_in_heart or bounded or not helpers.isdisjoint({"_gamma", "_sinpi", "_cospi"}),
        "numbers": True,
        "sys": "_finite" in helpers,
    }
    return tuple(module for module, needed in wanted.items() if needed)


def _partials_return(seen: View, width: int) -> str:
    """One output: its partials; several: a tuple of them for each."""
    results = seen.partials.results
    if len(seen.outputs) == 1:
        return returned(results, always_tuple=True)
    rows = tuple(tuple_text(results[start : start + width]) for start in range(0, len(results), width))
    return bracketed("return (", rows, ")", 4)


def _arguments(names: tuple[str, ...]) -> str:
    return f"    arguments = {tuple_text(names)}" if len(names) == 1 else bracketed("arguments = (", names, ")", 4)
