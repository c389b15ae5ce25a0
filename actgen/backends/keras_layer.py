"""What the Keras layer's template is given: the table of parameters, the constructor, and what is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actgen.backends.keras_text import docstring_lines, starting_value
from actgen.backends.layout import WIDTH, bracketed, section, tuple_text, wrapped
from actgen.backends.view import ParameterView, View

_SMOOTH = frozenset({"softplus", "exp", "sigmoid"})
_RESERVED_STEMS = frozenset({"activity"})  # keras.layers.Layer has an `activity_regularizer`
_CHOICE = "Choice | None = None"
_PICKED = "all, none, those named, or a mapping over the default"


def option_stem(name: str) -> str:
    """The stem of a parameter's keyword arguments: its name as declared (`lambda_initializer`)."""
    return f"{name}_" if name in _RESERVED_STEMS else name


def parameters_context(seen: View) -> dict[str, object]:
    """The table of parameters, and which of the optional pieces of `weights.py.j2` are used."""
    vias = {p.via for p in seen.parameters}
    return {
        "parameter_table": _table(seen.parameters),
        "options": {p.code_name: option_stem(p.name) for p in seen.parameters},
        "given": _given([option_stem(p.name) for p in seen.parameters]),
        "properties": [_property(p) for p in seen.parameters],
        "uses": {
            "exponential": any(p.init.kind == "exponential" for p in seen.parameters),
            "bounds": any(vias),
            "closed": "project" in vias,
            "raw": bool(vias & _SMOOTH),
        },
    }


def layer_context(seen: View) -> dict[str, object]:
    """The layer's constructor and docstring."""
    options = _options(seen)
    signature = ("self", "*", *(f"{name}: {kind}" for name, (kind, _) in options.items()), "**kwargs: Any")
    init = signature if options else ("self", "**kwargs: Any")
    entries = [f"{name}: {text}" for name, (_, text) in options.items()]
    return {
        "has_dim": len(seen.inputs) > 1 or len(seen.outputs) > 1,
        "has_shape": len(seen.inputs) > 1,
        "init_def": bracketed("def __init__(", init, ") -> None:", 4),
        "layer_docstring": docstring_lines(_layer_blocks(seen, entries), 4),
    }


def _layer_blocks(seen: View, entries: Sequence[str]) -> list[str]:
    blocks = ["\n".join(wrapped(f"{seen.activation.title} as a layer.", 7))]
    if seen.parameters:
        about = (
            "Each parameter has options for its initializer, regularizer and constraint, which speak of its value as "
            f"the formula uses it; 'default' is what the spec says: {'; '.join(_defaults(p) for p in seen.parameters)}."
        )
        blocks.append("\n".join(wrapped(about, 4)))
    entries = [*entries, "**kwargs: as for every layer: `name`, `dtype`, …"]
    return [*blocks, section("Args:", [line for entry in entries for line in wrapped(entry, 8, 4)])]


def _defaults(parameter: ParameterView) -> str:
    words = [f"`{option_stem(parameter.name)}` starts at {starting_value(parameter)}"]
    if not parameter.learnable:
        words.append("is not trained")
    if parameter.channel:
        words.append("has one value per channel")
    if parameter.via:
        ends = f"{parameter.low or '-inf'} and {parameter.high or 'inf'}"
        through = "by a constraint" if parameter.via == "project" else f"by a raw weight through {parameter.via}"
        words.append(f"stays between {ends} {through}")
    if parameter.l1 or parameter.l2:
        words.append(f"is regularised with l1 = {parameter.l1 or 0}, l2 = {parameter.l2 or 0}")
    return ", ".join(words)


def _options(seen: View) -> Mapping[str, tuple[str, str]]:
    """Each keyword of the constructor: annotation with default, description."""
    options: dict[str, tuple[str, str]] = {}
    for p in seen.parameters:
        stem = option_stem(p.name)
        about = f"{p.description.rstrip('.')}; " if p.description else ""
        options[f"{stem}_initializer"] = ('Any = "default"', f"{about}an initializer, or a number.")
        options[f"{stem}_regularizer"] = ('Any = "default"', f"a regularizer of `{p.code_name}`, or None.")
        options[f"{stem}_constraint"] = ('Any = "default"', _constraint_text(p))
    if seen.parameters:
        options |= {
            "learnable": (_CHOICE, f"which parameters are trained: {_PICKED}."),
            "per_channel": (_CHOICE, f"which parameters have one value per channel: {_PICKED}."),
            "shared_axes": (
                "Sequence[int] | int | None = None",
                "axes along which those parameters have one value, as in PReLU; by default all but `channel_dim`.",
            ),
            "channel_dim": (f"int = {seen.activation.channel_dim}", "the axis of the channels."),
        }
    if len(seen.inputs) > 1 or len(seen.outputs) > 1:
        about = "the axis along which one input is split, and outputs are joined."
        options["dim"] = (f"int = {seen.activation.dim}", about)
    if len(seen.outputs) > 1:
        names = ", ".join(seen.outputs)
        kind = f'str = "{seen.activation.combine.value}"'
        options["combine"] = (
            kind,
            f"how {names} are returned: 'tuple', or joined along `dim`, as 'concat' or 'stack'.",
        )
    return options


def _constraint_text(parameter: ParameterView) -> str:
    if parameter.via is None:
        return f"a constraint of `{parameter.code_name}`, or None."
    return f"a constraint of `{parameter.code_name}` in place of its bounds, or None."


def _table(parameters: Sequence[ParameterView]) -> str:
    """The tuple of `_Parameter` rows, on one line if it is one short row."""
    rows = [_row(p) for p in parameters]
    if len(rows) == 1 and len(flat := f"_PARAMETERS = ({rows[0].strip()})") <= WIDTH:
        return flat
    return "\n".join(("_PARAMETERS = (", *rows, ")"))


def _row(parameter: ParameterView) -> str:
    items = [f'"{parameter.code_name}"', f'"{option_stem(parameter.name)}"', _initializer(parameter)]
    if parameter.l1 or parameter.l2:
        amounts = (("l1", parameter.l1), ("l2", parameter.l2))
        items.append(f"regularizer=lambda: {_call('keras.regularizers.L1L2', amounts)}")
    if parameter.via:
        ends = (("low", parameter.low), ("high", parameter.high))
        closed = parameter.via == "project"
        constraint = (
            _call("ClosedInterval", ends) if closed else _call("OpenInterval", (*ends, ("via", f'"{parameter.via}"')))
        )
        items.append(f"constraint=lambda: {constraint}")
    items += ["learnable=False"] * (not parameter.learnable) + ["channel=True"] * parameter.channel
    return bracketed("_Parameter(", items, "),", 4)


def _call(name: str, options: Sequence[tuple[str, str | None]]) -> str:
    """A call with the options that are given."""
    return f"{name}({', '.join(f'{key}={value}' for key, value in options if value is not None)})"


def _initializer(parameter: ParameterView) -> str:
    kinds = {
        "constant": "keras.initializers.Constant",
        "uniform": "keras.initializers.RandomUniform",
        "normal": "keras.initializers.RandomNormal",
        "exponential": "RandomExponential",
    }
    return f"lambda: {kinds[parameter.init.kind]}({', '.join(parameter.init.values)})"


def _given(stems: Sequence[str]) -> str:
    """The constructor's options as rows, one a parameter."""
    names = [[f"{stem}_{kind}" for kind in ("initializer", "regularizer", "constraint")] for stem in stems]
    if len(stems) == 1 and len(flat := f"        given = ({tuple_text(names[0])},)") <= WIDTH:
        return flat
    rows = (f"{bracketed('(', row, ')', 12)},\n" for row in names)
    return f"        given = (\n{''.join(rows)}        )"


def _property(parameter: ParameterView) -> str:
    """The line that makes a parameter an attribute; a description too long for it stands among the options only."""
    name = parameter.code_name
    docs = (parameter.description or "", f"the parameter {parameter.name}", "")
    lines = (f'    {name} = _property("{name}", {_quoted(doc)})' for doc in docs if doc)
    plain = bracketed(f"{name} = _property(", [f'"{name}"'], ")", 4)
    return next((line for line in lines if len(line) <= WIDTH), plain)


def _quoted(text: str) -> str:
    """A string literal with double quotes where that needs no escapes, as `ruff format` prefers."""
    plain = repr(text)
    return f'"{plain[1:-1]}"' if plain.startswith("'") and '"' not in text else plain
