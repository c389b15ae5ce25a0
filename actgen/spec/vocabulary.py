"""The words of expressions: what may be called, what is refused, and what other languages say for it."""

from __future__ import annotations

from actgen.formula import FUNCTIONS

CANONICAL: dict[str, str] = {alias: f.name for f in FUNCTIONS.values() for alias in (f.name, *f.aliases)}
"""Every spelling of a function to its canonical name."""

CONDITION_CALLS: dict[str, int | None] = {"Eq": 2, "Ne": 2, "And": None, "Or": None, "Not": 1}
"""Calls that yield a condition, with their number of arguments (None: one or more)."""

PIECEWISE = "Piecewise"
CONSTANTS = ("pi", "E")
WORDS = ("and", "or", "not", "True", "False")
"""Words with a meaning of their own; no name can be one of them."""

CALLABLE: frozenset[str] = frozenset(CANONICAL) | frozenset(CONDITION_CALLS) | {PIECEWISE}

DECLARABLE_FUNCTIONS = frozenset({"gamma"})
"""Functions whose name may be declared, because papers use it as a parameter's; the declaration hides them."""

STEPS: dict[str, str] = {
    name: help
    for names, help in (
        (
            "floor ceil ceiling round trunc rint fix frac nint",
            "it has no useful derivative; write the steps as pieces, or another formula",
        ),
        (
            "mod fmod remainder rem",
            "it has no useful derivative; for a periodic function use `sin` or `cos`",
        ),
        (
            "heaviside step binary_step unit_step",
            "write the jump as pieces: `Piecewise((1, x >= 0), (0, True))`",
        ),
        ("diracdelta", "it is not a function of a real number"),
    )
    for name in names.split()
}
"""Lower-case names of functions without a useful derivative, with what to do instead."""

_RANDOM_OR_REDUCING = """
    rand randn random randint uniform normal bernoulli gauss dropout noise rrelu sum mean average prod product var std
    median norm softmax log_softmax logsoftmax softmin logsumexp cumsum cumprod maxout layernorm layer_norm batchnorm
    batch_norm rms integrate integral diff grad gradient derivative argmax argmin sort topk matmul dot conv state
    running_mean
"""
NOT_ELEMENTWISE: frozenset[str] = frozenset(_RANDOM_OR_REDUCING.split())
"""Lower-case names of random functions, reductions and state."""

ELSEWHERE: dict[str, str] = {
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
    "maximum": "Max(a, b)",
    "minimum": "Min(a, b)",
    "fmax": "Max(a, b)",
    "fmin": "Min(a, b)",
    "clamp": "clip(v, lo, hi)",
    "hardtanh": "clip(x, -1, 1)",
    "relu6": "clip(x, 0, 6)",
    "fabs": "Abs",
    "absolute": "Abs",
    "sgn": "sign",
    "signum": "sign",
    "log10": "log(v)/log(10)",
    "exp2": "2**v",
    "pow": "a**b",
    "power": "a**b",
    "square": "v**2",
    "rsqrt": "1/sqrt(v)",
    "reciprocal": "1/v",
    "hypot": "sqrt(a**2 + b**2)",
    "root": "v**(1/n), or cbrt(v) for a cube root of any sign",
    "sec": "1/cos(v)",
    "csc": "1/sin(v)",
    "cot": "1/tan(v)",
    "sech": "1/cosh(v)",
    "csch": "1/sinh(v)",
    "coth": "1/tanh(v)",
    "where": "Piecewise((a, condition), (b, True))",
    "select": "Piecewise((a, condition), (b, True))",
    "cond": "Piecewise((a, condition), (b, True))",
    "if": "Piecewise((a, condition), (b, True))",
    "ite": "Piecewise((a, condition), (b, True))",
    "silu": "x*sigmoid(x)",
    "swish": "x*sigmoid(x)",
    "expit": "sigmoid",
    "logistic": "sigmoid",
    "log_sigmoid": "logsigmoid",
    "gelu": "x*erfc(-x/sqrt(2))/2",
    "phi": "erfc(-x/sqrt(2))/2",
    "mish": "x*tanh(softplus(x))",
    "softsign": "x/(1 + Abs(x))",
    "elu": "Piecewise((x, x > 0), (exp(x) - 1, True))",
    "leaky_relu": "Piecewise((x, x > 0), (0.01*x, True))",
    "logit": "log(v/(1 - v))",
    "factorial": "gamma(n + 1)",
    "psi": "digamma",
    "gammaln": "loggamma",
    "xor": "(a and not b) or (b and not a)",
    "xlogy": "a*log(b)",
    "gt": "a > b",
    "ge": "a >= b",
    "lt": "a < b",
    "le": "a <= b",
    "greater": "a > b",
    "less": "a < b",
    "equal": "Eq(a, b)",
    "unequality": "Ne(a, b)",
    "equality": "Eq(a, b)",
    "neg": "-v",
    "negative": "-v",
    "add": "a + b",
    "mul": "a*b",
    "sub": "a - b",
    "div": "a/b",
    "divide": "a/b",
}
"""Other libraries' names (lower case) for what expressions write otherwise."""

PYTHON_WORDS = frozenset(
    ("lambda", "for", "in", "is", "if", "else", "elif", "while", "def", "return", "import", "from", "yield", "await")
)
"""Python's words that can only mean Python when they stand between operands."""

UNICODE_SPELLINGS: dict[str, str] = {
    "×": "*",
    "·": "*",
    "⋅": "*",
    "∙": "*",
    "•": "*",
    "∗": "*",
    "−": "-",
    "–": "-",
    "—": "-",
    "÷": "/",
    "∕": "/",
    "⁄": "/",
    "≤": "<=",
    "⩽": "<=",
    "≥": ">=",
    "⩾": ">=",
    "≠": "!=",
    "∧": " and ",
    "∨": " or ",
    "¬": " not ",
    "π": "pi",
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u3000": " ",
}
"""Characters that have exactly one ASCII spelling in an expression."""

UNICODE_HELP: dict[str, str] = {
    "√": "write `sqrt(…)`",
    "∛": "write `cbrt(…)`",
    "∞": "an expression holds finite numbers only",
    "±": "write each of the two signs as an expression of its own",
    "∈": "write comparisons, such as `0 < x <= 1`",
}
"""Characters that stand for something which an expression writes in other ways, or not at all."""

INFIX_WORDS = frozenset(("mod", "rem", "div", "xor"))
"""Words (lower case) that other languages write between two operands."""

GREEK: dict[str, str] = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "ο": "omicron",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
"""Lower-case Greek letters and the names that print as them."""
