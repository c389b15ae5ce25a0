"""What the JAX templates say about parameters and the layer: printed tables, options and their descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from actgen.backends.dialect import python_literal
from actgen.backends.layout import bracketed, tuple_text, wrapped
from actgen.backends.view import ParameterView, View

WIDTH = 88
"""What fits here stays as it is under `ruff format` and `black` at any usual width."""

_SMOOTH = frozenset({"softplus", "exp", "sigmoid"})


def parameters_context(seen: View) -> dict[str, object]:
    """The variables of `jax/parameters.py.j2`."""
    parameters = seen.parameters
    marked = [p for p in parameters if p.channel] or parameters
    applied = (
        "params: Mapping[str, jax.Array]",
        *(f"{name}: ArrayLike" for name in seen.inputs),
        "*",
        f"channel_dim: int = {seen.activation.channel_dim}",
    )
    bounds = {p.code_name: _edges(p) for p in parameters if p.via}
    penalties = {p.code_name: f"({p.l1 or '0.0'}, {p.l2 or '0.0'})" for p in parameters if p.l1 or p.l2}
    result = "jax.Array" if len(seen.outputs) == 1 else "tuple[jax.Array, ...]"
    return {
        "initial_table": _table("_INITIAL: dict[str, ArrayLike | Initializer]", _initials(seen)),
        "learnable_names": _names(p.code_name for p in parameters if p.learnable) or "frozenset()",
        "channel_names": _names(p.code_name for p in marked),
        "init_docs": _init_docs(seen),
        "bounds": bounds,
        "bounds_table": _table("_BOUNDS", bounds),
        "constraints": {p.code_name: (_from_raw(p), _to_raw(p)) for p in parameters if p.via in _SMOOTH},
        "projected": _names(p.code_name for p in parameters if p.via == "project"),
        "penalties": penalties,
        "penalty_table": _table("_PENALTIES", penalties),
        "inverts_softplus": any(p.via == "softplus" for p in parameters),
        "apply_def": bracketed("def apply(", applied, f") -> {result}:", width=WIDTH),
    }


def layer_context(seen: View) -> dict[str, object]:
    """The variables of `jax/layer.py.j2`."""
    options = _layer_options(seen)
    signature = ("self", "*", *(f"{name}: {kind}" for name, kind, _ in options))
    smooth = {p.code_name: p for p in seen.parameters if p.via in _SMOOTH}
    starts = [f'"{p.code_name}": {_option(p)}' for p in seen.parameters]
    passed = ("*inputs",) if len(seen.inputs) > 1 else seen.inputs
    named = ("**values", "channel_dim=self.channel_dim") if seen.parameters else ()
    single = len(seen.outputs) == 1
    opening = f"{'return' if single else 'outputs ='} {seen.activation.name}("
    return {
        "stored": 'f"raw_{name}" if name in _FROM_RAW else name' if smooth else "name",
        "smooth_bounds": {name: f"({', '.join(_sides(p))})" for name, p in smooth.items()},
        "layer_type": "jax.Array" if single else "jax.Array | tuple[jax.Array, ...]",
        "layer_docs": [line for name, _, text in options for line in wrapped(f"{name}: {text}", 12, 4, WIDTH)],
        "init_def": bracketed("def __init__(", signature, ") -> None:", 8, WIDTH) if options else "",
        "given": bracketed("initial = {", starts, "}", 12, WIDTH),
        "layer_call": bracketed(opening, (*passed, *named), ")", 12, WIDTH),
    }


def _layer_options(seen: View) -> list[tuple[str, str, str]]:
    """Each keyword of the layer: name, annotation with default, description."""
    options: list[tuple[str, str, str]] = []
    activation, parameters = seen.activation, seen.parameters
    if parameters:
        options += [
            ("num_channels", "int | None = None", "the size of `channel_dim`, for one value per channel."),
            ("channel_dim", f"int = {activation.channel_dim}", "the axis of the channels."),
            ("per_channel", "Choice | None = None", _per_channel_doc(seen)),
            ("learnable", "Choice | None = None", f"what is trained; by default {_learnable_default(seen)}."),
        ]
    if len(seen.inputs) > 1 or len(seen.outputs) > 1:
        split = ["one input is split along"] if len(seen.inputs) > 1 else []
        joined = ["outputs are joined along"] if len(seen.outputs) > 1 else []
        options.append(("dim", f"int = {activation.dim}", f"the axis that {' and '.join((*split, *joined))}."))
    if len(seen.outputs) > 1:
        kinds = f'Literal["tuple", "concat", "stack"] = "{activation.combine.value}"'
        options.append(("combine", kinds, f"how {', '.join(seen.outputs)} are returned."))
    options += [(_option(p), f"ArrayLike | Initializer = {_start(p)}", _start_doc(p)) for p in parameters]
    if parameters:
        options += [
            ("param_dtype", "DTypeLike = jnp.float32", "of the parameters."),
            ("rngs", "nnx.Rngs | None = None", "needed where a parameter starts at random."),
        ]
    return options


def _init_docs(seen: View) -> list[str]:
    """The arguments of `init_params`, described."""
    entries = (
        "key: a random key, needed where a parameter starts at random.",
        f"names: which parameters; by default the learnable ones, {_learnable_default(seen)}. "
        "Keep fixed ones in a dict of their own.",
        "num_channels: the size of the axis of the channels, for one value per channel.",
        f"per_channel: {_per_channel_doc(seen)}",
        "initial: other initial values, by name: numbers, arrays or initializers.",
        "dtype: of the parameters.",
    )
    return [line for entry in entries for line in wrapped(entry, 8, 4, WIDTH)]


def _table(name: str, items: Mapping[str, str]) -> str:
    return bracketed(f"{name} = {{", [f'"{key}": {value}' for key, value in items.items()], "}", width=WIDTH)


def _initials(seen: View) -> dict[str, str]:
    return {p.code_name: _initial(p) for p in seen.parameters}


def _option(parameter: ParameterView) -> str:
    return f"{parameter.name}_init"


def _start(parameter: ParameterView) -> str:
    constant = parameter.init.kind == "constant"
    return parameter.init.values[0] if constant else f'_INITIAL["{parameter.code_name}"]'


def _start_doc(parameter: ParameterView) -> str:
    init = parameter.init
    drawn = "" if init.kind == "constant" else f", by default drawn from {init.kind}({', '.join(init.values)})"
    return f"where {parameter.code_name} starts: number, array or initializer{drawn}."


def _per_channel_doc(seen: View) -> str:
    marked = ", ".join(p.code_name for p in seen.parameters if p.channel)
    return f"what has one value per channel; by default, given num_channels, {marked or 'all'}."


def _learnable_default(seen: View) -> str:
    marked = [p.code_name for p in seen.parameters if p.learnable]
    return "all" if len(marked) == len(seen.parameters) else ", ".join(marked) or "none"


def _names(names: Iterable[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return f"frozenset({{{listed}}})" if listed else ""


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


def _sides(parameter: ParameterView) -> tuple[str, str]:
    return parameter.low or "-inf", parameter.high or "inf"


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
