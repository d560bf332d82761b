"""The command line as people run it: files in, files out, words on stderr, exit codes."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import pairmatch as pm
from pairmatch.cli.app import app

RESULTS = {"pairs.csv", "unmatched.csv", "matching.json", "report.html"}
COMMAND = (sys.executable, "-c", "from pairmatch.cli import main; main()")


def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd, timeout=120
    )


def invoke(*arguments: object):
    """Run the command in this process."""
    return CliRunner().invoke(app, list(map(str, arguments)))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with a small cohort, its policy, and a result of matching them."""
    folder = tmp_path_factory.mktemp("made") / "cohort"
    done = run("generate", "--mentors", 40, "--mentees", 25, "--seed", 3, "--out", folder)
    assert done.returncode == 0, done.stderr
    done = run("match", *tables(folder), "--policy", folder / "policy.toml", "--out", folder / "result")
    assert done.returncode == 0, done.stderr
    return folder


def tables(folder: Path) -> tuple[Path, Path]:
    return folder / "mentors.csv", folder / "mentees.csv"


def test_generate_writes_what_match_takes(made):
    """The files that generate wrote were matched: four results, and pairs between the tables' people."""
    others = {"preferences.csv", "vetoes.csv", "history.csv"}
    assert names(made) == {"mentors.csv", "mentees.csv", "policy.toml", "result"} | others
    assert names(made / "result") == RESULTS
    pairs = pd.read_csv(made / "result" / "pairs.csv", dtype=str)
    assert len(pairs) > 0
    assert set(pairs["mentor"]) <= set(pd.read_csv(made / "mentors.csv", dtype=str)["id"])


def test_generate_prints_the_command_to_run_next(tmp_path):
    """The printed command works as it stands."""
    done = invoke("generate", "--mentors", 12, "--mentees", 6, "--out", tmp_path / "made")
    assert done.exit_code == 0
    command = done.stdout.strip().splitlines()[-1].split()
    assert command[:2] == ["pairmatch", "match"]
    assert invoke(*command[1:]).exit_code == 0
    assert names(tmp_path / "made" / "result") == RESULTS


def test_generate_keeps_a_folder_that_holds_files(tmp_path):
    """An edited policy is not lost, except with --force."""
    (tmp_path / "policy.toml").write_text("mine", encoding="utf-8")
    done = invoke("generate", "--mentors", 5, "--mentees", 3, "--out", tmp_path)
    assert done.exit_code == 2
    assert "--force" in done.stderr
    assert names(tmp_path) == {"policy.toml"}
    assert (tmp_path / "policy.toml").read_text(encoding="utf-8") == "mine"
    assert invoke("generate", "--mentors", 5, "--mentees", 3, "--out", tmp_path, "--force").exit_code == 0
    assert (tmp_path / "policy.toml").read_text(encoding="utf-8") != "mine"


def test_match_tells_counts_weights_and_proof(made, tmp_path):
    """The summary names the matched, the objective's tiers and the report."""
    done = run("match", *tables(made), "--policy", made / "policy.toml", "--out", tmp_path / "out")
    assert done.returncode == 0
    assert "active mentees with" in done.stdout
    assert "0 (optimal)" in done.stdout
    assert str(tmp_path / "out" / "report.html") in done.stdout
    assert all(line.startswith("Note: ") for line in done.stderr.splitlines())


def test_match_is_reproducible_to_the_byte(made, tmp_path):
    """The same files give the same results, whatever the folder."""
    assert (
        invoke("match", *tables(made), "--policy", made / "policy.toml", "--out", tmp_path / "o").exit_code
        == 0
    )
    for name in RESULTS:
        assert (tmp_path / "o" / name).read_bytes() == (made / "result" / name).read_bytes(), name


def test_match_replaces_a_former_result_and_keeps_other_files(made, tmp_path):
    """A folder with a former result is written again; what else lies there stays."""
    out = tmp_path / "out"
    arguments = ("match", *tables(made), "--policy", made / "policy.toml", "--out", out)
    assert invoke(*arguments).exit_code == 0
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "pairs.csv").write_text("stale", encoding="utf-8")
    assert invoke(*arguments).exit_code == 0
    assert names(out) == RESULTS | {"notes.txt"}
    assert "stale" not in (out / "pairs.csv").read_text(encoding="utf-8")
    assert names(tmp_path) == {"out"}


def test_match_refuses_a_foreign_folder(made, tmp_path):
    """Other people's files are not written over or among, except with --force."""
    (tmp_path / "thesis.doc").write_text("mine", encoding="utf-8")
    arguments = ("match", *tables(made), "--policy", made / "policy.toml", "--out", tmp_path)
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert names(tmp_path) == {"thesis.doc"}
    assert invoke(*arguments, "--force").exit_code == 0
    assert names(tmp_path) == RESULTS | {"thesis.doc"}


def test_match_refuses_a_file_as_folder(made, tmp_path):
    """A file where the folder should be is left alone."""
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = invoke("match", *tables(made), "--policy", made / "policy.toml", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_match_makes_missing_parent_folders(made, tmp_path):
    """--out may lie several new folders deep."""
    out = tmp_path / "a" / "b" / "out"
    assert invoke("match", *tables(made), "--policy", made / "policy.toml", "--out", out).exit_code == 0
    assert names(out) == RESULTS


def test_bad_rows_are_all_told_and_nothing_is_written(made, tmp_path):
    """Every bad row of both tables and of the policy is on stderr, by row and id, and no folder is made."""
    mentors = pd.read_csv(made / "mentors.csv", dtype=str)
    mentors.loc[0:8, "level"] = "high"
    mentors.to_csv(tmp_path / "mentors.csv", index=False)
    policy = (made / "policy.toml").read_text(encoding="utf-8").replace("topic_coverage", "topic_coverige")
    (tmp_path / "policy.toml").write_text(policy, encoding="utf-8")
    done = run(
        "match", tmp_path / "mentors.csv", made / "mentees.csv",
        "--policy", tmp_path / "policy.toml", "--out", tmp_path / "deep" / "out",
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    for who in mentors["id"][:9]:
        assert who in done.stderr
    assert "topic_coverage" in done.stderr
    assert "high" not in done.stderr
    assert "Traceback" not in done.stderr
    assert names(tmp_path) == {"mentors.csv", "policy.toml"}


def test_missing_files_are_all_named(tmp_path):
    """Two missing tables and a missing policy: one message, exit 2, nothing written."""
    done = run("match", "a.csv", "b.csv", "--policy", "p.toml", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "p.toml" in done.stderr
    assert names(tmp_path) == set()


def test_infeasible_rules_exit_1(made, tmp_path):
    """Minimums that nobody can meet are the answer no; nothing is written."""
    text = 'schema = 1\nobjective = ["mentees"]\n[mentees]\ncapacity = 9\nminimum = 9\n'
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    done = run("match", *tables(made), "--policy", tmp_path / "p.toml", "--out", tmp_path / "out")
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("No matching satisfies every hard rule")
    assert names(tmp_path) == {"p.toml"}


def test_seed_in_place_of_the_policys(made, tmp_path):
    """--seed is written with the result, which still verifies."""
    out = tmp_path / "out"
    done = invoke("match", *tables(made), "--policy", made / "policy.toml", "--out", out, "--seed", 99)
    assert done.exit_code == 0
    assert '"seed": 99' in (out / "matching.json").read_text(encoding="utf-8")
    assert invoke("verify", out, *tables(made)).exit_code == 0


def test_verify_valid(made):
    """A written matching is valid; value, bound and gap are told per tier."""
    done = run("verify", made / "result", *tables(made), "--policy", made / "policy.toml")
    assert done.returncode == 0, done.stderr
    for word in ("must_match", "mentees", "total", "value", "bound", "gap"):
        assert word in done.stdout


def test_verify_tampered_exits_1(made, tmp_path):
    """An edited weight is noticed and named."""
    for name in RESULTS:
        (tmp_path / name).write_bytes((made / "result" / name).read_bytes())
    text = (tmp_path / "pairs.csv").read_text(encoding="utf-8").splitlines()
    cells = text[1].split(",")
    cells[2] = "0.999999"
    text[1] = ",".join(cells)
    (tmp_path / "pairs.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    done = run("verify", tmp_path, *tables(made))
    assert done.returncode in {1, 2}
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_verify_against_another_policy_is_no(made, tmp_path):
    """Held against a policy that it was not made under, the matching does not hold."""
    policy = (made / "policy.toml").read_text(encoding="utf-8").replace("at_least = 2", "at_least = 1")
    (tmp_path / "policy.toml").write_text(policy, encoding="utf-8")
    done = invoke("verify", made / "result", *tables(made), "--policy", tmp_path / "policy.toml")
    assert done.exit_code == 1
    assert "policy" in done.stderr


def test_verify_of_another_cohort_is_refused(made, tmp_path):
    """A result and tables that do not belong together are a wrong call."""
    mentees = pd.read_csv(made / "mentees.csv", dtype=str)
    mentees.loc[3, "level"] = "5" if mentees.loc[3, "level"] != "5" else "4"
    mentees.to_csv(tmp_path / "mentees.csv", index=False)
    done = invoke("verify", made / "result", made / "mentors.csv", tmp_path / "mentees.csv")
    assert done.exit_code == 2


def test_explain_a_mentee_and_a_mentor(made):
    """Both directions of one pair are explained with the partner's id."""
    mentor, mentee = pd.read_csv(made / "result" / "pairs.csv", dtype=str).loc[0, ["mentor", "mentee"]]
    of_mentee = run("explain", made / "result", *tables(made), "--mentee", mentee)
    of_mentor = invoke("explain", made / "result", *tables(made), "--mentor", mentor)
    assert of_mentee.returncode == of_mentor.exit_code == 0
    assert mentor in of_mentee.stdout
    assert mentee in of_mentor.stdout


@pytest.mark.parametrize("who", [(), ("--mentor", "m01", "--mentee", "e01"), ("--mentee", "nobody")])
def test_explain_needs_one_known_person(made, who):
    """No person, two, or an unknown one: the call is wrong."""
    done = invoke("explain", made / "result", *tables(made), *who)
    assert done.exit_code == 2
    assert done.stderr.strip()


def test_demo_runs_and_its_printed_commands_work(tmp_path):
    """The demo matches every executive it can, says where the report is, and what to try next."""
    done = run("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert names(tmp_path / "pairmatch-demo") == RESULTS | {"input"}
    report = [line for line in done.stdout.splitlines() if line.startswith("Report:")]
    assert (tmp_path / report[0].split()[-1]).is_file()
    assert "a hard rule lacks data and so forbids every pair" in done.stdout
    commands = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("  pairmatch ")]
    assert {command[0] for command in commands} == {"verify", "explain", "report"}
    for command in commands:
        assert run(*command, cwd=tmp_path).returncode == 0
    again = run("demo", cwd=tmp_path)
    assert again.returncode == 0
    assert again.stdout == done.stdout


def test_demo_gives_every_executive_a_mentor_or_a_true_reason(tmp_path):
    """One executive has no grade, so that no pair can be allowed; everybody else has a mentor."""
    assert invoke("demo", "--out", tmp_path / "demo").exit_code == 0
    unmatched = pd.read_csv(tmp_path / "demo" / "unmatched.csv", dtype=str)
    mentees = pd.read_csv(tmp_path / "demo" / "input" / "mentees.csv", dtype=str)
    left = unmatched.loc[unmatched["role"] == "mentee"]
    assert left["id"].tolist() == mentees.loc[mentees["Grade"].isna(), "Employee ID"].tolist()
    assert left["reason"].tolist() == ["data_missing"]
    pairs = pd.read_csv(tmp_path / "demo" / "pairs.csv", dtype=str)
    assert len(pairs) == 49
    assert "00001" in set(pairs["mentee"])


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("match",),
        ("mach",),
        ("generate", "--mentors", "many", "--mentees", "3", "--out", "x"),
        ("verify", "x"),
    ],
)
def test_wrong_calls_exit_2(arguments, tmp_path):
    """A call that makes no sense is answered with usage, never with a traceback."""
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Usage" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert names(tmp_path) == set()


def test_generate_with_bad_numbers_writes_nothing(tmp_path):
    """Numbers out of range are named together."""
    done = invoke("generate", "--mentors", 0, "--mentees", 0, "--out", tmp_path / "x")
    assert done.exit_code == 2
    assert "mentors" in done.stderr
    assert "mentees" in done.stderr
    assert names(tmp_path) == set()


def test_version():
    """--version prints it."""
    assert invoke("--version").stdout.strip() == f"pairmatch {pm.__version__}"


def test_as_a_module():
    """`python -m pairmatch` is the command line."""
    command = [sys.executable, "-m", "pairmatch", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == (f"pairmatch {pm.__version__}\n", 0)


@pytest.mark.parametrize("package", ["typer"])
def test_without_the_extra_one_line_says_how_to_get_it(package):
    """Without typer the command prints one line and exits 2."""
    code = f"import sys; sys.modules['{package}'] = None; from pairmatch.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "demo"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'pairmatch[cli]'" in done.stderr


def test_without_jinja2_everything_but_the_report_is_written(made, tmp_path):
    """The report needs an extra of its own; without it the other results come, a stale report goes."""
    out = tmp_path / "out"
    arguments = ["match", *map(str, tables(made)), "--policy", str(made / "policy.toml"), "--out", str(out)]
    assert invoke(*arguments).exit_code == 0
    code = "import sys; sys.modules['jinja2'] = None; from pairmatch.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert "pip install 'pairmatch[report]'" in done.stderr
    assert names(out) == RESULTS - {"report.html"}


def test_ids_that_the_terminal_cannot_show(tmp_path):
    """An id outside the terminal's alphabet is told escaped, not answered with a traceback."""
    (tmp_path / "a.csv").write_text("id,level\nŁukasz,1\nŁukasz,2\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,level\nb,3\n", encoding="utf-8")
    (tmp_path / "p.toml").write_text("schema = 1\n", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "match", "a.csv", "b.csv", "--policy", "p.toml", "--out", "o"],
        capture_output=True, check=False, cwd=tmp_path, timeout=60,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert done.returncode == 2
    assert b"\\u0141ukasz" in done.stderr


def test_progress_is_shown_on_a_terminal_only(made, tmp_path):
    """On a terminal stderr shows what is being done; stdout stays clean."""
    controller, terminal = pty.openpty()
    command = [*COMMAND, "match", *tables(made), "--policy", made / "policy.toml", "--out", tmp_path / "o"]
    environment = os.environ | {"TERM": "xterm"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, env=environment) as process:
        os.close(terminal)
        shown = b"".join(iter(lambda: drained(controller), b""))
        printed = process.stdout.read() if process.stdout else b""
        assert process.wait(timeout=60) == 0
    os.close(controller)
    assert b"scoring" in shown
    assert b"\x1b" not in printed


def drained(controller: int) -> bytes:
    """The next bytes of a terminal; none when its other end is closed."""
    try:
        return os.read(controller, 65536)
    except OSError:
        return b""


def test_interrupt_ends_cleanly(made, tmp_path):
    """Ctrl-C: one line, exit 130, nothing written. The command is caught while it waits for a pipe."""
    os.mkfifo(tmp_path / "mentees.csv")
    arguments = (made / "mentors.csv", tmp_path / "mentees.csv", "--policy", made / "policy.toml")
    with subprocess.Popen(
        [*COMMAND, "match", *arguments, "--out", tmp_path / "out"], stderr=subprocess.PIPE, text=True
    ) as process:
        with (tmp_path / "mentees.csv").open("wb"):  # waits until the command opens it too
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
        told = process.stderr.read() if process.stderr else ""
    assert process.returncode == 130
    assert told == "Interrupted.\n"
    assert names(tmp_path) == {"mentees.csv"}
