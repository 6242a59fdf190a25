"""How papers of development word what the register knows, and leave room for what it does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.models import DevelopmentFile
from members.papers.development.stories import Story
from members.rules import codes
from members.rules.development.step import Recorded, Step
from registry.calendar import PartialDate
from registry.papers.catalogue import Asked
from registry.papers.letters import DAY_TO_WRITE

BLANK = "________"  # words to write in by hand
FIGURE = "____"
LINES = "＿" * 34  # some lines of a letter, to write on; between these signs a line may end
MANY = 3  # people: more are not all named in a sentence


def written(day: PartialDate | None) -> str:
    return day.written if day else ""


def day_or_blank(day: PartialDate | None) -> str:
    """Return the date; what is not known of it is left to write in."""
    if day is None:
        return DAY_TO_WRITE
    month = f"{day.month}月" if day.month else "　　月"
    return f"{day.year}年{month}{f'{day.day}日' if day.day else '　　日'}"


def as_day(value: Any) -> PartialDate | None:
    """Return the day in a fact; None where it holds none."""
    try:
        return PartialDate.of(value) if value else None
    except (TypeError, ValueError):
        return None


def words(value: Any) -> str:
    """Return a fact that is text or a number as it is written; "" for anything else."""
    return f"{value}".strip() if isinstance(value, (str, int, float)) else ""


def or_blank(text: str, blank: str = BLANK) -> str:
    return text or blank


def figure(value: Any) -> str:
    """Return a number that was recorded, or room to write it."""
    return f"{value}" if isinstance(value, int) and not isinstance(value, bool) else FIGURE


def names(value: Any) -> list[str]:
    """Return the names of the people in a fact."""
    people = value if isinstance(value, list) else [value]
    found = (each.get("name") if isinstance(each, dict) else each for each in people)
    return [name for each in found if (name := words(each))]


def together(people: Sequence[str]) -> str:
    """Return how a letter names people: 张三同志, 张三、李四等2名同志; room for nobody."""
    if not people:
        return f"{BLANK}等{FIGURE}名同志"
    if len(people) == 1:
        return f"{people[0]}同志"
    return f"{'、'.join(people[:MANY])}等{len(people)}名同志"


def job_of(file: DevelopmentFile) -> str:
    return file.job_title or (file.unit.name if file.unit else file.employer)


def described(file: DevelopmentFile, *, in_full: bool = False) -> str:
    """Return who somebody is: 张三，男，汉族，1995年3月生，大学本科毕业，某处科员."""
    facts = [
        file.name,
        codes.SEXES[file.sex].chinese if file.sex in codes.SEXES else "",
        codes.ETHNIC_GROUPS.get(file.ethnicity, ""),
        f"{written(PartialDate(file.born_on.year, file.born_on.month))}生" if file.born_on else "",
        codes.EDUCATION.get(file.education, ""),
        job_of(file),
        f"公民身份号码{file.id_number}" if in_full and file.id_number else "",
    ]
    return "，".join(filter(None, facts))


def his_way(story: Story) -> str:
    """Return how far he came before the assembly: applied, named, and who looked after him."""
    return (
        f"{day_or_blank(story.on('application'))}提出入党申请，"
        f"{day_or_blank(story.on('activist'))}被确定为入党积极分子，"
        f"{day_or_blank(story.on('object'))}被确定为发展对象"
    )


@dataclass(frozen=True)
class Votes:
    """The votes of an assembly as far as they were recorded."""

    facts: dict[str, Any]

    @classmethod
    def of(cls, story: Story, code: str) -> Votes:
        step = story.last(code)
        return cls(step.facts if step else {})

    def number(self, name: str) -> int | None:
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def shown(self, name: str) -> str:
        return figure(self.number(name))

    @property
    def agreed(self) -> int | None:
        """Who is for it, in the room and in writing."""
        votes = self.number("votes_for")
        return None if votes is None else votes + (self.number("written_for") or 0)

    @property
    def written(self) -> int:
        """Those who sent their opinion before the meeting, and do not count as present."""
        return (self.number("written_for") or 0) + (self.number("written_against") or 0)

    @property
    def excused(self) -> int:
        value = self.facts.get("excused")
        return len(value) if isinstance(value, list) else 0

    @property
    def has_majority(self) -> bool | None:
        """Whether more than half of those due are for it; None where that is not recorded."""
        due = self.number("due")
        return None if due is None or self.agreed is None else 2 * self.agreed > due

    @property
    def attendance(self) -> str:
        """Who should have come, who came, and who wrote."""
        text = f"大会应到会有表决权的正式党员{self.shown('due')}名，实到会{self.shown('present')}名"
        if self.written:
            text += f"，会前提交书面意见的{self.written}名"
        if self.excused:
            text += (
                f"（本支部有表决权的正式党员{self.shown('entitled')}名，"
                f"其中{self.excused}名按规定不计入应到会人数）"
            )
        return text

    @property
    def count(self) -> str:
        """How they voted, and whether that is a majority."""
        text = (
            f"同意{self.shown('votes_for')}票，不同意{self.shown('votes_against')}票，"
            f"弃权{self.shown('abstained')}票"
        )
        if self.written:
            text += (
                f"；书面意见同意{self.number('written_for') or 0}票、"
                f"不同意{self.number('written_against') or 0}票，合计同意{figure(self.agreed)}票"
            )
        half = "应到会有表决权的正式党员的半数"
        return text + {True: f"，超过{half}", False: f"，未超过{half}", None: ""}[self.has_majority]


def told(step: Step, facts: dict[str, Any]) -> str:
    """Return what was recorded at a step, one after the other: 谈话人：张三；意见：同意."""
    parts = (_told(record, facts) for record in step.records)
    return "；".join(filter(None, parts))


def _told(record: Recorded, facts: dict[str, Any]) -> str:
    value = facts.get(record.code)
    if record.kind == "votes":
        return _told_votes(Votes(facts)) if "due" in facts else ""
    if value in (None, "", []):
        return ""
    if record.kind == "yes_no":
        text = "是" if value else "否"
    elif record.kind == "names":
        text = "、".join(names(value))
    elif record.kind == "date":
        text = written(as_day(value))
    elif record.choices:
        text = record.choices[value].chinese if value in record.choices else words(value)
    else:
        text = words(value)
    return f"{record.chinese}：{text}" if text else ""


def _told_votes(votes: Votes) -> str:
    text = f"应到{votes.shown('due')}人，实到{votes.shown('present')}人"
    if votes.written:
        text += f"，书面意见{votes.written}份"
    return f"{text}，同意{figure(votes.agreed)}票"


def refuse_wrong_entry(file: DevelopmentFile) -> None:
    """Raise ValidationError for a file that was made by mistake: it has no papers."""
    if file.wrong_entry:
        raise ValidationError(_("The entry of %(name)s is marked as wrong.") % {"name": file})


def footer(asked: Asked, protected: str = "") -> str:
    """Return who printed it and when, and which values are masked or stand in full."""
    parts = [f"打印：{asked.printed_by}", f"{asked.at:%Y-%m-%d %H:%M}"]
    if protected:
        parts.append(f"含完整{protected}" if asked.in_full else f"{protected}部分隐藏")
    return "　".join(parts)


def number_line(asked: Asked, document: Any = "") -> str:
    """Return the number of a letter, or room for it: 〔2026〕　　号."""
    return words(document) or f"〔{asked.day.year}〕　　号"


def joined(parts: Iterable[str]) -> str:
    return "，".join(filter(None, parts))
