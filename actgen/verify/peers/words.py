"""How each framework calls the functions of formulas: names only, looked up by the process that has the framework."""

from __future__ import annotations

from collections.abc import Mapping

_SAME = "exp expm1 log log1p log2 sqrt sign sin cos tan sinh cosh tanh"


def _names(home: str, names: str) -> dict[str, str]:
    return {name: f"{home}.{name}" for name in names.split()}


def _inverse(home: str) -> dict[str, str]:
    return {f"a{name}": f"{home}.arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}


_TORCH = {
    **_names("torch", f"{_SAME} asin acos atan asinh acosh atanh atan2 erf erfc digamma sigmoid relu logaddexp where"),
    "loggamma": "torch.lgamma",
    "softplus": "torch.nn.functional.softplus",
    "logsigmoid": "torch.nn.functional.logsigmoid",
    "Abs": "torch.abs",
    "Max": "torch.maximum",
    "Min": "torch.minimum",
    "clip": "torch.clamp",
    "full_like": "torch.full_like",
}
_JAX = {
    **_names("jax.numpy", f"{_SAME} cbrt clip logaddexp where full_like"),
    **_inverse("jax.numpy"),
    **_names("jax.scipy.special", "erf erfc gamma digamma"),
    **_names("jax.nn", "sigmoid softplus relu"),
    "loggamma": "jax.scipy.special.gammaln",
    "logsigmoid": "jax.nn.log_sigmoid",
    "atan2": "jax.numpy.arctan2",
    "Abs": "jax.numpy.abs",
    "Max": "jax.numpy.maximum",
    "Min": "jax.numpy.minimum",
}
_KERAS = {
    **_names("keras.ops", f"{_SAME} clip erf logaddexp sigmoid softplus relu where full_like"),
    **_inverse("keras.ops"),
    **_names("tensorflow.math", "erfc digamma"),  # Keras itself has none, and no lgamma
    "loggamma": "tensorflow.math.lgamma",
    "logsigmoid": "keras.ops.log_sigmoid",
    "atan2": "keras.ops.arctan2",
    "Abs": "keras.ops.abs",
    "Max": "keras.ops.maximum",
    "Min": "keras.ops.minimum",
}

WORDS: Mapping[str, Mapping[str, str]] = {"torch": _TORCH, "jax": _JAX, "keras": _KERAS}
"""Framework to function of a formula to dotted name. Where one is missing, `textbook.py` puts it together."""
