"""党组织一览表: an organisation and everything below it as they stood on a day, in tree order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.translation import gettext as _

from branches.models import Organization, OrganizationPeriod, Unit, may, scopes
from branches.models.grants import superiors_of
from branches.rules import hierarchy, roles, tree
from members.models import Office, Placement
from members.models.searching import probationary_on
from members.papers.framing import framed
from members.papers.listed import MOST, then_of
from members.rules import offices
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX

PAPER = "党组织一览表"
STEP = "　"  # in front of a name, for each level below the first


@dataclass(frozen=True)
class Standing:
    """One organisation as it stood on the day, with all people at it and below."""

    number: int
    depth: int  # 0 for the one that the list is of
    then: OrganizationPeriod
    unit: str
    secretary: str
    full: int
    probationary: int


COLUMNS: tuple[PaperColumn[Standing], ...] = (
    PaperColumn("number", "序号", 9, lambda line: str(line.number)),
    PaperColumn("code", "党组织代码", 28, lambda line: code_of(line.then)),
    PaperColumn(
        "name",
        "党组织名称",
        84,
        lambda line: STEP * line.depth + line.then.name,
        "left",
        "freely",
    ),
    PaperColumn("kind", "类别", 24, lambda line: kind_of(line.then), breaks="freely"),
    PaperColumn("unit", "所在单位", 38, lambda line: line.unit, "left", "freely"),
    PaperColumn("secretary", "书记", 20, lambda line: line.secretary, breaks="after_dot"),
    PaperColumn("full", "正式\n党员", 13, lambda line: str(line.full)),
    PaperColumn("probationary", "预备\n党员", 13, lambda line: str(line.probationary)),
    PaperColumn("people", "党员\n总数", 13, lambda line: str(line.full + line.probationary)),
    PaperColumn("founded_on", "成立时间", 22, lambda line: founding_of(line.then)),
)


def code_of(then: OrganizationPeriod) -> str:
    """Return the code that it had then."""
    return then.code or then.organization.code


def kind_of(then: OrganizationPeriod) -> str:
    """Return what it was: 党支部, 联合党支部."""
    kind = hierarchy.KINDS[then.kind].chinese
    return kind if then.sort == hierarchy.ORDINARY else hierarchy.SORTS[then.sort].chinese + kind


def founding_of(then: OrganizationPeriod) -> str:
    founded_on = then.organization.founded_on
    return f"{founded_on:%Y.%m.%d}" if founded_on else ""


def standing_under(organization: Organization, asked: Asked) -> list[OrganizationPeriod]:
    """Return what stood at ``organization`` and below on the day, in tree order.

    Raises ValidationError where it did not stand, or more stood there than anybody reads.
    """
    then = then_of(organization, asked.day)
    periods = OrganizationPeriod.objects.on(asked.day).under(then.path)
    found = list(periods.select_related("organization__area")[: MOST + 1])
    if len(found) > MOST:
        text = _("More than %(most)s organisations stand at %(name)s. Choose one below it.")
        raise ValidationError({"organization": text % {"name": organization, "most": MOST}})
    places = {each.path: each.organization.display_order for each in found}
    return sorted(
        found,
        key=lambda each: [
            (places.get(path, 0), path) for path in (*tree.ancestors_of(each.path), each.path)
        ],
    )


class Nearest:
    """Which unit and area an organisation is in: its own, or that of the nearest superior with one.

    Neither has a chronicle. What is kept of an organisation that has left the reader's rows since
    is not told.
    """

    def __init__(self, standing: Iterable[OrganizationPeriod], asked: Asked) -> None:
        line = list(standing)
        above = OrganizationPeriod.objects.on(asked.day).select_related("organization__area")
        line += above.filter(path__in=tree.ancestors_of(line[0].path)) if line else []
        superiors = set(superiors_of(scopes(asked.reader, roles.VIEW)))
        self.known = {
            each.path: each.organization
            for each in line
            if each.organization.path in superiors
            or may(asked.reader, roles.VIEW, each.organization.path)
        }
        units = Unit.objects.filter(organizations__in=self.known.values()).order_by("name")
        self._units = defaultdict(list)
        for pk, name in units.values_list("organizations", "name"):
            self._units[pk].append(name)

    def unit(self, path: str) -> str:
        for at in self._upwards(path):
            if names := self._units.get(self.known[at].pk):
                return "、".join(names)
        return ""

    def area(self, path: str) -> Any:
        """Return the area, or None."""
        return next(filter(None, (self.known[at].area for at in self._upwards(path))), None)

    def _upwards(self, path: str) -> Iterable[str]:
        return (at for at in (path, *tree.ancestors_of(path)[::-1]) if at in self.known)


def organizations(organization: Organization, asked: Asked) -> ListPaper:
    """Return the list of ``organization`` and everything below it as at the day."""
    standing = standing_under(organization, asked)
    [then] = [each for each in standing if each.organization_id == organization.pk]
    full, probationary = _people(organization, standing, asked)
    secretaries = _secretaries(standing, asked)
    nearest = Nearest(standing, asked)
    lines = [
        Standing(
            number=number,
            depth=tree.level_of(each.path) - tree.level_of(then.path),
            then=each,
            unit=nearest.unit(each.path),
            secretary="、".join(secretaries[each.organization_id]),
            full=full[each.path],
            probationary=probationary[each.path],
        )
        for number, each in enumerate(standing, start=1)
    ]
    people = full[then.path], probationary[then.path]
    total = (
        f"合计：党组织{len(lines)}个（{_kinds(standing)}），党员{sum(people)}人，"
        f"其中正式党员{people[0]}人、预备党员{people[1]}人"
    )
    table = PaperTable(COLUMNS, (Section(rows_of(COLUMNS, lines), total=total),))
    count_line = f"共{len(lines)}个党组织"
    return framed(table, then, asked, title=PAPER, count_line=count_line)


def _people(
    organization: Organization, standing: Iterable[OrganizationPeriod], asked: Asked
) -> tuple[Counter[str], Counter[str]]:
    """Return full and probationary members by path, each with everything below it."""
    stays = Placement.objects.on(asked.day).under(organization, asked.day)
    counted = stays.filter(member__wrong_entry=False).values("organization").order_by()
    rows = counted.annotate(
        people=Count("pk"), probationary=Count("pk", filter=probationary_on(asked.day, "member__"))
    )
    paths = {each.organization_id: each.path for each in standing}
    full: Counter[str] = Counter()
    probationary: Counter[str] = Counter()
    for row in rows:
        own = paths[row["organization"]]
        for path in (*tree.ancestors_of(own), own):
            full[path] += row["people"] - row["probationary"]
            probationary[path] += row["probationary"]
    return full, probationary


def _secretaries(
    standing: Iterable[OrganizationPeriod], asked: Asked
) -> defaultdict[int, list[str]]:
    held = Office.objects.on(asked.day).filter(
        organization__in=[each.organization_id for each in standing],
        body=offices.COMMITTEE,
        post=offices.SECRETARY,
    )
    holders = held.exclude(member__wrong_entry=True).order_by("held_from", "pk")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for pk, *names in holders.values_list("organization", "member__name", "name_from_elsewhere"):
        found[pk] += filter(None, names)
    return found


def _kinds(standing: Iterable[OrganizationPeriod]) -> str:
    """Return how many of each kind, from the top down: 机关党委1个、党支部12个."""
    counted = Counter(each.kind for each in standing)
    return "、".join(
        f"{kind.chinese}{counted[kind.code]}个"
        for kind in hierarchy.KINDS.values()
        if counted[kind.code]
    )


ORGANIZATIONS = Paper(
    "organizations",
    PAPER,
    About.ORGANIZATION,
    (PDF, XLSX, HTML),
    organizations,
    protected=False,
)
