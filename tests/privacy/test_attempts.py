"""Attempts to get at what somebody may not read, over all that the library gives out (law §12)."""

from __future__ import annotations

import base64

import pytest

import tests.privacy.attempts_of_leads
import tests.privacy.attempts_of_partners
import tests.privacy.attempts_on_reports  # noqa: F401
from tests.privacy.planted import FOR_NO_LEAD, cohort, leaks, mark, matching
from tests.privacy.trying import ATTEMPTS, Attempt, everything_in


@pytest.mark.parametrize("tried", ATTEMPTS, ids=[tried.title for tried in ATTEMPTS])
def test_nothing_is_found(tried: Attempt) -> None:
    """Whatever is got hold of holds no secret of those who may not read it, in no disguise."""
    texts = [*tried.texts()]
    assert texts
    assert [
        (leaks(text, dict(tried.secrets)), text[:200]) for text in texts if leaks(text, dict(tried.secrets))
    ] == []


def test_there_are_enough_of_them() -> None:
    """At least 40, each with a name of its own."""
    assert len({tried.title for tried in ATTEMPTS}) == len(ATTEMPTS) >= 40


@pytest.mark.parametrize("disguise", range(8))
def test_marks_are_found_in_disguise(disguise: int) -> None:
    """The search finds what it looks for: plain, escaped, encoded, packed, hashed, or as a pickle."""
    import hashlib
    import zlib
    from urllib.parse import quote

    word = mark("faith", "m1")
    packed = base64.b64encode(zlib.compress(f"so {word} it is".encode())).decode()
    hidden = (
        *(word, word.upper(), word[::-1], "".join(f"&#{ord(c)};" for c in word), "<i>z</i>q" + word[2:]),
        *(quote(word.replace("z", "%7A"), safe="%"), packed, hashlib.sha256(word.encode()).hexdigest()),
    )
    assert leaks(f"before {hidden[disguise]} after", FOR_NO_LEAD) == ["faith of m1"]


def test_the_marks_are_there_to_be_found() -> None:
    """A cohort holds them, which is why it is nobody's to read; and a text without them has none."""
    found = {what for text in everything_in(cohort(), deep=False) for what in leaks(text, FOR_NO_LEAD)}
    assert {"faith of m1", "gender of e3", "secret of e5"} <= found
    assert leaks("nothing here", FOR_NO_LEAD) == []
    assert matching() is matching()
