"""Pictures of groups: who applied, who should be matched, who is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, counted
from pairmatch.matching import Matching
from pairmatch.plot.drawing import GREY, INK, altair_or_error, titled
from pairmatch.plot.groups import Part, parts_of

if TYPE_CHECKING:
    import altair as alt

__all__ = ["group_chart"]

MOST_GROUPS = 200
"""Groups in one picture: more are no picture any more."""

ENOUGH, SHORT = "#4477aa", "#ee8866"
"""Paul Tol's blue and orange: the colour-blind can tell them apart, and in grey one is darker."""

STATES = {"as it should be": ENOUGH, "short": SHORT}


def group_chart(matching: Matching, *, before: Matching | None = None) -> alt.FacetChart:
    """Draw the groups of the policy's goals and quotas: who applied, what is aimed at, who is matched.

    For each group a wide grey bar is its share of the applicants, the bar within its share of the matched,
    and the line across what the goal aims at. Figures that ``matching.groups`` withholds are not drawn.

    Parameters
    ----------
    matching
        The matching.
    before
        Another matching of the same cohort, whose shares are drawn as circles: what would have been.

    Returns
    -------
    altair.FacetChart
        A notebook shows it, and ``chart.save("groups.png")`` writes it.

    Raises
    ------
    CallError
        If the arguments cannot be used, or there are no groups, or too many for a picture.
    MissingExtraError
        If altair is not installed.
    """
    altair = altair_or_error()
    parts = _drawable(_checked(matching, before))
    records = _records(parts, _shares(matching, before))
    names = altair.Axis(title=None, labelLimit=220, labelPadding=10, grid=False)
    base = altair.Chart().encode(y=altair.Y("group:N", sort=None, axis=names))
    layers = _bars(altair, base, with_before=before is not None)
    # The panels share one copy of the data.
    chart = altair.layer(*layers, data=altair.InlineData(values=records))
    chart = chart.properties(width=340, height=altair.Step(24)).facet(
        row=altair.Row(
            "part:N",
            sort=[part.title for part in parts],
            title=None,
            header=altair.Header(
                labelAngle=0, labelOrient="top", labelAnchor="start", labelColor=INK, labelPadding=2
            ),
        ),
        spacing=12,
    )
    chart = chart.resolve_scale(y="independent")
    return titled(chart, "Who is matched, group by group", _remarks(parts, before), matching)


def _bars(altair: Any, base: Any, *, with_before: bool) -> list[Any]:
    """The marks, from the quietest to the one on top."""
    along = altair.X("applicants:Q", axis=altair.Axis(title="share", format="%", tickCount=6, grid=False))
    tooltip = [
        "group:N",
        altair.Tooltip("applicants:Q", title="share of the applicants", format=".0%"),
        altair.Tooltip("count:Q", title="share of the matched", format=".0%"),
        altair.Tooltip("words:N", title="matched"),
    ]
    colours = altair.Scale(domain=list(STATES), range=list(STATES.values()))
    legend = altair.Legend(title=None, orient="top", symbolType="square")
    shares = base.mark_bar(size=9).encode(
        x="count:Q", color=altair.Color("state:N", scale=colours, legend=legend), tooltip=tooltip
    )
    layers = [
        base.mark_bar(color=GREY, size=18).encode(x=along, tooltip=tooltip),
        shares.transform_filter("datum.count !== null"),
        base.mark_tick(color=INK, thickness=2.5, size=20).encode(x="target:Q"),
        base.mark_tick(color=INK, thickness=1, size=20).encode(x="limit:Q"),
        base.mark_text(align="left", dx=8, color=INK).encode(x="end:Q", text="words:N"),
    ]
    if with_before:
        circle = base.mark_point(shape="circle", size=55, color=INK, fill="white", strokeWidth=1.5)
        layers.insert(4, circle.encode(x="before:Q"))
    return layers


def _checked(matching: object, before: object) -> Matching:
    checked = _matching(matching, "matching")
    if before is not None and _matching(before, "before").cohort.fingerprint != checked.cohort.fingerprint:
        hint = "'before' is a matching of another cohort; its shares cannot be set beside these."
        raise CallError([Finding("other_cohort", hint, column="before")])
    return checked


def _matching(value: object, name: str) -> Matching:
    if isinstance(value, Matching):
        return value
    hint = f"'{name}' must be what pm.match(cohort, policy) returned."
    raise CallError([Finding("bad_argument", hint, column=name)])


def _drawable(matching: Matching) -> tuple[Part, ...]:
    parts = parts_of(matching)
    groups = sum(len(part.groups) for part in parts)
    if not groups:
        hint = (
            "the policy has no goal and no rule about groups; add one, as goals.Spread('region', price=0.5)."
        )
        raise CallError([Finding("no_groups", hint, column="matching")])
    if groups > MOST_GROUPS:
        hint = f"a picture shows at most {MOST_GROUPS} groups, and these are {groups:,}; see matching.groups."
        raise CallError([Finding("too_many_groups", hint, column="matching")])
    return parts


def _shares(matching: Matching, before: Matching | None) -> dict[tuple[str, str], float]:
    """Shares of the groups among the matched of another matching."""
    if before is None:
        return {}
    other = parts_of(replace(matching, made=before.made, left=before.left))
    return {
        (part.title, group.name): group.count
        for part in other
        for group in part.groups
        if group.count is not None
    }


def _records(parts: Sequence[Part], before: dict[tuple[str, str], float]) -> list[dict[str, Any]]:
    """One record for each group."""
    return [
        {
            "part": part.title,
            "group": group.name,
            "applicants": group.applicants,
            "count": group.count,
            "target": group.target,
            "limit": group.limit,
            "before": before.get((part.title, group.name)),
            "end": max(group.largest, before.get((part.title, group.name), 0.0)),
            "state": list(STATES)[bool(group.short)],
            "words": group.words,
        }
        for part in parts
        for group in part.groups
    ]


def _remarks(parts: Sequence[Part], before: Matching | None) -> list[str]:
    short = sum(group.short or 0 for part in parts for group in part.groups)
    told = f"{counted(short, 'short', 'short')} in {counted(sum(len(p.groups) for p in parts), 'group')}"
    circle = "; circle: of the matched before" if before is not None else ""
    return [told, f"grey: share of the applicants; bar: of the matched; line: aimed at{circle}"]
