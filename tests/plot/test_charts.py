"""The charts: true to the tables of the scores, discreet, readable in grey and by the colour-blind."""

from __future__ import annotations

import dataclasses
import json
import sys
import warnings
from typing import Any

import numpy as np
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.parameters import label_of
from pairmatch.plot import charts, contribution_bars, drawing, heat_map
from tests.scoring.people import Given, cohort, policy

SMALL = {"rules": [], "goals": [Given({("m1", "e1"): 0.5, ("m2", "e1"): 0.5}, default=0.25)]}


@pytest.fixture(scope="module")
def scores() -> pm.Scores:
    """Blanks, rules, inactive people, a goal over a special field, a bar."""
    return pm.score(cohort(4, 20, 15), policy(minimum_weight=0.3, name="Round one"))


def spec(chart: Any) -> dict[str, Any]:
    """What the chart tells the browser; making it warns of nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made: dict[str, Any] = json.loads(chart.to_json())
    return made


def records(chart: Any) -> list[dict[str, Any]]:
    """The chart's own copy of the data, of which there is one."""
    datasets = spec(chart)["datasets"]
    assert len(datasets) == 1
    found: list[dict[str, Any]] = next(iter(datasets.values()))
    return found


def test_the_heat_map_holds_the_weights(scores: pm.Scores) -> None:
    """Each pair of active people once: its weight, or the reason in words."""
    weights, reasons = scores.weights, scores.forbidden_by
    described = {label_of(rule): rule.description for rule in scores.policy.rules}
    cells = {(cell["mentor"], cell["mentee"]): cell for cell in records(heat_map(scores))}
    people = scores.cohort.mentors, scores.cohort.mentees
    active = [[side.ids[row] for row in np.flatnonzero(side.active)] for side in people]
    assert list(cells) == [(mentor, mentee) for mentor in active[0] for mentee in active[1]]
    for (mentor, mentee), cell in cells.items():
        reason = reasons.loc[mentor, mentee]
        if reason is None:
            assert cell == {"mentor": mentor, "mentee": mentee, "weight": weights.loc[mentor, mentee]}
        else:
            assert cell["weight"] is None
            assert cell["why"] == drawing.reason_words(reason, described)
    assert {"why" in cell for cell in cells.values()} == {True, False}


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("minimum_weight", "the weight is below the policy's minimum"),
        ("same_person", "nobody is paired with themself"),
        ("not_active", "one of the two does not take part"),
        ("not_same_team", "Not same team: the mentor is of another team than the mentee"),
        ("own_rule", "Own rule"),
    ],
)
def test_reasons_are_told_in_words(reason: str, words: str) -> None:
    """A rule by its name and its sentence; what is no rule by a sentence of its own."""
    described = {rules.NotSameTeam().name: "the mentor is of another team than the mentee"}
    assert drawing.reason_words(reason, described) == words


def test_people_are_drawn_in_the_order_asked_for(scores: pm.Scores) -> None:
    """Those asked for, once each, inactive ones too."""
    cells = records(heat_map(scores, mentors=["m3", "m1", "m3"], mentees=iter(["e2", "e1"])))
    assert [(cell["mentor"], cell["mentee"]) for cell in cells] == [
        ("m3", "e2"),
        ("m3", "e1"),
        ("m1", "e2"),
        ("m1", "e1"),
    ]
    resting = next(person for person in scores.cohort.mentors if not person.active)
    (cell,) = records(heat_map(scores, mentors=resting.id, mentees=["e1"]))
    assert cell["why"] == "one of the two does not take part"


def test_axes_and_titles_say_what_is_seen(scores: pm.Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy's name and the count in the heading; ids along the axes while they can be read."""
    drawn = spec(heat_map(scores))
    cells = records(heat_map(scores))
    eligible = sum(cell["weight"] is not None for cell in cells)
    assert drawn["title"]["subtitle"] == [f"Round one: {eligible} of {len(cells)} pairs eligible"]
    axis = drawn["layer"][0]["encoding"]["y"]["axis"]
    assert (axis["title"], axis.get("labels", True)) == ("mentors", True)
    monkeypatch.setattr(drawing, "READABLE", 3)
    axis = spec(heat_map(scores))["layer"][0]["encoding"]["y"]["axis"]
    assert axis["labels"] is False
    assert axis["title"] == f"mentors ({len({cell['mentor'] for cell in cells})})"


def test_without_a_name_the_heading_does_without() -> None:
    """A policy need not be called anything."""
    chart = heat_map(pm.score(cohort(1), policy(**SMALL)), mentors=["m1"], mentees=["e1"])
    assert spec(chart)["title"]["subtitle"] == ["1 of 1 pair eligible"]


@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_the_bars_are_the_contributions(scores: pm.Scores, role: str) -> None:
    """The best partners of the table of pairs, in its order; each part is its column's, and they add up."""
    other, pairs = {"mentor": "mentee", "mentee": "mentor"}[role], scores.pairs
    person = pairs[role].value_counts().index[0]
    expected = pairs[pairs[role] == person].head(5)
    parts = records(contribution_bars(scores, most=5, **{role: person}))  # type: ignore[arg-type]
    assert list(dict.fromkeys(part["partner"] for part in parts)) == expected[other].tolist()
    names = drawing.in_words(scores.labels)
    for row in expected.to_dict("records"):
        own = [part for part in parts if part["partner"] == row[other]]
        assert {part["goal"]: part["contribution"] for part in own} == {
            names[label]: row[label] for label in scores.labels
        }
        assert {part["weight"] for part in own} == {row["weight"]}
        assert sum(round(part["contribution"] * 1_000_000) for part in own) == round(
            row["weight"] * 1_000_000
        )


def test_equals_stand_in_the_canonical_order() -> None:
    """As in the table of pairs, whatever the order of rows (law §8)."""
    told = pm.score(cohort(1), policy(**SMALL))
    parts = records(contribution_bars(told, mentee="e1"))
    pairs = told.pairs
    assert [part["partner"] for part in parts] == pairs[pairs["mentee"] == "e1"]["mentor"].head(10).tolist()


def test_hidden_goals_are_in_no_chart(scores: pm.Scores) -> None:
    """The lead's chart has one colour for them and says so; the auditor's names them (law §12)."""
    hidden = drawing.in_words(scores.columns.hidden).values()
    text = contribution_bars(scores, mentee="e3").to_json()
    assert hidden
    assert not [name for name in (*hidden, *scores.columns.hidden) if name in text]
    assert "told together, for privacy" in text
    assert "faith" not in text.casefold()
    auditor = pm.score(scores.cohort, scores.policy, audience="auditor")
    text = contribution_bars(auditor, mentee="e3").to_json()
    assert [name for name in hidden if name in text]
    assert "for privacy" not in text


def test_references_are_in_no_chart_of_the_lead() -> None:
    """A goal over a confidential number is hidden by the same means."""
    people = pm.datasets.synthetic(mentors=12, mentees=6, seed=1)
    merit = goals.PersonScore("reference_rating", weight=1)
    told = pm.score(
        people, pm.Policy(goals=[merit, goals.SharedHobbies(weight=1), goals.WorkingStyle(weight=3)])
    )
    text = contribution_bars(told, mentee=people.mentees.ids[0]).to_json()
    assert "eference" not in text
    assert {"Other", "Working style"} == {part["goal"] for part in json.loads(text)["datasets"].popitem()[1]}


@pytest.mark.parametrize("suffix", ["png", "svg", "html"])
def test_charts_can_be_written(scores: pm.Scores, suffix: str, tmp_path: Any) -> None:
    """Without a browser, and of some size; a picture is the same each time."""
    for name, chart in (("map", heat_map(scores)), ("bars", contribution_bars(scores, mentee="e3"))):
        paths = [tmp_path / f"{name}{k}.{suffix}" for k in range(2)]
        for path in paths:
            chart.save(path)
        assert paths[0].stat().st_size > 5_000
        if suffix == "png":
            assert paths[0].read_bytes().startswith(b"\x89PNG")
            assert paths[0].read_bytes() == paths[1].read_bytes()


MANY_GOALS = [Given({}, default=0.5, label=f"goal {k}") for k in range(11)]


def test_each_goal_has_its_colour() -> None:
    """Goals told together are grey, and no other goal is; labels that would read the same stay apart."""
    told = drawing.colours({"a": "A", "b": "B", "other": "Other"})
    assert told["domain"] == ["A", "B", "Other"]
    assert len(set(told["range"])) == 3
    assert told["range"][2] not in drawing.MUTED
    assert drawing.in_words(["shared_hobbies", "same(x)"]) == {
        "shared_hobbies": "Shared hobbies",
        "same(x)": "Same (x)",
    }
    assert drawing.in_words(["my goal", "my_goal"]) == {"my goal": "my goal", "my_goal": "my_goal"}
    many = pm.score(cohort(1), policy(rules=[], goals=MANY_GOALS))
    assert len(records(contribution_bars(many, mentee="e1", most=1))) == len(MANY_GOALS)


def test_a_goal_keeps_its_colour_from_chart_to_chart() -> None:
    """Other weights, another order, more goals, or one told with others: nobody has to learn colours anew."""
    all_of_it = ["topic_coverage", "shared_hobbies", "reciprocity", "past_experience", "same(x)", "novelty"]

    def painted(shown: list[str], labels: list[str]) -> dict[str, str]:
        scale = drawing.colours({label: label for label in shown}, labels)
        return dict(zip(scale["domain"], scale["range"], strict=True))

    usual = painted(all_of_it, all_of_it)
    assert len(set(usual.values())) == len(usual)
    assert painted(all_of_it[:1], all_of_it[:1]).items() <= usual.items()
    assert painted(all_of_it[::-1], all_of_it[::-1]) == usual
    merged = painted([*all_of_it[:2], *all_of_it[3:], "other"], [*all_of_it, "person_score(x)"])
    assert merged.pop("other") == drawing.GREY
    assert merged.items() <= usual.items()


WITHOUT_RED = [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
]
WITHOUT_GREEN = [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
]
WITHOUT_BLUE = [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
]
YELLOW_TO_BROWN = ("#feeaa1", "#fedd84", "#fecc63", "#feb746", "#fca031", "#f68921", "#eb7215", "#db5e0b")


def seen(colour: str, by: Any) -> Any:
    """A colour in CIE L*a*b* as somebody sees it who lacks one kind of cone (Machado and others, 2009)."""
    parts = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    light = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    light = np.clip(np.array(by) @ light, 0, 1)
    rows = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt(rows @ light / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("by", [np.eye(3), WITHOUT_RED, WITHOUT_GREEN, WITHOUT_BLUE])
def test_the_colour_blind_can_tell_the_colours_apart(by: Any) -> None:
    """No weight looks like a pair that is not eligible, and no goal like another one."""
    grey = seen(drawing.GREY, by)
    assert min(np.linalg.norm(seen(colour, by) - grey) for colour in YELLOW_TO_BROWN) > 12
    looks = [seen(colour, by) for colour in (*drawing.MUTED, drawing.GREY)]
    apart = [np.linalg.norm(a - b) for k, a in enumerate(looks) for b in looks[:k]]
    assert min(apart) > 15


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda told: heat_map(None), "bad_argument.*pm.score"),
        (lambda told: contribution_bars({}, mentee="e1"), "bad_argument.*pm.score"),
        (lambda told: heat_map(told, mentors=["m1", "m99"]), "unknown_person.*nobody among the mentors"),
        (lambda told: heat_map(told, mentees=[3]), "unknown_person"),
        (lambda told: heat_map(told, mentees=[]), "nobody_to_draw.*from 1 to 10,000 pairs"),
        (contribution_bars, "one_person"),
        (lambda told: contribution_bars(told, mentor="m1", mentee="e1"), "one_person"),
        (lambda told: contribution_bars(told, mentee="e99"), "unknown_person.*Did you mean"),
        (lambda told: contribution_bars(told, mentee="e1", most=0), "bad_integer.*'most'.*from 1 to 50"),
        (lambda told: contribution_bars(told, mentee="e1", most=51), "bad_integer"),
        (lambda told: contribution_bars(told, mentee="e1", most="5"), "bad_integer"),
    ],
)
def test_bad_calls_are_told(scores: pm.Scores, call: Any, code: str) -> None:
    """Each says what is wrong and what to hand in."""
    with pytest.raises(pm.CallError, match=code):
        call(scores)


def test_a_crowd_is_no_picture(scores: pm.Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many pairs are refused, with what to do instead."""
    monkeypatch.setattr(charts, "MOST_CELLS", 20)
    with pytest.raises(
        pm.CallError, match=r"too_many_pairs.*from 1 to 20 pairs.*choose people.*contribution_bars"
    ):
        heat_map(scores)
    assert len(records(heat_map(scores, mentors=["m1"]))) > 5


def test_nobody_eligible_and_no_goals(scores: pm.Scores) -> None:
    """Where there is nothing to stack, the message says where to look."""
    barred = dataclasses.replace(scores.policy, minimum_weight=1.0)
    with pytest.raises(pm.CallError, match=r"no_eligible_partner.*scores\.forbidden_by"):
        contribution_bars(pm.score(scores.cohort, barred), mentee="e3")
    plain = pm.Policy(rules=scores.policy.rules, objective=["mentees"])
    with pytest.raises(pm.CallError, match="no_goals"):
        contribution_bars(pm.score(scores.cohort, plain), mentee="e3")


def test_without_altair_the_extra_is_named(scores: pm.Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the optional package the error says how to get it."""
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(pm.MissingExtraError, match=r"A chart needs.*pairmatch\[report\]"):
        heat_map(scores)
