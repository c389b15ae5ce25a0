"""The order of tokens: operands and operators must alternate, parentheses must close, nesting is bounded.

What passes here is Python's expression grammar and nothing of Python beyond it, so that parsing cannot fail for a
reason that was not reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from actgen.diagnostics import Span
from actgen.spec.findings import Findings, quoted
from actgen.spec.limits import MAX_DEPTH
from actgen.spec.tokens import Token, Tokens
from actgen.spec.unknown_names import explain_function
from actgen.spec.vocabulary import CALLABLE, DECLARABLE_FUNCTIONS, INFIX_WORDS, PYTHON_WORDS

_STRENGTH = {"or": 0, "and": 0, "<": 1, "<=": 1, ">": 1, ">=": 1, "==": 1, "!=": 1, "|": 2, "&": 3}
_STRENGTH |= {"+": 4, "-": 4, "*": 5, "/": 5, "**": 7}
_PREFIX_STRENGTH = 6
_PREFIXES = ("+", "-", "~", "not")
_FLAT = (0, 1)


@dataclass(slots=True)
class _Group:
    """An open parenthesis; how many operators of each strength are nested in it at this point."""

    opening: Token
    is_call: bool
    pending: dict[int, int] = field(default_factory=dict)


def check_order(tokens: Tokens, declared: frozenset[str], findings: Findings) -> list[Token] | None:
    """The tokens, with `*` put in where it was left out; None once the rest cannot be read.

    Args:
        tokens: what the lexer found.
        declared: names that may be used; `lambda` or `if` among them is a name.
        findings: where faults go.
    """
    if not tokens.tokens:
        if not tokens.broken:
            findings.error("ACT104", "an expression is missing here", tokens.scalar.span, "add it, or remove the key")
        return None
    return _Order(tokens, declared, findings).run()


class _Order:
    def __init__(self, tokens: Tokens, declared: frozenset[str], findings: Findings) -> None:
        self.tokens = tokens
        self.declared = declared
        self.findings = findings
        self.result: list[Token] = []
        self.groups = [_Group(tokens.tokens[0], False)]
        self.operand_next = True
        self.broken = tokens.broken

    def run(self) -> list[Token] | None:
        if self.broken:
            return None
        for token in self.tokens.tokens:
            if self.operand_next:
                self._operand(token)
            else:
                self._operator(token)
            if self.broken:
                return None
        self._end()
        return None if self.broken else self.result

    @property
    def _last(self) -> Token | None:
        return self.result[-1] if self.result else None

    def _operand(self, token: Token) -> None:
        """A token where a value may begin."""
        if token.text == "NOT" and "NOT" not in self.declared:
            token = self._lower_case(token)
        if token.text in _PREFIXES:
            self._nest(token, _PREFIX_STRENGTH)
            self.result.append(token)
        elif token.kind == "number" or (token.kind == "name" and token.text not in ("and", "or")):
            self.result.append(token)
            self.operand_next = False
        elif token.text == "(":
            self._open(token, is_call=False)
        elif token.text == ")" and self._may_close_empty():
            self._close(token)
        elif token.text == "|":
            self._fail("ACT315", "`|x|` is not an operator here", token, "write `Abs(x)`")
        else:
            self._missing_operand(token)

    def _may_close_empty(self) -> bool:
        """`f()` and `f(a, )`: left to the check of arguments."""
        group = self.groups[-1]
        return (
            len(self.groups) > 1
            and self._last is not None
            and ((self._last is group.opening and group.is_call) or self._last.text == ",")
        )

    def _operator(self, token: Token) -> None:
        """A token after a value."""
        if token.text == "(":
            self._open_after_value(token)
        elif token.text == ")":
            self._close(token)
        elif token.text == ",":
            self._comma(token)
        elif token.text == "**" and self._is_lone_function():
            self._lone_function("(…)**…")
        elif token.text in _STRENGTH:
            self._nest(token, _STRENGTH[token.text])
            self.result.append(token)
            self.operand_next = True
        elif token.text.lower() in ("and", "or"):
            self._operator(self._lower_case(token))
        else:
            self._two_values(token)

    def _two_values(self, token: Token) -> None:
        assert self._last is not None
        words = [part for part in (self._last, token) if part.text in PYTHON_WORDS - self.declared]
        branching = [part for part in words if part.text in ("if", "else", "elif")]
        if branching:
            help = "write `Piecewise((a, condition), (b, True))`, or a list of pieces"
            self._fail("ACT313", "`if` and `else` are not operators here", branching[0], help)
        elif words:
            help = "an expression holds only operators and calls"
            self._fail("ACT309", f"{quoted(words[0].text)} is Python, not mathematics", words[0], help)
        elif token.text.lower() in INFIX_WORDS and token.text not in self.declared:
            self.broken = True
            self.findings.add(explain_function(token.text, self._span(token)))
        elif self._is_lone_function():
            self._lone_function(f"({token.text})")
        elif token.text in ("not", "~") or self._last.text in ("True", "False"):
            self._fail("ACT301", f"{quoted(token.text)} is out of place", token, "join conditions with `and` or `or`")
        else:
            self._implied_multiplication(token)
            self._operand(token)

    def _lower_case(self, token: Token) -> Token:
        """`AND` for `and`: reported, and read as it was meant."""
        word = token.text.lower()
        message = f"{quoted(token.text)} is not an operator here"
        self.findings.error("ACT315", message, self._span(token), f"write `{word}`")
        return replace(token, text=word)

    def _is_lone_function(self) -> bool:
        last = self._last
        functions = (
            CALLABLE - DECLARABLE_FUNCTIONS - self.declared
        )  # what may be declared is a name that nobody declared
        return last is not None and last.kind == "name" and last.text in functions

    def _lone_function(self, rest: str) -> None:
        assert self._last is not None
        name = self._last.text
        self._fail("ACT331", f"{quoted(name)} is a function and stands alone here", self._last, f"write `{name}{rest}`")

    def _implied_multiplication(self, token: Token) -> None:
        assert self._last is not None
        span = self.tokens.span(self._last, token)
        left = ")" if self._last.text == ")" else self._last.text
        right = "(…)" if token.text == "(" else token.text
        left = "(…)" if left == ")" else left
        help = f"write {quoted(f'{left} * {right}')}"
        self.findings.error("ACT312", "an operator is missing between two values", span, help)
        star = Token("operator", "*", token.start, token.start)
        self._nest(star, _STRENGTH["*"])
        self.result.append(star)
        self.operand_next = True

    def _open_after_value(self, token: Token) -> None:
        assert self._last is not None
        callee = self._last
        if callee.kind == "name" and callee.text not in ("True", "False"):
            self._open(token, is_call=True)
        else:
            self._implied_multiplication(token)
            self._open(token, is_call=False)

    def _open(self, token: Token, is_call: bool) -> None:
        self.result.append(token)
        self.groups.append(_Group(token, is_call))
        self.operand_next = True
        depth = (
            len(self.groups) - 1 + sum(n for g in self.groups for s, n in g.pending.items() if s >= _PREFIX_STRENGTH)
        )
        if depth > MAX_DEPTH:
            self._too_deep(token)

    def _close(self, token: Token) -> None:
        if len(self.groups) == 1:
            self._fail("ACT301", "this `)` closes nothing", token, "remove it, or add `(`")
            return
        self.groups.pop()
        self.result.append(token)
        self.operand_next = False

    def _comma(self, token: Token) -> None:
        if len(self.groups) == 1:
            help = "an expression has one value; several outputs stand under `outputs`"
            if re.match(r"\d,\d", self.tokens.scalar.text[max(token.start - 1, 0) :]):
                help = "decimals have a point: `0.5`"
            self._fail("ACT301", "a comma stands outside of parentheses", token, help)
            return
        self.groups[-1].pending.clear()
        self.result.append(token)
        self.operand_next = True

    def _nest(self, token: Token, strength: int) -> None:
        """Count operators that nest in one another: weaker ones end the stronger ones before them."""
        pending = self.groups[-1].pending
        for stronger in [s for s in pending if s > strength and strength != _PREFIX_STRENGTH]:
            del pending[stronger]
        if strength in _FLAT:
            return
        pending[strength] = pending.get(strength, 0) + 1
        if pending[strength] > MAX_DEPTH:
            self._too_deep(token)

    def _too_deep(self, token: Token) -> None:
        help = "group long sums and products with parentheses, or name parts under `let`"
        self._fail("ACT318", f"the expression is nested over {MAX_DEPTH} deep", token, help)

    def _missing_operand(self, token: Token) -> None:
        if token.text in ("*", "**") and self._last is not None and self._last.text in ("(", ","):
            self._fail("ACT309", f"`{token.text}` before an argument is Python, not mathematics", token, None)
            return
        where = (
            f"before {quoted(token.text)}" if self._last is None else f"between `{self._last.text}` and `{token.text}`"
        )
        self._fail("ACT301", f"a value is missing {where}", token, None)

    def _end(self) -> None:
        last = self.tokens.tokens[-1]
        if len(self.groups) > 1:
            opening = self.groups[-1].opening
            self._fail("ACT301", "this `(` is never closed", opening, "add `)`")
        elif self.operand_next:
            self._fail("ACT301", f"a value is missing after {quoted(last.text)}", last, None)

    def _fail(self, code: str, message: str, token: Token, help: str | None) -> None:
        self.broken = True
        self.findings.error(code, message, self._span(token), help)

    def _span(self, token: Token) -> Span:
        return self.tokens.span(token)
