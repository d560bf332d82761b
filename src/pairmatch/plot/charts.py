"""Pictures of scores, made with altair: what a policy makes of many pairs, and of one person's partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.cohort import Block, Profiles
from pairmatch.errors import CallError, Finding, counted, did_you_mean, shown
from pairmatch.matching import one_person
from pairmatch.parameters import is_whole, label_of, told
from pairmatch.plot.drawing import (
    GREY,
    INK,
    altair_or_error,
    colours,
    in_words,
    people_axis,
    reason_words,
    titled,
)
from pairmatch.problem import RESOLUTION
from pairmatch.score import Scores
from pairmatch.scoring import Scorer, canonical_order

if TYPE_CHECKING:
    import altair as alt

__all__ = ["contribution_bars", "heat_map"]

MOST_CELLS = 10_000
"""Pairs in one heat map: more are no picture any more."""

MOST_BARS = 50
"""Partners in one chart of bars."""

NOT_ELIGIBLE = "not eligible"


def heat_map(
    scores: Scores, *, mentors: Iterable[str] | None = None, mentees: Iterable[str] | None = None
) -> alt.LayerChart:
    """Draw the weights of many pairs: mentors in rows, mentees in columns.

    The darker, the better. A pair that is not eligible is grey; its tooltip names the first rule that
    forbids it.

    Parameters
    ----------
    scores
        What :func:`pairmatch.score` returned.
    mentors, mentees
        Ids, in the order in which they are drawn; None: everybody who takes part. At most 10,000 pairs.

    Returns
    -------
    altair.LayerChart
        A notebook shows it, and ``chart.save("weights.png")`` writes it.

    Raises
    ------
    CallError
        If the arguments cannot be used, or the pairs are too many for a picture.
    MissingExtraError
        If altair is not installed.
    """
    altair = altair_or_error()
    cohort = _checked(scores).cohort
    rows, columns = _chosen(cohort.mentors, mentors), _chosen(cohort.mentees, mentees)
    _refuse_a_crowd(len(rows), len(columns))
    cells = _cells(scores, rows, columns)
    every = altair.Chart(altair.InlineData(values=cells)).mark_rect(stroke="white", strokeWidth=0.5)
    every = every.encode(
        x=altair.X("mentee:N", sort=columns, axis=people_axis("mentees", columns, labelAngle=-90)),
        y=altair.Y("mentor:N", sort=rows, axis=people_axis("mentors", rows)),
    )
    weights = altair.Scale(scheme="yelloworangebrown", domain=[0, 1])
    grey = altair.Scale(domain=[NOT_ELIGIBLE], range=[GREY])
    eligible = every.transform_filter("datum.weight !== null").encode(
        color=altair.Color("weight:Q", scale=weights, title="weight"),
        tooltip=["mentor:N", "mentee:N", altair.Tooltip("weight:Q", format=".3f")],
    )
    others = every.transform_filter("datum.weight === null").encode(
        color=altair.Color("state:N", scale=grey, legend=altair.Legend(title=None, symbolType="square")),
        tooltip=["mentor:N", "mentee:N", altair.Tooltip("why:N", title=NOT_ELIGIBLE)],
    )
    size = {"width": altair.Step(_step(len(columns))), "height": altair.Step(_step(len(rows)))}
    layers = altair.layer(others, eligible).resolve_scale(color="independent").properties(**size)
    remark = f"{sum('why' not in cell for cell in cells):,} of {counted(len(cells), 'pair')} eligible"
    return titled(layers, "How well mentors and mentees suit each other", [remark], scores)


def contribution_bars(
    scores: Scores, *, mentee: str | None = None, mentor: str | None = None, most: int = 10
) -> alt.LayerChart:
    """Draw one person's best partners: what each goal contributes, stacked up to the weight.

    Goals that the scores' audience may not see by themselves are one colour, ``"other"`` (law §12).

    Parameters
    ----------
    scores
        What :func:`pairmatch.score` returned.
    mentee, mentor
        Id of the person; one of the two.
    most
        Most partners shown, from 1 to 50.

    Returns
    -------
    altair.LayerChart
        A notebook shows it, and ``chart.save("partners.png")`` writes it.

    Raises
    ------
    CallError
        If the arguments cannot be used, or nobody is eligible for the person.
    MissingExtraError
        If altair is not installed.
    """
    altair = altair_or_error()
    role, person = one_person(_checked(scores).cohort, mentor, mentee)
    _refuse_odd_numbers(most)
    partners = _partners(scores, role, person)
    best, other, words = partners[:most], "mentor" if role == "mentee" else "mentee", in_words(scores.labels)
    data = altair.InlineData(values=_parts(scores, role, person, best))
    bars = altair.Chart(data).encode(
        y=altair.Y("partner:N", sort=best, axis=people_axis(f"{other}s, best first", best))
    )
    along = altair.Axis(title="weight, goal by goal", labelFlush=False)
    scale = altair.Scale(**colours(words, [label_of(goal) for goal in scores.policy.pair_goals]))
    parts = bars.mark_bar(stroke="white", strokeWidth=0.5).encode(
        x=altair.X("contribution:Q", scale=altair.Scale(domain=[0, 1]), axis=along),
        color=altair.Color("goal:N", scale=scale, title="goal"),
        order=altair.Order("place:Q"),
        tooltip=["partner:N", "goal:N", altair.Tooltip("contribution:Q", format=".3f")],
    )
    sums = bars.transform_filter("datum.place === 0").mark_text(align="left", dx=4, color=INK)
    sums = sums.encode(x="weight:Q", text=altair.Text("weight:Q", format=".3f"))
    layers = altair.layer(parts, sums).properties(width=420, height=altair.Step(22))
    remarks = [f"{len(best):,} of {counted(len(partners), f'eligible {other}')}"]
    if scores.columns.merged:
        remarks.append("“Other” are goals that are told together, for privacy")
    return titled(layers, f"Who suits {role} {shown(person)} best", remarks, scores)


def _checked(scores: object) -> Scores:
    if isinstance(scores, Scores):
        return scores
    hint = "'scores' must be what pm.score(cohort, policy) returned."
    raise CallError([Finding("bad_argument", hint, column="scores")])


def _chosen(people: Profiles, ids: Iterable[str] | None) -> list[str]:
    """The people to draw: those asked for, or everybody who takes part."""
    if ids is None:
        return [people.ids[row] for row in np.flatnonzero(people.active).tolist()]
    asked = [ids] if isinstance(ids, str) else list(ids)
    known = set(people.ids)
    strangers = [identifier for identifier in asked if identifier not in known]
    if strangers:
        near = did_you_mean(str(strangers[0]), people.ids) if len(people) <= MOST_CELLS else ""
        hint = f"nobody among the {people.side} has this id.{near}"
        raise CallError([Finding("unknown_person", hint, people.side, str(who)) for who in strangers])
    return list(dict.fromkeys(asked))


def _refuse_a_crowd(mentors: int, mentees: int) -> None:
    if mentors and mentees and mentors * mentees <= MOST_CELLS:
        return
    hint = (
        f"a heat map shows from 1 to {MOST_CELLS:,} pairs, and these are {mentors * mentees:,}; choose "
        "people with mentors= and mentees=, or draw one person's partners with contribution_bars."
    )
    raise CallError([Finding("too_many_pairs" if mentors * mentees else "nobody_to_draw", hint)])


def _refuse_odd_numbers(most: object) -> None:
    if not is_whole(most) or not 1 <= int(most) <= MOST_BARS:  # type: ignore[call-overload]
        hint = f"'most' must be a whole number from 1 to {MOST_BARS}, not {told(most)}."
        raise CallError([Finding("bad_integer", hint, column="most")])


def _cells(scores: Scores, rows: Sequence[str], columns: Sequence[str]) -> list[dict[str, Any]]:
    """One record per pair: its weight, or why it has none."""
    cohort, rules = scores.cohort, scores.policy.rules
    asked = {label_of(rule): str(getattr(rule, "description", "")) for rule in rules}
    places = np.ix_([*map(cohort.mentors.position, rows)], [*map(cohort.mentees.position, columns)])
    weights = scores.weights.to_numpy()[places].tolist()
    reasons = scores.forbidden_by.to_numpy()[places].tolist()
    return [
        {"mentor": mentor, "mentee": mentee, **_told(weights[i][j], reasons[i][j], asked)}
        for i, mentor in enumerate(rows)
        for j, mentee in enumerate(columns)
    ]


def _told(weight: float, reason: str | None, asked: Mapping[str, str]) -> dict[str, Any]:
    if reason is None:
        return {"weight": weight}
    return {"weight": None, "state": NOT_ELIGIBLE, "why": reason_words(reason, asked)}


def _step(people: int) -> float:
    """Pixels for each of so many people along an axis."""
    return float(max(4, min(18, 720 // max(1, people))))


def _partners(scores: Scores, role: str, person: str) -> list[str]:
    """Everybody who is eligible for a person, best first, equals in the canonical order (law §8)."""
    if not scores.labels:
        hint = "no goal of the policy is in use, so there is nothing to stack; add one that has data."
        raise CallError([Finding("no_goals", hint, column="scores")])
    mine, theirs = _sides(scores, role)
    row, weights = mine.position(person), scores.weights.to_numpy()
    own = weights[:, row] if role == "mentee" else weights[row]
    eligible = np.array(
        [k for k in canonical_order(theirs, scores.policy.seed) if not np.isnan(own[k])], np.int64
    )
    if not len(eligible):
        hint = (
            f"nobody is eligible for this {role}; scores.forbidden_by tells which rule forbids each partner."
        )
        raise CallError([Finding("no_eligible_partner", hint, f"{role}s", person)])
    return [theirs.ids[k] for k in eligible[np.argsort(-own[eligible], kind="stable")].tolist()]


def _sides(scores: Scores, role: str) -> tuple[Profiles, Profiles]:
    """The table of a person of that role, and the partners'."""
    mentors, mentees = scores.cohort.mentors, scores.cohort.mentees
    return (mentees, mentors) if role == "mentee" else (mentors, mentees)


def _parts(scores: Scores, role: str, person: str, partners: Sequence[str]) -> list[dict[str, Any]]:
    """One record per partner and goal: what the goal contributes to the weight."""
    cohort, words, (mine, theirs) = scores.cohort, in_words(scores.labels), _sides(scores, role)
    own, others = [mine.position(person)], [theirs.position(partner) for partner in partners]
    block = Block(cohort, others, own) if role == "mentee" else Block(cohort, own, others)
    scored = Scorer(cohort, scores.policy, scores.fit).score(block)
    columns = {label: units.ravel() for label, units in scores.columns.told(scored.contributions).items()}
    return [
        {
            "partner": partner,
            "goal": words[label],
            "place": place,
            "contribution": int(columns[label][number]) / RESOLUTION,
            "weight": int(scored.weight.ravel()[number]) / RESOLUTION,
        }
        for number, partner in enumerate(partners)
        for place, label in enumerate(scores.labels)
    ]
