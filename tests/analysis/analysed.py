"""Analyses of specs that are written in the tests, and reference values by mpmath."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import mpmath as mp
from spec_units import SPECS, derived

from actgen.analysis.analyse import analyse
from actgen.analysis.cutting import curve
from actgen.analysis.parametric import Parametric
from actgen.analysis.quantity import How, Quantity, working_precision
from actgen.analysis.report import Analysis, OutputAnalysis, Shape
from actgen.analysis.shown import Writer
from actgen.analysis.single import shape
from actgen.spec.reader import read_text
from actgen.symbolic.derive import derive

DIGITS = 30


@cache
def catalogue(name: str) -> OutputAnalysis:
    """The first output of a spec of the catalogue."""
    return analyse(derived(SPECS / f"{name}.yaml")).outputs[0]


@cache
def written(body: str) -> Analysis:
    """A spec's body, analysed."""
    activation, diagnostics = read_text(f"actgen: 1\nname: sample\n{body}", "sample.yaml")
    assert activation is not None, diagnostics
    derivation, diagnostics = derive(activation)
    assert derivation is not None, diagnostics
    return analyse(derivation)


def formula(text: str) -> OutputAnalysis:
    """The one output of a formula."""
    return written(f"expression: {text}\n").outputs[0]


@cache
def shape_of(text: str) -> Shape:
    """The shape alone of a formula in x, without moments, which take longer."""
    activation, diagnostics = read_text(f"actgen: 1\nname: sample\nexpression: {text}\n", "sample.yaml")
    assert activation is not None, diagnostics
    derivation, diagnostics = derive(activation)
    assert derivation is not None, diagnostics
    (output,) = derivation.outputs
    with working_precision():
        found = curve(output, derivation.symbols["x"], {})
        return shape(found, None, Parametric(found, output.pieces, {}), Writer(derivation, {}))


def encloses(quantity: Quantity, reference: mp.mpf) -> bool:
    """Whether a quantity's interval holds a value of thirty digits, up to the error of that value."""
    assert quantity.midpoint is not None, quantity.reason
    with mp.workdps(DIGITS + 5):
        distance = abs(mp.mpf(quantity.midpoint) - reference)
        return bool(distance <= mp.mpf(quantity.error) + mp.mpf(10) ** -(DIGITS - 8) * (1 + abs(reference)))


def is_tight(quantity: Quantity) -> bool:
    """Whether at least twelve digits after the point, or twelve leading ones, are certain."""
    assert quantity.midpoint is not None, quantity.reason
    size = max(Fraction(1), abs(Fraction(quantity.midpoint)))
    return Fraction(quantity.error) <= size / 10**12


def gaussian(function: Callable[[mp.mpf], mp.mpf], cuts: tuple[float, ...] = ()) -> mp.mpf:
    """E[g(z)] for z standard normal, by mpmath."""
    with mp.workdps(DIGITS):
        places = sorted({*mp.linspace(-16, 16, 17), *map(mp.mpf, cuts)})
        return mp.quad(lambda z: function(z) * mp.npdf(z), places)


def exact(quantity: Quantity) -> str | None:
    """The proved form."""
    return quantity.exact if quantity.how is How.EXACT else None
