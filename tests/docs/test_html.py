import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actgen.docs import html
from actgen.docs.text import markdown_line

_ELEMENTS = "p code pre em strong a ul li div span table thead tbody tr th td"


def tags(text: str) -> set[str]:
    return set(re.findall(r"<\s*/?\s*([a-zA-Z!][^\s/>]*)", text))


def test_mathematics_is_marked_for_katex() -> None:
    assert html.inline(r"at $x = \frac{1}{2}$: 3") == r'at <span class="math">x = \frac{1}{2}</span>: 3'
    assert html.inline("$a$ and $b < c$").count('<span class="math">') == 2
    assert "b &lt; c" in html.inline("$b < c$")
    assert html.inline("$f$: 0, $g$: 1") == '<span class="math">f</span>: 0, <span class="math">g</span>: 1'
    shown = html.block("$$\na \\cr\nb\n$$\n")
    assert shown == '<div class="math" data-display>a \\cr\nb</div>\n'


def test_code_beside_money_is_code() -> None:
    assert html.inline("`x` costs $5 and `y`") == "<code>x</code> costs $5 and <code>y</code>"


def test_html_of_the_text_does_not_come_through() -> None:
    assert html.inline("a<b>c</b>d") == "acd"
    assert html.block("<script>alert(1)</script>\n\ntext") == "<p>text</p>\n"
    assert html.inline(markdown_line("www.x.test @me")) == "www.x.test @me"


def test_tables_have_headers_and_a_scroller() -> None:
    shown = html.table(("a", "`b`"), [("1", "$x$"), ("2 < 3", "|")])
    assert shown.startswith('<div class="table"><table>')
    assert shown.count("<tr>") == 3
    assert '<th scope="col"><code>b</code></th>' in shown
    assert '<td><span class="math">x</span></td>' in shown
    assert "<td>2 &lt; 3</td><td>|</td>" in shown


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_what_an_author_wrote_stays_text(text: str) -> None:
    for shown in (html.inline(markdown_line(text)), html.block(f"- {markdown_line(text)}")):
        assert tags(shown) <= set(_ELEMENTS.split())
        assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', shown)).lower()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_links_lead_to_pages_alone(address: str) -> None:
    assert "href" not in html.inline(f"[x]({address})")
