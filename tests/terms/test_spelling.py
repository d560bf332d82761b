"""When two words count as the same one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.cohort import normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sales ", "sales"),
        ("R&D", "R and D"),
        ("Café", "cafe"),
        ("STRASSE", "straße"),
        ("full-time", "Full_Time"),
        ("CI/CD", "ci cd"),
        ("e\u2013mail", "e-mail"),
        ("women's network", "women\u2019s  network"),
        ("Inc.", "inc"),
        ("Chess!", "chess"),
        ("\uff21\uff29", "AI"),
        ("organization design", "organisation design"),
        ("Organizational", "organisational"),
        ("Digitizations".replace("tiz", "taliz"), "digitalisations"),
        ("consumer behavior", "Consumer behaviour"),
        ("e\u0301", "\u00e9"),
        ("tab\tbed\nlines", "tab bed lines"),
    ],
)
def test_same(one: str, other: str) -> None:
    """Case, accents, marks, gaps and American spelling make no difference."""
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C", "C#"),
        ("C++", "C#"),
        ("AI", "retail"),
        ("node.js", "nodejs"),
        (".NET", "NET"),
        ("size", "sise"),
        ("chess", "chess club"),
        ("1.5", "15"),
    ],
)
def test_different(one: str, other: str) -> None:
    """Plus, number sign and inner dots do, and nothing is matched by parts."""
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize("text", ["---", "...", "!", "\u2019", "\uff0d\uff0d"])
def test_nothing_left(text: str) -> None:
    """A text of marks alone stays itself rather than becoming the same as every other one."""
    assert normalise(text)
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_idempotent(text: str) -> None:
    """Normalising twice changes nothing, and only blank texts become blank."""
    once = normalise(text)
    assert normalise(once) == once
    assert bool(once) == bool(text.split())


@given(st.text(min_size=1))
def test_surroundings(text: str) -> None:
    """Spaces around a text make no difference."""
    assert normalise(f"  {text}\t") == normalise(text)
