"""The kernel backend: `<name>_kernel.h`, one element of an activation in C++, for the CPU and for CUDA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actgen.backends.base import KERNEL_HEADER, MissingOpsError, Unit
from actgen.backends.kernel_dialect import KEYWORDS, MISSING, RANGED, dialect, result
from actgen.backends.listing import Line, listing
from actgen.emit.header import origin
from actgen.emit.templates import render
from actgen.program.precision import GROWING, OF_ANGLES, Far, Level, Levels, remembered_kernel
from actgen.program.precision.levels import settled
from actgen.program.program import Node, Program, topological
from actgen.program.sampling import further_parameters, samples
from actgen.symbolic.printing import formula_lines

_EXPECTED = {"is_far": "expect_not_far", "is_steep": "expect_not_steep", "is_tiny": "expect_digits"}
_NOTED = dict.fromkeys(OF_ANGLES, "is_far") | dict.fromkeys(GROWING, "is_steep")
"""What a function of the math header notes of its argument by itself."""


@dataclass(frozen=True, slots=True)
class KernelBackend:
    """Prints one activation as an element header."""

    name: str = "kernel"

    def files(self, unit: Unit) -> Mapping[str, str]:
        """The one file `<name>_kernel.h`.

        Raises:
            MissingOpsError: if the math header lacks an op.
        """
        if lacking := MISSING & {current.op for current in topological(unit.program.roots())}:
            raise MissingOpsError(self.name, lacking)  # before the search for a kernel, which takes its time
        name = unit.activation.name
        return {f"{name}{KERNEL_HEADER}": render("kernel/element.h.j2", _context(unit))}


BACKEND = KernelBackend()


@dataclass(frozen=True, slots=True)
class Function:
    """A function's body: the arguments that it reads, and where they lie; its lines; its results."""

    arguments: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    results: tuple[str, ...]
    expectations: tuple[str, ...] = ()


def _context(unit: Unit) -> dict[str, object]:
    activation = unit.activation
    kernel = remembered_kernel(unit.program, samples(unit.derivation), further_parameters(unit.derivation))
    program, chosen = kernel.program, kernel.levels
    names = {v.name: _identifier(v.code_name) for v in activation.variables}
    places = {name: f"inputs[{i}]" for i, name in enumerate(program.inputs)}
    places |= {name: f"parameters[{i}]" for i, name in enumerate(program.parameters)}

    def printed(roots: Sequence[Node], levels: Levels, expected: Sequence[tuple[str, Node]] = ()) -> Function:
        every = (*roots, *(current for _, current in expected))
        used = {current.name for current in topological(every) if current.op == "arg"}
        levels = settled(every, levels)
        found = listing(every, dialect(levels, chosen.far.angles), names, program.hints, KEYWORDS)
        results = [result(root, text, levels) for root, text in zip(every, found.results, strict=True)]
        read = tuple((names[v], place) for v, place in places.items() if v in used)
        texts = zip(expected, results[len(roots) :], strict=True)
        calls = (f"actgen::{_EXPECTED[test]}(range, {text})" for (test, _), text in texts)
        return Function(read, found.lines, tuple(results[: len(roots)]), tuple(calls))

    def body(nodes: Mapping[str, Node] | Mapping[tuple[str, str], Node], levels: Levels) -> Function:
        roots = tuple(nodes.values())
        return printed(roots, levels, _expected(roots, levels, chosen.far))

    return {
        "header": origin(activation.source.file_name, activation.source.sha256),
        "title": activation.title,
        "formula": formula_lines(unit.derivation),
        "guard": f"ACTGEN_{activation.name.upper()}_KERNEL_H",
        "struct": struct_name(activation.name),
        "inputs": [names[v] for v in program.inputs],
        "parameters": [names[v] for v in program.parameters],
        "outputs": [output.name for output in activation.outputs],
        "forward": body(program.forward, chosen.forward),
        "partials": body(program.partials, chosen.partials),
        "has_guards": _has_guards(program),
        "far": _tests(chosen.far, printed(tuple(n for _, n in chosen.far.tests), {})),
    }


def struct_name(name: str) -> str:
    """The name of an activation's struct."""
    return _identifier(name)


def _has_guards(program: Program) -> bool:
    """Whether a function of the math header does more for arguments that are not ordinary."""
    return any(current.op in RANGED for current in topological(program.roots()))


def _expected(roots: Sequence[Node], levels: Levels, far: Far) -> list[tuple[str, Node]]:
    """What makes an element far and no function in T asks for. It is to be asked for: no ordinary element is far."""
    in_floats = (n for n in topological(roots) if n.op in _NOTED and levels.get(n) is not Level.WIDE)
    noted = {(_NOTED[n.op], n.args[0]) for n in in_floats}
    return [test for test in far.tests if test not in noted]


def _tests(far: Far, found: Function) -> Function:
    """What makes an element far, each as a condition."""
    texts = (f"actgen::{name}({text})" for (name, _), text in zip(far.tests, found.results, strict=True))
    return replace(found, results=tuple(texts))


def _identifier(name: str) -> str:
    return f"{name}_" if name in KEYWORDS else name
