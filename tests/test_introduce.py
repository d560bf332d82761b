"""`introduce`: one page about a partner, made of what that person allows."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.introduce import Introduction, introduce
from tests.explaining.partner_people import matching


@pytest.fixture(scope="module", name="made")
def fixture_made() -> pm.Matching:
    """Ana, who would show all, with Eve; Ben, who shows nothing, with Fay."""
    return matching()


def test_the_mentor_introduced_to_the_mentee(made: pm.Matching) -> None:
    """Name, fields in the usual order, reasons; nothing that is protected, and no level as a number."""
    page = introduce(made, mentor="ana", mentee="eve")
    assert page.markdown == (
        "# Ana Lima\n\nThis is your mentor: a very good match.\n\n"
        "**Department:** IT\n\n**Function:** data\n\n**Level:** junior\n\n**Time zone:** UTC+1\n\n"
        "**Languages:** English, French\n\n**Can help with:** chatbots, python, social media\n\n"
        "**Hobbies:** chess, golf\n\n**Has worked in:** audit, sales\n\n"
        "**Pace, from slow (0) to quick (1):** 0.25\n\n**Motto:** Onwards\n\n"
        "## Why you two\n\n- they offer what you wish for: python\n"
        "- you have hobbies in common: chess, golf\n- they have worked in your function\n"
    )
    for secret in ("rhubarb", "woman", "boss", "0.625", "3.125", "leading", "strategy", "shown_to_partner"):
        assert secret not in page.markdown + page.html


def test_the_mentee_introduced_to_the_mentor(made: pm.Matching) -> None:
    """Of what Eve wants to learn only what Ana covers."""
    page = introduce(made, mentor="ana", mentee="eve", audience="mentor")
    assert page.title == "Eve Adams"
    assert "they would like to learn what you offer: python" in page.html
    assert "tax" not in page.html + page.markdown
    assert ("Gives in return", "leading") in page.about


def test_who_allows_nothing_is_an_id(made: pm.Matching) -> None:
    """And that is the page."""
    page = introduce(made, mentor="ben", mentee="fay")
    assert page.markdown == "# ben\n\nThis is your mentor: a suitable partner.\n"
    assert "<dl>" not in page.html
    assert "Why you two" not in page.html


def test_every_kind_of_field() -> None:
    """Texts, numbers, yes and no, lists in alphabetical order; blank ones are left out."""
    frame = pd.DataFrame(
        {
            "id": ["m", "n"],
            "level": [3, None],
            "tenure": [2.5, None],
            "hobbies": ["b; a; C", ""],
            "remote": ["yes", "no"],
            "shown_to_partner": ["level; tenure; hobbies; remote; name"] * 2,
        }
    )
    schema = pm.Schema(fields={"remote": "bool"})
    cohort = pm.Cohort(frame, pd.DataFrame({"id": ["e", "f"]}), schema=schema)
    pairs = pm.match(cohort, pm.Policy(objective=("mentees",))).partners
    made = pm.match(cohort, pm.Policy(objective=("mentees",)))
    (first,), (second,) = pairs(mentor="m"), pairs(mentor="n")
    about = (("Level", "3"), ("Hobbies", "a, b, C"), ("Years here", "2.5"), ("Remote", "yes"))
    assert introduce(made, mentor="m", mentee=first).about == about
    assert introduce(made, mentor="n", mentee=second).about == (("Remote", "no"),)


def test_a_long_list_is_cut() -> None:
    """Thirty entries, then a count."""
    words = "; ".join(f"word{k:02}" for k in range(34))
    frame = pd.DataFrame({"id": ["m"], "hobbies": [words], "shown_to_partner": ["hobbies"]})
    made = pm.match(pm.Cohort(frame, pd.DataFrame({"id": ["e"]})), pm.Policy(objective=("mentees",)))
    assert introduce(made, mentor="m", mentee="e").about[0][1].endswith("word29 and 4 more")


def test_written(made: pm.Matching, tmp_path: Path) -> None:
    """As Markdown or as HTML, by the file's name; in UTF-8."""
    page = introduce(made, mentor="ana", mentee="eve")
    for name, text in (("a.md", page.markdown), ("a.HTML", page.html)):
        page.write(tmp_path / name)
        assert (tmp_path / name).read_bytes().decode() == text


@pytest.mark.parametrize("path", ["a.pdf", "a", 7, None, b"a.md"])
def test_other_files(made: pm.Matching, path: Any) -> None:
    """Refused in words."""
    with pytest.raises(pm.CallError, match=r"ends in \.md or \.html"):
        introduce(made, mentor="ana", mentee="eve").write(path)


@pytest.mark.parametrize("name", ["no folder/a.md", "nul\0.md"])
def test_files_that_cannot_be_written(made: pm.Matching, tmp_path: Path, name: str) -> None:
    """Told in words."""
    with pytest.raises(pm.FileError, match="cannot be written"):
        introduce(made, mentor="ana", mentee="eve").write(f"{tmp_path}/{name}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"mentor": "anna", "mentee": "eve"}, "Did you mean 'ana'"),
        ({"mentor": "ana", "mentee": "fay"}, "are no pair of this matching"),
        ({"mentor": "ana", "mentee": "gus"}, "are no pair of this matching"),
        ({"mentor": "ana", "mentee": "eve", "audience": "lead"}, "the audiences are mentor, mentee"),
    ],
)
def test_wrong_calls(made: pm.Matching, arguments: dict[str, str], words: str) -> None:
    """Told in words, with the nearest id."""
    with pytest.raises(pm.CallError, match=words):
        introduce(made, **arguments)  # type: ignore[arg-type]


def test_what_is_no_matching_is_refused() -> None:
    """The kind of the first argument is looked at first."""
    with pytest.raises(pm.CallError, match="Matching"):
        introduce("out/", mentor="m", mentee="e")  # type: ignore[arg-type]


def test_it_reads_well_everywhere(made: pm.Matching) -> None:
    """Short at the prompt, as Markdown in print, and without the matching when it is pickled."""
    page = introduce(made, mentor="ana", mentee="eve")
    assert repr(page) == "<Introduction of Ana Lima to their mentee>"
    assert str(page) == page.markdown
    assert page._repr_html_().startswith("<pre># Ana Lima")
    again = pickle.loads(pickle.dumps(page))
    assert isinstance(again, Introduction)
    assert again == page
