"""Texts that break pages, tables and terminals, and cohorts full of them."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import pandas as pd

import pairmatch as pm
from pairmatch import goals, rules

HOSTILE = {
    "html": "<b onmouseover=alert(1)>bold</b><img src=x onerror=alert(1)>",
    "script": "</script><script>alert(1)</script>",
    "style": "</style><style>*{display:none}</style>",
    "attribute": '" onload="alert(1)" x=\'y\' `z`',
    "comment": "--><!--<![CDATA[",
    "entities": "&lt;i&gt;&amp;&#x3C;u&#62;&nosuch;",
    "title": "</title></head><body><h1>gone",
    "link": "javascript:alert(1)//http://evil.example",
    "template": "{{ 7 * 7 }}{% raw %}{# x #}${7*7}",
    "format": "{0.__class__} {title} %s %(x)d",
    "markdown": "[x](http://evil.example) ![i](y.png) **b** `c` | d | <http://a.b>",
    "heading": "# top\n\n- item\n\n```\ncode",
    "equals": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1:A9)",
    "wide equals": "＝1+1",
    "semicolons": "a;=1+1",
    "quotes": "a\"b,c'd",
    "right to left": "\u202eevil\u202c שלום \u2067x",
    "long": "long " * 2_000,
    "one long word": "w" * 10_000,
    "nul": "a\0b",
    "controls": "a\x1b[31mred\x07\x08\x7f",
    "breaks": "a\r\nb\u2028c\x0bd\x85e",
    "emoji": "👩\u200d🔬🇩🇪❤️\U0001fae8",
    "marks": "Z\u0351\u0357\u0368a\u0338\u0329lgo",
    "latin": "Zoë Müller-Østergård",
}
"""By what they do."""


SHOWN = "name; department; region; hobbies; topics_offered; topics_wanted; motto"

FIELDS = ("<img src=x onerror=alert(1)>", "=cmd()", "{0} {{x}} [d](e) 'q' \"r\" שלום 👩\u200d🔬 " + "f" * 200)
"""Names of columns: labels of rules and goals, heads of tables."""

PEOPLE = 14
"""On each side: as many as half of the texts."""


def texts(*, benign: bool = False) -> list[str]:
    """All hostile texts; or as many that do no harm."""
    return [f"word{k}" for k in range(len(HOSTILE))] if benign else list(HOSTILE.values())


def ids(letter: str, *, benign: bool = False) -> list[str]:
    """Ids that hold texts which an id may hold: printable ones, and not too long."""
    words = [word for word in HOSTILE.values() if word.isprintable() and len(word) < 190]
    words = [f"word{k}" for k in range(len(words))] if benign else words
    start = 0 if letter == "m" else len(words) - PEOPLE
    return [f"{word}{letter}" for word in words[start : start + PEOPLE]]


def fields(*, benign: bool = False) -> list[str]:
    """Names of columns, hostile or not."""
    return [f"field{k}" for k in range(len(FIELDS))] if benign else list(FIELDS)


def cohort(*, benign: bool = False) -> pm.Cohort:
    """Mentors, and two mentees more; whatever they write is one of the texts, and every text is somewhere."""
    words = texts(benign=benign)
    frames = []
    for letter in "me":
        lists = pd.Series(
            [[*pair, "chess"] for pair in zip(words[::2], words[1::2], strict=True)], dtype=object
        )
        frames.append(
            pd.DataFrame(
                {
                    "id": ids(letter, benign=benign),
                    "name": words[:PEOPLE],
                    "department": [words[0]] * (PEOPLE // 2) + [words[12]] * (PEOPLE // 2),
                    "region": [words[1]] * (PEOPLE // 2) + [words[24]] * (PEOPLE // 2),
                    "hobbies": lists,
                    "topics_offered" if letter == "m" else "topics_wanted": lists,
                    "motto": words[PEOPLE:],
                    "shown_to_partner": "; ".join([SHOWN, *fields(benign=benign)]),
                    **{name: ["one"] * PEOPLE for name in fields(benign=benign)},
                }
            )
        )
    extra = frames[1].iloc[:2].assign(id=[f"{frames[1]['id'][k]}extra" for k in range(2)])
    schema = pm.Schema(fields=dict.fromkeys(["motto", *fields(benign=benign)], "text"))
    return pm.Cohort(frames[0], pd.concat([frames[1], extra], ignore_index=True), schema=schema)


def policy(*, benign: bool = False) -> pm.Policy:
    """Rules and goals whose purposes are hostile too."""
    words, names = texts(benign=benign), fields(benign=benign)
    return pm.Policy(
        rules=[rules.Different("motto", purpose=words[0]), *(rules.Same(name) for name in names)],
        goals=[
            *(goals.Same(name, weight=1) for name in names),
            goals.TopicCoverage(weight=2, purpose=words[1]),
            goals.SharedHobbies(weight=1),
            goals.Same("department", weight=1, purpose=words[2]),
            goals.Spread("region", price=0.5, of="mentees"),
        ],
    )


class Page(HTMLParser):
    """The elements of a page with the names of their attributes, and what could do harm."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.harm: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count an element."""
        self.elements[tag, tuple(sorted(name for name, _ in attrs))] += 1
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().casefold().startswith("javascript:"):
                self.harm.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "srcset") and not (value or "").startswith(("#", "data:")):
                self.harm.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text.append(data)
