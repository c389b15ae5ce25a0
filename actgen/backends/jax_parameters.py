"""What the JAX templates say about parameters and the layer: printed tables, options and their descriptions."""

from __future__ import annotations

from collections.abc import Iterable

from actgen.backends.layout import bracketed, tuple_text, wrapped
from actgen.backends.listing import python_literal
from actgen.backends.view import ParameterView, View

_SMOOTH = frozenset({"softplus", "exp", "sigmoid"})


def parameters_context(seen: View) -> dict[str, object]:
    """The variables of `jax/parameters.py.j2`."""
    parameters = seen.parameters
    applied = (
        "params: Mapping[str, jax.Array]",
        *(f"{name}: ArrayLike" for name in seen.inputs),
        "*",
        f"channel_dim: int = {seen.activation.channel_dim}",
    )
    many = len(seen.outputs) > 1
    projected = [p.code_name for p in parameters if p.via == "project"]
    return {
        "initials": {p.code_name: _initial(p) for p in parameters},
        "learnable_names": _names(p.code_name for p in parameters if p.learnable),
        "channel_names": _names(p.code_name for p in parameters if p.channel),
        "channel_default": _channel_default(seen),
        "bounds": {p.code_name: _edges(p) for p in parameters if p.via},
        "constraints": {p.code_name: (_from_raw(p), _to_raw(p)) for p in parameters if p.via in _SMOOTH},
        "projected": _names(projected) if projected else "",
        "penalties": {p.code_name: f"({p.l1 or '0.0'}, {p.l2 or '0.0'})" for p in parameters if p.l1 or p.l2},
        "inverts_softplus": any(p.via == "softplus" for p in parameters),
        "apply_def": bracketed("def apply(", applied, f") -> {'tuple[jax.Array, ...]' if many else 'jax.Array'}:"),
    }


def layer_context(seen: View) -> dict[str, object]:
    """The variables of `jax/layer.py.j2`."""
    options = _layer_options(seen)
    given = [f'"{p.code_name}": {_option(p)}' for p in seen.parameters]
    signature = ("self", "*", *(f"{name}: {kind}" for name, kind, _ in options))
    both = "jax.Array | tuple[jax.Array, ...]"
    return {
        "layer_type": "jax.Array" if len(seen.outputs) == 1 else both,
        "layer_docs": [line for name, _, text in options for line in wrapped(f"{name}: {text}", 12, 4)],
        "init_def": bracketed("def __init__(", signature, ") -> None:", 8) if options else "",
        "given": bracketed("given = {", given, "}", 12),
    }


def _layer_options(seen: View) -> list[tuple[str, str, str]]:
    """Each keyword of the layer: name, annotation with default, description."""
    options: list[tuple[str, str, str]] = []
    activation = seen.activation
    channels, learned = _channel_default(seen), _learnable_default(seen)
    if seen.parameters:
        chosen = "bool | Collection[str] | None = None"
        options += [
            ("num_channels", "int | None = None", "how many values a parameter has that has one per channel."),
            ("channel_dim", f"int = {activation.channel_dim}", "the axis that those values run along."),
            ("per_channel", chosen, f"which have one: all, none, or those named; by default {channels}"),
            ("learnable", chosen, f"which parameters are trained: all, none, or those named; by default {learned}"),
        ]
    if len(seen.inputs) > 1 or len(seen.outputs) > 1:
        axis = "the axis that one input is split along, and outputs are joined along."
        options.append(("dim", f"int = {activation.dim}", axis))
    if len(seen.outputs) > 1:
        kinds = f'Literal["tuple", "concat", "stack"] = "{activation.combine.value}"'
        options.append(("combine", kinds, f"how {', '.join(seen.outputs)} are returned."))
    start = "ArrayLike | Initializer | None = None"
    options += [(_option(p), start, _init_doc(p)) for p in seen.parameters]
    if seen.parameters:
        options += [
            ("param_dtype", "DTypeLike = jnp.float32", "the dtype of the parameters."),
            ("rngs", "nnx.Rngs | None = None", "needed only where an initial value is drawn at random."),
        ]
    return options


def _option(parameter: ParameterView) -> str:
    return f"{parameter.name}_init"


def _init_doc(parameter: ParameterView) -> str:
    return f"the initial value of {parameter.code_name}, if not {_distribution(parameter)}."


def _distribution(parameter: ParameterView) -> str:
    values = ", ".join(parameter.init.values)
    return values if parameter.init.kind == "constant" else f"{parameter.init.kind}({values})"


def _channel_default(seen: View) -> str:
    marked = [p.code_name for p in seen.parameters if p.channel]
    return f"{', '.join(marked)}." if marked else "all if num_channels is given."


def _learnable_default(seen: View) -> str:
    marked = [p.code_name for p in seen.parameters if p.learnable]
    if len(marked) == len(seen.parameters):
        return "all."
    return f"{', '.join(marked) or 'none'}."


def _names(names: Iterable[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return f"frozenset({{{listed}}})" if listed else "frozenset()"


def _initial(parameter: ParameterView) -> str:
    values = parameter.init.values
    draw = "lambda key, shape, dtype: {}"
    match parameter.init.kind:
        case "uniform":
            return draw.format(f"jax.random.uniform(key, shape, dtype, {values[0]}, {values[1]})")
        case "normal":
            return draw.format(f"{values[0]} + {values[1]} * jax.random.normal(key, shape, dtype)")
        case "exponential":
            return draw.format(f"jax.random.exponential(key, shape, dtype) / {values[0]}")
        case _:
            return values[0]


def _edges(parameter: ParameterView) -> str:
    return tuple_text((parameter.low or "-math.inf", parameter.high or "math.inf"))


def _from_raw(parameter: ParameterView) -> str:
    """The bounded value of `raw`."""
    low, high = parameter.low, parameter.high
    if parameter.via == "sigmoid":
        step = f"{_width(parameter)} * jax.nn.sigmoid(raw)"
    else:
        step = "jax.nn.softplus(raw)" if parameter.via == "softplus" else "jnp.exp(raw)"
        if high is not None:
            return f"{high} - {step}"
    return step if low == "0.0" else f"{low} + {step}"


def _to_raw(parameter: ParameterView) -> str:
    """The raw weight of `value`."""
    low, high = parameter.low, parameter.high
    above = "value" if low == "0.0" else f"value - {low}".replace("- -", "+ ")
    if parameter.via == "sigmoid":
        return f"jnp.log({above}) - jnp.log({high} - value)"
    inverse = "_softplus_inverse" if parameter.via == "softplus" else "jnp.log"
    return f"{inverse}({above if high is None else f'{high} - value'})"


def _width(parameter: ParameterView) -> str:
    assert parameter.low is not None and parameter.high is not None
    return python_literal(float(parameter.high) - float(parameter.low))
