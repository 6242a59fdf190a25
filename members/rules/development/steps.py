"""The 25 steps of the flow chart, and five that stand between them, in their order.

Source: 中国共产党发展党员工作细则 (2014) and the flow chart of the organisation departments;
papers as a widely used handbook numbers them. Public notices (7-1, 22-1), the year's plan (11-1)
and the deliberation of a 党总支 (15-1, 23-1) are steps of their own. To add a step, add a row; the
plan, the forms and the papers follow.
"""

from __future__ import annotations

from members.rules.development import step as levels
from members.rules.development.recorded import RECORDS
from members.rules.development.step import (
    ACCEPTANCE,
    ACTIVIST,
    APPLICANT,
    APPLICATION,
    BRANCH,
    COMMITTEE,
    GENERAL_BRANCH,
    OBJECT,
    PROBATION,
    STAGES,
    Step,
)
from registry.sentences import Sentence


def _step(
    code: str,
    number: str,
    label: Sentence,
    chinese: str,
    stage: str,
    acts: str,
    *,
    after: str = "",
    needs: str = "",
    papers: tuple[str, ...] = (),
    repeats: bool = False,
    optional: bool = False,
) -> Step:
    return Step(
        code,
        number,
        label,
        chinese,
        stage,
        acts,
        after=tuple(after.split()),
        needs=tuple(needs.split()),
        papers=papers,
        repeats=repeats,
        optional=optional,
        records=RECORDS[code],
    )


_ROWS = (
    _step("application", "1", Sentence("application"), "递交入党申请书", APPLICATION, APPLICANT,
          papers=("1-1 入党申请书", "1-3 发展党员工作全程纪实表", "1-4 年度入党申请人名册")),
    _step("first_talk", "2", Sentence("first talk"), "党组织派人谈话", APPLICATION, BRANCH,
          after="application", needs="application",
          papers=("1-2 谈话记录", "1-2-1 有关事项报告表", "1-2-2 情况调查登记表")),
    _step("activist", "3", Sentence("naming as an activist"), "推荐和确定入党积极分子",
          ACTIVIST, BRANCH, after="first_talk", needs="application",
          papers=("2-1 推荐登记表", "2-2 会议记录")),
    _step("activist_filed", "4", Sentence("filing of the activist"), "上级党委备案",
          ACTIVIST, COMMITTEE, after="activist", needs="activist",
          papers=("2-3 备案登记表", "2-4 备案报告（附名册）")),
    _step("mentors", "5", Sentence("naming of mentors"), "指定培养联系人", ACTIVIST, BRANCH,
          after="activist", needs="activist"),
    _step("cultivation", "6", Sentence("review of the activist"), "培养教育考察", ACTIVIST, BRANCH,
          after="activist", needs="activist", repeats=True,
          papers=("2-5 思想汇报", "2-6 培养考察登记表", "2-7 培训班学员名册")),
    _step("object_notice", "7-1", Sentence("notice of the object"), "发展对象公示", OBJECT, BRANCH,
          after="activist_filed mentors cultivation", needs="activist", optional=True,
          papers=("3-3 公示", "3-4 公示情况登记表")),
    _step("object", "7", Sentence("naming as an object of development"), "确定发展对象",
          OBJECT, BRANCH, after="object_notice", needs="activist", papers=("3-2 会议记录",)),
    _step("object_filed", "8", Sentence("filing of the object"), "报上级党委备案",
          OBJECT, COMMITTEE, after="object", needs="object",
          papers=("3-1 备案登记表", "3-5 报告")),
    _step("sponsors", "9", Sentence("naming of sponsors"), "确定入党介绍人", OBJECT, BRANCH,
          after="object", needs="object"),
    _step("political_review", "10", Sentence("political review"), "政治审查", OBJECT, BRANCH,
          after="object", needs="object",
          papers=("3-6 自传", "3-7 政审函", "3-8 回函", "3-9 政审报告")),
    _step("training", "11", Sentence("training of the object"), "开展集中培训",
          OBJECT, COMMITTEE, after="object", needs="object",
          papers=("3-10 学员名册", "3-11 培训登记表")),
    # The plan of the year (列入发展计划), where a committee keeps it person by person.
    _step("plan", "11-1", Sentence("entry in the year's plan"), "列入发展计划", OBJECT, COMMITTEE,
          after="object", needs="object", optional=True),
    _step("branch_review", "12", Sentence("review by the branch committee"), "支部委员会审查",
          ACCEPTANCE, BRANCH, after="object_filed sponsors political_review training",
          needs="object"),
    _step("pre_review", "13", Sentence("pre-review by the committee"), "上级党委预审",
          ACCEPTANCE, COMMITTEE, after="branch_review plan", needs="object",
          papers=("4-1 预审请示", "4-1-1 预审名册", "4-2 预审意见")),
    _step("application_form", "14", Sentence("filling in the application form"),
          "填写入党志愿书", ACCEPTANCE, APPLICANT, after="pre_review", needs="pre_review",
          papers=("4-3 入党志愿书",)),
    _step("assembly", "15", Sentence("assembly on admission"), "支部大会讨论", ACCEPTANCE, BRANCH,
          after="application_form", needs="sponsors political_review pre_review",
          papers=("4-4 会议记录",)),
    _step("deliberation", "15-1", Sentence("deliberation by the general branch"),
          "党总支审议", ACCEPTANCE, GENERAL_BRANCH, after="assembly", needs="assembly"),
    _step("committee_talk", "16", Sentence("talk by the committee"), "上级党委派人谈话",
          ACCEPTANCE, COMMITTEE, after="assembly deliberation", needs="assembly"),
    _step("approval", "17", Sentence("approval by the committee"), "上级党委审批",
          ACCEPTANCE, COMMITTEE, after="committee_talk", needs="assembly deliberation",
          papers=("4-5 接收请示", "4-6 批复")),
    _step("filed_above", "18", Sentence("filing with the level above"), "再上一级组织部门备案",
          ACCEPTANCE, levels.ABOVE, after="approval", needs="approval",
          papers=("4-7 备案报告", "4-8 年度新发展党员名册")),
    _step("placed", "19", Sentence("placing in branch and Party group"), "编入党支部和党小组",
          PROBATION, BRANCH, after="approval", needs="approval"),
    _step("oath", "20", Sentence("oath"), "入党宣誓", PROBATION, COMMITTEE,
          after="approval", needs="approval"),
    _step("probation_review", "21", Sentence("review during probation"), "继续教育考察",
          PROBATION, BRANCH, after="approval", needs="approval", repeats=True,
          papers=("5-0 学员名册", "5-1-1 调查表")),
    _step("full_application", "22", Sentence("application for full membership"),
          "提出转正申请", PROBATION, APPLICANT, after="approval", needs="approval",
          papers=("5-2 转正申请书",)),
    _step("full_notice", "22-1", Sentence("notice of full membership"), "转正公示",
          PROBATION, BRANCH, after="full_application", needs="approval", optional=True,
          papers=("5-3 公示",)),
    _step("full_assembly", "23", Sentence("assembly on full membership"), "支部大会讨论转正",
          PROBATION, BRANCH, after="filed_above placed oath probation_review full_notice",
          needs="approval",
          papers=("5-1 考察表", "5-4 公示情况登记表", "5-5 会议记录", "5-6 审议名册",
                  "5-8 支部委员会材料", "5-9 支部大会决议")),
    _step("full_deliberation", "23-1", Sentence("deliberation on full membership"),
          "党总支审议转正", PROBATION, GENERAL_BRANCH, after="full_assembly",
          needs="full_assembly"),
    _step("full_approval", "24", Sentence("approval of full membership"), "上级党委审批转正",
          PROBATION, COMMITTEE, after="full_assembly full_deliberation",
          needs="full_assembly full_deliberation",
          papers=("5-7 转正请示", "5-10 批复", "5-11 批复")),
    _step("archive", "25", Sentence("archiving"), "材料归档", PROBATION, COMMITTEE,
          after="full_approval", needs="full_approval",
          papers=("5-12 材料清单", "5-13 归档清单")),
)  # fmt: skip

STEPS: dict[str, Step] = {step.code: step for step in _ROWS}

# The approvals that only a committee with the right may give.
APPROVALS = frozenset({"approval", "full_approval"})
# Steps that exist only where a 党总支 stands between branch and committee.
OF_A_GENERAL_BRANCH = frozenset({"deliberation", "full_deliberation"})
# Steps that are taken once more after an extension of probation.
AFTER_AN_EXTENSION = (
    "full_application", "full_notice", "full_assembly", "full_deliberation", "full_approval",
)  # fmt: skip

# What may be held again after a step refused; then that step is open again too.
HELD_AGAIN = {
    "pre_review": frozenset({"branch_review"}),
    "assembly": frozenset({"branch_review", "pre_review", "application_form"}),
    "deliberation": frozenset({"assembly"}),
    "approval": frozenset({"assembly", "deliberation", "committee_talk", "pre_review"}),
    "full_deliberation": frozenset({"full_assembly"}),
    "full_approval": frozenset({"full_assembly", "full_deliberation"}),
}


def step_choices() -> list[tuple[str, str]]:
    return [(step.code, step.label) for step in STEPS.values()]


def stage_choices() -> list[tuple[str, str]]:
    return [(stage.code, stage.label) for stage in STAGES.values()]
