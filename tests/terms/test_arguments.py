"""What is no thesaurus, no concept and no text is refused in words; and large thesauri are no hard ones."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.errors import CallError, PairmatchError, SchemaError
from pairmatch.terms import Concept, Thesaurus
from tests.terms.small_words import sports

NO_CONCEPT = "a concept is Concept(name, broader, aliases), its parts texts"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"concepts": 5}, f"bad_concept (thesaurus): {NO_CONCEPT}"),
        ({"concepts": None}, f"bad_concept (thesaurus): {NO_CONCEPT}"),
        ({"concepts": "chess"}, f"bad_concept (thesaurus): {NO_CONCEPT}"),
        ({"concepts": [("chess", "", ())]}, f"bad_concept (thesaurus): {NO_CONCEPT}"),
        ({"concepts": [Concept(5)]}, f"bad_concept (thesaurus): {NO_CONCEPT}"),  # type: ignore[arg-type]
        ({"concepts": [Concept("a", "", None)]}, "'a'): aliases are a tuple of texts"),  # type: ignore[arg-type]
        ({"concepts": [Concept("a", "", 5)]}, "'a'): aliases are a tuple of texts"),  # type: ignore[arg-type]
        ({"left_alone": (1,)}, "(thesaurus 'left_alone'): left_alone is a list of words"),
        ({"left_alone": "abc"}, "(thesaurus 'left_alone'): left_alone is a list of words"),
        ({"left_alone": None}, "(thesaurus 'left_alone'): left_alone is a list of words"),
        ({"nearness": "x"}, "(thesaurus 'nearness'): nearness is set by with_encoder(); leave it out"),
    ],
)
def test_no_thesaurus(arguments: dict[str, Any], complaint: str) -> None:
    """Each part of a thesaurus says what it is made of."""
    with pytest.raises(SchemaError) as caught:
        Thesaurus(**arguments)
    assert complaint in str(caught.value)


def test_everything_that_is_no_part_is_told_at_once() -> None:
    """One error for all arguments."""
    with pytest.raises(SchemaError) as caught:
        Thesaurus(5, "much", "abc", "x")  # type: ignore[arg-type]
    codes = [(finding.code, finding.column) for finding in caught.value.findings]
    assert codes == [
        ("bad_step", "step"),
        ("bad_value", "left_alone"),
        ("bad_value", "nearness"),
        ("bad_concept", ""),
    ]


def test_lists_and_sets_will_do() -> None:
    """Concepts, aliases and words left alone may come in any collection."""
    words = Thesaurus([Concept("chess", "", {"draughts", "checkers"})], left_alone={"cheese"})  # type: ignore[arg-type]
    assert words == Thesaurus((Concept("chess", "", ("checkers", "draughts")),), left_alone=("cheese",))
    assert words == Thesaurus(iter(words.concepts), left_alone=["cheese"])  # type: ignore[arg-type]


ODD: tuple[Any, ...] = (None, 5, b"tennis", ["tennis"], {"a": 1}, float("nan"))
A_TEXT = "give a text; of a list, one text at a time"
A_LIST = "give a list of keys, each a text"
CALLS: dict[str, tuple[Callable[[Thesaurus, Any], object], str]] = {
    "find": (lambda words, odd: words.find(odd), A_TEXT),
    "key": (lambda words, odd: words.key(odd), A_TEXT),
    "why": (lambda words, odd: words.why("tennis", odd), A_TEXT),
    "credit": (lambda words, odd: words.credit("tennis", odd), A_TEXT),
    "is_a": (lambda words, odd: words.is_a(odd, "sport"), A_TEXT),
    "is_a, wider": (lambda words, odd: words.is_a("tennis", odd), A_TEXT),
    "broader": (lambda words, odd: words.broader(odd), A_TEXT),
    "related": (lambda words, odd: words.related([odd]), A_LIST),
    "encoded": (lambda words, odd: words.with_encoder(len).encoded([odd]), A_LIST),
    "extended": (lambda words, odd: words.extended(odd), "give another thesaurus"),
}


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize(("call", "hint"), CALLS.values(), ids=CALLS)
def test_no_text(call: Callable[[Thesaurus, Any], object], hint: str, odd: Any) -> None:
    """Where a text is asked for, nothing else is taken, and it is not repeated."""
    with pytest.raises(CallError) as caught:
        call(sports(), odd)
    assert [finding.code for finding in caught.value.findings] == ["bad_argument"]
    assert hint in str(caught.value)
    assert repr(odd) not in str(caught.value)


@pytest.mark.parametrize("keys", ["tennis", None, 5, {"tennis"}])
def test_no_list_of_keys(keys: Any) -> None:
    """A text is no list of letters."""
    for call in (sports().related, sports().with_encoder(len).encoded):  # type: ignore[arg-type]
        with pytest.raises(CallError, match=A_LIST):
            call(keys)


@given(
    st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))
)
def test_any_argument(odd: Any) -> None:
    """Whatever is handed in, a thesaurus or an error of the library comes of it."""
    for attempt in (
        Thesaurus,
        lambda it: Thesaurus(left_alone=it),
        lambda it: Thesaurus((Concept("a", "", it),)),
    ):
        with contextlib.suppress(PairmatchError):
            assert isinstance(attempt(odd), Thesaurus)


def chain(length: int) -> dict[str, Any]:
    """Concepts of which each belongs to the one before."""
    return {f"c{k}": {"broader": f"c{k - 1}"} if k else {} for k in range(length)}


def test_a_deep_tree() -> None:
    """A chain of thousands is checked and read in one pass, and a circle in it is found."""
    length = 10_000
    words = Thesaurus.from_dict({"concepts": chain(length)})
    assert len(words.broader(f"c{length - 1}")) == length - 1
    assert words.related(["c7", "c9999", "c9998", "c8"]) == ((0, 3, 500), (1, 2, 500))
    with pytest.raises(SchemaError) as caught:
        Thesaurus.from_dict({"concepts": {**chain(length), "c0": {"broader": f"c{length // 2}"}}})
    assert {finding.code for finding in caught.value.findings} == {"circle"}
    assert len(caught.value.findings) == length // 2 + 1


def test_many_children() -> None:
    """All children of one concept are related to each other, with no number made twice."""
    keys = [f"c{k}" for k in range(700)]
    words = Thesaurus((Concept("top"), Concept("kind", "top"), *(Concept(key, "kind") for key in keys)))
    found = words.related(keys)
    assert found == tuple((i, j, 250) for i in range(700) for j in range(i + 1, 700))
    assert len({id(j) for _, j, _ in found}) == 699
    assert words.with_step(0).related(keys) == ()
    assert words.related(["c1", "c2", "c1", "kind", "c2"]) == (
        (0, 1, 250), (0, 2, 1000), (0, 3, 500), (0, 4, 250), (1, 2, 250), (1, 3, 500), (1, 4, 1000),
        (2, 3, 500), (2, 4, 250), (3, 4, 500),
    )  # fmt: skip
