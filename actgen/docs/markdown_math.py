r"""Mathematics in Markdown, spelled so that GitHub, Jupyter and Visual Studio Code all show it: `$…$` and `$$…$$`.

Jupyter takes what stands between dollars out before it reads Markdown. GitHub reads Markdown first, and what that does
to the text is done to the formula: `\\` becomes `\`, `\{` becomes `{`, underscores become emphasis. GitHub's other
spelling, a code span between dollars, keeps a formula whole there, but Jupyter shows the backticks. So formulas are
written in words that mean nothing in Markdown, and reach TeX as they are in both.
"""

from __future__ import annotations

import re

_WORDS = {
    **{r"\,": r"\thinspace", r"\:": r"\medspace", r"\;": r"\thickspace", r"\!": r"\negthinspace"},
    **{r"\{": r"\lbrace", r"\}": r"\rbrace", r"\|": r"\Vert", "|": r"\vert", "*": r"\ast", "~": r"\space"},
}
_ROW = re.compile(r"\\\\(?:\[(\d+)pt\])?")
_WIDE, _TALL = 5, r"\vphantom{\bigg(}"
_WORD = re.compile(r"(\\[,:;!{}|]|[|*~])(?=(.?))", re.DOTALL)
_OPENING = re.compile(r"(?<![A-Za-z0-9])_(?=\S)")
_TAG, _ENTITY, _LINK = re.compile(r"<(?=[A-Za-z/!?])"), re.compile(r"&(?=[A-Za-z#])"), re.compile(r"\](?=[(\[])")
_BLOCK_START = re.compile(r"\s*\n\s*(?=[-+>#=:]|\d+[.)]\s)")


def inline_math(latex: str) -> str:
    """A formula within a line."""
    return f"${inert(' '.join(latex.split()))}$"


def display_math(latex: str) -> str:
    """A formula on lines of its own."""
    return f"$$\n{inert(latex)}\n$$"


def inert(latex: str) -> str:
    r"""The same mathematics in LaTeX that Markdown leaves alone, for MathJax and KaTeX.

    `\cr` takes no distance: a row before a wide one is as high as a fraction, and a narrow one is lost.

    Args:
        latex: without dollars and comments, as `symbolic/typesetting.py` writes it.
    """
    shown = _WORD.sub(_word, _ROW.sub(_end_of_row, latex))
    shown = _OPENING.sub("_ ", shown)  # an underscore before a blank opens no emphasis
    shown = _TAG.sub(r"\\lt ", shown)
    shown = _ENTITY.sub("& ", shown)
    shown = _LINK.sub("] ", shown)
    return "\n".join(line.strip() for line in _BLOCK_START.sub(" ", shown).strip().splitlines() if line.strip())


def _end_of_row(found: re.Match[str]) -> str:
    return rf"{_TALL} \cr" if found[1] and int(found[1]) > _WIDE else r"\cr"


def _word(found: re.Match[str]) -> str:
    """A sign as a word, with a blank where it would run into what follows."""
    word = _WORDS[found[1]]
    return f"{word} " if found[2].isalpha() else word
