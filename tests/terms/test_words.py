"""The shipped words: well-formed, wide enough, and of the shape that credits need."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from importlib import resources

import pytest

from pairmatch.cohort import normalise
from pairmatch.datasets import words as company
from pairmatch.plain_files import load
from pairmatch.terms import Thesaurus, words_file
from tests.source import SRC

STANDARD = Thesaurus.standard()

SPOKEN = [
    *(hobby.name for hobby in company.HOBBIES),
    *(topic.name for topic in company.TOPICS),
    *company.OFFERS_BACK,
]
"""What people of the synthetic company list."""


@cache
def example_terms() -> frozenset[str]:
    """What people of the shipped example list."""
    columns = ("Hobbies", "Can Teach", "Would Like Back", "Wants to Learn", "Can Offer")
    cells = set()
    for name in ("mentors.csv", "mentees.csv"):
        with (SRC / "datasets" / "example" / name).open(encoding="utf-8-sig", newline="") as file:
            cells |= {row.get(column) or "" for row in csv.DictReader(file) for column in columns}
    return frozenset(part.split(":")[0].strip() for cell in cells for part in cell.split(";") if part.strip())


def test_a_few_hundred_concepts() -> None:
    """Hobbies and skills by the hundred, most of them with other names."""
    assert len(STANDARD.concepts) >= 400
    assert sum(bool(concept.aliases) for concept in STANDARD.concepts) > len(STANDARD.concepts) / 2
    assert repr(STANDARD).startswith("<Thesaurus: ")


@pytest.mark.parametrize("name", words_file.SHIPPED)
def test_files_are_in_the_wheel_and_sound(name: str) -> None:
    """Each shipped file lies beside the code; names are unique even before the files are put together."""
    data = load(SRC / "terms" / name)
    assert resources.files("pairmatch.terms").joinpath(name).is_file()
    assert data["schema"] == 1
    assert set(data) <= {"schema", "left_alone", "concepts"}
    names = {normalise(concept) for concept in data["concepts"]}
    assert len(names) == len(data["concepts"])


def test_the_examples_are_known() -> None:
    """Everything that our own datasets say is known by its name or another one, without correction."""
    found = {term: STANDARD.find(term) for term in {*SPOKEN, *example_terms()}}
    assert len(example_terms()) > 40
    assert {term for term, known in found.items() if known is None or known.how == "spelling"} == set()


def test_the_examples_stay_apart() -> None:
    """No two terms of the synthetic company are one concept."""
    assert len({STANDARD.key(term) for term in SPOKEN}) == len(SPOKEN)


def test_the_tree_is_shallow_and_its_families_small() -> None:
    """Headings with at most four levels below them; nobody has so many siblings that kinship is nothing."""
    assert max(len(STANDARD.broader(concept.key)) for concept in STANDARD.concepts) <= 4
    families = Counter(concept.broader for concept in STANDARD.concepts if concept.broader)
    headings = {concept.name for concept in STANDARD.concepts if not concept.broader}
    assert {name: n for name, n in families.items() if n > 20 and name not in headings} == {}


def test_corrections_leave_known_words_alone() -> None:
    """Each name and alias means its own concept, never a neighbour's."""
    for concept in STANDARD.concepts:
        assert {STANDARD.key(word) for word in concept.words} == {concept.key}


ORDINARY = """
    automaton banning boring branch caring charge clarity comparison compression contacts conversation
    corner danger fiancé framing landing lending mitigation parents permission planning planet
    preventing printing programme protection relating seeing spelling stationary stopping supplies
    topography transition trapping waiting wedding
"""
"""Words that exist and look like mistyped ones of ours."""


@pytest.mark.parametrize("word", ORDINARY.split())
def test_ordinary_words_are_no_typing_errors(word: str) -> None:
    """A word that exists is not read as another one because a letter differs."""
    known = STANDARD.find(word)
    assert known is None or known.how != "spelling"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("AI", "artificial intelligence"),
        ("A.I.", "artificial intelligence"),
        ("D&I", "equality, diversity and inclusion"),
        ("DEI", "equality, diversity and inclusion"),
        ("EDI", "equality, diversity and inclusion"),
        ("TikTok", "social media"),
        ("bouldering", "rock climbing"),
        ("Theater", "theatre"),
        ("soccer", "football"),
        ("NFL", "american football"),
        ("Golang", "golang"),
        ("baduk", "go (board game)"),
        ("R", "r"),
        ("C++", "c++"),
        ("C", "c"),
        ("C#", "c#"),
        ("JavaScript", "javascript"),
        ("Java", "java"),
        ("Scrum", "scrum"),
        ("religion", "religion and belief"),
        ("transgender", "trans inclusion"),
        ("race and equality", "ethnic diversity"),
        ("bullying", "bullying and harassment"),
        ("harassment", "bullying and harassment"),
        ("domestic violence", "domestic abuse"),
        ("surfing", "surfing"),
    ],
)
def test_decided_words(text: str, key: str) -> None:
    """Acronyms, brands and words with two meanings go where the files say."""
    assert STANDARD.key(text) == key


def test_undecided_words() -> None:
    """Words too ambiguous to place stay themselves."""
    assert STANDARD.find("go") is None
    assert STANDARD.find("teams") is None
    assert STANDARD.find("security") is None
    assert STANDARD.find("race") is None


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("women in leadership", "equality, diversity and inclusion"),
        ("LGBTQ+ perspective", "DEI"),
        ("ethnic diversity", "EDI"),
        ("religion", "EDI"),
        ("transgender", "EDI"),
        ("race and equality", "EDI"),
        ("harassment", "EDI"),
        ("bullying", "EDI"),
        ("discrimination", "EDI"),
        ("domestic abuse", "wellbeing"),
        ("accessibility", "disability inclusion"),
        ("ChatGPT", "AI"),
        ("short video", "social media"),
        ("scrum", "agile working"),
        ("tennis", "racket sports"),
    ],
)
def test_what_stands_below_what(narrow: str, wide: str) -> None:
    """Narrower topics stand below the wider ones that a rule may name."""
    assert STANDARD.is_a(STANDARD.key(narrow), STANDARD.key(wide))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("golf", "yoga"),
        ("AI", "cloud computing"),
        ("retail", "military"),
        ("films", "radio"),
        ("chess", "poker"),
    ],
)
def test_a_heading_is_no_kinship(one: str, other: str) -> None:
    """What only a heading has in common is not related."""
    assert STANDARD.credit(STANDARD.key(one), STANDARD.key(other)) == 0
