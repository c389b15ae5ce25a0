"""The polynomials of the math header, and the header that holds them: `python -m actgen.native.polynomials`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flint import arb  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

from actgen.native.fitting import Function, fitted, worst_error

HEADER = Path(__file__).parent / "runtime" / "math" / "polynomials.h"
"""Where the polynomials stand for the compiler."""

_BITS = {"float": 24, "double": 53}


@dataclass(frozen=True, slots=True)
class Polynomial:
    """One function of the header, for each format a degree.

    `weight` is by what an error of the polynomial is multiplied in the result: most stand beside a leading term.
    """

    name: str
    meaning: str
    function: Function
    low: arb
    high: arb
    weight: Function
    degrees: dict[str, int]


def _one(_: arb) -> arb:
    return arb(1)


def _exp(r: arb) -> arb:
    return arb(1) / 2 if r.contains(0) else (r.expm1() - r) / r**2


def _log(z: arb) -> arb:
    return sum((2 * z**i / arb(2 * i + 3) for i in range(80)), arb(0))


def _sin(z: arb) -> arb:
    return (z.sqrt().sin() / z.sqrt() - 1) / z


def _cos(z: arb) -> arb:
    return (z.sqrt().cos() - 1 + z / 2) / z**2


def _atan(z: arb) -> arb:
    return (z.sqrt().atan() / z.sqrt() - 1) / z


def _asin(z: arb) -> arb:
    return (z.sqrt().asin() / z.sqrt() - 1) / z


def _erf(z: arb) -> arb:
    return z.sqrt().erf() / z.sqrt() - 1


def _erfcx(t: arb) -> arb:
    y = 2 * (1 + t) / (1 - t)
    return (y + 2) * (y * y).exp() * y.erfc() - 1


def _inverse_cbrt(m: arb) -> arb:
    return m ** (arb(-1) / 3)


def _inverse_weight(m: arb) -> arb:
    return m ** (arb(1) / 3)


_HALF_TURN = arb(2).log() / 2 * arb("1.02")
_EIGHTH = (arb.pi() / 4 * arb("1.02")) ** 2

POLYNOMIALS = (
    Polynomial(
        "exp_tail",
        "(e^r - 1 - r)/r², |r| <= ln(2)/2",
        _exp,
        -_HALF_TURN,
        _HALF_TURN,
        lambda r: r**2,
        {"float": 5, "double": 10},
    ),
    Polynomial(
        "log_tail",
        "(log((1 + s)/(1 - s))/s - 2)/z, z = s² <= 0.0295",
        _log,
        arb(0),
        arb("0.0297"),
        lambda z: z,
        {"float": 3, "double": 7},
    ),
    Polynomial(
        "sin_tail", "(sin(r)/r - 1)/z, z = r² <= (π/4)²", _sin, arb(0), _EIGHTH, lambda z: z, {"float": 3, "double": 6}
    ),
    Polynomial(
        "cos_tail",
        "(cos(r) - 1 + z/2)/z², z = r² <= (π/4)²",
        _cos,
        arb(0),
        _EIGHTH,
        lambda z: z**2,
        {"float": 3, "double": 6},
    ),
    Polynomial(
        "atan_tail", "(atan(r)/r - 1)/z, z = r² <= 1", _atan, arb(0), arb(1), lambda z: z, {"float": 9, "double": 21}
    ),
    Polynomial(
        "asin_tail",
        "(asin(r)/r - 1)/z, z = r² <= 1/4",
        _asin,
        arb(0),
        arb("0.2501"),
        lambda z: z,
        {"float": 5, "double": 12},
    ),
    Polynomial("erf_tail", "erf(r)/r - 1, z = r² <= 1", _erf, arb(0), arb(1), _one, {"float": 7, "double": 13}),
    Polynomial(
        "erfcx_tail",
        "(y + 2)·e^(y²)·erfc(y) - 1, t = (y - 2)/(y + 2), y >= 0.8",
        _erfcx,
        arb("-0.434"),
        1 - arb(2) ** -7,
        lambda t: 1 / (1 + _erfcx(t)),
        {"float": 9, "double": 22},
    ),
    Polynomial(
        "inverse_cbrt_start",
        "m^(-1/3), roughly, √½/2 <= m <= 2√2",
        _inverse_cbrt,
        arb("0.3535"),
        arb("2.829"),
        _inverse_weight,
        {"float": 4, "double": 4},
    ),
)


def header() -> str:
    """The text of `runtime/math/polynomials.h`, the same on every machine."""
    parts = [_TOP]
    for polynomial in POLYNOMIALS:
        parts.append(f"\n// {polynomial.meaning}.\n")
        for kind, degree in polynomial.degrees.items():
            parts.append(_printed(polynomial, kind, degree))
    return "".join((*parts, "\n}  // namespace actgen\n\n#endif\n"))


_TOP = """// Written by `python -m actgen.native.polynomials`; do not edit.
//
// Polynomials close to minimax, each with its worst error where it is used.
#ifndef ACTGEN_MATH_POLYNOMIALS_H
#define ACTGEN_MATH_POLYNOMIALS_H

#include "base.h"

namespace actgen {
"""


def _printed(polynomial: Polynomial, kind: str, degree: int) -> str:
    part = (polynomial.function, polynomial.low, polynomial.high)
    coefficients = fitted(*part, degree, _BITS[kind], polynomial.weight)
    error = worst_error(coefficients, *part, polynomial.weight)
    suffix = "f" if kind == "float" else ""
    numbers = [f"{_hexadecimal(c)}{suffix}" for c in coefficients]
    lines = ",\n                ".join(", ".join(numbers[i : i + 4]) for i in range(0, len(numbers), 4))
    return (
        f"// Error 2^{error:.1f}.\n"
        f"ACTGEN_INLINE {kind} {polynomial.name}({kind} x) {{\n"
        f"  return horner(x, {lines});\n}}\n"
    )


def _hexadecimal(value: float) -> str:
    mantissa, _, exponent = value.hex().partition("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{exponent}"


if __name__ == "__main__":
    HEADER.write_text(header(), encoding="utf-8")
