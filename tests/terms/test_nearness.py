"""Encoders: what they add, and what of their answers is refused."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.errors import CallError
from pairmatch.terms import Thesaurus
from tests.terms.small_words import sports

ANGLES = {"tennis": 0.0, "badminton": 20.0, "rowing": 60.0, "coding": 90.0, "nothing": None}


def compass(phrases: Sequence[str]) -> np.ndarray[Any, Any]:
    """A toy encoder: each phrase is a direction, one has none."""
    angles = [ANGLES[phrase] for phrase in phrases]
    return np.array([[0, 0] if a is None else [np.cos(np.radians(a)), np.sin(np.radians(a))] for a in angles])


def encoded(encoder: Callable[[Sequence[str]], Any], keys: Sequence[str]) -> tuple[tuple[int, int, int], ...]:
    """What a thesaurus of sports says with an encoder."""
    return sports().with_encoder(encoder).encoded(keys)


def test_cosines_become_credit() -> None:
    """Below low nothing, above high everything, in between in proportion; no direction, no nearness."""
    keys = ["tennis", "badminton", "rowing", "coding", "nothing"]
    assert encoded(compass, keys) == ((0, 1, 1000), (0, 2, 500), (1, 2, 1000), (1, 3, 105), (2, 3, 1000))
    words = sports().with_encoder(compass, low=0.0, high=1.0)
    assert words.encoded(keys[:4])[:2] == ((0, 1, 940), (0, 2, 500))


def test_without_an_encoder_nothing_is_near() -> None:
    """Words alone relate by the tree only."""
    assert sports().encoded(["tennis", "badminton"]) == ()
    assert encoded(compass, []) == ()


def test_concepts_are_encoded_by_their_names() -> None:
    """The encoder sees a concept's name and, of unknown words, the normalised text."""
    seen: list[str] = []

    def note(phrases: Sequence[str]) -> list[list[float]]:
        seen.extend(phrases)
        return [[1.0]] * len(phrases)

    words = Thesaurus.from_dict({"concepts": {"Data Viz": {}}}).with_encoder(note)
    words.encoded([words.key("data-viz"), words.key("Zine-Making")])
    assert seen == ["Data Viz", "zine making"]


def test_the_tree_keeps_its_word() -> None:
    """An encoder changes neither credit nor the related pairs, and growing keeps it."""
    words = sports().with_encoder(compass)
    assert words.credit("tennis", "badminton") == 0
    assert words.related(["tennis", "badminton"]) == ()
    for grown in (words.extended(Thesaurus.empty()), words.with_step(0.1)):
        assert grown.encoded(["tennis", "badminton"]) == ((0, 1, 1000),)


def test_why_by_the_encoder() -> None:
    """Where words say nothing, the encoder's word is told as such."""
    words = sports().with_encoder(compass)
    assert words.why("tennis", "Rowing") == "the encoder finds 'tennis' and 'Rowing' near (0.50 of 1)"
    assert words.why("tennis", "coding") == ""


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ([1.0, 2.0], "2 phrases make an array of 2 rows, not one of shape (2,)"),
        ([[1.0]], "2 phrases make an array of 2 rows, not one of shape (1, 1)"),
        ([[], []], "2 phrases make an array of 2 rows, not one of shape (2, 0)"),
        ([[1.0], [float("nan")]], "a vector holds NaN or infinity; the encoder is to give finite numbers"),
        ([[1.0], [float("inf")]], "a vector holds NaN or infinity; the encoder is to give finite numbers"),
        (
            [[1.0], [1.0, 2.0]],
            "the encoder's answer is to be numbers, one vector of one length for each phrase",
        ),
        ([["x"], ["y"]], "the encoder's answer is to be numbers, one vector of one length for each phrase"),
        ([["1"], ["2"]], "the encoder's answer is to be numbers, one vector of one length for each phrase"),
        (
            np.array([["1"], [2]], object),
            "the encoder's answer is to be numbers, one vector of one length for each phrase",
        ),
        (
            np.array([["2026-01-01"]] * 2, "datetime64[D]"),
            "the encoder's answer is to be numbers, one vector of one length for each phrase",
        ),
        ([[{}], [{}]], "the encoder's answer is to be numbers, one vector of one length for each phrase"),
        ([[1j], [1.0]], "the encoder's answer holds complex numbers; vectors are of real ones"),
        (np.ones((2, 3), complex), "the encoder's answer holds complex numbers; vectors are of real ones"),
        (None, "2 phrases make an array of 2 rows, not one of shape ()"),
    ],
)
def test_bad_vectors(answer: Any, hint: str) -> None:
    """An answer that is not one finite vector for each phrase is refused, and no phrase is told."""
    with pytest.raises(CallError) as caught:
        encoded(lambda _: answer, ["tennis", "badminton"])
    assert hint in str(caught.value)
    assert "badminton" not in str(caught.value)
    assert [finding.code for finding in caught.value.findings] == ["bad_vectors"]


@pytest.mark.parametrize(
    ("low", "high"), [(0.7, 0.3), (0.5, 0.5), (-2, 0.5), (0.5, 2), (float("nan"), 0.5), (True, 0.5), ("0", 1)]
)
def test_bad_bounds(low: Any, high: Any) -> None:
    """Bounds are two cosines, the lower one first."""
    with pytest.raises(CallError, match="low and high are cosines from -1 to 1, low < high"):
        sports().with_encoder(compass, low=low, high=high)


def test_bad_encoder() -> None:
    """An encoder is something that can be called; every problem of the call comes at once."""
    with pytest.raises(CallError, match="the encoder is a function from phrases to vectors") as caught:
        sports().with_encoder("minilm", low=1, high=0)  # type: ignore[arg-type]
    assert [finding.code for finding in caught.value.findings] == ["bad_encoder", "bad_bounds"]


@given(st.lists(st.tuples(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300)), min_size=1, max_size=7))
def test_any_vectors(vectors: list[tuple[float, float]]) -> None:
    """Credits are thousandths, equal vectors are near in full, and blocks change nothing."""
    keys = [f"word {k}" for k in range(len(vectors))]
    found = encoded(lambda _: vectors, keys)
    assert all(0 <= i < j < len(keys) and 0 < credit <= 1000 for i, j, credit in found)
    near = {(i, j): credit for i, j, credit in found}
    for j, other in enumerate(vectors):
        for i, one in enumerate(vectors[:j]):
            if one == other and any(one):
                assert near[i, j] == 1000


def test_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of the blocks that are compared at a time makes no difference."""
    vectors = np.random.default_rng(4).normal(size=(40, 3))
    whole = encoded(lambda _: vectors, [str(k) for k in range(40)])
    monkeypatch.setattr("pairmatch.terms.nearness.ROWS", 7)
    assert encoded(lambda _: vectors, [str(k) for k in range(40)]) == whole
    assert len(whole) > 100


class Tensor:
    """An answer that cannot be turned into an array, as on another device."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        raise self.error("no array of badminton")


def unwell(phrases: Sequence[str]) -> Any:
    """An encoder that quotes what it was given."""
    raise KeyError(f"unknown: {phrases}")


@pytest.mark.parametrize(
    ("encoder", "cause"),
    [
        (unwell, KeyError),
        (str.upper, TypeError),
        (lambda _: Tensor(RuntimeError), RuntimeError),
        (lambda _: Tensor(ValueError), ValueError),
        (lambda _: [Tensor(RuntimeError)] * 2, RuntimeError),
        (lambda _: [[10**400], [1]], OverflowError),
    ],
)
def test_encoders_that_fail(encoder: Any, cause: type[Exception]) -> None:
    """The error's class is told and its words are not, for they may quote a phrase; it is the cause."""
    with pytest.raises(CallError) as caught:
        encoded(encoder, ["tennis", "badminton"])
    assert [finding.code for finding in caught.value.findings] == ["encoder_failed"]
    assert f"the encoder failed: {cause.__name__}; it is to give one vector of numbers" in str(caught.value)
    assert "badminton" not in str(caught.value)
    assert isinstance(caught.value.__cause__, cause)


def test_numbers_wider_than_doubles() -> None:
    """Where the machine has such numbers they are refused, where not they are doubles; nothing else comes."""
    with contextlib.suppress(CallError):
        encoded(lambda _: np.full((2, 3), np.finfo(np.longdouble).max), ["a", "b"])


def test_whatever_numpy_reads_is_read() -> None:
    """Tuples, whole numbers, flags and Python's own numbers in arrays are vectors too."""
    for one in (1, True, Fraction(1), np.float32(1), 10**30):
        for answer in ([[one, 0]] * 2, ((one, 0),) * 2, np.array([[one, 0]] * 2, object)):
            assert encoded(lambda _, answer=answer: answer, ["a", "b"]) == ((0, 1, 1000),)
