"""党员花名册: who belonged to an organisation on a day, as a paper.

The papers that are made of a roster (``RosterPaper``) stand on the page “Rosters”.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.papers.columns import Line, openness
from members.papers.layouts import Drawn, layout_for, without_empty
from members.papers.listed import (
    DISPLAY,
    JOINED,
    PINYIN,
    STROKES,
    Roster,
    Wanted,
    in_words,
    roster_of,
)
from registry.papers.catalogue import About, Asked, Paper, Questions
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX

PAPER = "党员花名册"
SIZE = 9  # points, so that fifteen columns stand side by side
ORDER_CHOICES = (
    (DISPLAY, _("branch, own order, post")),
    (PINYIN, _("pinyin of the name")),
    (STROKES, _("strokes of the surname")),
    (JOINED, _("day of joining")),
)


class RosterQuestions(Questions):
    """What a roster must know beside organisation and day; all of it may be left empty."""

    order = forms.ChoiceField(label=_("sorted by"), choices=ORDER_CHOICES, required=False)
    layout = forms.CharField(label=_("layout"), max_length=30, required=False)
    page_per_branch = forms.BooleanField(label=_("a page for each branch"), required=False)


@dataclass(frozen=True)
class RosterPaper:
    """One kind of paper made of a roster; ``name`` is what lists of papers call it."""

    key: str
    name: str
    heading: str = PAPER  # behind the name of the organisation; a layout may have another
    by_branch: bool = False
    questions: type[Questions] = RosterQuestions

    @property
    def kind(self) -> Paper:
        forms = (PDF, XLSX, HTML)
        return Paper(self.key, self.name, About.ORGANIZATION, forms, self.make, self.questions)

    def make(self, organization: Organization, asked: Asked) -> ListPaper:
        return self.paper(*self.drawn(organization, asked), asked)

    def drawn(self, organization: Organization, asked: Asked) -> tuple[Roster, Drawn]:
        """Return who stands on it, and how; raises ValidationError where it cannot be made."""
        layout = self.layout(organization, asked)
        wanted = Wanted(
            order=asked.more.get("order") or DISPLAY,
            by_branch=self.by_branch or layout.by_branch,
            members=asked.more.get("members"),
        )
        return roster_of(organization, asked.day, asked.reader, wanted), layout

    def layout(self, organization: Organization, asked: Asked) -> Drawn:
        return layout_for(organization, asked.more.get("layout") or "", asked.reader)

    def paper(
        self, roster: Roster, layout: Drawn, asked: Asked, *, first: int | None = None
    ) -> ListPaper:
        """Return the paper, of all people or the ``first`` so many."""
        columns = layout.columns or roster.columns
        # Which columns are empty shows only when everybody has been looked at.
        lines = roster.lines(
            None if layout.drop_empty else first, columns=columns, in_full=asked.in_full
        )
        day = asked.day
        label = "填报时间" if day == asked.at.date() else "人员截至"
        return ListPaper(
            title=f"{roster.called}{layout.title or self.heading}",
            unit_line=f"填报单位：{roster.then.name}",
            day=f"{label}：{day.year}年{day.month}月{day.day}日",
            count_line=roster.count_line,
            table=_table(roster, columns, lines, drop_empty=layout.drop_empty),
            footer=_footer(layout, asked, columns, lines),
            size=SIZE,
            page=layout.page,
            page_per_section=bool(asked.more.get("page_per_branch")),
            warnings=layout.warnings,
        )


def _table(
    roster: Roster,
    columns: tuple[PaperColumn[Line], ...],
    lines: list[Line],
    *,
    drop_empty: bool,
) -> PaperTable:
    rows = rows_of(columns, lines)
    if drop_empty:
        kept = without_empty(columns, rows)
        columns = tuple(columns[at] for at in kept)
        rows = tuple(tuple(row[at] for at in kept) for row in rows)
    if not roster.is_grouped:
        return PaperTable(columns, (Section(rows),))
    listed = groupby(zip(lines, rows, strict=True), key=lambda pair: pair[0].branch_key)
    return PaperTable(columns, tuple(_section(roster, key, list(pairs)) for key, pairs in listed))


def _section(roster: Roster, branch: int, pairs: list[tuple[Line, tuple[str, ...]]]) -> Section:
    """One branch; its sum stands where all of it is shown."""
    counted = roster.counted_by_branch[branch]
    whole = counted["people"] == len(pairs)
    return Section(
        rows=tuple(row for _line, row in pairs),
        heading=pairs[0][0].branch,
        total=f"小计：{in_words(counted)}" if whole else "",
    )


def _footer(
    layout: Drawn, asked: Asked, columns: tuple[PaperColumn[Any], ...], lines: list[Line]
) -> str:
    """Who printed it and when, what is masked, and what it was narrowed by."""
    parts = (
        layout.footer,
        f"打印：{asked.printed_by}　{asked.at:%Y-%m-%d %H:%M}",
        openness(columns, lines, in_full=asked.in_full),
        asked.more.get("narrowed_by"),
    )
    return "　".join(filter(None, parts))


WHOLE = RosterPaper("roster", PAPER)
BY_BRANCH = RosterPaper("roster_by_branch", f"{PAPER}（分支部）", by_branch=True)
ROSTER = WHOLE.kind
