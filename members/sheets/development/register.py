"""The register of development: its columns, declared once for reading and for writing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from branches.rules import roles
from members.rules import codes as persons
from members.rules import names
from members.sheets import readers
from members.sheets.development import reading
from members.sheets.development.judging import DevelopmentJudge
from members.sheets.development.stages import STAGES
from members.sheets.development.undoing import DevelopmentUndoing
from members.sheets.development.writing import DevelopmentWriting
from members.sheets.members import MemberResource
from registry.models import ImportJob
from registry.sentences import Sentence
from registry.sheets.cells import read_code, read_text, read_yes_no
from registry.sheets.dates import read_date
from registry.sheets.names import read_name
from registry.sheets.progress import Progress
from registry.sheets.resources import CellField, Reversal, SheetResource
from registry.sheets.rows import StagedRow

_PERSON = MemberResource.fields


def _day(headings: str, **more: Any) -> CellField:
    """Return the column of the day of a step."""
    return CellField(headings, read_date, past=True, clearable=False, **more)


def _class(headings: str) -> CellField:
    return CellField(headings, reading.read_class, past=True, clearable=False)


def _said(headings: str, read: Any, write: Any = None) -> CellField:
    """Return a column of what else is recorded of a step."""
    return CellField(headings, read, write, clearable=False)


_text = partial(read_text, max_length=100)


class DevelopmentResource(SheetResource):
    """One row is one person and how far he has come: it opens a file, or completes his own."""

    sheet_kind: ClassVar[str] = "development"
    model_label = "members.developmentfile"
    verbs = (roles.IMPORT, roles.APPLY)
    promises_keys = True

    row_number = _PERSON["row_number"]
    file_number = CellField(
        "档案编号 发展档案编号", reading.read_file_number, reading.number_of, clearable=False
    )
    staff_number = _PERSON["staff_number"]
    name = CellField(
        "姓名 党员姓名 人员姓名 名字 同志姓名 申请人 申请人姓名 入党申请人姓名 学员姓名 name",
        partial(read_name, max_length=names.LONGEST),
        attribute="name",
        clearable=False,
    )
    sex = _PERSON["sex"]
    ethnicity = _PERSON["ethnicity"]
    id_number = _PERSON["id_number"]
    born_on = _PERSON["born_on"]
    age = _PERSON["age"]
    native_place = _PERSON["native_place"]
    education = _PERSON["education"]
    education_channel = _PERSON["education_channel"]
    degree = _PERSON["degree"]
    work_began_on = _PERSON["work_began_on"]
    category = CellField(
        "人员结构 人员状态 在职情况 在岗情况",
        readers.by_rule(persons.read_category),
        lambda code: persons.CATEGORIES[code].chinese,
        attribute="category",
        also="人员类别",
        usual="人员类型",
        clearable=False,
    )
    front_line = CellField(
        "是否一线 一线 是否生产一线 生产工作一线 是否一线人员",
        read_yes_no,
        readers.yes_no,
        attribute="front_line",
    )
    organization_code = CellField(
        "联系党支部编码 联系支部编码 党支部编码 所在党支部编码 党支部代码 支部编码 党组织代码 "
        "党组织编码 组织代码 所属党支部编码",
        read_code,
        attribute="organization__code",
        clearable=False,
    )
    organization = CellField(
        "联系党支部 联系支部 联系党支部名称 培养党支部 培养支部 所在党支部 所属党支部 所在支部 "
        "党支部 支部名称 党支部名称 所属支部 支部 所在党支部名称 所属党组织名称 "
        "接收党支部 培养联系党支部",
        _text,
        attribute="organization__name",
        usual="所在党组织 所属党组织 党组织 党组织名称",
        clearable=False,
    )
    committee = CellField(
        "联系分党委 联系党委 所在分党委 二级党委名称 所属分党委 二级党组织 所在党委 所属党委 "
        "二级党组织名称 上级党组织 上级党组织名称 党委 党委名称 二级党委 联系分党委名称",
        _text,
        also="所在党组织 所属党组织 党组织 党组织名称",
        clearable=False,
    )
    committee_code = CellField(
        "联系分党委编码 联系党委编码 所在分党委编码 二级党委编码 所属分党委编码",
        read_code,
        clearable=False,
    )
    job_title = CellField(
        "单位及职务 工作单位及职务 行政职务 岗位职务 职务/职称 现任职务 职务职级 单位职务 "
        "工作单位职务 单位、职务",
        _text,
        attribute="job_title",
        also="职务 工作岗位 岗位",
    )
    employer = _PERSON["employer"]
    rank = _PERSON["rank"]
    phone = _PERSON["phone"]
    office_phone = _PERSON["office_phone"]
    address = _PERSON["address"]

    application_on = _day(
        "提交书面申请书时间 申请入党日期 申请入党时间 入党申请时间 入党申请日期 递交申请书时间 "
        "递交申请书日期 递交入党申请书时间 递交入党申请书日期 提交入党申请书时间 提交申请书时间 "
        "提交入党申请时间 提出入党申请时间 提出申请时间 申请时间 申请日期 申请入党年月 "
        "入党申请书时间 书面申请时间 入党申请书递交时间 递交申请时间"
    )
    received_by = _said("接受申请党组织 接收申请党组织 接收人 接受申请书党组织", _text)
    first_talk_on = _day(
        "谈话时间 谈话日期 入党谈话时间 派人谈话时间 首次谈话时间 党组织谈话时间 派人谈话日期 "
        "申请人谈话时间 与申请人谈话时间"
    )
    first_talk_by = _said("谈话人 谈话人姓名", _text)
    activist_on = _day(
        "确定为入党积极分子时间 确定入党积极分子日期 确定为入党积极分子日期 确定入党积极分子时间 "
        "确定为积极分子时间 确定积极分子时间 确定积极分子日期 列为积极分子时间 列为积极分子日期 "
        "列为入党积极分子时间 列为入党积极分子日期 入党积极分子确定时间 积极分子确定时间 "
        "成为入党积极分子时间 成为积极分子时间 积极分子时间 入党积极分子时间 入党积极分子日期 "
        "确定入党积极分子年月 确定为入党积极份子时间"
    )
    activist_filed_on = _day(
        "入党积极分子备案时间 积极分子备案时间 入党积极分子备案日期 积极分子上级备案时间"
    )
    mentors = _said("培养联系人 入党培养联系人 联系人 培养人 培养联系人姓名 培养联系人1",
                    reading.read_people)  # fmt: skip
    second_mentor = _said("培养联系人2 第二培养联系人", reading.read_people)
    mentors_on = _day("确定培养联系人时间 指定培养联系人时间 培养联系人确定时间")
    course_from = _day(
        "入党积极分子培训起始时间 入党积极分子培训开始时间 积极分子培训起始时间 "
        "积极分子培训开始时间 入党积极分子培训起始日期 积极分子培训起始日期"
    )
    course_on = _class(
        "入党积极分子培训结束时间 入党积极分子培训时间 积极分子培训结束时间 积极分子培训时间 "
        "参加培训时间 参加积极分子培训时间 参加入党积极分子培训时间 入党积极分子培训日期 "
        "积极分子培训日期 入党积极分子培训结束日期 积极分子培训结束日期 党校培训时间 培训时间 "
        "参加党校培训时间 积极分子集中培训时间 参加党课培训时间 培训日期"
    )
    course_score = _said(
        "积极分子结业考试成绩 入党积极分子结业考试成绩 积极分子培训成绩 积极分子结业成绩 "
        "入党积极分子培训成绩 积极分子考试成绩", _text
    )  # fmt: skip
    object_notice_on = _day("发展对象公示时间 发展对象公示日期 拟发展对象公示时间")
    object_on = _day(
        "确定为发展对象时间 确定发展对象时间 确定为发展对象日期 确定发展对象日期 列为发展对象时间 "
        "列为发展对象日期 发展对象确定时间 发展对象确定日期 成为发展对象时间 发展对象时间 "
        "确定为重点发展对象时间 确定发展对象年月"
    )
    object_filed_on = _day("发展对象备案时间 发展对象备案日期 发展对象上级备案时间")
    sponsors = _said("入党介绍人 介绍人 入党介绍人1 第一介绍人 介绍人1 入党介绍人姓名",
                     reading.read_people)  # fmt: skip
    second_sponsor = _said("入党介绍人2 第二介绍人 介绍人2", reading.read_people)
    sponsors_on = _day("确定入党介绍人时间 确定介绍人时间 入党介绍人确定时间")
    political_review_on = _day("政治审查时间 政审时间 政治审查日期 政审日期 政审完成时间")
    political_review = _said(
        "政治审查结论 政审结论 政审结果 政治审查结果 政审情况",
        reading.read_conclusion,
        lambda code: {"qualified": "合格", "not_qualified": "不合格"}.get(code, ""),
    )
    training_from = _day(
        "发展对象培训起始时间 发展对象培训开始时间 发展对象培训起始日期 发展对象集中培训起始时间"
    )
    training_on = _class(
        "发展对象培训结束时间 发展对象培训时间 发展对象集中培训时间 发展对象培训日期 "
        "发展对象培训结束日期 集中培训时间 集中培训日期 短期集中培训时间 参加发展对象培训时间 "
        "发展对象集中培训结束时间"
    )
    training_score = _said(
        "发展对象结业考试成绩 发展对象培训成绩 发展对象结业成绩 发展对象考试成绩", _text
    )
    plan_on = _day("列入发展计划时间 列入发展计划日期 列入计划时间 纳入发展计划时间")
    branch_review_on = _day("支委会审查时间 支部委员会审查时间 支部审查时间")
    pre_review_on = _day("上级党委预审时间 预审时间 党委预审时间 预审日期 预审通过时间")
    form_on = _day(
        "领取志愿书时间 领取入党志愿书时间 填写入党志愿书时间 填写志愿书时间 发放志愿书时间 "
        "领取志愿书日期 志愿书领取时间 填写入党志愿书日期"
    )
    form_number = _said("志愿书编号 入党志愿书编号 志愿书号 志愿书号码",
                        partial(read_code, max_length=40))  # fmt: skip
    assembly_on = _day(
        "入党时间 入党日期 加入党组织日期 加入党组织时间 入党年月 接收预备党员日期 "
        "接收预备党员时间 接收为预备党员日期 接收为预备党员时间 加入中共时间 发展时间 "
        "加入中国共产党时间 成为预备党员时间 预备党员时间 支部大会时间 支部大会通过时间 "
        "支部大会讨论时间 支部大会日期 发展为预备党员时间 吸收为预备党员时间 入党支部大会时间"
    )
    committee_talk_on = _day("上级党委谈话时间 党委谈话时间 组织员谈话时间")
    approval_on = _day(
        "党委审批时间 上级党委审批时间 审批时间 批准入党时间 预备党员审批时间 党委批准时间 "
        "上级党组织批准时间"
    )
    oath_on = _day("宣誓时间 入党宣誓时间 宣誓日期 入党宣誓日期")
    full_application_on = _day("转正申请时间 提出转正申请时间 递交转正申请时间 转正申请日期")
    # Lists give the expected day, so it may lie in the future.
    full_assembly_on = CellField(
        "转正时间 转正日期 转为正式党员日期 转为正式党员时间 正式转正日期 转正年月 按期转正时间 "
        "成为正式党员时间 转正支部大会时间",
        read_date,
        clearable=False,
    )
    full_approval_on = _day("转正审批时间 转正批准时间 党委批准转正时间")
    stage = CellField(
        "当前发展阶段 发展阶段 当前阶段 所处阶段 目前阶段 培养阶段 现阶段 所处发展阶段 "
        "目前所处阶段",
        reading.read_stage,
        lambda code: STAGES[code].chinese,
        also="人员类型",
        usual="人员类别 党籍状态",
        decides=reading.decide_stage,
        clearable=False,
    )
    note = _PERSON["note"]
    second_note = _PERSON["second_note"]
    third_note = _PERSON["third_note"]
    # Known, and not asked: what the register works out itself when the list goes out.
    next_step = CellField("下一步骤", read_text, derived=True)
    due_by = CellField("办理期限", read_text, derived=True)

    def settle(self, row: StagedRow) -> None:
        settle(row)

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        return DevelopmentJudge(self.context, self.fields).judge(rows, progress)

    def writing(self, job: ImportJob) -> DevelopmentWriting:
        return DevelopmentWriting(job, self.context)

    def prepare_undo(
        self, job: ImportJob, rows: Sequence[StagedRow], progress: Progress
    ) -> Reversal:
        return DevelopmentUndoing(job, rows, self.context).prepare()


def settle(row: StagedRow) -> None:
    """Part 2023.4.1-4.5 into the days of a class; join 培养联系人1 and 2, 备注1 to 3."""
    readers.settle(row)
    values = row.values
    for last, first in (("course_on", "course_from"), ("training_on", "training_from")):
        if isinstance(days := values.get(last), str):
            began, values[last] = reading.split_class(days)
            values.setdefault(first, began)
    if second := values.pop("second_mentor", None):
        values["mentors"] = "、".join(filter(None, (values.get("mentors"), second)))
