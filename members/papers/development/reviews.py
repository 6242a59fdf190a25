"""政审函 and 政审报告: what a branch asks elsewhere, and what its political review has found."""

from __future__ import annotations

from members.models import DevelopmentFile
from members.papers.development.stories import story_of
from members.papers.development.wording import (
    BLANK,
    LINES,
    as_day,
    day_or_blank,
    described,
    footer,
    his_way,
    number_line,
    refuse_wrong_entry,
    words,
)
from members.rules.development.recorded import NOT_QUALIFIED, QUALIFIED
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.letters import Letter
from registry.papers.writing import DOCX, PDF

ASKED_FOR = (
    "一、政治面貌、政治历史，对党的路线方针政策的态度和在重大政治斗争中的表现；",
    "二、遵纪守法情况，是否受过处罚、处分，是否参加过邪教和其他非法组织；",
    "三、其他需要说明的问题。",
)
METHODS = "同本人谈话、查阅有关档案材料、找有关单位和人员了解情况以及函调等"


def political_review_letter(file: DevelopmentFile, asked: Asked) -> Letter:
    """Return the letter that asks another organisation about a relative, with room for him."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    sent = as_day(story.fact("political_review", "letter_out_on"))
    return Letter(
        title=f"关于{file.name}同志政治审查的函",
        number_line=number_line(asked),
        addressee="",
        paragraphs=(
            (
                f"{described(file, in_full=asked.in_full)}。该同志现为我支部发展对象。根据"
                "《中国共产党发展党员工作细则》关于政治审查的规定，需要了解其直系亲属（主要社会关系）"
                f"{BLANK}同志（与本人关系：{BLANK}，单位及职务：{BLANK}{BLANK}）的有关情况。"
                "请你单位党组织协助就下列内容出具证明材料，加盖公章后函复我支部："
            ),
            *ASKED_FOR,
        ),
        closing="请予支持为盼。",
        signature=story.name_of_branch("object", asked.day),
        day=sent.first_day if sent and sent.day else asked.day,
        notes=(
            f"联系人：{BLANK}　联系电话：{BLANK}{BLANK}",
            f"通信地址：{BLANK}{BLANK}{BLANK}　邮政编码：{BLANK}",
        ),
        footer=footer(asked, "身份证号码") if asked.in_full else "",
    )


def political_review_report(file: DevelopmentFile, asked: Asked) -> Letter:
    """Return 关于…政治审查情况的报告; what the register does not know has room to be written."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    step = "political_review"
    day = story.on(step)
    out, back = (as_day(story.fact(step, each)) for each in ("letter_out_on", "letter_in_on"))
    result = story.fact(step, "result")
    verdict = {
        QUALIFIED: "政治审查合格，可以作为发展对象继续培养，按程序履行入党手续",
        NOT_QUALIFIED: "政治审查不合格，不能发展入党",
    }.get(words(result), f"政治审查{BLANK}")
    return Letter(
        title=f"关于{file.name}同志政治审查情况的报告",
        number_line=number_line(asked),
        addressee=story.name_of_committee(asked.day, story.branch_of(step)),
        paragraphs=(
            (
                "根据《中国共产党发展党员工作细则》有关规定，我支部对发展对象"
                f"{file.name}同志进行了政治审查，现将有关情况报告如下："
            ),
            f"一、基本情况。{described(file, in_full=asked.in_full)}。该同志{his_way(story)}。",
            (
                f"二、审查方式。{words(story.fact(step, 'method')) or METHODS}。"
                f"函调材料{day_or_blank(out)}发出，{day_or_blank(back)}收回。"
            ),
            f"三、本人政治历史和现实表现。{LINES}",
            f"四、直系亲属和主要社会关系情况。{LINES}",
            f"五、审查结论。经审查，{day_or_blank(day)}党支部委员会研究，认为{file.name}同志{verdict}。",
        ),
        closing="特此报告。",
        signature=story.name_of_branch(step, asked.day),
        day=day.first_day if day and day.day else None,
        footer=footer(asked, "身份证号码") if asked.in_full else "",
    )


POLITICAL_REVIEW_LETTER = Paper(
    "political_review_letter", "政审函", About.FILE, (PDF, DOCX), political_review_letter
)
POLITICAL_REVIEW_REPORT = Paper(
    "political_review_report", "政审报告", About.FILE, (PDF, DOCX), political_review_report
)
