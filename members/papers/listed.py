"""Who belonged to an organisation on a day, as far as its roster may be printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from branches.models import Organization, OrganizationPeriod
from branches.models.grants import may
from branches.rules import hierarchy, roles
from members.models import Office, Placement
from members.models.searching import probationary_on
from members.papers.columns import COLUMNS, COLUMNS_WITH_BRANCH, Line, unopened
from members.papers.printing import OFFICE_TYPEFACES
from members.rules import offices
from members.rules.names import pinyin_key
from members.rules.strokes import stroke_key
from registry.papers.columns import PaperColumn
from registry.papers.glyphs import missing_glyph_warnings
from registry.sentences import Sentence

MOST = 5_000  # people on one paper; nobody signs more
NO_POST = 999
PRINTABLE = ("name", "native_place", "employer", "job_title", "unit__name", "note", "office_phone")

DISPLAY, PINYIN, STROKES, JOINED = "display", "pinyin", "strokes", "joined"
ORDERS = (DISPLAY, PINYIN, STROKES, JOINED)
# Orders that no database knows.
BY_NAME: dict[str, Callable[[str], tuple[Any, ...]]] = {PINYIN: pinyin_key, STROKES: stroke_key}


@dataclass(frozen=True)
class Wanted:
    """Who of them, and in which order: ``members`` narrows the roster, None is everybody."""

    order: str = DISPLAY
    by_branch: bool = False
    members: Any = None


ALL = Wanted()


def roster_of(organization: Organization, day: date, reader: Any, wanted: Wanted = ALL) -> Roster:
    """Return the roster of ``organization`` and everything below it as at ``day``.

    The caller has made sure that ``reader`` may print it. Raises ValidationError at ``on`` for a
    day before the founding or after the end, and at ``organization`` for more people than anybody
    reads on one paper.
    """
    then = then_of(organization, day)
    roster = Roster(organization, then, day, reader, wanted)
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


@dataclass(frozen=True)
class Roster:
    """Who belonged to ``organization``, which was ``then``, on ``day``, as ``reader`` may see it.

    Somebody who has moved out of the reader's rows since is named with his numbers masked.
    """

    organization: Organization
    then: OrganizationPeriod
    day: date
    reader: Any
    wanted: Wanted = ALL

    @cached_property
    def stays(self) -> Any:
        """The stays that the roster lists; entries made by mistake are on no roster."""
        belonged = Placement.objects.on(self.day).under(self.organization, self.day)
        listed = belonged.filter(member__wrong_entry=False)
        if self.wanted.members is None:
            return listed
        return listed.filter(Exists(self.wanted.members.filter(pk=OuterRef("member"))))

    @cached_property
    def counted(self) -> dict[str, int]:
        counted: dict[str, int] = self.stays.aggregate(**self._numbers)
        return counted

    @cached_property
    def counted_by_branch(self) -> dict[int, dict[str, int]]:
        """The same numbers of each branch, by its key."""
        counted = self.stays.order_by().values("organization").annotate(**self._numbers)
        return {each["organization"]: each for each in counted}

    @property
    def _numbers(self) -> dict[str, Any]:
        return {
            "people": Count("pk"),
            "probationary": Count("pk", filter=probationary_on(self.day, "member__")),
        }

    @property
    def count(self) -> int:
        return self.counted["people"]

    @property
    def probationary(self) -> int:
        return self.counted["probationary"]

    @property
    def count_line(self) -> str:
        return f"共{in_words(self.counted)}"

    @property
    def called(self) -> str:
        """The organisation's name in titles, of that day."""
        return self.then.short_name or self.then.name

    @property
    def is_grouped(self) -> bool:
        """Whether the people of each branch stand together, under its name."""
        return self.wanted.by_branch and self.then.kind != hierarchy.BRANCH

    @property
    def columns(self) -> tuple[PaperColumn[Line], ...]:
        """The columns where no layout chooses others."""
        one_branch = self.is_grouped or self.then.kind == hierarchy.BRANCH
        return COLUMNS if one_branch else COLUMNS_WITH_BRANCH

    def may_be_printed_in_full(self) -> bool:
        return may(self.reader, roles.EXPORT_FULL, self.organization.path)

    def lines(
        self,
        first: int | None = None,
        *,
        columns: tuple[PaperColumn[Line], ...] = COLUMNS,
        in_full: bool = False,
    ) -> list[Line]:
        """Return the people in order, all or the ``first`` so many.

        Protected values that ``columns`` show are opened for these only; the number of queries is
        fixed.
        """
        closed = [f"member__{field}" for field in unopened(columns)]
        stays = self._in_order(first, closed)
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
                day=self.day,
                branch_key=stay.organization_id,
                branch=stay.branch_short_name or stay.branch_name,
                posts="、".join(posts[stay.member_id, stay.organization_id]),
                probationary=bool(stay.is_probationary),
                since=stay.placed_from,
                known=known[stay.now_at],
                in_full=opened[stay.now_at],
            )
            for number, stay in enumerate(stays, start=1)
        ]

    def _in_order(self, first: int | None, closed: list[str]) -> list[Any]:
        """The stays in the order that is wanted, all or the ``first`` so many."""
        rows = self._with_what_stood_then().defer(*closed)
        key_of = BY_NAME.get(self.wanted.order)
        if key_of is None:
            return list(rows.order_by(*self._columns_of_order())[:first])

        def key(path: str, name: str, member: int) -> tuple[Any, ...]:
            return (path if self.is_grouped else "", key_of(name), member)

        if first is not None:
            names = self._with_what_stood_then().values_list(
                "pk", "branch_path", "member__name", "member"
            )
            in_order = sorted(names, key=lambda each: key(*each[1:]))
            rows = rows.filter(pk__in=[each[0] for each in in_order[:first]])
        return sorted(
            rows, key=lambda stay: key(stay.branch_path, stay.member.name, stay.member_id)
        )

    def _columns_of_order(self) -> tuple[Any, ...]:
        """By branch as it stood then, then by the clerk's own order, then by post.

        Who has no place in the clerk's order, as after a move, comes after those who have one.
        """
        as_displayed = (
            "branch_path",
            "without_place",
            "place_then",
            "post_order",
            "member",
        )
        if self.wanted.order == DISPLAY:
            return as_displayed
        branch = ("branch_path",) if self.is_grouped else ()
        return (*branch, F("member__joined_on").asc(nulls_last=True), *as_displayed)

    def _with_what_stood_then(self) -> Any:
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
        return self.stays.select_related("member__unit", "member__party_group").annotate(
            branch=FilteredRelation("organization__periods", condition=period),
            branch_path=F("branch__path"),
            branch_name=F("branch__name"),
            branch_short_name=F("branch__short_name"),
            now_at=F("member__organization__path"),
            is_probationary=Case(
                When(probationary_on(self.day, "member__"), then=Value(1)), default=Value(0)
            ),
            place_then=Coalesce("place", "member__display_order"),
            without_place=Case(When(place_then=0, then=Value(1)), default=Value(0)),
            post_order=Coalesce(Subquery(held.values("order")[:1]), Value(NO_POST)),
        )

    def glyph_warnings(self) -> list[Sentence]:
        """Return what to tell before printing: characters that would print as empty boxes."""
        written = self.stays.values_list(*(f"member__{field}" for field in PRINTABLE))
        texts = chain.from_iterable(written.iterator())
        names = (self.called, self.then.name)
        return missing_glyph_warnings(chain(names, filter(None, texts)), typefaces=OFFICE_TYPEFACES)


def in_words(counted: dict[str, int]) -> str:
    """Return how many there are: 12人（其中预备党员1人）."""
    probationary = counted["probationary"]
    return f"{counted['people']}人" + (f"（其中预备党员{probationary}人）" if probationary else "")
