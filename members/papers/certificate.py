"""党员证明信: a letter that says that somebody is a member, for less than six months away."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.rules import roles
from members.models import Certificate, Member
from members.rules import codes
from registry.calendar import PartialDate
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.letters import Letter
from registry.papers.writing import DOCX, PDF

PAPER = "党员证明信"
TITLE = "中国共产党党员证明信"
ANSWERS = ("addressee", "purpose", "away_from", "away_through")


def certificate(member: Member, asked: Asked) -> Letter:
    """Return the certificate of this day and addressee; where there is none yet and it is asked
    for, one is issued.

    Raises ValidationError for a wrong entry, and with every reason why there is none.
    """
    if member.wrong_entry:
        raise ValidationError(_("The entry of %(name)s is marked as wrong.") % {"name": member})
    answers = {name: asked.more[name] for name in ANSWERS if asked.more.get(name)}
    mine = Certificate.objects.visible_to(asked.reader, roles.PRINT)
    found = mine.of(member, asked.day, answers.get("addressee", "")).first()
    if found is None and not asked.may_issue:
        text = _("%(name)s has no certificate of %(day)s. Issue one on the member's page.")
        raise ValidationError(text % {"name": member.name, "day": asked.day})
    if found is None:
        new = Certificate(member=member, **answers)
        found = new.issue(asked.day, by=asked.reader, today=asked.at.date())
    return letter(found, asked)


def letter(issued: Certificate, asked: Asked) -> Letter:
    """Return an issued certificate as it stood on its day; with the ID number in full, or none."""
    day = issued.issued_on
    footer = f"打印：{asked.printed_by}　{asked.at:%Y-%m-%d %H:%M}　含完整身份证号码"
    return Letter(
        title=TITLE,
        number_line=f"编号：{issued}",
        addressee=issued.addressee,
        paragraphs=(_who(issued, in_full=asked.in_full), _why(issued)),
        closing="特此证明。",
        signature=issued.issuer.name_on(day),
        day=day,
        notes=("（本证明信不转移党员组织关系。）",),
        footer=footer if asked.in_full else "",
    )


def _who(issued: Certificate, *, in_full: bool) -> str:
    member, day = issued.member, issued.issued_on
    facts = [
        codes.SEXES[member.sex].chinese if member.sex in codes.SEXES else "",
        codes.ETHNIC_GROUPS.get(member.ethnicity, ""),
        f"{_written(member.born_on)}出生" if member.born_on else "",
        f"公民身份号码{member.id_number}" if in_full and member.id_number else "",
    ]
    known = "，".join(filter(None, facts))
    probationary = member.is_probationary or (
        member.full_member_on and member.full_member_on > PartialDate.of(day)
    )
    person = f"兹证明{member.name}同志{f'（{known}）' if known else ''}"
    sentences = [
        f"{person}系中国共产党{'预备' if probationary else '正式'}党员",
        f"{_written(member.joined_on)}加入中国共产党" if member.joined_on else "",
        f"{_written(member.full_member_on)}转为正式党员"
        if member.full_member_on and not probationary
        else "",
        f"组织关系在{issued.branch.name_on(day)}",
    ]
    return "，".join(filter(None, sentences)) + "。"


def _why(issued: Certificate) -> str:
    reason = f"因{issued.purpose}" if issued.purpose else ""
    first, last = issued.away_from, issued.away_through
    begins = f"自{_day(first)}" if first else ""
    ends = f"至{_day(last)}" if last else ("起" if first else "")
    if not (reason or begins or ends):
        return "请予接洽，并安排该同志参加党的组织生活。"
    return f"该同志{reason}{begins}{ends}在你处，请安排其参加党的组织生活。"


def _day(day: date) -> str:
    return PartialDate.of(day).written


def _written(day: PartialDate | None) -> str:
    return day.written if day else ""


CERTIFICATE = Paper("certificate", PAPER, About.MEMBER, (PDF, DOCX), certificate)
