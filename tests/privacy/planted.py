"""A cohort with a mark in everything that somebody may not read; a search for marks in disguise."""

from __future__ import annotations

import base64
import binascii
import codecs
import contextlib
import hashlib
import html
import re
import warnings
import zlib
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote

import pandas as pd

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.cohort.nearness import hashed

MENTORS, MENTEES = ("m1", "m2", "m3"), ("e1", "e2", "e3", "e4", "e5")
PEOPLE = (*MENTORS, *MENTEES)

TEXTS = ("faith", "gender", "secret", "salary", "name", "motto")
NUMBERS = {"age": 41, "reference_rating": 0, "drop_out": 0, "skill_rating": 0}

SCHEMA = pm.Schema(
    fields={
        "faith": {"kind": "list", "class": "special"},
        "secret": {"kind": "text", "class": "confidential"},
        "drop_out": {"kind": "number", "class": "confidential"},
        "motto": {"kind": "text"},
        "pronouns": {"kind": "text"},
    }
)

ALLOWS = (
    "name; hobbies; topics_offered; topics_wanted; offers_back; wants_back; faith; gender; secret; salary; "
    "age; reference_rating; drop_out; skill_rating; id; department"
)
"""What m1 and e1 would have shown, as far as it may be; nobody else allows anything, nobody their motto."""


def mark(field: str, who: str) -> str:
    """What stands in a person's field; numbers by their digits."""
    if field not in NUMBERS:
        return f"zq{field.replace('_', '')}{who}"
    return f"{NUMBERS[field]}.{sum(map(ord, field)):04}{ord(who[0])}{who[1]}"


def marks(*fields: str, people: tuple[str, ...] = PEOPLE) -> dict[str, str]:
    """Marks of people's fields, by whose and which they are."""
    return {f"{field} of {who}": mark(field, who) for field in fields for who in people}


PROTECTED = marks("faith", "gender", "secret", "salary", *NUMBERS)
UNCOVERED = marks("topics_wanted", people=MENTEES) | marks("wants_back", people=MENTORS)
SILENT = marks("name", "motto", "hobbies", people=tuple(who for who in PEOPLE if who not in ("m1", "e1")))
SHARED = {f"what m{k} and e{k} share": f"zqshared{k}" for k in (2, 3)}
FORGOTTEN = {"why they vetoed": "zqvetoed", "why they asked": "zqwished", "why it ended": "zqended"}
CONSENTS = {"what somebody allows": "zqallows"}

FOR_NO_PARTNER = {**PROTECTED, **UNCOVERED, **SILENT, **SHARED, **FORGOTTEN, **CONSENTS, **marks("motto")}
FOR_NO_LEAD = {**PROTECTED, **FORGOTTEN, **CONSENTS}
"""A lead may ask which wishes are covered; names and ordinary fields are nobody's secret from them."""


def people(ids: tuple[str, ...], letter: str) -> pd.DataFrame:
    """One side: marks everywhere, and something to compare in the ordinary fields."""
    mine = ids[0]
    wishes, gives = ("wants_back", "topics_offered") if letter == "m" else ("topics_wanted", "offers_back")
    return pd.DataFrame(
        {
            "id": ids,
            **{field: [mark(field, who) for who in ids] for field in (*TEXTS, *NUMBERS)},
            "faith": [f"{mark('faith', who)}; zqfaithboth" for who in ids],
            "pronouns": ["she", *["he"] * (len(ids) - 1)],
            "level": [3 - len(ids) // 3] * len(ids),
            "department": ["IT", *["Law"] * (len(ids) - 1)],
            "hobbies": [f"chess; {mark('hobbies', who)}; {_shared(who)}" for who in ids],
            wishes: [f"python:2!; {mark(wishes, who)}:3" for who in ids],
            gives: ["python:0.5; data" for _ in ids],
            "shown_to_partner": [f"{ALLOWS}; zqallows" if who == mine else "zqallows" for who in ids],
        }
    )


def _shared(who: str) -> str:
    """A hobby that m2 has with e2, and m3 with e3, and that neither lets be shown."""
    return f"zqshared{who[1]}" if who[1] in "23" else "golf"


def cohort(**beside: pd.DataFrame) -> pm.Cohort:
    """Three mentors, five mentees, wishes, vetoes and a past, each with reasons that nobody asked for."""
    wishes = [("m1", "e1", "mentor", 1, "zqwished"), ("m2", "e2", "mentee", 1, "zqwished")]
    tables = {
        "preferences": pd.DataFrame(wishes, columns=["mentor", "mentee", "by", "rank", "reason"]),
        "vetoes": pd.DataFrame(
            {"mentor": ["m1", "m2"], "mentee": ["e2", "e1"], "by": ["mentor"] * 2, "reason": ["zqvetoed"] * 2}
        ),
        "history": pd.DataFrame({"mentor": ["m3"], "mentee": ["e1"], "reason": ["zqended"]}),
    }
    return pm.Cohort(people(MENTORS, "m"), people(MENTEES, "e"), schema=SCHEMA, **{**tables, **beside})


def policy(**more: object) -> pm.Policy:
    """A policy that looks at everything."""
    return pm.Policy(
        rules=[
            rules.NotVetoed(),
            rules.NotPairedBefore(),
            rules.InCommon("faith", at_least=1, purpose="the network asked for it"),
        ],
        goals=[
            goals.TopicCoverage(weight=3),
            goals.SharedHobbies(weight=2),
            goals.Reciprocity(weight=1),
            goals.Overlap("faith", "faith", weight=1, purpose="the network asked for it"),
            goals.Same("secret", weight=0.5),
            goals.Closeness("age", scale=30, weight=0.5, purpose="a test"),
            goals.PersonScore("reference_rating", of="mentors", low=0, high=1, weight=0.5),
            goals.LikelyToComplete("drop_out", weight=0.3),
            goals.Preferences(weight=0.5),
            goals.Spread("pronouns", price=0.01, of="mentees", purpose="a test"),
        ],
        **more,
    )


@cache
def matching() -> pm.Matching:
    """m1 with e1; two more pairs; two mentees without a partner."""
    made = pm.match(cohort(), policy())
    assert ("m1", "e1") in {(pair.mentor, pair.mentee) for pair in made.made}
    return made


# -- looking for marks -------------------------------------------------------------------------

LONG = re.compile(rb"[A-Za-z0-9+/_=-]{12,}")


def leaks(said: str | bytes, secret: dict[str, str]) -> list[str]:
    """Whose secrets can be found in a text: as they are, escaped, encoded, packed or hashed."""
    data = said if isinstance(said, bytes) else said.encode("utf-8", "surrogatepass")
    readings = b"\n".join(_readings(data)).decode("utf-8", "replace").casefold()
    return sorted(what for what, word in secret.items() if any(form in readings for form in _forms(word)))


def _forms(word: str) -> tuple[str, ...]:
    """A mark as it stands, backwards, and hashed in the ways of this library."""
    hashes = (hashed(word), *(hashlib.new(name, word.encode()).hexdigest() for name in ("sha256", "md5")))
    return (word.casefold(), word.casefold()[::-1], *hashes)


def _readings(data: bytes) -> Iterator[bytes]:
    """A text in every way in which it can be read."""
    yield data
    text = data.decode("utf-8", "replace")
    bare = re.sub(r"<[^>]*>", "", text)
    for reading in (html.unescape(text), unquote(text), bare, re.sub(r"[\s\\\u200b-\u206f]", "", bare)):
        yield reading.encode("utf-8", "replace")
    with contextlib.suppress(UnicodeError, ValueError), warnings.catch_warnings(action="ignore"):
        yield codecs.decode(text, "unicode_escape").encode("utf-8", "replace")
    for word in set(LONG.findall(data)):
        yield from _unpacked(word)


def _unpacked(word: bytes) -> Iterator[bytes]:
    """What base64 or hexadecimal digits hold, compressed or not."""
    for start in range(4):
        with contextlib.suppress(binascii.Error, ValueError):
            inside = base64.b64decode(word[start:] + b"==", altchars=b"-_" if b"_" in word else None)
            yield inside
            with contextlib.suppress(zlib.error):
                yield zlib.decompress(inside, 47)
    with contextlib.suppress(ValueError):
        yield bytes.fromhex(word.decode("ascii"))
