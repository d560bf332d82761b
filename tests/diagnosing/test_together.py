"""People of whom the same is true are told of in one line, and what would help does not repeat itself."""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import rules
from pairmatch.diagnosing.relaxation import Relaxation
from pairmatch.diagnosing.together import together
from pairmatch.diagnosing.trying import OF_ONE_RULE, best_first


@pytest.fixture(scope="module")
def example() -> pm.Diagnosis:
    files = pm.datasets.example()
    cohort = pm.Cohort.read(files.mentors, files.mentees, schema=pm.Schema.read(files.policy), org=files.org)
    return pm.diagnose(pm.match(cohort, pm.Policy.read(files.policy)))


def test_who_share_too_few_partners_share_a_line(example: pm.Diagnosis) -> None:
    """Seventy mentors wait for the same mentees: three lines for 72 people, and none twice."""
    lines = str(example).split("\nwhat would help:")[0].splitlines()
    assert [line.split(" has no ")[0].split(" (")[0] for line in lines] == [
        "mentee 11714",
        "70 mentors",
        "mentor 28563",
    ]
    assert ") have no partner: they and 49 other mentors can be paired only with 49 mentees (" in lines[1]
    assert lines[1].endswith("who have 49 places in all")


def test_the_line_of_several_is_true(example: pm.Diagnosis) -> None:
    """All of them together reach those partners alone, and no more can be paired than there are places."""
    (group,) = [group for group in together(example.people) if len(group.people) > 1]
    sets = [one.blocking for one in group.people if one.blocking]
    union, partners = {who for one in sets for who in one.people}, set(sets[0].partners)
    assert len(sets) == len(group.people) == 70
    assert len(union - {one.id for one in group.people}) == 49
    assert all(set(one.partners) == partners for one in sets)
    graph = nx.Graph([(who, f"e{other}") for one in sets for who in one.people for other in partners])
    assert len(nx.bipartite.maximum_matching(graph, top_nodes=union)) // 2 == sets[0].places < len(union)


def test_who_share_a_reason_share_a_line() -> None:
    mentees = pd.DataFrame({"id": ["eve", "fay", "gus"], "level": [1, 1, 1]})
    cohort = pm.Cohort(pd.DataFrame({"id": ["ana"], "level": [1]}), mentees)
    matching = pm.match(cohort, pm.Policy(rules=[rules.LevelsBelow(at_least=1)], objective=["mentees"]))
    told = pm.diagnose(matching, relaxations=False)
    assert str(told).splitlines() == [
        "3 mentees (eve, fay, gus) have no partner, for the same reason: "
        "no partner is left after the hard rules: levels_below alone takes 1 mentor",
        "mentor ana has no partner: "
        "no partner is left after the hard rules: levels_below alone takes 3 mentees",
    ]


def test_who_are_blocked_with_nobody_else() -> None:
    """No place at all on the other side but one, which both waiting people would take."""
    blocked = pm.BlockingSet("mentee", "eve", ("eve", "fay"), ("ana",), 1)
    diagnosed = [_diagnosed("eve", blocked), _diagnosed("fay", blocked)]
    assert str(together(diagnosed)[0]) == (
        "2 mentees (eve, fay) have no partner: "
        "they can be paired only with 1 mentor (ana), who has 1 place in all"
    )


def _diagnosed(who: str, blocked: pm.BlockingSet) -> Any:
    from pairmatch.diagnosing import Diagnosed

    return Diagnosed("mentee", who, "partners_full", "blocking_set", str(blocked), 1, {}, {}, blocked)


def test_few_exceptions_from_a_rule_for_one_person(example: pm.Diagnosis) -> None:
    """The best three for each of the two; then there is room for other kinds."""
    exceptions = [one for one in example.found if one.kind == "exception"]
    for name in ("mentor", "mentee"):
        assert max(Counter((one.rule, getattr(one, name)) for one in exceptions).values()) <= OF_ONE_RULE
    assert {one.kind for one in example.found} == {"exception", "milder_rule", "rule_off", "place"}
    assert len(example.found) == 20


def test_the_cheapest_exceptions_are_kept() -> None:
    found = [_exception(f"m{k}", cost=k / 10) for k in (4, 1, 3, 2, 0)] + [_exception("m9", "fay", cost=0.9)]
    kept = best_first(found, 20)
    assert [(one.mentor, one.mentee) for one in kept] == [
        ("m0", "eve"), ("m1", "eve"), ("m2", "eve"), ("m9", "fay"),
    ]  # fmt: skip


def _exception(mentor: str, mentee: str = "eve", *, cost: float) -> Relaxation:
    named = "an exception", "exception", "levels_below", "", "", mentor, mentee
    return Relaxation(*named, (("mentee", mentee),), (), cost, {"total": cost})
