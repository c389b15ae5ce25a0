"""The page of `accuracy.py`: a summary by framework and form, then every figure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actgen.verify.kinds import EDGE, WORDS

FRAMEWORKS = {"torch": "PyTorch", "jax": "JAX", "keras": "Keras on TensorFlow"}
FORMS = {"actgen": "actgen", "built-in": "its own function", "textbook": "textbook formula"}
LIMITS = {"float32": 4.0, "bfloat16": 1.0, "float16": 1.0}
_KINDS = {**WORDS, "edge": EDGE}

_HEAD = """# Accuracy of our files, of the frameworks' own functions and of textbook formulas

{machine}. Eager, on a CPU, at the nominal parameters; made by `python benchmarks/accuracy.py --out
benchmarks/ACCURACY.md`, whose docstring says what is measured. The textbook form is the spec's formula word for word,
differentiated by the framework. Which function of a framework is compared, and when: docs/NUMERICS.md.

An activation *passes* if, in float32 and both 16-bit formats, the value and every derivative with respect to an input
are within 4 ulp in float32 and 1 ulp in 16 bits, and no result is of a wrong kind. A *wrong kind* is NaN, an infinity,
a zero or a sign that the exact result does not have, or a number for NaN; *at the edge* are those of our files that
are listed and fail no build, such as an infinite input beside another one. Of those *within the ulps* the finite errors
are, whatever the kinds; with *NaN inputs aside*, a number for NaN is forgiven, which most derivatives of pieces give.
float64 is listed and not judged.
"""


def page(found: Mapping[str, Any]) -> str:
    """The whole page."""
    lines = [_HEAD.format(machine=_machine(found)), *summary(found), ""]
    for framework, title in FRAMEWORKS.items():
        specs: Mapping[str, Any] = found.get(framework, {})
        lines += [f"## {title}", ""]
        if not specs:
            lines += ["NOT RUN.", ""]
            continue
        if missing := _missing(found, framework):
            lines += [f"NOT RUN: {', '.join(missing)}.", ""]
        lines += [
            "| activation | format | form | value, ulp | wrong kinds | derivative, ulp | wrong kinds |",
            "| --- | --- | --- | --: | --- | --: | --- |",
            *(line for name in sorted(specs) for line in _lines(name, specs[name])),
            "",
        ]
    return "\n".join(lines)


def summary(found: Mapping[str, Any]) -> list[str]:
    """A table: framework and form, how many pass, how many are good but for some kind of fault, of how many."""
    lines = ["| | | pass | pass, NaN inputs aside | within the ulps | of |", "| --- | --- | --: | --: | --: | --: |"]
    for framework, title in FRAMEWORKS.items():
        specs: Mapping[str, Any] = found.get(framework, {})
        if not specs:
            lines.append(f"| {title} | NOT RUN | | | | |")
            continue
        versions = next(iter(specs.values()))["versions"]
        title = f"{title.split(' on ')[0]} {versions.get(framework, '')}".strip()
        title += f" on TensorFlow {versions['tensorflow']}" if "tensorflow" in versions else ""
        for form, words in FORMS.items():
            forms = [spec["forms"][form]["rows"] for spec in specs.values() if form in spec["forms"]]
            whole = [rows for rows in forms if set(LIMITS) <= set(rows)]
            close = [set(_kinds(rows)) for rows in whole if _is_close(rows)]
            counts = (close.count(set()), sum(kinds <= {"finite"} for kinds in close), len(close), len(whole))
            lines.append(f"| {title} | {words} | {' | '.join(map(str, counts))} |")
    for framework, title in FRAMEWORKS.items():
        if found.get(framework) and (missing := _missing(found, framework)):
            lines += ["", f"{title}: NOT RUN for {len(missing)} of {len(found['catalogue'])} activations."]
    return lines


def _missing(found: Mapping[str, Any], framework: str) -> list[str]:
    return [name for name in found["catalogue"] if name not in found[framework]]


def _machine(found: Mapping[str, Any]) -> str:
    machine = found["machine"]
    return f"{machine['cpu']}, Python {machine['python']}, actgen {machine['actgen']}"


def _judged(rows: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, Any]]:
    return ((dtype, worst) for dtype in LIMITS for worst in rows[dtype] if worst)


def _is_close(rows: Mapping[str, Sequence[Any]]) -> bool:
    return all(worst["ulps"] <= LIMITS[dtype] for dtype, worst in _judged(rows))


def _kinds(rows: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    return (kind for _, worst in _judged(rows) for kind in worst["wrong"])


def _lines(name: str, spec: Mapping[str, Any]) -> Iterator[str]:
    forms = spec["forms"]
    for form in FORMS:
        if form in forms and forms[form]["function"] and not forms[form]["rows"]:
            yield f"| {name} | | {form} | NOT RUN: {_text(forms[form]['reason'])} | | | |"
    for dtype in ("float64", *LIMITS):
        for form in FORMS:
            if form in forms and dtype in forms[form]["rows"]:
                figures = " | ".join(map(_worst, forms[form]["rows"][dtype]))
                yield f"| {name} | {dtype} | {_label(form, forms[form])} | {figures} |"


def _label(form: str, content: Mapping[str, Any]) -> str:
    return f"`{content['function']}`" if form == "built-in" else form


def _worst(worst: Mapping[str, Any] | None) -> str:
    if worst is None:
        return " | "
    counts = ", ".join(f"{_KINDS[kind]} {count}" for kind, count in worst["wrong"].items())
    return f"{worst['ulps']:.3g} | {counts}" if math.isfinite(worst["ulps"]) else f"∞ | {counts}"


def _text(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
