import flint
import pytest

from actgen.analysis.integration import integral
from actgen.analysis.undecided import UndecidedError


def test_an_integral_is_enclosed():
    found = integral(lambda z, analytic: z.exp(), flint.arb(0), flint.arb(1), 60, 1000).real
    assert found.overlaps(flint.arb(1).exp() - 1)
    assert found.rad() < 1e-12


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit, UndecidedError("why")])
def test_what_an_integrand_raises_arrives_as_it_is(raised):
    asked = []

    def integrand(z, analytic):
        asked.append(z)
        if len(asked) == 5:
            raise raised
        return z.exp()

    with pytest.raises(raised if isinstance(raised, type) else type(raised)):
        integral(integrand, flint.arb(0), flint.arb(20), 60, 1000)
    assert len(asked) == 5
