"""党员基本信息采集表: what the register knows of a person, in boxes, one page for each.

After the items of the national collection of member information (2017) and the columns of this
register. An item that nobody knows is an empty box, to be filled in by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.models import Organization
from branches.rules import tree
from members.models import Member, Office, OwnField
from members.models.own_fields import IN_ORDER
from members.papers.columns import Line, education, full_member_on, id_number, printed
from members.papers.listed import roster_of
from members.rules import codes, placements
from registry.calendar import PartialDate
from registry.masks import masked_address, masked_phone
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.letters import width
from registry.papers.typefaces import VENDORED, Typefaces
from registry.papers.writing import PDF

PAPER = "党员基本信息采集表"
MOST = 300  # pages of one document
# Of the template: em that fit into a box, and heights in millimetres.
LABEL_ROOM, VALUE_ROOM, WIDE_ROOM = 7.0, 15.0, 39.0
LEAST_HEIGHT, LINE_HEIGHT, TABLE_HEIGHT = 8.8, 5.2, 225.0
SIGN_OFF = ("本人签字：", "党支部书记签字：", "日期：　　　年　　月　　日")


@dataclass(frozen=True)
class Person:
    """Somebody as a form shows him: on a day, with the own fields that hold for him."""

    line: Line
    day: date
    own_fields: tuple[str, ...] = ()

    @property
    def member(self) -> Member:
        return self.line.member


@dataclass(frozen=True)
class Box:
    """One item: its label, and what stands in the box beside it.

    ``near`` is what only those are told who keep the record now: somebody who has moved on since
    has an empty box there.
    """

    label: str
    value: Callable[[Person], str]
    near: bool = True

    def text(self, person: Person) -> str:
        return "" if self.near and not person.line.known else self.value(person)


def of(column: str) -> Callable[[Person], str]:
    """Return what reads a column of the record as it is written."""
    return lambda person: f"{getattr(person.member, column) or ''}"


def named(table: Mapping[str, codes.Entry], column: str) -> Callable[[Person], str]:
    """Return what reads a column that holds a code of ``table``."""

    def name(person: Person) -> str:
        entry = table.get(getattr(person.member, column))
        return entry.chinese if entry else ""

    return name


def employer(person: Person) -> str:
    return person.member.unit.name if person.member.unit else person.member.employer


def party_age(person: Person) -> str:
    """Return the Party age in years and months: 14年5个月; none before full membership."""
    member = person.member
    if person.line.probationary or not (age := member.party_age(person.day)) or min(age) < 0:
        return ""
    years, months = age
    return f"{years}年{f'{months}个月' if months else ''}"


def state(person: Person) -> str:
    """Return 党籍状态: 正常, or how and when the membership ended here."""
    member = person.member
    gone = member.left_on or member.suspended_on
    if not gone or gone > person.day:
        return "正常"
    reason = placements.LEAVING_REASONS.get(member.leaving_reason)
    return f"{reason.chinese if reason else ''}（{PartialDate.of(gone).printed}）"


def floating(person: Person) -> str:
    where = person.member.floating_to
    return f"是{f'（{where}）' if where else ''}" if person.member.floating else "否"


def lost_contact(person: Person) -> str:
    since = person.member.lost_contact_since
    return f"是（{since.printed}起）" if since and since.first_day <= person.day else "否"


def phone(person: Person) -> str:
    number = person.member.phone or ""
    return number if person.line.in_full else masked_phone(number)


def address(person: Person) -> str:
    place = person.member.address or ""
    return place if person.line.in_full else masked_address(place)


# One row each: a box across the page, or two beside each other.
ROWS: tuple[tuple[Box, ...], ...] = (
    (
        Box("姓名", of("name"), near=False),
        Box("性别", named(codes.SEXES, "sex"), near=False),
    ),
    (
        Box("公民身份号码", lambda person: id_number(person.line), near=False),
        Box(
            "民族",
            lambda person: codes.ETHNIC_GROUPS.get(person.member.ethnicity, ""),
            near=False,
        ),
    ),
    (
        Box("出生日期", lambda person: printed(person.member.born_on), near=False),
        Box("籍贯", of("native_place"), near=False),
    ),
    (
        Box("学历", lambda person: education(person.line), near=False),
        Box("学位", named(codes.DEGREES, "degree")),
    ),
    (
        Box("教育类别", named(codes.EDUCATION_CHANNELS, "education_channel")),
        Box("参加工作时间", lambda person: printed(person.member.work_began_on), near=False),
    ),
    (Box("工作单位", employer),),
    (Box("单位及职务", of("job_title")),),
    (Box("职级", of("rank")), Box("人员身份", named(codes.CATEGORIES, "category"))),
    (
        Box("领导干部", lambda person: "是" if person.member.leading_cadre else "否"),
        Box("工作证号", of("staff_number")),
    ),
    (
        Box(
            "人员类别",
            lambda person: (
                codes.KINDS[codes.PROBATIONARY if person.line.probationary else codes.FULL].chinese
            ),
            near=False,
        ),
        Box("党籍状态", state),
    ),
    (
        Box("入党时间", lambda person: printed(person.member.joined_on), near=False),
        Box("转正时间", lambda person: full_member_on(person.line), near=False),
    ),
    (Box("党龄", party_age, near=False), Box("入党介绍人", of("sponsors"))),
    (Box("入党时所在支部", of("joined_in")),),
    (Box("所在党支部", lambda person: person.line.branch, near=False),),
    (
        Box("所在党小组", of("party_group")),
        Box("党内职务", lambda person: person.line.posts, near=False),
    ),
    (Box("人事档案存放处", of("file_kept_at")),),
    (Box("流动党员", floating), Box("失去联系", lost_contact)),
    (
        Box("困难党员", lambda person: "是" if person.member.hardship else "否"),
        Box("登记编号", of("number"), near=False),
    ),
    (Box("手机号码", phone, near=False), Box("办公电话", of("office_phone"))),
    (Box("家庭住址", address),),
)
NOTE = (Box("备注", of("note")),)

Filled = tuple[tuple[tuple[str, str], ...], ...]  # rows of boxes: label and text


def filled(person: Person) -> Filled:
    """Return the boxes of a person: the register's, the office's own two in a row, the note."""
    own = [Box(name, _own_value(name)) for name in person.own_fields]
    pairs = tuple(tuple(own[at : at + 2]) for at in range(0, len(own), 2))
    return tuple(
        tuple((box.label, box.text(person)) for box in row) for row in (*ROWS, *pairs, NOTE)
    )


def _own_value(name: str) -> Callable[[Person], str]:
    return lambda person: person.member.own.get(name, "")


@dataclass(frozen=True)
class MemberForms:
    """The forms of one person or of many, one page each."""

    title: str
    unit_line: str
    day: str
    sheets: tuple[Filled, ...]
    footer: str

    template: ClassVar[str] = "member_form"

    @property
    def count(self) -> int:
        """How many people are on it."""
        return len(self.sheets)

    def texts(self) -> Iterator[str]:
        """Every text that is printed, for ``glyphs.missing_glyphs``."""
        yield from (self.title, PAPER, self.unit_line, self.day, self.footer, *SIGN_OFF)
        for sheet in self.sheets:
            for row in sheet:
                for box in row:
                    yield from box

    def data(self, typefaces: Typefaces = VENDORED) -> dict[str, Any]:
        """Return what ``templates/papers/member_form.typ`` reads; Typst measures it itself."""
        return {
            "title": PAPER,
            "unit_line": self.unit_line,
            "day": self.day,
            "sheets": [{"rows": rows, "crowded": is_crowded(rows)} for rows in self.sheets],
            "signoff": SIGN_OFF,
            "empty": "（无人员）",
            "footer": self.footer,
        }


def is_crowded(rows: Filled) -> bool:
    """Return whether a page may be too short for the boxes at their full size.

    Judged roughly and on the safe side; the template measures, which is dear, only such a page.
    """
    height = 0.0
    for row in rows:
        room = VALUE_ROOM if len(row) > 1 else WIDE_ROOM
        lines = max(
            max(width(label) / LABEL_ROOM, width(text) / room + text.count("\n"))
            for label, text in row
        )
        height += max(LEAST_HEIGHT, LINE_HEIGHT * ceil(lines) + 3)
    return height > TABLE_HEIGHT


def form_of_member(member: Member, asked: Asked) -> MemberForms:
    """Return the form of one member; raise ValidationError for a wrong entry."""
    if member.wrong_entry:
        raise ValidationError(_("The entry of %(name)s is marked as wrong.") % {"name": member})
    stay = member.placements.on(asked.day).select_related("organization").first()
    branch = stay.organization if stay else member.organization
    then = branch.on(asked.day) or branch
    posts = Office.objects.on(asked.day).called([member.pk], asked.day)
    full_since = member.full_member_on
    line = Line(
        number=1,
        member=member,
        day=asked.day,
        branch_key=branch.pk,
        branch=then.short_name or then.name,
        posts="、".join(posts[member.pk, branch.pk]),
        probationary=member.is_probationary
        or bool(full_since and full_since > PartialDate.of(asked.day)),
        since=stay.placed_from if stay else asked.day,
        in_full=asked.in_full,
    )
    return _forms(f"{member.name}{PAPER}", then.name, member.organization, [line], asked)


def forms_of_organization(organization: Organization, asked: Asked) -> MemberForms:
    """Return the forms of all who belonged to ``organization`` on the day, in roster order.

    Raises ValidationError for a day on which it did not stand, and for more people than pages.
    """
    roster = roster_of(organization, asked.day, asked.reader)
    if roster.count > MOST:
        text = _("%(name)s has %(count)s people; at most %(most)s forms are printed at once.")
        more = _("Choose an organisation below it.")
        words = {"name": organization, "count": roster.count, "most": MOST}
        raise ValidationError({"organization": f"{text % words} {more}"})
    lines = roster.lines(in_full=asked.in_full)
    records = Member.objects.select_related("unit", "party_group", "organization")
    whole = records.in_bulk([line.member.pk for line in lines])
    lines = [replace(line, member=whole[line.member.pk]) for line in lines]
    title = f"{roster.then.short_name or roster.then.name}{PAPER}"
    return _forms(title, roster.then.name, organization, lines, asked)


def _forms(
    title: str, unit: str, organization: Organization, lines: Iterable[Line], asked: Asked
) -> MemberForms:
    kept = OwnField.objects.visible_to(asked.reader).for_anybody_under(organization.path)
    own_fields = list(kept.select_related("organization").order_by(*IN_ORDER))
    people = [
        Person(line, asked.day, _names_for(line.member.organization.path, own_fields))
        for line in lines
    ]
    protected = "身份证号码、手机号码、住址"
    shown = f"含完整{protected}" if asked.in_full else f"{protected}部分隐藏"
    return MemberForms(
        title=title,
        unit_line=f"党组织：{unit}",
        day=f"{asked.day.year}年{asked.day.month}月{asked.day.day}日",
        sheets=tuple(filled(person) for person in people),
        footer=f"打印：{asked.printed_by}　{asked.at:%Y-%m-%d %H:%M}　{shown}",
    )


def _names_for(path: str, own_fields: Iterable[OwnField]) -> tuple[str, ...]:
    """Return the names of those own fields that hold at ``path``, each once."""
    holding = (each for each in own_fields if tree.stands_under(path, each.organization.path))
    return tuple(dict.fromkeys(each.name for each in holding))


MEMBER_FORM = Paper("member_form", PAPER, About.MEMBER, (PDF,), form_of_member)
MEMBER_FORMS = Paper(
    "member_forms", f"{PAPER}（逐人）", About.ORGANIZATION, (PDF,), forms_of_organization
)
