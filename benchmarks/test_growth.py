"""Growth: the fitted slopes, the sweep's tables, and the command for one large cohort."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import companies, growth, kernel, large, measure, sweeps
from benchmarks.companies import COMPANIES, ONE_TO_ONE, PLACES, Stored
from benchmarks.peers import ready
from benchmarks.registry import Case, InvalidAnswer
from benchmarks.results import OURS, Results


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Forty mentors with one to four places, twenty mentees."""
    case = Case("size", PLACES, 40)
    folder = tmp_path_factory.mktemp("company")
    assert companies.write(case, folder) == 800
    return companies.read(case, folder)


def told(size: int, seconds: float, peer: str = OURS, **more: Any) -> dict[str, Any]:
    """An entry of the sweep of size."""
    named = {"group": "size", "family": ONE_TO_ONE, "size": size, "pairs": size**2, "peer": peer}
    figures = {"gap": 0.0, "verify_seconds": 1.0, "seconds": seconds / 2}
    measured = {"status": "ok", "seconds": seconds, "megabytes": size // 10, "figures": figures}
    return named | measured | more


def results(*entries: dict[str, Any]) -> Results:
    """Results of some entries."""
    return Results({"machine": {}, "measured": list(entries)})


def test_a_slope() -> None:
    """A power law is found again; one point is no line."""
    line = growth.fitted([(x, 3 * x**1.5) for x in (10.0, 100.0, 1000.0)])
    assert line is not None
    assert (line.slope, line.factor, line.at(100)) == pytest.approx((1.5, 3, 3000))
    assert growth.fitted([(10.0, 1.0)]) is None
    assert growth.fitted([(10.0, 1.0), (10.0, 2.0)]) is None


def test_growth_is_fitted_where_size_matters() -> None:
    """Small sizes, where fixed costs count, are no part of the slope."""
    found = results(told(100, 5.0), told(1000, 1.0), told(10_000, 100.0))
    assert "possible pairs to the power of **1.00**, memory" in growth.slopes(found)
    assert "from 1,000 to 10,000 people" in growth.slopes(found)
    assert growth.slopes(results(told(1000, 1.0))) == ""


def test_slope_over_the_pairs_swept() -> None:
    """Where pairs were swept, growth with these is told beside."""
    figures = [{"pairs_swept": swept, "gap": 0.0} for swept in (1e6, 4e8)]
    swept = told(3000, 1.0, figures=figures[0]), told(30_000, 200.0, figures=figures[1])
    found = results(told(1000, 9.0), *swept)
    assert "from 3,000 to 30,000 people" in growth.slopes(found)
    assert re.search(r"\(and with the pairs swept to the power of 0\.88\)", growth.slopes(found))


def test_the_table_of_sizes() -> None:
    """The fastest solver stands beside pairmatch; too large and too slow are told."""
    lapx = told(1000, 3.0, "lapx", figures={})
    scipy = told(1000, 2.0, "scipy", figures={})
    none = told(30_000, 0.0, "lapx") | {"status": "cannot", "why": "a matrix of 7 GB"}
    slow = told(100_000, 0.0) | {"status": "too slow"}
    found = results(told(1000, 1.0), lapx, scipy, told(30_000, 60.0), none, none | {"peer": "scipy"}, slow)
    rows = growth.sizes(found).splitlines()[2:]
    assert rows[0].endswith("| 1 s | 100 MB | all at once | 0 | 1 s | 2 s | 100 MB | scipy |")
    assert "| 60 s | 3,000 MB | all at once | 0 | 1 s | none could |" in rows[1]
    assert rows[2].startswith("| 100,000 | 10,000,000,000 | too slow |")


def test_in_short() -> None:
    """The largest case that a solver could do, then the largest of all."""
    found = results(
        told(1000, 1.0),
        told(1000, 2.0, "scipy"),
        told(30_000, 60.0),
        told(30_000, 1.0, "scipy", status="too slow"),
    )
    beside, most = growth.in_short(found)
    assert "scipy, takes 2 s and 100 MB for its assignment alone, 2 times pairmatch's time" in beside
    assert "**30,000 × 30,000 people, 900,000,000 possible pairs:** 60 s, 3,000 MB, proven optimal" in most
    assert growth.in_short(results()) == []


def test_where_the_time_goes() -> None:
    """Steps are what the matching's figures name so."""
    lines = growth.steps(results(told(1000, 1.0))).splitlines()
    assert lines[0].endswith("| solver in all | verify | pairs swept |")
    assert lines[2].endswith("| 500 ms | 1 s | none: all were held |")


def test_ready_weights_are_those_of_the_library(stored: Stored) -> None:
    """The matrix for the others holds what `pairmatch.score` tells."""
    import pairmatch as pm

    weights = pm.score(stored.cohort(), stored.policy()).weights.to_numpy()
    units = np.where(np.isnan(weights), -1, np.rint(np.nan_to_num(weights) * 1e6))
    assert (stored.units() == units).all()
    assert set(stored.places().tolist()) == {1, 2, 3, 4}


def test_the_matrix_has_a_row_for_each_place(stored: Stored) -> None:
    """Each mentor's row is there as often as there are places; what is not eligible costs more than all."""
    made, units = ready.matrix(stored), stored.units()
    assert (np.bincount(made.whose) == stored.places()).all()
    expected = np.where(units < 0, made.nobody, 1_000_000 - units)[made.whose]
    assert (made.costs == expected).all()
    assert made.nobody > 1_000_000 * min(made.costs.shape)
    assert made.kept(*np.nonzero(made.costs == made.nobody)).size == 0


def test_a_matrix_can_be_too_large() -> None:
    """Solvers of matrices are not asked where the matrix alone takes gigabytes."""
    assert ready.no_matrix(Case("size", ONE_TO_ONE, 10_000)) == ""
    assert ready.no_matrix(Case("size", ONE_TO_ONE, 100_000)) == "a matrix of 80 GB"
    assert ready.no_matrix(Case("size", PLACES, 100_000)) == "a matrix of 40 GB"
    assert ready.no_square(Case("size", PLACES, 10_000)) == "a matrix of 5 GB"
    assert ready.no_square(Case("size", ONE_TO_ONE, 10_000)) == ""
    assert ready.no_objects(Case("size", PLACES, 3000)) == ""
    assert ready.no_objects(Case("size", PLACES, 10_000)) == "a matrix of 50 million objects"


@pytest.mark.parametrize("wrong", ["twice", "too many", "not eligible"])
def test_a_wrong_answer_is_refused(stored: Stored, wrong: str) -> None:
    """A mentee twice, a mentor above their places, a forbidden pair."""
    units, places = stored.units(), stored.places()
    mentor = int(np.flatnonzero(places == 1)[0])
    mentees = np.flatnonzero(units[mentor] >= 0)
    pairs = {
        "twice": [(who, mentees[0]) for who in np.flatnonzero(units[:, mentees[0]] >= 0)[:2]],
        "too many": [(mentor, mentee) for mentee in mentees[:2]],
        "not eligible": [tuple(np.argwhere(units < 0)[0])],
    }
    with pytest.raises(InvalidAnswer):
        sweeps.value(stored, np.array(pairs[wrong]))
    right = sweeps.value(stored, np.array([(mentor, mentees[0])]))
    assert right == {"pairs": 1, "total": units[mentor, mentees[0]]}


def test_all_severities_are_companies() -> None:
    """Each is drawn and has a policy of five goals and five rules, or more."""
    import tomllib

    assert {*sweeps.SEVERITIES, ONE_TO_ONE, PLACES} == set(COMPANIES)
    for company in COMPANIES.values():
        policy = tomllib.loads(company.policy)
        assert len(policy["rules"]) >= 5
        assert len(policy["goals"]) >= 5


@pytest.mark.parametrize("case", kernel.GROUP.smoke, ids=lambda case: case.family)
def test_the_sweep_beside_its_product(case: Case, tmp_path: Path) -> None:
    """Both were timed over all pairs; narrow sketches are filled up, and have the curves they are said to."""
    kernel.write(case, tmp_path)
    given = kernel.prepare(kernel.GROUP.read(case, tmp_path))
    figures = kernel.run(given, 0).figures
    n, m = given.sketch.shape
    assert figures["open_pairs"] <= n * m
    assert figures["features"] >= kernel.FEATURES
    assert figures["curves"] == {kernel.FACTORS: 0, kernel.ONE_CURVE: 1}.get(case.family, figures["curves"])
    assert min(figures["product_ns"], figures["sweep_ns"], figures["ratio"]) > 0


def test_one_large_cohort_in_small(capsys: pytest.CaptureFixture[str]) -> None:
    """One line per step."""
    large.main(["60", "30", "--capacities", "--verify", "--wishes", "--seed", "3"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["draw", "read", "match", "verify"]
    assert all(re.match(r"\w+ +\d+\.\d\d s +[\d,]+ MB  \S", line) for line in lines)
    assert "proven optimal" in lines[2]


def test_other_groups_are_kept() -> None:
    """Adding to a file leaves what was not measured again, on the same machine only."""
    here = {"system": "Linux", "cores": 2, "python": "3.11", "packages": {"b": "2"}}
    now = {"machine": here, "measured": [{"group": "size", "x": 2}]}
    then = {
        "machine": here | {"packages": {"a": "1"}},
        "measured": [{"group": "size", "x": 1}, {"group": "scoring", "x": 1}],
    }
    both = measure.added(now, then)
    assert both["measured"] == [{"group": "scoring", "x": 1}, {"group": "size", "x": 2}]
    assert both["machine"]["packages"] == {"a": "1", "b": "2"}
    with pytest.raises(SystemExit, match="another machine"):
        measure.added(now, {"machine": here | {"cores": 8}, "measured": []})
