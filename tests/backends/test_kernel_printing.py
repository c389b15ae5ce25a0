"""The kernel backend: its spelling of every op, hostile names and texts, and what it says it lacks."""

import subprocess
from dataclasses import replace

import numpy as np
import pytest
from elementary_functions import HEADERS
from kernels import Compiled
from spec_units import catalogue, unit

from actgen.backends.base import MissingOpsError
from actgen.backends.kernel import BACKEND
from actgen.backends.kernel_dialect import KEYWORDS, MISSING
from actgen.native.runtime.cache import Cache
from actgen.native.runtime.compiler import find_compiler
from actgen.native.runtime.library import Shape, Source, load
from actgen.program.evaluate import evaluate_nodes
from actgen.program.ops import OPS, Kind
from actgen.program.program import Program, arg, const, node, polynomial

TWO_INPUTS = "actgen: 1\nname: every_op\ninputs: [u, v]\nexpression: u*v\n"
X = np.array([-7.5, -2.0, -1.0, -0.75, -0.0, 0.0, 0.5, 1.0, 1.5, 3.0, 40.0, np.inf, -np.inf, np.nan])


def every_op():
    """One expression for each op that the kernel has."""
    x, y = arg("u"), arg("v")
    found = {
        "arg": x,
        "const": const(0.1),
        "powi": node("powi", x, const(-3)),
        "poly": polynomial(x, [1, 2, 3], "p"),
        "where": node("where", node("lt", x, y), x, const(2)),
        "fill": node("fill", const(3), x),
        "and": node("and", node("lt", x, y), node("isnan", x)),
        "or": node("or", node("lt", x, y), node("isnan", x)),
        "not": node("not", node("lt", x, y)),
    }
    for op in OPS.values():
        if op.name not in found and op.name not in MISSING:
            found[op.name] = node(op.name, *(x, y)[: op.arity])
    return {
        name: node("where", n, const(1), const(0)) if OPS[n.op].kind is Kind.BOOL else n for name, n in found.items()
    }


@pytest.mark.parametrize("storage", ["float64", "float32"])
def test_every_op_means_what_the_table_says(storage, tmp_path):
    ops = every_op()
    program = Program(inputs=("u", "v"), parameters=(), forward=ops, partials={}, hints={})
    seen = replace(unit(TWO_INPUTS), program=program)
    header = BACKEND.files(seen)["every_op_kernel.h"].replace("OUTPUTS = 1;", f"OUTPUTS = {len(ops)};")
    compiler = find_compiler()
    assert compiler is not None
    dtype = np.dtype(storage).type
    kernel = load(Source(header, "every_op", storage), compiler, Cache(tmp_path))
    outputs = replace(seen.activation, outputs=seen.activation.outputs * len(ops))
    x, y = (grid.ravel().astype(dtype) for grid in np.meshgrid(X, X))
    results = Compiled(kernel, replace(seen, activation=outputs), dtype).forward(Shape(1, 1, x.size), [x, y], [])
    expected = evaluate_nodes(tuple(ops.values()), {"u": x, "v": y}, dtype)
    far = np.isinf(x)  # a large angle: the element is computed in float64
    in_float64 = evaluate_nodes(tuple(ops.values()), {"u": x, "v": y})
    with np.errstate(over="ignore"):
        expected = [np.where(far, other.astype(dtype), own) for own, other in zip(expected, in_float64, strict=True)]
    for name, got, wanted in zip(ops, results, expected, strict=True):
        # Numpy's sinpi and cospi are rounded twice: beside a zero they are right to an ulp of 1.
        floor = 4 * np.finfo(dtype).eps if name in ("sinpi", "cospi") else 0
        np.testing.assert_allclose(got, wanted, rtol=4 * np.finfo(dtype).eps, atol=floor, err_msg=name)


def test_ops_that_the_math_header_lacks_are_named():
    seen = unit("actgen: 1\nname: f\nexpression: loggamma(x**2 + 1)\n")
    with pytest.raises(MissingOpsError, match="lgamma"):
        BACKEND.files(seen)


def test_names_of_cpp_are_taken_by_nothing():
    seen = unit(
        "actgen: 1\nname: double\nparameters: {int: 1, inputs: 2, T: 3}\nexpression: int*x + inputs*tanh(T*x)\n"
    )
    text = BACKEND.files(seen)["double_kernel.h"]
    assert "struct double_ {" in text
    for name in ("int_", "inputs_", "T_"):
        assert f"const T {name} = " in text
    assert "int" in KEYWORDS


def test_text_of_a_spec_stays_in_its_comment():
    seen = unit('actgen: 1\nname: f\nsummary: "ends in a backslash \\\\\\n#error out \\\\"\nexpression: tanh(x)\n')
    text = BACKEND.files(seen)["f_kernel.h"]
    assert "\\" not in text
    assert "#error" not in [line.split(" ")[0] for line in text.splitlines()]


@pytest.mark.parametrize("name", ["complex_soft_exponential", "geglu", "gelu", "log1mexp"])
def test_headers_compile_without_a_warning(name, tmp_path):
    compiler = find_compiler()
    assert compiler is not None
    (tmp_path / "k.h").write_text(BACKEND.files(catalogue(name))[f"{name}_kernel.h"], encoding="utf-8")
    command = [*compiler.command, "-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{HEADERS}"]
    done = subprocess.run([*command, "-x", "c++", str(tmp_path / "k.h")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:2000]
