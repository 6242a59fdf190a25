"""党内职务名册 and 党务干部通讯录: who held which post on a day, and where to reach them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Case, Q, Value, When

from branches.models import Organization, OrganizationPeriod, may
from branches.rules import roles
from members.models import Member, Office, Placement
from members.models.searching import probationary_on
from members.papers.columns import Line, unopened
from members.papers.framing import framed, numbered, of_people
from members.papers.listed import NO_POST
from members.papers.organizations import Nearest, standing_under
from members.rules import offices
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX

FULL_TIME, CONTACT = "专职", "联系人"
NO_AREA = "未划分片区"
# Who answers the telephone for an organisation, beside whoever does Party work full time.
CALLED = ("secretary", "full_time_deputy_secretary", "deputy_secretary", "discipline_secretary")


@dataclass(frozen=True)
class OfficeLine(Line):
    """Somebody in a post of an organisation, which was ``then``, since the day he took it."""

    then: OrganizationPeriod = field(kw_only=True)
    full_time: bool = False
    unit: str = ""


def office_lines(
    organization: Organization,
    standing: list[OrganizationPeriod],
    asked: Asked,
    columns: Iterable[PaperColumn[OfficeLine]],
    which: Q,
) -> list[OfficeLine]:
    """Return the posts held on the day, by organisation in tree order, there in order of posts.

    Whoever has moved out of the reader's rows since stands as on the roster; of whoever has never
    been in them, and of somebody from elsewhere, only the name is known.
    """
    held = Office.objects.on(asked.day).filter(
        which, organization__in=[each.organization_id for each in standing]
    )
    rows = (
        held.exclude(member__wrong_entry=True)
        .select_related("member__unit", "member__organization")
        .defer(*(f"member__{field}" for field in unopened(columns)))
        .annotate(
            was_probationary=Case(
                When(probationary_on(asked.day, "member__"), then=Value(1)), default=Value(0)
            )
        )
    )
    stays = Placement.objects.on(asked.day).under(organization, asked.day)
    belonged = set(stays.filter(member__in=held.values("member")).values_list("member", flat=True))
    by_organization: dict[int, list[Office]] = {each.organization_id: [] for each in standing}
    for office in sorted(rows, key=lambda each: (_order(each), each.held_from, each.pk)):
        by_organization[office.organization_id].append(office)
    return [
        _line(office, then, asked, belonged)
        for then in standing
        for office in by_organization[then.organization_id]
    ]


def _line(office: Any, then: OrganizationPeriod, asked: Asked, belonged: set[int]) -> OfficeLine:
    member = office.member
    known = member is not None and may(asked.reader, roles.VIEW, member.organization.path)
    if member is None or not (known or member.pk in belonged):
        member = Member(name=office.holder, category="")
    opened = known and asked.in_full
    return OfficeLine(
        number=0,
        member=member,
        branch=then.short_name or then.name,
        posts=offices.POSTS[office.post].chinese if office.post in offices.POSTS else "",
        probationary=bool(office.was_probationary),
        known=known,
        in_full=opened and may(asked.reader, roles.EXPORT_FULL, member.organization.path),
        then=then,
        since=office.held_from,
        day=asked.day,
        branch_key=then.organization_id,
        full_time=office.full_time,
    )


def _order(office: Office) -> int:
    return offices.POSTS[office.post].order if office.post in offices.POSTS else NO_POST


# 党内职务名册

OFFICER_COLUMNS: tuple[PaperColumn[OfficeLine], ...] = (
    *of_people("number", "name", "sex", "ethnicity", "born_on", "education"),
    *of_people("joined_on", "job"),
    PaperColumn("post", "党内职务", 26, lambda line: line.posts, breaks="freely"),
    PaperColumn("held_from", "任职\n时间", 20, lambda line: f"{line.since:%Y.%m.%d}"),
    *of_people("phone"),
    PaperColumn("note", "备注", 15, lambda line: FULL_TIME if line.full_time else ""),
)


def officers(organization: Organization, asked: Asked) -> ListPaper:
    """Return the officers of ``organization`` and everything below it as at the day."""
    standing = standing_under(organization, asked)
    lines = numbered(office_lines(organization, standing, asked, OFFICER_COLUMNS, Q()))
    groups = [(then, list(group)) for then, group in groupby(lines, lambda line: line.then)]
    sections = tuple(
        Section(
            rows_of(OFFICER_COLUMNS, group),
            f"{then.name}（{len(group)}项）" if len(standing) > 1 else "",
        )
        for then, group in groups
    )
    return framed(
        PaperTable(OFFICER_COLUMNS, sections),
        _own(standing, organization),
        asked,
        title="党内职务名册",
        count_line=f"共{len(lines)}项职务",
        lines=lines,
    )


OFFICERS = Paper("officers", "党内职务名册", About.ORGANIZATION, (PDF, XLSX, HTML), officers)

# 党务干部通讯录

CONTACT_COLUMNS: tuple[PaperColumn[OfficeLine], ...] = (
    *of_people("number"),
    PaperColumn("unit", "单位", 44, lambda line: line.unit, "left", "freely"),
    PaperColumn("organization", "党组织", 52, lambda line: line.branch, "left", "freely"),
    *of_people("name", "posts", "job"),
    *of_people("office_phone", "mobile"),
    PaperColumn("note", "备注", 14, lambda line: FULL_TIME if line.full_time else ""),
)


def contacts(organization: Organization, asked: Asked) -> ListPaper:
    """Return how to reach secretaries and Party workers as at the day, by area and unit."""
    standing = standing_under(organization, asked)
    nearest = Nearest(standing, asked)
    called = defaultdict(list)
    which = Q(post__in=CALLED) | Q(full_time=True)
    for line in office_lines(organization, standing, asked, CONTACT_COLUMNS, which):
        called[line.then.path].append(line)
    lines = [
        replace(line, unit=nearest.unit(then.path))
        for then in standing
        for line in _reached(then, called[then.path], nearest, asked.day)
    ]
    lines, sections = by_area(lines, CONTACT_COLUMNS, nearest, standing)
    return framed(
        PaperTable(CONTACT_COLUMNS, sections),
        _own(standing, organization),
        asked,
        title="党务干部通讯录",
        count_line=f"共{len(lines)}人",
        lines=lines,
        signoff=(),
    )


def by_area(
    lines: Iterable[Any],
    columns: Sequence[PaperColumn[Any]],
    nearest: Nearest,
    standing: Iterable[OrganizationPeriod],
) -> tuple[list[Any], tuple[Section, ...]]:
    """Return lines with ``then`` and ``unit`` by area, unit and place in the tree, numbered; and
    their sections, which have headings only where somebody is in an area."""
    areas = {then.path: nearest.area(then.path) for then in standing}
    places = {path: place for place, path in enumerate(areas)}

    def by_area_and_unit(line: Any) -> Any:
        area = areas[line.then.path]
        where = (0, area.display_order, area.name) if area else (1, 0, "")
        return (where, line.unit, places[line.then.path])

    lines = numbered(sorted(lines, key=by_area_and_unit))
    groups = [
        (area, list(group)) for area, group in groupby(lines, lambda line: areas[line.then.path])
    ]
    return lines, tuple(
        Section(
            rows_of(columns, group),
            f"{area or NO_AREA}（{len(group)}人）" if any(area for area, _group in groups) else "",
        )
        for area, group in groups
    )


def _reached(
    then: OrganizationPeriod, called: Iterable[OfficeLine], nearest: Nearest, day: date
) -> list[OfficeLine]:
    """Return everybody once with all his posts, and the contact that the organisation names."""
    people: dict[Any, OfficeLine] = {}
    for line in called:
        key = line.member.pk or line.member.name
        before = people.get(key)
        people[key] = (
            replace(
                before,
                posts=f"{before.posts}、{line.posts}",
                full_time=before.full_time or line.full_time,
            )
            if before
            else line
        )
    organization = nearest.known.get(then.path)
    names = {line.member.name for line in people.values()}
    if organization and organization.contact and organization.contact not in names:
        contact = Member(name=organization.contact, office_phone=organization.phone, category="")
        people[CONTACT] = OfficeLine(
            number=0,
            member=contact,
            day=day,
            since=then.valid_from,
            branch_key=then.organization_id,
            branch=then.short_name or then.name,
            posts=CONTACT,
            probationary=False,
            then=then,
        )
    return list(people.values())


def _own(standing: Iterable[OrganizationPeriod], organization: Organization) -> OrganizationPeriod:
    return next(each for each in standing if each.organization_id == organization.pk)


CONTACTS = Paper("contacts", "党务干部通讯录", About.ORGANIZATION, (PDF, XLSX, HTML), contacts)
