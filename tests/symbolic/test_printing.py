import sympy as sp
from spec_units import catalogue, spec, unit

from actgen.symbolic.abbreviation import abbreviated, expressions
from actgen.symbolic.printing import formula_lines, partial_lines
from actgen.symbolic.typesetting import Typesetter


def test_formula_lines_in_the_spec_s_own_spelling() -> None:
    assert formula_lines(catalogue("selu_variation").derivation) == (
        "f = lambda * x  if x > 0",
        "    lambda * (alpha * (exp(beta * x) - 1) + gamma * sin(omega * x))  otherwise",
    )


def test_partial_lines_align_short_pieces() -> None:
    assert partial_lines(catalogue("elu").derivation) == (
        "∂f/∂x = 1               if x > 0",
        "        alpha * exp(x)  otherwise",
        "∂f/∂alpha = 0           if x > 0",
        "            exp(x) - 1  otherwise",
    )


def test_a_constant_of_many_digits_stays_readable() -> None:
    assert formula_lines(catalogue("selu").derivation) == (
        "f = 1.05070098735… * x                        if x > 0",
        "    1.75809934084… * exp(x) - 1.75809934084…  otherwise",
    )


def test_several_outputs_go_by_their_names() -> None:
    both = unit(spec("outputs: {up: exp(x), down: exp(-x)}\n")).derivation
    assert formula_lines(both) == ("up = exp(x)", "down = exp(-x)")
    assert partial_lines(both) == ("∂up/∂x = exp(x)", "∂down/∂x = -exp(-x)")


def test_an_input_called_f_leaves_the_letter_alone() -> None:
    assert formula_lines(unit(spec("inputs: [f]\nexpression: sin(f)\n")).derivation) == ("y = sin(f)",)


def test_no_line_is_wide_and_every_line_continues_indented() -> None:
    derivation = catalogue("complex_soft_exponential").derivation
    lines = (*formula_lines(derivation), *partial_lines(derivation))
    assert max(map(len, lines)) <= 110
    assert any(line.startswith("where u") for line in lines)
    assert all(line == line.rstrip() for line in lines)


def test_conditions_are_solved_for_the_input() -> None:
    lines = formula_lines(catalogue("hardshrink").derivation)
    assert any("x >= -lambda" in line or "-lambda <= x" in line for line in lines)


def test_neighbouring_pieces_with_one_partial_are_one_case() -> None:
    typeset = Typesetter(catalogue("prelu").derivation)
    [output] = catalogue("prelu").derivation.outputs
    shown = typeset.partial(output, "a").right
    assert shown.count("&") == 2
    assert r"\text{otherwise}" in shown


def test_abbreviations_put_back_give_the_same_mathematics() -> None:
    derivation = catalogue("complex_soft_exponential").derivation
    short = abbreviated(derivation)
    assert short.definitions
    whole: dict[sp.Basic, sp.Expr] = {}
    for name, value in short.definitions:
        whole[name] = value.xreplace(whole)
    values = {symbol: sp.Rational(k + 3, 7) for k, symbol in enumerate(derivation.symbols.values())}
    for before, after in zip(derivation.outputs, short.derivation.outputs, strict=True):
        for one, other in zip(expressions(before), expressions(after), strict=True):
            difference = (one - other.xreplace(whole)).subs(values).evalf(30)
            assert abs(difference) < 1e-20 or difference.has(sp.nan, sp.zoo)


def test_short_formulas_are_not_abbreviated() -> None:
    assert abbreviated(catalogue("selu_variation").derivation).definitions == ()
