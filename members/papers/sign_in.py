"""签到表: who is expected at a meeting, with room to sign, or to say why somebody is absent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.papers.columns import COLUMNS, Line
from members.papers.layouts import Drawn
from members.papers.listed import Roster, in_words
from members.papers.roster import ORDER_CHOICES, RosterPaper
from registry.papers.catalogue import Asked, Questions
from registry.papers.columns import PaperColumn
from registry.papers.lists import A4, ListPaper

NAME = "会议签到表"
LONGEST_MEETING = 60


def blank(_line: Line) -> str:
    return ""


_OF_THE_ROSTER = {column.key: column for column in COLUMNS}
IN_COLUMNS: tuple[PaperColumn[Line], ...] = (
    replace(_OF_THE_ROSTER["number"], width=12),
    replace(_OF_THE_ROSTER["name"], width=28),
    replace(_OF_THE_ROSTER["posts"], width=36),
    PaperColumn("signature", "签到", 50, blank),
    PaperColumn("absent", "未到原因", 54, blank),
)


class MeetingQuestions(Questions):
    """What a sign-in sheet must know beside organisation and day."""

    meeting = forms.CharField(label=_("meeting"), max_length=LONGEST_MEETING, required=False)
    order = forms.ChoiceField(label=_("sorted by"), choices=ORDER_CHOICES, required=False)
    page_per_branch = forms.BooleanField(label=_("a page for each branch"), required=False)


@dataclass(frozen=True)
class SignInSheet(RosterPaper):
    """Who belonged on the day of the meeting is expected; the rest is filled in by hand."""

    def layout(self, organization: Organization, asked: Asked) -> Drawn:
        return Drawn(columns=IN_COLUMNS, page=A4)

    def paper(self, roster: Roster, layout: Drawn, asked: Asked, **options: Any) -> ListPaper:
        paper = super().paper(roster, layout, asked, **options)
        day, meeting = asked.day, asked.more.get("meeting") or ""
        return replace(
            paper,
            unit_line=f"会议名称：{meeting}",
            day=f"时间：{day.year}年{day.month}月{day.day}日",
            count_line=f"应到{in_words(roster.counted)}",
            size=14,  # so that there is room to sign
            signoff=("实到：　　　人", "未到：　　　人", "主持人：", "记录人："),
        )


SIGN_IN = SignInSheet("sign_in_sheet", NAME, NAME, by_branch=True, questions=MeetingQuestions)
