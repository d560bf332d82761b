"""Pages, charts, audits, reviews and records that are passed on."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import rules
from tests.privacy.planted import (
    FOR_NO_LEAD,
    FOR_NO_PARTNER,
    FORGOTTEN,
    MENTEES,
    MENTORS,
    PROTECTED,
    cohort,
    mark,
    matching,
    people,
    policy,
)
from tests.privacy.trying import Texts, attempt, everything_in, refused


@attempt("the source of the lead's report", FOR_NO_LEAD)
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        pm.report(matching(), f"{folder}/report.html", diagnosis=pm.diagnose(matching()))
        for file in Path(folder).rglob("*"):
            yield file.name
            yield file.read_bytes()


@attempt("specifications of charts", FOR_NO_LEAD)
def _() -> Texts:
    scores = pm.score(cohort(), policy())
    charts = (
        pm.plot.heat_map(scores),
        pm.plot.contribution_bars(scores, mentee="e1"),
        pm.plot.load_chart(matching()),
        pm.plot.weights_chart(pm.uplift(matching(), draws=2)),
        pm.plot.flow_chart(matching()),
    )
    yield from (chart.to_json() for chart in charts)


@attempt("flows between the groups of a protected field", FOR_NO_LEAD)
def _() -> Texts:
    for field in ("gender", "secret"):
        yield from refused(pm.plot.flow_chart, matching(), field=field)


@attempt("what if: uplift, trade-off, what a place is worth", FOR_NO_LEAD)
def _() -> Texts:
    for found in (pm.uplift(matching(), draws=2), pm.trade_off(matching()), pm.place_values(matching())):
        yield from everything_in(found, deep=False)
        yield found.table.to_csv()


@attempt(
    "an audit of groups of one: nothing but their names, which the auditor asked for", {"a number": "0."}
)
def _() -> Texts:
    for by in (["faith"], ["gender"], [("gender", "secret")], ["department", "gender"]):
        for of in ("mentors", "mentees"):
            table = pm.audit(matching(), by=by, of=of).table
            numbers = table.drop(columns=["of", "by", "group", "measure"])
            yield numbers[table["by"] != ""].to_csv(index=False, header=False)


@attempt("an audit of a table that the solver never saw", {"salary of e1": mark("salary", "e1")})
def _() -> Texts:
    data = pd.DataFrame({"id": MENTEES, "pay": [mark("salary", who) for who in MENTEES]})
    pm.audit(matching(), by="pay", data=data)
    yield from (repr(matching()), matching().pairs.to_csv(), str(matching().cohort.fields))
    assert "pay" not in matching().cohort.fields


@attempt("an audit record", FOR_NO_LEAD)
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        record = pm.AuditRecord(f"{folder}/record.jsonl")
        record.matched(matching(), when="2026-01-05")
        record.reviewed(matching(), "approved", who="lead", when="2026-01-06", why="all well")
        yield (Path(folder) / "record.jsonl").read_bytes()
        yield from (repr(record), record.table.to_csv())


@attempt("a reason with a profile's words in it, for the record", {"faith of e1": mark("faith", "e1")})
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        record = pm.AuditRecord(f"{folder}/record.jsonl")
        record.matched(matching(), when="2026-01-05")
        why = f"because of {mark('faith', 'e1')}"
        with pytest.raises(pm.PairmatchError) as caught:
            record.reviewed(matching(), "approved", who="lead", when="2026-01-06", why=why)
        yield str(caught.value)
        yield (Path(folder) / "record.jsonl").read_bytes()


@attempt("a hand-edited list that breaks every rule", FOR_NO_LEAD)
def _() -> Texts:
    pairs = pd.DataFrame({"mentor": ["m1", "m2", "m3", "m1"], "mentee": ["e2", "e1", "e1", "e3"]})
    found = pm.check(pairs, cohort(), policy())
    assert not found.valid
    yield from (str(found), repr(found), found._repr_html_(), found.violations.to_csv())


@attempt("a list read from a file with a profile in it", FOR_NO_LEAD)
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pairs.csv"
        file.write_text(
            f"mentor,mentee,faith\nm1,{mark('faith', 'e1')},x\n{mark('secret', 'm1')},e1,y\n", "utf-8"
        )
        with pytest.raises(pm.PairmatchError) as caught:
            pm.check(file, cohort(), policy())
        yield str(type(caught.value))


@attempt("exceptions from rules", FOR_NO_LEAD)
def _() -> Texts:
    terms = policy(exceptions=[("not_vetoed", "m1", "e2")])
    made = pm.match(cohort(), terms)
    yield from (made.exceptions.to_csv(), repr(terms), str(terms.to_dict()), repr(made))


@attempt("rules that give way", FOR_NO_LEAD)
def _() -> Texts:
    made = pm.match(cohort(), policy(), relax=["in_common(faith)"])
    yield from (made.exceptions.to_csv(), made.notes.to_csv(), repr(made))
    with pytest.raises(pm.PairmatchError) as caught:
        pm.match(cohort(), policy(), relax=["not_vetoed"])
    yield str(caught.value)


@attempt("an infeasible policy's conflict", FOR_NO_LEAD)
def _() -> Texts:
    required = rules.Required([("m1", "e2"), ("m2", "e1")])
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.match(cohort(), pm.Policy(rules=[*policy().rules, required], goals=policy().goals))
    yield from everything_in(caught.value, deep=False)
    table = getattr(caught.value, "conflict_table", None)
    yield "" if table is None else table.to_csv()


OTHERS = {what: word for what, word in (PROTECTED | FORGOTTEN).items() if not what.endswith(" of e1")}


@attempt("what is kept of one person, handed to them", OTHERS)
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        matching().write(folder)
        yield str(pm.export("e1", folder, cohort=cohort()))


RATED = {"reference_rating of e1": mark("reference_rating", "e1"), "drop_out of e1": mark("drop_out", "e1")}


@attempt("what others said of somebody, handed to them", RATED)
def _() -> Texts:
    yield str(pm.export("e1", cohort=cohort()))


@attempt("somebody else asks for what is kept", FOR_NO_PARTNER)
def _() -> Texts:
    for audience in ("mentor", "mentee", "auditor"):
        yield from refused(pm.export, "e1", cohort=cohort(), audience=audience)


@attempt("what is left of somebody who was taken out", {"a name": mark("name", "e1")})
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        matching().write(f"{folder}/out")
        page = pm.introduce(matching(), mentor="m1", mentee="e1", audience="mentor")
        page.write(f"{folder}/out/introduction.html")
        record = pm.AuditRecord(f"{folder}/record.jsonl")
        record.matched(matching(), when="2026-01-05")
        pm.purge("e1", f"{folder}/out", f"{folder}/record.jsonl", also=[mark("name", "e1")])
        for name in ("pairs.csv", "unmatched.csv", "matching.json"):
            data = (Path(folder) / "out" / name).read_text("utf-8")
            assert '"e1"' not in data
            assert ",e1," not in data
        for file in Path(folder).rglob("*"):
            yield file.name
            yield file.read_bytes() if file.is_file() else ""


@attempt("the command line: explain, for each audience", FOR_NO_PARTNER)
def _() -> Texts:
    from importlib import import_module

    from typer.testing import CliRunner

    from pairmatch.cli import COMMANDS
    from pairmatch.cli.app import app

    for name in COMMANDS:
        import_module(f"pairmatch.cli.{name}")

    def run(*arguments: object) -> str:
        done = CliRunner().invoke(app, [*map(str, arguments)])
        return done.output + done.stderr

    people = cohort_files()
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        for name, frame in people.items():
            frame.to_csv(where / f"{name}.csv", index=False)
        pm.Schema().write(where / "schema.toml")
        quiet = pm.Policy(goals=[pm.goals.TopicCoverage(weight=1), pm.goals.SharedHobbies(weight=1)])
        quiet.write(where / "policy.toml")
        tables = (where / "mentors.csv", where / "mentees.csv")
        said = run("match", *tables, "--policy", where / "policy.toml", "--out", where / "out")
        assert (where / "out" / "matching.json").exists(), said
        pair = pd.read_csv(where / "out" / "pairs.csv", nrows=1)[["mentor", "mentee"]].iloc[0]
        for role, who in pair.items():
            told = run("explain", where / "out", *tables, f"--{role}", who, "--audience", role)
            assert told.startswith("Your ment"), told
            yield told
        one = (where / "out", *tables, "--mentee", pair["mentee"], "--audience", "mentee")
        for refused_one in (run("why-not", *one, "--mentor", "m2"), run("diagnose", *one)):
            assert "not for the partners" in refused_one, refused_one
            yield refused_one


def cohort_files() -> dict[str, pd.DataFrame]:
    """The two tables, as somebody would keep them."""
    return {"mentors": people(MENTORS, "m"), "mentees": people(MENTEES, "e")}
