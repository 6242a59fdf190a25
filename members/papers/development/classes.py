"""培训班学员名册, 预审名册 and 表决结果汇总表: who was at a class, is put forward, was voted on."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.models import StepTaken
from members.papers.columns import printed
from members.papers.development.lines import (
    APPLIED,
    FORMS,
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
    files_of,
    in_order,
    last_day_of,
    lasted,
    line_of,
    lines_of,
    on_day,
    refuse_too_many,
    result_column,
    table_by_branch,
    year_of,
)
from members.papers.development.stories import stories_of, taken_by
from members.papers.development.wording import Votes, words
from members.papers.framing import framed, of_people
from members.papers.listed import then_of
from members.rules.development.recorded import FULL_RESULTS, RESULTS
from registry.calendar import PartialDate
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper


def lines_of_steps(
    organization: Organization, asked: Asked, steps: Any, day: date
) -> list[FileLine]:
    """Return one line for each of ``steps`` of the files at ``organization`` and below."""
    mine = files_of(organization, asked.reader)
    rows = steps.filter(file__in=mine.order_by().values("pk"))
    refuse_too_many(organization, rows)
    first = F("taken_on").asc(nulls_first=True)
    taken = list(rows.select_related("organization").order_by(first, "organization", "pk"))
    files = mine.filter(pk__in={row.file_id for row in taken})
    stories = {story.file.pk: story for story in stories_of(files, day)}
    return [line_of(stories[row.file_id], asked, row) for row in taken]


# 培训班学员名册

TRAINED = {  # by the kind of class: the step that records it, what those on it are called
    "object": ("training", "发展对象"),
    "activist": ("cultivation", "入党积极分子"),
    "probationary": ("probation_review", "预备党员"),
}


class ClassOfTheYear(YearOfDevelopment):
    whose = forms.ChoiceField(
        label=_("class for"),
        choices=[
            ("object", _("objects of development")),
            ("activist", _("activists")),
            ("probationary", _("probationary members")),
        ],
        required=False,
    )
    held_on = forms.DateField(
        label=_("day of the class"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Without it, all classes of the year."),
    )

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"year": day.year, "whose": "object"}


CLASS_COLUMNS: tuple[PaperColumn[FileLine], ...] = (
    *of_people("number", "name", "sex", "ethnicity", "born_on", "education", "branch", "job"),
    NUMBERS[1],
    PaperColumn("lasted", "天数\n学时", 18, lambda line: lasted(_facts(line)), breaks="freely"),
    PaperColumn("result", "培训\n结果", 20, lambda line: words(_facts(line).get("result"))),
    PaperColumn("signature", "签　名", 24, lambda _line: ""),
    NOTE,
)


def training_class(organization: Organization, asked: Asked) -> ListPaper:
    """Return who was at the classes of a year, each class on a page of its own."""
    then = then_of(organization, asked.day)
    answers = asked.answers(ClassOfTheYear)
    year = year_of(asked, ClassOfTheYear)
    last = last_day_of(asked, year)
    step, called = TRAINED[answers["whose"] or "object"]
    steps = taken_by(last).in_year(year).of(step)
    steps = on_day(steps, answers.get("held_on"))
    lines = [
        line
        for line in lines_of_steps(organization, asked, steps, last)
        if step == "training" or lasted(_facts(line))  # a mere review is no class
    ]
    sections = []
    for _class, group in groupby(sorted(lines, key=_class_of), _class_of):
        people = in_order(group)
        sections.append(Section(rows_of(CLASS_COLUMNS, people), _heading(people)))
    return framed(
        PaperTable(CLASS_COLUMNS, tuple(sections)),
        then,
        asked,
        title=f"{year}年度{called}培训班学员名册",
        count_line=f"共{len(sections)}期{len(lines)}人次" if lines else "共0人",
        lines=lines,
        size=9,
        page_per_section=True,
        to_write_in=True,
        signoff=("班主任：", "填表人：", "日期：　　　年　　月　　日", "（盖章）"),
    )


def _facts(line: FileLine) -> dict[str, Any]:
    return line.step.facts if line.step else {}


def _class_of(line: FileLine) -> tuple[Any, ...]:
    """Return what the people of one class have in common: its day and whoever held it."""
    step = line.step
    if step is None:
        return ()
    return (getattr(step.taken_on, "code", 0), step.occasion_id or 0, step.organization.path)


def _heading(people: list[FileLine]) -> str:
    step = people[0].step
    facts = _facts(people[0])
    parts = [
        printed(step.taken_on) if step else "",
        f"主办：{step.organization.name_on(people[0].day)}" if step else "",
        f"地点：{words(facts['place'])}" if facts.get("place") else "",
        f"{len(people)}人",
    ]
    return "　".join(filter(None, parts))


TRAINING_CLASS = Paper(
    "training_class", "培训班学员名册", About.ORGANIZATION, FORMS, training_class, ClassOfTheYear
)


# 预审名册


class HalfYear(YearOfDevelopment):
    half = forms.ChoiceField(
        label=_("half of the year"),
        choices=[("", _("the whole year")), ("1", _("the first")), ("2", _("the second"))],
        required=False,
    )


PRE_REVIEW_COLUMNS: tuple[PaperColumn[FileLine], ...] = (
    *PERSON,
    APPLIED,
    NAMED,
    OBJECT,
    TRAINING,
    REVIEWED,
    SPONSORS,
    day_column("支委会\n审查时间", "branch_review", 20),
    result_column("pre_review", "预审\n结果", "pre_review", 14),
    NOTE,
)


def pre_review_list(organization: Organization, asked: Asked) -> ListPaper:
    """Return whom the branches have put forward for the committee's pre-review in the time."""
    then = then_of(organization, asked.day)
    year = year_of(asked, HalfYear)
    half = asked.answers(HalfYear).get("half")
    last = last_day_of(asked, year)
    steps = taken_by(last).in_year(year).filter(step__in=("branch_review", "pre_review"))
    if half == "1":
        steps = steps.filter(taken_on__lt=PartialDate(year, 7))
    elif half == "2":
        steps = steps.filter(taken_on__gte=PartialDate(year, 7))
    files = files_of(organization, asked.reader).filter(pk__in=steps.order_by().values("file"))
    refuse_too_many(organization, files)
    lines = lines_of(files, last, asked, by_day_of("branch_review"))
    when = {"1": "上半年", "2": "下半年"}.get(half or "", "年度")
    return framed(
        table_by_branch(PRE_REVIEW_COLUMNS, lines, then, asked.day),
        then,
        asked,
        title=f"{year}{when if when == '年度' else f'年{when}'}发展党员预审名册",
        count_line=f"共{len(lines)}人",
        lines=lines,
        size=9,
    )


PRE_REVIEW = Paper(
    "pre_review_list",
    "发展党员预审名册",
    About.ORGANIZATION,
    FORMS,
    pre_review_list,
    HalfYear,
    protected=False,
)


# 表决结果汇总表

SUBJECTS = {"assembly": "接收预备党员", "full_assembly": "预备党员转正"}


def _votes(name: str) -> Any:
    def value(line: FileLine) -> str:
        number = Votes(_facts(line)).number(name)
        return "" if number is None else f"{number}"

    return value


def _agreed(line: FileLine) -> str:
    agreed = Votes(_facts(line)).agreed
    return "" if agreed is None else f"{agreed}"


def _result(line: FileLine) -> str:
    entry = (RESULTS | FULL_RESULTS).get(_facts(line).get("result", ""))
    return entry.chinese if entry else ""


VOTE_COLUMNS: tuple[PaperColumn[FileLine], ...] = (
    *of_people("number", "name"),
    PaperColumn("subject", "讨论事项", 26, lambda line: _subject(line.step), breaks="freely"),
    PaperColumn("held_on", "支部大会\n时间", 20, lambda line: _held_on(line.step)),
    PaperColumn("due", "应到会\n人数", 14, _votes("due")),
    PaperColumn("present", "实到会\n人数", 14, _votes("present")),
    PaperColumn("written_for", "书面\n同意", 12, _votes("written_for")),
    PaperColumn("written_against", "书面\n不同意", 14, _votes("written_against")),
    PaperColumn("votes_for", "同意票", 14, _votes("votes_for")),
    PaperColumn("votes_against", "不同\n意票", 14, _votes("votes_against")),
    PaperColumn("abstained", "弃权票", 14, _votes("abstained")),
    PaperColumn("agreed", "同意\n合计", 12, _agreed),
    PaperColumn("result", "表决结果", 26, _result, breaks="freely"),
    PaperColumn("note", "备注", 20, lambda _line: ""),
)


def _subject(step: StepTaken | None) -> str:
    return SUBJECTS[step.step] if step else ""


def _held_on(step: StepTaken | None) -> str:
    return printed(step.taken_on) if step else ""


def vote_results(organization: Organization, asked: Asked) -> ListPaper:
    """Return every vote of a year on somebody's admission or full membership."""
    then = then_of(organization, asked.day)
    year = year_of(asked)
    last = last_day_of(asked, year)
    steps = taken_by(last).in_year(year).filter(step__in=SUBJECTS)
    lines = in_order(lines_of_steps(organization, asked, steps, last), _by_day)
    return framed(
        table_by_branch(VOTE_COLUMNS, lines, then, asked.day),
        then,
        asked,
        title=f"{year}年度发展党员票决结果汇总表",
        count_line=f"共{len(lines)}项",
        empty="（无表决）",
        signoff=("监票人：", "计票人：", "党支部书记：", "（盖章）"),
    )


def _by_day(line: FileLine) -> tuple[Any, ...]:
    return (getattr(line.step and line.step.taken_on, "code", 0), line.step and line.step.pk)


VOTE_RESULTS = Paper(
    "vote_results",
    "发展党员票决结果汇总表",
    About.ORGANIZATION,
    FORMS,
    vote_results,
    YearOfDevelopment,
    protected=False,
)
