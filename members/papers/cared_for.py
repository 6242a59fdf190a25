"""流动党员, 失联党员, 困难党员: lists of those whom their branch looks after in particular."""

from __future__ import annotations

from typing import Any

from members.papers.columns import Line
from members.papers.framing import of_people
from members.papers.people import Answers, PeopleList
from registry.calendar import PartialDate, whole_months_between
from registry.papers.catalogue import Asked
from registry.papers.columns import PaperColumn

# 流动党员


def floating(stays: Any, _asked: Asked, _answers: Answers) -> Any:
    return stays.filter(member__floating=True)


FLOATING = PeopleList(
    "floating",
    "流动党员名册",
    floating,
    lambda _asked, _answers: (
        *of_people("number", "name", "sex", "ethnicity", "born_on", "education"),
        *of_people("joined_on", "job", "floating_to", "phone", "note"),
    ),
    known_only=True,
).paper


# 失联党员


def lost_contact(stays: Any, asked: Asked, _answers: Answers) -> Any:
    """Whose contact was lost by the day; one known to the month counts from its first day."""
    return stays.filter(member__lost_contact_since__lte=PartialDate.of(asked.day))


def lost_contact_columns(asked: Asked, _answers: Answers) -> tuple[PaperColumn[Line], ...]:
    def lost_for(line: Line) -> str:
        since = line.member.lost_contact_since
        return _span(whole_months_between(since.first_day, asked.day)) if since else ""

    return (
        *of_people("number", "name", "sex", "ethnicity", "born_on", "joined_on"),
        *of_people("full_member_on", "job", "lost_contact_since"),
        PaperColumn("lost_for", "失联时长", 20, lost_for),
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
