"""`actgen solve`: what it prints, and its exit codes."""

import json

import pytest

import actgen
from actgen.cli import run
from actgen.solving.solution import Solution

SPEC = "actgen: 1\nname: bent\nparameters: {a: 0.5, b: 0}\nexpression: Piecewise((x, x > 0), (a*x + b, True))\n"


@pytest.fixture
def bent(tmp_path):
    path = tmp_path / "bent.yaml"
    path.write_text(SPEC)
    return path


def test_a_solution_is_0_with_lines_for_the_spec(bent, capsys):
    assert run(["solve", str(bent), "--for", "C0", "--for", "f(-1) = -1/3"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.startswith("bent: C0, f(-1) = -1/3\n  solved for a, b\n\none solution, the only one")
    assert captured.out.endswith("parameters:\n  a: {init: 1/3}\n  b: {init: 0}\n")


def test_what_is_pasted_is_read(bent, capsys):
    run(["solve", str(bent), "--for", "C0, mean = 1/4"])
    lines = capsys.readouterr().out.partition("parameters:\n")[2]
    bent.write_text(f"actgen: 1\nname: bent\nparameters:\n{lines}expression: Piecewise((x, x > 0), (a*x + b, True))\n")
    found = actgen.solve(bent, "C0, mean = 1/4")
    assert isinstance(found, Solution)
    assert actgen.load(bent).nominal()["a"] == pytest.approx(float(found.values[0].decimal), rel=1e-15)


def test_json_says_what_was_asked_and_found(bent, capsys):
    assert run(["solve", str(bent), "--for", "f(-2) = -1", "--over", "a", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["outcome"] == "one"
    assert found["problem"] == {
        "activation": "bent",
        "requirements": ["f(-2) = -1"],
        "over": ["a"],
        "fixed": {"b": "0"},
    }
    assert [(v["name"], v["exact"]) for v in found["values"]] == [("a", "1/2")]


def test_no_solution_is_1_at_the_requirement(bent, capsys):
    assert run(["solve", str(bent), "--for", "f(1) = 2"]) == 1
    captured = capsys.readouterr()
    assert "no solution, proved" in captured.out
    assert "error[ACT705]" in captured.err


def test_a_bad_requirement_is_1_with_a_caret(bent, capsys):
    assert run(["solve", str(bent), "--for", "C0, mean = __import__"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert " 1 | C0, mean = __import__\n   |            ^^^^^^^^^^" in captured.err


def test_an_unknown_parameter_is_1_and_no_requirement_is_2(bent, capsys):
    assert run(["solve", str(bent), "--for", "C0", "--over", "c"]) == 1
    assert "error[ACT703]" in capsys.readouterr().err
    assert run(["solve", str(bent)]) == 2


def test_the_python_function_raises_for_a_bad_requirement(bent):
    with pytest.raises(actgen.SpecError, match="ACT701"):
        actgen.solve(bent, "average = 0")
