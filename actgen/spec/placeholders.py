"""An expression as Python's parser is shown it: operators, commas, parentheses, and a placeholder for all else.

Each name and number is handed over as `t0`, `t1`, … So Python's keywords are names like any other, no literal of
Python's exists, and a node's place leads back to its tokens and from there into the YAML file.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from typing import cast

from actgen.diagnostics import Span
from actgen.spec.tokens import Token, Tokens

_WORDS = ("and", "or", "not")


class Placeholders:
    """The tokens of one expression in their order, and the text that stands for them.

    Attributes:
        text: one line of ASCII.
    """

    def __init__(self, tokens: Tokens, ordered: list[Token]) -> None:
        self._tokens = tokens
        self._ordered = ordered
        words = [self._word(index, token) for index, token in enumerate(ordered)]
        self.text = " ".join(words)
        self._starts = [0]
        for word in words[:-1]:
            self._starts.append(self._starts[-1] + len(word) + 1)

    @staticmethod
    def _word(index: int, token: Token) -> str:
        return token.text if token.kind == "operator" or token.text in _WORDS else f"t{index}"

    def parse(self) -> ast.expr:
        """Python's tree of the placeholders.

        Raises:
            SyntaxError: if the order of tokens is not an expression's.
            RecursionError: if Python cannot build a tree this deep.
            MemoryError: if Python cannot parse a text nested this deep.
        """
        return ast.parse(self.text, mode="eval").body

    def token(self, node: ast.Name) -> Token:
        """What a placeholder stands for."""
        return self._ordered[int(node.id[1:])]

    def span(self, node: ast.expr) -> Span:
        """Where the node was written, without parentheses around it."""
        first = bisect_left(self._starts, node.col_offset)
        last = bisect_right(self._starts, cast("int", node.end_col_offset) - 1) - 1
        return self._tokens.span(self._ordered[first], self._ordered[last])
