"""An expression's text cut into tokens; what is no token of the language is reported where it stands.

Where the meaning is plain all the same (`^`, `&&`, `×`), the token is put right after its finding, so that the rest of
the expression is still read and all of its faults come out in one run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from actgen.diagnostics import Span
from actgen.spec.findings import Findings, quoted
from actgen.spec.limits import MAX_EXPRESSION_TOKENS
from actgen.spec.strange_characters import SUPERSCRIPTS, explain_strange
from actgen.spec.tree import Scalar
from actgen.spec.vocabulary import CANONICAL, WORDS

Kind: TypeAlias = Literal["number", "name", "operator"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression; `start` and `end` index the scalar's text."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(slots=True)
class Tokens:
    """The tokens of one scalar. `broken` once something could not be put right."""

    scalar: Scalar
    tokens: list[Token]
    broken: bool = False

    def span(self, first: Token, last: Token | None = None) -> Span:
        """From the first token to the last, both included."""
        return self.scalar.part(first.start, (last or first).end)


_PATTERN = re.compile(
    r"""
    (?P<blank>[ \t\n]+)
  | (?P<comment>\#)
  | (?P<badnumber>0[xXbBoO][0-9a-zA-Z]*|(?=[\d.]*\d)\d*\.\d*\.[\d.]*|\d[\d_]*_[\d_]*(?:\.\d+)?|0\d[\d.]*
      |(?:\d++\.?\d*+|\.\d++)[eE](?!\w|[+-]\d))
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<string>[a-zA-Z]{0,2}(?:"[^"]*"|'[^']*')|["'‘’‚“”„«»′″])
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<foreign>&&|\|\||<>|=>|=<|\^|!(?!=)|//|%|=(?!=)|===|!==)
  | (?P<python>:=|->|<<|>>|\.{2,}|[@:;?.\[\]{}\\$`])
  | (?P<operator>\*\*|<=|>=|==|!=|[-+*/<>&|~(),])
  | (?P<strange>"""
    + SUPERSCRIPTS
    + r"""|.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)

_FOREIGN: dict[str, tuple[str, str, str]] = {
    "^": ("ACT311", "**", "a power is written `**`"),
    "&&": ("ACT315", "and", "write `and`"),
    "||": ("ACT315", "or", "write `or`"),
    "!": ("ACT315", "not", "write `not`; a factorial is `gamma(n + 1)`"),
    "<>": ("ACT315", "!=", "write `!=`"),
    "=>": ("ACT315", ">=", "write `>=`"),
    "=<": ("ACT315", "<=", "write `<=`"),
    "=": ("ACT315", "==", "`==` compares; an expression has no left side and no named arguments"),
    "===": ("ACT315", "==", "write `==`"),
    "!==": ("ACT315", "!=", "write `!=`"),
    "//": ("ACT320", "/", "it has no useful derivative; a division is `/`"),
    "%": ("ACT320", "/", "it has no useful derivative; for a periodic function use `sin` or `cos`"),
}

_PYTHON: dict[str, tuple[str, str, str]] = {
    ":=": ("ACT309", "the walrus operator is not mathematics", "name a subexpression under `let`"),
    "[": ("ACT307", "brackets have no meaning in an expression", "group with `( )`; pieces are `(value, condition)`"),
    "]": ("ACT307", "brackets have no meaning in an expression", "group with `( )`"),
    "{": ("ACT307", "braces have no meaning in an expression", "group with `( )`"),
    "}": ("ACT307", "braces have no meaning in an expression", "group with `( )`"),
    "?": (
        "ACT313",
        "`? :` is not an operator here",
        "write `Piecewise((a, condition), (b, True))`, or a list of pieces",
    ),
    "\\": ("ACT329", "an expression is not LaTeX", "write `a/b` for a fraction and `lambda` for a Greek letter"),
    "$": ("ACT329", "an expression is not LaTeX", "write the formula without `$`"),
}

_ATTRIBUTES = re.compile(r"(?:[ \t\n]*[A-Za-z_]\w*[ \t\n]*\.)*[ \t\n]*(?P<last>[A-Za-z_]\w*)", re.ASCII)
_EMPTY_CALL = re.compile(r"[ \t\n]*\([ \t\n]*\)")
_ONCE = ("ACT307", "ACT308", "ACT329")

_BAD_NUMBER_HELP = (
    (re.compile(r"[0-9.]*\.[0-9.]*\."), "write one decimal point"),
    (re.compile(r"0[xXbBoO]"), "write it in decimal"),
    (re.compile(r".*_"), "write the digits without `_`"),
    (re.compile(r"0[0-9]"), "write it without leading zeros"),
    (re.compile(r".*[eE]$"), "an exponent has digits, as in `1e-3`; a product is written `*`"),
)


def tokenise(scalar: Scalar, findings: Findings) -> Tokens:
    """The tokens of an expression, with a finding for everything that is none."""
    return _Lexer(scalar, findings).run()


class _Lexer:
    def __init__(self, scalar: Scalar, findings: Findings) -> None:
        self.scalar = scalar
        self.findings = findings
        self.result = Tokens(scalar, [])
        self.reported: set[tuple[str, str]] = set()

    def run(self) -> Tokens:
        text = self.scalar.text
        position = 0
        while position < len(text) and (match := _PATTERN.match(text, position)):
            position = match.end()
            if len(self.result.tokens) > MAX_EXPRESSION_TOKENS:
                self._too_long()
                break
            if match.lastgroup == "comment":
                self._comment(match)
                break
            position = self._take(match)
        return self.result

    def _take(self, match: re.Match[str]) -> int:
        """Add what was matched; where to go on."""
        text, kind = match.group(), match.lastgroup
        if kind == "name":
            self._name(text, match)
        elif kind in ("number", "operator"):
            self._add(kind, text, match)
        elif kind == "foreign":
            self._foreign(text, match)
        elif kind == "badnumber":
            help = next((help for pattern, help in _BAD_NUMBER_HELP if pattern.match(text)), None)
            self._report("ACT326", f"{quoted(text)} is not a number here", match, help)
            self._add("number", "1", match)
        elif kind == "string":
            self._report("ACT308", "an expression holds no strings", match, "write names without quotes")
            self.result.broken = True
        elif kind == "python":
            return self._python(text, match)
        elif kind == "strange":
            self._strange(text, match)
        return match.end()

    def _name(self, text: str, match: re.Match[str]) -> None:
        if text.startswith("_") or text.endswith("_"):
            message = f"{quoted(text)} begins or ends with an underscore; no name does"
            self._report("ACT310", message, match, "use the names that the spec declares")
            self.result.broken = True
        self._add("name", text, match)

    def _add(self, kind: Kind, text: str, match: re.Match[str]) -> None:
        self.result.tokens.append(Token(kind, text, match.start(), match.end()))

    def _foreign(self, text: str, match: re.Match[str]) -> None:
        code, meant, help = _FOREIGN[text]
        previous = self.result.tokens[-1] if self.result.tokens else None
        if text == "!" and previous is not None and _ends_value(previous):
            self.result.broken = True
            help = "a factorial is `gamma(n + 1)`"
        elif text == "=":
            self.result.broken = True
        message = {
            "ACT311": "`^` is not an operator here",
            "ACT320": f"`{text}` rounds, and that is not allowed",
        }.get(code, f"`{text}` is not an operator here")
        self._report(code, message, match, help)
        if meant in ("and", "or", "not"):
            self._add("name", meant, match)
        else:
            self._add("operator", meant, match)

    def _python(self, text: str, match: re.Match[str]) -> int:
        if text == ".":
            return self._attribute(match)
        self.result.broken = True
        previous = self.result.tokens[-1] if self.result.tokens else None
        if text in "]}" and any(code == "ACT307" for code, _ in self.reported):
            return match.end()
        if text in "{}" and ("ACT329", _PYTHON["\\"][1]) in self.reported:
            return match.end()
        if text == "[" and previous is not None and _ends_value(previous):
            help = "an activation acts on each element alone"
            self._report("ACT307", "subscripts are not allowed in an expression", match, help)
        elif text in _PYTHON:
            self._report(_PYTHON[text][0], *_PYTHON[text][1:2], match, _PYTHON[text][2])
        elif text == ":" and any(token.text == "lambda" for token in self.result.tokens):
            self._report(
                "ACT309", "a lambda is Python, not mathematics", match, "the expression itself is the function"
            )
        elif not (text == ":" and self.reported):
            self._report("ACT301", f"{quoted(text)} has no meaning in an expression", match, None)
        return match.end()

    def _attribute(self, match: re.Match[str]) -> int:
        """`np.exp`: report, and read on with `exp` alone; `x.exp()`: report."""
        text = self.scalar.text
        attribute = _ATTRIBUTES.match(text, match.end())
        tokens = self.result.tokens
        if attribute is None:
            self.result.broken = True
            self._report("ACT301", "`.` has no meaning in an expression", match, None)
            return match.end()
        start_of_name, name = attribute.start("last"), attribute["last"]
        known = name in CANONICAL or name == "pi"
        owner = tokens[-1] if tokens and tokens[-1].kind == "name" else None
        if owner is None and name.lower() in ("inf", "nan"):
            self._report_at("ACT328", "a finite number belongs here", match.start(), attribute.end(), None)
            self._add("number", "1", match)
            return attribute.end()
        method = _EMPTY_CALL.match(text, attribute.end()) if known else None
        end = attribute.end() if method is None else method.end()
        written = name if method is None else f"{name}({owner.text if owner else '…'})"
        help = f"write `{written}`" if known else "only names, numbers and functions are allowed"
        start = owner.start if owner else match.start()
        self._report_at("ACT306", "attribute access is not allowed", start, end, help)
        if owner and known and method is None:
            tokens.pop()
            return start_of_name
        self.result.broken = True
        return end

    def _strange(self, text: str, match: re.Match[str]) -> None:
        strange = explain_strange(text)
        if strange.meant in _FOREIGN:
            self._foreign(strange.meant, match)
            return
        self._report("ACT329", strange.message, match, strange.help)
        if strange.meant is None:
            self.result.broken = True
        else:
            self._add_all(strange.meant, match)

    def _add_all(self, text: str, match: re.Match[str]) -> None:
        """Add what was meant; all of it stands where something else was written."""
        for part in _PATTERN.finditer(text):
            if part.lastgroup in ("number", "name", "operator"):
                self._add(part.lastgroup, part.group(), match)

    def _comment(self, match: re.Match[str]) -> None:
        message = "a `#` in an expression; what follows it would be lost"
        self._report("ACT305", message, match, "put the comment on a line of its own outside the expression")
        self.result.broken = True

    def _too_long(self) -> None:
        self.findings.error(
            "ACT317", "the expression is far over 2,000 nodes", self.scalar.span, "name parts under `let`"
        )
        self.result.broken = True

    def _report(self, code: str, message: str, match: re.Match[str], help: str | None) -> None:
        self._report_at(code, message, match.start(), match.end(), help)

    def _report_at(self, code: str, message: str, start: int, end: int, help: str | None) -> None:
        """The finding; brackets and strange characters, which come in crowds, only once an expression."""
        if code in _ONCE and (code, message) in self.reported:
            return
        self.reported.add((code, message))
        self.findings.error(code, message, self.scalar.part(start, end), help)


def _ends_value(token: Token) -> bool:
    return token.text == ")" or (token.kind != "operator" and token.text not in WORDS)
