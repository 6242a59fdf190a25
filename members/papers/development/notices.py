"""公示: notices of whom a branch will name as objects of development, or make full members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from branches.models import Organization
from members.models import DevelopmentFile
from members.papers.development.classes import lines_of_steps
from members.papers.development.lines import PostedOn, on_day
from members.papers.development.stories import Story, story_of, taken_by
from members.papers.development.wording import (
    BLANK,
    as_day,
    day_or_blank,
    described,
    names,
    refuse_wrong_entry,
    together,
)
from members.papers.listed import then_of
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.letters import Letter
from registry.papers.writing import DOCX, PDF

RULES = "《中国共产党发展党员工作细则》"
HEARING = (
    "公示期间，党员、群众如对公示对象有异议，可以通过来信、来电、来访等形式，向本支部或上级党组织"
    "反映。反映情况应当实事求是、客观公正，并提供真实姓名、联系方式和具体事实。"
)


@dataclass(frozen=True)
class Notice:
    """A kind of notice: the step that records it, its title, and why it is posted."""

    step: str
    matter: str  # behind 关于 in the title of one, and of many
    matter_of_many: str
    why: str

    def of_one(self, file: DevelopmentFile, asked: Asked) -> Letter:
        """Return the notice of one person; without a step of its own, with room for its days."""
        refuse_wrong_entry(file)
        story = story_of(file, asked.day)
        title = f"关于{self.matter.format(who=f'{file.name}同志')}的公示"
        return self._letter(title, [story], story.name_of_branch(self.step, asked.day))

    def of_many(self, organization: Organization, asked: Asked) -> Letter:
        """Return the notice that an organisation has posted on a day, of all who stand on it."""
        then = then_of(organization, asked.day)
        steps = taken_by(asked.day).of(self.step)
        steps = on_day(steps, asked.answers(PostedOn).get("held_on"))
        lines = lines_of_steps(organization, asked, steps, asked.day)
        last = lines[-1].step.taken_on if lines and lines[-1].step else None
        stories = [line.story for line in lines if line.story.on(self.step) == last]
        title = f"{then.short_name or then.name}关于{self.matter_of_many}的公示"
        return self._letter(title, stories, then.name)

    def _letter(self, title: str, stories: Sequence[Story], signature: str) -> Letter:
        first = stories[0] if stories else None
        posted = first.on(self.step) if first else None
        until = as_day(first.fact(self.step, "until")) if first else None
        people = [story.file.name for story in stories]
        return Letter(
            title=title,
            number_line="",
            addressee="",
            addressed=False,
            paragraphs=(
                (
                    f"根据{RULES}有关规定，{self.why.format(who=together(people))}"
                    "为充分听取党员、群众意见，接受监督，现将有关情况公示如下："
                ),
                *(map(self._person, stories) if stories else (f"{BLANK}，{BLANK}。",)),
                f"公示时间：{day_or_blank(posted)}至{day_or_blank(until)}。",
                HEARING,
                f"联系人：{BLANK}　　联系电话：{BLANK}{BLANK}",
            ),
            closing="",
            signature=signature,
            day=posted.first_day if posted and posted.day else None,
        )

    def _person(self, story: Story) -> str:
        who = described(story.file)
        if self.step == "object_notice":
            mentors = "、".join(names(story.fact("mentors", "mentors")))
            return (
                f"{who}。{day_or_blank(story.on('application'))}提出入党申请，"
                f"{day_or_blank(story.on('activist'))}被确定为入党积极分子，"
                f"培养联系人：{mentors or BLANK}。"
            )
        ends = story.file.probation_ends_on
        sponsors = "、".join(names(story.fact("sponsors", "sponsors")))
        return (
            f"{who}。{day_or_blank(story.on('assembly'))}被接收为中共预备党员，"
            f"预备期至{day_or_blank(ends)}，入党介绍人：{sponsors or BLANK}。"
        )


OBJECT = Notice(
    "object_notice",
    "拟确定{who}为发展对象",
    "拟确定发展对象",
    "经党支部委员会研究，拟确定{who}为发展对象。",
)
FULL = Notice(
    "full_notice",
    "{who}拟转为中共正式党员",
    "预备党员拟转为中共正式党员",
    "党支部拟于近期召开支部大会，讨论{who}转为中共正式党员的问题。",
)


def _of_file(key: str, title: str, notice: Notice) -> Paper:
    return Paper(key, title, About.FILE, (PDF, DOCX), notice.of_one, protected=False)


def _of_organization(key: str, title: str, notice: Notice) -> Paper:
    return Paper(
        key, title, About.ORGANIZATION, (PDF, DOCX), notice.of_many, PostedOn, protected=False
    )


OBJECT_NOTICE = _of_file("object_notice", "发展对象公示", OBJECT)
OBJECT_NOTICES = _of_organization("object_notices", "发展对象公示（多人）", OBJECT)
FULL_NOTICE = _of_file("full_notice", "预备党员转正公示", FULL)
FULL_NOTICES = _of_organization("full_notices", "预备党员转正公示（多人）", FULL)
