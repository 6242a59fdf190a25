"""The roster of members: its columns, declared once for reading and for writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from branches.rules import roles
from members.models import Member, own_fields_for
from members.rules import codes as persons
from members.rules import names
from members.sheets import readers
from members.sheets.judging import MemberJudge
from members.sheets.undoing import Undoing
from members.sheets.writing import Writing
from registry.models import ImportJob
from registry.sentences import Sentence
from registry.sheets import headings
from registry.sheets.cells import (
    Read,
    read_code,
    read_integer,
    read_phone,
    read_text,
    read_yes_no,
)
from registry.sheets.columns import OWN
from registry.sheets.dates import read_date
from registry.sheets.names import read_name
from registry.sheets.progress import Progress
from registry.sheets.resources import CellField, Reversal, SheetResource
from registry.sheets.rows import StagedRow
from registry.sheets.workbook import Value


def _text(name: str, *, lines: bool = False) -> Callable[[Value], Read[str]]:
    """Return a reader of text that takes as much as the column of ``Member`` holds."""
    length = getattr(Member._meta.get_field(name), "max_length", None)
    return partial(read_text, max_length=length or 200, lines=lines)


def _chinese(table: Any) -> Callable[[Any], str]:
    return lambda code: table[code].chinese


class MemberResource(SheetResource):
    """One row is one member as an office writes him down, often not knowing his number here."""

    sheet_kind: ClassVar[str] = "members"
    model_label = "members.member"
    verbs = (roles.IMPORT, roles.APPLY)
    promises_keys = True

    row_number = CellField("序号 排序 行号", readers.read_row_number, also="编号", derived=True)
    number = CellField(
        "登记编号 党员编号", readers.read_number, also="编号", attribute="number", clearable=False
    )
    staff_number = CellField(
        "学工号 工作证号 工号 职工号 员工编号 员工编码 人员编号 学号 教工号 警号 集团员工编码",
        partial(read_code, max_length=30),
        attribute="staff_number",
    )
    name = CellField(
        "姓名 党员姓名 人员姓名 名字 同志姓名 党员名字 name",
        partial(read_name, max_length=names.LONGEST),
        attribute="name",
        clearable=False,
    )
    sex = CellField(
        "性别 男/女 sex gender",
        readers.by_rule(persons.read_sex),
        _chinese(persons.SEXES),
        attribute="sex",
    )
    ethnicity = CellField(
        "民族 族别",
        readers.by_rule(persons.read_ethnicity),
        persons.ETHNIC_GROUPS.__getitem__,
        attribute="ethnicity",
    )
    id_number = CellField(
        "身份证号码 身份证号 身份证 公民身份号码 公民身份证号码 公民身份证号 居民身份证号 "
        "居民身份证号码 证件号码 证件号 身份号码 idnumber",
        readers.read_id_number,
        attribute="id_number",
        masked=True,
    )
    born_on = CellField(
        "出生年月 出生日期 生日 出生时间 出生年月日 出生 born",
        read_date,
        attribute="born_on",
        past=True,
    )
    age = CellField("年龄 周岁 年龄范围", read_text, derived=True)
    native_place = CellField("籍贯 籍贯地址", _text("native_place"), attribute="native_place")
    education = CellField(
        "文化程度 学历 最高学历 学历层次 学历学位 学历及学位 学历情况",
        readers.by_rule(persons.read_education),
        persons.EDUCATION.__getitem__,
        attribute="education",
    )
    education_channel = CellField(
        "教育类别 学历类别 学历性质 学习形式",
        readers.by_table(persons.EDUCATION_CHANNELS),
        _chinese(persons.EDUCATION_CHANNELS),
        attribute="education_channel",
    )
    degree = CellField(
        "学位 最高学位 学位情况",
        readers.by_rule(persons.read_degree),
        _chinese(persons.DEGREES),
        attribute="degree",
    )
    work_began_on = CellField(
        "参加工作时间 参加工作日期 工作时间 参加工作年月",
        read_date,
        attribute="work_began_on",
    )
    joined_on = CellField(
        "入党时间 入党日期 加入党组织日期 加入党组织时间 入党年月 接收预备党员日期 "
        "加入中共时间 发展时间 接收为预备党员日期 加入中国共产党时间",
        read_date,
        attribute="joined_on",
        past=True,
    )
    full_member_on = CellField(
        "转正时间 转正日期 转为正式党员日期 转为正式党员时间 正式转正日期 转正年月",
        read_date,
        attribute="full_member_on",
    )
    party_age = CellField("党龄", read_text, derived=True)
    party_age_correction = CellField(
        "党龄校正值（月） 党龄校正值",
        partial(read_integer, lowest=-1200, highest=1200),
        attribute="party_age_correction",
    )
    kind = CellField(
        "党员类型 党员类别 预/正 正式/预备 是否正式党员 党籍状态（正式党员或预备党员）",
        readers.by_rule(persons.read_kind),
        _chinese(persons.KINDS),
        attribute="kind",
        also="党籍状态 人员类别 政治面貌 人员类型",
        clearable=False,
    )
    category = CellField(
        "人员结构 人员状态 在职情况 在岗情况",
        readers.by_rule(persons.read_category),
        _chinese(persons.CATEGORIES),
        attribute="category",
        also="人员类别 人员类型",
        clearable=False,
    )
    standing = CellField("", readers.read_standing, also="党籍状态", clearable=False)
    organization_code = CellField(
        "党支部编码 所在党支部编码 党支部代码 支部编码 党组织代码 党组织编码 组织代码 "
        "所属党支部编码",
        read_code,
        attribute="organization__code",
        clearable=False,
    )
    organization = CellField(
        "所在党支部 所属党支部 所在支部 党支部 支部名称 党支部名称 所属党组织名称 现所在党组织 "
        "组织关系所在党支部 所属支部 支部 所在党支部名称",
        partial(read_text, max_length=100),
        attribute="organization__name",
        usual="所在党组织 所属党组织 党组织 党组织名称",
        clearable=False,
    )
    committee = CellField(
        "所在分党委 二级党委名称 所属分党委 二级党组织 所在党委 所属党委 二级党组织名称 上级党组织 "
        "上级党组织名称 党委 党委名称 二级党委",
        partial(read_text, max_length=100),
        also="所在党组织 所属党组织 党组织 党组织名称",
        clearable=False,
    )
    committee_code = CellField(
        "所在分党委编码 二级党委编码 所属分党委编码", read_code, clearable=False
    )
    party_group = CellField(
        "党小组 所在党小组 所属党小组 党小组名称",
        partial(read_text, max_length=50),
        attribute="party_group__name",
    )
    placed_from = CellField(
        "组织关系转入时间 组织关系转入日期 转入时间 转入日期 转入支部时间 进入支部日期",
        read_date,
        usual="进入本系统日期",
        past=True,
        clearable=False,
    )
    party_post = CellField(
        "党内职务 现任党内职务 党内岗位 党内任职 支部职务",
        partial(read_text, max_length=100),
        also="职务",
        decides=readers.decide_party_post,
        clearable=False,
    )
    job_title = CellField(
        "单位及职务 工作单位及职务 行政职务 工作岗位 岗位职务 职务/职称 现任职务 职务职级 岗位 "
        "单位职务 工作单位职务",
        _text("job_title"),
        attribute="job_title",
        also="职务",
    )
    employer = CellField(
        "工作单位 所在单位 单位名称 企业名称 所在部门",
        _text("employer"),
        attribute="employer",
        usual="单位 部门",
    )
    rank = CellField("职级 行政级别 级别", _text("rank"), attribute="rank")
    leading_cadre = CellField(
        "是否领导干部 领导干部", read_yes_no, readers.yes_no, attribute="leading_cadre"
    )
    phone = CellField(
        "手机号码 手机号 手机 移动电话 手机电话 联系手机",
        read_phone,
        readers.phones,
        attribute="phone",
        usual="联系电话 电话 联系方式 电话号码",
        decides=readers.decide_mobile,
        masked=True,
    )
    office_phone = CellField(
        "办公电话 固定电话 办公室电话 座机",
        read_phone,
        readers.phones,
        attribute="office_phone",
        also="联系电话 电话 联系方式 电话号码",
        decides=readers.decide_landline,
    )
    address = CellField(
        "家庭住址 现居住地 居住地址 联系地址 住址 家庭地址 通讯地址 现住址 居住地 address",
        partial(read_text, max_length=200),
        attribute="address",
        masked=True,
    )
    sponsors = CellField(
        "入党介绍人 介绍人 入党介绍人1 第一介绍人 介绍人1",
        _text("sponsors"),
        attribute="sponsors",
    )
    second_sponsor = CellField("入党介绍人2 第二介绍人 介绍人2", _text("sponsors"), clearable=False)
    joined_in = CellField(
        "入党时所在党支部 入党时所在支部", _text("joined_in"), attribute="joined_in"
    )
    file_kept_at = CellField(
        "档案所在地 档案存放地 人事档案所在地 档案存放单位",
        _text("file_kept_at"),
        attribute="file_kept_at",
    )
    floating = CellField("是否流动党员 流动党员", read_yes_no, readers.yes_no, attribute="floating")
    floating_to = CellField("外出流向 流动去向", _text("floating_to"), attribute="floating_to")
    lost_contact = CellField("是否失联党员 失联党员 是否失联 失联", read_yes_no, clearable=False)
    lost_contact_since = CellField(
        "失联时间 失联日期 失去联系日期 失去联系时间",
        read_date,
        attribute="lost_contact_since",
        past=True,
    )
    hardship = CellField(
        "是否困难党员 困难党员 生活困难党员", read_yes_no, readers.yes_no, attribute="hardship"
    )
    note = CellField("备注 说明 备注1 备注说明 note", _text("note", lines=True), attribute="note")
    second_note = CellField("备注2", _text("note", lines=True), clearable=False)
    third_note = CellField("备注3", _text("note", lines=True), clearable=False)

    def own_headings(self) -> dict[str, str]:
        return own_headings(self.context.user, self.context.scope_path)

    def settle(self, row: StagedRow) -> None:
        readers.settle(row)

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        return MemberJudge(self.context, self.fields).judge(rows, progress)

    def writing(self, job: ImportJob) -> Writing:
        return Writing(job, self.context)

    def prepare_undo(
        self, job: ImportJob, rows: Sequence[StagedRow], progress: Progress
    ) -> Reversal:
        return Undoing(job, rows, self.context).prepare(progress)


def own_headings(user: Any, path: str) -> dict[str, str]:
    """Return the own fields of the office at ``path``, under the headings of their columns."""
    fields = own_fields_for(user, path)
    return {headings.with_note(field.name): f"{OWN}{field.name}" for field in fields}
