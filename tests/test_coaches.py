"""Coaches from tables to files: chosen after the pairs or with them, verified, explained, stored."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.cli.app import app
from pairmatch.matching import Coached, CoachPlan
from pairmatch.testing import brute_force
from tests.coached import cohort, frames, plan_of, policy

seeds = st.integers(0, 10_000)


def best_by_trying(matching: pm.Matching) -> tuple[int, int]:
    """The most pairs with a coach and the largest score, by trying every choice for the pairs."""
    plan = plan_of(matching)
    worth = [scores(matching, pair.mentor, pair.mentee) for pair in plan.pairs]
    best = (0, 0)
    for choice in product(*[(None, *own) for own in worth]):
        load = Counter(who for who in choice if who is not None)
        if all(load[who] <= most for who, most in zip(plan.coaches, plan.capacity, strict=True)):
            chosen = [own[who] for own, who in zip(worth, choice, strict=True) if who is not None]
            best = max(best, (len(chosen), sum(chosen)))
    return best


def scores(matching: pm.Matching, mentor: str, mentee: str) -> dict[str, int]:
    """Coaches who suit a pair, and what they add, in plain Python from the tables."""
    tables = matching.cohort
    ours, theirs = (
        {p.id: p for p in side}[who] for side, who in ((tables.mentors, mentor), (tables.mentees, mentee))
    )
    found = {}
    assert tables.coaches is not None
    for coach in tables.coaches:
        suits = coach.id not in (mentor, mentee) and all(
            coach["team"] != one["team"]
            and {term.key for term in coach["languages"]} & {term.key for term in one["languages"]}
            for one in (ours, theirs)
        )
        if suits and coach.active:
            found[coach.id] = 0
    return found


@settings(max_examples=15)
@given(seeds)
def test_after_the_pairs_as_many_have_a_coach_as_can(seed: int) -> None:
    """The most pairs first; rules hold with both partners, loads stay within capacities."""
    found = cohort(7, 5, 3, seed)
    matching = pm.match(found, policy(capacity=1))
    pm.verify(matching, found, policy(capacity=1))
    plan = plan_of(matching)
    assert plan.coached == best_by_trying(matching)[0]
    assert not plan.jointly
    assert plan.certificate is not None
    assert plan.certificate.gap == 0
    for pair in plan.pairs:
        suits = scores(matching, pair.mentor, pair.mentee)
        assert (
            pair.coach in suits
            if pair.coach
            else pair.reason == ("coaches_full" if suits else "no_coach_suits")
        )
    assert (plan.loads["pairs"] <= plan.loads["capacity"]).all()


@settings(max_examples=12)
@given(seeds, st.booleans())
def test_row_order_makes_no_difference(seed: int, jointly: bool) -> None:
    """The same values, and verify agrees, whatever the order of the tables' rows."""
    tables, asked = frames(8, 6, 3, seed), policy(jointly=jointly, capacity=2)
    turned = [table.sample(frac=1, random_state=seed) for table in tables]
    one, two = (pm.Cohort(*some[:2], coaches=some[2]) for some in (tables, turned))
    assert one.fingerprint == two.fingerprint
    first, second = pm.match(one, asked), pm.match(two, asked)
    assert first.values == second.values
    assert plan_of(first).coached == plan_of(second).coached
    pm.verify(first, two, asked)
    assert pm.match(one, asked).coaches.equals(first.coaches)


@settings(max_examples=12)
@given(seeds)
def test_together_is_never_worse_than_one_after_the_other(seed: int) -> None:
    """In the objective's order; what the other way would have lost is told."""
    found, asked = cohort(9, 7, 3, seed), policy(jointly=True, capacity=2)
    matching = pm.match(found, asked)
    pm.verify(matching, found, asked)
    plan = plan_of(matching)
    assert plan.jointly
    assert plan.certificate is None
    assert [*plan.together] == list(asked.objective)
    assert tuple(plan.together.values()) >= tuple(plan.one_after_the_other.values())
    alone = pm.match(found, policy(capacity=2))
    assert plan.one_after_the_other["coached"] == plan_of(alone).coached
    assert matching.values["coached"] == plan.coached
    assert matching.certificate.gap == 0


@settings(max_examples=15)
@given(seeds, st.booleans())
def test_together_agrees_with_brute_force(seed: int, groups: bool) -> None:
    """The public oracle tries every choice of coaches with every choice of pairs."""
    found = cohort(5, 4, 3, seed)
    spread = [goals.SharedHobbies(weight=1), goals.Spread("region", price=0.2)]
    asked = policy(jointly=True, capacity=1, **({"goals": spread} if groups else {}))
    best, matching = brute_force(found, asked), pm.match(found, asked)
    assert best is not None
    assert best.values == tuple(proof.value for proof in matching.certificate.proofs)


def test_too_many_choices_of_coaches_are_not_tried() -> None:
    """The oracle says so, as it does of too many pairs."""
    with pytest.raises(pm.CallError, match="too_large"):
        brute_force(cohort(5, 5, 12), policy(jointly=True, capacity=9, rules=[]))


def test_with_scores_of_one_partner_alone_nothing_is_lost_where_places_abound() -> None:
    """Every pair can then have its mentor's best coach, whomever the mentor is paired with."""
    mentors, mentees, coaches = frames(8, 8, 3)
    found = pm.Cohort(
        mentors, mentees.assign(team="z", hobbies="none"), coaches=coaches.assign(capacity=None)
    )
    part = pm.Coaches(goals=[goals.SharedHobbies(weight=1, missing="zero")], jointly=True)
    plan = plan_of(pm.match(found, policy(coaches=part, rules=[])))
    assert plan.lost_sequentially == pytest.approx(0)


def test_the_tables() -> None:
    """One row per pair with its coach or reason; loads by coach; empty without the part."""
    found = cohort()
    matching = pm.match(found, policy(capacity=2))
    table = matching.coaches
    assert list(table.columns) == ["mentor", "mentee", "coach", "score", "reason"]
    assert table[["mentor", "mentee"]].equals(matching.pairs[["mentor", "mentee"]])
    assert (table["coach"].isna() == (table["reason"] != "")).all()
    assert (table["coach"].isna() == table["score"].isna()).all()
    plan = plan_of(matching)
    assert plan.loads["pairs"].sum() == plan.coached == table["coach"].notna().sum()
    assert plan.loads.set_index("coach")["capacity"].to_dict() == {"m0": 4, "c1": 2, "c2": 3}
    assert repr(plan).startswith(f"<CoachPlan: {plan.coached} of {len(table)} pairs with one of 3 coaches")
    assert "<table" in plan._repr_html_()
    assert len(pm.match(found, policy(coaches=None)).coaches) == 0
    assert plan.of("nobody", "nobody") is None
    assert plan.lost_sequentially is None


def test_nobody_coaches_their_own_pair() -> None:
    """Whoever stands in two tables."""
    mentors, mentees, coaches = frames(4, 4, 1)
    found = pm.Cohort(mentors, mentees, coaches=coaches.assign(capacity=9))
    table = pm.match(found, policy(rules=[], coaches=pm.Coaches())).coaches
    own = table[table["mentor"] == coaches["id"][0]]
    assert own["reason"].tolist() == ["no_coach_suits"] * len(own)
    assert table["coach"].notna().any()


def test_coaches_who_do_not_take_part_coach_nobody() -> None:
    """As other people."""
    mentors, mentees, coaches = frames()
    found = pm.Cohort(mentors, mentees, coaches=coaches.assign(active=False))
    matching = pm.match(found, policy())
    pm.verify(matching, found, policy())
    assert set(matching.coaches["reason"]) == {"no_coach_suits"}
    assert plan_of(matching).coaches == ()


def test_a_minimum_of_coaches_is_told_to_be_unread() -> None:
    """They have a capacity alone."""
    mentors, mentees, coaches = frames()
    found = pm.Cohort(mentors, mentees, coaches=coaches.assign(minimum=[2, None, None]))
    notes = pm.match(found, policy()).notes
    assert notes.loc[notes["code"] == "unused_field", ["side", "column"]].to_numpy().tolist() == [
        ["coaches", "minimum"]
    ]


def test_coaches_make_a_difference_to_the_fingerprint() -> None:
    """And cohorts without them keep theirs."""
    mentors, mentees, coaches = frames()
    plain = pm.Cohort(mentors, mentees)
    assert plain.coaches is None
    prints = {plain.fingerprint, cohort().fingerprint}
    prints.add(pm.Cohort(mentors, mentees, coaches=coaches.assign(capacity=9)).fingerprint)
    assert len(prints) == 3


def test_what_is_wrong_with_the_coaches_table_is_told() -> None:
    """Empty tables, doubled ids, and people of whom two tables say different things."""
    mentors, mentees, coaches = frames()
    for broken, code in (
        (coaches.iloc[:0], "empty_table"),
        (pd.concat([coaches, coaches]), "duplicate_id"),
        (coaches.assign(region="X"), "contradicting_profile"),
        (coaches.drop(columns="id"), "missing_id_column"),
    ):
        with pytest.raises(pm.CohortError) as caught:
            pm.Cohort(mentors, mentees, coaches=broken)
        assert ("coaches", code) in {(finding.side, finding.code) for finding in caught.value.findings}


@pytest.mark.parametrize("jointly", [False, True])
def test_written_and_read_back(tmp_path: Path, jointly: bool) -> None:
    """Nothing is lost, verify agrees, and a changed table is found out."""
    found, asked = cohort(), policy(jointly=jointly, capacity=1)
    matching = pm.match(found, asked)
    matching.write(tmp_path)
    back = pm.Matching.read(tmp_path, found)
    assert back.coaches.equals(matching.coaches)
    assert plan_of(back).one_after_the_other == plan_of(matching).one_after_the_other
    pm.verify(back, found, asked)
    assert matching.coaches["score"].isna().any()
    changed = (tmp_path / "coaches.csv").read_text(encoding="utf-8").replace("c1", "c2")
    (tmp_path / "coaches.csv").write_text(changed, encoding="utf-8")
    with pytest.raises(pm.FileError, match="table_changed"):
        pm.Matching.read(tmp_path, found)
    assert "NA" not in (tmp_path / "coaches.csv").read_text(encoding="utf-8")
    pm.match(found, policy(coaches=None)).write(tmp_path)
    assert not (tmp_path / "coaches.csv").exists()


def test_explain_names_the_coach() -> None:
    """Or says why there is none."""
    matching = pm.match(cohort(), policy(capacity=1))
    for pair in plan_of(matching).pairs:
        said = pm.explain(matching, mentee=pair.mentee)
        assert said.coaches[pair.mentor] == pair
        assert (f"coach {pair.coach}, who adds" if pair.coach else "no coach: ") in str(said)


def test_why_not_and_ties_know_coaches() -> None:
    """What a pair would cost counts coaches, and so does another optimum."""
    found, asked = cohort(6, 5, 2), policy(jointly=True, capacity=2)
    matching = pm.match(found, asked)
    made = {(pair.mentor, pair.mentee) for pair in matching.made}
    equal = False
    for mentor, mentee in product(found.mentors.ids, found.mentees.ids):
        told = pm.why_not(matching, mentor=mentor, mentee=mentee) if (mentor, mentee) not in made else None
        if told is not None and told.verdict == "costs":
            assert list(told.values) == ["must_match", "mentees", "coached", "total"]
            equal = equal or told.equal
    assert matching.ties() is equal or matching.ties()


def test_with_groups_and_hours_together() -> None:
    """Small mixtures are searched to the end; verify proves their bounds."""
    mentors, mentees, coaches = frames(6, 5, 2)
    hours = [4.0, 2.0, 3.0, 2.0, 4.0, 2.0]
    found = pm.Cohort(mentors.assign(hours=hours), mentees.assign(hours=[2.0, 1, 2, 1, 3]), coaches=coaches)
    asked = policy(
        jointly=True,
        rules=[rules.NotSameTeam(), rules.Hours()],
        goals=[goals.SharedHobbies(weight=1), goals.Spread("region", price=0.2)],
        mentors={"capacity": 2},
    )
    matching = pm.match(found, asked)
    pm.verify(matching, found, asked)
    assert matching.certificate.gap == 0


def test_from_the_command_line(tmp_path: Path) -> None:
    """match, verify and explain take the table of coaches, and tell of them."""
    names = ("mentors.csv", "mentees.csv", "coaches.csv")
    for table, name in zip(frames(), names, strict=True):
        table.to_csv(tmp_path / name, index=False)
    policy(jointly=True, capacity=1).write(tmp_path / "policy.toml")
    run, out = CliRunner(), tmp_path / "out"
    tables = [str(tmp_path / name) for name in names[:2]]
    coaches = ["--coaches", str(tmp_path / names[2])]
    made = run.invoke(
        app, ["match", *tables, "--policy", str(tmp_path / "policy.toml"), "--out", str(out), *coaches]
    )
    assert made.exit_code == 0, made.output
    assert "Coached:" in made.output
    assert "chosen after the pairs" in made.output
    assert (out / "coaches.csv").exists()
    assert run.invoke(app, ["verify", str(out), *tables, *coaches]).exit_code == 0
    said = run.invoke(app, ["explain", str(out), *tables, "--mentee", "e1", *coaches])
    assert "coach" in said.output
    assert run.invoke(app, ["verify", str(out), *tables]).exit_code == 2


def test_a_pair_without_a_coach_says_why() -> None:
    """Plain values, so that they can be made by hand."""
    pair = Coached("m", "e", None, 0, "coaches_full")
    assert CoachPlan((pair,), (), ()).table["reason"].tolist() == ["coaches_full"]
    assert np.isnan(CoachPlan((pair,), (), ()).table["score"].astype(float).iloc[0])
