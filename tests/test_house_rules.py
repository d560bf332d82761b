"""House rules that a linter does not know. Each message says where to look."""

from __future__ import annotations

import ast
import re
import statistics

from tests.source import ROOT, SRC, body_length, files, functions, nodes, place, room, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 8

SEEDED = {"BitGenerator", "Generator", "PCG64", "Philox", "Random", "SeedSequence", "default_rng"}
"""Random sources that carry their own state."""


def called(node: ast.Call) -> str:
    """The dotted name that a call calls."""
    return ast.unparse(node.func)


def calls() -> list[tuple[str, str, str]]:
    """Every call in the library: room, dotted name (with `()` where nothing is handed over), place."""
    found = []
    for path in files():
        for node in nodes(path, ast.Call):
            assert isinstance(node, ast.Call)
            bare = "" if node.args or node.keywords else "()"
            found.append((room(path), called(node) + bare, place(path, node)))
    return found


def test_files_are_short() -> None:
    """One idea per file: no file of the library or of its tests is longer than 400 lines."""
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(SRC, ROOT / "tests")
    }
    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    """No function is longer than 60 lines, and half of them have at most 8."""
    lengths = {place(path, f): body_length(f) for path in files() for f in functions(path)}
    assert {where: n for where, n in lengths.items() if n > LONGEST_FUNCTION} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


def test_every_file_says_what_it_is() -> None:
    """Every file begins with a docstring, and every one that defines something postpones annotations."""
    for path in files():
        module = tree(path)
        assert ast.get_docstring(module), f"{path} has no docstring"
        futures = [n for n in module.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
        defines = any(True for _ in nodes(path, ast.FunctionDef, ast.ClassDef))
        assert futures or not defines, f"{path} lacks `from __future__ import annotations`"


def test_no_assert_for_a_users_error() -> None:
    """`python -O` must not change what the library refuses; only the test tools may assert."""
    places = [place(p, n) for p in files() if room(p) != "testing" for n in nodes(p, ast.Assert)]
    assert places == []


def test_errors_have_a_class() -> None:
    """Nobody raises or swallows a bare Exception."""
    for path in files():
        for node in nodes(path, ast.Raise):
            assert isinstance(node, ast.Raise)
            raised = ast.unparse(node.exc).split("(")[0] if node.exc else ""
            assert raised not in {"Exception", "BaseException"}, place(path, node)
        for handler in nodes(path, ast.ExceptHandler):
            assert isinstance(handler, ast.ExceptHandler)
            assert handler.type is not None, place(path, handler)
            quiet = all(isinstance(statement, ast.Pass) for statement in handler.body)
            assert not (quiet and ast.unparse(handler.type) in {"Exception", "BaseException"}), place(
                path, handler
            )


def test_no_global_randomness() -> None:
    """Randomness comes from a seed that was handed in, never from a state that all share (law §8)."""
    pattern = re.compile(r"^(?:np\.|numpy\.)?random\.(\w+)")
    loose = [where for _, name, where in calls() if (m := pattern.match(name)) and m[1] not in SEEDED]
    unseeded = [where for _, name, where in calls() if name.endswith(("default_rng()", "random.Random()"))]
    assert loose + unseeded == []


def test_only_the_command_line_prints() -> None:
    """A library inside somebody's service is quiet."""
    assert [
        where for name, called_, where in calls() if called_.rstrip("()") == "print" and name != "cli"
    ] == []


def test_nothing_is_set_up_for_everybody() -> None:
    """No log handlers, warning filters or pandas options are set behind the host program's back."""
    pattern = re.compile(
        r"(logging\.basicConfig|addHandler|warnings\.(simplefilter|filterwarnings)|(pd|pandas)\.set_option)$"
    )
    assert [
        where for name, called_, where in calls() if pattern.search(called_.rstrip("()")) and name != "cli"
    ] == []


def test_the_law_is_cited_rightly() -> None:
    """Every "law §n" in code, tests and docs names a paragraph that docs/design/law.md has."""
    law = (ROOT / "docs" / "design" / "law.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^## §(\d+)", law, flags=re.M))
    pages = [*files(SRC, ROOT / "tests"), *(ROOT / "docs").rglob("*.md")]
    cited = {
        (n, path.name) for path in pages for n in re.findall(r"law §(\d+)", path.read_text(encoding="utf-8"))
    }
    assert cited
    assert {(n, name) for n, name in cited if n not in known} == set()


def test_pins_name_no_registry() -> None:
    """The pinned versions can be installed from any registry: names and versions only."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
