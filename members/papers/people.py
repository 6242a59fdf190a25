"""Lists of some of the people of an organisation: who stands on one, and in which columns.

A list takes its people from the roster of the day, so that it masks and leaves out what the roster
does. To add one: a function that narrows the stays of a day, its columns, and a ``PeopleList``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.models import Organization, OrganizationPeriod, in_scopes, scopes
from branches.rules import roles
from members.papers.columns import Line
from members.papers.framing import framed, numbered
from members.papers.listed import MOST, Roster, Wanted, then_of
from registry.papers.catalogue import About, Asked, Paper, Questions
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Some(Roster):
    """Those of a roster whom ``chosen`` leaves of its stays."""

    chosen: Callable[[Any], Any] = field(kw_only=True)

    @cached_property
    def stays(self) -> Any:
        return self.chosen(super().stays)


@dataclass(frozen=True)
class PeopleList:
    """A kind of list. ``chosen`` narrows the stays of the day, ``columns`` are those of the day.

    ``known_only`` leaves out who has moved out of the reader's rows since: what the list goes by
    is kept without a day, so it may have been written after the move.
    """

    key: str
    title: str
    chosen: Callable[[Any, Asked, Answers], Any]
    columns: Callable[[Asked, Answers], tuple[PaperColumn[Line], ...]]
    known_only: bool = False
    order: Callable[[Line], Any] | None = None  # within a branch; else as on the roster
    entitled: Callable[[Asked, Answers], str] | None = None  # the title with what was asked
    questions: type[Questions] | None = None

    @property
    def paper(self) -> Paper:
        return Paper(
            self.key, self.title, About.ORGANIZATION, (PDF, XLSX, HTML), self.of, self.questions
        )

    def of(self, organization: Organization, asked: Asked) -> ListPaper:
        """Return the list of an organisation and everything below it as at the day."""
        answers = asked.answers(self.questions or Questions)
        some = Some(
            organization,
            then_of(organization, asked.day),
            asked.day,
            asked.reader,
            Wanted(by_branch=True),
            chosen=lambda stays: self.chosen(self._known(stays, asked), asked, answers),
        )
        if some.count > MOST:
            text = _("More than %(most)s people of %(name)s. Choose an organisation below it.")
            raise ValidationError({"organization": text % {"name": organization, "most": MOST}})
        columns = self.columns(asked, answers)
        groups = self._by_branch(some, columns, asked)
        lines = numbered(line for _name, group in groups for line in group)
        sections, done = [], 0
        for name, group in groups:
            people = lines[done : done + len(group)]
            done += len(group)
            heading = f"{name}（{len(group)}人）" if some.is_grouped else ""
            sections.append(Section(rows_of(columns, people), heading))
        return framed(
            PaperTable(columns, tuple(sections)),
            some.then,
            asked,
            title=self.entitled(asked, answers) if self.entitled else self.title,
            count_line=some.count_line,
            lines=lines,
        )

    def _known(self, stays: Any, asked: Asked) -> Any:
        if not self.known_only:
            return stays
        seen = scopes(asked.reader, roles.VIEW)
        return stays.filter(in_scopes(seen, "member__organization__path"))

    def _by_branch(
        self, some: Some, columns: tuple[PaperColumn[Line], ...], asked: Asked
    ) -> list[tuple[str, list[Line]]]:
        """Return the people of each branch under its name of the day, in tree order."""
        below = OrganizationPeriod.objects.on(asked.day).under(some.then.path)
        names = dict(below.values_list("organization", "name"))
        lines = some.lines(columns=columns, in_full=asked.in_full)
        groups = groupby(lines, lambda line: line.branch_key)
        return [
            (names[branch], sorted(group, key=self.order) if self.order else list(group))
            for branch, group in groups
        ]
