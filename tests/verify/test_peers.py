"""Peers: a framework's own function is measured if it is the activation, and whatever it does is no finding."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from actgen.activation import Activation
from actgen.formula import Branches, Call, Compare, Logic, Name, Number, Piece
from actgen.verify.figures import figures, wrong_kinds
from actgen.verify.measured import text
from actgen.verify.peers.built_ins import BUILT_INS, BuiltIn
from actgen.verify.peers.comparing import ACTGEN, BUILT_IN, TEXTBOOK, Wanted
from actgen.verify.peers.textbook import encoded, evaluated
from actgen.verify.peers.words import WORDS
from actgen.verify.report import Peer, Report
from actgen.verify.verify import verify
from tests.verify.toys import activation, constant, write

TANH = Call("tanh", (Name("x"),))
NAMES = {"torch": "Tanh", "jax": "tanh", "keras": "tanh"}


def compared(
    monkeypatch: pytest.MonkeyPatch, folder: Path, row: BuiltIn, toy: Activation, framework: str = "torch"
) -> tuple[Report, Peer]:
    """The verification without files of ours, and what it says of the built-in."""
    monkeypatch.setitem(BUILT_INS, framework, (row,))  # pyright: ignore
    report = verify(toy, folder, frameworks=(), wanted=Wanted((framework,), (BUILT_IN, TEXTBOOK)))
    return report, report.peers[0]


@pytest.mark.parametrize("framework", ["torch", "jax", "keras"])
def test_what_a_built_in_loses_is_seen_and_is_no_finding(
    framework: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = BuiltIn(NAMES[framework], "toy")
    report, peer = compared(monkeypatch, tmp_path, row, activation(TANH), framework)
    assert report.ok
    assert (peer.form, peer.reason) == (BUILT_IN, "")
    assert {c.dtype for c in peer.cells} == {"float64", "float32", "bfloat16", "float16"}
    slopes = [c for c in peer.cells if c.dtype == "float32" and c.wrt == "x"]
    assert slopes[0].worst > 1e6  # the slope as 1 - y**2 has no digits left in the tails
    assert "zeroed" in wrong_kinds(slopes)
    textbook = report.peers[1]
    assert (textbook.form, textbook.reason, bool(textbook.cells)) == (TEXTBOOK, "", True)
    rows = {(f.form, f.dtype): f for f in figures(report, {"a": 1.5})}
    worst = rows[BUILT_IN, "float32"].derivative
    assert worst is not None
    assert worst.wrong["zeroed"] >= 1
    found = json.loads(text(report))["peers"][0]
    assert (found["form"], found["status"]) == (BUILT_IN, "MEASURED")


def test_a_planted_wrong_built_in_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = BuiltIn("Softsign", "toy", tolerance=10.0)
    report, peer = compared(monkeypatch, tmp_path, row, activation(TANH))
    assert report.ok
    assert max(c.worst for c in peer.cells if c.dtype == "float32" and c.wrt is None) > 1e6


@pytest.mark.parametrize(
    ("toy", "public", "reason"),
    [
        (activation(), "Tanh", "torch.nn.Tanh is another function: "),
        (activation(Call("mul", (Number(constant("1.000001").formula.value), TANH))), "Tanh", "is another function"),  # pyright: ignore
        (activation(TANH), "GLU", "torch.nn.GLU is another function"),
    ],
)
def test_a_formula_of_another_function_is_not_compared(
    toy: Activation, public: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if public == "GLU":
        toy, reason = activation(TANH), "has other inputs or outputs"
    _, peer = compared(monkeypatch, tmp_path, BuiltIn(public, "toy", gate=public == "GLU"), toy)
    assert reason in peer.reason
    assert peer.cells == ()


def test_parameters_that_a_built_in_fixes_must_have_these_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, peer = compared(monkeypatch, tmp_path, BuiltIn("Tanh", "toy", holds={"a": 1.0}), activation())
    assert peer.reason == "torch.nn.Tanh is toy at a = 1 only"


def test_a_spec_without_a_built_in_says_so(tmp_path: Path) -> None:
    report = verify(activation(), tmp_path, frameworks=(), wanted=Wanted(("torch",)))
    assert report.ok
    assert report.remarks == ("torch: built-in NOT RUN: torch.nn has no function that is known as toy",)


def test_a_built_in_that_fails_harms_no_file_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BUILT_INS, "torch", (BuiltIn("Tanh", "toy", {"nonsense": True}),))  # pyright: ignore
    write(tmp_path, "torch")
    report = verify(
        activation(), tmp_path, frameworks=("torch",), wanted=Wanted(("torch",), (ACTGEN, TEXTBOOK, BUILT_IN))
    )
    assert report.ok
    assert report.statuses["torch"].startswith("ok ")
    ours, textbook, peer = report.peers
    assert "nonsense" in peer.reason
    assert peer.cells == ()
    assert {c.dataset for c in textbook.cells} == {c.dataset for c in ours.cells} >= {"every float16"}
    assert {c.where["a"] for c in ours.cells} == {1.5}
    assert {c.wrt for c in ours.cells} == {None, "x"}
    assert max(c.worst for c in ours.cells if c.dtype == "float32") < 4


_RESOLVE = """
import importlib, sys
sys.path.insert(0, {root!r})
from actgen.verify.peers.textbook import function
from actgen.verify.peers.words import WORDS
for name in {roots!r}:
    importlib.import_module(name)
for path in WORDS[{framework!r}].values():
    assert callable(function(path, {{n.partition(".")[0]: sys.modules[n.partition(".")[0]] for n in {roots!r}}})), path
"""
ROOTS = {"torch": ("torch",), "jax": ("jax", "jax.scipy.special"), "keras": ("keras", "tensorflow")}


@pytest.mark.parametrize("framework", sorted(WORDS))
def test_every_word_is_a_function_of_the_framework(framework: str) -> None:
    script = _RESOLVE.format(root=str(Path(__file__).parents[2]), roots=ROOTS[framework], framework=framework)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


class _Numpy:
    """numpy in the place of jax.numpy."""

    numpy = np
    nn = None


def run(formula: object, **given: object) -> np.ndarray:
    content = {**encoded(activation()), "outputs": [_tree(formula)], "let": []}
    return evaluated(content, given, "jax", {"jax": _Numpy})[0]


def _tree(formula: object) -> list[object]:
    return encoded(activation(formula))["outputs"][0]  # pyright: ignore


def test_a_textbook_formula_is_walked_word_for_word() -> None:
    x = np.array([-1.0, 0.0, 2.0], dtype=np.float32)
    zero, two = Number(constant("0").formula.value), Number(constant("2").formula.value)  # pyright: ignore
    power = Call("pow", (Name("x"), two))
    chosen = Branches(
        (Piece(power, Compare(">", Name("x"), zero)), Piece(Call("Max", (Name("x"), zero, two)), Logic("true")))
    )
    found = run(chosen, x=x)
    assert found.dtype == np.float32
    assert found.tolist() == [2.0, 2.0, 4.0]
    by_number = Branches((Piece(two, Compare("==", Name("a"), zero)), Piece(Name("x"), Logic("true"))))
    assert run(by_number, x=x, a=0.0).tolist() == [2.0, 2.0, 2.0]
    assert run(by_number, x=x, a=1.0).tolist() == x.tolist()
    assert np.isnan(run(Call("div", (two, zero)), x=x)).all()


def test_a_name_that_is_no_variable_is_an_error() -> None:
    with pytest.raises(KeyError):
        run(Name("__import__"), x=np.ones(1))
    with pytest.raises((ValueError, AttributeError)):
        run(Call("system", (Name("x"),)), x=np.ones(1))
