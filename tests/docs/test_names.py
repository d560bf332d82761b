"""Prose and code use the same names: what is public is documented, and what is named exists."""

from __future__ import annotations

import builtins
import importlib
import inspect
import pkgutil
import re
from functools import cache
from typing import Any

import pytest

import pairmatch as pm
from pairmatch import errors, goals, rules, testing
from pairmatch.cohort import Block, Organisation, Person, Profiles
from tests.docs.pages import Page, page, pages
from tests.source import ROOT, SRC

ALIASES = {
    "pm": pm,
    "pairmatch": pm,
    "rules": rules,
    "goals": goals,
    "errors": errors,
    "testing": testing,
    "assignment": pm.Assignment,
    "audit": pm.Audit,
    "block": Block,
    "certificate": pm.Certificate,
    "cohort": pm.Cohort,
    "diagnosis": pm.Diagnosis,
    "evaluation": pm.Evaluation,
    "explanation": pm.Explanation,
    "matching": pm.Matching,
    "organisation": Organisation,
    "outcomes": pm.Outcomes,
    "person": Person,
    "policy": pm.Policy,
    "profiles": Profiles,
    "record": pm.AuditRecord,
    "revised": pm.Matching,
    "programme": pm.Programme,
    "schema": pm.Schema,
    "scores": pm.Scores,
    "store": pm.EventStore,
    "verification": pm.Verification,
}
"""What the first word of a dotted name in prose stands for."""

FOREIGN = {"DataFrame", "Python", "Executor", "ProcessPoolExecutor", "ThreadPoolExecutor"}
"""Capitalised words in backticks that other packages own."""

OTHER_HOMES = ("pd", "np", "pandas", "numpy", "scipy", "json", "ortools", "threading", "concurrent")
"""First words of dotted names that are not ours."""

DOTTED = re.compile(r"^([A-Za-z_]\w*)((?:\.\w+)+)(?:\(.*\))?$")
CLASS_NAME = re.compile(r"^([A-Z][a-z]+(?:[A-Z][a-z]+)*)(?:\(.*\))?$")
MAKE = re.compile(r"^make ([a-z]+)$")


@cache
def known_classes() -> frozenset[str]:
    """Every public class and function anywhere in the library, and the columns of the law."""
    found = pkgutil.walk_packages([str(SRC)], "pairmatch.")
    modules = [pm, *(importlib.import_module(module.name) for module in found)]
    listed = {name for module in modules for name in getattr(module, "__all__", ())}
    return frozenset(listed | set(dir(builtins)) | FOREIGN)


def has(owner: Any, name: str) -> bool:
    """Whether a class, module or function has a member of that name, as attribute, field or parameter."""
    if hasattr(owner, name) or name in getattr(owner, "__annotations__", {}):
        return True
    return callable(owner) and not inspect.isclass(owner) and name in inspect.signature(owner).parameters


def missing(code: str) -> str:
    """What a piece of inline code names that does not exist; empty where all is well."""
    if (dotted := DOTTED.match(code)) and not re.search(r"\.(py|md|toml|csv|json|html|ipynb|txt)$", code):
        first, *rest = [dotted[1], *dotted[2].strip(".").split(".")]
        owner = ALIASES.get(first) or getattr(pm, first, None)
        if owner is None:
            return "" if first in OTHER_HOMES else first
        return "" if has(owner, rest[0]) or (first == "pairmatch" and module_exists(rest)) else code
    if single := CLASS_NAME.match(code):
        return "" if single[1] in known_classes() or "_" in code or single[1] == code.upper() else code
    return ""


def module_exists(parts: list[str]) -> bool:
    """Whether a dotted path below pairmatch is a file or a folder."""
    path = ROOT / "src" / "pairmatch" / parts[0]
    return path.is_dir() or path.with_suffix(".py").exists()


@pytest.mark.parametrize("each", pages(), ids=lambda page: page.name)
def test_prose_names_only_what_exists(each: Page) -> None:
    """Inline code that looks like one of our names is one, and every `make` target exists."""
    assert [complaint for code in each.inline if (complaint := missing(code))] == []
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [m[1] for code in each.inline if (m := MAKE.match(code)) and m[1] not in targets] == []


@pytest.mark.parametrize("each", pages(), ids=lambda page: page.name)
def test_links_lead_somewhere(each: Page) -> None:
    """Links between pages lead to files that are there."""
    assert [link for link in each.links if not (each.path.parent / link).exists()] == []


@pytest.mark.parametrize(("room", "name"), [(rules, "rules"), (goals, "goals")], ids=["rules", "goals"])
def test_every_rule_and_goal_has_its_entry(room: Any, name: str) -> None:
    """docs/rules.md and docs/goals.md have one heading for each class, and no other."""
    entries = {re.split(r"\W", h)[0] for h in page(f"docs/{name}.md").headings if re.match(r"^[A-Z]\w+\(", h)}
    assert entries == {cls.__name__ for cls in room.REGISTRY.values()}


def test_entries_name_every_parameter() -> None:
    """The entry of a rule or goal says every parameter that it takes."""
    for room, name in ((rules, "rules"), (goals, "goals")):
        text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for cls in room.REGISTRY.values():
            entry = re.search(rf"^#+ `?{cls.__name__}\(.*?(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
            assert entry, cls.__name__
            parameters = set(inspect.signature(cls).parameters)
            assert {p for p in parameters if p not in entry[0]} == set(), cls.__name__


@pytest.mark.parametrize("name", sorted(set(pm.__all__) - {"__version__"}))
def test_every_public_name_is_documented(name: str) -> None:
    """Each name of the façade stands in backticks on the page of the public interface."""
    named = {re.split(r"[(.]", code.removeprefix("pm."))[0] for code in page("docs/reference.md").inline}
    assert name in named


def test_the_changelog_knows_this_version() -> None:
    """The changelog has a section for the version in hand."""
    assert any(h.startswith(pm.__version__) or h == "Unreleased" for h in page("CHANGELOG.md").headings)
