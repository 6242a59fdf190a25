"""工作报告: the sentences of an office with every number of a period, to edit or to print."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.models.figures.work_reports import template_for
from members.models.figures.working import work_report_of
from members.papers.listed import then_of
from members.rules import figures, work_report
from registry.forms import DayField
from registry.language import refuse
from registry.papers.catalogue import About, Asked, Paper, Questions
from registry.papers.letters import Letter
from registry.papers.writing import DOCX, PDF

TITLE = "工作报告"


class Days(Questions):
    """The days of the report; without an answer the calendar year up to the day."""

    first = DayField(label=_("from"))

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"first": date(day.year, 1, 1)}


def report(organization: Organization, asked: Asked) -> Letter:
    """Return the report of the days from ``first`` to the day of the paper."""
    first, last = asked.answers(Days)["first"], asked.day
    today = asked.at.date()
    refuse(figures.objections(last, today))
    if last < first:
        refuse(figures.period_objections(first, last, today))
    then = then_of(organization, last)
    template = template_for(organization)
    numbers = work_report_of(organization, first, last, work_report.keys_in(template))
    return Letter(
        title=f"{then.short_name or then.name}{TITLE}",
        number_line=f"（{_day(first)}至{_day(last)}）",
        addressee=then.parent.name_on(last) if then.parent else "",
        paragraphs=tuple(work_report.filled(template, numbers)),
        closing="",
        signature=then.name,
        day=today,
        footer=f"打印：{asked.printed_by}　{asked.at:%Y-%m-%d %H:%M}",
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


WORK_REPORT = Paper(
    "work_report",
    TITLE,
    About.ORGANIZATION,
    (PDF, DOCX),
    report,
    Days,
    protected=False,
)
