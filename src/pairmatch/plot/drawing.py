"""What the charts have in common: altair when it is needed, colours, titles, people along an axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from pairmatch.errors import MissingExtraError
from pairmatch.goals import REGISTRY
from pairmatch.plot.words import plain
from pairmatch.scoring import OTHER

if TYPE_CHECKING:
    import altair as alt

    from pairmatch.frontier import Frontier
    from pairmatch.matching import Matching
    from pairmatch.score import Scores

__all__ = ["GREY", "altair_or_error", "colours", "in_words", "people_axis", "reason_words", "titled"]

Titled = TypeVar("Titled", bound=Any)

GREY = "#cccccc"
"""Pairs that are not eligible, and goals that are told together: quieter than any weight or goal."""

INK, SOFT_INK = "#333333", "#666666"

MUTED = (
    "#332288", "#ddcc77", "#117733", "#88ccee", "#cc6677", "#999933", "#882255", "#44aa99", "#aa4499",
)  # fmt: skip
"""Paul Tol's muted colours: the colour-blind can tell them apart, and from the grey."""

READABLE = 70
"""Ids that can be read along one axis."""

WHY = MappingProxyType(
    {
        "not_active": "one of the two does not take part",
        "same_person": "nobody is paired with themself",
        "minimum_weight": "the weight is below the policy's minimum",
    }
)


def altair_or_error() -> Any:
    """The package altair, imported now.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        import altair
    except ImportError as error:
        raise MissingExtraError("A chart", "report") from error
    return altair


def titled(
    chart: Titled, text: str, remarks: Sequence[str], of: Scores | Matching | Frontier | None
) -> Titled:
    """The chart with a heading, remarks below it, and quiet axes; with the policy's name, if there is one."""
    policy = "" if of is None else of.policy.name
    lines = [f"{policy}: {remarks[0]}" if policy else remarks[0], *remarks[1:]]
    inks = {"labelColor": INK, "titleColor": INK}
    axes = {"grid": False, "domain": False, "ticks": False, "labelPadding": 5, "titlePadding": 10, **inks}
    place = {"anchor": "start", "offset": 14, "subtitlePadding": 4, "color": INK, "subtitleColor": SOFT_INK}
    title = altair_or_error().TitleParams(text=text, subtitle=lines, **place)
    headed = chart.properties(title=title).configure_view(stroke=None)
    made: Titled = headed.configure_axis(**axes).configure_legend(**inks)
    return made


def people_axis(title: str, ids: Sequence[str], **options: Any) -> alt.Axis:
    """An axis of people: with their ids where these can be read, else with their number."""
    if len(ids) > READABLE:
        title, options = f"{title} ({len(ids):,})", {"labels": False}
    return altair_or_error().Axis(title=title, labelLimit=160, **options)


def in_words(labels: Sequence[str]) -> dict[str, str]:
    """Each goal's label in words; as it stands where two would read the same."""
    words = {label: plain(label) for label in labels}
    return words if len(set(words.values())) == len(words) else {label: label for label in labels}


def reason_words(reason: str, descriptions: Mapping[str, str]) -> str:
    """Why a pair is not eligible, in words: the rule and what it asks for."""
    if reason in WHY:
        return WHY[reason]
    asked = descriptions.get(reason, "")
    return f"{plain(reason)}: {asked}" if asked else plain(reason)


def colours(words: Mapping[str, str], labels: Sequence[str] = ()) -> dict[str, list[str]]:
    """For each goal, in words, its colour, as a scale's domain and range; goals told together are grey.

    A goal keeps its colour from chart to chart where it can: `labels` are all that the policy has, so that
    one that is told with others leaves a gap, and does not move those after it.
    """
    places = _places([label for label in (labels or words) if label != OTHER])
    by_label = {label: MUTED[place % len(MUTED)] for label, place in places.items()}
    return {
        "domain": list(words.values()),
        "range": [by_label.get(label, GREY) for label in words],
    }


def _places(labels: Sequence[str]) -> dict[str, int]:
    """For each label a place of its own: its goal's in the registry, or the next that is free."""
    of_pairs = [name for name, goal in REGISTRY.items() if not hasattr(goal, "shortfall")]
    known = {name: place for place, name in enumerate(of_pairs)}
    first = {label: known.get(label.split("(")[0], len(known)) for label in labels}
    places: dict[str, int] = {}
    for label in sorted(labels, key=lambda label: first[label]):
        ahead = [(first[label] + step) % len(MUTED) for step in range(len(MUTED))]
        free = [place for place in ahead if place not in places.values()]
        places[label] = free[0] if free else ahead[0]
    return places
