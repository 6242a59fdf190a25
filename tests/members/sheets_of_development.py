"""Registers of development as offices keep them, with invented people."""

from __future__ import annotations

import json
from typing import Any

from members.models import DevelopmentFile
from members.sheets.development.register import DevelopmentResource
from registry.access import OPERATOR
from registry.sheets import staging
from registry.sheets.staging import Scope
from tests.factories import TODAY
from tests.members.sheets_of_dues import a_sheet
from tests.sheets.making import MUSEUM

SETS = {
    each["id"]: tuple(each["header_rows"][0])
    for each in json.loads((MUSEUM / "headings.json").read_text())
}
H05, H06, H35, U03 = (SETS[each] for each in ("H05", "H06", "H35", "U03"))

# One object of development, as the registers write her.
PERSON: dict[str, Any] = {
    "学工号": "20230017",
    "姓名": "李晓梅",
    "性别": "女",
    "民族": "汉",
    "出生年月": "1996.08",
    "出生日期": "1996.08.09",
    "学历": "研究生",
    "提交书面申请书时间": "2022.03.01",
    "申请入党时间": "2022.03.01",
    "申请入党日期": "2022.03.01",
    "谈话时间": "2022.03.20",
    "确定为入党积极分子时间": "2022.09.01",
    "确定积极分子时间": "2022.09.01",
    "确定入党积极分子日期": "2022.09.01",
    "培养联系人": "赵建国、钱学礼",
    "参加培训时间": "2022.11.1-11.5",
    "入党积极分子培训起始时间": "2022.11.01",
    "入党积极分子培训结束时间": "2022.11.05",
    "入党积极分子培训时间": "2022.11.05",
    "积极分子结业考试成绩": 88,
    "确定为发展对象时间": "2023.10.08",
    "发展对象培训起始时间": "2024.03.03",
    "发展对象培训结束时间": "2024.03.05",
    "发展对象培训时间": "2024.03.05",
    "发展对象结业考试成绩": "92",
    "列入发展计划时间": "2024.03.20",
    "领取志愿书时间": "2024.06.03",
    "志愿书编号": "3301000017",
    "当前发展阶段": "领取志愿书",
}


def a_row(headings: tuple[Any, ...], branch: str = "", **said: Any) -> tuple[Any, ...]:
    """A row below these headings; ``said`` stands in the place of what she has there."""
    person = {**PERSON, "联系党支部": branch, "所在支部": branch, "所在党支部": branch, **said}
    return tuple(person.get(heading) for heading in headings)


def a_register(headings: tuple[Any, ...], *rows: tuple[Any, ...], title: str = "") -> bytes:
    return a_sheet(headings, *rows, title=title)


def staged_register(
    headings: tuple[Any, ...],
    *rows: tuple[Any, ...],
    organization: Any = None,
    user: Any = OPERATOR,
    title: str = "",
    name: str = "发展党员信息.xlsx",
) -> Any:
    scope = Scope(organization.path, str(organization)) if organization else Scope()
    data = a_register(headings, *rows, title=title)
    return staging.stage(
        DevelopmentResource, data, name, user=user, scope=scope, opening_on=TODAY, today=TODAY
    )


def file_of(name: str) -> DevelopmentFile:
    return DevelopmentFile.objects.get(name=name, wrong_entry=False)


def days_of(file: DevelopmentFile) -> dict[str, str]:
    """The steps in force with their days; "" where nobody knows the day."""
    rows = file.steps.filter(withdrawn_on__isnull=True).order_by("pk")
    return {each.step: str(each.taken_on or "") for each in rows}


def findings_about(job: Any) -> list[tuple[str, str, str]]:
    """What is said of rows: cell, code and level."""
    found = job.findings.filter(row__isnull=False).order_by("id")
    return [(each.cell, each.code, each.level) for each in found]


def notes_of(job: Any) -> list[str]:
    """What is said of the file."""
    return [str(each.message) for each in job.findings.filter(row__isnull=True).order_by("id")]
