"""The people of files on lists: their lines, their columns, and the branches they stand under."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, OrganizationPeriod, may
from branches.rules import hierarchy, roles
from members.models import DevelopmentFile, StepTaken
from members.models.development.steps import StepTakenQuerySet
from members.papers.columns import Line, printed
from members.papers.development.stories import Story, stories_of
from members.papers.development.wording import names, words
from members.papers.framing import of_people
from members.papers.listed import MOST
from members.papers.party_age import YearField
from registry.calendar import PartialDate
from registry.papers.catalogue import Asked, Questions
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.writing import HTML, PDF, XLSX

FORMS = (PDF, XLSX, HTML)


class YearOfDevelopment(Questions):
    year = YearField(label=_("year"))

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"year": day.year}


def year_of(asked: Asked, questions: type[Questions] = YearOfDevelopment) -> int:
    """Return the year that is asked for; raise ValidationError where it has not begun."""
    year: int = asked.answers(questions)["year"]
    if year > asked.day.year:
        text = _now("%(year)s has not begun on %(day)s. Choose an earlier year.")
        raise ValidationError({"year": text % {"year": year, "day": asked.day}})
    return year


def last_day_of(asked: Asked, year: int) -> date:
    """Return the day as at which the list of a year is made: its last, or the day asked for."""
    return min(asked.day, date(year, 12, 31))


class PostedOn(Questions):
    """Which of several decisions or notices; without an answer, the last one."""

    held_on = forms.DateField(
        label=_("day of the notice"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Without it, the last one."),
    )


@dataclass(frozen=True)
class FileLine(Line):
    """One person with a file, on a list; ``step`` is the one that the list goes by."""

    member: Any
    story: Story = field(kw_only=True)
    step: StepTaken | None = field(default=None, kw_only=True)


def on_day(steps: StepTakenQuerySet, day: date | None) -> StepTakenQuerySet:
    """Return those of ``steps`` that were taken on ``day``; all of them where none is asked for."""
    return steps if day is None else steps.filter(Q(taken_on=PartialDate.of(day)))


def files_of(organization: Organization, reader: Any) -> Any:
    """Return the files at ``organization`` and below, as far as ``reader`` prints them."""
    mine = DevelopmentFile.objects.visible_to(reader, roles.PRINT).under(organization)
    return mine.filter(wrong_entry=False).select_related("organization", "unit")


def refuse_too_many(organization: Organization, rows: Any) -> None:
    """Raise ValidationError for more people than anybody reads on one paper."""
    if rows[: MOST + 1].count() > MOST:
        text = _now("More than %(most)s people of %(name)s. Choose an organisation below it.")
        raise ValidationError({"organization": text % {"name": organization, "most": MOST}})


def lines_of(
    files: Iterable[DevelopmentFile],
    day: date,
    asked: Asked,
    order: Callable[[FileLine], Any] | None = None,
) -> list[FileLine]:
    """Return the lines of ``files`` with what had been done by ``day``, branch by branch.

    ``order`` is that within a branch; without one, as they were opened.
    """
    lines = [line_of(story, asked) for story in stories_of(files, day)]
    return in_order(lines, order)


def in_order(
    lines: Iterable[FileLine], order: Callable[[FileLine], Any] | None = None
) -> list[FileLine]:
    def key(line: FileLine) -> Any:
        return (line.member.organization.path, order(line) if order else (), line.member.pk)

    return [replace(line, number=at) for at, line in enumerate(sorted(lines, key=key), start=1)]


def line_of(story: Story, asked: Asked, step: StepTaken | None = None) -> FileLine:
    file = story.file
    in_full = asked.in_full and may(asked.reader, roles.EXPORT_FULL, file.organization.path)
    return FileLine(
        number=0,
        member=file,
        day=story.day,
        branch_key=file.organization_id,
        branch=story.branch or f"{file.organization}",
        posts="",
        probationary=False,
        since=story.day,
        in_full=in_full,
        story=story,
        step=step,
    )


def by_day_of(code: str) -> Callable[[FileLine], Any]:
    """Return the order by the day of a step; unknown days come first."""
    return lambda line: getattr(line.story.on(code), "code", 0)


def table_by_branch(
    columns: tuple[PaperColumn[Any], ...],
    lines: Sequence[FileLine],
    then: OrganizationPeriod,
    day: date,
) -> PaperTable:
    """Return the lines, under the names of their branches where ``then`` is no branch itself."""
    if then.kind == hierarchy.BRANCH:
        return PaperTable(columns, (Section(rows_of(columns, lines)),))
    below = OrganizationPeriod.objects.on(day).under(then.path)
    called = dict(below.values_list("organization", "name"))
    sections = []
    for branch, group in groupby(lines, lambda line: line.branch_key):
        people = list(group)
        name = called.get(branch, people[0].member.organization.name)
        sections.append(Section(rows_of(columns, people), f"{name}（{len(people)}人）"))
    return PaperTable(columns, tuple(sections))


# Columns


def day_column(heading: str, code: str, width: float = 19) -> PaperColumn[FileLine]:
    return PaperColumn(f"{code}_on", heading, width, lambda line: printed(line.story.on(code)))


def names_column(heading: str, code: str, fact: str, width: float = 22) -> PaperColumn[FileLine]:
    def value(line: FileLine) -> str:
        return "、".join(names(line.story.fact(code, fact)))

    return PaperColumn(fact, heading, width, value, breaks="freely")


def fact_column(
    key: str, heading: str, code: str, fact: str, width: float = 20
) -> PaperColumn[FileLine]:
    return PaperColumn(
        key, heading, width, lambda line: words(line.story.fact(code, fact)), breaks="freely"
    )


def result_column(key: str, heading: str, code: str, width: float = 16) -> PaperColumn[FileLine]:
    return PaperColumn(key, heading, width, lambda line: line.story.chosen(code), breaks="freely")


def training(line: FileLine) -> str:
    """Return how long the class was: 3天24学时; its day where nobody noted that."""
    step = line.step or line.story.last("training")
    return lasted(step.facts) or printed(step.taken_on) if step else ""


def lasted(facts: dict[str, Any]) -> str:
    days, hours = words(facts.get("days")), words(facts.get("hours"))
    return (f"{days}天" if days else "") + (f"{hours}学时" if hours else "")


PERSON = of_people("number", "name", "sex", "ethnicity", "born_on", "education", "job")
NUMBERS = of_people("id_number", "phone")
NOTE = PaperColumn[FileLine]("note", "备注", 18, lambda line: line.member.note, breaks="freely")
APPLIED = day_column("申请入\n党时间", "application")
NAMED = day_column("确定为积\n极分子时间", "activist", 20)
OBJECT = day_column("确定为发\n展对象时间", "object", 20)
MENTORS = names_column("培养\n联系人", "mentors", "mentors")
SPONSORS = names_column("入党\n介绍人", "sponsors", "sponsors")
TRAINING = PaperColumn[FileLine]("training", "集中\n培训", 18, training, breaks="freely")
REVIEWED = result_column("political_review", "政审\n结论", "political_review", 12)
