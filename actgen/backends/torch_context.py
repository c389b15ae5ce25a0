"""What the PyTorch templates are given: statements laid out, tables, descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from actgen.activation import Reference
from actgen.backends.inside import working_context
from actgen.backends.layout import WIDTH, bracketed, returned, section, tuple_text, wrapped
from actgen.backends.tables import table_lines
from actgen.backends.torch_layer import layer_context, number
from actgen.backends.view import View
from actgen.native.runtime.library import ABI

_TENSOR, _TENSORS, _ROWS = "Tensor", "tuple[Tensor, ...]", "tuple[tuple[Tensor, ...], ...]"
_HELPERS = (
    "_polynomial",
    "_expm1",
    "_sech",
    "_sinpi",
    "_cospi",
    "_sigmoid",
    "_softplus",
    "_finite",
    "_sign",
    "_cbrt",
    "_gamma",
    "_trigamma",
)
_MATH = re.compile(r"\bmath\.|\b_(?:sin|cos)pi\(")


def context(seen: View) -> dict[str, object]:
    """The variables of `torch/activation.py.j2` and what it includes."""
    activation = seen.activation
    names = (*seen.inputs, *(p.code_name for p in seen.parameters))
    tensors = tuple(f"{name}: Tensor" for name in names)
    many = len(seen.outputs) > 1
    result, slopes = (_TENSORS, _ROWS) if many else (_TENSOR, _TENSORS)
    public = _public(seen)
    layer = layer_context(seen)
    heart = _heart(seen)
    derivatives = _derivatives(seen, names)
    return {
        "view": seen,
        "name": activation.name,
        "abi": ABI,
        "many_inputs": len(seen.inputs) > 1,
        "many_outputs": many,
        "docstring": _docstring(seen),
        "modules": _modules(heart, layer),
        "tables": table_lines(seen.tables),
        "uses": {helper: f"{helper}(" in heart for helper in _HELPERS},
        "exported": f"[{', '.join(_quoted(sorted((activation.class_name, 'partials', activation.name))))}]",
        "result_type": result,
        "slopes_type": slopes,
        "forward_def": bracketed("def _forward(", tensors, f") -> {result}:"),
        "forward_summary": f"{', '.join(seen.outputs)}: the formula, in the dtype of the arguments.",
        "forward_return": _returned([f"{r}.clone()" if r in names else r for r in seen.forward.results]),
        "partials_def": bracketed("def _partials(", tensors, f") -> {slopes}:"),
        "partials_summary": f"{derivatives}.",
        "partials_return": _returned(_rows(seen, len(names)), always_tuple=True),
        "function_def": bracketed(f"def {activation.name}(", public, f") -> {result}:"),
        "function_summary": f"{activation.title}, element by element.",
        "derivatives_def": bracketed("def partials(", public, f") -> {slopes}:"),
        "partials_docs": _partials_docs(seen, names),
        "argument_docs": _argument_docs(seen),
        "returns": _returns(seen),
        "apply_call": _call("_apply", seen),
        "partials_call": _call("_evaluate_partials", seen),
        "static_forward_def": bracketed("def forward(", tensors, f") -> {result}:", 4),
        "static_forward_body": bracketed("return _evaluate(", names, ")", 8),
        **working_context(seen.in_float32, "x.dtype", "torch.{}"),
        **layer,
    }


def _heart(seen: View) -> str:
    parts = (*seen.forward.lines, *seen.forward.results, *seen.partials.lines, *seen.partials.results)
    return "\n".join(str(part) for part in parts)


def _modules(heart: str, layer: dict[str, object]) -> list[str]:
    texts = (heart, *(str(layer[key]) for key in ("init_def", "smooth", "bounds_table")))
    mathematical = layer["smooth"] or any(_MATH.search(t) for t in texts)
    return sorted({"functools"} | ({"math"} if mathematical else set()))


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def _returned(results: Sequence[str], always_tuple: bool = False) -> str:
    if len(results) == 1:
        return f"    return {tuple_text(results) if always_tuple else results[0]}"
    return returned(results)


def _rows(seen: View, width: int) -> list[str]:
    """The results of `_partials`: flat for one output, else one tuple an output."""
    results = list(seen.partials.results)
    if len(seen.outputs) == 1:
        return results
    rows = [results[start : start + width] for start in range(0, len(results), width)]
    return [_row(row) for row in rows]


def _row(row: list[str]) -> str:
    flat = tuple_text(row)
    return flat if len(flat) < WIDTH - 8 else bracketed("(", row, ")", 8).lstrip()


def _public(seen: View) -> tuple[str, ...]:
    """The arguments of the public functions."""
    parameters = tuple(f"{p.code_name}: float | Tensor = {number(p.nominal)}" for p in seen.parameters)
    channelled = ("*", f"channel_dim: int = {seen.activation.channel_dim}") if seen.parameters else ()
    return (*(f"{name}: Tensor" for name in seen.inputs), *parameters, *channelled)


def _call(function: str, seen: View) -> str:
    """What a public function does: hands its arguments on, so that no local name can meet one of theirs."""
    if not seen.parameters:
        return bracketed(f"return {function}(_arguments(", seen.inputs, "))", 4)
    given = bracketed("{", [f'"{p.code_name}": {p.code_name}' for p in seen.parameters], "}", 8, WIDTH - 1).lstrip()
    items = (tuple_text(seen.inputs), given, "channel_dim")
    flat = f"    return {function}(_arguments({', '.join(items)}))"
    if len(flat) <= WIDTH:
        return flat
    return f"{bracketed('arguments = _arguments(', items, ')', 4)}\n    return {function}(arguments)"


def _partials_docs(seen: View, names: Sequence[str]) -> list[str]:
    """What `partials` returns, in words."""
    if len(seen.outputs) == 1:
        return wrapped(f"{_derivatives(seen, names)}.", 8)
    rows = [f"({_derivatives(seen, names, [output])})" for output in seen.outputs]
    return [line for row in rows for line in wrapped(row, 8)]


def _derivatives(seen: View, names: Sequence[str], outputs: Sequence[str] | None = None) -> str:
    """`∂f/∂x, ∂f/∂alpha`: what `_partials` returns."""
    single = len(seen.outputs) == 1 and "f" not in names
    pairs = ((o, v) for o in outputs or seen.outputs for v in names)
    return ", ".join(f"∂{'f' if single else o}/∂{v}" for o, v in pairs)


def _docstring(seen: View) -> str:
    """The module's docstring, without its quotes."""
    activation = seen.activation
    references = [line for r in activation.references for line in wrapped(_reference(r), 4, 2)]
    blocks = [
        f"{activation.title}.",
        "\n".join(wrapped(activation.summary or "")),
        section("Formula:", seen.formula),
        section("Derivatives:", seen.gradients),
        section("References:", references),
    ]
    text = "\n\n".join(block for block in blocks if block and not block.endswith(":"))
    return f"{text}\n" if "\n" in text else text


def _reference(reference: Reference) -> str:
    if reference.text is not None:
        return f"- {' '.join(reference.text.split())}"
    parts = (reference.authors, reference.title, reference.year, reference.url)
    return f"- {'. '.join(' '.join(part.split()).rstrip('.') for part in parts if part)}"


def _argument_docs(seen: View) -> list[str]:
    several = len(seen.inputs) > 1
    shape = "; the shapes of all arguments broadcast" if several else " of any shape"
    entries = [f"{name}: floating-point tensor{shape}." for name in seen.inputs]
    described = {p.code_name: p.description for p in seen.parameters}
    entries += [f"{name}: {' '.join(text.split())}." for name, text in described.items() if text]
    if plain := [name for name, text in described.items() if not text]:
        entries.append(f"{', '.join(plain)}: numbers or tensors.")
    if seen.parameters:
        entries.append("channel_dim: the dimension that a 1-D parameter, one value per channel, lies along.")
    return [line for entry in entries for line in wrapped(entry, 8, 4)]


def _returns(seen: View) -> str:
    first, *others = seen.inputs
    what = f"{', '.join(seen.outputs)}, each in" if len(seen.outputs) > 1 else "A tensor in"
    dtype = "the promoted dtype of the inputs" if others else f"the dtype of {first}"
    return f"{what} the broadcast shape of the arguments and {dtype}."
