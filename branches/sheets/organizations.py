"""The list of organisations: its columns, declared once for reading and for writing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from branches.models import Organization
from branches.rules import hierarchy, roles
from branches.sheets.founding import OrganizationJudge, Writing
from branches.sheets.undoing import OrganizationUndoing
from registry.models import ImportJob
from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.cells import (
    CellError,
    Read,
    read_code,
    read_integer,
    read_text,
    text_of,
)
from registry.sheets.dates import read_date
from registry.sheets.progress import Progress
from registry.sheets.resources import CellField, Reversal, SheetResource
from registry.sheets.rows import StagedRow
from registry.sheets.workbook import Value


def _text(name: str) -> Any:
    length = getattr(Organization._meta.get_field(name), "max_length", None)
    return partial(read_text, max_length=length or 200)


def read_kind(value: Value) -> Read[Any]:
    """Return kind and sort: 机关党委, 联合党支部."""
    text, findings = text_of(value)
    if not text:
        return Read(None, findings)
    try:
        return Read(hierarchy.read_kind(text), findings)
    except ValueError as error:
        objection = error.args[0]
        raise CellError(
            Sentence(objection.template, code=codes.CHOICE_UNKNOWN, **objection.params)
        ) from None


def _kind_in_chinese(code: str) -> str:
    return hierarchy.KINDS[code].chinese


class OrganizationResource(SheetResource):
    """One row is one organisation; its superior may stand in the same file, before or after it."""

    sheet_kind: ClassVar[str] = "organizations"
    model_label = "branches.organization"
    verbs = (roles.CHANGE_TREE, roles.CHANGE_TREE)

    row_number = CellField("序号", read_text, derived=True)
    code = CellField(
        "组织代码 党组织代码 党组织编码 组织编码 代码 编码 编号 党支部编码 code",
        partial(read_code, max_length=30),
        attribute="code",
    )
    name = CellField(
        "组织全称 党组织全称 全称 组织名称 党组织名称 名称 党支部名称 支部名称 name",
        _text("name"),
        attribute="name",
    )
    short_name = CellField("组织简称 党组织简称 简称", _text("short_name"), attribute="short_name")
    kind = CellField(
        "组织类别 党组织类别 类别 组织类型 党组织类型 支部类别 党总支类别 kind",
        read_kind,
        _kind_in_chinese,
        attribute="kind",
    )
    level = CellField(
        "级别 层级 组织层级 level", partial(read_integer, lowest=1, highest=16), attribute="level"
    )
    parent_code = CellField(
        "上级组织代码 上级党组织代码 上级党组织编码 上级代码 上级编码 所属单位编码 所属分党委编码 "
        "上一级党组织唯一标识 parent",
        partial(read_code, max_length=30),
        attribute="parent__code",
    )
    parent_name = CellField(
        "上级组织 上级党组织 上级组织名称 上级党组织名称 所属分党委 上级",
        _text("name"),
        attribute="parent__name",
    )
    unit = CellField("所在单位 单位名称 单位 所属单位 unit", partial(read_text, max_length=300))
    founded_on = CellField(
        "成立时间 成立日期 建立党组织时间 建立党组织日期 批准成立日期 founded",
        read_date,
        attribute="founded_on",
        past=True,
    )
    contact = CellField("联系人 党组织联系人", _text("contact"), attribute="contact")
    phone = CellField("联系电话 电话 联系方式", _text("phone"), attribute="phone")
    address = CellField(
        "联系地址 通讯地址 地址 党组织通讯地址", _text("address"), attribute="address"
    )
    display_order = CellField(
        "显示排序 排序", partial(read_integer, highest=1_000_000), attribute="display_order"
    )

    def settle(self, row: StagedRow) -> None:
        if isinstance(kind := row.values.get("kind"), tuple):
            row.values["kind"], row.values["sort"] = kind

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        return OrganizationJudge(self.context).judge(rows)

    def writing(self, job: ImportJob) -> Writing:
        return Writing(job, self.context)

    def prepare_undo(
        self, job: ImportJob, rows: Sequence[StagedRow], progress: Progress
    ) -> Reversal:
        return OrganizationUndoing(job, rows, self.context).prepare()
