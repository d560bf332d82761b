"""An audit tells how groups fared, with exact tests, and nothing about few people."""

from __future__ import annotations

import pickle
from math import comb
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.audit import Audit, Audited, audit
from pairmatch.matching import Matching
from tests.auditing.people import many, matching_of


@pytest.fixture(scope="module")
def matching() -> Matching:
    """20 mentors for 30 mentees: 20 women, 10 men; most women stay alone, for men are nearer in tenure."""
    mentees = {"gender": many(f=20, m=10), "region": ["north", "south"] * 15}
    mentees["tenure"] = [9.0] * 20 + [1.0] * 10
    mentors = {"gender": many(f=12, m=8), "tenure": [1.0] * 20}
    return matching_of(mentors, mentees)


def figure(found: Audit, group: str, measure: str, by: str = "gender") -> Audited:
    return next(one for one in found.figures if (one.by, one.group, one.measure) == (by, group, measure))


def plain_fisher(a: int, b: int, c: int, d: int) -> float:
    """Two-sided, by adding up all tables with the same margins that are no likelier."""
    row, column, whole = a + b, a + c, a + b + c + d
    chance = {
        k: comb(column, k) * comb(whole - column, row - k) / comb(whole, row)
        for k in range(max(0, row + column - whole), min(row, column) + 1)
    }
    return sum(one for one in chance.values() if one <= chance[a] * (1 + 1e-9))


def test_by_hand(matching: Matching) -> None:
    """All 10 men and 10 of 20 women have a mentor: the ratio is a half, flagged, with Fisher's test."""
    found = audit(matching, by="gender")
    women, men = (figure(found, value, "matched") for value in "fm")
    assert (women.count, women.base, men.count, men.base) == (10, 20, 10, 10)
    assert (women.best, women.ratio, women.below_four_fifths) == ("m", 0.5, True)
    assert women.p_value == pytest.approx(plain_fisher(10, 10, 10, 0))
    assert (men.ratio, men.p_value, men.below_four_fifths) == (1, None, False)
    assert women.low is not None
    assert women.high is not None
    assert women.low < 0.5 < women.high
    weights = dict(zip(matching.pairs["mentee"], matching.pairs["weight"], strict=True))
    own = [weight for who, weight in weights.items() if who < "e20"]
    assert figure(found, "f", "mean_weight").value == pytest.approx(sum(own) / len(own))
    above = figure(found, "m", "above_median")
    assert (above.count, above.base) == (10, 10)
    assert found.flags["group"].tolist() == ["f", "f", "f"]
    assert (
        women.told == "matched (mentees, gender = f): 10 of 20, 50% (27% to 73%); "
        "0.50 of m, p = 0.011, below four fifths"
    )


def test_everybody_comes_first_and_the_table_has_every_figure(matching: Matching) -> None:
    """The table has one row per figure; text and page say the same, and pickles hold no more."""
    found = audit(matching, by=["gender", "region"])
    assert found.table.loc[0, ["of", "by", "group", "measure", "count", "base"]].tolist() == [
        "mentees", "", "all", "matched", 20, 30,
    ]  # fmt: skip
    assert len(found.table) == len(found.figures) == 3 * 5
    assert str(found).splitlines()[0] == repr(found)[1:-1]
    assert "<td>north</td>" in found._repr_html_()
    assert pickle.loads(pickle.dumps(found)) == found


def test_the_text_has_the_figures_of_a_group_under_its_name(matching: Matching) -> None:
    """The group once, then its figures; what is withheld at the end, and what a flag is."""
    found = audit(matching, by="gender")
    lines = str(found).splitlines()
    assert [lines[1], lines[5], lines[9]] == ["all mentees", "gender = f", "gender = m"]
    assert lines[6] == "  matched: 10 of 20, 50% (27% to 73%); 0.50 of m, p = 0.011, below four fifths"
    assert lines[-1] == "below four fifths of the best-off group: a reason to look, no proof"
    few = audit(matching_of({"gender": ["f"] * 29}, {"gender": many(f=14, m=12, x=3)}), by="gender")
    assert str(few).splitlines()[-2:] == [f"gender = {group}: withheld, for privacy" for group in "mx"]


def test_small_groups_are_withheld_and_their_rest_with_them() -> None:
    """Three of a group are not told of, nor the group by which they could be worked out."""
    mentees = {"gender": many(f=14, m=12, x=3)}
    found = audit(matching_of({"gender": ["f"] * 29}, mentees), by="gender")
    hidden = {one.group for one in found.figures if one.withheld}
    assert hidden == {"x", "m"}
    rows = found.table[found.table["group"].isin(["x", "m"])]
    assert rows[["count", "base", "value", "low", "high", "ratio", "p_value"]].isna().all().all()
    assert found.lines.count("gender = x (mentees): withheld, for privacy") == 1


def test_a_group_of_whom_few_have_a_partner_is_withheld() -> None:
    """As in ``matching.groups``: 3 of 12 would tell of three people."""
    mentees = {"gender": many(f=12, m=12), "tenure": [9.0] * 12 + [0.0] * 12}
    found = audit(matching_of({"tenure": [0.0] * 15}, mentees), by="gender")
    assert {one.group for one in found.figures if one.withheld} == {"f", "m"}


def test_unknown_is_counted_and_not_compared() -> None:
    """Blanks and "unknown" are one group; it is neither the best-off one nor held against it."""
    mentees = {"gender": [*many(f=10, m=8), *[None] * 4, *["unknown"] * 4]}
    found = audit(matching_of({"gender": ["f"] * 26}, mentees), by="gender")
    unknown = figure(found, "unknown", "matched")
    assert (unknown.base, unknown.ratio, unknown.best) == (8, None, "")
    assert found.figures[-1].group == "unknown"


def test_a_tiny_share_is_not_compared() -> None:
    """Of 300 people, five are less than two per cent: told, and not compared."""
    mentees = {"gender": many(f=150, m=145, x=5)}
    found = audit(matching_of({"gender": ["f"] * 300}, mentees), by="gender")
    assert figure(found, "x", "matched").base == 5
    assert figure(found, "x", "matched").ratio is None
    assert figure(found, "m", "matched").ratio == 1


def test_intersections_and_lists(matching: Matching) -> None:
    """A tuple of columns makes groups of both; a list cell belongs to several groups."""
    found = audit(matching, by=[("gender", "region")])
    assert [one.group for one in found.figures if one.measure == "matched"] == [
        "all", "f & north", "f & south", "m & north", "m & south",
    ]  # fmt: skip
    hobbies = {"hobbies": ["chess; golf"] * 10 + ["golf"] * 10}
    found = audit(matching_of({"hobbies": ["golf"] * 20}, hobbies), by="hobbies")
    assert figure(found, "chess", "matched", "hobbies").base == 10
    assert {one.group for one in found.figures} == {"all", "chess", "golf"}


def test_wishes() -> None:
    """Who wished and has one of the wished-for partners, of those who wished."""
    wishes = pd.DataFrame(
        [(f"m{k:02}", f"e{k:02}", "mentee", 1) for k in range(18)], columns=["mentor", "mentee", "by", "rank"]
    )
    matching = pm.match(
        matching_of({"gender": ["f"] * 24}, {"gender": many(f=12, m=12)}, preferences=wishes).cohort,
        pm.Policy(goals=[pm.goals.Preferences(weight=1)]),
    )
    found = audit(matching, by="gender")
    assert (figure(found, "f", "wish_met").count, figure(found, "f", "wish_met").base) == (12, 12)
    assert (figure(found, "m", "wish_met").count, figure(found, "m", "wish_met").base) == (6, 6)
    assert figure(found, "all", "wish_met", "").base == 18


def test_few_wishes_are_withheld_alone() -> None:
    """Three women wished: of wishes nothing is told of any group, of the rest everything."""
    wishes = pd.DataFrame(
        [(f"m{k:02}", f"e{k:02}", "mentee", 1) for k in range(9, 21)],
        columns=["mentor", "mentee", "by", "rank"],
    )
    matching = matching_of({"gender": ["f"] * 24}, {"gender": many(f=12, m=12)}, preferences=wishes)
    found = audit(matching, by="gender")
    assert {(one.group, one.measure) for one in found.figures if one.withheld} == {
        ("f", "wish_met"),
        ("m", "wish_met"),
    }
    few = audit(
        matching_of({"gender": ["f"] * 24}, {"gender": many(f=12, m=12)}, preferences=wishes[:3]), by="gender"
    )
    assert {one.group for one in few.figures if one.withheld} == {"all", "f", "m"}


def test_who_is_not_admitted_is_counted_apart() -> None:
    """A rule about people is a part of how groups fare: its share stands by itself."""
    mentees = {"gender": many(f=20, m=20), "trained": [False] * 8 + [True] * 32}
    cohort = matching_of({"gender": ["f"] * 40, "trained": [True] * 40}, mentees).cohort
    policy = pm.Policy(rules=[pm.rules.Trained()], objective=["mentees"], goals=[])
    found = audit(pm.match(cohort, policy), by="gender")
    admitted, matched = figure(found, "f", "admitted"), figure(found, "f", "matched")
    assert (admitted.count, admitted.base, matched.base) == (12, 20, 12)
    assert admitted.below_four_fifths


def test_data_beside_the_cohort(matching: Matching, tmp_path: Path) -> None:
    """Columns that scoring never saw; who is not in the table is unknown; spelling in other cases is one."""
    rows = [(f"e{k:02}", "Blue" if k < 10 else "red ") for k in [*range(7), *range(10, 16), *range(20, 24)]]
    data = pd.DataFrame([*rows, ("e25", "BLUE"), ("zz", "red")], columns=["id", "eyes"])
    found = audit(matching, by="eyes", data=data)
    assert [one.group for one in found.figures if one.measure == "matched"] == [
        "all",
        "BLUE",
        "red",
        "unknown",
    ]
    assert [figure(found, group, "matched", "eyes").base for group in ("BLUE", "red", "unknown")] == [
        8,
        10,
        12,
    ]
    path = tmp_path / "data.csv"
    data.to_csv(path, index=False)
    assert audit(matching, by="eyes", data=path) == found


def test_numbers_and_flags_are_groups_too(matching: Matching) -> None:
    """1 and 1.0 are one value, True is yes."""
    data = pd.DataFrame({"id": [f"e{k:02}" for k in range(30)]})
    data["shift"], data["remote"] = [1, 2.0] * 15, [True, False] * 15
    found = audit(matching, by=["shift", "remote"], data=data)
    assert {(one.by, one.group) for one in found.figures} == {
        ("", "all"), ("shift", "1"), ("shift", "2"), ("remote", "yes"), ("remote", "no"),
    }  # fmt: skip


def test_a_side_with_few_people_tells_nothing() -> None:
    """Three mentees: not even what all of them have in common."""
    found = audit(matching_of({"gender": ["f"] * 9}, {"gender": ["f"] * 3}), by="gender")
    assert all(one.withheld for one in found.figures)


def test_nobody_matched() -> None:
    """Without a pair there are shares of nobody, and no ratios."""
    people = {"gender": many(f=6, m=6), "level": [1] * 12}
    cohort = matching_of(people, people).cohort
    nobody = pm.match(
        cohort,
        pm.Policy(rules=[pm.rules.Different("level"), pm.rules.Same("level")], objective=["pairs"], goals=[]),
    )
    found = audit(nobody, by="gender")
    assert (figure(found, "f", "matched").count, figure(found, "f", "matched").base) == (0, 6)
    assert figure(found, "f", "above_median").told == "above median (mentees, gender = f): nobody to count"


def test_the_same_call_tells_the_same(matching: Matching) -> None:
    """No chance and no order of rows in it."""
    cohort = pm.Cohort(
        *(
            pd.DataFrame({name: [person[name] for person in side] for name in side.fields}).iloc[::-1]
            for side in (matching.cohort.mentors, matching.cohort.mentees)
        )
    )
    again = pm.match(cohort, matching.policy)
    assert audit(again, by=["gender", "region"]).figures == audit(matching, by=["gender", "region"]).figures


BAD: list[tuple[dict[str, Any], str]] = [
    ({"by": "gendre"}, "names no column of the cohort or of 'data'. Did you mean 'gender'?"),
    ({"by": "id"}, "names a column that tells who somebody is"),
    ({"by": []}, "must name at least one column"),
    ({"by": 3}, "must name columns, or tuples of columns"),
    ({"by": [("gender", 3)]}, "must name at least one column"),
    ({"by": [("gender", "gender")]}, "names one column twice"),
    ({"by": "region", "of": "mentors"}, "names a column that the mentors do not have"),
    ({"by": "gender", "of": "mentee"}, "must be 'mentors' or 'mentees'. Did you mean 'mentees'?"),
    ({"by": "gender", "confidence": 1}, "must be above 0 and below 1"),
    ({"by": "gender", "beside": [3]}, "'beside' must be audits, as audit makes them"),
    ({"by": "gender", "beside": 3}, "'beside' must be audits, as audit makes them"),
    ({"by": "x", "data": 3}, "'data' must be a frame with the column 'id'"),
    ({"by": "x", "data": pd.DataFrame({"x": [1]})}, "the table of 'data' needs the column 'id'"),
    ({"by": "x", "data": pd.DataFrame({"id": ["a", "a"], "x": 1})}, "one row for each person [a (row 2)]"),
    ({"by": "x", "data": pd.DataFrame({"id": ["a", None], "x": 1})}, "every row needs an id [row 2]"),
    ({"by": "x", "data": pd.DataFrame({"id": ["a"], "x": 1})}, "no id of the table is one of"),
    ({"by": "gender", "data": pd.DataFrame({"id": ["e01"], "gender": 1})}, "column_twice (data 'gender')"),
    ({"by": "x", "data": pd.DataFrame([["e", 1, 2]], columns=["id", "x", "x"])}, "'data' has a column twice"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), BAD, ids=[words for _, words in BAD])
def test_what_cannot_be_asked(matching: Matching, arguments: dict[str, Any], words: str) -> None:
    """Every refusal says what is wrong, and how to mend it."""
    with pytest.raises(pm.CallError) as refused:
        audit(matching, **arguments)
    assert words in str(refused.value)


def test_all_that_is_wrong_is_told_at_once(matching: Matching) -> None:
    """Three problems, one error."""
    with pytest.raises(pm.CallError) as refused:
        audit(matching, by=["gendre", "id"], of="all", confidence=2)
    assert len(refused.value.findings) == 4


def test_files_and_matchings_that_are_none(matching: Matching, tmp_path: Path) -> None:
    """A missing file is a FileError; a table that cannot be read, or no matching, a CallError."""
    with pytest.raises(pm.FileError, match="missing_file"):
        audit(matching, by="x", data=tmp_path / "no.csv")
    (tmp_path / "bad.csv").write_bytes(b"id,x\n\xff,1\n")
    with pytest.raises(pm.CallError, match="not_utf8"):
        audit(matching, by="x", data=tmp_path / "bad.csv")
    (tmp_path / "twice.csv").write_text("id,x,x\n1,2,3\n", encoding="utf-8")
    with pytest.raises(pm.CallError, match="has a column twice"):
        audit(matching, by="x", data=tmp_path / "twice.csv")
    with pytest.raises(pm.CallError, match="must be a Matching"):
        audit("out", by="gender")  # type: ignore[arg-type]


def test_too_many_groups(matching: Matching) -> None:
    """A column that says something else of everybody is none of groups."""
    big = matching_of({"gender": ["f"] * 3}, {"gender": [str(k) for k in range(1_001)]})
    with pytest.raises(pm.CallError, match="makes more than 1,000 groups; put values into bands"):
        audit(big, by="gender")


def test_an_audit_of_another_matching_is_no_help(matching: Matching) -> None:
    """What adds up in one matching does not in another."""
    other = audit(matching_of({"gender": ["f"] * 9}, {"gender": ["f"] * 9}), by="gender")
    with pytest.raises(pm.CallError, match="must be audits of this matching"):
        audit(matching, by="gender", beside=[other])


HOSTILE = [
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "two\nlines",
    "\u202eback",
    "x" * 10_000,
    "\U0001f600",
]


def test_hostile_values_do_no_harm(tmp_path: Path) -> None:
    """Markup, formulas, line ends and endless words are shown as text, on one line, and cannot be run."""
    mentees = {"shift": [value for value in HOSTILE for _ in range(6)]}
    found = audit(
        matching_of({"shift": ["a"] * 36}, {"gender": ["f"] * 36}),
        by="shift",
        data=pd.DataFrame({"id": [f"e{k:02}" for k in range(36)], **mentees}),
    )
    assert {one.group for one in found.figures} >= {HOSTILE[0], HOSTILE[4]}
    assert "<script" not in found._repr_html_()
    assert max(map(len, str(found).splitlines())) < 250
    groups = {(one.by, one.group) for one in found.figures if not one.withheld}
    assert len(str(found).splitlines()) == len(found.lines) + 1 + len(groups)
    found.write(tmp_path / "audit.csv")
    cells = pd.read_csv(tmp_path / "audit.csv", dtype=str)["group"].dropna()
    assert not [cell for cell in cells if cell.startswith("=")]
    with pytest.raises(pm.FileError, match="the table cannot be written"):
        found.write(tmp_path)
