# ---
# jupyter:
#   jupytext:
#     formats: py:percent,ipynb
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Re-matching: when a pair does not work out
#
# Some pairs fail, some people leave, others join. Toolkits for mentoring programmes expect 10 to 15 % of drop-outs in a year, and ask
# for a clean end without blame and for another match. This notebook shows how a running programme is mended: those who need somebody
# get somebody, the pairs that go well are left in peace, and both are *proven*. All people are fictional.

# %%
import tempfile
from dataclasses import replace
from pathlib import Path

import altair as alt
import pandas as pd

import pairmatch as pm
from pairmatch import goals, rules

alt.renderers.enable("png", ppi=85)  # still pictures, which every reader of this page can see

frames = pm.datasets.synthetic_frames(mentors=62, mentees=60, seed=8)
cohort = pm.Cohort(frames.mentors, frames.mentees)
policy = pm.Policy(
    name="Reverse mentoring",
    rules=[rules.DifferentDepartment(), rules.LevelsBelow(at_least=1), rules.OutsideManagementLine()],
    goals=[
        goals.TopicCoverage(weight=0.5),
        goals.SharedHobbies(weight=0.3),
        goals.Reciprocity(weight=0.2),
    ],
)
matching = pm.match(cohort, policy)
matching

# %% [markdown]
# ## One pair fails
#
# After the first month one of the pairs gives up. We say which, and ask for the best that can be done.

# %%
failed = [("m07", matching.partners(mentor="m07")[0])]
revised = pm.rematch(matching, failed=failed)
revised.changes

# %% [markdown]
# One mentee has another mentor, and nobody else notices anything. `verify` checks that without the solver: who was running, who goes on,
# and that no better re-match was possible.

# %%
print(pm.verify(revised, cohort, policy))

# %% [markdown]
# The failed pair is part of what the matching knows from now on. It is never proposed again, in no later round either.

# %%
print(pm.why_not(revised, mentor=failed[0][0], mentee=failed[0][1]))

# %% [markdown]
# ## Why not just match again?
#
# A fresh matching without the failed pairs has a slightly higher total. But people who have met three times are no numbers: a fresh
# matching tears pairs apart that go well. Here 1 to 10 pairs fail, and we count the healthy pairs that end.


# %%
def ended(after, failed):
    """Pairs that ran, had not failed, and are gone."""
    before = {(made.mentor, made.mentee) for made in matching.made} - set(failed)
    return len(before - {(made.mentor, made.mentee) for made in after.made})


rows = []
order = pd.Series(range(len(matching.made))).sample(frac=1, random_state=1).tolist()
for number in range(1, 11):
    gone = [(matching.made[k].mentor, matching.made[k].mentee) for k in order[:number]]
    fresh = pm.match(cohort, replace(policy, rules=[*policy.rules, rules.Forbidden(gone)]))
    mended = pm.rematch(matching, failed=gone, waited=[])  # nobody has waited: the totals can be compared
    for way, after in {"matched again": fresh, "re-matched": mended}.items():
        rows.append(
            {
                "way": way,
                "failed": number,
                "ended": ended(after, gone),
                "mentees": int(after.values["mentees"]),
                "total": after.values["total"],
            }
        )
beside = pd.DataFrame(rows)
beside.pivot(index="failed", columns="way", values=["ended", "total"]).round(2)

# %%
lines = alt.Chart(alt.InlineData(values=beside.to_dict("records"))).encode(
    x=alt.X("failed:O", title="failed pairs", axis=alt.Axis(labelAngle=0)),
    y=alt.Y("ended:Q", title="healthy pairs that end", axis=alt.Axis(grid=False, tickMinStep=5)),
    color=alt.Color("way:N", scale=alt.Scale(range=["#cc6677", "#332288"]), title=None),
)
lines = lines.mark_line(point=True)
lines.properties(
    width=420, height=220, title="What a fresh matching does to the pairs that go well"
).configure_view(stroke=None)

# %% [markdown]
# ## Everything at once
#
# A quarter later: two pairs have failed, a mentor leaves the company, another one can take nobody for now, a mentee moves to the department of
# their mentor, which a rule forbids, and two mentors join. The reason why a pair ended is asked for from a fixed list, for the lead's own
# statistics. It is checked, and then forgotten: no table, file or message of the re-match has it.

# %%
moved = matching.made[20]
department = dict(zip(frames.mentors["id"], frames.mentors["department"], strict=True))[moved.mentor]
mentees = frames.mentees.assign(
    department=frames.mentees["department"].where(frames.mentees["id"] != moved.mentee, department)
)
joining = pm.datasets.synthetic_frames(mentors=64, mentees=60, seed=8).mentors.tail(2)
now = pm.Cohort(pd.concat([frames.mentors, joining.assign(id=["m90", "m91"])]), mentees)

tables = {
    "failed": pd.DataFrame(
        {
            "mentor": [matching.made[2].mentor, matching.made[9].mentor],
            "mentee": [matching.made[2].mentee, matching.made[9].mentee],
            "reason": ["no_chemistry", "no_time"],
        }
    ),
    "left": [matching.made[30].mentor],
    "capacities": {matching.made[40].mentor: 0},
}
quarter = pm.rematch(matching, now, **tables)
quarter.changes

# %%
pm.plot.changes_chart(quarter)

# %%
quarter.certificate.table

# %% [markdown]
# Averages and rarities stay those of the first matching. So nobody's weight changes because somebody joined, and the numbers of both rounds can be
# compared.

# %%
old = {(made.mentor, made.mentee): made.weight for made in matching.made}
same = [made for made in quarter.made if (made.mentor, made.mentee) in old]
other = sum(made.weight != old[made.mentor, made.mentee] for made in same)
print(f"{len(same)} pairs go on, and {other} of them have another weight than before")

# %% [markdown]
# ## Pairs that have not begun may move
#
# Sometimes a mentee can only be helped if another pair moves. By default none does. When mentor m04 leaves, the mentee is left
# without anybody:

# %%
without = pm.rematch(matching, left=["m04"])
without.changes

# %% [markdown]
# The lead marks pairs that have not begun yet as *movable*. Then as many people as possible have a mentor, and as few movable pairs as possible move.
# That it could not be done with fewer is proven: the tier `kept`.

# %%
begun = {made.mentee for made in matching.made[:20]}
waiting = [(made.mentor, made.mentee) for made in matching.made if made.mentee not in begun]
chain = pm.rematch(matching, left=["m04"], movable=waiting)
pm.plot.changes_chart(chain)

# %%
chain.certificate.table

# %% [markdown]
# `max_changes` says it the other way round: any pair may move, but no more than so many.

# %%
for most in (0, 1):
    served = pm.rematch(matching, left=["m04"], max_changes=most).values["mentees"]
    print(f"{served:.0f} mentees have a mentor if at most {most} may move")

# %% [markdown]
# ## What stability costs
#
# Leaving people in peace has a price: the total is lower than it could be. Five pairs fail. How much better could the matching be if one,
# two, three healthy pairs were ended on top? The *disturbance frontier* tells, and each point is proven.

# %%
five = [(matching.made[k].mentor, matching.made[k].mentee) for k in (3, 9, 20, 31, 44)]
frontier = pm.disturbance_frontier(matching, failed=five)
frontier.table.head(8).round(3)

# %%
pm.plot.disturbance_chart(frontier)

# %% [markdown]
# The first point leaves everybody in peace. Six moves would raise the total by 2 %, and further ones bring hardly anything; whether that is worth six
# conversations is for people to say. If it is, `disturbance="last"` with `max_changes` makes just that matching. (`waited=[]` says that
# nobody has waited, as the frontier has it.)

# %%
six = pm.rematch(matching, failed=five, disturbance="last", max_changes=6, waited=[])
print(round(six.values["total"], 6), "and on the curve", round(frontier.table["total"][6], 6))
six.changes["reason"].value_counts()

# %% [markdown]
# ## Round after round
#
# A re-matched programme is a matching like any other, and can be re-matched again. What failed once is barred for good, and who was left without
# a partner comes first in the next round, before anybody who could have one just as well.

# %%
current = matching
history = []
for step in range(1, 6):
    one = current.made[7 * step]
    current = pm.rematch(current, failed=[(one.mentor, one.mentee)])
    history.append((one.mentor, one.mentee))
    assert not {(made.mentor, made.mentee) for made in current.made} & set(history)
    print(f"round {step}: {one.mentor} and {one.mentee} end, {len(current.made)} pairs run")

# %%
pm.verify(current, cohort, policy)

# %% [markdown]
# ## Nobody learns why a pair ended
#
# The reasons that were handed in above are nowhere: not in the tables, not in what is written to disk.

# %%
with tempfile.TemporaryDirectory() as folder:
    quarter.write(folder)
    written = " ".join(path.read_text(encoding="utf-8") for path in Path(folder).iterdir())
shown = " ".join([str(quarter), quarter.changes.to_csv(), str(pm.verify(quarter, now, policy)), written])
[reason for reason in ("no_chemistry", "no_time") if reason in shown]

# %% [markdown]
# ## What stays with people
#
# Who is asked to move, what stability is worth, whether a pair that struggles should be given another month: none of that is the computer's to
# decide. It can show what each choice brings and costs, leave everybody else in peace, and prove that it did.
