"""Blocks: vectorised views of a rectangle of pairs, compared with plain Python."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.cohort import Block, Cohort, Pairs, normalise
from pairmatch.errors import CallError
from tests.cohort.tables import codes_of, cohort, frame

WORDS = st.sampled_from([None, "a", "A ", "b", "c-d", "C d"])
LISTS = st.lists(st.sampled_from(["ai:0.5", "AI", "go:0.25", "chess", "tea:1"]), max_size=4).map(";".join)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """A block of some rows, in any order, of a small cohort."""
    sides = []
    for side in "me":
        n = draw(st.integers(1, 5))
        ids = [f"{side}{k}" for k in range(n)] if draw(st.booleans()) else [f"p{k}" for k in range(n)]
        columns: dict[str, Any] = {"id": ids}
        for name, cells in (
            ("name", WORDS),
            ("gender", WORDS),
            ("topics_offered", LISTS),
            ("topics_wanted", LISTS),
        ):
            columns[name] = draw(st.lists(cells, min_size=n, max_size=n))
        columns["tenure"] = draw(st.lists(st.sampled_from([None, 0, 1, 2.5]), min_size=n, max_size=n))
        columns["active"] = draw(st.lists(st.sampled_from([None, "yes", "no"]), min_size=n, max_size=n))
        sides.append(frame(**columns))
    made = Cohort(*sides)
    rows = [
        draw(st.lists(st.integers(0, len(side) - 1), max_size=5)) for side in (made.mentors, made.mentees)
    ]
    return Block(made, *rows)


def pairs(block: Block) -> Any:
    """Every pair of a block: position and the two persons."""
    mentors = [block.cohort.mentors.person(k) for k in block.mentor_positions]
    mentees = [block.cohort.mentees.person(k) for k in block.mentee_positions]
    for (i, mentor), (j, mentee) in product(enumerate(mentors), enumerate(mentees)):
        yield i, j, mentor, mentee


def plain(value: Any) -> Any:
    """A value as it is compared."""
    return normalise(value) if isinstance(value, str) else value


@given(blocks(), st.sampled_from(["name", "tenure", "active", "id"]))
def test_codes(block: Block, name: str) -> None:
    """Codes are equal iff the values are, and -1 iff a value is missing."""
    left, right = block.codes(name)
    for i, j, mentor, mentee in pairs(block):
        assert (left[i, 0] < 0) == (mentor[name] is None)
        assert (right[0, j] < 0) == (mentee[name] is None)
        if mentor[name] is not None and mentee[name] is not None:
            assert (left[i, 0] == right[0, j]) == (plain(mentor[name]) == plain(mentee[name]))
    assert (left.shape, right.shape) == ((block.shape[0], 1), (1, block.shape[1]))


@given(blocks())
def test_views(block: Block) -> None:
    """Fields of a side broadcast to pairs; texts are normalised, lists are sets of keys."""
    same = block.mentors["name"] == block.mentees["gender"]
    older = block.mentors["tenure"] > block.mentees["tenure"]
    left, right = block.numbers("tenure")
    assert same.shape == older.shape == block.shape
    np.testing.assert_array_equal(left > right, older)
    for i, j, mentor, mentee in pairs(block):
        assert same[i, j] == (plain(mentor["name"]) == plain(mentee["gender"]))
        both = mentor["tenure"] is not None and mentee["tenure"] is not None
        assert older[i, j] == (both and mentor["tenure"] > mentee["tenure"])
        assert block.mentors["topics_offered"][i, 0] == {term.key for term in mentor["topics_offered"]}
        assert block.has("name", "mentors")[i, 0] == (mentor["name"] is not None)
        assert block.has("topics_wanted", "mentees")[0, j] == bool(mentee["topics_wanted"])
        assert block.flags("active", "mentors")[i, 0] == {None: -1, True: 1, False: 0}[mentor["active"]]
        assert block.flags("active", "mentees")[0, j] == {None: -1, True: 1, False: 0}[mentee["active"]]


@given(blocks())
def test_shared_terms(block: Block) -> None:
    """Shared terms, their weights and any weighting are exact sums of whole numbers."""
    fields = ("topics_offered", "topics_wanted")
    index = block.cohort.term_index(*fields)
    ones = np.arange(len(index.vocabulary), dtype=float)
    count, product_, other = (block.shared(*fields, weights=w) for w in ("count", "product", ones))
    for i, j, mentor, mentee in pairs(block):
        offered = {term.key: term.weight for term in mentor[fields[0]]}
        wanted = {term.key: term.weight for term in mentee[fields[1]]}
        both = offered.keys() & wanted.keys()
        assert count[i, j] == len(both)
        assert product_[i, j] == sum(offered[key] * wanted[key] for key in both)
        assert other[i, j] == sum(index.vocabulary.index(key) for key in both)


@given(blocks())
def test_same_person_and_barred(block: Block) -> None:
    """A cohort-wide sparse matrix of pairs is cut to the block; nobody is a pair with themself."""
    barred = block.barred(block.cohort.same_person_pairs())
    assert barred.dtype == bool
    assert barred.shape == block.shape
    for i, j, mentor, mentee in pairs(block):
        assert barred[i, j] == (mentor.id == mentee.id)


def test_whole() -> None:
    """The whole block holds all pairs; absent fields are nobody's."""
    block = Block.whole(cohort(team=["a", "b"]))
    assert block.shape == (2, 2)
    assert "2 mentors x 2 mentees" in repr(block)
    assert not block.has("tenure", "mentees").any()
    with pytest.raises(KeyError):
        block.codes("tenure")
    with pytest.raises(KeyError):
        block.mentors["tenure"]


@pytest.mark.parametrize(("mentor_name", "mentee_name"), [("team", "tenure"), ("hobbies", "hobbies")])
def test_kinds_that_do_not_compare(mentor_name: str, mentee_name: str) -> None:
    """Codes exist for two fields of one kind that is no list."""
    made = cohort(team=["a", "b"], tenure=[1, 2], hobbies=["a", "b"])
    with pytest.raises(CallError) as caught:
        Block.whole(made).codes(mentor_name, mentee_name)
    assert codes_of(caught.value) == ["wrong_kind"]


def test_musts() -> None:
    """The index knows which wanted topics are musts."""
    made = cohort(topics_offered=["a", "b"], topics_wanted=["a!; b", None])
    index = made.term_index("topics_offered", "topics_wanted")
    assert index.vocabulary == ("a", "b")
    assert index.mentee_must.toarray().tolist() == [[1, 0], [0, 0]]


def test_pairs_matrix() -> None:
    """Pairs of ids become a matrix, doubled ones once, strangers left out."""
    matrix = cohort().pairs_matrix([("m1", "e2"), ("m1", "e2"), ("e1", "m1"), ("x", "e1")])
    assert matrix.toarray().tolist() == [[False, True], [False, False]]


@given(blocks(), st.sampled_from(["name", "tenure"]), st.data())
def test_a_list_of_pairs(block: Block, name: str, data: st.DataObject) -> None:
    """A list says of each pair what the block says of it."""
    n, m = block.shape
    places = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1))
    chosen = np.array(data.draw(st.lists(places, max_size=7)) if n and m else [], np.int64).reshape(-1, 2)
    mentors, mentees = block.mentor_positions[chosen[:, 0]], block.mentee_positions[chosen[:, 1]]
    listed = Pairs(block.cohort, mentors, mentees)
    index = block.cohort.term_index("topics_offered", "topics_wanted")
    same = block.cohort.same_person_pairs()
    table = np.arange(12).reshape(3, 4)
    codes = np.arange(len(block.cohort.mentors)) % 3, np.arange(len(block.cohort.mentees)) % 4

    def answers(some: Block) -> list[Any]:
        ours, theirs = some.codes(name)
        numbers = some.numbers("tenure")
        return [
            ours == theirs,
            some.has(name, "mentors") & some.has(name, "mentees"),
            numbers[0] > numbers[1],
            some.flags("active", "mentors") == some.flags("active", "mentees"),
            some.mentors["name"] == some.mentees["name"],
            some.shared("topics_offered", "topics_wanted"),
            some.shared("topics_offered", "topics_wanted", weights="product"),
            some.shared("topics_offered", "topics_wanted", weights=np.arange(len(index.vocabulary)) * 1.0),
            some.product(index.mentors, index.mentee_must),
            some.barred(same),
            some.part(same.astype(np.float64)),
            some.looked_up(table, *codes),
        ]

    for told, expected in zip(answers(listed), answers(block), strict=True):
        assert told.shape == listed.shape == (len(chosen), 1)
        assert told.dtype == expected.dtype
        assert told[:, 0].tolist() == [expected[i, j] for i, j in chosen.tolist()]


def test_a_list_tells_itself() -> None:
    """A list is no rectangle, and says so."""
    assert repr(Pairs(cohort(), [0, 1], [1, 1])) == "<List of 2 pairs>"
