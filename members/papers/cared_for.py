"""流动党员, 失联党员, 困难党员: lists of those whom their branch looks after in particular."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from members.models import FloatingOut
from members.papers.columns import Line
from members.papers.framing import of_people
from members.papers.people import Answers, PeopleList
from members.rules.standing import FLOATING_REASONS, LOST_REASONS, PROVINCES
from registry.calendar import PartialDate, whole_months_between
from registry.papers.catalogue import Asked
from registry.papers.columns import PaperColumn

# 流动党员


def floating(stays: Any, asked: Asked, _answers: Answers) -> Any:
    """Who was away on the day; where nobody has entered since when, who is said to float now."""
    times = FloatingOut.objects.filter(member=OuterRef("member"))
    said_only = Q(member__floating=True) & ~Exists(times)
    return stays.filter(Exists(times.on(asked.day)) | said_only)


def floating_columns(asked: Asked, _answers: Answers) -> tuple[PaperColumn[Line], ...]:
    rows = FloatingOut.objects.on(asked.day).visible_to(asked.reader)
    away = {row.member_id: row for row in rows}

    def told(tell: Callable[[FloatingOut], str]) -> Callable[[Line], str]:
        return lambda line: tell(away[line.member.pk]) if line.member.pk in away else ""

    def place(line: Line) -> str:
        row = away.get(line.member.pk)
        return f"{_province(row)}{row.place}" if row else line.member.floating_to

    return (
        *of_people("number", "name", "sex", "born_on", "joined_on", "job"),
        PaperColumn("floating_to", "流向", 30, place, "left", "freely"),
        PaperColumn(
            "begins_on", "流出\n时间", 20, told(lambda row: PartialDate.of(row.begins_on).printed)
        ),
        PaperColumn(
            "reason",
            "原因",
            20,
            told(lambda row: FLOATING_REASONS[row.reason].chinese),
            breaks="freely",
        ),
        PaperColumn(
            "permit", "活动证\n编号", 20, told(lambda row: row.permit_number), breaks="freely"
        ),
        PaperColumn("contact", "联系人", 26, told(lambda row: row.contact_person), breaks="freely"),
        *of_people("phone", "note"),
    )


def _province(row: FloatingOut) -> str:
    name = PROVINCES.get(row.province, "")
    return "" if row.place.startswith(name) else name


FLOATING = PeopleList("floating", "流动党员名册", floating, floating_columns, known_only=True).paper


# 失联党员


def lost_contact(stays: Any, asked: Asked, _answers: Answers) -> Any:
    """Whose contact was lost by the day; one known to the month counts from its first day."""
    return stays.filter(member__lost_contact_since__lte=PartialDate.of(asked.day))


def lost_contact_columns(asked: Asked, _answers: Answers) -> tuple[PaperColumn[Line], ...]:
    def lost_for(line: Line) -> str:
        since = line.member.lost_contact_since
        return _span(whole_months_between(since.first_day, asked.day)) if since else ""

    def why(line: Line) -> str:
        reason = LOST_REASONS.get(line.member.lost_contact_reason)
        return reason.chinese if reason else ""

    return (
        *of_people("number", "name", "sex", "ethnicity", "born_on", "joined_on"),
        *of_people("full_member_on", "job", "lost_contact_since"),
        PaperColumn("lost_for", "失联时长", 20, lost_for),
        PaperColumn("why", "失联原因", 24, why, breaks="freely"),
        *of_people("id_number", "phone", "note"),
    )


def _span(months: int) -> str:
    years, rest = divmod(months, 12)
    return (f"{years}年" if years else "") + (f"{rest}个月" if rest or not years else "")


LOST_CONTACT = PeopleList(
    "lost_contact", "失联党员名册", lost_contact, lost_contact_columns, known_only=True
).paper


# 困难党员


def hardship(stays: Any, _asked: Asked, _answers: Answers) -> Any:
    return stays.filter(member__hardship=True)


HARDSHIP = PeopleList(
    "hardship",
    "困难党员名册",
    hardship,
    lambda _asked, _answers: (
        *of_people("number", "name", "sex", "ethnicity", "born_on", "joined_on"),
        *of_people("party_age", "category", "job", "id_number", "phone", "note"),
    ),
    known_only=True,
).paper
