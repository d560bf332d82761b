"""Text that somebody typed, on one line and in Markdown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pairmatch.explaining.plain_text import in_markdown, one_line


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Zoë  de\tVries", "Zoë de Vries"),
        ("a\nb\r\nc\u2028d", "a b c d"),
        ("nul\0here", "nul here"),
        ("half \ud800 of one", "half \ufffd of one"),
        ("left\u202eright", "leftright"),
        ("\ufeffzero\u200bwidth", "zerowidth"),
        ("👩\u200d🔬 lab", "👩\u200d🔬 lab"),
        ("שלום", "\u2068שלום\u2069"),
        ("x" * 10_000, "x" * 199 + "…"),
        (" " * 9_000 + "far", "…"),
        ("", ""),
    ],
)
def test_one_line(typed: str, shown: str) -> None:
    """No line breaks, no marks that turn the text round, no halves of characters, and not too long."""
    assert one_line(typed) == shown


@given(st.text())
def test_whatever_is_typed(typed: str) -> None:
    """One printable line that can be written as UTF-8, and that no direction mark gets out of."""
    line = one_line(typed, 30)
    assert len(line) <= 32
    assert line.encode("utf-8").decode() == line
    inside = line[1:-1] if line.startswith("\u2068") else line
    assert not {unicodedata.category(c) for c in inside} & {"Cc", "Zl", "Zp", "Cs"}
    assert not set(inside) & set("\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e")


MARKUP = (
    *("<b>bold</b>", "*a* _b_ **c**", "`code`", "[x](http://evil.example)", "![i](y.png)", "a | b", "# top"),
    *("http://evil.example", "https://evil.example", "www.evil.example", "me@evil.example", "<http://a.b>"),
    *("&lt;b&gt;", "\\*", "~~gone~~", "$x$", "{role}`x`", "a\\", "[^1]", "<!-- -->", "trailing #"),
)


@pytest.mark.parametrize("typed", MARKUP)
def test_nothing_is_markup(typed: str) -> None:
    """A parser of Markdown with all its extras finds the text as it was typed, and nothing else."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(f"# {in_markdown(typed)}\n\n**Name:** {in_markdown(typed)}\n")
    found = [child for token in tokens for child in token.children or [] if child.type != "text_special"]
    assert {child.type for child in found} <= {"text", "strong_open", "strong_close"}
    assert tokens[0].type == "heading_open"
    assert tokens[1].children is not None
    assert "".join(child.content for child in tokens[1].children) == typed
