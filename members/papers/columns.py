"""The columns of 党员花名册, and the texts that stand in them for one person.

The headings and their order are those of the sheets that offices keep by hand. To add a column,
add a line to COLUMNS; widths are shares of the page's 273 mm. FURTHER are those that a layout may
have beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from members.models import Member
from members.rules import codes
from registry.calendar import PartialDate
from registry.masks import masked_address, masked_id_number, masked_phone
from registry.papers.columns import PaperColumn

PROBATIONARY = codes.KINDS[codes.PROBATIONARY].chinese
PARTY_SCHOOL = "party_school"
OWN_COLUMN = "own:"  # before the name of an own field
# The sealed column of the register that a column opens; the others stay closed.
OPENS = {
    "id_number": "id_number",
    "phone": "phone",
    "mobile": "phone",
    "address": "address",
    OWN_COLUMN: "own_sealed",
}


@dataclass(frozen=True)
class Line:
    """One person on a roster, as he stood on its day as far as the register knows.

    ``known`` is false for somebody who has moved out of the reader's rows since: what others have
    written about him by now is not told.
    """

    number: int
    member: Member
    day: date
    branch_key: int
    branch: str
    posts: str
    probationary: bool
    since: date  # in this branch
    known: bool = True
    in_full: bool = False


def printed(day: PartialDate | None) -> str:
    return day.printed if day else ""


def year_and_month(day: PartialDate | None) -> str:
    """Return 1985.06 for the column 出生年月, also where the register knows the day."""
    return replace(day, day=0).printed if day else ""


def education(line: Line) -> str:
    """Return the education; one of a Party school is always called so (党校研究生)."""
    name = codes.EDUCATION.get(line.member.education, "")
    at_party_school = line.member.education_channel == PARTY_SCHOOL
    return f"党校{name}" if name and at_party_school else name


def job(line: Line) -> str:
    """Return unit and post, which are one field of the register; else the unit alone."""
    member = line.member
    if not line.known:
        return ""
    return member.job_title or (member.unit.name if member.unit else member.employer)


def full_member_on(line: Line) -> str:
    return "" if line.probationary else printed(line.member.full_member_on)


def id_number(line: Line) -> str:
    return _sealed(line, line.member.id_number, masked_id_number)


def phone(line: Line) -> str:
    """Return the mobile phone, or the office's where there is none."""
    member = line.member
    if not member.phone:
        return member.office_phone if line.known else ""
    return _sealed(line, member.phone, masked_phone)


def note(line: Line) -> str:
    """Return what the clerk has noted; a probationary member is always called so."""
    parts = [PROBATIONARY if line.probationary else "", line.member.note if line.known else ""]
    return "；".join(part for part in parts if part)


COLUMNS: tuple[PaperColumn[Line], ...] = (
    PaperColumn("number", "序号", 8, lambda line: str(line.number)),
    PaperColumn("name", "姓名", 16, lambda line: line.member.name, breaks="after_dot"),
    PaperColumn("sex", "性别", 8, lambda line: _name_of(codes.SEXES, line.member.sex)),
    PaperColumn(
        "ethnicity",
        "民族",
        13,
        lambda line: codes.ETHNIC_GROUPS.get(line.member.ethnicity, ""),
        breaks="freely",
    ),
    PaperColumn("native_place", "籍贯", 15, lambda line: line.member.native_place, breaks="freely"),
    PaperColumn("born_on", "出生\n年月", 15, lambda line: year_and_month(line.member.born_on)),
    PaperColumn("education", "文化\n程度", 16, education, breaks="freely"),
    PaperColumn(
        "work_began_on", "参加工\n作时间", 18, lambda line: printed(line.member.work_began_on)
    ),
    PaperColumn("joined_on", "入党\n时间", 18, lambda line: printed(line.member.joined_on)),
    PaperColumn("full_member_on", "转正\n时间", 18, full_member_on),
    PaperColumn("job", "单位及职务", 40, job, "left", "freely"),
    PaperColumn("posts", "党内职务", 18, lambda line: line.posts, breaks="freely"),
    PaperColumn("id_number", "身份证号码", 34, id_number),
    PaperColumn("phone", "联系电话", 21, phone),
    PaperColumn("note", "备注", 15, note, breaks="freely"),
)
BRANCH = PaperColumn[Line]("branch", "所在党支部", 24, lambda line: line.branch, breaks="freely")
# On the roster of a committee, where people of several branches stand one below the other.
COLUMNS_WITH_BRANCH = (COLUMNS[0], BRANCH, *COLUMNS[1:])


def age(line: Line) -> str:
    years = line.member.age(line.day)
    return "" if years is None else str(years)


def party_age(line: Line) -> str:
    """Return the Party age of the day in years, as rosters have it; months in the first one."""
    years, months = line.member.party_age(line.day) or (None, None)
    if years is None:
        return ""
    return f"{years}年" if years else f"{months}个月"


def employer(line: Line) -> str:
    member = line.member
    return member.unit.name if member.unit else member.employer


FURTHER: tuple[PaperColumn[Line], ...] = (
    BRANCH,
    PaperColumn(
        "party_group",
        "党小组",
        18,
        lambda line: _now(line, line.member.party_group),
        breaks="freely",
    ),
    PaperColumn("age", "年龄", 8, age),
    PaperColumn("birthday", "出生日期", 18, lambda line: printed(line.member.born_on)),
    PaperColumn("party_age", "党龄", 12, party_age),
    PaperColumn(
        "kind",
        "党员类别",
        16,
        lambda line: PROBATIONARY if line.probationary else codes.KINDS[codes.FULL].chinese,
        breaks="freely",
    ),
    PaperColumn(
        "category",
        "人员类别",
        18,
        lambda line: _now(line, _name_of(codes.CATEGORIES, line.member.category)),
        breaks="freely",
    ),
    PaperColumn(
        "degree",
        "学位",
        14,
        lambda line: _name_of(codes.DEGREES, line.member.degree),
        breaks="freely",
    ),
    PaperColumn(
        "employer", "工作单位", 36, lambda line: _now(line, employer(line)), "left", "freely"
    ),
    PaperColumn(
        "job_title", "职务", 32, lambda line: _now(line, line.member.job_title), "left", "freely"
    ),
    PaperColumn("rank", "职级", 18, lambda line: _now(line, line.member.rank), breaks="freely"),
    PaperColumn("leading_cadre", "领导\n干部", 9, lambda line: _yes(line, "leading_cadre")),
    PaperColumn("since", "进入本支\n部时间", 18, lambda line: f"{line.since:%Y.%m.%d}"),
    PaperColumn("sponsors", "入党\n介绍人", 18, lambda line: line.member.sponsors, breaks="freely"),
    PaperColumn(
        "joined_in", "入党时所在党支部", 30, lambda line: line.member.joined_in, "left", "freely"
    ),
    PaperColumn(
        "file_kept_at",
        "档案存放地",
        28,
        lambda line: _now(line, line.member.file_kept_at),
        "left",
        "freely",
    ),
    PaperColumn("floating", "流动\n党员", 9, lambda line: _yes(line, "floating")),
    PaperColumn(
        "floating_to",
        "流向",
        24,
        lambda line: _now(line, line.member.floating_to),
        "left",
        "freely",
    ),
    PaperColumn(
        "lost_contact_since",
        "失去联\n系时间",
        18,
        lambda line: _now(line, printed(line.member.lost_contact_since)),
    ),
    PaperColumn("hardship", "困难\n党员", 9, lambda line: _yes(line, "hardship")),
    PaperColumn("office_phone", "办公电话", 22, lambda line: _now(line, line.member.office_phone)),
    PaperColumn(
        "mobile", "手机号码", 21, lambda line: _sealed(line, line.member.phone, masked_phone)
    ),
    PaperColumn(
        "address",
        "家庭住址",
        40,
        lambda line: _sealed(line, line.member.address, masked_address),
        "left",
        "freely",
    ),
    PaperColumn("member_number", "登记编号", 22, lambda line: line.member.number),
    PaperColumn("staff_number", "工作证号", 20, lambda line: _now(line, line.member.staff_number)),
)


def own_column(name: str) -> PaperColumn[Line]:
    """Return the column of an own field of the office."""

    def value(line: Line) -> str:
        return _now(line, line.member.own.get(name, ""))

    return PaperColumn(OWN_COLUMN + name, name, 20, value, breaks="freely")


def columns_offered(own_names: Iterable[str]) -> dict[str, PaperColumn[Line]]:
    """Return every column that a layout may have, by its key."""
    offered = (*COLUMNS, *FURTHER, *map(own_column, own_names))
    return {column.key: column for column in offered}


def unopened(columns: Iterable[PaperColumn[Any]]) -> list[str]:
    """Return the sealed columns of the register that need not be opened for these columns."""
    opened = {
        OPENS[key]
        for column in columns
        if (key := OWN_COLUMN if column.key.startswith(OWN_COLUMN) else column.key) in OPENS
    }
    return [field for field in set(OPENS.values()) if field not in opened]


def openness(columns: Iterable[PaperColumn[Any]], lines: Iterable[Line], *, in_full: bool) -> str:
    """Say at the foot of a paper which values are masked or stand in full; nothing for none."""
    sealed = "、".join(each.heading.replace("\n", "") for each in columns if each.key in OPENS)
    if not sealed:
        return ""
    if not in_full:
        return f"{sealed}部分隐藏"
    # Whoever is known by name only has no record.
    hidden = sum(not line.in_full for line in lines if line.member.pk)
    return f"含完整{sealed}" + (f"（已转走{hidden}人除外）" if hidden else "")


def _name_of(table: dict[str, codes.Entry], code: str) -> str:
    return table[code].chinese if code in table else ""


def _now(line: Line, value: Any) -> str:
    """Return what was written of late, which is not told of somebody who has moved out."""
    return str(value) if line.known and value else ""


def _yes(line: Line, field: str) -> str:
    return _now(line, "是" if getattr(line.member, field) else "")


def _sealed(line: Line, value: str | None, mask: Callable[[str], str]) -> str:
    return (value or "") if line.in_full else mask(value or "")
