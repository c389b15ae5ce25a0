"""The variables of `torch/layer.py.j2`: options, tables of parameters, how bounded ones are kept inside."""

from __future__ import annotations

from collections.abc import Iterable

from actgen.backends.layout import bracketed, tuple_text, wrapped
from actgen.backends.view import ParameterView, View

_SMOOTH = frozenset({"softplus", "exp", "sigmoid"})
_CHOICE = "_Choice | None = None"


def layer_context(seen: View) -> dict[str, object]:
    """Everything that the layer's template uses beyond what all templates share."""
    parameters = seen.parameters
    options = _options(seen)
    keywords = (f"{name}: {annotation}" for name, annotation, _ in options)
    many = len(seen.outputs) > 1
    smooth = {p.code_name: (_to_value(p), _to_raw(p)) for p in parameters if p.via in _SMOOTH}
    bounds = {p.code_name: tuple_text(_edges(p)) for p in parameters if p.via}
    marked = any(p.channel for p in parameters)
    return {
        "smooth": smooth,
        "bounds": bounds,
        "edges": {p.code_name: _edges(p) for p in parameters},
        "stored": "_stored(name)" if smooth else "name",
        "starts": {p.code_name: _drawn(p) for p in parameters if p.init.kind != "constant"},
        "learnable_table": _table("_LEARNABLE", ((p.code_name, str(p.learnable)) for p in parameters)),
        "channel_table": _table("_PER_CHANNEL", ((p.code_name, str(p.channel or not marked)) for p in parameters)),
        "bounds_table": _table("_BOUNDS", bounds.items()),
        "inits": _table("self._inits: dict[str, _Init]", ((p.code_name, _option(p)) for p in parameters), 8),
        "projected": {p.code_name: _limits(p) for p in parameters if p.via == "project"},
        "penalties": _penalties(seen),
        "layer_type": "Tensor | tuple[Tensor, ...]" if many else "Tensor",
        "layer_call": _call(seen, "outputs = " if many else "return "),
        "layer_docs": _documented(seen, options),
        "init_def": bracketed("def __init__(", ("self", "*", *keywords), ") -> None:", 4) if options else "",
    }


def _table(name: str, items: Iterable[tuple[str, str]], indent: int = 0) -> str:
    entries = [f'"{key}": {value}' for key, value in items]
    return bracketed(f"{name} = {{", entries, "}", indent)


def _options(seen: View) -> list[tuple[str, str, str]]:
    """Each keyword of the layer: name, annotation with default, description."""
    activation, parameters = seen.activation, seen.parameters
    options: list[tuple[str, str, str]] = []
    if parameters:
        options += [
            ("num_channels", "int | None = None", "the size of `channel_dim`, for one value per channel."),
            ("channel_dim", f"int = {activation.channel_dim}", "the dimension of the channels."),
            ("per_channel", _CHOICE, _per_channel_doc(seen)),
            ("learnable", _CHOICE, _learnable_doc(seen)),
        ]
    if len(seen.inputs) > 1 or len(seen.outputs) > 1:
        options.append(("dim", f"int = {activation.dim}", _dim_doc(seen)))
    if len(seen.outputs) > 1:
        kinds = f'Literal["tuple", "concat", "stack"] = "{activation.combine.value}"'
        options.append(("combine", kinds, f"how {', '.join(seen.outputs)} are returned."))
    options += [(_option(p), f"_Init = {_start(p)}", "") for p in parameters]
    if parameters:
        options += [
            ("device", "torch.device | str | None = None", ""),
            ("dtype", "torch.dtype | None = None", "of the parameters, as `device`."),
        ]
    return options


def _documented(seen: View, options: list[tuple[str, str, str]]) -> list[str]:
    """The entries of the layer's `Args`."""
    entries = [f"{name}: {text}" for name, _, text in options if text]
    if seen.parameters:
        inits = ", ".join(_option(p) for p in seen.parameters)
        entries.insert(-1, f"{inits}: initial values: numbers, tensors, or functions that fill a tensor in place.")
    return [line for entry in entries for line in wrapped(entry, 8, 4)]


def _option(parameter: ParameterView) -> str:
    return f"{parameter.name}_init"


def _dim_doc(seen: View) -> str:
    split = "one input is split along" if len(seen.inputs) > 1 else ""
    joined = "outputs are joined along" if len(seen.outputs) > 1 else ""
    return f"the dimension that {' and '.join(part for part in (split, joined) if part)}."


def _per_channel_doc(seen: View) -> str:
    marked = [p.code_name for p in seen.parameters if p.channel]
    default = ", ".join(marked) if marked else "all"
    picked = "all, none, those named, or a mapping over the default"
    return f"what has one value per channel: {picked}; by default, given num_channels, {default}."


def _learnable_doc(seen: View) -> str:
    marked = [p.code_name for p in seen.parameters if p.learnable]
    default = "all" if len(marked) == len(seen.parameters) else ", ".join(marked) or "none"
    return f"what is trained: all, none, those named, or a mapping over the default; by default {default}."


def _start(parameter: ParameterView) -> str:
    """The default of an initial value: a number, or the function that draws it."""
    constant = parameter.init.kind == "constant"
    return number(parameter.init.values[0]) if constant else f"_start_{parameter.code_name}"


def _drawn(parameter: ParameterView) -> str:
    """The function that fills a tensor with the initial distribution."""
    values = parameter.init.values
    match parameter.init.kind:
        case "uniform":
            return f"functools.partial(nn.init.uniform_, a={values[0]}, b={values[1]})"
        case "normal":
            return f"functools.partial(nn.init.normal_, mean={values[0]}, std={values[1]})"
        case _:
            return f"functools.partial(Tensor.exponential_, lambd={values[0]})"


def number(literal: str) -> str:
    """A printed constant as a default of type float: `1.0` for `1`."""
    return f"{literal}.0" if literal.lstrip("-").isdigit() else literal


def _edges(parameter: ParameterView) -> tuple[str, str]:
    return parameter.low or "-math.inf", parameter.high or "math.inf"


def _limits(parameter: ParameterView) -> str:
    sides = (("min", parameter.low), ("max", parameter.high))
    return ", ".join(f"{side}={edge}" for side, edge in sides if edge is not None)


def _to_value(parameter: ParameterView) -> str:
    """The bounded value of `raw`."""
    low, high = parameter.low, parameter.high
    if parameter.via == "sigmoid":
        assert low is not None and high is not None
        width = high if low == "0" else f"({high} - {_operand(low)})"
        return f"{_plus(low)}{width} * torch.sigmoid(raw)"
    if parameter.via == "exp":
        return f"{_plus(low)}torch.exp(raw)" if high is None else f"{high} - torch.exp(raw)"
    step = "nn.functional.logsigmoid(-raw)"  # minus softplus, which PyTorch makes linear from 20 on
    if high is not None:
        return f"{high} + {step}"
    return f"-{step}" if low == "0" else f"{low} - {step}"


def _to_raw(parameter: ParameterView) -> str:
    """The raw weight of `value`; softplus is inverted without overflow or cancellation."""
    low, high = parameter.low, parameter.high
    above = "value" if low in ("0", None) else f"value - {_operand(low)}"
    below = f"{high} - value"
    if parameter.via == "sigmoid":
        return f"torch.log({above if above == 'value' else f'({above})'} / ({below}))"
    distance = above if high is None else below
    if parameter.via == "exp":
        return f"torch.log({distance})"
    negative = "-value" if distance == "value" else f"-({distance})"
    return f"{distance} + torch.log(-torch.expm1({negative}))"


def _plus(low: str | None) -> str:
    return "" if low in ("0", None) else f"{low} + "


def _operand(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _penalties(seen: View) -> str:
    """The statement that returns the penalty; empty where there is none."""
    terms = [
        f"{factor} * self.{p.code_name}.{size}().sum()"
        for p in seen.parameters
        for factor, size in ((p.l1, "abs"), (p.l2, "square"))
        if factor is not None
    ]
    if len(terms) < 2:
        return f"        return {terms[0]}" if terms else ""
    return f"{bracketed('terms = (', terms, ')', 8)}\n        return sum(terms)"


def _call(seen: View, start: str) -> str:
    inputs = ("*inputs",) if len(seen.inputs) > 1 else seen.inputs
    values = tuple(f"self.{p.code_name}" for p in seen.parameters)
    axis = ("channel_dim=self.channel_dim",) if values else ()
    return bracketed(f"{start}{seen.activation.name}(", (*inputs, *values, *axis), ")", 8)
