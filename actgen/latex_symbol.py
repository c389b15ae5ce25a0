"""One LaTeX symbol as a spec may give it: untrusted text, held to a small grammar.

Letters, digits, primes, Greek letters, fonts, accents and balanced sub- and superscripts pass, signs in scripts alone;
what passes is understood by LaTeX, MathJax and matplotlib alike.
"""

from __future__ import annotations

import re

_GREEK_FIRST = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu")
_GREEK_LAST = ("nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega")
_GREEK_UPPER = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")
_GREEK_VARIANTS = ("varepsilon", "vartheta", "varpi", "varrho", "varsigma", "varphi")
GREEK = frozenset((*_GREEK_FIRST, *_GREEK_LAST, *_GREEK_UPPER, *_GREEK_VARIANTS))
_LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", (*_GREEK_FIRST, *_GREEK_LAST, *_GREEK_UPPER), strict=True))
_SYMBOLS = GREEK | {"ell", "infty", "star", "ast", "prime", "partial"}
_FONTS = frozenset(("mathrm", "mathit", "mathbf", "mathsf", "mathtt", "mathcal"))
_OTHER_FONTS = {"text": "mathrm", "textrm": "mathrm", "operatorname": "mathrm", "textit": "mathit", "textbf": "mathbf"}
_ACCENTS = frozenset(("acute", "bar", "breve", "check", "ddot", "dot", "grave", "hat", "tilde", "vec", "widehat"))
_LONGEST = 64
_DEEPEST = 6
_BEGINS_WITH_DIGIT = re.compile(rf"(?:\\(?:{'|'.join(sorted(_FONTS | _ACCENTS))})|{{)*[0-9]")
_MARKS = frozenset("+*/,;.()-")
_TOKEN = re.compile(r"\\([A-Za-z]+)|([A-Za-z0-9+*/,;.()\-])|([{}_^'])|\s+")


def safe_latex(text: str) -> str | None:
    r"""The text as one LaTeX symbol if it stays inside the grammar, else None.

    Args:
        text: what a spec gives as `latex`, with or without `$` around it.
    """
    body = "".join(f"\\{_LETTERS[c]} " if c in _LETTERS else c for c in text.strip().strip("$").strip())
    if not body or len(body) > _LONGEST:
        return None
    tokens = _tokens(body)
    if tokens is None:
        return None
    parser = _Parser(tokens)
    try:
        symbol = parser.sequence(0)
    except _UnsafeError:
        return None
    return symbol if parser.done and symbol and not _BEGINS_WITH_DIGIT.match(symbol) else None


def _tokens(text: str) -> list[str] | None:
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        position = match.end()
        if not match[0].isspace():
            tokens.append(match[0])
    return tokens


class _UnsafeError(Exception):
    """The text leaves the grammar."""


class _Parser:
    """Recursive descent: sequence = (atom scripts)*, atom = character | symbol | font group | accent atom | group."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0
        self._scripts_around = 0

    @property
    def done(self) -> bool:
        return self._next == len(self._tokens)

    def _peek(self) -> str:
        return "" if self.done else self._tokens[self._next]

    def _take(self) -> str:
        token = self._peek()
        self._next += 1
        return token

    def sequence(self, depth: int) -> str:
        parts = []
        while not self.done and self._peek() != "}":
            parts.append(self._atom(depth) + self._scripts(depth))
        return _join(parts)

    def _scripts(self, depth: int) -> str:
        text, seen = "", set()
        while self._peek() in ("_", "^", "'"):
            mark = self._take()
            kind = "^" if mark == "'" else mark
            if kind in seen and not (mark == "'" and text.endswith("'")):
                raise _UnsafeError
            seen.add(kind)
            text += mark if mark == "'" else f"{mark}{{{self._script(depth)}}}"
        return text

    def _script(self, depth: int) -> str:
        self._scripts_around += 1
        body = _inner(self._atom(depth + 1))
        self._scripts_around -= 1
        return body

    def _atom(self, depth: int) -> str:
        token = self._take()
        if depth > _DEEPEST or token in ("", "}", "_", "^", "'"):
            raise _UnsafeError
        if token in _MARKS and not self._scripts_around:
            raise _UnsafeError  # `a+b` next to another factor would be read as another formula
        if token == "{":  # noqa: S105 - a brace, not a secret
            return self._group(depth)
        if not token.startswith("\\"):
            return token
        command = _OTHER_FONTS.get(token[1:], token[1:])
        if command in _SYMBOLS:
            return token
        if command in _FONTS or command in _ACCENTS:
            return f"\\{command}{{{_inner(self._atom(depth + 1))}}}"
        raise _UnsafeError

    def _group(self, depth: int) -> str:
        body = self.sequence(depth + 1)
        if self._take() != "}" or not body:
            raise _UnsafeError
        return f"{{{body}}}"


def _inner(atom: str) -> str:
    """An atom without the braces of its own group."""
    return atom[1:-1] if atom.startswith("{") else atom


def _join(parts: list[str]) -> str:
    """Atoms side by side, with a blank where a command would run into a letter."""
    text = ""
    for part in parts:
        runs_on = re.search(r"\\[A-Za-z]+$", text) and part[:1].isalpha()
        text += f" {part}" if runs_on else part
    return text
