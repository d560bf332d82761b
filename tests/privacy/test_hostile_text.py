"""Whatever people write appears safely: in pages, tables, files, Markdown and terminals."""

from __future__ import annotations

import csv
import io
import json
import pickle
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from markdown_it import MarkdownIt

import pairmatch as pm
from pairmatch.introduce import introduce
from tests.privacy.hostile import HOSTILE, Page, cohort, ids, policy

FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""What a spreadsheet takes for the beginning of a formula, also after a semicolon."""

AUDIENCES = ("lead", "auditor", "mentee", "mentor")


@cache
def matching(*, benign: bool = False) -> pm.Matching:
    """Fourteen pairs, and two mentees without a mentor."""
    made = pm.match(cohort(benign=benign), policy(benign=benign))
    assert (len(made.made), len(made.left)) == (14, 2)
    return made


@cache
def introduced(*, benign: bool = False) -> tuple[str, ...]:
    """Every introduction as HTML."""
    return tuple(introductions(matching(benign=benign)))


@cache
def explained(*, benign: bool = False) -> tuple[Any, ...]:
    """Every explanation."""
    return tuple(explanations(matching(benign=benign)))


@cache
def found(*, benign: bool = False) -> tuple[Any, ...]:
    """Results of other verbs."""
    return tuple(others(matching(benign=benign)))


def introductions(made: pm.Matching) -> Iterator[str]:
    """Every introduction as HTML."""
    for pair in made.made:
        for audience in ("mentor", "mentee"):
            yield introduce(made, mentor=pair.mentor, mentee=pair.mentee, audience=audience).html


def explanations(made: pm.Matching) -> Iterator[object]:
    """Every explanation for everybody, and why not the next one."""
    for pair, other in zip(made.made, made.made[1:], strict=False):
        yield from (pm.explain(made, mentee=pair.mentee, audience=audience) for audience in AUDIENCES[::2])
        if made.made.index(pair) < 3:
            yield pm.why_not(made, mentor=pair.mentor, mentee=other.mentee)
    yield from (pm.explain(made, mentee=left.id, audience="lead") for left in made.left)


def others(made: pm.Matching) -> Iterator[object]:
    """Results of other verbs."""
    yield from (
        made,
        pm.score(made.cohort, made.policy),
        pm.waves(made),
        pm.stability(made),
        pm.alternates(made),
    )
    yield from (pm.suggest(made.cohort, made.policy, audience=audience) for audience in ("lead", "mentee"))
    yield from (pm.diagnose(made, relaxations=False), pm.audit(made, by=["region", "department"]))
    yield from (pm.uplift(made, draws=1), pm.trade_off(made, points=2), pm.place_values(made, exact=False))
    yield pm.check(made, made.cohort, made.policy)
    yield pm.check([(pair.mentor, made.left[0].id) for pair in made.made[:3]], made.cohort, made.policy)


@cache
def report(audience: str, *, benign: bool = False) -> str:
    """The report's page."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        pm.report(matching(benign=benign), f"{folder}/report.html", audience=audience)
        return (Path(folder) / "report.html").read_bytes().decode()


PAGES: dict[str, Callable[[bool], Iterator[str]]] = {
    "introductions": lambda benign: iter(introduced(benign=benign)),
    "explanations": lambda benign: (result._repr_html_() for result in explained(benign=benign)),
    "other results": lambda benign: (result._repr_html_() for result in found(benign=benign)),
    "the lead's report": lambda benign: iter([report("lead", benign=benign)]),
}


@pytest.mark.parametrize("name", PAGES)
def test_no_element_comes_from_the_data(name: str) -> None:
    """A parser finds the same elements and attributes as on the page of people who write words."""
    counts = []
    for benign in (False, True):
        elements: Counter[tuple[str, tuple[str, ...]]] = Counter()
        for text in PAGES[name](benign):
            page = Page(text)
            assert page.harm == []
            elements += page.elements
        counts.append(elements)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_printable(name: str) -> None:
    """No control characters, no halves of characters, nothing that turns the text round."""
    for text in PAGES[name](False):
        assert unseen(text) == set()
        assert text.encode("utf-8")


def test_what_is_printed_is_printable() -> None:
    """In a terminal too: one line stays one line, colours are not changed, and 10,000 characters are cut."""
    for result in (*explained(), *found()):
        for text in (str(result), repr(result)):
            assert unseen(text) == set()
            assert max(map(len, text.splitlines())) < 2_000


def unseen(text: str) -> set[str]:
    """Characters that do something instead of being seen."""
    marks = set("\u200c\u200d\u2066\u2067\u2068\u2069")  # joiners, and isolates, which close themselves
    kinds = {c: unicodedata.category(c) for c in set(text) - marks - set("\n")}
    return {c for c, kind in kinds.items() if kind in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\ufeff", "\u00ad"}


def test_introductions_hold_the_texts_as_text() -> None:
    """As Markdown: no link, no picture, no HTML, no code, no heading but the page's own two."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for pair in matching().made:
        page = introduce(matching(), mentor=pair.mentor, mentee=pair.mentee)
        tokens = parser.parse(page.markdown)
        inside = {child.type for token in tokens for child in token.children or []}
        assert inside <= {"text", "text_special", "strong_open", "strong_close", "softbreak"}
        blocks = Counter(token.type for token in tokens)
        assert blocks["heading_open"] == 2
        assert not {
            kind for kind in blocks if kind.startswith(("html", "fence", "code", "table", "blockquote", "hr"))
        }
        assert len(page.markdown) < 5_000


def test_tables_hold_no_formula(tmp_path: Path) -> None:
    """In no cell of any CSV file; every row has the columns of the first; the ids come back."""
    matching().write(tmp_path)
    for name in ("pairs.csv", "unmatched.csv"):
        no_formula(tmp_path / name)
    again = pm.Matching.read(tmp_path, cohort())
    assert {pair.mentor for pair in again.made} == set(ids("m"))
    assert again.pairs.equals(matching().pairs)
    checked = pm.check(tmp_path / "pairs.csv", cohort(), policy())
    assert checked.valid, str(checked)


def test_further_tables_hold_no_formula(tmp_path: Path) -> None:
    """Of a re-match in which all end, and of a matching that rests on an exception."""
    pairs = [(pair.mentor, pair.mentee) for pair in matching().made]
    pm.rematch(matching(), failed=pairs).write(tmp_path / "again")
    no_formula(tmp_path / "again" / "changes.csv")
    rule = next(rule.label for rule in policy().pair_rules if hasattr(rule, "label"))
    excepted = pm.match(cohort(), replace(policy(), exceptions=[(rule, *pair) for pair in pairs]))
    excepted.write(tmp_path / "excepted")
    for file in (tmp_path / "excepted").glob("*.csv"):
        no_formula(file)


def no_formula(file: Path) -> None:
    """Read a file as a spreadsheet would, at commas and at semicolons."""
    rows = [*csv.reader(io.StringIO(file.read_bytes().decode(), newline=""))]
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    parts = [part for row in rows for cell in row for part in cell.split(";")]
    assert [part for part in parts if part.startswith(FORMULA)] == []


def test_records_and_exports_are_json(tmp_path: Path) -> None:
    """One object in each line of a record; ids come back as they were written."""
    record, who = pm.AuditRecord(tmp_path / "record.jsonl"), matching().made[0].mentee
    record.matched(matching(), when="2026-01-05")
    assert record.verify() >= 1
    assert [type(json.loads(line)) for line in (tmp_path / "record.jsonl").read_bytes().splitlines()] == [
        dict
    ]
    matching().write(tmp_path / "out")
    told = pm.export(who, tmp_path / "out", cohort=cohort())
    assert json.loads(str(told))["person"] == who
    pm.purge(who, tmp_path / "out")
    assert json.dumps(who, ensure_ascii=False) not in (tmp_path / "out" / "matching.json").read_text("utf-8")


def test_it_pickles() -> None:
    """Results with hostile texts go through a pickle unchanged."""
    for result in explained()[:8]:
        assert str(pickle.loads(pickle.dumps(result))) == str(result)


@pytest.mark.parametrize("name", HOSTILE)
def test_an_id_is_taken_or_refused(name: str) -> None:
    """What no line can show is no id; and the error does not repeat it."""
    text = HOSTILE[name]
    people = pd.DataFrame({"id": [text]}), pd.DataFrame({"id": ["e"]})
    if text.isprintable() and len(text) <= 200:
        assert pm.Cohort(*people).mentors.ids == (text,)
        return
    with pytest.raises(pm.CohortError, match="printable characters") as caught:
        pm.Cohort(*people)
    assert text not in str(caught.value)
    assert unseen(str(caught.value)) == set()


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_columns_in_errors(name: str) -> None:
    """A column that is called so is told on one line."""
    people = pd.DataFrame({"id": ["m"], HOSTILE[name]: ["x"]}), pd.DataFrame({"id": ["e"]})
    made = pm.Cohort(*people)
    assert unseen(str(made.notes.to_dict()) + repr(made)) == set()
    with pytest.raises(pm.PolicyError) as caught:
        pm.match(made, pm.Policy(rules=[pm.rules.Same(HOSTILE[name])]))
    assert len(str(caught.value)) < 20_000


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_in_a_policy_is_one_line(name: str) -> None:
    """It stands in labels, sentences and heads of tables; a purpose is prose and may be longer."""
    text = HOSTILE[name]
    seen = all(character.isprintable() or character in "\u200c\u200d" for character in text)
    assert pm.rules.Same("hobbies", purpose=text).purpose == text
    if seen and len(text) <= 300:
        assert pm.rules.Same(text).column == text
        return
    with pytest.raises(
        pm.PolicyError, match="must be one line of printable characters, at most 300"
    ) as caught:
        pm.rules.Same(text)
    assert unseen(str(caught.value)) == set()
    assert len(str(caught.value)) < 500


def test_a_column_is_found_with_spaces_for_line_breaks() -> None:
    """So nobody has to rename the columns of a spreadsheet."""
    people = (
        pd.DataFrame({"id": ["m"], "Home\nregion": ["x"]}),
        pd.DataFrame({"id": ["e"], "home region": ["x"]}),
    )
    schema = pm.Schema(fields={"home_region": "text"})
    policy = pm.Policy(rules=[pm.rules.Same("Home region")], objective=("mentees",))
    made = pm.match(pm.Cohort(*people, schema=schema), policy)
    assert len(made.made) == 1
