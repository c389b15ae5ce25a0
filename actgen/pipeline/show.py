"""`actgen show`: one stage of one spec as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic
from actgen.pipeline.stages import compile_spec, derive_spec, render

if TYPE_CHECKING:
    from actgen.activation import Activation
    from actgen.backends.base import Unit
    from actgen.symbolic.derivation import Derivation

_INFIX = frozenset(["lt", "le", "eq", "ne", "or", "and", "add", "sub", "mul", "div", "neg", "not", "powi"])


def show(spec: Path, form: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """One stage of the spec, and its findings.

    Args:
        spec: a spec file.
        form: `math`, `latex`, `program`, or a backend's name.

    Returns:
        The text (None if the spec has errors), and every finding up to that stage.
    """
    if form in ("math", "latex"):
        derived = derive_spec(spec)
        if derived.derivation is None:
            return None, derived.diagnostics
        text = _math(derived.derivation) if form == "math" else latex(derived.derivation)
        return text, derived.diagnostics
    compiled = compile_spec(spec)
    if compiled.unit is None:
        return None, compiled.diagnostics
    if form == "program":
        return program_text(compiled.unit), compiled.diagnostics
    return _source(compiled.unit, form, compiled.diagnostics)


def notebook_latex(activation: Activation) -> str | None:
    """The formulas as a notebook's displayed mathematics; None if they cannot be derived."""
    from actgen.symbolic.derive import derive
    from actgen.symbolic.typesetting import Typesetter

    derivation, _ = derive(activation)
    if derivation is None:
        return None
    typesetter = Typesetter(derivation)
    rows = " \\\\\n".join(str(typesetter.formula(output)) for output in derivation.outputs)
    return f"$$\\begin{{gathered}}\n{rows}\n\\end{{gathered}}$$"


def latex(derivation: Derivation) -> str:
    """Every formula and partial as a displayed LaTeX equation."""
    from actgen.symbolic.typesetting import Typesetter

    typesetter = Typesetter(derivation)
    equations = []
    for output in derivation.outputs:
        equations.append(typesetter.formula(output))
        equations += [typesetter.partial(output, v.name) for v in derivation.activation.variables]
    return "\n".join(f"\\[\n  {equation}\n\\]" for equation in equations) + "\n"


def _math(derivation: Derivation) -> str:
    from actgen.symbolic.printing import formula_lines, partial_lines

    lines = [*formula_lines(derivation), "", *partial_lines(derivation), ""]
    for output in derivation.outputs:
        for point in output.breakpoints:
            grade = point.smoothness.value if point.smoothness else "NOT PROVED"
            lines.append(f"{output.name} at {point.variable} = {point.location}: {grade} ({point.proof})")
    return "\n".join(lines).rstrip() + "\n"


def program_text(unit: Unit) -> str:
    """The program, one operation a line, and which line is which result."""
    from actgen.backends.dialect import Dialect, python_literal
    from actgen.backends.listing import listing
    from actgen.backends.tables import coefficient_names, table_lines
    from actgen.program.ops import OPS

    calls = {
        op.name: f"{op.name}({', '.join(f'{{{n}}}' for n in range(op.arity))})"
        for op in OPS.values()
        if op.arity and op.name not in _INFIX
    }
    program = unit.program
    names = {name: name for name in program.variables}
    tables = coefficient_names(program.roots())
    dialect = Dialect("program", calls, python_literal)
    printed = listing(program.roots(), dialect, names, program.hints, frozenset(OPS), tables)
    partials = [f"d{output}/d{variable}" for output, variable in program.partials]
    results = zip([*program.forward, *partials], printed.results, strict=True)
    return (
        "\n".join([*table_lines(tables), *map(str, printed.lines), "", *(f"{name} = {text}" for name, text in results)])
        + "\n"
    )


def _source(unit: Unit, target: str, findings: tuple[Diagnostic, ...]) -> tuple[str | None, tuple[Diagnostic, ...]]:
    from actgen.backends.base import file_name

    rendered = render(unit, (target,))
    found = rendered.files.get(file_name(unit.activation.name, target))
    return found, (*findings, *rendered.diagnostics)
