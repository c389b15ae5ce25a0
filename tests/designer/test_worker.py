"""What the worker answers, asked directly; and what keeps it small."""

import json
import subprocess
import sys

import pytest
from designers import START

from actgen.backends.base import MissingOpsError, backend
from actgen.designer.answers import answer
from actgen.designer.description import description
from actgen.designer.kinds import BLANK
from actgen.pipeline.show import show
from actgen.pipeline.stages import compile_spec, derive_text

GATE = """\
actgen: 1
name: gate
inputs: [x, lambda]
parameters:
  beta: {init: 1.5, bounds: [0, .inf], latex: '\\hat{b}', shape: channel, description: 'a <b>steep</b> one'}
  theta: {init: -1, learnable: false}
outputs:
  low: max(x, theta) * lambda
  high: sigmoid(beta * x) + lambda
checks:
  domain: {x: [-4, 4], theta: [-2, 2]}
  smoothness: {low: {x: C0}}
"""


def described(text):
    return answer("mathematics", text, "spec.yaml")["activation"]


def test_the_mathematics_of_several_inputs_and_outputs():
    found = described(GATE.replace("  smoothness: {low: {x: C0}}\n", ""))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert [(i["name"], i["code_name"], i["domain"]) for i in found["inputs"]] == [
        ("x", "x", [-4, 4]),
        ("lambda", "lambda_", None),
    ]
    beta, theta = found["parameters"]
    assert beta == {
        "name": "beta",
        "code_name": "beta",
        "latex": r"\hat{b}",
        "description": "a <b>steep</b> one",
        "nominal": 1.5,
        "low": 0,
        "high": None,
        "domain": [0, 4.5],
        "learnable": True,
        "shape": "channel",
    }
    assert (theta["domain"], theta["learnable"], theta["low"]) == ([-2, 2], False, None)
    assert [o["name"] for o in found["outputs"]] == ["low", "high"]
    assert [f["output"] for f in found["formulas"]] == ["low", "high"]
    partials = [(p["output"], p["variable"]) for p in found["partials"]]
    assert partials == [(o, v) for o in ("low", "high") for v in ("x", "lambda", "beta", "theta")]
    [point] = found["breakpoints"]
    assert (point["output"], point["variable"], point["location"], point["nominal"]) == ("low", "x", r"\theta", -1)
    assert (point["smoothness"], bool(point["proof"])) == ("C0", True)


def test_each_partial_is_the_one_that_it_says():
    found = described("actgen: 1\nname: poly\nparameters: {alpha: 2, beta: 3}\nexpression: alpha * x + beta**2\n")
    latex = {p["variable"]: p["latex"].split(" = ")[1] for p in found["partials"]}
    assert latex == {"x": r"\alpha", "alpha": "x", "beta": r"2 \beta"}


def test_a_false_claim_is_found():
    wrong = START + "checks: {points: [{at: {x: 2}, y: 3}], smoothness: {x: C1}}\n"
    found = answer("mathematics", wrong, "spec.yaml")
    assert sorted(d["code"] for d in found["diagnostics"]) == ["ACT611", "ACT614"]
    assert found["activation"]["name"] == "tilt"


@pytest.mark.parametrize("kind", ["draw", "mathematics", "compile", "sources", "analyse", "solve"])
def test_a_bad_spec_has_findings_and_nothing_else(kind):
    found = answer(kind, START.replace("alpha *", "alpa *"), "spec.yaml")
    codes = [d["code"] for d in found.pop("diagnostics")]
    assert "ACT302" in codes
    assert found == BLANK[kind]


def test_program_and_sources_are_those_of_the_other_commands(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_text(START)
    text, _ = show(path, "program")
    assert answer("compile", START, "spec.yaml")["program"] == text
    unit = compile_spec(path).unit
    found = answer("sources", START, "spec.yaml", targets=("torch", "kernel"))["sources"]
    assert {name: source["files"] for name, source in found.items()} == {
        name: dict(backend(name).files(unit)) for name in ("torch", "kernel")
    }
    assert {"torch", "keras", "jax"} <= {*answer("sources", START, "spec.yaml")["sources"]}


def test_what_a_target_lacks_is_said(monkeypatch):
    class Poor:
        def files(self, unit):
            raise MissingOpsError("poor", frozenset({"erf", "atan"}))

    monkeypatch.setattr("actgen.backends.base.backend", lambda name: Poor())
    found = answer("sources", START, "spec.yaml", targets=("poor",))["sources"]
    assert found == {"poor": {"files": {}, "missing": ["atan", "erf"]}}


def test_javascript_is_what_its_backend_prints(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_text(START)
    (text,) = backend("javascript").files(compile_spec(path).unit).values()
    found = answer("compile", START, "spec.yaml")
    assert found["javascript"] == text
    assert (found["data"]["name"], [p["name"] for p in found["data"]["parameters"]]) == ("tilt", ["alpha"])


def test_numbers_without_bound_are_none():
    derived = derive_text(
        "actgen: 1\nname: a\nparameters: {k: {init: 1, bounds: [-.inf, 2]}}\nexpression: k * x\n", "a"
    )
    [parameter] = description(derived.derivation)["parameters"]
    assert (parameter["low"], parameter["high"], parameter["domain"]) == (None, 2, [-1, 2])


def test_memory_has_a_limit():
    code = """
from actgen.designer.worker import limit_memory
limit_memory(1 << 30)
try:
    bytearray(2 << 30)
except MemoryError:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "refused\n", done.stderr


def test_the_server_reads_a_spec_without_mathematics():
    code = """
import sys
import actgen.designer.server
from actgen.designer.findings import checked
assert checked("actgen: 1\\nname: a\\nexpression: alpa * x\\n", "a.yaml")["diagnostics"]
sys.exit(f"{[n for n in ('sympy', 'numpy', 'matplotlib', 'torch') if n in sys.modules] or ''}")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_a_picture_needs_no_proofs():
    found = answer("draw", START, "spec.yaml")
    assert found["diagnostics"] == []
    assert found["data"] == answer("compile", START, "spec.yaml")["data"]
    assert '"tilt"' in found["javascript"]


def test_requirements_are_solved_as_by_the_command():
    found = answer("solve", START, "spec.yaml", requirement="f(-1) = -1/3")
    [value] = found["outcome"]["values"]
    assert (found["outcome"]["outcome"], value["name"], value["exact"]) == ("one", "alpha", "1/3")
    assert "alpha = 1/3" in found["report"]


def test_a_requirement_that_cannot_be_read_is_shown_where_it_is_wrong():
    found = answer("solve", START, "spec.yaml", requirement="meen = 0")
    [fault] = found["diagnostics"]
    assert (found["outcome"], fault["path"]) == (None, "requirement")
    assert " 1 | meen = 0\n   | ^^^^" in fault["rendered"]


def test_a_requirement_may_name_what_is_solved_for():
    found = answer("solve", START, "spec.yaml", requirement="f(-1) = 0", over=["beta"])
    assert [d["code"] for d in found["diagnostics"]] == ["ACT703"]
