"""How the op table is spelled for Keras: `keras.ops` where that is right on every backend, else the backend's own.

`keras.ops` rounds float64 to float32 in its trigonometric and hyperbolic functions on JAX, and in some others on torch;
a few functions it lacks. These are bound, under a private name, to the active framework's own library.
"""

from __future__ import annotations

from dataclasses import dataclass

from actgen.backends.dialect import Dialect, python_literal

_SHARED = {
    "abs": "ops.abs({0})",
    "sqrt": "ops.sqrt({0})",
    "exp": "ops.exp({0})",
    "expm1": "ops.expm1({0})",
    "log": "ops.log({0})",
    "log1p": "ops.log1p({0})",
    "log2": "ops.log2({0})",
    "erf": "ops.erf({0})",
    "logsigmoid": "ops.log_sigmoid({0})",
    "isnan": "ops.isnan({0})",
    "isinf": "ops.isinf({0})",
    "pow": "ops.power({0}, {1})",
    "where": "ops.where({0}, {1}, {2})",
}
_HELPERS = {
    "sign": "_sign({0})",
    "min": "_minimum({0}, {1})",
    "max": "_maximum({0}, {1})",
    "cbrt": "_cbrt({0})",
    "gamma": "_gamma({0})",
    "polygamma": "_polygamma({0}, {1})",
    "poly": "_polynomial({0}, {1})",
    "sigmoid": "_sigmoid({0})",
    "sech": "_sech({0})",
    "hypot": "_hypot({0}, {1})",
    "softplus": "_softplus({0})",
    "logaddexp": "_logaddexp({0}, {1})",
    "fill": "_fill({0}, {1})",
    "finite": "_finite({0})",
    "sinpi": "_sinpi({0})",
    "cospi": "_cospi({0})",
}
_NEEDS = {
    "_gamma": ("_floor", "_lgamma"),
    "_logaddexp": ("_softplus",),
    "_finite": ("_fill",),
    "_polygamma": ("_minimum",),
    "_sinpi": ("_sin",),
    "_cospi": ("_sin",),
}


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """A function that every framework's own library has: its name there."""

    tensorflow: str
    jax: str
    torch: str


def _own(tensorflow: str, jax: str | None = None, torch: str | None = None) -> OwnFunction:
    return OwnFunction(f"tf.math.{tensorflow}", jax or f"jax.numpy.arc{tensorflow[1:]}", torch or f"torch.{tensorflow}")


_OWN = {
    **{name: _own(name, f"jax.numpy.{name}") for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "floor")},
    **{name: _own(name) for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    "atan2": _own("atan2", "jax.numpy.arctan2"),
    "erfc": _own("erfc", "jax.lax.erfc"),
    "lgamma": _own("lgamma", "jax.lax.lgamma"),
    "digamma": _own("digamma", "jax.lax.digamma"),
}


DIALECT = Dialect(
    "keras",
    {
        **_SHARED,
        **{op: f"_{op}({{0}}, {{1}})" if op == "atan2" else f"_{op}({{0}})" for op in _OWN if op != "floor"},
        **_HELPERS,
    },
    python_literal,
    flushes=True,
)


def helpers_in(text: str) -> frozenset[str]:
    """The private functions that printed lines call, and those that these call."""
    known = {*(f"_{op}" for op in _OWN), *(spelling.partition("(")[0] for spelling in _HELPERS.values())}
    called = {name for name in known if f"{name}(" in text}
    return frozenset(called | {needed for name in called for needed in _NEEDS.get(name, ())})


def bindings(helpers: frozenset[str]) -> dict[str, list[str]]:
    """By framework, the assignments that bind the helpers that are its own functions."""
    used = [(f"_{op}", function) for op, function in _OWN.items() if f"_{op}" in helpers]
    return {
        "tensorflow": [f"{name} = {function.tensorflow}" for name, function in used],
        "jax": [f"{name} = {function.jax}" for name, function in used],
        "torch": [f"{name} = {function.torch}" for name, function in used],
    }
