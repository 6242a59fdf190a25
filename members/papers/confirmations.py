"""未确认名单: which branches have not confirmed their rosters, to be reminded."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.models import Organization, OrganizationPeriod
from members.models import Confirmation, ConfirmationRound
from members.papers.framing import framed, numbered
from members.papers.listed import MOST, then_of
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX

NOT_YET, WRONG = "未核对", "反映有误"


@dataclass(frozen=True)
class Line:
    """One branch that has not confirmed, as it was on the day of the rosters."""

    number: int
    then: OrganizationPeriod
    said: Confirmation | None


COLUMNS: tuple[PaperColumn[Line], ...] = (
    PaperColumn("number", "序号", 10, lambda line: str(line.number)),
    PaperColumn("code", "党组织代码", 30, lambda line: line.then.organization.code),
    PaperColumn("name", "党支部", 70, lambda line: line.then.name, "left", "freely"),
    PaperColumn(
        "parent",
        "上级党组织",
        60,
        lambda line: f"{line.then.parent or ''}",
        "left",
        "freely",
    ),
    PaperColumn("state", "情况", 20, lambda line: WRONG if line.said else NOT_YET),
    PaperColumn(
        "remark", "说明", 40, lambda line: line.said.remark if line.said else "", "left", "freely"
    ),
    PaperColumn("contact", "联系人", 20, lambda line: line.then.organization.contact),
    PaperColumn(
        "phone", "联系电话", 30, lambda line: line.then.organization.phone, breaks="freely"
    ),
)


def unconfirmed(organization: Organization, asked: Asked) -> ListPaper:
    """Return the branches that have not confirmed in the last round that an organisation had
    opened by the day; where it had opened none, a list of nobody that says so."""
    then = then_of(organization, asked.day)
    rounds = ConfirmationRound.objects.filter(organization=organization, opened_on__lte=asked.day)
    opened = rounds.order_by("opened_on", "pk").last()
    lines = _lines(opened, organization) if opened else []
    called, count_line, empty = "", "", "（尚未开展名册核对）"
    if opened:
        called, empty = f"（{opened.name}）", "（已全部确认）"
        count_line = (
            f"应核对{opened.asked().count()}个党支部，未确认{len(lines)}个"
            f"（核对截止{opened.last_day:%Y.%m.%d}）"
        )
    return framed(
        PaperTable(COLUMNS, (Section(rows_of(COLUMNS, lines)),)),
        then,
        asked,
        title=f"党员名册核对{called}未确认名单",
        count_line=count_line,
        empty=empty,
    )


def _lines(opened: ConfirmationRound, organization: Organization) -> list[Line]:
    rows = list(opened.open_branches().select_related("organization", "parent")[: MOST + 1])
    if len(rows) > MOST:
        text = _("More than %(most)s organisations stand at %(name)s. Choose one below it.")
        raise ValidationError({"organization": text % {"name": organization, "most": MOST}})
    said = {each.organization_id: each for each in opened.confirmations.filter(right=False)}
    return numbered(Line(0, each, said.get(each.organization_id)) for each in rows)


UNCONFIRMED = Paper(
    "unconfirmed",
    "党员名册核对未确认名单",
    About.ORGANIZATION,
    (PDF, XLSX, HTML),
    unconfirmed,
    protected=False,
)
