"""Which spec stands for which activation that torch.nn, keras.activations and jax.nn ship, and which have none.

Plain data: the frameworks themselves are imported only in the child processes (`compare_*.py`) that read it.
Arguments are exact in binary, because some built-ins round theirs to float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """One comparison: `public(**arguments)` of a framework against `spec(x, **parameters)` on [low, high].

    `tolerance` is relative, in float64; the interval leaves out where the built-in itself is inaccurate.
    """

    public: str
    spec: str
    arguments: Mapping[str, float | bool | str] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    low: float = -6.0
    high: float = 6.0
    tolerance: float = 1e-12
    gate: bool = False

    @property
    def label(self) -> str:
        """A name for test reports, unique in its table."""
        return "-".join([self.public, *(f"{key}={value}" for key, value in self.arguments.items())])


_TORCH = (
    BuiltIn("Threshold", "threshold", {"threshold": 0.5, "value": 2.0}, {"threshold": 0.5, "value": 2.0}),
    BuiltIn("ReLU", "relu"),
    BuiltIn("RReLU", "rrelu", {"lower": 0.125, "upper": 0.375}, {"lower": 0.125, "upper": 0.375}),
    BuiltIn("Hardtanh", "hardtanh"),
    BuiltIn("Hardtanh", "hardtanh", {"min_val": -2.0, "max_val": 0.5}, {"min_val": -2.0, "max_val": 0.5}),
    BuiltIn("ReLU6", "relu6", high=9.0),
    BuiltIn("Sigmoid", "sigmoid"),
    BuiltIn("Hardsigmoid", "hardsigmoid", tolerance=1e-7),  # its backward rounds 1/6 to float32
    BuiltIn("Tanh", "tanh"),
    BuiltIn("SiLU", "silu"),
    BuiltIn("SiLU", "swish", {"inplace": False}, {"beta": 1.0}),
    BuiltIn("Mish", "mish"),
    BuiltIn("Hardswish", "hardswish"),
    BuiltIn("ELU", "elu"),
    BuiltIn("ELU", "elu", {"alpha": 0.5}, {"alpha": 0.5}),
    BuiltIn("CELU", "celu"),
    BuiltIn("CELU", "celu", {"alpha": 2.0}, {"alpha": 2.0}),
    BuiltIn("SELU", "selu"),
    BuiltIn("GLU", "glu", gate=True),
    BuiltIn("GELU", "gelu", low=-4.0),
    BuiltIn("GELU", "gelu_tanh", {"approximate": "tanh"}, low=-4.0),
    BuiltIn("Hardshrink", "hardshrink"),
    BuiltIn("Hardshrink", "hardshrink", {"lambd": 1.25}, {"lambda": 1.25}),
    BuiltIn("LeakyReLU", "leaky_relu"),
    BuiltIn("LeakyReLU", "leaky_relu", {"negative_slope": 0.25}, {"negative_slope": 0.25}),
    BuiltIn("LogSigmoid", "logsigmoid"),
    BuiltIn("Softplus", "softplus"),
    BuiltIn("Softplus", "softplus", {"beta": 2.0}, {"beta": 2.0}),
    BuiltIn("Softshrink", "softshrink"),
    BuiltIn("Softshrink", "softshrink", {"lambd": 1.25}, {"lambda": 1.25}),
    BuiltIn("PReLU", "prelu"),
    BuiltIn("PReLU", "prelu", {"init": 0.125}, {"a": 0.125}),
    BuiltIn("Softsign", "softsign"),
    BuiltIn("Tanhshrink", "tanhshrink"),
)

# tf.nn.gelu casts sqrt(2), sqrt(2/pi) and 0.044715 to float64 by way of float32
_TF_GELU = 1e-5

_KERAS = (
    BuiltIn("relu", "relu"),
    BuiltIn(
        "relu",
        "bounded_relu",
        {"negative_slope": 0.25, "max_value": 4.0, "threshold": 0.5},
        {"negative_slope": 0.25, "max_value": 4.0, "threshold": 0.5},
    ),
    BuiltIn("leaky_relu", "leaky_relu", {"negative_slope": 0.25}, {"negative_slope": 0.25}),
    BuiltIn("relu6", "relu6", high=9.0),
    BuiltIn("elu", "elu"),
    BuiltIn("elu", "elu", {"alpha": 0.5}, {"alpha": 0.5}),
    BuiltIn("selu", "selu"),
    BuiltIn("softplus", "softplus"),
    BuiltIn("softsign", "softsign"),
    BuiltIn("soft_shrink", "softshrink"),
    BuiltIn("soft_shrink", "softshrink", {"threshold": 1.25}, {"lambda": 1.25}),
    BuiltIn("sparse_plus", "sparse_plus"),
    BuiltIn("silu", "silu"),
    BuiltIn("swish", "swish", {}, {"beta": 1.0}),
    BuiltIn("squareplus", "squareplus"),
    BuiltIn("squareplus", "squareplus", {"b": 2.0}, {"b": 2.0}),
    BuiltIn("gelu", "gelu", low=-4.0, tolerance=_TF_GELU),
    BuiltIn("gelu", "gelu_tanh", {"approximate": True}, low=-4.0, tolerance=_TF_GELU),
    BuiltIn("celu", "celu"),
    BuiltIn("celu", "celu", {"alpha": 2.0}, {"alpha": 2.0}),
    BuiltIn("glu", "glu", gate=True),
    BuiltIn("tanh", "tanh"),
    BuiltIn("tanh_shrink", "tanhshrink"),
    BuiltIn("hard_tanh", "hardtanh"),
    BuiltIn("hard_shrink", "hardshrink"),
    BuiltIn("hard_shrink", "hardshrink", {"threshold": 1.25}, {"lambda": 1.25}),
    BuiltIn("threshold", "threshold", {"threshold": 0.5, "default_value": 2.0}, {"threshold": 0.5, "value": 2.0}),
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
    BuiltIn("celu", "celu"),
    BuiltIn("celu", "celu", {"alpha": 2.0}, {"alpha": 2.0}),
    BuiltIn("elu", "elu"),
    BuiltIn("elu", "elu", {"alpha": 0.5}, {"alpha": 0.5}),
    BuiltIn("gelu", "gelu", {"approximate": False}, low=-4.0),
    BuiltIn("gelu", "gelu_tanh", {"approximate": True}, low=-4.0),
    BuiltIn("glu", "glu", gate=True),
    BuiltIn("hard_sigmoid", "hardsigmoid"),
    BuiltIn("hard_silu", "hardswish"),
    BuiltIn("hard_swish", "hardswish"),
    BuiltIn("hard_tanh", "hardtanh"),
    BuiltIn("identity", "linear"),
    BuiltIn("leaky_relu", "leaky_relu"),
    BuiltIn("leaky_relu", "leaky_relu", {"negative_slope": 0.25}, {"negative_slope": 0.25}),
    BuiltIn("log1mexp", "log1mexp", low=0.125),
    BuiltIn("log_sigmoid", "logsigmoid"),
    BuiltIn("mish", "mish"),
    BuiltIn("relu", "relu"),
    BuiltIn("relu6", "relu6", high=9.0),
    BuiltIn("selu", "selu"),
    BuiltIn("sigmoid", "sigmoid"),
    BuiltIn("silu", "silu"),
    BuiltIn("soft_sign", "softsign"),
    BuiltIn("softplus", "softplus"),
    BuiltIn("sparse_plus", "sparse_plus"),
    BuiltIn("sparse_sigmoid", "sparse_sigmoid"),
    BuiltIn("squareplus", "squareplus"),
    BuiltIn("squareplus", "squareplus", {"b": 2.0}, {"b": 2.0}),
    BuiltIn("swish", "swish", {}, {"beta": 1.0}),
    BuiltIn("tanh", "tanh"),
)

BUILT_INS: Mapping[str, tuple[BuiltIn, ...]] = {"torch": _TORCH, "keras": _KERAS, "jax": _JAX}
"""Framework to its comparisons."""

_REDUCTION = "normalises along an axis: a reduction, not elementwise"
_ATTENTION = "attention, with weights of its own"
_PLUMBING = "finds or serialises activations, is none"
_MATMUL = "a matrix product"

EXCLUDED: Mapping[str, Mapping[str, str]] = {
    "torch": {
        "MultiheadAttention": _ATTENTION,
        "Softmin": _REDUCTION,
        "Softmax": _REDUCTION,
        "Softmax2d": _REDUCTION,
        "LogSoftmax": _REDUCTION,
    },
    "keras": {
        "softmax": _REDUCTION,
        "log_softmax": _REDUCTION,
        "sparsemax": _REDUCTION,
        "get": _PLUMBING,
        "serialize": _PLUMBING,
        "deserialize": _PLUMBING,
    },
    "jax": {
        "softmax": _REDUCTION,
        "log_softmax": _REDUCTION,
        "standardize": _REDUCTION,
        "logsumexp": _REDUCTION,
        "logmeanexp": _REDUCTION,
        "one_hot": "encodes integers, has no derivative",
        "dot_product_attention": _ATTENTION,
        "scaled_matmul": _MATMUL,
        "scaled_dot_general": _MATMUL,
        "get_scaled_dot_general_config": "configures a matrix product",
    },
}
"""Framework to what it ships beside its elementwise activations and gates, with the reason for each."""
