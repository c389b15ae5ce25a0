"""How large a spec may be. Past these bounds a file gets a diagnostic, quickly, whatever it holds."""

from __future__ import annotations

MAX_BYTES = 2**20
"""Size of a file."""

MAX_WORDS = 100_000
"""Words of a file, and its lines: YAML is read word by word and line by line, and of the shortest there are many."""

MAX_YAML_NODES = 4_000
"""Scalars, lists and mappings of a file as written; a large spec has some hundreds."""

MAX_YAML_DEPTH = 24
"""Lists and mappings inside one another; the deepest key of the format stands at 6."""

MAX_ALIASED_NODES = 1_000
"""Nodes that a file's aliases may stand for, taken together."""

MAX_NODES = 2_000
"""Nodes of an expression after `let` is put in."""

MAX_DEPTH = 100
"""Nesting of an expression after `let` is put in, and of its parentheses as written."""

MAX_EXPRESSION_TOKENS = 12_000
"""Tokens of one expression: more cannot fit `MAX_NODES`."""

MAX_FORMULA_TOKENS = 40_000
"""Words, numbers and marks of all expressions of a file."""

MAX_FAULTS = 200
"""Faults of one file that are listed; reading ends there."""

MAX_POWER = 64
"""Absolute value of a constant exponent."""

MAX_EXACT_BITS = 4_096
"""Bits of numerator and denominator of an exact constant."""

MAX_DIGITS = 400
"""Characters of one number as written."""

MAX_GAMMA_ARGUMENT = 171
"""Largest constant argument of `gamma`, `loggamma` and `digamma`; Γ(172) is past float64."""

MAX_NAME = 64
"""Characters of a name."""

MAX_REQUIREMENTS = 1_000
"""Characters of a text with requirements."""
