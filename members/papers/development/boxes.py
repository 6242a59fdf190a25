"""The forms of a file: 谈话记录, 培养考察登记表 and 票决结果, in boxes to fill in and sign."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from members.models import DevelopmentFile
from members.papers.columns import printed
from members.papers.development.stories import Story, story_of
from members.papers.development.wording import (
    Votes,
    footer,
    job_of,
    names,
    refuse_wrong_entry,
    words,
)
from members.rules import codes
from members.rules.development.recorded import RECOMMENDATIONS
from registry.calendar import PartialDate
from registry.masks import masked_id_number
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.forms import Box, Form, Row, label, pairs
from registry.papers.writing import DOCX, PDF

FORMS = (PDF, DOCX)
PAIRS = (26.0, 34.0, 26.0, 34.0, 26.0, 34.0)  # three labels and boxes beside each other, in mm
SIGN = "签名：　　　　　　　　　　年　　月　　日"
SEAL = "（盖章）　负责人签名：　　　　　　　　　年　　月　　日"
FEWEST_REVIEWS = 3  # half-years of which a new form has room to write
TALL, TALLEST = 27.0, 145.0  # mm to write in


def person(file: DevelopmentFile, story: Story, asked: Asked) -> list[Row]:
    """Return the rows that say who it is; the ID number masked unless asked for in full."""
    number = file.id_number or ""
    return [
        pairs(
            ("姓名", file.name),
            ("性别", codes.SEXES[file.sex].chinese if file.sex in codes.SEXES else ""),
            ("民族", codes.ETHNIC_GROUPS.get(file.ethnicity, "")),
        ),
        pairs(
            ("出生日期", printed(file.born_on)),
            ("籍贯", file.native_place),
            ("学历", codes.EDUCATION.get(file.education, "")),
        ),
        Row(
            (
                label("学位"),
                Box(codes.DEGREES[file.degree].chinese if file.degree in codes.DEGREES else ""),
                label("公民身份号码"),
                Box(number if asked.in_full else masked_id_number(number), 3),
            )
        ),
        Row(
            (
                label("单位及职务"),
                Box(job_of(file), 3),
                label("参加工作时间"),
                Box(printed(file.work_began_on)),
            )
        ),
        Row(
            (
                label("所在党支部"),
                Box(file.organization.name_on(asked.day), 3),
                label("申请入党时间"),
                Box(printed(story.on("application"))),
            )
        ),
    ]


def _form(
    file: DevelopmentFile,
    asked: Asked,
    heading: str,
    rows: Iterable[Row],
    *,
    above: tuple[str, str] = ("", ""),
    below: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    protected: str = "身份证号码",
) -> Form:
    return Form(
        title=f"{file.name}{heading}",
        heading=heading,
        above=above,
        widths=PAIRS,
        rows=tuple(rows),
        day=asked.day,
        below=below,
        notes=notes,
        footer=footer(asked, protected),
    )


# 谈话记录


def _talk(file: DevelopmentFile, asked: Asked, step: str, heading: str, topics: str) -> Form:
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    who, place, opinion = (words(story.fact(step, each)) for each in ("who", "place", "opinion"))
    rows = (
        pairs(
            ("谈话对象", file.name),
            ("谈话时间", printed(story.on(step))),
            ("谈话地点", place),
        ),
        pairs(("谈话人", who), ("谈话人职务", ""), ("记录人", "")),
        Row((label("谈话对象\n单位及职务"), Box(job_of(file), 5))),
        Row((label("谈\n话\n内\n容"), Box(topics, 5, sign=" ")), TALLEST),
        Row((label("谈话人意见"), Box(opinion, 5, sign=f"谈话人{SIGN}")), TALL + 13),
        Row((label("谈话对象\n确认"), Box("", 5, sign=f"谈话对象{SIGN}")), TALL - 5),
    )
    name = story.name_of_branch(step, asked.day)
    return _form(file, asked, heading, rows, above=(f"党支部：{name}", ""), protected="")


def first_talk_record(file: DevelopmentFile, asked: Asked) -> Form:
    return _talk(
        file,
        asked,
        "first_talk",
        "入党申请人谈话记录",
        "（对党的认识、入党动机、本人及家庭情况、思想工作情况、努力方向等）",
    )


def committee_talk_record(file: DevelopmentFile, asked: Asked) -> Form:
    return _talk(
        file,
        asked,
        "committee_talk",
        "上级党组织派人谈话记录",
        "（对党的认识、入党动机、对党的基本知识的了解、对自身优缺点的认识、努力方向等）",
    )


# 入党积极分子培养考察登记表


def cultivation_form(file: DevelopmentFile, asked: Asked) -> Form:
    """Return the form with the reviews so far, and room for those that are to come."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    mentors = [*names(story.fact("mentors", "mentors")), "", ""]
    kind = RECOMMENDATIONS.get(words(story.fact("activist", "recommendation")))
    reviews = story.times("cultivation")
    room = max(FEWEST_REVIEWS - len(reviews), 1)
    rows = [
        *person(file, story, asked),
        pairs(
            ("确定为入党积极分子时间", printed(story.on("activist"))),
            ("推荐方式", kind.chinese if kind else ""),
            ("上级备案时间", printed(story.on("activist_filed"))),
        ),
        pairs(
            ("培养联系人", mentors[0]),
            ("培养联系人", mentors[1]),
            ("确定时间", printed(story.on("mentors"))),
        ),
        Row((Box("培养教育考察情况（每半年考察一次）", 6),), band=True),
        *(_review(at, each.taken_on, each.facts) for at, each in enumerate(reviews, start=1)),
        *(_review(len(reviews) + at, None, {}) for at in range(1, room + 1)),
        Row((Box("确定为发展对象的意见", 6),), band=True),
        Row((label("听取党小组、培养联系人、党员和群众意见情况"),
             Box(words(story.fact("object", "opinions")), 5, sign=SIGN)), TALL),
        Row((label("党支部意见"), Box("", 5, sign=SEAL)), TALL),
        Row((label("上级党委\n备案意见"), Box("", 5, sign=SEAL)), TALL),
    ]  # fmt: skip
    return _form(file, asked, "入党积极分子培养教育考察登记表", rows)


def _review(number: int, on: PartialDate | None, facts: dict[str, Any]) -> Row:
    days, hours = words(facts.get("days")), words(facts.get("hours"))
    trained = f"{f'{days}天' if days else ''}{f'{hours}学时' if hours else ''}"
    text = words(facts.get("opinion"))
    if trained:
        text = f"{text}\n（参加集中培训{trained}）".strip()
    return Row(
        (
            label(f"第{number}次考察\n{printed(on) or '　　年　　月'}"),
            Box(text, 5, sign=f"培养联系人{SIGN}"),
        ),
        TALL,
    )


# 票决结果


def _vote_form(file: DevelopmentFile, asked: Asked, step: str, heading: str, matter: str) -> Form:
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    votes = Votes.of(story, step)
    chair, recorder, place = (
        words(story.fact(step, each)) for each in ("chair", "recorder", "place")
    )

    def number(name: str) -> str:
        value = votes.number(name)
        return "" if value is None else f"{value}"

    verdict = story.chosen(step)
    months = words(story.fact(step, "extended_months"))
    if months:
        verdict += f"（{months}个月）"
    rows = (
        Row((label("表决事项"), Box(f"{file.name}同志{matter}", 5))),
        pairs(("大会时间", printed(story.on(step))), ("大会地点", place), ("主持人", chair)),
        pairs(
            ("有表决权的正式党员", number("entitled")),
            ("不计入应到会人数", f"{votes.excused}" if votes.excused else ""),
            ("应到会人数", number("due")),
        ),
        pairs(
            ("实到会人数", number("present")),
            ("发出票数", ""),
            ("收回票数", ""),
        ),
        pairs(
            ("同意票", number("votes_for")),
            ("不同意票", number("votes_against")),
            ("弃权票", number("abstained")),
        ),
        pairs(
            ("书面意见同意", number("written_for")),
            ("书面意见不同意", number("written_against")),
            ("同意合计", "" if votes.agreed is None else f"{votes.agreed}"),
        ),
        Row((label("是否超过应到会有表决权党员的半数"), Box(_majority(votes), 2),
             label("表决结果"), Box(verdict, 2)), 14),
        pairs(("监票人签名", ""), ("计票人签名", ""), ("记录人", recorder)),
        Row((label("党支部意见"), Box("", 5, sign=SEAL)), TALL),
    )  # fmt: skip
    name = story.name_of_branch(step, asked.day)
    note = "注：会前正式提交书面意见的有表决权的正式党员，不计入实到会人数，其意见统计在票数内。"
    return _form(
        file, asked, heading, rows, above=(f"党支部：{name}", ""), notes=(note,), protected=""
    )


def _majority(votes: Votes) -> str:
    return {True: "是", False: "否", None: ""}[votes.has_majority]


def admission_votes(file: DevelopmentFile, asked: Asked) -> Form:
    heading = "接收预备党员票决结果报告单"
    return _vote_form(file, asked, "assembly", heading, "接收为中共预备党员")


def full_votes(file: DevelopmentFile, asked: Asked) -> Form:
    heading = "预备党员转正票决结果报告单"
    return _vote_form(file, asked, "full_assembly", heading, "转为中共正式党员")


def _paper(key: str, title: str, make: Any, *, protected: bool = False) -> Paper:
    return Paper(key, title, About.FILE, FORMS, make, protected=protected)


FIRST_TALK = _paper("first_talk_record", "入党申请人谈话记录", first_talk_record)
COMMITTEE_TALK = _paper("committee_talk_record", "上级党组织谈话记录", committee_talk_record)
CULTIVATION = _paper(
    "cultivation_form", "入党积极分子培养考察登记表", cultivation_form, protected=True
)
ADMISSION_VOTES = _paper("admission_votes", "接收预备党员票决结果", admission_votes)
FULL_VOTES = _paper("full_votes", "预备党员转正票决结果", full_votes)
