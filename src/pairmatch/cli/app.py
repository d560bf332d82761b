"""The commands, each a few lines: read, call the verb, write, say what happened."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import pairmatch as pm
from pairmatch.cli.folder import refuse_foreign, staged
from pairmatch.cli.inputs import Tables, read_inputs, read_later, read_result
from pairmatch.cli.long_work import options_named, shown_progress, threads_of
from pairmatch.cli.speech import say, spoken
from pairmatch.cli.summary import match_lines, note_lines
from pairmatch.errors import counted
from pairmatch.matching import read_before

if TYPE_CHECKING:
    from pairmatch.matching import Matching

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would print local variables: people's data
)

Mentors = Annotated[Path, typer.Argument(help="Table of the mentors (CSV).", show_default=False)]
Mentees = Annotated[Path, typer.Argument(help="Table of the mentees (CSV).", show_default=False)]
Result = Annotated[Path, typer.Argument(help="Folder that `match` wrote.", show_default=False)]
Org = Annotated[Path | None, typer.Option(help="Reporting lines of people in neither table (CSV).")]
History = Annotated[Path | None, typer.Option(help="Pairs of earlier rounds (CSV: mentor, mentee, ended).")]
Preferences = Annotated[
    Path | None, typer.Option(help="Who wishes for whom (CSV: mentor, mentee, by, rank).")
]
Vetoes = Annotated[Path | None, typer.Option(help="Pairs that one of the two will not have (CSV).")]
Coaches = Annotated[
    Path | None, typer.Option(help="Coaches who support pairs (CSV), as the people's tables.")
]
PolicyFile = Annotated[Path, typer.Option("--policy", help="Rules, goals and column map (TOML or JSON).")]
Seed = Annotated[int | None, typer.Option(help="Orders equal people; in place of the policy's seed.")]
TimeLimit = Annotated[float | None, typer.Option(help="Seconds; a gap that remains is reported.")]
Threads = Annotated[int | None, typer.Option(help="Threads for large cohorts; one per core if not given.")]
MemoryLimit = Annotated[
    str | None,
    typer.Option(help="Most memory, as in 2GB; a match that needs more is refused before it starts."),
]
Relax = Annotated[
    list[str] | None,
    typer.Option(
        help="A rule that may give way by exceptions, as few as coverage needs; once for each rule, in order."
    ),
]
ShowProgress = Annotated[
    bool | None,
    typer.Option("--progress/--quiet", help="Show progress in any case, or never; a terminal shows it."),
]
Out = Annotated[Path, typer.Option(help="Folder for the result; made if need be.")]
Force = Annotated[bool, typer.Option("--force", help="Write even where other files are.")]


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"pairmatch {pm.__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
]


@app.callback()
def about(version: Version = False) -> None:
    """Pair mentors with mentees under hard rules and soft goals, with a proof of how good the answer is."""


@app.command()
@spoken
def match(
    mentors: Mentors,
    mentees: Mentees,
    policy: PolicyFile,
    out: Out,
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
    time_limit: TimeLimit = None,
    seed: Seed = None,
    threads: Threads = None,
    memory_limit: MemoryLimit = None,
    relax: Relax = None,
    progress: ShowProgress = None,
    force: Force = False,
) -> None:
    """Match the people of two tables; write pairs.csv, unmatched.csv, matching.json and report.html."""
    refuse_foreign(out, replace=True, force=force)
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    work = _Work(time_limit, threads, memory_limit, progress)
    matching = _matched(tables, policy, work, seed=seed, relax=relax)
    with staged(out, replace=True, force=force) as stage:
        write_result(matching, stage)
    tell_result(matching, out)


@app.command()
@spoken
def verify(
    result: Result,
    mentors: Mentors,
    mentees: Mentees,
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
    policy: Annotated[
        Path | None,
        typer.Option(help="The policy to hold the result against; in place of the one written with it."),
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(help="Folder of the matching before: what a re-match says of it is checked."),
    ] = None,
    progress: ShowProgress = None,
) -> None:
    """Check a written matching against the tables, without the solver; exit 0 valid, 1 not."""
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    matching, cohort, agreed = read_result(result, tables, policy)
    earlier = None if before is None else read_before(before, cohort)[0]
    with shown_progress(progress) as report:
        verification = pm.verify(matching, cohort, agreed, before=earlier, progress=report)
    typer.echo(verification)


@app.command()
@spoken
def rematch(
    result: Result,
    mentors: Mentors,
    mentees: Mentees,
    out: Out,
    failed: Annotated[
        Path | None, typer.Option(help="Pairs that did not work out (CSV: mentor, mentee, perhaps reason).")
    ] = None,
    left: Annotated[
        Path | None, typer.Option(help="People who left (CSV: id, perhaps role: mentor or mentee).")
    ] = None,
    returned: Annotated[
        Path | None, typer.Option(help="People who had left and are back (CSV: id, perhaps role).")
    ] = None,
    capacities: Annotated[
        Path | None, typer.Option(help="Other capacities (CSV: id, capacity, perhaps role).")
    ] = None,
    movable: Annotated[
        str | None, typer.Option(help="Pairs that may end for others (CSV: mentor, mentee), or 'all'.")
    ] = None,
    waited: Annotated[
        Path | None, typer.Option(help="Rounds that people waited (CSV: id, rounds, perhaps role).")
    ] = None,
    cooled: Annotated[
        Path | None, typer.Option(help="Pairs that failed, and may be proposed again (CSV: mentor, mentee).")
    ] = None,
    max_changes: Annotated[
        int | None, typer.Option(help="Most running pairs that may end beside those that must.")
    ] = None,
    disturbance: Annotated[
        str, typer.Option(help="Where running pairs count: after_coverage, last or weighted.")
    ] = "after_coverage",
    stability: Annotated[
        float, typer.Option(help="For weighted: worth of a pair that goes on; a perfect pair weighs 1.")
    ] = 0.1,
    minimum_weight: Annotated[
        float | None, typer.Option(help="0 to 1: no new pair below this weight.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="Rules as they are now; in place of those written with the result.")
    ] = None,
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    memory_limit: MemoryLimit = None,
    progress: ShowProgress = None,
    force: Force = False,
) -> None:
    """Match again after pairs failed or people left, joined or changed: running pairs stay, provably."""
    refuse_foreign(out, replace=True, force=force)
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    rows = {"failed": failed, "cooled": cooled, "left": left, "returned": returned}
    rows |= {"capacities": capacities, "waited": waited}
    marked = None if movable in (None, "all") else Path(str(movable))
    cohort, agreed, told = read_later(result, tables, policy, {**rows, "movable": marked})
    told |= {"movable": movable} if movable == "all" else {}
    asked: dict[str, Any] = {
        "max_changes": max_changes,
        "disturbance": disturbance,
        "stability": stability,
        "minimum_weight": minimum_weight,
        "policy": agreed,
    }
    with options_named(), threads_of(threads) as executor, shown_progress(progress) as report:
        asked |= {"time_limit": time_limit, "memory_limit": memory_limit, "executor": executor}
        matching = pm.rematch(result, cohort, **told, **asked, progress=report)
    with staged(out, replace=True, force=force) as stage:
        write_result(matching, stage)
    tell_result(matching, out)


@app.command()
@spoken
def explain(
    result: Result,
    mentors: Mentors,
    mentees: Mentees,
    mentee: Annotated[str | None, typer.Option(help="Id of the mentee to explain.")] = None,
    mentor: Annotated[str | None, typer.Option(help="Id of the mentor to explain.")] = None,
    audience: Annotated[str, typer.Option(help="Who reads it: lead, auditor, mentor or mentee.")] = "lead",
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
) -> None:
    """Say why a person got this partner, or none, goal by goal and rule by rule."""
    if (mentee is None) == (mentor is None):
        raise typer.BadParameter("give either --mentee ID or --mentor ID", param_hint="--mentee / --mentor")
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    matching, _, _ = read_result(result, tables, None)
    with options_named():
        typer.echo(pm.explain(matching, mentor=mentor, mentee=mentee, audience=audience))


@app.command()
@spoken
def generate(
    mentors: Annotated[int, typer.Option(help="How many mentors.")],
    mentees: Annotated[int, typer.Option(help="How many mentees.")],
    out: Out,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 0,
    herding: Annotated[float, typer.Option(help="0 to 1: how far wishes gather on star mentors.")] = 0.3,
    ties: Annotated[float, typer.Option(help="0 to 1: share of people who give standard answers.")] = 0.0,
    eligibility: Annotated[
        float | None, typer.Option(help="0 to 1: about which share of the pairs is eligible.")
    ] = None,
    missing: Annotated[
        float | None, typer.Option(help="0 to 1: which share of what people tell of themselves is missing.")
    ] = None,
    force: Force = False,
) -> None:
    """Make a synthetic cohort: mentors.csv, mentees.csv, their wishes and a policy.toml that fits them."""
    refuse_foreign(out, replace=False, force=force)
    frames = pm.datasets.synthetic_frames(
        mentors=mentors,
        mentees=mentees,
        seed=seed,
        herding=herding,
        ties=ties,
        eligibility=eligibility,
        missing=missing,
    )
    with staged(out, replace=False, force=force) as stage:
        frames.write(stage)
        (stage / "policy.toml").write_text(
            pm.datasets.synthetic_policy_text(), encoding="utf-8", newline="\n"
        )
    org = "" if frames.org is None else f" --org {out / 'org.csv'}"
    people = f"{counted(mentors, 'mentor')} and {counted(mentees, 'mentee')}"
    typer.echo(f"{people}, all fictional, are in {out}. Match them with:")
    typer.echo(
        f"  pairmatch match {out / 'mentors.csv'} {out / 'mentees.csv'}{org}"
        f" --policy {out / 'policy.toml'} --out {out / 'result'}"
    )


@app.command()
@spoken
def preset(
    name: Annotated[str | None, typer.Argument(help="Which one; without a name they are listed.")] = None,
) -> None:
    """Print a policy file to start from: `pairmatch preset reverse_mentoring > policy.toml`."""
    if name is not None:
        typer.echo(pm.Policy.preset_text(name), nl=False)
        return
    for known in pm.Policy.presets():
        typer.echo(f"{known:18} {pm.Policy.preset(known).name}")


@app.command()
@spoken
def demo(out: Out = Path("pairmatch-demo"), force: Force = False) -> None:
    """Match the shipped example: 50 executives in seven states and 120 applicants who would mentor them."""
    refuse_foreign(out, replace=True, force=force)
    files = pm.datasets.example()
    matching = _matched(Tables(files.mentors, files.mentees, files.org), files.policy, _Work())
    with staged(out, replace=True, force=force) as stage:
        write_result(matching, stage)
        (stage / "input").mkdir()
        files.copy(stage / "input")
    tell_result(matching, out)
    typer.echo("")
    copies = out / "input"
    tables = f"{out} {copies / 'mentors.csv'} {copies / 'mentees.csv'} --org {copies / 'org.csv'}"
    typer.echo("Next, for instance:")
    typer.echo(f"  pairmatch verify {tables}")
    typer.echo(f"  pairmatch explain {tables} --mentee 00001")
    typer.echo(f"  pairmatch report {tables}")


@dataclasses.dataclass(frozen=True)
class _Work:
    """How long work is done."""

    time_limit: float | None = None
    threads: int | None = None
    memory_limit: str | None = None
    progress: bool | None = None


def _matched(
    tables: Tables,
    policy_file: Path,
    work: _Work,
    *,
    seed: int | None = None,
    relax: list[str] | None = None,
) -> Matching:
    """Read everything and match it."""
    cohort, policy = read_inputs(tables, policy_file)
    if seed is not None:
        policy = dataclasses.replace(policy, seed=seed)
    with options_named(), threads_of(work.threads) as executor, shown_progress(work.progress) as report:
        return pm.match(
            cohort,
            policy,
            time_limit=work.time_limit,
            progress=report,
            executor=executor,
            memory_limit=work.memory_limit,
            relax=relax or None,
        )


def write_result(matching: Matching, stage: Path) -> None:
    """All results; the report only where its packages are."""
    from pairmatch.report import report

    matching.write(stage)
    try:
        report(matching, stage / "report.html", thorough=False)
    except pm.MissingExtraError as error:
        say(f"No report.html: {error}")


def tell_result(matching: Matching, out: Path) -> None:
    """The result in a few lines on stdout, what is worth knowing on stderr."""
    for line in note_lines(matching):
        say(line)
    lines = match_lines(matching)
    report = out / "report.html"
    typer.echo("\n".join([*lines, f"Report:    {report}" if report.exists() else f"Results:   {out}"]))
