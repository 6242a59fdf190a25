"""What a change of organisations would do, before anything has happened.

The counts are asked of the register; the objections are those of the verb itself, which is run
and undone again, so that the preview refuses exactly what the change refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from branches.models import Grant, Organization, OrganizationPeriod, Reorganization, Subtree
from branches.rules import roles, tree
from members.models.development.files import DevelopmentFile
from members.models.dues.arrears import arrears_of
from members.models.headcounts import Headcount
from members.models.members import Member
from members.models.offices import Office
from members.models.reorganizing.dissolving import dissolve_organization
from members.models.reorganizing.kinds import change_kind_of_organization
from members.models.reorganizing.merging import merge_organizations
from members.models.reorganizing.moving import move_organization
from members.models.reorganizing.parts import Part
from members.models.reorganizing.splitting import split_organization
from members.models.terms.elections import Election
from members.models.terms.terms import Term
from members.rules.codes import FULL
from registry.calendar import first_of_month, months_after
from registry.models import User

CODES_TOLD = 1_000
# The paths from which something is seen now, and those from which it is seen then.
Way = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True)
class Recoded:
    """An organisation whose code changes."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Preview:
    """What a change concerns; ``gain`` and ``lose`` are the accounts that then see more or less."""

    organizations: int
    full: int
    probationary: int
    files: int
    owing: int
    grants: int
    posts: int
    terms: int
    elections: int
    gain: tuple[User, ...]
    lose: tuple[User, ...]
    codes: tuple[Recoded, ...]
    objections: tuple[str, ...]

    @property
    def members(self) -> int:
        return self.full + self.probationary


class _Looked(Exception):
    """The verb was run; now everything is undone."""


@transaction.atomic
def preview(
    concerned: Sequence[Organization],
    ways: Iterable[Way],
    on: date,
    verb: Callable[[], Reorganization],
    *,
    members: Any = None,
) -> Preview:
    """Return what ``verb`` would do to ``concerned`` and everything below them on ``on``.

    ``ways`` are whoever sees something now, and then. ``members``
    narrows the people down to those of a query, who alone go somewhere else.
    """
    full, probationary = _heads(concerned, members)
    gain, lose = _sight(ways)
    counted: dict[str, Any] = {
        "organizations": sum(Organization.objects.standing().under(e).count() for e in concerned),
        "full": full,
        "probationary": probationary,
        "files": _files(concerned, members),
        "owing": _owing(concerned, on, members),
        "grants": sum(
            Grant.objects.filter(
                organization__path__gte=each.path, organization__path__lt=each.end_path
            ).count()
            for each in concerned
        ),
        "posts": Office.objects.on(on).filter(organization__in=concerned).count(),
        "terms": Term.objects.on(on).filter(organization__in=concerned).count(),
        "elections": Election.objects.filter(
            organization__in=concerned, concluded_on__isnull=True
        ).count(),
        "gain": gain,
        "lose": lose,
    }
    # Last, for the verb changes what it was given.
    codes, objections = _tried(verb)
    return Preview(**counted, codes=codes, objections=objections)


def preview_move(
    organization: Organization,
    parent: Organization,
    on: date,
    document: str = "",
    *,
    recode: bool = False,
    today: date | None = None,
) -> Preview:
    """Return what a whole move would do."""

    def verb() -> Reorganization:
        moving = Organization.objects.get(pk=organization.pk)
        return move_organization(moving, parent, on, document, recode=recode, today=today)

    then = (*line_to(parent.path), organization.path)
    return preview([organization], [(line_to(organization.path), then)], on, verb)


def line_to(path: str) -> tuple[str, ...]:
    """Return the paths from which ``path`` is seen: its own and those above."""
    return (*tree.ancestors_of(path), path)


def objections_to(verb: Callable[[], Any]) -> tuple[str, ...]:
    """Run ``verb`` and undo it; return what it objects to."""
    try:
        with transaction.atomic():
            verb()
            raise _Looked
    except _Looked:
        return ()
    except ValidationError as error:
        return tuple(dict.fromkeys(error.messages))


def _tried(verb: Callable[[], Reorganization]) -> tuple[tuple[Recoded, ...], tuple[str, ...]]:
    """Run ``verb`` and undo it; return the codes that it changes, and what it objects to."""
    codes: list[Recoded] = []
    objections = objections_to(lambda: codes.extend(_changed_codes(verb())))
    return tuple(codes), objections


def _changed_codes(act: Reorganization) -> list[Recoded]:
    lines = act.lines.order_by("path").values_list("pk", "organization", "name", "code")
    new = list(lines)
    first = min((row[0] for row in new), default=0)
    earlier = OrganizationPeriod.objects.filter(
        organization__in=act.lines.values("organization"), pk__lt=first
    )
    before = dict(earlier.order_by("pk").values_list("organization", "code"))
    found = [
        Recoded(name, before[key], code)
        for _pk, key, name, code in new
        if before.get(key, code) != code
    ]
    return found[:CODES_TOLD]


def _heads(concerned: Sequence[Organization], members: Any) -> tuple[int, int]:
    if members is not None:
        full = members.filter(kind=FULL).count()
        return full, members.count() - full
    rows = Headcount.objects.filter(pk__in=[each.pk for each in concerned])
    counts = list(rows.values_list("full", "probationary"))
    return sum(full for full, _rest in counts), sum(rest for _full, rest in counts)


def _files(concerned: Sequence[Organization], members: Any) -> int:
    files = DevelopmentFile.objects.open()
    if members is not None:
        return files.filter(member__in=members).count()
    return sum(files.under(each).count() for each in concerned)


def _owing(concerned: Sequence[Organization], on: date, members: Any) -> int:
    """How many of those below now have dues open for the months before that of ``on``."""
    month = months_after(first_of_month(on), -1)
    owing = {
        line.member_id
        for each in concerned
        for line in arrears_of(each, month, below=Subtree.now(each))
    }
    if members is not None:
        owing &= set(members.values_list("pk", flat=True))
    return len(owing)


def _sight(ways: Iterable[Way]) -> tuple[tuple[User, ...], tuple[User, ...]]:
    """Return who sees more, and who sees less, where something is seen from the second line of
    each way and no longer from the first."""
    gain: dict[int, User] = {}
    lose: dict[int, User] = {}
    for now, then in ways:
        before, after = _viewers(now), _viewers(then)
        gain |= {pk: user for pk, user in after.items() if pk not in before}
        lose |= {pk: user for pk, user in before.items() if pk not in after}
    return tuple(gain.values()), tuple(lose.values())


def _viewers(line: Sequence[str]) -> dict[int, User]:
    grants = Grant.objects.filter(
        Q(organization__path__in=line) | Q(organization__isnull=True),
        role__in=roles.roles_with(roles.VIEW),
        user__is_active=True,
    )
    found = grants.select_related("user").order_by("user__name", "user__username")
    return {grant.user_id: grant.user for grant in found}


def preview_dissolution(
    organization: Organization,
    on: date,
    document: str = "",
    *,
    to: Organization | None = None,
    places: Mapping[int, Organization] | None = None,
    today: date | None = None,
) -> Preview:
    """Return what dissolving would do, with a place for everybody."""

    def verb() -> Reorganization:
        ending = Organization.objects.get(pk=organization.pk)
        return dissolve_organization(ending, on, document, to=to, places=places, today=today)

    others = {*(places or {}).values(), *([to] if to else [])}
    ways = [(line_to(organization.path), line_to(place.path)) for place in others]
    return preview([organization], ways, on, verb)


def preview_merger(
    merged: Sequence[Organization],
    into: Organization,
    on: date,
    document: str = "",
    *,
    today: date | None = None,
) -> Preview:
    """Return what a merger would do."""
    ways = [(line_to(each.path), line_to(into.path)) for each in merged]
    verb = partial(merge_organizations, merged, into, on, document, today=today)
    return preview(merged, ways, on, verb)


def preview_split(
    organization: Organization,
    parts: Sequence[Part],
    on: date,
    document: str = "",
    *,
    today: date | None = None,
) -> Preview:
    """Return what a split would do: the people and organisations that are given away count."""
    children = [child for part in parts for child in part.children]
    given = [member.pk for part in parts for member in part.members]
    members = Member.objects.filter(pk__in=given) if organization.holds_members else None
    above = line_to(organization.path)
    ways = [(above, above[:-1])] if children or given else []
    verb = partial(split_organization, organization, parts, on, document, today=today)
    concerned = [organization] if organization.holds_members else children
    return preview(concerned, ways, on, verb, members=members)


def preview_kind(
    organization: Organization,
    kind: str,
    sort: str,
    on: date,
    document: str = "",
    *,
    parts: Sequence[Part] = (),
    take_in_branches: bool = False,
    today: date | None = None,
) -> Preview:
    """Return what another kind would do."""

    def verb() -> Reorganization:
        changing = Organization.objects.get(pk=organization.pk)
        return change_kind_of_organization(
            changing, kind, sort, on, document, parts=parts, take_in_branches=take_in_branches,
            today=today,
        )  # fmt: skip

    return preview([organization], [], on, verb)
