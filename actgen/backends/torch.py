"""The PyTorch backend: `<name>_torch.py`, a function with explicit derivatives of every order, and an `nn.Module`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actgen.backends.base import Unit
from actgen.backends.dialect import Dialect, python_literal
from actgen.backends.torch_context import context
from actgen.backends.view import view
from actgen.emit.templates import render
from actgen.program.program import Node, Program, arg, node, rewrite, topological

_SAME_NAME = (
    "abs sqrt exp log log1p log2 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh "
    "erf erfc lgamma digamma isnan isinf"
)
_CALLS = {op: f"torch.{op}({{0}})" for op in _SAME_NAME.split()} | {
    "pow": "torch.pow({0}, {1})",
    "min": "torch.clamp({0}, max={1})",
    "max": "torch.clamp({0}, min={1})",
    "where": "torch.where({0}, {1}, {2})",
    "fill": "torch.broadcast_tensors({0}, {1})[0]",
    "logsigmoid": "nn.functional.logsigmoid({0})",
    "logaddexp": "torch.logaddexp({0}, {1})",
    "atan2": "torch.atan2({0}, {1})",
    "hypot": "torch.hypot({0}, {1})",
    "polygamma": "torch.polygamma({0}, {1})",
    "poly": "_polynomial({0}, {1})",
    "sigmoid": "_sigmoid({0})",
    "expm1": "_expm1({0})",
    "sech": "_sech({0})",
    "softplus": "_softplus({0})",
    "sign": "_sign({0})",
    "cbrt": "_cbrt({0})",
    "gamma": "_gamma({0})",
    "finite": "_finite({0})",
    "sinpi": "_sinpi({0})",
    "cospi": "_cospi({0})",
}
_RESERVED = frozenset({"torch", "nn", "math", "functools", "forward_ad", "Tensor", "partials"})
_CLAMP = re.compile(r"torch\.clamp\(\w+, (?:min|max)=[^()]*\)")


def _special(current: Node, texts: Sequence[str]) -> str | None:
    """The ops whose spelling depends on which operands are constants."""
    if current.op in ("min", "max"):
        return _clamp(current, texts)
    if current.op == "fill" and current.args[0].op == "const":
        short = {0.0: "zeros_like", 1.0: "ones_like"}.get(current.args[0].value)
        return f"torch.{short}({texts[1]})" if short else f"torch.full_like({texts[1]}, {texts[0]})"
    if current.op == "polygamma" and current.args[0].value == 1:
        return f"_trigamma({texts[1]})"
    return None


def _clamp(current: Node, texts: Sequence[str]) -> str:
    """Clamps the operand that is no constant (the first of two): at a tie it alone has the derivative."""
    (held, bound), (a, b) = current.args, texts
    if held.op == "const":
        held, (a, b) = bound, (b, a)
    side = "max" if current.op == "min" else "min"
    if held.op in ("min", "max") and held.op != current.op and _CLAMP.fullmatch(a):
        return f"{a[:-1]}, {side}={b})"
    return f"torch.clamp({a}, {side}={b})"


DIALECT = Dialect("torch", _CALLS, python_literal, special=_special)


@dataclass(frozen=True, slots=True)
class TorchBackend:
    """Prints one activation as a module for PyTorch 2.6 and later."""

    name: str = "torch"

    def files(self, unit: Unit) -> Mapping[str, str]:
        """The one file `<name>_torch.py`.

        Raises:
            MissingOpsError: never, as the dialect covers the table; part of the protocol.
        """
        return {f"{unit.activation.name}_torch.py": _text(unit, packaged=False)}


BACKEND = TorchBackend()


def packaged(unit: Unit) -> str:
    """The file for a package that has its kernels with it."""
    return _text(unit, packaged=True)


def _text(unit: Unit, *, packaged: bool) -> str:
    seen = view(replace(unit, program=_typed(unit.program)), DIALECT, _RESERVED)
    return render("torch/activation.py.j2", context(seen) | {"packaged": packaged})


def _typed(program: Program) -> Program:
    """The program with constants as tensors where Python numbers would lose the dtype, or are refused."""
    new = rewrite(program.roots(), _with_tensors)
    first = arg(program.inputs[0])

    roots = {old: node("fill", new[old], first) if new[old].op == "const" else new[old] for old in program.roots()}
    return program.with_roots(roots, {new[old]: name for old, name in program.hints.items() if old in new})


def _with_tensors(current: Node) -> Node:
    """`where` of two constants yields the default dtype; `atan2`, `hypot` and `logaddexp` take no numbers."""
    if current.op == "where" and current.args[1].op == current.args[2].op == "const":
        condition, one, other = current.args
        return node("where", condition, one, node("fill", other, _some_argument(condition)))
    if current.op in ("atan2", "hypot", "logaddexp"):
        like = _some_argument(current)
        return node(current.op, *(node("fill", a, like) if a.op == "const" else a for a in current.args))
    return current


def _some_argument(below: Node) -> Node:
    return next(n for n in topological((below,)) if n.op == "arg")
