"""The organisation chart, compared with networkx on random charts and by hand on small ones."""

from __future__ import annotations

import pickle
from itertools import product

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.cohort import Cohort, Organisation, Schema
from tests.cohort.tables import frame, mentees, mentors

ALLOW = Schema(outside_managers="allow")


@st.composite
def charts(draw: st.DrawFn) -> tuple[Cohort, nx.DiGraph]:
    """A cohort whose chart is a random forest with dotted lines, and the forest from person to manager."""
    n = draw(st.integers(2, 12))
    names = draw(st.permutations([f"p{k}" for k in range(n)]))
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(names)
    for k in range(1, n):
        above = draw(st.integers(-1, k - 1))
        if above >= 0:
            graph.add_edge(names[k], names[above], type="direct")
    for a, b in draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=4)):
        if a != b and not graph.has_edge(a, b):
            graph.add_edge(a, b, type="dotted")
    split = draw(st.integers(1, n - 1))
    tables = [
        _table(graph, names[:split]),
        _table(graph, [*names[split:], *draw(st.sets(st.sampled_from(names)))]),
    ]
    return Cohort(*[table.drop_duplicates("id").sample(frac=1, random_state=n) for table in tables]), graph


def _table(graph: nx.DiGraph, names: list[str]) -> pd.DataFrame:
    rows = []
    for name in names:
        lines = {
            type_: [b for _, b, t in graph.out_edges(name, data="type") if t == type_]
            for type_ in ("direct", "dotted")
        }
        manager = lines["direct"][0] if lines["direct"] else None
        rows.append({"id": name, "manager": manager, "dotted_managers": ";".join(lines["dotted"])})
    return pd.DataFrame(rows)


def _direct(graph: nx.DiGraph) -> nx.DiGraph:
    """The graph without its dotted lines."""
    kept: nx.DiGraph = nx.DiGraph([(a, b) for a, b, type_ in graph.edges(data="type") if type_ == "direct"])
    kept.add_nodes_from(graph)
    return kept


def chart_of(cohort: Cohort) -> Organisation:
    """The cohort's chart, which it has."""
    assert cohort.organisation is not None
    return cohort.organisation


@given(charts())
def test_direct_lines(drawn: tuple[Cohort, nx.DiGraph]) -> None:
    """Depth, distance and nearest common manager are those of networkx on the direct lines."""
    chart, graph = chart_of(drawn[0]), _direct(drawn[1])
    up = dict(nx.all_pairs_shortest_path_length(graph))
    for name in graph:
        top = max(up[name].values())
        assert chart.depth(name) == (None if chart.missing(max(up[name], key=up[name].__getitem__)) else top)
        assert chart.manager(name) == next(iter(graph.successors(name)), None)
    for a, b in product(graph, graph):
        common = sorted(set(up[a]) & set(up[b]), key=lambda c: up[a][c] + up[b][c])
        assert chart.nearest_common_manager(a, b) == (common[0] if common else None)
        assert chart.distance(a, b) == (up[a][common[0]] + up[b][common[0]] if common else None)


@given(charts(), st.sampled_from([0, 1, 2, 3, None]))
def test_lines(drawn: tuple[Cohort, nx.DiGraph], levels: int | None) -> None:
    """Management lines are what networkx reaches in as many steps, for one person and for all pairs."""
    cohort, graph = drawn
    chart = chart_of(cohort)
    above = {
        name: set(nx.single_source_shortest_path_length(graph, name, cutoff=levels)) - {name}
        for name in graph
    }
    for name in graph:
        assert chart.line(name, levels) == above[name]
    pairs = cohort.line_pairs(levels)
    assert pairs.dtype == bool
    assert pairs.has_canonical_format
    for (i, a), (j, b) in product(enumerate(cohort.mentors.ids), enumerate(cohort.mentees.ids)):
        assert bool(pairs[i, j]) == (a in above[b] or b in above[a])


@given(charts(), st.sampled_from([0, 1, 2, 3, None]))
def test_completeness(drawn: tuple[Cohort, nx.DiGraph], levels: int | None) -> None:
    """A line is complete iff nobody below its top lacks a manager; one by one and for many alike."""
    chart, graph = chart_of(drawn[0]), drawn[1]
    ids = [*graph, "stranger"]
    for name in graph:
        reach = nx.single_source_shortest_path_length(graph, name)
        near = [other for other, step in reach.items() if levels is None or step < levels]
        assert chart.complete(name, levels) == (not any(chart.missing(other) for other in near))
    assert chart.complete_many(ids, levels).tolist() == [chart.complete(name, levels) for name in ids]


@given(charts())
def test_graph_and_pickle(drawn: tuple[Cohort, nx.DiGraph]) -> None:
    """The exported graph runs from manager to report, and a chart survives pickling."""
    chart, graph = chart_of(drawn[0]), drawn[1]
    exported = chart.graph()
    assert sorted(exported.edges(data="type")) == sorted(
        (b, a, type_) for a, b, type_ in graph.edges(data="type")
    )
    assert set(exported) == set(graph) == set(chart.ids)
    assert pickle.loads(pickle.dumps(chart)).lines == chart.lines
    assert [name for name in graph if chart.dotted(name)] == [a for a in graph if _dotted(graph, a)]


def _dotted(graph: nx.DiGraph, name: str) -> list[str]:
    return [b for _, b, type_ in graph.out_edges(name, data="type") if type_ == "dotted"]


def test_small_company() -> None:
    """Five people by hand: two tables, a chart and a dotted line put together."""
    chart = chart_of(
        Cohort(
            mentors(manager=["lead", "m1"]),
            mentees(dotted_managers=["m2", None]),
            org=frame(
                id=["e1", "e2", "lead", "boss"],
                manager=["lead", "boss", "boss", ""],
                type=["", "direct", "Direct", ""],
            ),
        )
    )
    assert chart.roots == ("boss",)
    assert [chart.depth(name) for name in ("boss", "lead", "m1", "m2", "e1", "e2")] == [0, 1, 2, 3, 2, 1]
    assert chart.line("e1") == {"m2", "m1", "lead", "boss"}
    assert chart.line("e1", 1) == {"lead", "m2"}
    assert chart.nearest_common_manager("m2", "e1") == "lead"
    assert chart.distance("m2", "e2") == 4
    assert chart.nearest_common_manager("lead", "m2") == "lead"
    assert repr(chart) == "<Organisation of 6 people, 1 at the top>"


def test_strangers() -> None:
    """Questions about somebody who is not in the chart have the answer that nothing is known."""
    chart = chart_of(Cohort(mentors(manager=["m2", None]), mentees()))
    assert not chart.known("x")
    assert chart.missing("x")
    assert chart.manager("x") is None
    assert chart.depth("x") is None
    assert chart.distance("x", "m1") is None
    assert chart.line("x") == frozenset()
    assert chart.dotted("x") == ()
    assert not chart.complete("x", 0)


def test_no_chart() -> None:
    """Without managers and without a chart there is no organisation, and no pair is in line."""
    cohort = Cohort(mentors(), mentees())
    assert cohort.organisation is None
    assert cohort.line_pairs(2).nnz == 0


def test_empty_chart() -> None:
    """An empty chart is a chart in which nobody's manager is known."""
    chart = chart_of(Cohort(mentors(), mentees(), org=frame(id=[], manager=[])))
    assert chart.roots == ()
    assert not chart.complete("m1", 1)


@pytest.mark.parametrize(
    ("levels", "missing"),
    [
        ([[3, 1], [1, 1]], {"m2", "e2"}),
        ([[3, 3], [1, 1]], {"e2"}),
        ([[1, None], [9, 1]], {"m2", "e2"}),
        (None, {"m2", "e2"}),
    ],
)
def test_blank_managers(levels: list[list[int | None]] | None, missing: set[str]) -> None:
    """A blank manager is a gap unless somebody reports to the person or nobody is of a higher level."""
    columns = [{} if levels is None else {"level": side} for side in (levels or [None, None])]
    chart = chart_of(
        Cohort(mentors(manager=["", None], **columns[0]), mentees(manager=["m1", None], **columns[1]))
    )
    assert {name for name in chart.ids if chart.missing(name)} == missing


def test_only_one_blank() -> None:
    """Without levels, the only one without a manager stands at the top."""
    chart = chart_of(Cohort(mentors(manager=["e1", "e1"]), mentees(manager=["m9", "m9"]), schema=ALLOW))
    assert chart.missing("m9")
    alone = chart_of(Cohort(mentors(manager=["m2", None]), frame(id=["e1"], manager=["m1"])))
    assert alone.roots == ("m2",)
    single = chart_of(Cohort(frame(id=["m1"], dotted_managers=["e1"]), frame(id=["e1"], manager=["m1"])))
    assert single.roots == ("m1",)


def test_outside_managers() -> None:
    """If the schema allows it, a manager may be outside; then the line above them is not complete."""
    cohort = Cohort(mentors(manager=["x", "m1"]), mentees(manager=["m1", "x"]), schema=ALLOW)
    chart = chart_of(cohort)
    assert chart.manager("m1") == "x"
    assert not chart.missing("m1")
    assert chart.missing("x")
    assert chart.complete("m1", 1)
    assert not chart.complete("m1", 2)
    assert chart.complete("m2", 2)
    assert chart.depth("m1") is None
    assert chart.distance("m2", "e2") == 3
    assert sorted(cohort.notes["code"]) == ["outside_manager", "outside_manager"]


def test_several_roots_are_noted() -> None:
    """Two tops are no error, but worth a note."""
    notes = Cohort(mentors(manager=[None, "m1"]), mentees(manager=["e2", None])).notes
    assert notes["code"].tolist() == ["several_roots"]


def test_long_chain() -> None:
    """A chain of two thousand is no trouble for any question."""
    ids = [f"p{k}" for k in range(2000)]
    chart = chart_of(Cohort(frame(id=ids, manager=[None, *ids[:-1]]), mentees()))
    assert chart.depth(ids[-1]) == 1999
    assert len(chart.line(ids[-1])) == 1999
    assert chart.distance(ids[-1], ids[0]) == 1999
    assert chart.complete_many(ids).all()
