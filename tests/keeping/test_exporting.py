"""An export tells a person everything that is kept of them, and nothing of what others said in confidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals
from pairmatch.keeping import export
from tests.keeping.kept import Kept, programme


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return programme(tmp_path_factory.mktemp("kept"), "zz99")


def found(told: Any, kind: str) -> list[dict[str, Any]]:
    return [entry for entry in told.data["found"] if entry["kind"] == kind]


def test_everything_about_one_person(kept: Kept) -> None:
    """Profile, wishes, pairs, explanation, events, lines of the record, pages and tables."""
    told = export("zz99", kept.folder, kept.folder / "list.csv", cohort=kept.cohort)
    assert told.data["profile"]["mentors"]["hobbies"] == ["chess", "golf"]
    assert told.data["said"] == {"wishes": [], "earlier_pairs": []}
    first, second = found(told, "matching")
    assert first["pairs"] == [{"mentor": "zz99", "mentee": "ee00"}]
    assert first["coaches"][0]["mentor"] == "zz99"
    assert first["explanation"] == [str(pm.explain(kept.matching, mentor="zz99", audience="mentor"))]
    assert second["changes"][0]["before"] == "zz99"
    (events,) = found(told, "events")
    assert [event["kind"] for event in events["events"]] == ["started", "ended", "met", "left"]
    (record,) = found(told, "record")
    assert [line["kind"] for line in record["lines"]] == ["matched", "overridden", "reviewed"]
    assert found(told, "page") == [{"kind": "page", "name": "sheet.md", "names_the_person": True}]
    assert found(told, "table")[0]["rows"] == [{"mentor": "zz99", "mentee": "ee00"}]
    assert repr(told) == "<Export: 7 places>"


def test_what_others_said_is_for_the_lead(kept: Kept) -> None:
    """Vetoes, wishes for the person, end reasons, weights, who decided and why."""
    plain = str(export("zz99", kept.folder, cohort=kept.cohort))
    lead = str(export("zz99", kept.folder, cohort=kept.cohort, audience="lead"))
    for words in ("no_chemistry", "ee05", "wished_for_by", "zz99 asked", "Ada", "forbidden", "required"):
        assert words not in plain
    for words in ("no_chemistry", "ee05", "wished_for_by", "zz99 asked", "Ada", "required"):
        assert words in lead


def test_own_and_others_fields() -> None:
    """What a person wants to learn is theirs to see; what somebody rated is not."""
    mentors = pd.DataFrame(
        {"id": ["m1"], "topics_wanted": ["AI"], "reference_rating": [2.0], "gender": ["f"]}
    )
    cohort = pm.Cohort(mentors, pd.DataFrame({"id": ["e1"]}))
    own = export("m1", cohort=cohort).data["profile"]["mentors"]
    assert (own["topics_wanted"], own["gender"]) == (["AI"], "f")
    assert "reference_rating" not in own
    assert export("m1", cohort=cohort, audience="lead").data["profile"]["mentors"]["reference_rating"] == 2


def test_a_mentee_without_a_partner(kept: Kept) -> None:
    """The reason, and the explanation that a mentee may read."""
    alone = kept.matching.unmatched["id"][0]
    told = found(export(alone, kept.folder, cohort=kept.cohort), "matching")[0]
    assert told["unmatched"][0].keys() == {"role", "reason"}
    assert told["explanation"] == [str(pm.explain(kept.matching, mentee=alone, audience="mentee"))]


def test_without_the_cohort_and_for_a_stranger(kept: Kept) -> None:
    """Files alone tell no profile and no explanation; of a stranger there is nothing."""
    told = export("zz99", kept.folder)
    assert "profile" not in told.data
    assert "explanation" not in found(told, "matching")[0]
    assert export("nobody", kept.folder, cohort=kept.cohort).data["found"] == []


def test_it_is_written_as_json(kept: Kept, tmp_path: Path) -> None:
    """One file with a schema number."""
    told = export("zz99", kept.folder)
    told.write(tmp_path / "zz99.json")
    data = json.loads((tmp_path / "zz99.json").read_text(encoding="utf-8"))
    assert data == json.loads(str(told))
    assert (data["schema"], data["kind"], data["person"]) == (1, "export", "zz99")
    with pytest.raises(pm.FileError, match="cannot be written"):
        told.write(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((3,), {}, "'person' must be the id"),
        (("zz99",), {}, "hand in paths of files and folders"),
        (("zz99", "."), {"audience": "mentor"}, "shown for the audience 'lead' alone"),
        (("zz99", "."), {"cohort": 3}, "'cohort' must be a Cohort, or None"),
    ],
)
def test_what_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Any, options: Any, words: str
) -> None:
    """Wrong arguments, in words."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pm.CallError) as refused:
        export(*arguments, **options)
    assert words in str(refused.value)


def test_an_introduction_names_its_person(tmp_path: Path) -> None:
    """The lead sees the page; others that there is one."""
    cohort = pm.datasets.synthetic(mentors=6, mentees=4, seed=1)
    matching = pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    pair = matching.made[0]
    page = pm.introduce(matching, mentor=pair.mentor, mentee=pair.mentee, audience="mentee")
    page.write(tmp_path / "a.md")
    assert found(export(pair.mentor, tmp_path, audience="lead"), "page")[0]["text"] == page.markdown
