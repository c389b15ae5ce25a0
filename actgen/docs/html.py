r"""Markdown as HTML, for what a page shares with `README.md`: mathematics is marked for KaTeX, HTML is dropped.

Mathematics is as `markdown_math.py` writes it, between dollars.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin


def block(markdown: str) -> str:
    """Paragraphs, lists, tables and fences as HTML; no HTML of the text itself comes through."""
    return _parser().render(markdown)


def inline(markdown: str) -> str:
    """One line as HTML, without a paragraph around it."""
    return _parser().renderInline(markdown)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown cells as HTML; it scrolls by itself where it is too wide."""
    head = "".join(f'<th scope="col">{inline(cell)}</th>' for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{inline(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f'<div class="table"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n'


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").use(dollarmath_plugin, allow_space=False)
    parser.add_render_rule("html_inline", _dropped)
    parser.add_render_rule("html_block", _dropped)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("math_inline", _mathematics)
    parser.add_render_rule("math_block", _displayed)
    return parser


def _dropped(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return ""


def _mathematics(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<span class="math">{html.escape(tokens[index].content)}</span>'


def _displayed(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<div class="math" data-display>{html.escape(tokens[index].content.strip())}</div>\n'


def _fence(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    text = html.escape(tokens[index].content.strip())
    return f'<pre tabindex="0"><code>{text}</code></pre>\n'
