"""The JAX backend: `<name>_jax.py`, pure functions and dict pytrees first, a flax.nnx module where flax is there."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actgen.activation import Reference
from actgen.backends.base import Unit
from actgen.backends.dialect import Dialect, python_literal
from actgen.backends.flushing import unflushed
from actgen.backends.inside import sentence, working_context
from actgen.backends.jax_parameters import WIDTH, layer_context, parameters_context
from actgen.backends.layout import bracketed, returned, section, tuple_text, wrapped
from actgen.backends.listing import Listing
from actgen.backends.tables import table_lines
from actgen.backends.view import View, view
from actgen.emit.templates import render
from actgen.native.runtime.library import ABI
from actgen.program.program import Node

_UNARY = {
    op: f"jnp.{name}({{0}})"
    for op, name in (
        ("abs", "abs"),
        ("sign", "sign"),
        ("sqrt", "sqrt"),
        ("cbrt", "cbrt"),
        ("exp", "exp"),
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
_CALLS = _UNARY | {
    "pow": "jnp.power({0}, {1})",
    "min": "_min({0}, {1})",
    "max": "_max({0}, {1})",
    "erf": "special.erf({0})",
    "erfc": "special.erfc({0})",
    "gamma": "_gamma({0})",
    "lgamma": "special.gammaln({0})",
    "digamma": "special.digamma({0})",
    "polygamma": "_polygamma({0}, {1})",
    "poly": "_polynomial({0}, {1})",
    "sigmoid": "jax.nn.sigmoid({0})",
    "sech": "_sech({0})",
    "softplus": "jax.nn.softplus({0})",
    "logsigmoid": "jax.nn.log_sigmoid({0})",
    "logaddexp": "jnp.logaddexp({0}, {1})",
    "atan2": "jnp.arctan2({0}, {1})",
    "hypot": "jnp.hypot({0}, {1})",
    "where": "jnp.where({0}, {1}, {2})",
    "fill": "jnp.full_like({1}, {0})",
    "sinpi": "_sinpi({0})",
    "cospi": "_cospi({0})",
    "finite": "jnp.nan_to_num({0}, nan=jnp.nan)",
}
_RESERVED = frozenset({"jax", "jnp", "np", "special", "math"})


def jax_literal(value: float) -> str:
    """A constant as Python source, always a float: two integers in a `where` would make an integer array."""
    if math.isnan(value):
        return "jnp.nan"
    if math.isinf(value):
        return "jnp.inf" if value > 0 else "-jnp.inf"
    text = python_literal(value)
    return text if any(c in text for c in ".e") else f"{text}.0"


def _with_integer(node: Node, operands: Sequence[str]) -> str | None:
    """Polygammas, whose order is an integer and no float."""
    return f"_polygamma({int(node.args[0].value)}, {operands[1]})" if node.op == "polygamma" else None


DIALECT = Dialect("jax", _CALLS, jax_literal, special=_with_integer, flushes=True, ratios=False)


@dataclass(frozen=True, slots=True)
class JaxBackend:
    """Prints one activation as a module of JAX functions, and a flax.nnx layer."""

    name: str = "jax"

    def files(self, unit: Unit) -> Mapping[str, str]:
        """The one file `<name>_jax.py`, formatted as `ruff format` would.

        Raises:
            MissingOpsError: never, as the dialect covers the table; part of the protocol.
        """
        seen = view(unflushed(unit), DIALECT, _RESERVED)
        text = render("jax/activation.py.j2", _context(seen))
        return {f"{unit.activation.name}_jax.py": text}


BACKEND = JaxBackend()


_ARRAY, _ARRAYS = "jax.Array", "tuple[jax.Array, ...]"
_NESTED = "tuple[tuple[jax.Array, ...], ...]"
_HELPERS = ("special", "_min", "_max", "_gamma", "_polygamma", "_polynomial", "_sech", "_sinpi", "_cospi")


def _context(seen: View) -> dict[str, object]:
    arguments = (*seen.inputs, *(p.code_name for p in seen.parameters))
    result, slopes = (_ARRAY, _ARRAYS) if len(seen.outputs) == 1 else (_ARRAYS, _NESTED)
    arrays = tuple(f"{name}: jax.Array" for name in arguments)
    public = _public_arguments(seen)
    return {
        "view": seen,
        "abi": ABI,
        "title": " ".join(seen.activation.title.split()).rstrip("."),
        "name": seen.activation.name,
        "single": len(seen.outputs) == 1,
        "many_inputs": len(seen.inputs) > 1,
        "docs": _docs(seen),
        "exported": _exported(seen),
        "tables": table_lines(seen.tables, WIDTH),
        "uses": _uses(seen),
        "result_type": result,
        "slopes_type": slopes,
        "partials_summary": _partials_summary(seen, arguments),
        "forward_def": bracketed("def _forward(", arrays, f") -> {result}:", width=WIDTH),
        "forward_return": returned(seen.forward.results, width=WIDTH),
        "partials_def": bracketed("def _partials(", arrays, f") -> {slopes}:", width=WIDTH),
        "partials_return": returned(_rows(seen, len(arguments)), always_tuple=True, width=WIDTH),
        "function_def": bracketed(f"def {seen.activation.name}(", public, f") -> {result}:", width=WIDTH),
        "derivatives_def": bracketed("def partials(", public, f") -> {slopes}:", width=WIDTH),
        "argument_docs": _argument_docs(seen),
        "typing_names": ", ".join(_typing_names(seen)),
        "call_evaluate": _call("_evaluate", seen),
        "call_slopes": _call("_slopes", seen),
        "inside": sentence(seen.in_float32),
        **working_context(seen.in_float32, "dtype", "jnp.{}"),
        **parameters_context(seen),
        **layer_context(seen),
    }


def _typing_names(seen: View) -> list[str]:
    return ["Any", *(["Literal"] if len(seen.outputs) > 1 else []), *(["TypeAlias"] if seen.parameters else [])]


def _exported(seen: View) -> str:
    """The statement of the public functions; the layer's name is added where the layer is."""
    more = ("apply", "constrain", "init_params", "project", "regularization") if seen.parameters else ()
    names = sorted((seen.activation.name, "partials", *more))
    return bracketed("__all__ = [", [f'"{name}"' for name in names], "]", width=WIDTH)


def _public_arguments(seen: View) -> tuple[str, ...]:
    channels = ("*", f"channel_dim: int = {seen.activation.channel_dim}") if seen.parameters else ()
    return (
        *(f"{name}: ArrayLike" for name in seen.inputs),
        *(f"{p.code_name}: ArrayLike = {p.nominal}" for p in seen.parameters),
        *channels,
    )


def _rows(seen: View, width: int) -> tuple[str, ...]:
    """The results of `_partials`: expressions, or one tuple of them for each of several outputs."""
    results = seen.partials.results
    if len(seen.outputs) == 1:
        return results
    rows = (results[start : start + width] for start in range(0, len(results), width))
    return tuple(tuple_text(row) for row in rows)


def _call(function: str, seen: View) -> str:
    """The body of a public function."""
    items = [function, tuple_text(seen.inputs)]
    if seen.parameters:
        named = [f'"{p.code_name}": {p.code_name}' for p in seen.parameters]
        items += [bracketed("{", named, "}", 8, WIDTH - 1).lstrip(), "channel_dim"]
    return bracketed("return _call(", items, ")", 4, WIDTH)


def _uses(seen: View) -> dict[str, bool]:
    """Which helpers and modules the printed lines need."""
    shown: tuple[Listing, ...] = (seen.forward, seen.partials)
    text = "\n".join(str(part) for listed in shown for part in (*listed.lines, *listed.results))
    uses = {word: re.search(rf"(?<![\w.]){word}\b", text) is not None for word in _HELPERS}
    uses["special"] |= uses["_gamma"] or uses["_polygamma"]
    uses["math"] = uses["_polygamma"] or uses["_sinpi"] or uses["_cospi"] or any(p.via for p in seen.parameters)
    return uses


def _partials_summary(seen: View, arguments: tuple[str, ...]) -> str:
    outputs = ("f",) if len(seen.outputs) == 1 and "f" not in arguments else seen.outputs
    names = ", ".join(f"∂{o}/∂{v}" for o in outputs for v in arguments)
    return f"{names}." if len(names) < 75 else "Each output's derivatives, in the order of the arguments."


def _argument_docs(seen: View) -> list[str]:
    texts = [f"{name}: array or number." for name in seen.inputs]
    for p in seen.parameters:
        described = f"{p.description.strip().rstrip('.')}; one value, or one per channel." if p.description else ""
        texts.append(f"{p.code_name}: {described or 'one value, or one per channel.'}")
    if seen.parameters:
        texts.append("channel_dim: the axis of the input that one value per channel runs along.")
    return [line for text in texts for line in wrapped(" ".join(text.split()), 8, 4, WIDTH)]


def _docs(seen: View) -> list[str]:
    """The blocks of the module's docstring below its first line."""
    activation = seen.activation
    blocks = ["\n".join(wrapped(" ".join(activation.summary.split()), width=WIDTH))] if activation.summary else []
    blocks.append(section("Formula:", seen.formula))
    blocks.append(section("Derivatives:", seen.gradients))
    if activation.references:
        entries = (line for r in activation.references for line in wrapped(_reference(r), 4, 4, WIDTH))
        blocks.append(section("References:", entries))
    return blocks


def _reference(reference: Reference) -> str:
    parts = (reference.text, reference.authors, reference.title, reference.year, reference.url)
    return ". ".join(" ".join(part.split()) for part in parts if part)
