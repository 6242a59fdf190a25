"""政治生日 and 光荣在党50年: lists that follow from the days of joining and of full membership."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Member
from members.models.searching import probationary_on
from members.papers.columns import Line, note
from members.papers.framing import of_people
from members.papers.listed import MOST
from members.papers.people import Answers, PeopleList
from members.rules import membership
from registry.calendar import PartialDate, years_after
from registry.papers.catalogue import Asked, Questions
from registry.papers.columns import PaperColumn

YEARS = 50
FIRST_YEAR = 1971  # fifty years after the founding of the Party


def party_age_on(day: date) -> PaperColumn[Line]:
    """Return the column of Party age on ``day``: 50年3个月."""

    def value(line: Line) -> str:
        age = line.member.party_age(day)
        if age is None or line.probationary:
            return ""
        years, months = age
        return f"{years}年{months}个月" if months else f"{years}年"

    return PaperColumn("party_age", "党龄", 20, value)


# 政治生日


class Month(Questions):
    month = forms.TypedChoiceField(
        label=_("month"),
        choices=[(str(month), str(month)) for month in range(1, 13)],
        coerce=int,
        error_messages={
            "required": _("Choose the month."),
            "invalid_choice": _("“%(value)s” is not a month. Choose one from 1 to 12."),
        },
    )

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"month": day.month}


def born_to_the_party_in_the_month(stays: Any, asked: Asked, answers: Answers) -> Any:
    """The anniversary of joining falls into the month; the first is a year after it."""
    before = PartialDate(asked.day.year)
    joined = Member.objects.with_party_birthday_in(answers["month"]).filter(joined_on__lt=before)
    return stays.filter(member__in=joined.values("pk"))


def birthday_columns(asked: Asked, answers: Answers) -> tuple[PaperColumn[Line], ...]:
    year = asked.day.year

    def birthday(line: Line) -> str:
        day = membership.party_birthday(_joined_on(line), year)
        return f"{day.month}月{day.day}日" if day.day else f"{day.month}月"

    return (
        *of_people("number", "name", "sex", "ethnicity", "born_on", "joined_on"),
        PaperColumn("birthday", "政治生日", 22, birthday),
        PaperColumn(
            "anniversary", "入党周年", 20, lambda line: f"{year - _joined_on(line).year}周年"
        ),
        *of_people("job", "posts", "phone", "note"),
    )


def _joined_on(line: Line) -> PartialDate:
    assert line.member.joined_on  # noqa: S101  (the list holds nobody without the day)
    return line.member.joined_on


BIRTHDAYS = PeopleList(
    "birthdays",
    "政治生日名单",
    born_to_the_party_in_the_month,
    birthday_columns,
    order=lambda line: _joined_on(line).day,
    entitled=lambda asked, answers: f"{asked.day.year}年{answers['month']}月政治生日名单",
    questions=Month,
).paper


# 光荣在党50年


class YearField(forms.IntegerField):
    """A year in which somebody may have been in the Party for fifty years."""

    first_year = FIRST_YEAR
    default_error_messages = {
        "required": _("Write the year."),
        "invalid": _("“%(value)s” is not a year from 1971 on. Write it as 2026."),
    }

    def to_python(self, value: Any) -> int | None:
        try:
            year: int | None = super().to_python(value)
        except ValidationError:
            year = 0
        if year is not None and not self.first_year <= year <= date.max.year:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": value})
        return year


class Year(Questions):
    year = YearField(label=_("1 July of the year"))

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"year": day.year}


def fifty_years_in_the_party(stays: Any, asked: Asked, answers: Answers) -> Any:
    """Full members on the day whose Party age reaches fifty years by 1 July."""
    july = _july(answers)
    long_ago = PartialDate.of(years_after(july, -YEARS))
    likely = Q(member__full_member_on__lte=long_ago) | ~Q(member__party_age_correction=0)
    dates = stays.filter(likely).values_list(
        "pk", "member__full_member_on", "member__party_age_correction"
    )
    reached = [
        pk
        for pk, full_member_on, months in dates.iterator()
        if (age := membership.party_age(full_member_on, months, july)) and age[0] >= YEARS
    ]
    return stays.filter(pk__in=reached[: MOST + 1]).exclude(probationary_on(asked.day, "member__"))


def fifty_years_columns(asked: Asked, answers: Answers) -> tuple[PaperColumn[Line], ...]:
    july = _july(answers)

    def noted(line: Line) -> str:
        """Return what the clerk has noted, after whether the fifty years are new this year."""
        age = line.member.party_age(july)
        new = "本年度新满50年" if age and age[0] == YEARS else ""
        return "；".join(filter(None, [new, note(line)]))

    return (
        *of_people("number", "name", "sex", "ethnicity", "born_on"),
        *of_people("joined_on", "full_member_on"),
        party_age_on(july),
        *of_people("job", "id_number", "phone"),
        PaperColumn("note", "备注", 30, noted, breaks="freely"),
    )


def _july(answers: Answers) -> date:
    return date(answers["year"], 7, 1)


FIFTY_YEARS = PeopleList(
    "fifty_years",
    "光荣在党50年党员名册",
    fifty_years_in_the_party,
    fifty_years_columns,
    entitled=lambda _asked, answers: f"{answers['year']}年光荣在党50年党员名册",
    questions=Year,
).paper
