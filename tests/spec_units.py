"""Specs as units, for the tests of printers and pages."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from actgen.activation import Activation, Reference
from actgen.backends.base import Unit
from actgen.pipeline.requiring import read_resolved
from actgen.program.lower import lower
from actgen.spec.reader import read_text
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.derive import derive

SPECS = Path(__file__).parents[1] / "specs"
UNSEEN = Path(__file__).parent / "catalogue" / "unseen"


def unit(text: str) -> Unit:
    activation, diagnostics = read_text(text, "test.yaml")
    assert activation is not None, diagnostics
    return _compiled(activation)


@cache
def catalogue(name: str) -> Unit:
    activation, diagnostics = read_resolved(SPECS / f"{name}.yaml")
    assert activation is not None, diagnostics
    return _compiled(activation)


@cache
def derived(path: Path) -> Derivation:
    """A spec's mathematics; that costs a fraction of its unit."""
    activation, diagnostics = read_resolved(path)
    assert activation is not None, diagnostics
    derivation, diagnostics = derive(activation)
    assert derivation is not None, diagnostics
    return derivation


def _compiled(activation: Activation) -> Unit:
    derivation, diagnostics = derive(activation)
    assert derivation is not None, diagnostics
    return Unit(activation=activation, derivation=derivation, program=lower(derivation))


def spec(body: str, name: str = "sample") -> str:
    return f"actgen: 1\nname: {name}\n{body}"


_HOSTILE = spec(
    r"""
title: 'A | B <script>alert(1)</script> [x](javascript:alert) ``` $y$ \input{/etc/passwd} # & %'
summary: "# heading\n\n- list\n\n```math\n\\bad\n```\n\n![i](http://x.test/i.png) 100% of_it"
parameters:
  alpha: {init: 0.5, latex: '\alpha_{\input{x}}', description: 'a | b `c` $d$ \end{document}'}
expression: alpha * x + sin(x)
""",
    "hostile",
)
_REFERENCES = (
    Reference(text=r"plain *text* with \write18{ls} and <b>tags</b>"),
    Reference(title="T](http://evil.test)", url="javascript:alert(1)", authors="A | B", year="2020"),
    Reference(
        title="good", url='https://example.org/a_(b)?q=1|2"><i>', bibtex="@misc{a,\n```\n## no heading\n<script>\n}"
    ),
)


def hostile() -> Unit:
    """A unit whose every text tries to be more than text; its references are worse than the reader lets through."""
    found = unit(_HOSTILE)
    activation = replace(found.activation, references=_REFERENCES)
    return replace(found, activation=activation, derivation=replace(found.derivation, activation=activation))
