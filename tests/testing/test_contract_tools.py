"""What contracts have in common."""

from __future__ import annotations

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.cohort import Block, Person
from pairmatch.testing.contract_tools import assert_evidence


class Tells:
    """A part that tells something of every pair."""

    def __init__(self, text: object) -> None:
        self.text = text

    def evidence(self, mentor: Person, mentee: Person) -> object:
        return self.text


def always(mentor: Person, mentee: Person) -> bool:
    return True


def never(mentor: Person, mentee: Person) -> bool:
    return False


@pytest.fixture(scope="module")
def block() -> Block:
    """One pair."""
    return Block.whole(pm.Cohort(pd.DataFrame({"id": ["m"]}), pd.DataFrame({"id": ["e"]})))


def test_evidence_is_one_line_of_text(block: Block) -> None:
    """Where it is asked; a part need not have any."""
    assert_evidence(Tells("both: chess"), block, always)
    assert_evidence(Tells(None), block, never)
    assert_evidence(object(), block, always)


@pytest.mark.parametrize("text", [None, 1, "two\nlines", "\u202eturned"])
def test_other_evidence_is_refused(block: Block, text: object) -> None:
    """What is no text, or would break a line."""
    with pytest.raises(AssertionError, match="one line of text"):
        assert_evidence(Tells(text), block, always)
