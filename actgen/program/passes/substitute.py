"""A root at one far value of an input: what is selected there, without the pieces that lie elsewhere."""

from __future__ import annotations

from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, arg, const, node, topological

_COMPARED = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
}


_ARITHMETIC = frozenset(["add", "sub", "mul", "div", "neg", "powi"])


def substituted(root: Node, name: str, value: float) -> Node:
    """The root with a number for an input, larger in size than any parameter, whose comparisons are thus decided.

    Args:
        root: what is evaluated.
        name: the input.
        value: the number.
    """
    new: dict[Node, Node] = {arg(name): const(value)}
    known: dict[Node, bool] = {}
    for old in topological([root]):
        if old in new:
            continue
        if old.is_bool and (verdict := _decided(old, new, known, abs(value))) is not None:
            known[old] = verdict
        if old.op == "where" and old.args[0] in known:
            new[old] = new[old.args[1 if known[old.args[0]] else 2]]
        else:
            new[old] = _without_known(old, new, known)
    return new[root]


def _decided(old: Node, new: dict[Node, Node], known: dict[Node, bool], far: float) -> bool | None:
    if old.op in _COMPARED:
        sides = [new[a] for a in old.args]
        numbers = [s.value for s in sides if s.op == "const"]
        if len(numbers) == len(sides) or (any(abs(n) >= far for n in numbers) and all(map(_is_plain, sides))):
            return _COMPARED[old.op](*(s.value if s.op == "const" else 0.0 for s in sides))
        return None
    verdicts = [known.get(a) for a in old.args]
    match old.op:
        case "not":
            return None if verdicts[0] is None else not verdicts[0]
        case "and":
            return False if False in verdicts else True if None not in verdicts else None
        case "or":
            return True if True in verdicts else False if None not in verdicts else None
    return None


def _is_plain(side: Node) -> bool:
    return side.op in ("const", "arg")


def _without_known(old: Node, new: dict[Node, Node], known: dict[Node, bool]) -> Node:
    if old.op in ("and", "or") and any(a in known for a in old.args):
        (rest,) = [a for a in old.args if a not in known] or [old.args[0]]
        return new[rest]
    rebuilt = old.with_operands(tuple(new[a] for a in old.args))
    if rebuilt.op == "sub" and rebuilt.args[1].op == "const" and rebuilt.args[1].value < 0:
        return node("add", rebuilt.args[0], const(-rebuilt.args[1].exact))
    return _number(rebuilt) if _is_call_of_numbers(rebuilt) else rebuilt


def _is_call_of_numbers(current: Node) -> bool:
    """What frameworks refuse: a function of numbers; arithmetic on them is Python's own."""
    called = current.op not in _ARITHMETIC and not current.is_bool and current.op != "where"
    return called and bool(current.args) and all(n.op != "arg" for n in topological([current]))


def _number(current: Node) -> Node:
    (value,) = evaluate_nodes([current], {})
    return const(float(value))
