"""Leaves the Keras modules that the checks run: those of `specs/`, and one with an output for each op of the table."""

from __future__ import annotations

import json
from pathlib import Path

import sympy as sp

from actgen.activation import Activation, Input, Output, SpecSource
from actgen.backends.base import Unit
from actgen.backends.keras import BACKEND
from actgen.formula import Name
from actgen.pipeline.requiring import read_resolved
from actgen.program.lower import lower
from actgen.program.ops import OPS
from actgen.program.program import Node, Program, arg, const, node, polynomial
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.derive import derive

SPECS = Path(__file__).parent / "specs"


def write_modules(folder: Path) -> None:
    """Writes `<name>_keras.py` for every spec, `op_table_keras.py`, and the names of its outputs in order."""
    for unit in (*(spec_unit(path) for path in sorted(SPECS.glob("*.yaml"))), op_table_unit()):
        for name, text in BACKEND.files(unit).items():
            (folder / name).write_text(text, encoding="utf-8")
    (folder / "op_table.json").write_text(json.dumps(list(op_nodes())), encoding="utf-8")


def spec_unit(path: Path) -> Unit:
    """A spec file through the stages."""
    activation, findings = read_resolved(path)
    assert activation is not None, findings
    derivation, findings = derive(activation)
    return Unit(activation=activation, derivation=derivation, program=lower(derivation))


def op_table_unit() -> Unit:
    """A unit of inputs `a` and `b` whose outputs are every op of the table, and the ways constants may stand."""
    roots = {f"of_{name}": root for name, root in op_nodes().items()}
    activation = Activation(
        name="op_table",
        class_name="OpTable",
        title="The op table",
        source=SpecSource("op_table.yaml", "op_table.yaml", "", "0" * 64),
        inputs=(Input("a", "a"), Input("b", "b")),
        parameters=(),
        outputs=tuple(Output(name, name, Name("a")) for name in roots),
    )
    program = Program(
        inputs=("a", "b"),
        parameters=(),
        forward=roots,
        partials={(name, variable): const(0) for name in roots for variable in ("a", "b")},
        hints={},
    )
    derivation = Derivation(activation, {name: sp.Symbol(name, real=True) for name in ("a", "b")}, ())
    return Unit(activation=activation, derivation=derivation, program=program)


def op_nodes() -> dict[str, Node]:
    """A node for each op, by name; for `min` and the like also with constants on either side."""
    a, b = arg("a"), arg("b")
    tenth, seven_tenths = const(sp.Rational(1, 10)), const(sp.Rational(7, 10))
    below = node("lt", a, b)
    nodes = {
        "powi": node("powi", a, const(3)),
        "polygamma": node("polygamma", const(1), a),
        "poly": polynomial(a, (0.7, -2, 0, 1.1), "probe"),
        "where": node("where", below, a, b),
        "where_one": node("where", below, seven_tenths, b),
        "where_both": node("where", below, tenth, seven_tenths),
        "min_constant": node("min", seven_tenths, a),
        "max_constant": node("max", a, seven_tenths),
        "pow_constant": node("pow", a, seven_tenths),
        "constant_pow": node("pow", seven_tenths, a),
        "logaddexp_constant": node("logaddexp", seven_tenths, a),
        "atan2_constant": node("atan2", seven_tenths, a),
        "hypot_constant": node("hypot", seven_tenths, a),
        "fill": node("fill", seven_tenths, a),
        "constant": seven_tenths,
        "inverse": node("powi", node("add", a, b), const(-2)),
    }
    for name, op in OPS.items():
        if name in nodes or not op.arity:
            continue
        operands = (below, node("lt", b, const(1)))[: op.arity] if name in ("and", "or", "not") else (a, b)[: op.arity]
        root = node(name, *operands)
        nodes[name] = node("where", root, const(1), const(0)) if root.is_bool else root
    return nodes
