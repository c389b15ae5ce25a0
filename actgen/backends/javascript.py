"""The JavaScript backend: `<name>.js`, a classic script for pages and Node; one element at a time, in float64."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace

from actgen.activation import Parameter, Reference, Smoothness
from actgen.backends.base import Unit, file_name
from actgen.backends.javascript_dialect import DIALECT, javascript_literal, scalars
from actgen.backends.javascript_math import needed
from actgen.backends.javascript_text import WIDTH, array, statements, tables
from actgen.backends.layout import wrapped
from actgen.backends.listing import Listing, listing
from actgen.backends.view import printed
from actgen.emit.escaping import js_string
from actgen.emit.header import origin
from actgen.emit.templates import render
from actgen.program.passes.branches import without_settled_choices
from actgen.program.translate import Translator
from actgen.spec.reserved import JAVASCRIPT_NAMES
from actgen.symbolic.derivation import Breakpoint
from actgen.symbolic.printing import formula_lines, partial_lines

_COMMENT = WIDTH - len("   * ")


@dataclass(frozen=True, slots=True)
class JavaScriptBackend:
    """Prints one activation as a script that registers one object."""

    name: str = "javascript"

    def files(self, unit: Unit) -> Mapping[str, str]:
        """The one file `<name>.js`.

        Raises:
            MissingOpsError: never, as the dialect covers the table; part of the protocol.
        """
        return {file_name(unit.activation.name, self.name): _text(unit, _docs(unit))}


BACKEND = JavaScriptBackend()


def uncommented(unit: Unit) -> str:
    """The script without the formulas at its head, which take longer to typeset than all the rest to print."""
    return _text(unit, [f"{_title(unit)}."])


def _text(unit: Unit, docs: list[str]) -> str:
    program = without_settled_choices(scalars(unit.program))
    return render("javascript/activation.js.j2", _context(replace(unit, program=program), docs))


def _context(unit: Unit, docs: list[str]) -> dict[str, object]:
    activation = unit.activation
    program = printed(unit, DIALECT, JAVASCRIPT_NAMES)
    places, breakpoints = _breakpoints(unit)
    inputs = [i.code_name for i in activation.inputs]
    parameters = [f"{p.code_name} = {javascript_literal(p.nominal.value)}" for p in activation.parameters]
    bodies = {
        "forward": _body(program.forward),
        "partials": _body(program.partials),
        "breakpoints": [*statements(places.lines), *array("return ", breakpoints, ";")],
    }
    helpers = needed("\n".join(line for body in bodies.values() for line in body))
    return {
        "header": origin(activation.source.file_name, activation.source.sha256),
        "name": activation.name,
        "docs": docs,
        "tables": tables(program.tables),
        "arguments": ", ".join((*inputs, *parameters)),
        "parameters": ", ".join(parameters),
        "forward": bodies["forward"],
        "partials": bodies["partials"],
        "breakpoints": bodies["breakpoints"],
        "argument_docs": _argument_docs(unit),
        "parameter_docs": [line for p in activation.parameters for line in _parameter_docs(p)],
        "returned": ", ".join(o.name for o in activation.outputs),
        "slopes": wrapped(", ".join(f"∂{o}/∂{v}" for o, v in unit.program.partials), width=_COMMENT),
        "helpers": [helper.splitlines() for helper in helpers],
        "fields": _fields(unit),
    }


def _body(shown: Listing) -> list[str]:
    return [*statements(shown.lines), *array("return ", shown.results, ";")]


def _breakpoints(unit: Unit) -> tuple[Listing, list[str]]:
    """Where the pieces of each output meet, as functions of the parameters: assignments, and an object for each.

    Those that the proof found to be none are left out, and so are those whose place another input decides.
    """
    symbols = {unit.derivation.symbols[p.name] for p in unit.activation.parameters}
    found: list[tuple[str, Breakpoint]] = [
        (output.name, point)
        for output in unit.derivation.outputs
        for point in output.breakpoints
        if point.smoothness is not Smoothness.CINF and point.location.free_symbols <= symbols
    ]
    translate = Translator()
    names = {p.name: p.code_name for p in unit.activation.parameters}
    places = listing([translate(point.location) for _, point in found], DIALECT, names, {}, JAVASCRIPT_NAMES)
    rows = zip(found, places.results, strict=True)
    return places, [_breakpoint(output, point, place) for (output, point), place in rows]


def _breakpoint(output: str, point: Breakpoint, place: str) -> str:
    smoothness = "null" if point.smoothness is None else js_string(point.smoothness.value)
    names = f"output: {js_string(output)}, variable: {js_string(point.variable)}"
    return f"{{ {names}, at: {place}, smoothness: {smoothness} }}"


def _fields(unit: Unit) -> list[str]:
    """The lines of the object that say what there is."""
    activation = unit.activation
    nominal = [f"{p.name}: {javascript_literal(p.nominal.value)}" for p in activation.parameters]
    named = {
        "inputs": [i.name for i in activation.inputs],
        "parameters": [p.name for p in activation.parameters],
        "outputs": [o.name for o in activation.outputs],
    }
    lines = [f"name: {js_string(activation.name)},"]
    for key, names in named.items():
        lines += array(f"{key}: Object.freeze(", [js_string(n) for n in names], "),")
    flat = f"nominal: Object.freeze({{ {', '.join(nominal)} }})," if nominal else "nominal: Object.freeze({}),"
    rows = [flat] if len(flat) <= WIDTH - 4 else ["nominal: Object.freeze({", *(f"  {n}," for n in nominal), "}),"]
    return [*lines, *rows]


def _docs(unit: Unit) -> list[str]:
    """The comment at the top, line by line."""
    activation = unit.activation
    lines = [*wrapped(f"{_title(unit)}.", width=_COMMENT)]
    if activation.summary:
        lines += ["", *wrapped(" ".join(activation.summary.split()), width=_COMMENT)]
    lines += ["", "Formula:", *(f"    {line}" for line in formula_lines(unit.derivation))]
    lines += ["", "Derivatives:", *(f"    {line}" for line in partial_lines(unit.derivation))]
    if activation.references:
        lines += ["", "References:"]
        lines += [line for r in activation.references for line in wrapped(f"- {_reference(r)}", 4, 2, _COMMENT)]
    return [line.rstrip() for line in lines]


def _title(unit: Unit) -> str:
    return " ".join(unit.activation.title.split()).rstrip(".")


def _reference(reference: Reference) -> str:
    parts = (reference.text, reference.authors, reference.title, reference.year, reference.url)
    return ". ".join(" ".join(part.split()) for part in parts if part)


def _argument_docs(unit: Unit) -> list[str]:
    inputs = [f"@param {{number}} {i.code_name}" for i in unit.activation.inputs]
    return [*inputs, *(line for p in unit.activation.parameters for line in _parameter_docs(p))]


def _parameter_docs(parameter: Parameter) -> list[str]:
    description = " ".join((parameter.description or "").split())
    default = javascript_literal(parameter.nominal.value)
    text = f"@param {{number}} [{parameter.code_name}={default}] {description}".rstrip()
    return textwrap.wrap(text, _COMMENT, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
