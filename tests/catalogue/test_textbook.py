"""The yardstick itself: it agrees with values that were written by hand in mpmath, and with known limits."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from compiling import UNSEEN
from flint import arb
from mpmath import mp
from references import REFERENCES, partial, value
from textbook import Textbook, float_of, precision

from actgen.pipeline.requiring import read_resolved

_XS = (-709.5, -38.5, -2.6, -0.55, -1e-8, 1e-8, 0.55, 3.0, 38.5)
_FURTHER = (-0.75, 1.5)


def _spec(tmp_path: Path, text: str) -> Textbook:
    path = tmp_path / "spec.yaml"
    path.write_text("actgen: 1\nname: spec\n" + text, encoding="utf-8")
    return Textbook(path)


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_agrees_with_the_values_written_by_hand(name: str) -> None:
    spec, _, output = name.partition(".")
    path = UNSEEN / f"{spec}.yaml"
    activation, findings = read_resolved(path)
    assert activation is not None, findings
    book = Textbook(path)
    rest = activation.nominal() | {i.name: v for i, v in zip(activation.inputs[1:], _FURTHER, strict=False)}
    for x in _XS:
        balls = book.evaluate(output or "y", {book.inputs[0]: x, **rest})
        truths = [value(name, x, rest), *(partial(name, v, x, rest) for v in book.variables)]
        for ball, truth in zip(balls, truths, strict=True):
            assert ball is not None
            with precision(256):
                exact = arb(mp.nstr(truth, 40))
                assert not abs(ball - exact) > abs(exact) * arb("1e-25") + arb("1e-400")


@pytest.mark.parametrize(
    ("text", "at", "truths"),
    [
        ("expression: x/(exp(x) - 1)", {"x": 0.0}, [1, -0.5]),
        ("expression: Abs(x)**3", {"x": 0.0}, [0, 0]),
        ("expression: Abs(x)", {"x": 0.0}, [0, None]),
        ("expression: relu(x) - relu(-x)", {"x": 0.0}, [0, 1]),
        ("expression: log(x)", {"x": -1.0}, [math.nan, math.nan]),
        ("expression: x * log(Abs(x))", {"x": 0.0}, [0, -math.inf]),
        ("expression: 1/x", {"x": 0.0}, [math.nan, -math.inf]),
        ("expression: sqrt(x)", {"x": 0.0}, [0, math.inf]),
        ("expression: Piecewise((1, Eq(x, 0)), (sin(x)/x, True))", {"x": 0.0}, [1, 0]),
        ("parameters: {a: 1}\nexpression: (exp(a * x) - 1)/a", {"x": 2.0, "a": 0.0}, [2, 1, 2]),
        ("expression: exp(-exp(x))", {"x": 709.5}, [0, 0]),
        ("expression: exp(exp(x))", {"x": 709.5}, [math.inf, math.inf]),
        ("expression: 1 - tanh(x)", {"x": 300.0}, [2 * math.exp(-600), -4 * math.exp(-600)]),
    ],
)
def test_knows_limits(tmp_path: Path, text: str, at: dict[str, float], truths: list[float | None]) -> None:
    balls = _spec(tmp_path, text).evaluate("y", at)
    for ball, truth in zip(balls, truths, strict=True):
        if truth is None or ball is None:
            assert ball is truth
        else:
            assert float_of(ball) == pytest.approx(truth, rel=1e-14, abs=1e-300, nan_ok=True)


def test_reads_numbers_exactly(tmp_path: Path) -> None:
    (ball, _) = _spec(tmp_path, "expression: 0.1 + 0 * x").evaluate("y", {"x": 1.0})
    assert ball is not None
    with precision(256):
        assert abs(10 * ball - 1) < arb("1e-30")
        assert not ball.contains(arb(0.1))


def test_names_the_choices(tmp_path: Path) -> None:
    book = _spec(tmp_path, "parameters: {t: 0.5}\nexpression: Piecewise((Max(x, 1), x > t), (0, True))")
    assert book.choices({"x": 0.25, "t": 0.5}) == [-1]
    assert book.choices({"x": 0.75, "t": 0.5}) == [1, -1]
