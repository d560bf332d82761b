"""What a mentor or a mentee may try, alone or with every page that there is."""

from __future__ import annotations

import copy
import dataclasses
import logging
import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

import pairmatch as pm
from pairmatch.introduce import Introduction, introduce
from tests.privacy.planted import (
    FOR_NO_PARTNER,
    MENTEES,
    MENTORS,
    SCHEMA,
    cohort,
    mark,
    matching,
    policy,
)
from tests.privacy.trying import Texts, attempt, everything_in, refused
from tests.privacy.worlds import seen

M1, E1 = {"mentor": "m1"}, {"mentee": "e1"}


def views() -> Iterator[tuple[str, Any]]:
    """Every explanation that some partner may read: whose, and the explanation."""
    for role, people in (("mentor", MENTORS), ("mentee", MENTEES)):
        for who in people:
            yield role, pm.explain(matching(), **{role: who}, audience=role)


def pages() -> Iterator[Introduction]:
    """Every introduction."""
    for made in matching().made:
        for audience in ("mentor", "mentee"):
            yield introduce(matching(), mentor=made.mentor, mentee=made.mentee, audience=audience)


@attempt("the mentee reads their explanation", FOR_NO_PARTNER)
def _() -> Texts:
    yield str(pm.explain(matching(), **E1, audience="mentee"))


@attempt("the mentor reads theirs", FOR_NO_PARTNER)
def _() -> Texts:
    yield str(pm.explain(matching(), **M1, audience="mentor"))


@attempt("all partners put their explanations together", FOR_NO_PARTNER)
def _() -> Texts:
    yield from (str(told) for _, told in views())


@attempt("what a notebook and a prompt show", FOR_NO_PARTNER)
def _() -> Texts:
    yield from (repr(told) + told._repr_html_() for _, told in views())


@attempt("the table as CSV, JSON, HTML and pickle", FOR_NO_PARTNER)
def _() -> Texts:
    for _, told in views():
        table = told.partners
        yield from (table.to_csv(), str(table.to_json()), table.to_html(), pickle.dumps(table))


@attempt("what a table carries unseen: attributes, categories, names of its index", FOR_NO_PARTNER)
def _() -> Texts:
    for _, told in views():
        assert told.partners.attrs == {}
        assert set(map(str, told.partners.dtypes)) == {"object"}
        yield f"{told.partners.index.names} {told.partners.columns.names}"


@attempt("a pickled explanation", FOR_NO_PARTNER)
def _() -> Texts:
    yield from (pickle.dumps(told, protocol) for _, told in views() for protocol in range(6))


@attempt("everything that hangs on an explanation", FOR_NO_PARTNER)
def _() -> Texts:
    yield from (text for _, told in views() for text in everything_in(told))


@attempt("a deep copy, taken apart", FOR_NO_PARTNER)
def _() -> Texts:
    yield from (str(dataclasses.asdict(copy.deepcopy(told))) for _, told in views())


@attempt("asking under the other's id", FOR_NO_PARTNER)
def _() -> Texts:
    for audience in ("mentor", "mentee"):
        first, second = (pm.explain(matching(), **who, audience=audience) for who in (M1, E1))
        assert str(first) == str(second)
        yield str(first)


@attempt("asking twice, and in another order", FOR_NO_PARTNER)
def _() -> Texts:
    first = [str(told) for _, told in views()]
    assert first == [str(told) for _, told in [*views()][::-1]][::-1]
    yield from first


@attempt("who has no partner asks why", FOR_NO_PARTNER)
def _() -> Texts:
    told = {str(pm.explain(matching(), mentee=who, audience="mentee")) for who in ("e4", "e5")}
    assert len(told) == 1
    yield from told


@attempt("an introduction as Markdown", FOR_NO_PARTNER)
def _() -> Texts:
    yield from (page.markdown for page in pages())


@attempt("the source of an introduction's HTML", FOR_NO_PARTNER)
def _() -> Texts:
    yield from (page.html for page in pages())


@attempt("everything that hangs on an introduction, also pickled", FOR_NO_PARTNER)
def _() -> Texts:
    yield from (text for page in pages() for text in everything_in(page))


@attempt("files of introductions, and their names", FOR_NO_PARTNER)
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        for number, page in enumerate(pages()):
            page.write(f"{folder}/{number}.md")
            page.write(f"{folder}/{number}.html")
        for file in Path(folder).rglob("*"):
            yield str(file.relative_to(folder))
            yield file.read_bytes()


@attempt("allowing protected fields under other spellings", FOR_NO_PARTNER)
def _() -> Texts:
    spellings = (
        "FAITH; Faith ; f-a-i-t-h; The faith; SECRET; reference-rating; Topics Wanted; *; all; id,faith"
    )
    mentors = pd.DataFrame(
        {"id": ["m1"], "The faith": [mark("faith", "m1")], "shown_to_partner": [spellings]}
    )
    schema = pm.Schema(fields=SCHEMA.fields, columns={"faith": "The faith"})
    made = pm.match(
        pm.Cohort(mentors, pd.DataFrame({"id": ["e1"]}), schema=schema), pm.Policy(objective=("pairs",))
    )
    yield from seen(made, "m1", "e1").values()


@attempt("a field that no schema names", FOR_NO_PARTNER)
def _() -> Texts:
    mentors = pd.DataFrame({"id": ["m1"], "salary": [mark("salary", "m1")], "shown_to_partner": ["salary"]})
    made = pm.match(pm.Cohort(mentors, pd.DataFrame({"id": ["e1"]})), pm.Policy(objective=("pairs",)))
    yield from seen(made, "m1", "e1").values()


@attempt("reading again after a re-match of others", FOR_NO_PARTNER)
def _() -> Texts:
    failed = pd.DataFrame({"mentor": ["m2"], "mentee": ["e2"], "reason": ["no_chemistry"]})
    again = pm.rematch(matching(), failed=failed)
    before, after = (seen(made, "m1", "e1") for made in (matching(), again))
    assert before == after
    assert "chemistry" not in str(after)
    yield from after.values()


@attempt("reading before and after somebody vetoes somebody else", FOR_NO_PARTNER)
def _() -> Texts:
    vetoes = pd.DataFrame({"mentor": ["m3"], "mentee": ["e4"]})
    other = pm.match(cohort(vetoes=vetoes), policy())
    if ("m1", "e1") in {(made.mentor, made.mentee) for made in other.made}:
        assert seen(other, "m1", "e1") == seen(matching(), "m1", "e1")
    yield from seen(matching(), "m1", "e1").values()


@attempt("subtracting what is shown from a band", FOR_NO_PARTNER)
def _() -> Texts:
    bands = {band for _, told in views() for band in told.partners["band"]}
    assert bands <= {"a suitable partner", "a good match", "a very good match"}
    assert not any(character.isdigit() for band in bands for character in band)
    yield from bands


@attempt("reading the ranks of one's partners from their order", FOR_NO_PARTNER)
def _() -> Texts:
    for _, told in views():
        assert told.partners["partner"].tolist() == sorted(told.partners["partner"])
        yield str(told.partners["partner"].tolist())


@attempt("one page for all partners of a person", FOR_NO_PARTNER)
def _() -> Texts:
    mentors = pd.DataFrame({"id": ["m1"], "capacity": [2]})
    made = pm.match(pm.Cohort(mentors, pd.DataFrame({"id": ["e1", "e2"]})), pm.Policy(objective=("pairs",)))
    yield from refused(pm.explain, made, **M1, audience="mentee")
    assert "e2" not in str(pm.explain(made, **E1, audience="mentee"))


@attempt("an introduction to somebody else's partner", FOR_NO_PARTNER)
def _() -> Texts:
    yield from refused(introduce, matching(), mentor="m2", mentee="e1")


@attempt("an introduction for the lead", FOR_NO_PARTNER)
def _() -> Texts:
    yield from refused(introduce, matching(), **M1, **E1, audience="lead")


@attempt("why not somebody else: for the lead alone", FOR_NO_PARTNER)
def _() -> Texts:
    for audience in ("mentor", "mentee"):
        for mentor in MENTORS:
            yield from refused(pm.why_not, matching(), mentor=mentor, mentee="e1", audience=audience)


@attempt("scores of all pairs: for the lead alone", FOR_NO_PARTNER)
def _() -> Texts:
    yield from refused(pm.score, cohort(), policy(), audience="mentee")


@attempt("diagnosis: for the lead alone", FOR_NO_PARTNER)
def _() -> Texts:
    yield from refused(pm.diagnose, matching(), mentee="e4", audience="mentee")


@attempt("the report: for the lead alone", FOR_NO_PARTNER)
def _() -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        for audience in ("mentor", "mentee"):
            yield from refused(pm.report, matching(), f"{folder}/report.html", audience=audience)
        assert not [*Path(folder).iterdir()]


@attempt("why pairs ended: for the lead alone", FOR_NO_PARTNER)
def _() -> Texts:
    events = [
        pm.Event("2026-01-05", "started", "m1", "e1"),
        pm.Event("2026-02-05", "ended", "m1", "e1", "other"),
    ]
    programme = pm.Programme.from_events(events, on="2026-03-01")
    yield from refused(programme.end_reasons, audience="mentee")


@attempt("a list of suggestions", FOR_NO_PARTNER)
def _() -> Texts:
    for role in ("mentor", "mentee"):
        yield from everything_in(pm.suggest(cohort(), policy(), for_=role, audience=role))


@attempt("a list of suggestions for the other side", FOR_NO_PARTNER)
def _() -> Texts:
    yield from refused(pm.suggest, cohort(), policy(), for_="mentee", audience="mentor")


@attempt("what is written to the log and to the screen", FOR_NO_PARTNER)
def _() -> Texts:
    import contextlib
    import io

    heard, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(heard), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
            for told in (*views(), *pages()):
                str(told)
            pm.match(cohort(), policy())
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
    yield heard.getvalue()


@attempt("an audience with a slip in it", FOR_NO_PARTNER)
def _() -> Texts:
    for audience in ("Mentee", "mentee ", "partner", "", None, ["mentee"], 1):
        yield from refused(pm.explain, matching(), **E1, audience=audience)
