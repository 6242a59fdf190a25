"""The lists of a year: 入党申请人, 入党积极分子, 发展对象, 新发展党员, 转正党员."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.papers.columns import printed
from members.papers.development.lines import (
    APPLIED,
    FORMS,
    MENTORS,
    NAMED,
    NOTE,
    NUMBERS,
    OBJECT,
    PERSON,
    REVIEWED,
    SPONSORS,
    TRAINING,
    FileLine,
    YearOfDevelopment,
    by_day_of,
    day_column,
    fact_column,
    files_of,
    last_day_of,
    lines_of,
    refuse_too_many,
    table_by_branch,
    year_of,
)
from members.papers.development.stories import taken_by
from members.papers.framing import framed
from members.papers.listed import then_of
from members.rules.development.recorded import AGREED, CANCELLED, EXTENDED
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn
from registry.papers.lists import ListPaper

STANDING, NEW = "standing", "new"


class WhoOfTheYear(YearOfDevelopment):
    which = forms.ChoiceField(
        label=_("who stands on it"),
        choices=[
            (STANDING, _("all who are so at its end")),
            (NEW, _("those who became so in it")),
        ],
        required=False,
    )

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"year": day.year, "which": STANDING}


@dataclass(frozen=True)
class StageList:
    """People who are, or have become, ``called``; by the step that made them so, and those by which
    they go beyond it."""

    key: str
    called: str
    new: str  # how the list of those is called who became so in the year
    step: str
    beyond: tuple[str, ...]
    columns: tuple[PaperColumn[FileLine], ...]
    protected: bool = True

    @property
    def paper(self) -> Paper:
        return Paper(
            self.key,
            f"{self.called}名册",
            About.ORGANIZATION,
            FORMS,
            self.of,
            WhoOfTheYear,
            protected=self.protected,
        )

    def of(self, organization: Organization, asked: Asked) -> ListPaper:
        """Return the list of a year of an organisation and everything below it."""
        then = then_of(organization, asked.day)
        year = year_of(asked, WhoOfTheYear)
        last = last_day_of(asked, year)
        new = asked.answers(WhoOfTheYear)["which"] == NEW
        files = files_of(organization, asked.reader)
        chosen = self._named_in(files, year, last) if new else self._standing_on(files, last)
        refuse_too_many(organization, chosen)
        lines = lines_of(chosen, last, asked, by_day_of(self.step))
        return framed(
            table_by_branch(self.columns, lines, then, asked.day),
            then,
            asked,
            title=f"{year}年度{self.new if new else self.called}名册",
            count_line=f"共{len(lines)}人",
            lines=lines,
            size=9,
        )

    def _named_in(self, files: Any, year: int, last: date) -> Any:
        steps = taken_by(last).in_year(year).of(self.step)
        return files.filter(_has(steps))

    def _standing_on(self, files: Any, last: date) -> Any:
        """Those who had come so far by ``last`` and no further, and had not been given up."""
        steps = taken_by(last)
        going_on = Q(stopped_on__isnull=True) | Q(stopped_on__gt=last)
        beyond = steps.filter(step__in=self.beyond)
        approved = steps.of("approval", AGREED)
        here = files.filter(going_on, _has(steps.of(self.step)))
        return here.exclude(_has(beyond)).exclude(_has(approved))


def _has(steps: Any) -> Exists:
    return Exists(steps.filter(file=OuterRef("pk")))


APPLICANTS = StageList(
    "applicants",
    "入党申请人",
    "新增入党申请人",
    "application",
    ("activist", "object"),
    (
        *PERSON,
        APPLIED,
        day_column("谈话\n时间", "first_talk"),
        fact_column("talked", "谈话人", "first_talk", "who"),
        NUMBERS[1],
        NOTE,
    ),
).paper

ACTIVISTS = StageList(
    "activists",
    "入党积极分子",
    "新确定入党积极分子",
    "activist",
    ("object",),
    (
        *PERSON,
        APPLIED,
        NAMED,
        day_column("上级备\n案时间", "activist_filed"),
        MENTORS,
        NUMBERS[1],
        NOTE,
    ),
).paper

OBJECTS = StageList(
    "development_objects",
    "发展对象",
    "新确定发展对象",
    "object",
    (),
    (*PERSON, APPLIED, NAMED, OBJECT, SPONSORS, REVIEWED, TRAINING, NUMBERS[1], NOTE),
).paper


# 新发展党员, 转正党员: whoever was approved in the year

ACCEPTED_COLUMNS = (
    *PERSON,
    NUMBERS[0],
    APPLIED,
    NAMED,
    OBJECT,
    day_column("支部大会\n通过时间", "assembly", 20),
    day_column("审批\n时间", "approval"),
    fact_column("form_number", "志愿书\n编号", "application_form", "form_number", 24),
    SPONSORS,
)


def _full_since(line: FileLine) -> str:
    return printed(line.member.probation_ends_on)


FULL_COLUMNS = (
    *PERSON,
    NUMBERS[0],
    day_column("入党\n时间", "assembly"),
    day_column("转正申\n请时间", "full_application"),
    day_column("支部大会\n讨论时间", "full_assembly", 20),
    day_column("审批\n时间", "full_approval"),
    PaperColumn("full_member_on", "转正\n时间", 19, _full_since),
    NOTE,
)


def _approved(
    organization: Organization,
    asked: Asked,
    step: str,
    title: str,
    columns: tuple[PaperColumn[FileLine], ...],
) -> ListPaper:
    then = then_of(organization, asked.day)
    year = year_of(asked)
    last = last_day_of(asked, year)
    steps = taken_by(last).in_year(year).of(step, AGREED)
    chosen = steps.exclude(decision__in=(EXTENDED, CANCELLED))  # that is no full membership
    files = files_of(organization, asked.reader).filter(_has(chosen))
    refuse_too_many(organization, files)
    lines = lines_of(files, last, asked, by_day_of(step))
    return framed(
        table_by_branch(columns, lines, then, asked.day),
        then,
        asked,
        title=f"{year}年度{title}",
        count_line=f"共{len(lines)}人",
        lines=lines,
        size=9,
    )


def accepted(organization: Organization, asked: Asked) -> ListPaper:
    """Return whom the committee has made probationary members in the year."""
    return _approved(organization, asked, "approval", "新发展党员名册", ACCEPTED_COLUMNS)


def became_full(organization: Organization, asked: Asked) -> ListPaper:
    """Return whose full membership the committee has approved in the year."""
    return _approved(organization, asked, "full_approval", "转正党员名册", FULL_COLUMNS)


ACCEPTED = Paper(
    "newly_accepted", "新发展党员名册", About.ORGANIZATION, FORMS, accepted, YearOfDevelopment
)
BECAME_FULL = Paper(
    "became_full", "转正党员名册", About.ORGANIZATION, FORMS, became_full, YearOfDevelopment
)
