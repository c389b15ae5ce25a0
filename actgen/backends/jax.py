"""The JAX backend: `<name>_jax.py`, pure functions and dict pytrees first, a flax.nnx module where flax is there."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actgen.activation import Reference
from actgen.backends.base import Unit
from actgen.backends.listing import Dialect, Listing, python_literal
from actgen.backends.view import ParameterView, View, view
from actgen.emit.templates import render

_WIDTH = 120
_MODULES = {"exp": "jnp.exp({0})"} | {
    op: f"jnp.{name}({{0}})"
    for op, name in (
        ("abs", "abs"),
        ("sign", "sign"),
        ("sqrt", "sqrt"),
        ("cbrt", "cbrt"),
        ("expm1", "expm1"),
        ("log", "log"),
        ("log1p", "log1p"),
        ("log2", "log2"),
        ("sin", "sin"),
        ("cos", "cos"),
        ("tan", "tan"),
        ("asin", "arcsin"),
        ("acos", "arccos"),
        ("atan", "arctan"),
        ("sinh", "sinh"),
        ("cosh", "cosh"),
        ("tanh", "tanh"),
        ("asinh", "arcsinh"),
        ("acosh", "arccosh"),
        ("atanh", "arctanh"),
        ("isnan", "isnan"),
        ("isinf", "isinf"),
    )
}
_CALLS = _MODULES | {
    "pow": "jnp.power({0}, {1})",
    "min": "_min({0}, {1})",
    "max": "_max({0}, {1})",
    "erf": "special.erf({0})",
    "erfc": "special.erfc({0})",
    "gamma": "_gamma({0})",
    "lgamma": "special.gammaln({0})",
    "digamma": "special.digamma({0})",
    "polygamma": "_polygamma({0}, {1})",
    "sigmoid": "jax.nn.sigmoid({0})",
    "softplus": "jax.nn.softplus({0})",
    "logsigmoid": "jax.nn.log_sigmoid({0})",
    "logaddexp": "jnp.logaddexp({0}, {1})",
    "atan2": "jnp.arctan2({0}, {1})",
    "where": "jnp.where({0}, {1}, {2})",
    "fill": "jnp.full_like({1}, {0})",
    "finite": "jnp.nan_to_num({0}, nan=jnp.nan)",
}
_RESERVED = frozenset({"jax", "jnp", "special", "math"})


def jax_literal(value: float) -> str:
    """A constant as Python source, always a float: two integers in a `where` would make an integer array."""
    if math.isnan(value):
        return "jnp.nan"
    if math.isinf(value):
        return "jnp.inf" if value > 0 else "-jnp.inf"
    text = python_literal(value)
    return text if any(c in text for c in ".e") else f"{text}.0"


DIALECT = Dialect("jax", _CALLS, jax_literal)


@dataclass(frozen=True, slots=True)
class JaxBackend:
    """Prints one activation as a module of JAX functions, and a flax.nnx layer."""

    name: str = "jax"

    def files(self, unit: Unit) -> Mapping[str, str]:
        """The one file `<name>_jax.py`, formatted as `ruff format` would.

        Raises:
            MissingOpsError: never, as the dialect covers the table; part of the protocol.
        """
        seen = view(unit, DIALECT, _RESERVED)
        text = render("jax/activation.py.j2", _context(seen))
        return {f"{unit.activation.name}_jax.py": text}


BACKEND = JaxBackend()


_ARRAY, _ARRAYS = "jax.Array", "tuple[jax.Array, ...]"
_NESTED = "tuple[tuple[jax.Array, ...], ...]"
_WORDS = ("special", "math", "_min", "_max", "_gamma", "_polygamma")


def _context(seen: View) -> dict[str, object]:
    arguments = (*seen.inputs, *(p.code_name for p in seen.parameters))
    result, slopes = (_ARRAY, _ARRAYS) if len(seen.outputs) == 1 else (_ARRAYS, _NESTED)
    arrays = tuple(f"{name}: jax.Array" for name in arguments)
    public = _public_arguments(seen)
    return {
        "view": seen,
        "name": seen.activation.name,
        "single": len(seen.outputs) == 1,
        "many_inputs": len(seen.inputs) > 1,
        "docs": _docs(seen),
        "uses": _uses(seen),
        "result_type": result,
        "slopes_type": slopes,
        "partials_summary": _summary([f"∂{o}/∂{v}" for o in seen.outputs for v in arguments]),
        "forward_def": bracketed("def _forward(", arrays, f") -> {result}:"),
        "forward_return": returned(seen.forward.results),
        "partials_def": bracketed("def _partials(", arrays, f") -> {slopes}:"),
        "partials_return": returned(_rows(seen, len(arguments)), always_tuple=True),
        "function_def": bracketed(f"def {seen.activation.name}(", public, f") -> {result}:"),
        "derivatives_def": bracketed("def partials(", public, f") -> {slopes}:"),
        "argument_docs": _argument_docs(seen),
        "call_evaluate": _call("_evaluate", seen),
        "call_slopes": _call("_slopes", seen),
        **parameters_context(seen, jax_literal),
        **layer_context(seen),
    }
