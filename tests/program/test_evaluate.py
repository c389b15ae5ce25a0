"""What is chosen by measuring does not depend on the processor that it is measured on."""

import numpy as np
import pytest
from spec_units import catalogue

from actgen.backends.base import backend
from actgen.program import evaluate
from actgen.program.evaluate import NUMPY_OPS, evaluate_nodes
from actgen.program.program import arg, node
from actgen.program.truth import truths

X = np.concatenate([np.linspace(-30, 30, 4001), np.geomspace(1e-300, 1, 1000)])
PLAIN = ["exp", "expm1", "sin", "cos", "tanh", "sinh", "cosh", "atan", "asinh", "sigmoid", "softplus", "logsigmoid"]


@pytest.mark.parametrize("op", PLAIN)
def test_a_function_is_rounded_once(op):
    root = node(op, arg("x"))
    (found,), (exact,) = evaluate_nodes([root], {"x": X}), truths([root], {"x": X})
    np.testing.assert_allclose(found, exact, rtol=2.0**-52)
    assert np.mean(found != exact) < 0.002, "all but those halfway between two numbers"


def test_so_it_is_in_float32():
    root = node("exp", arg("x"))
    x = X.astype(np.float32).astype(np.float64)
    (found,), (exact,) = evaluate_nodes([root], {"x": x}, np.float32), truths([root], {"x": x})
    np.testing.assert_array_equal(found, exact.astype(np.float32))


def moved(function):
    """The function as another processor may have it: a step up or down in its last digit, as its bits will have it."""

    def apply(*operands):
        result = np.asarray(function(*operands))
        if result.dtype != np.float64:
            return result
        up = (result.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(63)
        with np.errstate(over="ignore"):
            other = np.nextafter(result, np.where(up, np.inf, -np.inf))
        return np.where(np.isfinite(other) & (result != 0), other, result)

    return apply


@pytest.mark.parametrize("name", ["celu", "mish", "elu"])
def test_the_text_is_the_same_where_functions_have_other_last_digits(name, monkeypatch, tmp_path):
    texts = []
    for other in (False, True):
        monkeypatch.setenv("ACTGEN_CACHE", str(tmp_path / f"cache {other}"))  # searches are remembered in it
        if other:
            for op in evaluate._BY_PROCESSOR:
                monkeypatch.setitem(NUMPY_OPS, op, moved(NUMPY_OPS[op]))
        unit = catalogue.__wrapped__(name)
        texts.append({**backend("kernel").files(unit), **backend("jax").files(unit)})
    assert texts[0] == texts[1]
