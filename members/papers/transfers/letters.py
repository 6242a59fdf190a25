"""中国共产党党员组织关系介绍信: stub, letter and receipt on one page, many in one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now

from branches.models import Organization
from members.models import Transfer
from members.models.transfers.policies import Reach, reach_of
from members.papers.printing import OFFICE_TYPEFACES, Printed, warnings_of
from members.rules import codes
from members.rules.capitals import month_in_capitals, number_in_capitals
from registry.calendar import PartialDate, age_on
from registry.models import Action, Entry
from registry.papers.catalogue import Asked
from registry.papers.typefaces import VENDORED, Typefaces
from registry.papers.writing import CONTENT_TYPES, PDF, write

TITLE = "中国共产党党员组织关系介绍信"
PARTS = ("第一联", "第二联", "第三联")
SEXES = ("男", "女")
KINDS = ("预备", "正式")
BESIDE = "（由原党组织存查，回执联贴于本联）"
KEPT = {PARTS[0]: BESIDE, PARTS[1]: "（由接收党组织留存）", PARTS[2]: "（接收后一个月内寄回）"}


@dataclass(frozen=True)
class LetterTexts:
    """What is written into one letter; an empty text is a line to write on by hand.

    Of two options the other one is struck out; where it is not known, both stand.
    """

    year: str
    number: str
    addressee: str
    name: str
    sex: str
    age: str
    ethnicity: str
    kind: str
    id_number: str
    origin: str
    destination: str
    paid_year: str
    paid_month: str
    validity: str
    seal: str
    day: str
    phone: str
    address: str
    office_phone: str
    fax: str
    postcode: str


@dataclass(frozen=True)
class TransferLetters:
    """Letters, each on a page of its own."""

    title: str
    letters: tuple[LetterTexts, ...]
    footer: str = ""

    template: ClassVar[str] = "transfer_letter"

    @property
    def count(self) -> int:
        return len(self.letters)

    def texts(self) -> Iterator[str]:
        """Every text that is printed, for ``glyphs.missing_glyphs``."""
        yield from (TITLE, self.footer, *PARTS, *KEPT.values(), *SEXES, *KINDS)
        for letter in self.letters:
            for each in fields(letter):
                yield getattr(letter, each.name)

    def data(self, typefaces: Typefaces = VENDORED) -> dict[str, Any]:
        """Return what ``templates/papers/transfer_letter.typ`` reads; Typst measures it itself."""
        return {
            "document": self.title,
            "title": TITLE,
            "parts": [[part, KEPT[part]] for part in PARTS],
            "sexes": SEXES,
            "kinds": KINDS,
            "letters": [
                {each.name: getattr(letter, each.name) for each in fields(letter)}
                for letter in self.letters
            ],
            "footer": self.footer,
        }


def texts_of(transfer: Transfer, *, in_full: bool) -> LetterTexts:
    """Return what stands on an issued letter, as on its day; ID number and phone only in full.

    Raises ValidationError where no letter was issued.
    """
    member, issuer, day = transfer.member, transfer.issuer, transfer.issued_on
    if member is None or issuer is None or day is None or transfer.number is None:
        text = _now("No letter of %(name)s was issued yet. Issue it first.")
        raise ValidationError(text % {"name": transfer.name})
    later = member.full_member_on and member.full_member_on > PartialDate.of(day)
    paid = month_in_capitals(transfer.paid_to)[:-1].split("年") if transfer.paid_to else ("", "")
    reach = reach_of(issuer, day)
    origin = transfer.from_organization
    return LetterTexts(
        year=f"{transfer.year}",
        number=f"{transfer.number}",
        addressee=transfer.addressee or _passing(transfer) or transfer.to_outside,
        name=member.name,
        sex=codes.SEXES[member.sex].chinese if member.sex in codes.SEXES else "",
        age=f"{age_on(member.born_on, day)}" if member.born_on else "",
        ethnicity=codes.ETHNIC_GROUPS.get(member.ethnicity, "").removesuffix("族"),
        kind=KINDS[0] if member.is_probationary or later else KINDS[1],
        id_number=(member.id_number or "") if in_full else "",
        origin=origin.name_on(day) if origin else "",
        destination=transfer.to_outside,
        paid_year=paid[0],
        paid_month=paid[1],
        validity=number_in_capitals(transfer.validity_days) if transfer.validity_days else "",
        seal=issuer.name_on(day),
        day=PartialDate.of(day).written,
        phone=(member.phone or "") if in_full else "",
        **_reached(issuer, reach),
    )


def _passing(transfer: Transfer) -> str:
    through = transfer.passing_through
    return through.name if through is not None else ""


def _reached(issuer: Organization, reach: Reach) -> dict[str, str]:
    return {
        "address": issuer.address,
        "office_phone": issuer.phone,
        "fax": reach.fax,
        "postcode": reach.postcode,
    }


def letters_of(transfers: Sequence[Transfer], asked: Asked) -> TransferLetters:
    """Return issued letters to be printed, or printed again."""
    footer = f"打印：{asked.printed_by}　{asked.at:%Y-%m-%d %H:%M}　含完整身份证号码"
    first = transfers[0]
    title = f"{first.name}{TITLE}" if len(transfers) == 1 else TITLE
    return TransferLetters(
        title=title,
        letters=tuple(texts_of(each, in_full=asked.in_full) for each in transfers),
        footer=footer if asked.in_full else "",
    )


def print_letters(transfers: Sequence[Transfer], asked: Asked) -> Printed:
    """Return the letters as one PDF; each printing is logged, with the reason for full numbers.

    The caller has made sure that the reader may print them, and in full where that is asked.
    """
    made = letters_of(transfers, asked)
    data = write(made, PDF, typefaces=OFFICE_TYPEFACES, printed_at=asked.at)
    for each in transfers:
        Entry.append(
            Action.PRINT,
            each,
            [
                ["paper", "", TITLE],
                ["form", "", PDF],
                ["as at", "", f"{each.issued_on}"],
                ["numbers", "", "full" if asked.in_full else "masked"],
            ],
            reason=asked.reason,
        )
    day: date = asked.day
    return Printed(
        data=data,
        title=made.title,
        file_name=f"{made.title}（{day:%Y-%m-%d}）.{PDF}",
        plain_file_name=f"transfer-letter-{transfers[0].pk}-{day:%Y-%m-%d}.{PDF}",
        content_type=CONTENT_TYPES[PDF],
        warnings=tuple(warnings_of(made)),
    )
