"""A formula word for word in a framework's operations, with no care for overflow or cancellation.

The tree crosses to the framework's process as JSON and is walked there: no text of a spec is ever evaluated, and
a name means an input or a parameter, or it is an error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from actgen.activation import Activation
from actgen.formula import Branches, Call, Compare, Constant, Logic, Name, Node, Number
from actgen.verify.peers.words import WORDS

Tree: TypeAlias = list[Any]
Value: TypeAlias = Any  # a tensor, or a Python number or truth value
_EXACT = 2**31  # numbers below it stay integers, so that x**2 is a product


def encoded(activation: Activation) -> dict[str, Any]:
    """The formulas as JSON: `let`, pairs of name and tree in order, and `outputs`, a tree for each."""
    return {
        "let": [[entry.name, _encoded(entry.formula)] for entry in activation.let],
        "outputs": [_encoded(output.formula) for output in activation.outputs],
    }


def _encoded(node: Node) -> Tree:
    match node:
        case Number(value=value):
            return ["number", value.numerator, value.denominator]
        case Constant(name=name):
            return ["constant", name]
        case Name(name=name):
            return ["name", name]
        case Call(function=function, args=args):
            return ["call", function, [_encoded(a) for a in args]]
        case Branches(pieces=pieces):
            return ["branches", [[_encoded(p.value), _encoded(p.condition)] for p in pieces]]
        case Compare(op=op, left=left, right=right):
            return ["compare", op, _encoded(left), _encoded(right)]
        case Logic(op=op, args=args):
            return ["logic", op, [_encoded(a) for a in args]]


def evaluated(content: Mapping[str, Any], given: Mapping[str, Value], framework: str, roots: Mapping[str, Any]) -> list:
    """The outputs as tensors.

    Args:
        content: what `encoded` returned.
        given: inputs as tensors, parameters as numbers.
        framework: whose words are used.
        roots: the framework's top modules by name.
    """
    names = dict(given)
    like = next(v for v in given.values() if not _is_plain(v))
    walker = _Walker(names, like, WORDS[framework], roots)
    for name, tree in content["let"]:
        names[name] = walker.value(tree)
    return [walker.tensor(walker.value(tree)) for tree in content["outputs"]]


def function(path: str, roots: Mapping[str, Any]) -> Callable[..., Value]:
    """What a dotted name stands for."""
    first, *rest = path.split(".")
    found = roots[first]
    for name in rest:
        found = getattr(found, name)
    return found


@dataclass(frozen=True, slots=True)
class _Walker:
    """Evaluates trees. Numbers stay Python numbers, so that all is computed in the dtype of the tensors."""

    names: Mapping[str, Value]
    like: Value
    words: Mapping[str, str]
    roots: Mapping[str, Any]

    def value(self, tree: Tree) -> Value:
        match tree:
            case ["number", numerator, denominator]:
                small = denominator == 1 and abs(numerator) < _EXACT
                return numerator if small else _guarded(lambda: float(Fraction(numerator, denominator)))
            case ["constant", name]:
                return {"pi": math.pi, "E": math.e}[name]
            case ["name", name]:
                return self.names[name]
            case ["call", word, args]:
                return self._call(word, [self.value(a) for a in args])
            case ["branches", pieces]:
                return self._branches(pieces)
        raise ValueError(f"no formula: {tree[0]}")

    def tensor(self, value: Value) -> Value:
        """The value with the shape and the dtype of the inputs."""
        if not _is_plain(value):
            return value
        number = value if isinstance(value, bool) else float(value)
        return self._word("full_like")(self.like, number)

    def _call(self, word: str, args: list[Value]) -> Value:
        if word in _OPERATORS:
            return _guarded(lambda: _OPERATORS[word](*args))
        if word in ("Max", "Min") and len(args) > 2:
            return self._call(word, [self._call(word, args[:-1]), args[-1]])
        if all(map(_is_plain, args)) and hasattr(math, word):
            return _guarded(lambda: getattr(math, word)(*args))
        if word not in self.words:
            return self._composed(word, args)
        if word == "clip" and all(map(_is_plain, args[1:])):
            return self._word(word)(self.tensor(args[0]), *args[1:])
        return self._word(word)(*map(self.tensor, args))

    def _composed(self, word: str, args: list[Value]) -> Value:
        (x,) = args
        match word:
            case "cbrt":
                return self._call("sign", [x]) * self._call("Abs", [x]) ** (1 / 3)
            case "gamma":
                return self._call("exp", [self._call("loggamma", [x])])
            case "sinc":
                return self._where(self.tensor(x) == 0, 1, self._call("sin", [x]) / self.tensor(x))
        raise ValueError(f"no words for {word}")

    def _branches(self, pieces: Sequence[Sequence[Tree]]) -> Value:
        """As people write pieces: all are computed, and `where` chooses; a condition of numbers chooses beforehand."""
        open_pieces: list[tuple[Value, Value]] = []
        for value, condition in pieces:
            chosen = self._condition(condition)
            if chosen is False:
                continue
            open_pieces.append((self.value(value), chosen))
            if chosen is True:
                break
        result = open_pieces[-1][0]
        for value, chosen in reversed(open_pieces[:-1]):
            result = self._where(chosen, value, result)
        return result

    def _where(self, condition: Value, a: Value, b: Value) -> Value:
        if _is_plain(a) and _is_plain(b):
            a = self.tensor(a)
        return self._word("where")(condition, a, b)

    def _condition(self, tree: Tree) -> Value:
        match tree:
            case ["compare", op, left, right]:
                return _COMPARISONS[op](self.value(left), self.value(right))
            case ["logic", ("true" | "false") as literal, _]:
                return literal == "true"
            case ["logic", "not", [part]]:
                inner = self._condition(part)
                return not inner if isinstance(inner, bool) else ~inner
            case ["logic", op, parts]:
                return _joined(op, [self._condition(p) for p in parts])
        raise ValueError(f"no condition: {tree[0]}")

    def _word(self, word: str) -> Callable[..., Value]:
        return function(self.words[word], self.roots)


def _joined(op: str, parts: Sequence[Value]) -> Value:
    decisive = op == "or"  # the truth value that decides alone
    if any(p is decisive for p in parts):
        return decisive
    rest = [p for p in parts if not isinstance(p, bool)]
    if not rest:
        return not decisive
    result = rest[0]
    for part in rest[1:]:
        result = result | part if op == "or" else result & part
    return result


def _is_plain(value: Value) -> bool:
    return isinstance(value, (int, float))


def _guarded(compute: Callable[[], Value]) -> Value:
    """Python raises where a tensor would be infinite or NaN."""
    try:
        found = compute()
    except OverflowError:
        return math.inf
    except (ZeroDivisionError, ValueError):
        return math.nan
    return math.nan if isinstance(found, complex) else found


_OPERATORS: Mapping[str, Callable[..., Value]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "neg": lambda a: -a,
}
_COMPARISONS: Mapping[str, Callable[[Value, Value], Value]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
