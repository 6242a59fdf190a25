"""组织关系转接登记表: who went and who came in a period, with the columns that offices keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, may
from branches.rules import roles
from members.models import Transfer, choices
from members.models.transfers.policies import Reach, reach_of
from members.papers.framing import framed, numbered
from members.papers.listed import MOST, then_of
from members.rules import codes, transfers
from registry.forms import DayField
from registry.masks import masked_phone
from registry.papers.catalogue import About, Asked, Paper, Questions
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX

TITLE = "组织关系转接登记表"


class Period(Questions):
    first = DayField(label=_("from"))
    direction = forms.ChoiceField(
        label=_("direction"), choices=lambda: [("", _now("both")), *choices.transfer_directions()],
        required=False,
    )  # fmt: skip

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"first": day.replace(month=1, day=1), "direction": ""}


@dataclass(frozen=True)
class Line:
    """One transfer, as far as it had come on ``day``."""

    number: int
    transfer: Transfer
    day: date
    known: bool
    name: str
    phone: str
    reach: Reach

    @property
    def office(self) -> Organization | None:
        """The committee whose letter it is: its address stands on the line."""
        issuer: Organization | None = self.transfer.issuer
        return issuer

    @property
    def staff_number(self) -> str:
        member = self.transfer.member
        return member.staff_number if member and self.known else ""

    @property
    def has_receipt(self) -> str:
        if not transfers.KINDS[self.transfer.kind].has_letter:
            return ""
        received = self.transfer.receipt_on
        return "有" if received and received <= self.day else "无"

    @property
    def note(self) -> str:
        """The kind, the number, and how it ended otherwise."""
        it = self.transfer
        kind = "" if it.kind == transfers.LETTER else transfers.KINDS[it.kind].chinese
        number = str(it) if it.number else it.document
        ended = ""
        if it.closed_on and it.closed_on <= self.day and it.ending != transfers.COMPLETE:
            ended = transfers.STATES[it.ending].chinese
        return " ".join(filter(None, (kind, number, ended)))


def _kind(line: Line) -> str:
    person = line.transfer.person
    kind = person.kind if person else ""
    return "预备" if kind == codes.PROBATIONARY else "正式"


def _of_office(line: Line, field: str) -> str:
    return str(getattr(line.office, field, "") or "")


def _month(month: date | None) -> str:
    return f"{month:%Y.%m}" if month else ""


COLUMNS: tuple[PaperColumn[Line], ...] = (
    PaperColumn("number", "序号", 8, lambda line: str(line.number)),
    PaperColumn("staff_number", "工作证号", 14, lambda line: line.staff_number, breaks="freely"),
    PaperColumn("name", "姓名", 16, lambda line: line.name, breaks="after_dot"),
    PaperColumn("kind", "类别", 9, _kind),
    PaperColumn("phone", "党员本人\n联系电话", 23, lambda line: line.phone),
    PaperColumn(
        "addressee", "转入单位\n抬头", 24, lambda line: line.transfer.addressee, "left", "freely"
    ),
    PaperColumn("to", "转入单位", 26, lambda line: line.transfer.destination, "left", "freely"),
    PaperColumn("from", "转出单位", 26, lambda line: line.transfer.origin, "left", "freely"),
    PaperColumn(
        "office_address", "转出单位\n地址", 20, lambda line: _of_office(line, "address"), "left",
        "freely",
    ),
    PaperColumn("office_phone", "转出单位\n联系电话", 24, lambda line: _of_office(line, "phone")),
    PaperColumn("fax", "转出单位\n传真", 24, lambda line: line.reach.fax),
    PaperColumn("postcode", "转出单位\n邮编", 12, lambda line: line.reach.postcode),
    PaperColumn("paid_to", "党费缴纳\n至年月", 14, lambda line: _month(line.transfer.paid_to)),
    PaperColumn(
        "validity", "介绍信有\n效期天数", 11,
        lambda line: f"{line.transfer.validity_days or ''}", "right",
    ),
    PaperColumn("begun_on", "办理时间", 18, lambda line: f"{line.transfer.begun_on:%Y.%m.%d}"),
    PaperColumn("receipt", "是否\n有回执", 9, lambda line: line.has_receipt),
    PaperColumn("note", "备注", 21, lambda line: line.note, breaks="freely"),
)  # fmt: skip


def register_of(organization: Organization, asked: Asked) -> ListPaper:
    """Return the transfers that began in the period up to the day, out of an organisation or into
    it, everything below included. Raises ValidationError for a period that ends before it begins,
    and for more than anybody reads."""
    answers = asked.answers(Period)
    first, last = answers["first"], asked.day
    then = then_of(organization, last)
    if first > last:
        text = _now("The period ends on %(last)s, before it begins on %(first)s. Check both days.")
        raise ValidationError({"first": text % {"first": first, "last": last}})
    rows = Transfer.objects.visible_to(asked.reader, roles.PRINT)
    under = {"": rows.under, transfers.OUT: rows.out_of, transfers.IN: rows.into}
    found = under[answers["direction"]](organization).filter(
        begun_on__gte=first, begun_on__lte=last
    )
    if found[: MOST + 1].count() > MOST:
        text = _now("More than %(most)s transfers began then. Choose a shorter period.")
        raise ValidationError({"first": text % {"most": MOST}})
    reaches: dict[int | None, Reach] = {None: Reach()}
    lines = []
    for transfer in found.with_people().order_by("begun_on", "pk"):
        if transfer.issuer and transfer.issuer_id not in reaches:
            reaches[transfer.issuer_id] = reach_of(transfer.issuer, last)
        lines.append(_line(transfer, asked, reaches[transfer.issuer_id]))
    sections, counts = [], []
    for direction in transfers.DIRECTIONS.values():
        some = numbered(each for each in lines if each.transfer.direction == direction.code)
        counts.append(f"{direction.chinese}{len(some)}人")
        if some:
            sections.append(Section(rows_of(COLUMNS, some), direction.chinese))
    return framed(
        PaperTable(COLUMNS, tuple(sections)),
        then,
        asked,
        title=TITLE,
        count_line=f"{first:%Y.%m.%d}—{last:%Y.%m.%d}　{'，'.join(counts)}",
        empty="（无转接）",
        size=8.5,
    )


def _line(transfer: Transfer, asked: Asked, reach: Reach) -> Line:
    person, known = transfer.person, transfer.is_known_to(asked.reader)
    phone = (person.phone or "") if person and known else ""
    if not _may_open(transfer, asked):
        phone = masked_phone(phone)
    name = transfer.name_for(asked.reader)
    return Line(0, transfer, asked.day, known, name, phone, reach)


def _may_open(transfer: Transfer, asked: Asked) -> bool:
    """Whether the phone stands in full: where that is asked, of those who are in one's rows now."""
    member = transfer.member
    at = member.organization if member else transfer.to_organization
    return asked.in_full and at is not None and may(asked.reader, roles.EXPORT_FULL, at.path)


REGISTER = Paper("transfers", TITLE, About.ORGANIZATION, (PDF, XLSX, HTML), register_of, Period)
