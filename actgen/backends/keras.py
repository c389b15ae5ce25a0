"""The Keras backend: `<name>_keras.py`, a function and a layer that run on TensorFlow, JAX and torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from actgen.backends.base import Unit
from actgen.backends.keras_layer import layer_context, parameters_context
from actgen.backends.keras_program import portable
from actgen.backends.keras_text import function_text, module_docstring
from actgen.backends.layout import bracketed, returned, tuple_text
from actgen.backends.listing import Dialect, python_literal
from actgen.backends.view import View, view
from actgen.emit.templates import render

_OPS = {
    "abs": "abs",
    "sqrt": "sqrt",
    "exp": "exp",
    "expm1": "expm1",
    "log": "log",
    "log1p": "log1p",
    "log2": "log2",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
    "erf": "erf",
    "sigmoid": "sigmoid",
    "logsigmoid": "log_sigmoid",
    "isnan": "isnan",
    "isinf": "isinf",
}
_OPS_OF_TWO = {"pow": "power", "atan2": "arctan2"}
_HELPERS = {
    "sign": "_sign({0})",
    "min": "_minimum({0}, {1})",
    "max": "_maximum({0}, {1})",
    "cbrt": "_cbrt({0})",
    "erfc": "_erfc({0})",
    "gamma": "_gamma({0})",
    "lgamma": "_lgamma({0})",
    "digamma": "_digamma({0})",
    "polygamma": "_polygamma({0}, {1})",
    "softplus": "_softplus({0})",
    "logaddexp": "_logaddexp({0}, {1})",
    "fill": "_fill({0}, {1})",
    "finite": "_finite({0})",
}
_NEEDS = {"_gamma": ("_lgamma",), "_logaddexp": ("_softplus",), "_finite": ("_fill",)}
_RESERVED = frozenset(
    "annotations contextlib dataclasses functools math numbers sys keras np ops tf jax torch enable_x64".split()
)

DIALECT = Dialect(
    "keras",
    {
        **{op: f"ops.{name}({{0}})" for op, name in _OPS.items()},
        **{op: f"ops.{name}({{0}}, {{1}})" for op, name in _OPS_OF_TWO.items()},
        **_HELPERS,
        "where": "ops.where({0}, {1}, {2})",
    },
    python_literal,
)


@dataclass(frozen=True, slots=True)
class KerasBackend:
    """Prints one activation as a Keras 3 module: function, partials, operation and layer."""

    name: str = "keras"

    def files(self, unit: Unit) -> Mapping[str, str]:
        """The one file `<name>_keras.py`, formatted as `ruff format` would.

        Raises:
            MissingOpsError: never, as the dialect covers the table; part of the protocol.
        """
        seen = view(replace(unit, program=portable(unit.program)), DIALECT, _RESERVED)
        return {f"{unit.activation.name}_keras.py": render("keras/module.py.j2", _context(seen))}


BACKEND = KerasBackend()


def _context(seen: View) -> dict[str, object]:
    activation = seen.activation
    arguments = (*seen.inputs, *(p.code_name for p in seen.parameters))
    helpers = _helpers(seen)
    parameters = parameters_context(seen)
    layer = layer_context(seen)
    heart = _words(seen)
    return {
        "header": seen.header,
        "docstring": module_docstring(seen),
        "name": activation.name,
        "class_name": activation.class_name,
        "inputs": seen.inputs,
        "outputs": seen.outputs,
        "parameters": seen.parameters,
        "forward": seen.forward,
        "partials": seen.partials,
        "helpers": helpers,
        "channel_dim": activation.channel_dim,
        "imports": _imports(seen, helpers, math_in_heart="math." in heart),
        "forward_def": bracketed("def _forward(", arguments, "):"),
        "forward_return": returned(seen.forward.results),
        "partials_def": bracketed("def _partials(", arguments, "):"),
        "partials_return": _partials_return(seen, len(arguments)),
        "arguments": _arguments(arguments),
        **function_text(seen),
        **parameters,
        **layer,
    }


def _words(seen: View) -> str:
    """All of the printed mathematics as one text."""
    lines = (str(line) for part in (seen.forward, seen.partials) for line in part.lines)
    return "\n".join((*lines, *seen.forward.results, *seen.partials.results))


def _helpers(seen: View) -> frozenset[str]:
    """The small functions that the printed lines call, and those that these call."""
    text = _words(seen)
    used = {spelling.partition("(")[0] for spelling in _HELPERS.values()}
    called = {name for name in used if f"{name}(" in text}
    return frozenset(called | {needed for name in called for needed in _NEEDS.get(name, ())})


def _imports(seen: View, helpers: frozenset[str], math_in_heart: bool) -> tuple[str, ...]:
    """The standard library's modules, sorted, that the emitted file uses."""
    bounded = any(p.via for p in seen.parameters)
    wanted = {
        "contextlib": True,
        "dataclasses": bool(seen.parameters),
        "functools": True,
        "math": math_in_heart or bounded or "_gamma" in helpers,
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

