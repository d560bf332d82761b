"""Texts of the data as the page may show them."""

from __future__ import annotations

from markupsafe import Markup

from pairmatch.report.safe_text import LONGEST, named, visible


def test_what_is_seen_stays() -> None:
    """Letters of all scripts, emoji, signs; anything that is no text is handed through."""
    for text in ("plain", "Ünïcödé", "שלום", "👩🏽‍💻", "=1+1", "<b>"):
        assert visible(text) == text
    assert visible(3) == 3
    assert visible(None) is None
    assert visible(Markup("\x00")) == "\x00"


def test_what_hides_or_turns_is_a_sign() -> None:
    """One sign for each; line breaks and tabs are spaces."""
    assert visible("a\x00b\u202ec\ud800d\x7f") == "a\ufffdb\ufffdc\ufffdd\ufffd"
    assert visible("a\tb\nc\r") == "a b c "


def test_long_names_are_cut() -> None:
    """To a length that can be read; shorter ones are whole."""
    assert named("x" * LONGEST) == "x" * LONGEST
    assert named("x" * 10_000) == "x" * (LONGEST - 1) + "…"
