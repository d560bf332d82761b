"""What whoever runs the programme gets in their hands, where traits, ratings and reasons must not show."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import rules
from pairmatch.problem import RESOLUTION
from tests.privacy.planted import FOR_NO_LEAD, MENTEES, MENTORS, SCHEMA, cohort, mark, matching, policy
from tests.privacy.trying import Texts, attempt, everything_in

PAIRS = [(mentor, mentee) for mentor in MENTORS for mentee in MENTEES]


def files(made: pm.Matching) -> Iterator[tuple[str, bytes]]:
    """All files of a written matching: name and bytes."""
    with tempfile.TemporaryDirectory() as folder:
        made.write(folder)
        for file in sorted(Path(folder).rglob("*")):
            yield file.name, file.read_bytes()


@attempt("pairs.csv", FOR_NO_LEAD)
def _() -> Texts:
    yield dict(files(matching()))["pairs.csv"]


@attempt("unmatched.csv", FOR_NO_LEAD)
def _() -> Texts:
    yield dict(files(matching()))["unmatched.csv"]


@attempt("matching.json", FOR_NO_LEAD)
def _() -> Texts:
    yield dict(files(matching()))["matching.json"]


@attempt("names of the files", FOR_NO_LEAD)
def _() -> Texts:
    yield " ".join(name for name, _ in files(matching()))


@attempt("files of a re-match with reasons", FOR_NO_LEAD)
def _() -> Texts:
    failed = pd.DataFrame({"mentor": ["m2"], "mentee": ["e2"], "reason": ["no_chemistry"]})
    again = pm.rematch(matching(), failed=failed)
    for name, data in files(again):
        assert b"no_chemistry" not in data, name
        yield data
    for text in (str(again.changes.to_dict()), repr(again), again._repr_html_()):
        assert "no_chemistry" not in text
        yield text


@attempt("explanations of everybody for the lead", FOR_NO_LEAD)
def _() -> Texts:
    for role, people in (("mentor", MENTORS), ("mentee", MENTEES)):
        for who in people:
            yield from everything_in(pm.explain(matching(), **{role: who}))


@attempt("why not, for every pair", FOR_NO_LEAD)
def _() -> Texts:
    for mentor, mentee in PAIRS:
        yield from everything_in(pm.why_not(matching(), mentor=mentor, mentee=mentee))


@attempt("scores of all pairs", FOR_NO_LEAD)
def _() -> Texts:
    scores = pm.score(cohort(), policy())
    yield from (repr(scores), scores._repr_html_(), str(scores.labels), str(scores.left_out))
    tables = (scores.weights, scores.completeness, scores.forbidden_by, scores.pairs)
    yield from (table.to_csv() for table in tables)


@attempt("contributions that are told together, one by one", FOR_NO_LEAD)
def _() -> Texts:
    scores = pm.score(cohort(), policy())
    assert "overlap(faith)" not in scores.labels
    for label in ("overlap(faith)", "same(secret)", "closeness(age)"):
        with pytest.raises(pm.CallError) as caught:
            scores.contributions(label)
        yield str(caught.value)


@attempt("subtracting the shown columns from the weight", FOR_NO_LEAD)
def _() -> Texts:
    """What is left is of at least two goals, one of them open to the lead."""
    hidden = {"overlap(faith)", "same(secret)", "closeness(age)"}
    columns = pm.score(cohort(), policy()).columns
    assert hidden < set(columns.merged)
    assert set(columns.merged) - set(columns.hidden)
    for row in matching().pairs.to_dict("records"):
        shown = sum(row[name] for name in columns.names)
        assert round(shown * RESOLUTION) == round(row["weight"] * RESOLUTION)
        yield str(row)


@attempt("how complete the data were: a blank hidden field does not show", FOR_NO_LEAD)
def _() -> Texts:
    blank = pm.Schema(fields=SCHEMA.fields)
    mentors, mentees = (pd.DataFrame({"id": [who], "hobbies": ["chess"]}) for who in ("m1", "e1"))
    told = []
    for faith in (mark("faith", "m1"), None):
        people = pm.Cohort(mentors.assign(faith=faith), mentees.assign(faith=["zqother"]), schema=blank)
        goals = [
            pm.goals.SharedHobbies(weight=1),
            pm.goals.Overlap("faith", "faith", weight=1, purpose="a test"),
        ]
        told.append(pm.score(people, pm.Policy(goals=goals)).completeness.to_csv())
    assert told[0] == told[1]
    yield from told


@attempt("what a matching, a cohort and a policy say of themselves", FOR_NO_LEAD)
def _() -> Texts:
    made = matching()
    for thing in (
        made,
        made.cohort,
        made.policy,
        made.certificate,
        *made.cohort.mentors,
        *made.cohort.mentees,
    ):
        yield from (repr(thing), str(thing), getattr(thing, "_repr_html_", str)())
    yield from (
        made.cohort.notes.to_csv(),
        made.notes.to_csv(),
        made.cohort.fingerprint,
        made.policy.fingerprint,
    )


@attempt("labels and words of rules and goals", FOR_NO_LEAD)
def _() -> Texts:
    for part in (*policy().rules, *policy().goals):
        yield f"{part!r} {getattr(part, 'label', '')} {getattr(part, 'description', '')}"


@attempt("tables about groups", FOR_NO_LEAD)
def _() -> Texts:
    made = matching()
    yield from (made.groups.to_csv(), str(made.values), made.unmatched.to_csv(), made.pairs.to_html())


@attempt("the error about a cohort with a bad cell in every field", FOR_NO_LEAD)
def _() -> Texts:
    bad = {
        "age": mark("faith", "m1"),
        "reference_rating": mark("secret", "m1"),
        "active": mark("gender", "m1"),
    }
    frame = pd.DataFrame({"id": ["m1"], **{name: [cell] for name, cell in bad.items()}})
    with pytest.raises(pm.CohortError) as caught:
        pm.Cohort(frame, pd.DataFrame({"id": ["e1"]}), schema=SCHEMA)
    yield from everything_in(caught.value)
    yield caught.value.table.to_csv()


@attempt("the error about a policy that cannot be kept", FOR_NO_LEAD)
def _() -> Texts:
    terms = pm.Policy(rules=[*policy().rules, rules.Required([("m1", "e2")])], goals=policy().goals)
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.match(cohort(), terms)
    yield from everything_in(caught.value)
    yield caught.value.table.to_csv()


@attempt("the error about a policy that fits no cohort", FOR_NO_LEAD)
def _() -> Texts:
    with pytest.raises(pm.PolicyError) as caught:
        pm.match(
            cohort(), pm.Policy(goals=[pm.goals.Same("faith", weight=1), pm.goals.Same("no such", weight=1)])
        )
    yield from everything_in(caught.value)


@attempt("a written matching read with another cohort", FOR_NO_LEAD)
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        matching().write(folder)
        with pytest.raises(pm.FileError) as caught:
            pm.Matching.read(folder, cohort(history=pd.DataFrame({"mentor": [], "mentee": []})))
        yield from everything_in(caught.value)


@attempt("what verify finds in a matching that was tampered with", FOR_NO_LEAD)
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        matching().write(folder)
        file = Path(folder) / "matching.json"
        file.write_text(file.read_text("utf-8").replace('"m1"', '"m3"', 1), "utf-8")
        with pytest.raises(pm.PairmatchError) as caught:
            pm.verify(pm.Matching.read(folder, cohort()), cohort(), policy())
        yield from everything_in(caught.value)


@attempt("suggestions, alternates, waves, reserves and stability for the lead", FOR_NO_LEAD)
def _() -> Texts:
    results = (
        pm.suggest(cohort(), policy()),
        pm.alternates(matching()),
        pm.waves(matching()),
        pm.stability(matching()),
        pm.reserve_plan(matching(), scenarios=100),
    )
    for result in results:
        yield from everything_in(result, deep=False)
        yield from (value.to_csv() for value in vars(result).values() if isinstance(value, pd.DataFrame))


@attempt("why people have no partner, and what would serve them", FOR_NO_LEAD)
def _() -> Texts:
    found = pm.diagnose(matching())
    yield from (
        str(found),
        repr(found),
        found._repr_html_(),
        found.table.to_csv(),
        found.relaxations.to_csv(),
    )
    yield from (str(found.of(mentee=who)) for who in ("e4", "e5"))


@attempt("a programme's tables", FOR_NO_LEAD)
def _() -> Texts:
    events = [
        pm.Event("2026-01-05", "started", "m1", "e1"),
        pm.Event("2026-02-05", "ended", "m1", "e1", "no_chemistry"),
    ]
    life = pm.Programme.from_events(events, cohort(), on="2026-03-01")
    tables = (life.pairs, life.history, life.failed, life.waiting, life.due)
    for text in (repr(life), *(table.to_csv() for table in tables)):
        assert "no_chemistry" not in text
        yield text
