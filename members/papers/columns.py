"""The columns of 党员花名册, and the texts that stand in them for one person.

The headings and their order are those of the sheets that offices keep by hand. To add a column,
add a line to COLUMNS; widths are shares of the page's 273 mm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from members.models import Member
from members.rules import codes
from registry.calendar import PartialDate
from registry.masks import masked_id_number, masked_phone
from registry.papers.columns import PaperColumn

PROBATIONARY = codes.KINDS[codes.PROBATIONARY].chinese
PARTY_SCHOOL = "party_school"


@dataclass(frozen=True)
class Line:
    """One person on a roster, as he stood on its day as far as the register knows.

    ``known`` is false for somebody who has moved out of the reader's rows since: what others have
    written about him by now is not told.
    """

    number: int
    member: Member
    branch: str
    posts: str
    probationary: bool
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
    number = line.member.id_number or ""
    return number if line.in_full else masked_id_number(number)


def mobile(line: Line) -> str:
    number = line.member.phone or ""
    return number if line.in_full else masked_phone(number)


def office_phone(line: Line) -> str:
    return line.member.office_phone if line.known else ""


def phone(line: Line) -> str:
    """Return the mobile phone, or the office's where there is none."""
    return mobile(line) or office_phone(line)


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


def _name_of(table: dict[str, codes.Entry], code: str) -> str:
    return table[code].chinese if code in table else ""
