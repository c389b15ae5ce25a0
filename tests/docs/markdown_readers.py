"""What becomes of the mathematics in Markdown: in the source, in what GitHub's parser and in what Jupyter's leave."""

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from nbconvert.filters import markdown2html_mistune

_CODE = re.compile(r"^```.*?^```$|(?<![$`])`[^`\n]+`(?!`)", re.MULTILINE | re.DOTALL)
_MATH = re.compile(r"\$\$(.+?)\$\$|\$(\S(?:[^$\n]*\S)?)\$", re.DOTALL)


def formulas(text: str) -> list[str]:
    """What stands between dollars, displayed or within a line."""
    return [(displayed or inline).strip() for displayed, inline in _MATH.findall(text)]


def written(page: str) -> list[str]:
    """Every formula in a page's source, whatever stands around it."""
    return formulas(_CODE.sub("code", page))


def on_github(page: str) -> list[str]:
    """What is left for MathJax after Markdown: GitHub finds formulas in the text that no element interrupts."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [one for token in parser.parse(page) for run in _runs(token.children or ()) for one in formulas(run)]


def _runs(children) -> Iterator[str]:
    run = ""
    for child in children:
        if child.type in ("text", "softbreak"):
            run += "\n" if child.type == "softbreak" else child.content
        else:
            yield run
            run = ""
    yield run


def in_jupyter(page: str) -> list[str]:
    """What nbconvert leaves for MathJax, in which it is the same as a notebook's page."""
    shown = re.sub(r"<(pre|code)\b.*?</\1>", "code", markdown2html_mistune(page), flags=re.DOTALL)
    apart = re.sub(r"<[^>]*>", "\n\n", shown)
    return formulas(html.unescape(apart))
