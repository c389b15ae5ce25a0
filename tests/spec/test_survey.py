import pytest
from spec_reading import NAMES, expression

from actgen.diagnostics import Span
from actgen.spec.expression import Scope
from actgen.spec.findings import Findings
from actgen.spec.survey import Facts, survey

SPAN = Span("example.yaml", 1, 1, 1, 2)


def surveyed(text, entries=None):
    entries = entries or {}
    tree, findings = expression(text, Scope(NAMES | set(entries)))
    assert findings == ()
    found = Findings()
    return survey(tree, entries, found, SPAN), [finding.code for finding in found.found]


def test_sizes_count_every_node():
    facts, found = surveyed("Piecewise((exp(x + 1), x > 0), (0, True))")
    assert (facts.nodes, facts.depth, found) == (10, 4, [])


def test_sizes_count_let_entries_where_they_are_used():
    facts, _ = surveyed("t*t + u", {"t": Facts(100, 7), "u": Facts(50, 20)})
    assert (facts.nodes, facts.depth) == (252, 21)
    assert surveyed("t*t", {"t": Facts(1000, 7)})[1] == ["ACT317"]
    assert surveyed("exp(t)", {"t": Facts(10**30, 7)})[1] == ["ACT317"]
    assert surveyed("exp(t)", {"t": Facts(7, 100)})[1] == ["ACT318"]
    assert surveyed("exp(t)", {"t": Facts(1, 1, oversized=True)}) == (Facts(1, 1, oversized=True), [])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("x**64 + x**-64 + x**(1/2) + x**64.0", []),
        ("x**65", ["ACT319"]),
        ("x**(32*3)", ["ACT319"]),
        ("x**-65", ["ACT319"]),
        ("x**g", []),
        ("2**64", []),
        ("2**100", ["ACT319"]),
        ("E**100*x", ["ACT319"]),
        ("x + 9**9**9", ["ACT316"]),
        ("x + 9**(9**(9**9))", ["ACT316"]),
        ("exp(1e9)/exp(1e9)*x", ["ACT316", "ACT316"]),
        ("x*exp(-1000)", ["ACT316"]),
        ("x*exp(-700)", []),
        ("exp(1e9*x)", []),
        ("x + sqrt(-1)", ["ACT328"]),
        ("x/(2 - 2)", ["ACT328"]),
        ("x/(2 - 2.5)", []),
        ("1/(2 - 2) + x", ["ACT328"]),
        ("log(sqrt(2)**2 - 2) + x", ["ACT328"]),
        ("((1.0001**60)**60)**60 + x", ["ACT330"]),
        ("gamma(100) + loggamma(171) + digamma(-170.5) + x", []),
        ("loggamma(1e6) + digamma(1e6) + gamma(-1e6) + x", ["ACT330", "ACT330", "ACT330"]),
    ],
)
def test_constant_parts(text, codes):
    assert surveyed(text)[1] == codes


def test_powers_are_seen_through_let():
    _, findings = surveyed("3*32")
    facts, _ = surveyed("3*32")
    assert findings == []
    assert surveyed("x**n", {"n": facts})[1] == ["ACT319"]
