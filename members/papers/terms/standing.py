"""党组织换届情况一览表 and 党务干部名册."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from branches.models import Organization, OrganizationPeriod
from branches.rules import roles
from members.models import PartyWorker
from members.models.terms.standing import Standing, standing_on
from members.papers.framing import framed, numbered
from members.papers.listed import then_of
from members.papers.officers import FULL_TIME, by_area
from members.papers.organizations import Nearest, code_of, kind_of, standing_under
from members.rules import terms
from members.rules.offices import COMMITTEE
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX

PART_TIME = "兼职"


def _day(day: date | None) -> str:
    return f"{day:%Y.%m.%d}" if day else ""


@dataclass(frozen=True)
class TermLine:
    """One body and its term."""

    number: int
    standing: Standing

    @property
    def term(self) -> Any:
        return self.standing.term


TERM_COLUMNS: tuple[PaperColumn[TermLine], ...] = (
    PaperColumn("number", "序号", 10, lambda line: str(line.number)),
    PaperColumn("code", "党组织代码", 30, lambda line: code_of(line.standing.then)),
    PaperColumn("name", "党组织名称", 88, lambda line: line.standing.then.name, "left", "freely"),
    PaperColumn("kind", "类别", 24, lambda line: kind_of(line.standing.then), breaks="freely"),
    PaperColumn(
        "body", "班子", 20, lambda line: "党委班子" if _leads(line) else "纪委班子", breaks="freely"
    ),
    PaperColumn("began_on", "本届\n起始", 22, lambda line: _day(line.term and line.term.began_on)),
    PaperColumn("years", "任期\n（年）", 13, lambda line: _years(line.term)),
    PaperColumn("due_on", "应换届\n时间", 22, lambda line: _day(line.standing.due)),
    PaperColumn(
        "postponed", "延期", 12, lambda line: "是" if line.standing.is_postponed else ""
    ),
    PaperColumn(
        "state", "换届情况", 32, lambda line: terms.STATES[line.standing.state].chinese,
        breaks="freely",
    ),
)  # fmt: skip


def _years(term: Any) -> str:
    return f"{term.years}" if term and term.years else ""


def _leads(line: TermLine) -> bool:
    return line.standing.body == COMMITTEE


def terms_of(organization: Organization, asked: Asked) -> ListPaper:
    """Return the terms of an organisation and everything below it, as at the day."""
    then = then_of(organization, asked.day)
    standing_under(organization, asked)  # says where there are more than anybody reads
    standing = standing_on(asked.day, asked.reader, organization)
    lines = numbered(TermLine(0, each) for each in standing)
    overdue = sum(each.state == terms.OVERDUE for each in standing)
    return framed(
        PaperTable(TERM_COLUMNS, (Section(rows_of(TERM_COLUMNS, lines)),)),
        then,
        asked,
        title="党组织换届情况一览表",
        count_line=f"共{len(lines)}个班子，逾期未换届{overdue}个",
        empty="（无任期）",
    )


TERMS = Paper(
    "terms",
    "党组织换届情况一览表",
    About.ORGANIZATION,
    (PDF, XLSX, HTML),
    terms_of,
    protected=False,
)


# 党务干部名册


@dataclass(frozen=True)
class WorkerLine:
    """One Party worker, and where."""

    number: int
    worker: PartyWorker
    then: OrganizationPeriod
    unit: str
    name: str


WORKER_COLUMNS: tuple[PaperColumn[WorkerLine], ...] = (
    PaperColumn("number", "序号", 10, lambda line: str(line.number)),
    PaperColumn("unit", "单位", 44, lambda line: line.unit, "left", "freely"),
    PaperColumn(
        "organization",
        "党组织",
        54,
        lambda line: line.then.short_name or line.then.name,
        "left",
        "freely",
    ),
    PaperColumn("name", "姓名", 22, lambda line: line.name, breaks="after_dot"),
    PaperColumn(
        "full_time", "专/兼职", 16, lambda line: FULL_TIME if line.worker.full_time else PART_TIME
    ),
    PaperColumn("worker_from", "任职\n时间", 22, lambda line: _day(line.worker.worker_from)),
    PaperColumn(
        "certificate", "证书编号", 30, lambda line: line.worker.certificate_number, breaks="freely"
    ),
    PaperColumn("certified_on", "持证\n时间", 22, lambda line: _day(line.worker.certified_on)),
    PaperColumn("trained_on", "最近\n培训", 22, lambda line: _day(line.worker.trained_on)),
    PaperColumn("phone", "联系电话", 31, lambda line: line.worker.phone, breaks="freely"),
)


def workers_of(organization: Organization, asked: Asked) -> ListPaper:
    """Return the Party workers of an organisation and everything below it, by area and unit."""
    standing = standing_under(organization, asked)
    nearest = Nearest(standing, asked)
    by_organization: dict[int, list[PartyWorker]] = {}
    rows = PartyWorker.objects.on(asked.day).visible_to(asked.reader, roles.PRINT)
    keys = [each.organization_id for each in standing]
    for worker in rows.filter(organization__in=keys).select_related("member__organization"):
        by_organization.setdefault(worker.organization_id, []).append(worker)
    lines = [
        WorkerLine(0, worker, then, nearest.unit(then.path), worker.holder)
        for then in standing
        for worker in by_organization.get(then.organization_id, ())
    ]
    lines, sections = by_area(lines, WORKER_COLUMNS, nearest, standing)
    full_time = sum(line.worker.full_time for line in lines)
    return framed(
        PaperTable(WORKER_COLUMNS, sections),
        next(each for each in standing if each.organization_id == organization.pk),
        asked,
        title="党务干部名册",
        count_line=f"共{len(lines)}人，其中专职{full_time}人",
    )


WORKERS = Paper(
    "party_workers",
    "党务干部名册",
    About.ORGANIZATION,
    (PDF, XLSX, HTML),
    workers_of,
    protected=False,
)
