"""支部大会决议 and 批复: what an assembly has resolved, and how the committee answers."""

from __future__ import annotations

from datetime import date

from members.models import DevelopmentFile
from members.papers.development.requests import decided, extension
from members.papers.development.stories import Story, story_of
from members.papers.development.wording import (
    BLANK,
    LINES,
    Votes,
    day_or_blank,
    names,
    number_line,
    or_blank,
    refuse_wrong_entry,
    words,
)
from members.rules.development.recorded import CANCELLED, EXTENDED, REFUSED
from registry.calendar import PartialDate
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.letters import Letter
from registry.papers.writing import DOCX, PDF

SIGNED = f"党支部书记（签名）：{BLANK}"
FURTHER = "望你支部继续做好对该同志的教育、管理和考察工作。"


def admission_resolution(file: DevelopmentFile, asked: Asked) -> Letter:
    """Return 关于接收…为中共预备党员的决议."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    refused = story.fact("assembly", "result") == REFUSED
    sponsors = "、".join(names(story.fact("sponsors", "sponsors")))
    return _resolution(
        story,
        asked,
        "assembly",
        f"关于{'不同意' if refused else ''}接收{file.name}同志为中共预备党员的决议",
        f"讨论{file.name}同志的入党问题。入党介绍人{or_blank(sponsors)}介绍了该同志的有关情况",
        f"{'不同意' if refused else '同意'}接收{file.name}同志为中共预备党员",
    )


def full_resolution(file: DevelopmentFile, asked: Asked) -> Letter:
    """Return the resolution on full membership, an extension or the end of membership."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    what = decided(story)
    return _resolution(
        story,
        asked,
        "full_assembly",
        f"关于{what}的决议",
        f"讨论预备党员{file.name}同志的转正问题。该同志汇报了预备期间的思想、工作情况",
        f"同意{what}{extension(story)}",
    )


def _resolution(
    story: Story, asked: Asked, step: str, title: str, matter: str, resolved: str
) -> Letter:
    votes = Votes.of(story, step)
    day = story.on(step)
    chair, recorder, place = (
        words(story.fact(step, each)) for each in ("chair", "recorder", "place")
    )
    said = words(story.fact(step, "resolution"))
    return Letter(
        title=title,
        number_line="",
        addressee="",
        addressed=False,
        paragraphs=(
            (
                f"{day_or_blank(day)}，{story.name_of_branch(step, asked.day)}"
                f"在{or_blank(place)}召开支部大会，{matter}。会议由{or_blank(chair)}主持，{or_blank(recorder)}记录。"
            ),
            f"大会认为：{said or LINES}",
            f"{votes.attendance}。经无记名投票表决，{votes.count}。",
            f"根据表决结果，大会决议：{resolved}。",
        ),
        closing="",
        signature=story.name_of_branch(step, asked.day),
        day=_whole(day),
        notes=(SIGNED,),
    )


def _whole(day: PartialDate | None) -> date | None:
    return day.first_day if day and day.day else None


def admission_reply(file: DevelopmentFile, asked: Asked) -> Letter:
    """Return the committee's reply to the request to accept somebody."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    name = file.name
    refused = story.fact("approval", "result") == REFUSED
    began, ends = story.on("assembly"), file.probation_ends_on
    verdict = f"{'不同意' if refused else '同意'}接收{name}同志为中共预备党员"
    term = f"，预备期一年，自{day_or_blank(began)}起计算" + (
        f"，至{ends.written}期满" if ends and not story.last("full_assembly") else ""
    )
    return _reply(
        story,
        asked,
        "approval",
        f"关于{verdict}的批复",
        f"关于接收{name}同志为中共预备党员的请示",
        f"{verdict}{'' if refused else term}。",
        "" if refused else FURTHER,
    )


def full_reply(file: DevelopmentFile, asked: Asked) -> Letter:
    """Return the committee's reply on full membership, an extension or the end of membership."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    what = decided(story)
    refused = story.fact("full_approval", "result") == REFUSED
    result, ends = story.fact("full_assembly", "result"), file.probation_ends_on
    if refused:
        term = further = ""
    elif result == EXTENDED:
        term = f"{extension(story)}，至{day_or_blank(ends)}止"
        further = FURTHER
    elif result == CANCELLED:
        term = further = ""
    else:
        term = f"，转正时间为{day_or_blank(ends)}，党龄自转为正式党员之日算起"
        further = "望你支部教育该同志继续发挥先锋模范作用。"
    verdict = f"{'不同意' if refused else '同意'}{what}"
    return _reply(
        story,
        asked,
        "full_approval",
        f"关于{verdict}的批复",
        f"关于{what}的请示",
        f"{verdict}{term}。",
        further,
    )


def _reply(
    story: Story,
    asked: Asked,
    step: str,
    title: str,
    request: str,
    verdict: str,
    further: str,
) -> Letter:
    assembly = "assembly" if step == "approval" else "full_assembly"
    branch, day = story.branch_of(assembly), story.on(step)
    return Letter(
        title=title,
        number_line=number_line(asked, story.fact(step, "document")),
        addressee=branch.name_on(asked.day),
        paragraphs=(
            f"你支部《{request}》收悉。经{day_or_blank(day)}党委会议集体讨论和表决，{verdict}{further}",
        ),
        closing="此复。",
        signature=story.name_of_committee(asked.day, branch) or BLANK,
        day=_whole(day),
    )


def _paper(key: str, title: str, make: object) -> Paper:
    return Paper(key, title, About.FILE, (PDF, DOCX), make, protected=False)  # type: ignore[arg-type]


ADMISSION_RESOLUTION = _paper(
    "admission_resolution", "接收预备党员支部大会决议", admission_resolution
)
FULL_RESOLUTION = _paper("full_resolution", "预备党员转正支部大会决议", full_resolution)
ADMISSION_REPLY = _paper("admission_reply", "接收预备党员批复", admission_reply)
FULL_REPLY = _paper("full_reply", "预备党员转正批复", full_reply)
