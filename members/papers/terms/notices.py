"""换届提醒函 and 换届督办通知: one letter to each organisation, many bound together."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime

from branches.models import Organization
from members.models import Notice, Term
from members.papers.printing import OFFICE_TYPEFACES, Printed, warnings_of
from members.rules import terms
from members.rules.offices import COMMITTEE, DISCIPLINE
from registry.calendar import PartialDate
from registry.models import Action, Entry
from registry.papers.binding import Binding, PdfBinding, ZipBinding
from registry.papers.letters import Letter
from registry.papers.writing import CONTENT_TYPES, DOCX, PDF, write
from registry.sentences import Sentence

FORMS = (PDF, DOCX)
BODIES = {COMMITTEE: "委员会", DISCIPLINE: "纪律检查委员会"}
CALLS = {
    terms.REMINDER: (
        (
            "请按照《中国共产党基层组织选举工作条例》规定，提前做好换届准备工作，及时报送换届请示，"
            "按期完成换届选举。需要延期或者提前换届的，应当报经上级党组织批准，延长期限一般不超过1年。"
        ),
        "特此函告。",
    ),
    terms.URGING: (
        (
            "请抓紧报送换届请示，尽快完成换届选举，并书面说明未按期换届的原因和换届工作安排。"
            "今后应当严格执行任期制度，需要延期换届的，应当在届满前报经上级党组织批准。"
        ),
        "特此通知。",
    ),
}


def letter(notice: Notice) -> Letter:
    """Return an issued notice as it was sent: names and due days are those of its day."""
    day = notice.issued_on
    call, closing = CALLS[notice.kind]
    lines = list(notice.lines.all())
    return Letter(
        title=terms.NOTICES[notice.kind].chinese,
        number_line=f"编号：{notice}",
        addressee=notice.organization.name_on(day),
        paragraphs=(
            "；".join(_term(each.term, each.due_on, notice.kind) for each in lines) + "。",
            call,
        ),
        closing=closing,
        signature=notice.issuer.name_on(day),
        day=day,
    )


def _term(term: Term, due: date, kind: str) -> str:
    began, ends_on = PartialDate.of(term.began_on).written, PartialDate.of(due).written
    years, body = term.years, BODIES[term.body]
    ends = f"将于{ends_on}届满" if kind == terms.REMINDER else f"已于{ends_on}届满"
    late = "" if kind == terms.REMINDER else "，至今未完成换届选举"
    return f"你单位本届{body}自{began}起任职，任期{years}年，{ends}{late}"


def print_notices(
    notices: Sequence[Notice], issuer: Organization, form: str, at: datetime
) -> Printed:
    """Return the letters as one PDF, as a ZIP of files to edit, or one of them as its file; the
    printing is logged with the issuer."""
    letters = [(notice, letter(notice)) for notice in notices]
    files = [
        write(each, form, typefaces=OFFICE_TYPEFACES, printed_at=at) for _notice, each in letters
    ]
    title = letters[0][1].title
    day = letters[0][0].issued_on
    Entry.append(
        Action.PRINT,
        issuer,
        [
            ["paper", "", title],
            ["form", "", form],
            ["as at", "", f"{day}"],
            ["records", "", len(letters)],
        ],
    )
    kind = notices[0].kind
    ending, content = form, files[0]
    if len(files) > 1:
        ending = PDF if form == PDF else "zip"
        content = _bound([notice for notice, _letter in letters], files, title, form, at)
    warnings: list[Sentence] = []
    for _notice, each in letters:
        warnings += [found for found in warnings_of(each) if found not in warnings]
    return Printed(
        data=content,
        title=title,
        file_name=f"{title}（{day:%Y-%m-%d}）.{ending}",
        plain_file_name=f"{kind}-{issuer.code}-{day:%Y-%m-%d}.{ending}",
        content_type=CONTENT_TYPES.get(ending, "application/zip"),
        warnings=tuple(warnings),
    )


def _bound(
    notices: Sequence[Notice], files: Sequence[bytes], title: str, form: str, at: datetime
) -> bytes:
    file = io.BytesIO()
    binding: Binding = PdfBinding(file, title) if form == PDF else ZipBinding(file, at)
    for notice, content in zip(notices, files, strict=True):
        to = notice.organization
        binding.add([f"{notice.number} {to.code} {to}{title}.{form}"], content)
    binding.close()
    return file.getvalue()
