"""The docstrings and signatures of an emitted Keras file."""

from __future__ import annotations

from collections.abc import Sequence

from actgen.activation import Reference
from actgen.backends.inside import sentence
from actgen.backends.layout import bracketed, section, wrapped
from actgen.backends.view import ParameterView, View

TENSOR, TENSORS, NESTED = "Tensor", "tuple[Tensor, ...]", "tuple[tuple[Tensor, ...], ...]"


def module_docstring(seen: View) -> str:
    """Title, summary, formula, gradients and references."""
    activation = seen.activation
    references = [line for r in activation.references for line in wrapped(_reference(r), 4, 2)]
    blocks = [
        *(["\n".join(wrapped(activation.summary))] if activation.summary else []),
        section("Formula:", seen.formula),
        section("Gradients:", seen.gradients),
        *([section("References:", references)] if references else []),
    ]
    return "\n\n".join(("\n".join(wrapped(f"{activation.title}.")), *blocks)) + "\n"


def function_text(seen: View) -> dict[str, str]:
    """Signatures and docstrings of the public functions, and their result types."""
    single = len(seen.outputs) == 1
    result, slopes = (TENSOR, TENSORS) if single else (TENSORS, NESTED)
    public = _public_arguments(seen)
    return {
        "result_type": result,
        "function_def": bracketed(f"def {seen.activation.name}(", public, f") -> {result}:"),
        "function_docstring": _function_docstring(seen),
        "slopes_def": bracketed("def partials(", public, f") -> {slopes}:"),
        "slopes_docstring": _slopes_docstring(seen),
        "forward_summary": _one_or_more_lines(f"{', '.join(seen.outputs)}, computed in the dtype of the arguments."),
        "partials_summary": _one_or_more_lines(f"{_partials_listed(seen)}."),
    }


def starting_value(parameter: ParameterView) -> str:
    """Where a parameter starts, in words: a number, or a distribution with its numbers."""
    values = ", ".join(parameter.init.values)
    return values if parameter.init.kind == "constant" else f"{parameter.init.kind}({values})"


def docstring_lines(blocks: Sequence[str], indent: int) -> str:
    """Blocks of a docstring, with empty lines between, indented but for the first line, and the closing margin."""
    margin = " " * indent
    text = "\n\n".join(blocks)
    lines = [f"{margin}{line}" if line and number else line for number, line in enumerate(text.split("\n"))]
    return "\n".join((*lines, margin))


def _reference(reference: Reference) -> str:
    parts = (reference.text, reference.authors, reference.title, reference.year, reference.url)
    return f"- {'. '.join(str(part).rstrip('.') for part in parts if part)}"


def _public_arguments(seen: View) -> tuple[str, ...]:
    inputs = tuple(f"{name}: Any" for name in seen.inputs)
    if not seen.parameters:
        return inputs
    values = (f"{p.code_name}: Any = {p.nominal}" for p in seen.parameters)
    return (*inputs, *values, "*", f"channel_dim: int = {seen.activation.channel_dim}")


def _function_docstring(seen: View) -> str:
    several_in, single = len(seen.inputs) > 1, len(seen.outputs) == 1
    shape = f"in the broadcast shape of the arguments and the dtype of the input{'s' if several_in else ''}."
    title = f"{seen.activation.title}, element by element, differentiable to any order."
    precision = f"{sentence(seen.in_float32)} What is kept for the gradient is the arguments."
    blocks = [
        "\n".join(wrapped(title, 4)),
        "\n".join(wrapped(precision, 4)),
        _narrow("Args:", _argument_entries(seen)),
        _narrow("Returns:", [f"A tensor {shape}" if single else f"{', '.join(seen.outputs)}: tensors {shape}"]),
    ]
    if seen.parameters:
        error = "ValueError: if a vector is given for a parameter, and the axis `channel_dim` is not of its size."
        blocks.append(_narrow("Raises:", [error]))
    return docstring_lines(blocks, 4)


def _slopes_docstring(seen: View) -> str:
    single = len(seen.outputs) == 1
    order = "in the order of the arguments, tensors in their broadcast shape and the dtype of the input"
    blocks = [
        f"The derivative of {'the output' if single else 'each output'} with respect to each argument, per element.",
        f"Arguments as for `{seen.activation.name}`.",
        _narrow("Returns:", [f"{'In' if single else 'For each output,'} {order}.".replace("In in", "In")]),
    ]
    return docstring_lines(blocks, 4)


def _argument_entries(seen: View) -> list[str]:
    whole = "a tensor of the backend, a KerasTensor, an array or a number."
    entries = [f"{name}: {whole}" for name in seen.inputs]
    entries += [f"{p.code_name}: {_described(p)}" for p in seen.parameters]
    if seen.parameters:
        entries.append("channel_dim: the axis along which a parameter given as a vector runs.")
    return entries


def _described(parameter: ParameterView) -> str:
    about = f"{parameter.description.rstrip('.')}; " if parameter.description else ""
    return f"{about}a number, a vector with one value per channel, or a tensor."


def _partials_listed(seen: View) -> str:
    names = [v.name for v in seen.activation.variables]
    outputs = ["f"] if len(seen.outputs) == 1 else list(seen.outputs)
    return ", ".join(f"∂{o}/∂{v}" for o in outputs for v in names)


def _one_or_more_lines(text: str) -> str:
    """A docstring that closes on its own line if it needs several."""
    lines = wrapped(text, 10)
    return lines[0] if len(lines) == 1 else docstring_lines(["\n".join(lines)], 4)


def _narrow(title: str, entries: Sequence[str]) -> str:
    """A section of running text in a docstring that is itself indented by four."""
    return section(title, [line for entry in entries for line in wrapped(entry, 8, 4)])
