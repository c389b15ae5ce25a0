"""The fitted polynomials of the functions here: `python -m actgen.backends.javascript_math.polynomials` prints them.

The tests compare what stands in the `.js` files with what this gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flint import arb, ctx  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

from actgen.native.fitting import PRECISION, Function, fitted
from actgen.native.polynomials import POLYNOMIALS

_BITS = 53
_MIDDLE = "1.5"


@dataclass(frozen=True, slots=True)
class Fit:
    """A function on an interval, the degree of its polynomial, and by what an error is multiplied in the result."""

    function: Function
    low: arb
    high: arb
    degree: int
    weight: Function

    def coefficients(self) -> list[float]:
        """Of the polynomial, the lowest power first."""
        return fitted(self.function, self.low, self.high, self.degree, _BITS, self.weight)


def digamma_root() -> arb:
    """The positive zero of digamma, by Newton's method."""
    with ctx.workprec(PRECISION):
        root = arb("1.4616321449683623")
        for _ in range(6):
            root = (root - root.digamma() / (arb(2).zeta(root))).mid()
        return root


def _lgamma_over_u(u: arb) -> arb:
    """(log Γ(2 + u))/u."""
    return (u + 2).lgamma() / u


def _digamma_over_distance(u: arb) -> arb:
    """ψ(3/2 + u)/(3/2 + u - root)."""
    x = u + arb(_MIDDLE)
    return x.digamma() / (x - digamma_root())


def _of_the_kernels(name: str) -> Fit:
    found = next(p for p in POLYNOMIALS if p.name == name)
    return Fit(found.function, found.low, found.high, found.degrees["double"], found.weight)


def fits() -> Mapping[str, Fit]:
    """The name of the table in a `.js` file to what it approximates."""
    half = arb(1) / 2
    return {
        "_ERF_TAIL": _of_the_kernels("erf_tail"),
        "_ERFCX_TAIL": _of_the_kernels("erfcx_tail"),
        "_LGAMMA_OVER_U": Fit(_lgamma_over_u, -half, half, 17, lambda _: arb(1)),
        "_DIGAMMA_OVER_DISTANCE": Fit(_digamma_over_distance, -half, half, 22, lambda _: arb(1)),
    }


if __name__ == "__main__":
    for _name, _fit in fits().items():
        print(f"const {_name} = [{', '.join(map(repr, _fit.coefficients()))}];")
