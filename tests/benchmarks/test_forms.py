"""A superior's form filled with 300 people: the wait of the commonest job of all."""

from __future__ import annotations

import time

import pytest

from members.models import Member
from members.sheets.form_filling import FormFilling
from registry.access import OPERATOR
from tests.factories import TODAY, a_branch, a_member
from tests.members.forms_from_above import a_form, lines_of

HEADINGS = (
    "序号", "姓名", "性别", "民族", "籍贯", "出生年月", "文化程度", "参加工作时间", "入党时间",
    "转正时间", "单位及职务", "党内职务", "身份证号码", "手机号码", "所在党委", "所在党支部",
    "党龄", "政治表现", "备注",
)  # fmt: skip


@pytest.mark.django_db
def test_three_hundred_people_take_two_seconds():
    model = a_member(a_branch())
    kept = {name: getattr(model, name) for name in ("name", "sex", "ethnicity", "born_on")}
    Member.objects.bulk_create(
        Member(
            **kept,
            number=f"D9{number:07}",
            organization=model.organization,
            joined_on=model.joined_on,
            full_member_on=model.full_member_on,
            id_number=f"1101011980{number:08}",
            phone=f"139{number:08}",
        )
        for number in range(299)
    )
    filling = FormFilling(OPERATOR, full=True, on=TODAY)
    begun = time.perf_counter()
    result = filling.fill(a_form(*HEADINGS), "表.xlsx", Member.objects.in_roster_order(), {})
    seconds = time.perf_counter() - begun
    # The figures are what a benchmark is for.
    print(f"\nA form of {len(HEADINGS)} columns with 300 people: {seconds:.2f} s")  # noqa: T201
    assert lines_of(result.data)[302][:2] == [300, "张三"]
    assert seconds <= 2
