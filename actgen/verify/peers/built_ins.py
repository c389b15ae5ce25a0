"""Which function of torch.nn, jax.nn and keras.activations is which activation: plain data, no framework.

A row is a suspicion, not a fact: a user's spec may have the name of a built-in and another formula. So a built-in is
compared only after its float64 values agreed with the formula's at ordinary points (`agreeing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A framework's function that is the activation of a spec.

    Attributes:
        public: its name, in `torch.nn`, `jax.nn` or `keras.activations`.
        spec: the name of the spec.
        options: arguments that make it that activation.
        takes: arguments that carry one of the spec's parameters, and which; the others keep their defaults.
        holds: the values that the rest of the spec's parameters must have nominally.
        gate: whether it halves one tensor, where ours has two inputs.
        defaults: whether its own defaults are the catalogue's nominal parameters.
        tolerance: how far its float64 values may be from the formula's and still be meant to be the same.
    """

    public: str
    spec: str
    options: Mapping[str, bool | str] = field(default_factory=dict)
    takes: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, float] = field(default_factory=dict)
    gate: bool = False
    defaults: bool = True
    tolerance: float = 1e-9


HOMES: Mapping[str, str] = {"torch": "torch.nn", "jax": "jax.nn", "keras": "keras.activations"}
"""Framework to the module in which its functions are."""

_BETA = {"beta": 1.0}
_TF_GELU = 1e-6  # tf.nn.gelu takes sqrt(2), sqrt(2/pi) and 0.044715 to float64 by way of float32

_TORCH = (
    BuiltIn("Threshold", "threshold", takes={"threshold": "threshold", "value": "value"}, defaults=False),
    BuiltIn("ReLU", "relu"),
    BuiltIn("RReLU", "rrelu", takes={"lower": "lower", "upper": "upper"}),
    BuiltIn("Hardtanh", "hardtanh", takes={"min_val": "min_val", "max_val": "max_val"}),
    BuiltIn("ReLU6", "relu6"),
    BuiltIn("Sigmoid", "sigmoid"),
    BuiltIn("Hardsigmoid", "hardsigmoid"),
    BuiltIn("Tanh", "tanh"),
    BuiltIn("SiLU", "silu"),
    BuiltIn("SiLU", "swish", holds=_BETA),
    BuiltIn("Mish", "mish"),
    BuiltIn("Hardswish", "hardswish"),
    BuiltIn("ELU", "elu", takes={"alpha": "alpha"}),
    BuiltIn("CELU", "celu", takes={"alpha": "alpha"}),
    BuiltIn("SELU", "selu"),
    BuiltIn("GLU", "glu", gate=True),
    BuiltIn("GELU", "gelu"),
    BuiltIn("GELU", "gelu_tanh", {"approximate": "tanh"}),
    BuiltIn("Hardshrink", "hardshrink", takes={"lambd": "lambda"}),
    BuiltIn("LeakyReLU", "leaky_relu", takes={"negative_slope": "negative_slope"}),
    BuiltIn("LogSigmoid", "logsigmoid"),
    BuiltIn("Softplus", "softplus", takes={"beta": "beta"}),
    BuiltIn("Softshrink", "softshrink", takes={"lambd": "lambda"}),
    BuiltIn("PReLU", "prelu", takes={"init": "a"}),
    BuiltIn("Softsign", "softsign"),
    BuiltIn("Tanhshrink", "tanhshrink"),
)

_BOUNDED = {"negative_slope": "negative_slope", "max_value": "max_value", "threshold": "threshold"}
_KERAS = (
    BuiltIn("relu", "relu"),
    BuiltIn("relu", "bounded_relu", takes=_BOUNDED, defaults=False),
    BuiltIn("leaky_relu", "leaky_relu", takes={"negative_slope": "negative_slope"}, defaults=False, tolerance=_TF_GELU),
    BuiltIn("relu6", "relu6"),
    BuiltIn("elu", "elu", takes={"alpha": "alpha"}),
    BuiltIn("selu", "selu"),
    BuiltIn("softplus", "softplus", holds=_BETA),
    BuiltIn("softsign", "softsign"),
    BuiltIn("soft_shrink", "softshrink", takes={"threshold": "lambda"}),
    BuiltIn("sparse_plus", "sparse_plus"),
    BuiltIn("silu", "silu"),
    BuiltIn("swish", "swish", holds=_BETA),
    BuiltIn("squareplus", "squareplus", takes={"b": "b"}),
    BuiltIn("gelu", "gelu", {"approximate": False}, tolerance=_TF_GELU),
    BuiltIn("gelu", "gelu_tanh", {"approximate": True}, tolerance=_TF_GELU),
    BuiltIn("celu", "celu", takes={"alpha": "alpha"}),
    BuiltIn("glu", "glu", gate=True),
    BuiltIn("tanh", "tanh"),
    BuiltIn("tanh_shrink", "tanhshrink"),
    BuiltIn("hard_tanh", "hardtanh", holds={"min_val": -1.0, "max_val": 1.0}),
    BuiltIn("hard_shrink", "hardshrink", takes={"threshold": "lambda"}),
    BuiltIn("threshold", "threshold", takes={"threshold": "threshold", "default_value": "value"}, defaults=False),
    BuiltIn("sigmoid", "sigmoid"),
    BuiltIn("exponential", "exponential"),
    BuiltIn("hard_sigmoid", "hardsigmoid"),
    BuiltIn("log_sigmoid", "logsigmoid"),
    BuiltIn("sparse_sigmoid", "sparse_sigmoid"),
    BuiltIn("hard_silu", "hardswish"),
    BuiltIn("hard_swish", "hardswish"),
    BuiltIn("linear", "linear"),
    BuiltIn("mish", "mish"),
)

_JAX = (
    BuiltIn("celu", "celu", takes={"alpha": "alpha"}),
    BuiltIn("elu", "elu", takes={"alpha": "alpha"}),
    BuiltIn("gelu", "gelu", {"approximate": False}),
    BuiltIn("gelu", "gelu_tanh", {"approximate": True}),
    BuiltIn("glu", "glu", gate=True),
    BuiltIn("hard_sigmoid", "hardsigmoid"),
    BuiltIn("hard_silu", "hardswish"),
    BuiltIn("hard_swish", "hardswish"),
    BuiltIn("hard_tanh", "hardtanh", holds={"min_val": -1.0, "max_val": 1.0}),
    BuiltIn("identity", "linear"),
    BuiltIn("leaky_relu", "leaky_relu", takes={"negative_slope": "negative_slope"}),
    BuiltIn("log1mexp", "log1mexp"),
    BuiltIn("log_sigmoid", "logsigmoid"),
    BuiltIn("mish", "mish"),
    BuiltIn("relu", "relu"),
    BuiltIn("relu6", "relu6"),
    BuiltIn("selu", "selu"),
    BuiltIn("sigmoid", "sigmoid"),
    BuiltIn("silu", "silu"),
    BuiltIn("soft_sign", "softsign"),
    BuiltIn("softplus", "softplus", holds=_BETA),
    BuiltIn("sparse_plus", "sparse_plus"),
    BuiltIn("sparse_sigmoid", "sparse_sigmoid"),
    BuiltIn("squareplus", "squareplus", takes={"b": "b"}),
    BuiltIn("swish", "swish", holds=_BETA),
    BuiltIn("tanh", "tanh"),
)

BUILT_INS: Mapping[str, tuple[BuiltIn, ...]] = {"torch": _TORCH, "keras": _KERAS, "jax": _JAX}
"""Framework to its functions; of two for one spec the first is compared."""


def built_in(framework: str, spec: str) -> BuiltIn | None:
    """The framework's function for a spec of that name."""
    return next((row for row in BUILT_INS[framework] if row.spec == spec), None)
