"""The page about a matching: true, self-contained, escaped, accessible."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import itertools
import re
import sys
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.checking import forbidden as forbidden_module
from pairmatch.datasets import example, synthetic_frames
from pairmatch.matching import REASONS
from pairmatch.plot.words import LEFT
from pairmatch.report import page as page_module
from pairmatch.report import render_report
from pairmatch.report import report as write_report
from pairmatch.report.given import Given as Told
from tests.report.reading import Elements, read


def parsed(matching: pm.Matching, **told: Any) -> Elements:
    return read(render_report(matching, thorough=False, **told))


@pytest.fixture(scope="module")
def matching() -> pm.Matching:
    """The shipped example, matched."""
    files = example()
    schema, policy = pm.Schema.read(files.policy), pm.Policy.read(files.policy)
    return pm.match(pm.Cohort.read(files.mentors, files.mentees, schema=schema, org=files.org), policy)


@pytest.fixture(scope="module")
def report(matching) -> Elements:
    return parsed(matching)


def small(mentors: list[str], mentees: list[str], **policy) -> pm.Matching:
    """A matching of a few people, mentors in department A, mentees in B."""
    cohort = pm.Cohort(
        pd.DataFrame({"id": mentors, "department": "A", "hobbies": "chess"}),
        pd.DataFrame({"id": mentees, "department": "B", "hobbies": "chess"}),
    )
    return pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)], **policy))


def test_headline_counts_the_matched(report):
    """Forty-nine of the fifty executives; proven."""
    assert "49 of 50 mentees have a mentor" in report.text
    assert "proven" in report.text


def test_every_pair_is_told_with_its_weight(matching, report):
    """Each pair's ids and weight stand in one row."""
    for row in matching.pairs.itertuples():
        assert re.search(rf"\b{row.mentee} {row.mentor} {row.weight:.3f}\b", report.text), row.mentee


def test_contributions_add_up_to_the_bar(matching):
    """The segments of a bar follow each other and end at the weight."""
    weights = matching.pairs.set_index("mentee")["weight"]
    for row in page_module.page(matching, Told()).pairs:
        assert sum(part.width for part in row.parts) == pytest.approx(100 * weights[row.mentee], abs=0.05)
        assert [part.start for part in row.parts] == sorted(part.start for part in row.parts)
        contributed = sum(float(reason.text) for reason in row.reasons.goals)
        assert contributed == pytest.approx(weights[row.mentee], abs=0.005)


def test_unmatched_have_reasons_in_words_and_counts(matching, report):
    """The executive without a grade is named with the rule that lacks it."""
    left = matching.unmatched.query("role == 'mentee'")
    assert f"{left['id'].iloc[0]} : lacks data for “levels below”" in report.text
    assert "1 mentee Data missing that a hard rule asks for" in report.text
    assert re.search("[0-9] mentors? Taking no part", report.text)


def test_each_reason_is_told_of_one_as_of_many():
    """Below a count of people, no reason speaks of one person."""
    assert set(LEFT) == set(REASONS)
    assert not [words for words in LEFT.values() if re.search(r"^(is|has|does)\b|this person", words, re.I)]


def test_rules_are_told_with_the_pairs_they_forbid(matching, report):
    """The counts are those of the scores, taken independently."""
    scores = pm.score(matching.cohort, matching.policy)
    told = {rule.label: rule.pairs for rule in page_module.page(matching, Told()).rules}
    first_rule = (scores.forbidden_by == "different_department").to_numpy().sum()
    assert told["Different department"] == f"{first_rule:,}"
    assert next(iter(told)) == "Same person"
    assert "mentor and mentee" in report.text


def test_page_is_self_contained(matching):
    """No addresses, nothing loaded from anywhere; the one script is the page's own, and named by its hash."""
    text = render_report(matching, thorough=False)
    assert not re.search(
        r"<script.+src|<link|<img|<iframe|@import|url\((?!#p\d\))|https?:|//[a-z]", text, re.IGNORECASE
    )
    (script,), (style,) = (
        re.findall("<script>(.*?)</script>", text, re.S),
        re.findall("<style>(.*?)</style>", text, re.S),
    )
    policy = next(meta["content"] for meta in read(text).all("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; ")
    for own in (script, style):
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_page_is_accessible(report):
    """A language, one h1, headings without leaps, labelled drawings, scoped table heads, unique ids."""
    assert report.all("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, _ in report.found if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
    assert all("aria-label" in svg or svg.get("aria-hidden") == "true" for svg in report.all("svg"))
    assert all("scope" in head for head in report.all("th"))
    ids = [attributes["id"] for _, attributes in report.found if "id" in attributes]
    assert len(set(ids)) == len(ids)
    labels = {
        attributes["aria-labelledby"] for _, attributes in report.found if "aria-labelledby" in attributes
    }
    assert labels <= set(ids)


def test_page_is_the_same_each_time(matching):
    """No dates, no random ids: the same matching gives the same bytes."""
    assert render_report(matching, thorough=False) == render_report(matching, thorough=False)


def test_no_profile_is_told(matching):
    """Names and hobbies of the people stand nowhere on a page in passing."""
    text = render_report(matching, thorough=False)
    for profiles in (matching.cohort.mentors, matching.cohort.mentees):
        assert not [name for name in profiles.text("name") if name in text]
    assert "birdwatching" not in text


def test_markup_in_ids_and_names_is_escaped():
    """An id that looks like markup is shown, not obeyed."""
    nasty = "<script>alert('&')</script>"
    text = render_report(small([nasty, "m2"], ["e1"], name="<i>Round & one</i>"), thorough=False)
    assert text.count("<script") == 1
    assert "<i>" not in text
    assert "&lt;i&gt;Round &amp; one&lt;/i&gt;" in text


def test_nobody_matched():
    """A matching without pairs is told as one."""
    report = parsed(small(["m1"], ["e1", "e2"], rules=[rules.Same("department")]))
    assert "0 of 2 mentees have a mentor" in report.text
    assert "There are no pairs." in report.text
    assert "same (department) forbids 1" in report.text


def test_everybody_matched():
    """With a partner for everyone, the page says so."""
    report = parsed(small(["m1", "m2"], ["e1", "e2"]))
    assert "All 2 mentees have a mentor" in report.text
    assert "Nobody: everyone has a partner." in report.text


def test_a_gap_is_told_and_never_called_proven(matching):
    """Where the bound lies above the value, the headline says that a better matching may exist."""
    *earlier, total = matching.certificate.proofs
    open_total = dataclasses.replace(total, bound=total.bound + total.bound // 10)
    certificate = dataclasses.replace(matching.certificate, proofs=(*earlier, open_total))
    report = parsed(dataclasses.replace(matching, certificate=certificate))
    assert "for “Sum of the weights” a better matching may exist" in report.text
    assert "within 9.09% of the best" in report.text
    assert "No matching that keeps the rules can be better" not in report.text


def test_contributions_told_together_have_a_legend(matching):
    """Goals over sensitive fields are one column, which says why; their use is told, with the purpose."""
    policy = dataclasses.replace(
        matching.policy, goals=(*matching.policy.goals, goals.Same("gender", weight=1, purpose="a test"))
    )
    frames = synthetic_frames(mentors=20, mentees=10, seed=1)
    report = parsed(pm.match(pm.Cohort(frames.mentors, frames.mentees), policy))
    assert re.search("Other ?: goals that are told together, for privacy", report.text)
    purpose = "gender (sensitive), for “Same (gender)”: a test"
    assert purpose in report.text
    assert "gender" not in report.text.replace(purpose, "")


def test_rules_of_a_very_large_cohort_are_not_counted(matching, monkeypatch):
    """Beyond the limit the section is left out; the rest of the page is there."""
    monkeypatch.setattr(forbidden_module, "MOST_PAIRS", 100)
    report = parsed(matching)
    assert "Pairs forbidden" not in report.text
    assert "49 of 50 mentees have a mentor" in report.text


def test_long_tables_are_cut_and_say_so(monkeypatch):
    """Beyond the page's limit the reader is sent to the CSV file."""
    monkeypatch.setattr(page_module, "MOST_PAIRS", 3)
    people = [f"{n:02d}" for n in range(5)]
    report = parsed(small([f"m{n}" for n in people], [f"e{n}" for n in people]))
    assert "2 more pairs are in pairs.csv" in report.text


def test_written_as_utf8(matching, tmp_path):
    """The file is what was rendered."""
    write_report(matching, tmp_path / "report.html", thorough=False)
    assert (tmp_path / "report.html").read_bytes().decode() == render_report(matching, thorough=False)


def test_a_folder_that_does_not_exist_is_a_file_error(matching, tmp_path):
    """A path that cannot be written is told in words."""
    with pytest.raises(pm.FileError, match="cannot be written"):
        write_report(matching, tmp_path / "none" / "report.html", thorough=False)


def test_without_jinja2_the_extra_is_named(matching, monkeypatch):
    """Without the optional package the error says how to get it."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(pm.MissingExtraError, match=r"pairmatch\[report\]"):
        render_report(matching)


def test_exceptions_are_flagged():
    """A pair that rests on an exception says so, and from which rule."""
    exceptions = [("different(department)", "m1", "e1")]
    mentors = pd.DataFrame({"id": ["m1", "m2"], "department": ["A", "B"], "hobbies": "chess"})
    mentees = pd.DataFrame({"id": ["e1", "e2"], "department": ["A", "A"], "hobbies": "chess"})
    policy = pm.Policy(
        rules=[rules.Different("department")], goals=[goals.SharedHobbies(weight=1)], exceptions=exceptions
    )
    report = parsed(pm.match(pm.Cohort(mentors, mentees), policy))
    assert "1 pair rests on an exception from a rule; it is marked below." in report.text
    assert "e1 m1 exception from “different (department)”" in report.text
    assert report.text.count("exception from “") == 1


def test_the_page_is_not_for_the_partners(matching):
    """They are pointed to what is made for them; another audience is refused, with the nearest."""
    for partner in ("mentor", "mentee"):
        with pytest.raises(pm.CallError, match=r"pm\.introduce"):
            render_report(matching, partner)
    with pytest.raises(pm.CallError, match="Did you mean 'auditor'"):
        render_report(matching, "auditors")
    with pytest.raises(pm.CallError, match="must be a Matching"):
        render_report(matching.pairs)


def test_the_auditor_sees_every_goal(matching):
    """Goals that the lead sees as one are told one by one; they add up to the same weights."""
    frames = synthetic_frames(mentors=20, mentees=10, seed=1)
    policy = dataclasses.replace(
        matching.policy, goals=(*matching.policy.goals, goals.Same("gender", weight=1, purpose="a test"))
    )
    made = pm.match(pm.Cohort(frames.mentors, frames.mentees), policy)
    report = parsed(made, audience="auditor")
    assert "Same (gender) (" in report.text
    assert "for the auditor" in report.text
    for row in made.pairs.itertuples():
        assert re.search(rf"{row.mentee} {row.mentor} {row.weight:.3f}", report.text)


def test_texts_that_turn_or_hide_are_shown_as_signs():
    """Control characters, lone surrogates and turns of direction are not on the page; long texts are cut."""
    cohort = pm.Cohort(
        pd.DataFrame({"id": ["m" * 200], "department": "a\x00\u202egpj\ud800", "hobbies": "chess"}),
        pd.DataFrame({"id": ["e1"], "department": "d" * 10_000, "hobbies": "chess"}),
    )
    policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)], name="n" * 500)
    text = render_report(pm.match(cohort, policy), thorough=False)
    text.encode("utf-8")
    assert not set(text) & {"\x00", "\u202e", "\ud800"}
    assert "a\ufffd\ufffdgpj\ufffd" in text
    assert not [letter for letter in "mdn" if letter * 81 in text]
