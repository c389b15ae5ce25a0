import math

import pytest
from spec_units import hostile

from actgen.activation import Reference
from actgen.docs.bibliography import bibtex, markdown_references, safe_url, tex_references
from actgen.docs.latex_text import tex_line
from actgen.docs.text import code, markdown_line, number, one_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a  b\n\n# c", "a b \\# c"),
        ("1. first", "1\\. first"),
        ("- item", "\\- item"),
        ("<b>|</b>", "&lt;b&gt;\\|&lt;/b&gt;"),
        ("$x$ `y` *z* _w_", "<span>&#36;</span>x<span>&#36;</span> \\`y\\` \\*z\\* \\_w\\_"),
        (
            "see http://x.test by @someone",
            "see http:<!-- -->//x.test by @<!-- -->someone".replace("http:<!-- -->//", "http://<!-- -->"),
        ),
        ("bell\x07", "bell"),
    ],
)
def test_markdown_text_stays_text(text: str, expected: str) -> None:
    assert markdown_line(text) == expected


def test_tex_text_stays_text() -> None:
    assert tex_line(r"100% \input{x} a_b & c #1 $y$ ~ ^") == (
        r"100\% \textbackslash{}input\{x\} a\_b \& c \#1 \$y\$ \textasciitilde{} \textasciicircum{}"
    )
    assert tex_line("[2] A. One") == "{}[2] A. One"
    assert tex_line("* starred") == "{}* starred"
    assert tex_line("Müller – “quoted” 中") == "Müller -- ``quoted'' Zhong"


def test_one_line_and_code() -> None:
    assert one_line(" a\tb\r\nc ") == "a b c"
    assert code("a`|b") == "`ab`"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-1.75, "−1.75"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (1 / 3, "0.333333"),
        (1e-17, "1e−17"),
    ],
)
def test_numbers(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.test",
        "//x.test",
        "http://",
        "https://a b/",
        "file:///etc/passwd",
        "http://us<er@x.test",
        "http://[::1",
    ],
)
def test_other_addresses_are_no_links(url: str) -> None:
    assert safe_url(url) is None


def test_an_address_cannot_end_its_link() -> None:
    assert safe_url('https://x.test/a_(b)?q=1|2"><i>') == "https://x.test/a_%28b%29?q=1%7C2%22%3E%3Ci%3E"
    assert safe_url(" https://doi.org/10.1007/3-540-49430-8_2 ") == "https://doi.org/10.1007/3-540-49430-8_2"


def test_references() -> None:
    full = Reference(title="A [title]", authors="B. C.", year="2020", url="https://x.test/a")
    assert markdown_references([full]) == ("B. C. (2020): [A \\[title\\]](https://x.test/a)",)
    assert markdown_references([Reference(title="T", url="javascript:x")]) == ("*T*",)
    [tex] = tex_references([full])
    assert tex.startswith(r"B. C., \emph{A [title]}, 2020, \texttt{https://x.")


def test_bibtex_cannot_leave_its_fence() -> None:
    text = bibtex(hostile().activation)
    assert text.startswith("@misc{a,")
    assert "```" not in text
