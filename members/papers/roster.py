"""党员花名册: who belonged to an organisation on a day, as a paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Count, F, FilteredRelation, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from branches.models import Organization, OrganizationPeriod
from branches.models.grants import may
from branches.rules import hierarchy, roles
from members.models import Office, Placement
from members.papers.columns import COLUMNS, COLUMNS_WITH_BRANCH, Line
from members.papers.printing import OFFICE_TYPEFACES
from members.rules import codes, offices
from registry.calendar import PartialDate
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, table
from registry.papers.glyphs import missing_glyph_warnings
from registry.papers.lists import ListPaper
from registry.papers.writing import PDF
from registry.sentences import Sentence

PAPER = "党员花名册"
SIZE = 9  # points, so that fifteen columns stand side by side
MOST = 5_000  # people on one paper; nobody signs more
NO_POST = 999
PRINTABLE = ("name", "native_place", "employer", "job_title", "unit__name", "note", "office_phone")


def roster_of(organization: Organization, day: date, reader: Any) -> Roster:
    """Return the roster of ``organization`` and everything below it as at ``day``.

    The caller has made sure that ``reader`` may print it. Raises ValidationError at ``on`` for a
    day before the founding or after the end, and at ``organization`` for more people than anybody
    reads on one paper.
    """
    then = then_of(organization, day)
    roster = Roster(organization, then, day, reader)
    if roster.stays[: MOST + 1].count() > MOST:  # counts no further than it must
        text = _("More than %(most)s people belong to %(name)s. Choose an organisation below it.")
        raise ValidationError({"organization": text % {"name": organization, "most": MOST}})
    return roster


def then_of(organization: Organization, day: date) -> OrganizationPeriod:
    """Return what ``organization`` was on ``day``; raise ValidationError where it did not stand."""
    then = organization.on(day)
    if then is None:
        raise ValidationError({"on": _sentence_without(organization, day)})
    return then


def _sentence_without(organization: Organization, day: date) -> str:
    """Say why there is no roster on a day when the organisation did not stand."""
    words = {"name": organization, "day": day, "end": organization.dissolved_on}
    if organization.dissolved_on and organization.dissolved_on <= day:
        return _("%(name)s was dissolved on %(end)s. Choose an earlier day.") % words
    first = organization.periods.order_by("valid_from").first()
    return _("%(name)s was founded on %(begin)s. Choose that day or a later one.") % (
        words | {"begin": first.valid_from if first else organization.founded_on}
    )


def probationary_on(day: date) -> Q:
    """Who was a probationary member on ``day``, asked of a stay: not yet a full member then."""
    return Q(member__kind=codes.PROBATIONARY) | Q(member__full_member_on__gt=PartialDate.of(day))


@dataclass(frozen=True)
class Roster:
    """Who belonged to ``organization``, which was ``then``, on ``day``, as ``reader`` may see it.

    Somebody who has moved out of the reader's rows since is named with his numbers masked.
    """

    organization: Organization
    then: OrganizationPeriod
    day: date
    reader: Any

    @cached_property
    def stays(self) -> Any:
        """The stays that the roster lists; entries made by mistake are on no roster."""
        belonged = Placement.objects.on(self.day).under(self.organization, self.day)
        return belonged.filter(member__wrong_entry=False)

    @cached_property
    def counted(self) -> dict[str, int]:
        counted: dict[str, int] = self.stays.aggregate(
            people=Count("pk"), probationary=Count("pk", filter=probationary_on(self.day))
        )
        return counted

    @property
    def count(self) -> int:
        return self.counted["people"]

    @property
    def probationary(self) -> int:
        return self.counted["probationary"]

    @property
    def is_of_a_branch(self) -> bool:
        return self.then.kind == hierarchy.BRANCH

    @property
    def columns(self) -> tuple[PaperColumn[Line], ...]:
        return COLUMNS if self.is_of_a_branch else COLUMNS_WITH_BRANCH

    @property
    def title(self) -> str:
        return f"{self.then.short_name or self.then.name}{PAPER}"

    def may_be_printed_in_full(self) -> bool:
        return may(self.reader, roles.EXPORT_FULL, self.organization.path)

    def lines(self, first: int | None = None, *, in_full: bool = False) -> list[Line]:
        """Return the people in roster order, all or the ``first`` so many.

        Protected values are opened for these only; the number of queries is fixed.
        """
        stays = list(self._in_order()[:first])
        posts = Office.objects.on(self.day).called([stay.member_id for stay in stays], self.day)
        known = {path: may(self.reader, roles.VIEW, path) for path in {s.now_at for s in stays}}
        opened = {
            path: in_full and may(self.reader, roles.EXPORT_FULL, path)
            for path in {s.now_at for s in stays}
        }
        return [
            Line(
                number=number,
                member=stay.member,
                branch=stay.branch_short_name or stay.branch_name,
                posts="、".join(posts[stay.member_id, stay.organization_id]),
                probationary=bool(stay.is_probationary),
                known=known[stay.now_at],
                in_full=opened[stay.now_at],
            )
            for number, stay in enumerate(stays, start=1)
        ]

    def _in_order(self) -> Any:
        """The stays by branch as it stood then, then by the clerk's own order, then by post.

        Who has no place in the clerk's order, as after a move, comes after those who have one.
        """
        period = Q(organization__periods__valid_from__lte=self.day) & (
            Q(organization__periods__valid_until__isnull=True)
            | Q(organization__periods__valid_until__gt=self.day)
        )
        posts = [When(post=post.code, then=Value(post.order)) for post in offices.POSTS.values()]
        held = (
            Office.objects.on(self.day)
            .filter(member=OuterRef("member"), organization=OuterRef("organization"))
            .annotate(order=Case(*posts, default=Value(NO_POST)))
            .order_by("order")
        )
        return (
            self.stays.select_related("member__unit")
            .defer("member__address")
            .annotate(
                branch=FilteredRelation("organization__periods", condition=period),
                branch_name=F("branch__name"),
                branch_short_name=F("branch__short_name"),
                now_at=F("member__organization__path"),
                is_probationary=Case(
                    When(probationary_on(self.day), then=Value(1)), default=Value(0)
                ),
                without_place=Case(When(member__display_order=0, then=Value(1)), default=Value(0)),
                post_order=Coalesce(Subquery(held.values("order")[:1]), Value(NO_POST)),
            )
            .order_by(
                "branch__path", "without_place", "member__display_order", "post_order", "member"
            )
        )

    # The paper

    def paper(self, printed_by: str, at: datetime, *, in_full: bool = False) -> ListPaper:
        """Return the whole roster as a paper.

        ``at`` is local time. Ask for ``in_full`` only where ``may_be_printed_in_full``.
        """
        lines = self.lines(in_full=in_full)
        label = "填报时间" if self.day == at.date() else "人员截至"
        return ListPaper(
            title=self.title,
            unit_line=f"填报单位：{self.then.name}",
            day=f"{label}：{self.day.year}年{self.day.month}月{self.day.day}日",
            count_line=self.count_line,
            table=table(self.columns, lines),
            footer=f"打印：{printed_by}　{at:%Y-%m-%d %H:%M}　{_what_is_open(lines, in_full)}",
            size=SIZE,
        )

    @property
    def count_line(self) -> str:
        probationary = f"（其中预备党员{self.probationary}人）" if self.probationary else ""
        return f"共{self.count}人{probationary}"

    def glyph_warnings(self) -> list[Sentence]:
        """Return what to tell before printing: characters that would print as empty boxes."""
        written = self.stays.values_list(*(f"member__{field}" for field in PRINTABLE))
        texts = chain.from_iterable(written.iterator())
        names = (self.title, self.then.name)
        return missing_glyph_warnings(chain(names, filter(None, texts)), typefaces=OFFICE_TYPEFACES)


def _what_is_open(lines: list[Line], in_full: bool) -> str:
    if not in_full:
        return "身份证号码、联系电话部分隐藏"
    hidden = sum(not line.in_full for line in lines)
    return "含完整身份证号码、联系电话" + (f"（已转走{hidden}人除外）" if hidden else "")


def _paper(organization: Organization, asked: Asked) -> ListPaper:
    roster = roster_of(organization, asked.day, asked.reader)
    return roster.paper(asked.printed_by, asked.at, in_full=asked.in_full)


ROSTER = Paper("roster", PAPER, About.ORGANIZATION, (PDF,), _paper)
