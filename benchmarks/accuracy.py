"""Measures our files, the textbook formula and PyTorch's own function by one metric, against exact arithmetic.

    python benchmarks/accuracy.py --out benchmarks/ACCURACY.md

Every activation of the catalogue with one output, at its nominal parameters: the worst error in ulps of the value and
of the derivatives with respect to the inputs, by `actgen verify`'s points and oracle. `trap` counts results of a wrong
kind: NaN, infinite, zero or of the wrong sign where the exact one is not. The textbook and the built-in differentiate
by autograd, and compute in the dtype that they are given.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

from textbook import torch_text

from actgen.activation import Activation, Let
from actgen.formula import Number
from actgen.pipeline.stages import compile_spec
from actgen.verify.report import Cell
from actgen.verify.screen import ProgramScreen
from actgen.verify.verify import verify

ROOT = Path(__file__).resolve().parents[1]
DTYPES = ("float32", "bfloat16", "float16")
BUILT_INS: Mapping[str, str] = {
    "celu": "F.celu({0})",
    "elu": "F.elu({0})",
    "gelu": "F.gelu({0})",
    "gelu_tanh": "F.gelu({0}, approximate='tanh')",
    "hardshrink": "F.hardshrink({0})",
    "hardsigmoid": "F.hardsigmoid({0})",
    "hardswish": "F.hardswish({0})",
    "hardtanh": "F.hardtanh({0})",
    "leaky_relu": "F.leaky_relu({0})",
    "logsigmoid": "F.logsigmoid({0})",
    "mish": "F.mish({0})",
    "relu": "F.relu({0})",
    "relu6": "F.relu6({0})",
    "selu": "F.selu({0})",
    "sigmoid": "torch.sigmoid({0})",
    "silu": "F.silu({0})",
    "softplus": "F.softplus({0})",
    "softshrink": "F.softshrink({0})",
    "softsign": "F.softsign({0})",
    "swish": "F.silu({0})",
    "tanh": "torch.tanh({0})",
    "tanhshrink": "F.tanhshrink({0})",
    "glu": "F.glu(torch.stack([{0}, {1}], -1)).squeeze(-1)",
}
"""PyTorch's function at the parameters that the catalogue holds nominal."""

_MODULE = """import math
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, {here!r})
from plain import call, larger, lesser, select, slopes


def {name}({inputs}):
    return {body}


def partials(*arguments):
    return slopes({name}, arguments)


_forward = {name}
"""
_OURS = """import sys

sys.path.insert(0, {here!r})
from plain import module

_ours = module({path!r})
{name} = _ours.{name}
_forward = {name}


def partials(*arguments):
    return _ours.partials(*arguments)[: len(arguments)]
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One activation in one form and format: worst ulps, and how many results are of a wrong kind."""

    name: str
    form: str
    dtype: str
    value: float
    value_traps: int
    slope: float
    slope_traps: int


def at_nominal(activation: Activation) -> Activation:
    """The activation with its parameters as numbers."""
    numbers = tuple(Let(p.name, Number(Fraction(p.nominal.value))) for p in activation.parameters)
    domain = {n: ends for n, ends in activation.domain.items() if n in {i.name for i in activation.inputs}}
    outputs = tuple(replace(o, checks=type(o.checks)()) for o in activation.outputs)
    return replace(activation, parameters=(), let=(*numbers, *activation.let), domain=domain, outputs=outputs)


def forms(plain: Activation) -> Iterator[tuple[str, str]]:
    """Each form's name, and a module that has the function in it."""
    name, inputs = plain.name, [f"{i.name}_" for i in plain.inputs]
    here = str(Path(__file__).parent)
    yield "actgen", _OURS.format(here=here, name=name, path=str(ROOT / "generated" / name / f"{name}_torch.py"))
    bodies = {"textbook": torch_text(plain.resolved(plain.outputs[0]))}
    if name in BUILT_INS:
        bodies["built-in"] = BUILT_INS[name].format(*inputs)
    for form, body in bodies.items():
        yield form, _MODULE.format(here=here, name=name, inputs=", ".join(inputs), body=body)


def rows(spec: Path) -> Iterator[Row]:
    """The figures of one spec."""
    unit = compile_spec(spec).unit
    if unit is None or len(unit.activation.outputs) != 1:
        return
    plain = at_nominal(unit.activation)
    screen = ProgramScreen(unit.program, unit.activation.nominal())
    for form, text in forms(plain):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / f"{plain.name}_torch.py").write_text(text, encoding="utf-8")
            report = verify(plain, Path(folder), frameworks=("torch",), derivation=unit.derivation, screen=screen)
        cells = report.frameworks[0].cells
        if not cells:
            raise RuntimeError(f"{plain.name}, {form}: {report.frameworks[0].reason}")
        for dtype in DTYPES:
            yield _row(plain.name, form, dtype, [c for c in cells if c.dtype == dtype and c.mode in _MODES])


_MODES = ("function", "partials")


def _row(name: str, form: str, dtype: str, cells: list[Cell]) -> Row:
    values = [c for c in cells if c.wrt is None]
    slopes = [c for c in cells if c.wrt is not None]
    return Row(name, form, dtype, _worst(values), _traps(values), _worst(slopes), _traps(slopes))


def _worst(cells: list[Cell]) -> float:
    return max((c.worst for c in cells), default=math.nan)


def _traps(cells: list[Cell]) -> int:
    """Those at the edge count too: the metric knows no edges."""
    kinds = sum(c.nan + c.infinite + c.finite + c.zeroed + c.sign for c in cells)
    return kinds + sum(c.edge.points for c in cells if c.edge)


_HEAD = """# Accuracy of the PyTorch files, of the textbook formulas and of PyTorch's own functions

PyTorch {version} on a CPU, eager, nominal parameters; made by `python benchmarks/accuracy.py --out
benchmarks/ACCURACY.md`, whose docstring says what is measured. A *trap* is a result of a wrong kind: NaN, infinite,
zero or of the wrong sign where the exact one is not. An activation passes with no trap, at most 4 ulp in float32 and
at most 1 ulp in 16 bits, in the value and in every derivative with respect to an input. Given NaN, both must be NaN:
of those within the ulps that do not pass, most have a finite derivative there.
"""


def page(found: Sequence[Row]) -> str:
    """A summary, then every figure."""
    head = [_HEAD.format(version=version("torch")), "| | pass | within the ulps | of |", "| --- | --: | --: | --: |"]
    for form in dict.fromkeys(r.form for r in found):
        names = {r.name for r in found if r.form == form}
        far = {r.name for r in found if r.form == form and not _is_close(r)}
        trapped = {r.name for r in found if r.form == form and r.value_traps + r.slope_traps}
        head.append(f"| {form} | {len(names - far - trapped)} | {len(names - far)} | {len(names)} |")
    head += [
        "",
        "| activation | format | form | value, ulp | traps | derivative, ulp | traps |",
        "| --- | --- | --- | --: | --: | --: | --: |",
    ]
    return "\n".join([*head, *map(_line, found), ""])


def _is_close(row: Row) -> bool:
    return max(row.value, row.slope) <= (4.0 if row.dtype == "float32" else 1.0)


def _line(row: Row) -> str:
    figures = f"{row.value:.3g} | {row.value_traps} | {row.slope:.3g} | {row.slope_traps}"
    return f"| {row.name} | {row.dtype} | {row.form} | {figures} |"


def main() -> None:
    """Prints the figures as they come, and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="where to write the page")
    parser.add_argument("specs", nargs="*", type=Path, default=sorted((ROOT / "specs").glob("*.yaml")))
    options = parser.parse_args()
    found: list[Row] = []
    for spec in options.specs:
        for row in rows(spec):
            found.append(row)
            print(_line(row), flush=True)
    if options.out:
        options.out.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
