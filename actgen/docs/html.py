r"""Markdown as HTML, for what a page shares with `README.md`: mathematics is marked for KaTeX, HTML is dropped.

Inline mathematics is GitHub's spelling, a code span between dollars; displayed mathematics is a fenced `math` block.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token


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
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.core.ruler.push("mathematics", _mark_mathematics)
    parser.add_render_rule("html_inline", _dropped)
    parser.add_render_rule("html_block", _dropped)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("math_inline", _mathematics)
    return parser


def _mark_mathematics(state: Any) -> None:
    for token in state.tokens:
        children = token.children or []
        for before, span, after in zip(children, children[1:], children[2:], strict=False):
            if span.type == "code_inline" and before.content.endswith("$") and after.content.startswith("$"):
                before.content, after.content, span.type = before.content[:-1], after.content[1:], "math_inline"


def _dropped(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return ""


def _mathematics(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<span class="math">{html.escape(tokens[index].content)}</span>'


def _fence(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    text = html.escape(tokens[index].content.strip())
    if tokens[index].info.strip() == "math":
        return f'<div class="math" data-display>{text}</div>\n'
    return f'<pre tabindex="0"><code>{text}</code></pre>\n'
