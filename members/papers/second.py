"""临时党支部党员名册: who belongs to temporary branches beside the branch of his relation."""

from __future__ import annotations

from dataclasses import dataclass

from branches.models import Organization, OrganizationPeriod, may
from branches.rules import roles
from members.models import SecondMembership
from members.papers.framing import framed, numbered
from members.papers.organizations import standing_under
from registry.calendar import PartialDate
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX


@dataclass(frozen=True)
class SecondLine:
    """One second membership; of somebody from outside the reader's rows only the name is told."""

    number: int
    row: SecondMembership
    is_known: bool

    @property
    def home(self) -> str:
        return str(self.row.member.organization) if self.is_known else ""


COLUMNS: tuple[PaperColumn[SecondLine], ...] = (
    PaperColumn("number", "序号", 12, lambda line: str(line.number)),
    PaperColumn("name", "姓名", 30, lambda line: line.row.member.name, breaks="after_dot"),
    PaperColumn("home", "组织关系所在支部", 90, lambda line: line.home, "left", "freely"),
    PaperColumn(
        "begins_on", "编入\n时间", 24, lambda line: PartialDate.of(line.row.begins_on).printed
    ),
    PaperColumn(
        "note",
        "备注",
        60,
        lambda line: line.row.note if line.is_known else "",
        "left",
        "freely",
    ),
)


def second_members_of(organization: Organization, asked: Asked) -> ListPaper:
    """Return who belonged to the temporary branches of an organisation and below on the day."""
    standing = standing_under(organization, asked)
    names = {each.organization_id: each.name for each in standing}
    rows = SecondMembership.objects.on(asked.day).visible_to(asked.reader, roles.PRINT)
    found: dict[int, list[SecondMembership]] = {}
    ordered = rows.filter(organization__in=names).order_by("begins_on", "pk")
    for row in ordered.select_related("member__organization"):
        found.setdefault(row.organization_id, []).append(row)
    lines = numbered(
        SecondLine(0, row, may(asked.reader, roles.VIEW, row.member.organization.path))
        for branch in names
        for row in found.get(branch, ())
    )
    return framed(
        PaperTable(COLUMNS, _sections(lines, names)),
        _then(standing, organization),
        asked,
        title="临时党支部党员名册",
        count_line=f"共{len(lines)}人",
        empty="（无临时编入党员）",
    )


def _sections(lines: list[SecondLine], names: dict[int, str]) -> tuple[Section, ...]:
    """The people of each temporary branch under its name of the day."""
    by_branch: dict[int, list[SecondLine]] = {}
    for line in lines:
        by_branch.setdefault(line.row.organization_id, []).append(line)
    if not by_branch:
        return (Section(rows_of(COLUMNS, [])),)
    return tuple(
        Section(rows_of(COLUMNS, people), f"{names[branch]}（{len(people)}人）")
        for branch, people in by_branch.items()
    )


def _then(standing: list[OrganizationPeriod], organization: Organization) -> OrganizationPeriod:
    return next(each for each in standing if each.organization_id == organization.pk)


SECOND_MEMBERS = Paper(
    "second_members",
    "临时党支部党员名册",
    About.ORGANIZATION,
    (PDF, XLSX, HTML),
    second_members_of,
    protected=False,
)
