"""Thesauri: what they find, what they credit, what they say, and how they grow."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.errors import SchemaError
from pairmatch.terms import Concept, Found, Thesaurus, normalise
from tests.terms.small_words import WORDS, concepts, sports, thesauri


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tennis", Found("tennis", "tennis", "name")),
        ("lawn-tennis", Found("tennis", "tennis", "alias")),
        ("photograpy", Found("photography", "photography", "spelling")),
        ("Playing tennis", Found("tennis", "tennis", "spelling")),
        ("boulderng", Found("rock climbing", "rock climbing", "spelling")),
        ("football", None),
        ("table tennis", None),
        ("", None),
    ],
)
def test_find(text: str, found: Found | None) -> None:
    """A text is a name, another name, a mistyped one, or unknown; never a part of something."""
    assert sports().find(text) == found


def test_key() -> None:
    """Known words have their concept's key, others their own spelling, whatever the case."""
    words = sports()
    assert words.key("Wimbledon") == words.key("TENNIS") == "tennis"
    assert words.key("Table-Tennis") == "table tennis"
    assert Thesaurus.empty().key("Bouldering ") == "bouldering"


def test_remembered_texts_are_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of texts is bounded, and the answers stay the same."""
    monkeypatch.setattr("pairmatch.terms.thesaurus.REMEMBERED", 3)
    words = sports()
    assert [words.key(f"word {k}") for k in range(9)] == [f"word {k}" for k in range(9)]
    assert words.key("word 0") == "word 0"
    assert len(words._keys) <= 3


@pytest.mark.parametrize(
    ("one", "other", "credit"),
    [
        ("tennis", "tennis", 1000),
        ("tennis", "racket sports", 500),
        ("racket sports", "sport", 500),
        ("tennis", "sport", 250),
        ("tennis", "squash", 250),
        ("real tennis", "racket sports", 250),
        ("real tennis", "sport", 0),
        ("real tennis", "squash", 0),
        ("golf", "rock climbing", 0),
        ("golf", "sport", 500),
        ("photography", "golf", 0),
        ("unknown", "unknown", 1000),
        ("unknown", "tennis", 0),
    ],
)
def test_credit(one: str, other: str, credit: int) -> None:
    """Half per step, up to two steps; siblings below a heading are no relatives."""
    assert sports().credit(one, other) == sports().credit(other, one) == credit


@pytest.mark.parametrize(
    ("step", "parent", "sibling"), [(0, 0, 0), (0.5, 500, 250), (0.7, 700, 490), (1, 1000, 1000)]
)
def test_step(step: float, parent: int, sibling: int) -> None:
    """The credit per step can be set; with 0 only the same counts."""
    words = sports().with_step(step)
    assert words.credit("tennis", "racket sports") == parent
    assert words.credit("tennis", "squash") == sibling
    assert words.credit("tennis", "tennis") == 1000
    assert sports(step=step) == words
    assert (words.related(["tennis", "squash"]) == ()) == (step == 0)


@pytest.mark.parametrize("step", [-0.1, 1.1, float("nan"), True, "half", None])
def test_bad_steps(step: object) -> None:
    """Steps are numbers from 0 to 1."""
    with pytest.raises(SchemaError, match=r"step is a number from 0 \(no partial credit\) to 1"):
        sports().with_step(step)  # type: ignore[arg-type]


def test_related() -> None:
    """All related pairs of a list, by position, in order; equal keys count in full."""
    keys = ["squash", "golf", "tennis", "sport", "chess", "tennis", "racket sports"]
    assert sports().related(keys) == (
        (0, 2, 250),
        (0, 3, 250),
        (0, 5, 250),
        (0, 6, 500),
        (1, 3, 500),
        (2, 3, 250),
        (2, 5, 1000),
        (2, 6, 500),
        (3, 5, 250),
        (3, 6, 500),
        (5, 6, 500),
    )
    assert sports().related([]) == ()


def test_broader() -> None:
    """The chain above a key, and what stands below what."""
    words = sports()
    assert words.broader("real tennis") == ("tennis", "racket sports", "sport")
    assert words.broader("sport") == words.broader("unknown") == ()
    assert words.is_a("real tennis", "sport")
    assert words.is_a("unknown", "unknown")
    assert not words.is_a("sport", "tennis")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("bouldering", "rock climbing", "'bouldering' is another name of 'rock climbing'"),
        ("Climbing", "bouldering", "'Climbing' and 'bouldering' are both other names of 'rock climbing'"),
        ("photograpy", "photography", "'photograpy' was read as 'photography'"),
        (
            "boulderng",
            "rock climbing",
            "'boulderng' was read as 'bouldering', another name of 'rock climbing'",
        ),
        ("tennis", "tennis", "both say 'tennis'"),
        ("quidditch", "quidditch", "both say 'quidditch'"),
        ("Tennis", "tennis", "'Tennis' and 'tennis' are one word in two spellings"),
        ("Bouldering", "bouldering", "'Bouldering' and 'bouldering' are one word in two spellings"),
        ("Book-Binding", "book binding", "'Book-Binding' and 'book binding' are one word in two spellings"),
        ("tennis", "squash", "'tennis' and 'squash' both belong to 'racket sports'"),
        ("racket sports", "squash", "'squash' belongs to 'racket sports'"),
        ("sport", "squash", "'squash' belongs to 'racket sports', and that to 'sport'"),
        (
            "Wimbledon",
            "playing squash",
            "'Wimbledon' is another name of 'tennis'; 'playing squash' was read as 'squash'; "
            "'tennis' and 'squash' both belong to 'racket sports'",
        ),
        ("tennis", "photography", ""),
        ("golf", "bouldering", ""),
        ("golf", "unheard of", ""),
    ],
)
def test_why(one: str, other: str, why: str) -> None:
    """Every kind of match has its words; no match has none."""
    assert sports().why(one, other) == why


def test_no_credit_no_reason() -> None:
    """Where a step keeps nothing, relatives have no reason either."""
    assert sports(step=0).why("tennis", "squash") == ""


@pytest.mark.parametrize(
    ("own", "text", "key"),
    [
        ({"chess": {"broader": "board games"}, "board games": {}}, "chess", "chess"),
        ({"golf": {"aliases": ["the links"]}}, "The links", "golf"),
        ({"rock climbing": {"aliases": ["Wimbledon"]}}, "Wimbledon", "rock climbing"),
        ({"bouldering": {"broader": "rock climbing"}}, "bouldering", "bouldering"),
        ({"ball sports": {"aliases": ["racket sports"]}}, "racquet sports", "ball sports"),
    ],
    ids=["new", "alias", "moved", "split", "joined"],
)
def test_extended(own: dict[str, dict[str, object]], text: str, key: str) -> None:
    """Words are added; where the two disagree about one, the other thesaurus wins."""
    base = sports(step=0.4)
    other = Thesaurus(tuple(Concept(name) for name in ("rock climbing", "board games")))
    data = {"concepts": {"rock climbing": {}, **own}} if "bouldering" in own else {"concepts": own}
    grown = base.extended(Thesaurus.from_dict(data)).extended(other)
    assert grown.key(text) == key
    assert grown.step == 0.4
    assert grown.key("lawn tennis") == "tennis"


def test_extending_keeps_places() -> None:
    """A concept keeps its place unless told otherwise; with another's name go its place and family."""
    base = sports()
    same = base.extended(Thesaurus((Concept("tennis", aliases=("padel",)),)))
    assert same.broader("tennis") == ("racket sports", "sport")
    moved = base.extended(Thesaurus((Concept("pastimes"), Concept("golf", "pastimes"))))
    assert moved.broader("golf") == ("pastimes",)
    joined = base.extended(Thesaurus((Concept("racquets", aliases=("racket sports",)),)))
    assert joined.broader("tennis") == ("racquets", "sport")
    risen = base.extended(Thesaurus((Concept("squash", aliases=("racket sports",)),)))
    assert risen.broader("tennis") == ("squash", "sport")
    assert len(risen.concepts) == len(base.concepts) - 1


def test_extending_can_close_a_circle() -> None:
    """Two sound thesauri that contradict each other are refused together."""
    other = Thesaurus((Concept("squash"), Concept("sport", "squash")))
    with pytest.raises(SchemaError, match="belongs to itself"):
        sports().extended(other)


def test_left_alone() -> None:
    """A word that is listed so is no typing error."""
    assert sports().key("photographs y") != "photography"
    assert sports().key("photograpy") == "photography"
    assert sports(left_alone=["Photograpy"]).key("photograpy") == "photograpy"


def test_identity() -> None:
    """Equal content, equal thesaurus: as a key of a mapping, after pickling, whatever the encoder."""
    words = sports()
    assert words == sports() != sports(step=0.4)
    assert words != "sports"
    assert len({words, sports(), words.with_encoder(len)}) == 1
    revived = pickle.loads(pickle.dumps(words))
    assert revived == words
    assert revived.find("bouldering") == words.find("bouldering")
    assert pickle.loads(pickle.dumps(Thesaurus.standard())) == Thesaurus.standard()
    assert len(words.fingerprint) == 64
    assert repr(words) == "<Thesaurus: 8 concepts, 14 words>"
    assert repr(words.with_encoder(len)) == "<Thesaurus: 8 concepts, 14 words, with an encoder>"


def test_standard_is_read_once() -> None:
    """Everybody shares one standard thesaurus."""
    assert Thesaurus.standard() is Thesaurus.standard()


def test_aliases_in_several_spellings() -> None:
    """An alias that is its name in another spelling, or stands there in two, is no mistake and told once."""
    for aliases in (("Theater", "the stage", "The Stage"), ("The Stage", "Theater", "the stage")):
        words = Thesaurus((Concept("theatre", aliases=aliases),))
        assert words.concepts == (Concept("theatre", aliases=("The Stage",)),)


@pytest.mark.parametrize(
    ("concept", "complaint"),
    [
        (("chess",), "a concept is Concept(name, broader, aliases), its parts texts"),
        (Concept(7), "a concept is Concept(name, broader, aliases), its parts texts"),  # type: ignore[arg-type]
        (Concept("a", None), "a concept is Concept(name, broader, aliases), its parts texts"),  # type: ignore[arg-type]
        (Concept("a", "", "b"), "aliases are a tuple of texts"),  # type: ignore[arg-type]
        (Concept("a", "", (1,)), "aliases are a tuple of texts"),  # type: ignore[arg-type]
    ],
)
def test_bad_concepts(concept: Concept, complaint: str) -> None:
    """Concepts made by hand are made of texts."""
    with pytest.raises(SchemaError) as caught:
        Thesaurus((concept,))
    assert complaint in str(caught.value)
    assert caught.value.findings[0].code == "bad_concept"


@given(thesauri(), WORDS)
def test_keys_are_fixed(words: Thesaurus, text: str) -> None:
    """The key of a concept's name is that key, and every word of a concept leads to it."""
    for concept in words.concepts:
        assert words.key(concept.name) == concept.key == normalise(concept.name)
        assert {words.key(word) for word in concept.words} == {concept.key}
    assert words.key(words.key(text)) == words.key(text)
    assert (words.find(text) is None) <= (words.key(text) == normalise(text))


@given(thesauri(), st.data())
def test_credits_agree(words: Thesaurus, data: st.DataObject) -> None:
    """Credit is symmetric and in range, the pairwise list says the same, and credit comes with a reason."""
    known = [concept.key for concept in words.concepts]
    keys = data.draw(st.lists(st.sampled_from(known) | WORDS.map(words.key), max_size=8))
    pairs = {(i, j): credit for i, j, credit in words.related(keys)}
    assert list(pairs) == sorted(pairs)
    for j, other in enumerate(keys):
        for i, one in enumerate(keys[:j]):
            credit = words.credit(one, other)
            assert 0 <= credit == words.credit(other, one) <= 1000
            assert pairs.get((i, j), 0) == credit
            assert (credit == 1000) >= (one == other)
            assert bool(words.why(one, other)) == bool(credit)


@given(thesauri())
def test_reads_back(tmp_path_factory: pytest.TempPathFactory, words: Thesaurus) -> None:
    """What is written is read again, in TOML and JSON."""
    folder: Path = tmp_path_factory.mktemp("words")
    for name in ("words.toml", "words.json"):
        words.write(folder / name)
        assert Thesaurus.read(folder / name) == words
    assert Thesaurus.from_dict(words.to_dict()).to_dict() == words.to_dict()


@given(concepts(), st.randoms(use_true_random=False))
def test_order_does_not_matter(some: tuple[Concept, ...], chance: st.DataObject) -> None:
    """The rows of a file and the aliases of a row may stand in any order."""
    mixed = [concept._replace(aliases=concept.aliases[::-1]) for concept in some]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = Thesaurus(some), Thesaurus(tuple(mixed))
    assert one == other
    assert one.concepts == other.concepts
    assert one.to_dict() == other.to_dict()


@given(thesauri())
def test_extending_with_itself_changes_nothing(words: Thesaurus) -> None:
    """What is added twice is there once."""
    assert words.extended(words) == words
    assert Thesaurus.empty().with_step(words.step).extended(words) == words
