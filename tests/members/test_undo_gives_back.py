"""Whatever a sheet says: applied and taken back, the register is as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from branches.models import Organization
from members.models import Finding, Headcount, Member, Office, Placement
from members.sheets.members import MemberResource
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.sheets import undoing
from registry.sheets.answering import Answering
from tests.factories import TODAY, a_branch, a_committee, a_member
from tests.members.sheets_of_members import HEADINGS, ID_1, ID_2, ID_3
from tests.members.staged import applied, staged

pytestmark = pytest.mark.django_db
NUMBERS = (ID_1, ID_2, ID_3, "110101198005170089")
COLUMNS = {
    "姓  名": ["陶敏", "陶二", "陶三"],
    "性别": ["女", "男"],
    "民族": ["汉", "满族"],
    "出生年月": ["1980.05", "1980.05.17", "1979.01", "1995.3.4", "清空"],
    "入党时间": ["2005.06", "2004.6.1", "1990.01", "2026.03.01", "清空"],
    "转正时间": ["2006.06", "2005.06.30", "2010.01", "清空"],
    "党内职务": ["组织委员", "宣传委员", "书记", "组织委员、纪检委员"],
    "联系电话": ["13900000001", "13900000002", "清空"],
    "党员类型": ["正式党员", "预备党员"],
    "备注": ["住院", "清空"],
    "党小组": ["第一党小组", "第二党小组"],
    "所在党支部": ["甲支部", "乙支部"],
}
EXTRA = tuple(column for column in COLUMNS if column not in HEADINGS)
ANSWERS = {
    "branch_differs": ["correct", "move:2026-11-01", "register"],
    "name_differs": ["sheet", "register"],
    "match_unsure": ["new"],
}


chosen = {column: st.sampled_from(values) for column, values in COLUMNS.items()}
NAME = {"姓  名": chosen.pop("姓  名")}
rows = st.lists(
    st.tuples(
        st.sampled_from(NUMBERS),
        st.fixed_dictionaries(NAME, optional=chosen),
        st.fixed_dictionaries({code: st.sampled_from(all_) for code, all_ in ANSWERS.items()}),
    ),
    min_size=2,
    max_size=4,
    unique_by=lambda row: row[0],
)
people = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["full", "probationary"]),
            "born_on": st.sampled_from([PartialDate(1980, 5), PartialDate(1990, 1, 1), None]),
            "joined_on": st.sampled_from([PartialDate(2005, 6), PartialDate(1992), None]),
            "full_member_on": st.sampled_from([PartialDate(2006, 6), None]),
            "phone": st.sampled_from(["", "13800000001"]),
            "branch": st.sampled_from([0, 1]),
        }
    ),
    min_size=1,
    max_size=3,
)


def a_register(people: list[dict[str, Any]]) -> Organization:
    committee = a_committee()
    branches = [a_branch(committee, short_name=name) for name in ("甲支部", "乙支部")]
    for branch in branches:
        branch.party_groups.create(name="第一党小组")
    for number, said in zip(NUMBERS, people, strict=False):
        branch = branches[said["branch"]]
        described = {name: value for name, value in said.items() if name != "branch"}
        a_member(branch, name="陶敏", sex="F", id_number=number, display_order=3, **described)
    return committee


def register() -> dict[str, Any]:
    """Return all that an upload may change, as far as it counts."""
    people = Member.objects.filter(wrong_entry=False)
    return {
        "members": [
            {name: value for name, value in row.items() if name != "version"}
            for row in people.order_by("pk").values()
        ],
        "stays": list(Placement.objects.filter(member__in=people).order_by("pk").values()),
        "heads": {
            row.pk: (row.full, row.probationary)
            for row in Headcount.objects.all()
            if row.full or row.probationary
        },
        "findings": sorted(
            Finding.objects.filter(member__in=people, mended_on=None).values_list(
                "member", "code", "field", "accepted_reason"
            )
        ),
        "offices": list(Office.objects.order_by("pk").values()),
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people=people, rows=rows, named=st.booleans())
def test_what_was_applied_and_taken_back_never_was(people, rows, named):
    with transaction.atomic():
        committee = a_register(people)
        before = register()
        sheet = [
            ({"所在党支部": "甲支部"} if named else {}) | said | {"身份证号码": number}
            for number, said, _ in rows
        ]
        job = staged(*sheet, organization=committee, extra=EXTRA)
        answering = Answering(MemberResource, job, OPERATOR, TODAY)
        for row, (_, _, answers) in zip(job.rows.order_by("pk"), rows, strict=True):
            for code, answer in answers.items():
                answering.answer(row.pk, code, answer)
        job.refresh_from_db()
        outcome = applied(job, good_rows=True)
        event(f"written {outcome.written} of {len(rows)}")
        if outcome.written:
            undone = undoing.undo(MemberResource, job, OPERATOR, today=TODAY)
            assert (undone.restored, undone.kept, undone.failed) == (outcome.written, 0, 0)
        assert register() == before
        transaction.set_rollback(True)
