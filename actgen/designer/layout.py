"""The designer's page: the same for every spec, filled by its scripts."""

from __future__ import annotations

from functools import cache

from actgen.docs.page_assets import PAGE_SCRIPTS
from actgen.emit.templates import render
from actgen.formula import FUNCTIONS, Function

_CURSOR = "▮"
_TABS = {
    "formulas": "Formulas",
    "analysis": "Analysis",
    "program": "Program",
    "torch": "PyTorch",
    "keras": "Keras",
    "jax": "JAX",
    "javascript": "JavaScript",
    "kernel": "Kernel",
}
_FURTHER = {
    "Piecewise": f"Piecewise((x, x > 0), ({_CURSOR}, True))",
    "pi": "pi",
    "E": "E",
}


@cache
def page() -> str:
    """The page's HTML; nothing in it comes from a spec."""
    functions = [{"name": f.name, "text": _call(f)} for f in sorted(FUNCTIONS.values(), key=lambda f: f.name.lower())]
    functions += [{"name": name, "text": text} for name, text in _FURTHER.items()]
    context = {
        "assets": "/assets",
        "scripts": PAGE_SCRIPTS,
        "functions": [{**f, "meaning": f["text"].replace(_CURSOR, "…")} for f in functions],
        "tabs": [{"id": name, "title": title} for name, title in _TABS.items()],
        "name": None,
        "title": "The activation",
        "several_inputs": True,
    }
    return render("page/designer.html.j2", context)


def _call(function: Function) -> str:
    further = ", ".join(["x"] * (function.min_args - 1))
    return f"{function.name}({_CURSOR}{', ' if further else ''}{further})"
