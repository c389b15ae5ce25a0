"""How the built-ins of the package's table are compared with our files, and what the frameworks ship beside them.

Plain data: the frameworks themselves are imported only in the child processes (`compare_*.py`) that read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from actgen.verify.peers.built_ins import BUILT_INS as TABLE
from actgen.verify.peers.built_ins import BuiltIn as Row


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
        return "-".join([self.public, self.spec, *(f"{key}={value}" for key, value in self.arguments.items())])


_MOVED: Mapping[str, Mapping[str, float]] = {
    "threshold": {"threshold": 0.5, "value": 2.0},
    "rrelu": {"lower": 0.125, "upper": 0.375},
    "hardtanh": {"min_val": -2.0, "max_val": 0.5},
    "elu": {"alpha": 0.5},
    "celu": {"alpha": 2.0},
    "hardshrink": {"lambda": 1.25},
    "leaky_relu": {"negative_slope": 0.25},
    "softplus": {"beta": 2.0},
    "softshrink": {"lambda": 1.25},
    "prelu": {"a": 0.125},
    "bounded_relu": {"negative_slope": 0.25, "max_value": 4.0, "threshold": 0.5},
    "squareplus": {"b": 2.0},
}
"""Other parameters than the nominal ones, exact in binary, because some built-ins round theirs to float32."""

_LIMITED: Mapping[str, Mapping[str, float]] = {
    "relu6": {"high": 9.0},
    "gelu": {"low": -4.0},
    "gelu_tanh": {"low": -4.0},
    "log1mexp": {"low": 0.125},
}
_TOLERANT = {
    ("torch", "hardsigmoid"): 1e-7,  # its backward rounds 1/6 to float32
    ("keras", "gelu"): 1e-5,  # tf.nn.gelu casts its constants to float64 by way of float32
    ("keras", "gelu_tanh"): 1e-5,
}


def _comparisons(framework: str, row: Row) -> Iterator[BuiltIn]:
    """At its defaults, where these are the spec's nominal parameters; and at others, where it takes any."""
    limits = _LIMITED.get(row.spec, {})
    tolerance = _TOLERANT.get((framework, row.spec), 1e-12)
    if row.defaults:
        yield BuiltIn(row.public, row.spec, row.options, row.holds, **limits, tolerance=tolerance, gate=row.gate)
    if row.takes:
        parameters = _MOVED[row.spec]
        arguments = {**row.options, **{argument: parameters[name] for argument, name in row.takes.items()}}
        yield BuiltIn(row.public, row.spec, arguments, parameters, **limits, tolerance=tolerance, gate=row.gate)


BUILT_INS: Mapping[str, tuple[BuiltIn, ...]] = {
    framework: tuple(one for row in rows for one in _comparisons(framework, row)) for framework, rows in TABLE.items()
}
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
