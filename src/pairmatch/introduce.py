"""``pairmatch.introduce``: one page that introduces a partner, from what that person allows to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, FileError, Finding, amount, shown
from pairmatch.explaining.asking import PARTNERS, check_audience, check_matching
from pairmatch.explaining.consent import readable
from pairmatch.explaining.plain_text import in_markdown, one_line
from pairmatch.explaining.reasons import BANDS, View, band, reasons
from pairmatch.matching import Matching, known

if TYPE_CHECKING:
    from pairmatch.cohort import Person

__all__ = ["Introduction", "introduce"]

TITLES = {
    "topics_offered": "Can help with",
    "offers_back": "Gives in return",
    "past_functions": "Has worked in",
    "trained_for": "Trained for",
    "slots": "Often free",
    "tenure": "Years here",
    "style_pace": "Pace, from slow (0) to quick (1)",
    "style_directness": "Feedback, from gentle (0) to direct (1)",
    "style_structure": "Meetings, from open (0) to structured (1)",
    "style_formality": "Tone, from informal (0) to formal (1)",
}
"""Headings of fields that are not called as a reader would call them."""

MOST_ENTRIES = 30
"""Entries of a list that a page shows."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.05rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem;
  overflow-wrap: anywhere; }}
h1 {{ line-height: 1.2; }}
dt {{ font-weight: 600; margin-top: 0.6rem; }}
dd {{ margin: 0; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Introduction:
    """One page that introduces one partner to the other. Made by :func:`introduce`.

    Attributes
    ----------
    mentor, mentee
        Ids of the pair.
    audience
        Who reads it: ``"mentor"`` or ``"mentee"``; the page is about the other one.
    title
        Name of who is introduced, where they let it be shown, else their id.
    band
        In words, how much of what the programme looks at is told as a reason.
    about
        What they let be shown: heading and text.
    why
        The reasons that the reader may read.
    """

    mentor: str
    mentee: str
    audience: str
    title: str
    band: str
    about: tuple[tuple[str, str], ...]
    why: tuple[str, ...]

    @property
    def markdown(self) -> str:
        """The page as Markdown; nothing that people wrote is read as markup."""
        lines = [f"# {in_markdown(self.title)}", "", in_markdown(self._opening, 400), ""]
        lines += [f"**{in_markdown(heading)}:** {in_markdown(text, 4000)}\n" for heading, text in self.about]
        if self.why:
            lines += ["## Why you two", "", *(f"- {in_markdown(reason, 1000)}" for reason in self.why), ""]
        return "\n".join(lines)

    @property
    def html(self) -> str:
        """The page as one HTML file that loads nothing and runs nothing."""
        about = [f"<dt>{_safe(heading)}</dt>\n<dd>{_safe(text, 4000)}</dd>" for heading, text in self.about]
        why = [f"<li>{_safe(reason, 1000)}</li>" for reason in self.why]
        body = [f"<h1>{_safe(self.title)}</h1>", f"<p>{_safe(self._opening, 400)}</p>"]
        body += ["<dl>", *about, "</dl>"] if about else []
        body += ["<h2>Why you two</h2>", "<ul>", *why, "</ul>"] if why else []
        return PAGE.format(title=escape(one_line(self.title)), body="\n".join(body))

    @property
    def _opening(self) -> str:
        return f"This is your {_other(self.audience)}: {self.band}."

    def write(self, path: str | PathLike[str]) -> None:
        """Write the page.

        Parameters
        ----------
        path
            A file whose name ends in ``.md`` or ``.html``.

        Raises
        ------
        CallError
            The path is none, or ends otherwise.
        FileError
            The file cannot be written.
        """
        file = _path(path)
        text = self.markdown if file.suffix.casefold() == ".md" else self.html
        try:
            file.write_text(text, encoding="utf-8", newline="")
        except (OSError, ValueError):
            hint = f"'{shown(file.name)}' cannot be written; give a path in a folder that exists"
            raise FileError([Finding("unwritable", hint, column="path")]) from None

    def __str__(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return f"<Introduction of {one_line(self.title, 60)} to their {self.audience}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.markdown)}</pre>"


def introduce(matching: Matching, *, mentor: str, mentee: str, audience: str = "mentee") -> Introduction:
    """Introduce one of a pair to the other, on one page to read before they meet.

    The page holds the other's id, the fields that they name in ``shown_to_partner``, and the reasons for the
    pair as :func:`pairmatch.explain` tells them to this audience. Sensitive, special and confidential fields
    are never on it, whatever anybody allows (law §12).

    Parameters
    ----------
    matching
        The matching.
    mentor, mentee
        Ids of a pair of the matching.
    audience
        Who reads the page: ``"mentee"``, to whom the mentor is introduced, or ``"mentor"``.

    Returns
    -------
    Introduction
        With ``markdown``, ``html`` and ``write``.

    Raises
    ------
    CallError
        An id is not in the cohort, the two are no pair, or the audience is another one.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> from pairmatch.introduce import introduce
    >>> allowed = "name; hobbies"
    >>> mentors = pd.DataFrame({"id": ["m1"], "name": ["Ana"], "hobbies": "chess; golf",
    ...                         "shown_to_partner": allowed})
    >>> mentees = pd.DataFrame({"id": ["e1"], "hobbies": ["chess"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> matching = pm.match(pm.Cohort(mentors, mentees), policy)
    >>> print(introduce(matching, mentor="m1", mentee="e1").markdown)
    # Ana
    <BLANKLINE>
    This is your mentor: a very good match.
    <BLANKLINE>
    **Hobbies:** chess, golf
    <BLANKLINE>
    ## Why you two
    <BLANKLINE>
    - you have hobbies in common: chess
    <BLANKLINE>
    """
    check_matching(matching)
    known(matching.cohort, "mentor", mentor)
    known(matching.cohort, "mentee", mentee)
    check_audience(audience, PARTNERS)
    if not any((pair.mentor, pair.mentee) == (mentor, mentee) for pair in matching.made):
        hint = "the two are no pair of this matching; introductions are made for its pairs alone"
        raise CallError([Finding("no_pair", hint, column="mentee")])
    view = View.of(matching.cohort, mentor, mentee, audience)
    found = reasons(matching.policy, view)
    about = [(_heading(name), _text(view.other, name)) for name in readable(view.other)]
    texts = {heading: text for heading, text in about if text}
    title = texts.pop("Name", "") or view.other.id
    words = BANDS[band(matching.policy, view, found)]
    return Introduction(mentor, mentee, audience, title, words, tuple(texts.items()), tuple(found.values()))


def _heading(name: str) -> str:
    return TITLES.get(name, name.replace("_", " ").capitalize())


def _text(person: Person, name: str) -> str:
    """A field in words; empty where it is blank."""
    value: Any = person[name]
    if isinstance(value, tuple):
        labels = sorted({one_line(term.label) for term in value}, key=str.casefold)
        more = f" and {len(labels) - MOST_ENTRIES} more" if len(labels) > MOST_ENTRIES else ""
        return ", ".join(labels[:MOST_ENTRIES]) + more
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        grades = person.cohort.schema.level_order if name == "level" else ()
        return one_line(grades[int(value)]) if grades else amount(value)
    if name == "time_zone" and value and value.lstrip("+-").isdecimal():
        return f"UTC{int(value) / 60:+g}"
    return one_line(value) if value else ""


def _other(audience: str) -> str:
    return "mentor" if audience == "mentee" else "mentee"


def _safe(text: str, longest: int = 200) -> str:
    """Text of the page, whose direction stays its own."""
    return f"<bdi>{escape(one_line(text, longest))}</bdi>"


def _path(path: Any) -> Path:
    try:
        file = Path(fspath(path))
    except TypeError:
        file = Path()
    if file.suffix.casefold() not in (".md", ".html"):
        hint = "give the path of a file whose name ends in .md or .html"
        raise CallError([Finding("bad_path", hint, column="path")])
    return file
