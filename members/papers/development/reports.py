"""备案报告: whom a branch has named, or a committee has accepted, sent up with their list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import hierarchy
from members.papers.development.classes import lines_of_steps
from members.papers.development.lines import (
    APPLIED,
    NAMED,
    OBJECT,
    FileLine,
    YearOfDevelopment,
    day_column,
    in_order,
    last_day_of,
    on_day,
    year_of,
)
from members.papers.development.stories import taken_by
from members.papers.development.wording import day_or_blank, number_line, together
from members.papers.framing import of_people
from members.papers.listed import then_of
from members.rules.development.recorded import AGREED
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.letters import Annex, Letter
from registry.papers.writing import DOCX, PDF

WHO = of_people("number", "name", "sex", "ethnicity", "born_on", "education", "job")


class DecisionsOfTheYear(YearOfDevelopment):
    held_on = forms.DateField(
        label=_("day of the decision"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Without it, all of the year."),
    )


@dataclass(frozen=True)
class Report:
    """A kind of report: the step it tells of, and what became of those on it."""

    key: str
    step: str
    called: str
    done: str  # what was decided of {who}
    by_branch: str  # who decided, where a branch reports itself
    by_committee: str
    columns: tuple[PaperColumn[FileLine], ...]
    result: str = ""

    @property
    def paper(self) -> Paper:
        return Paper(
            self.key,
            f"{self.called}备案报告",
            About.ORGANIZATION,
            (PDF, DOCX),
            self.of,
            DecisionsOfTheYear,
            protected=False,
        )

    def of(self, organization: Organization, asked: Asked) -> Letter:
        """Return the report of an organisation to the one above, with the list behind it."""
        then = then_of(organization, asked.day)
        year = year_of(asked, DecisionsOfTheYear)
        last = last_day_of(asked, year)
        steps = taken_by(last).in_year(year).of(self.step, self.result)
        steps = on_day(steps, asked.answers(DecisionsOfTheYear).get("held_on"))
        lines = in_order(lines_of_steps(organization, asked, steps, last))
        superior = organization.stamping_superior(asked.day)
        rows = rows_of(self.columns, lines)
        body = self.by_branch if then.kind == hierarchy.BRANCH else self.by_committee
        people = together([line.member.name for line in lines])
        return Letter(
            title=f"{then.short_name or then.name}关于{self.called}备案的报告",
            number_line=number_line(asked),
            addressee=superior.name_on(asked.day) if superior else "",
            paragraphs=(
                (
                    f"{_when(lines, year)}，{body}，{self.done.format(who=people)}。"
                    "按照发展党员工作有关规定，现将有关情况报上，请予备案。"
                ),
            ),
            closing="特此报告。",
            signature=then.name,
            day=asked.day,
            annex=Annex(f"{self.called}备案名册", PaperTable(self.columns, (Section(rows),))),
        )


def _when(lines: Sequence[FileLine], year: int) -> str:
    """Return the day on which all of them were decided; the year where there were several."""
    days = {line.step.taken_on for line in lines if line.step}
    return day_or_blank(days.pop()) if len(days) == 1 else f"{year}年以来"


ACTIVISTS_REPORT = Report(
    "activists_report",
    "activist",
    "入党积极分子",
    "确定{who}为入党积极分子",
    "经党员推荐（群团组织推优），党支部委员会研究",
    "经党员推荐（群团组织推优），所属党支部委员会研究",
    (*WHO, APPLIED, NAMED),
).paper

OBJECTS_REPORT = Report(
    "objects_report",
    "object",
    "发展对象",
    "确定{who}为发展对象",
    "在听取党小组、培养联系人、党员和群众意见的基础上，经党支部委员会研究",
    "在听取党小组、培养联系人、党员和群众意见的基础上，经所属党支部委员会研究",
    (*WHO, APPLIED, NAMED, OBJECT),
).paper

ACCEPTED_REPORT = Report(
    "accepted_report",
    "approval",
    "预备党员",
    "接收{who}为中共预备党员",
    "经支部大会讨论通过，上级党委审批",
    "经支部大会讨论通过、党委会议审批",
    (
        *WHO,
        APPLIED,
        day_column("支部大会\n通过时间", "assembly", 20),
        day_column("审批\n时间", "approval"),
    ),
    AGREED,
).paper
