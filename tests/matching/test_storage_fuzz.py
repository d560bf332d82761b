"""Anything at all in `matching.json`: refused in words, or the matching that was written."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import datasets, goals, rules

MANY = max(300, settings.default.max_examples if settings.default else 0)

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.5, -0.0, 1e308, 2**62, 2**63, -(2**63), 10**30, "", "x", "total",
    "mentees", "not_better", "\ud800", "=1+1", [], {}, [[]], [None], [0] * 9, {"x": 1}, {"x": {}},
)  # fmt: skip
"""What a node may be replaced with, beside other nodes of the same file."""


@cache
def written() -> tuple[pm.Matching, str]:
    """A matching with every kind of node, and its JSON."""
    policy = pm.Policy(
        rules=[rules.LevelsBelow(at_least=1, missing="allow"), rules.DifferentDepartment(missing="allow")],
        goals=[goals.TopicCoverage(weight=2), goals.SharedHobbies(weight=1)],
        objective=("must_match", "mentees", "leximin", "total"),
        minimum_weight=0.1,
        seed=2,
    )
    matching = pm.match(datasets.synthetic(mentors=6, mentees=5, seed=5), policy)
    folder = Path(mkdtemp())
    matching.write(folder)
    return matching, (folder / "matching.json").read_text("utf-8")


def paths(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every node below this one stands."""
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in below:
        yield (*at, key)
        yield from paths(child, (*at, key))


def found(node: Any, path: tuple[Any, ...]) -> Any:
    """The node at a path."""
    for key in path:
        node = node[key]
    return node


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """The JSON's data with one to three nodes deleted, replaced, doubled or exchanged for others."""
    data = json.loads(written()[1])
    for _ in range(draw(st.integers(1, 3))):
        places = list(paths(data))
        path = draw(st.sampled_from(places))
        parent, key = found(data, path[:-1]), path[-1]
        kind = draw(st.sampled_from(("delete", "value", "other node", "double")))
        event(kind)
        if kind == "delete":
            del parent[key]
        elif kind == "value":
            parent[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
        elif kind == "double" and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[key]))
        else:
            parent[key] = copy.deepcopy(found(data, draw(st.sampled_from(places))))
    return data


@settings(max_examples=MANY)
@given(mutated())
def test_any_change_is_refused_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    """FileError, or VerificationError, or the same matching; never another exception."""
    true, _ = written()
    folder = tmp_path_factory.mktemp("out")
    text = json.dumps(data, ensure_ascii=False)
    (folder / "matching.json").write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        matching = pm.Matching.read(folder, true.cohort)
        pm.verify(matching, true.cohort, matching.policy)
    except (pm.FileError, pm.VerificationError) as error:
        event(type(error).__name__)
        return
    event("nothing changed")
    assert same(matching, true)


def same(one: pm.Matching, two: pm.Matching) -> bool:
    """Whether two matchings claim the same; a search may humbly call itself incomplete."""
    claims = [
        [(p.tier, p.value, p.bound, p.verified_bound, p.kind, p.levels) for p in m.certificate.proofs]
        for m in (one, two)
    ]
    parts = [
        (m.made, m.left, m.columns, m.fitted, m.fitted_on, m.remarks, m.policy.fingerprint)
        for m in (one, two)
    ]
    return claims[0] == claims[1] and parts[0] == parts[1]
