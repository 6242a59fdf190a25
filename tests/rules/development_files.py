"""Files of development for the tests of its rules: a smooth way, from which a test departs."""

from __future__ import annotations

from datetime import date

from members.rules import development
from members.rules.development import Done, File
from registry.calendar import PartialDate

TODAY = date(2026, 11, 1)
VOTE = {"entitled": 12, "due": 12, "present": 10, "votes_for": 10}
SPONSORS = [
    {"name": "赵一鸣", "member": 1, "full_member": True, "under_probation_in_party": False},
    {"name": "钱二川", "member": 2, "full_member": True, "under_probation_in_party": False},
]
FACTS = {
    "first_talk": {"who": "孙三石"},
    "activist": {"recommendation": "members"},
    "mentors": {"mentors": SPONSORS},
    "cultivation": {"opinion": "表现良好"},
    "object_notice": {"until": "2023-06-30"},
    "object": {"opinions": "均同意"},
    "sponsors": {"sponsors": SPONSORS},
    "political_review": {"result": "qualified"},
    "training": {"days": 3, "hours": 24},
    "branch_review": {"result": "agreed"},
    "pre_review": {"result": "agreed"},
    "application_form": {"form_number": "000123"},
    "assembly": VOTE | {"result": "agreed"},
    "deliberation": {"result": "agreed"},
    "committee_talk": {"who": "李四海", "opinion": "同意"},
    "approval": {"result": "agreed"},
    "probation_review": {"opinion": "表现良好"},
    "full_notice": {"until": "2024-09-20"},
    "full_assembly": VOTE | {"result": "on_time"},
    "full_deliberation": {"result": "agreed"},
    "full_approval": {"result": "agreed"},
    "archive": {"place": "人事处"},
}
# One smooth way, no step late; the notices and the 党总支 are left out.
DAYS = {
    "application": "2022-03-01",
    "first_talk": "2022-03-20",
    "activist": "2022-06-15",
    "activist_filed": "2022-06-20",
    "mentors": "2022-06-20",
    "cultivation": "2022-12-15",
    "object": "2023-07-03",
    "object_filed": "2023-07-05",
    "sponsors": "2023-07-05",
    "political_review": "2023-07-20",
    "training": "2023-08-10",
    "branch_review": "2023-08-20",
    "pre_review": "2023-09-01",
    "application_form": "2023-09-05",
    "assembly": "2023-09-25",
    "committee_talk": "2023-10-15",
    "approval": "2023-11-20",
    "filed_above": "2023-11-25",
    "placed": "2023-11-25",
    "oath": "2023-12-10",
    "probation_review": "2024-03-25",
    "full_application": "2024-09-20",
    "full_assembly": "2024-09-25",
    "full_approval": "2024-11-11",
    "archive": "2024-12-02",
}


def done(step, on="", **facts):
    return Done(step, PartialDate.of(on) if on else None, FACTS.get(step, {}) | facts)


def a_file(until="", *, without=(), days=None, more=(), **fields):
    """A file with every step of the smooth way before ``until``, which may be "the_end"."""
    steps = []
    for step, day in DAYS.items():
        if step == until or not until:
            break
        if step not in without:
            steps.append(done(step, (days or {}).get(step, day)))
    fields.setdefault("rule_set", "2014")
    fields.setdefault("born_on", PartialDate(1990, 5, 4))
    return File(done=(*steps, *more), **fields)


def said_against(step, on, file=None, *, facts=None, today=TODAY, **circumstances):
    """The objections to ``step`` on ``on`` in a file that has everything before it."""
    return development.objections(
        step,
        a_file(step) if file is None else file,
        PartialDate.of(on) if on else None,
        facts=FACTS.get(step, {}) | (facts or {}),
        today=today,
        **circumstances,
    )


def codes(*given, **circumstances):
    return [said.code for said in said_against(*given, **circumstances)]


def errors(*given, **circumstances):
    return [said.code for said in said_against(*given, **circumstances) if said.level == "error"]


def planned(file, step, on=TODAY):
    return next(each for each in development.plan(file, on) if each.step == step)
