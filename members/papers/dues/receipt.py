"""党费收据: that a branch has taken a payment, in figures and in capitals; a stub and a receipt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.rules import roles
from members.models import Member, Payment
from members.papers.dues.asking import stretch, yuan
from members.rules import ledger
from members.rules.capitals import in_capitals
from members.rules.dues_months import next_month
from registry.papers.catalogue import About, Asked, Paper, Questions
from registry.papers.typefaces import VENDORED, Typefaces
from registry.papers.writing import PDF

PAPER = "党费收据"
COPIES = ("存根联", "收据联")
SIGN_OFF = ("收款单位（盖章）：", "收款人：", "交款人：")


class ReceiptQuestions(Questions):
    payment = forms.IntegerField(
        label=_("payment"), required=False, help_text=_("Without it, the last one.")
    )


@dataclass(frozen=True)
class Receipt:
    """One payment, on both copies alike: boxes of a label and a text, two to a row."""

    title: str
    number_line: str
    day: str
    boxes: tuple[tuple[str, str], ...]
    signoff: tuple[str, ...]
    footer: str

    template: ClassVar[str] = "receipt"
    count: ClassVar[int] = 1

    def texts(self) -> Iterator[str]:
        """Every text that is printed, for ``glyphs.missing_glyphs``."""
        yield from (self.title, PAPER, *COPIES, self.number_line, self.day, self.footer)
        yield from self.signoff
        for box in self.boxes:
            yield from box

    def data(self, typefaces: Typefaces = VENDORED) -> dict[str, Any]:
        """Return what ``templates/papers/receipt.typ`` reads; Typst measures it itself."""
        return {
            "title": PAPER,
            "copies": COPIES,
            "number_line": self.number_line,
            "day": self.day,
            "boxes": self.boxes,
            "signoff": self.signoff,
            "footer": self.footer,
        }


def receipt(member: Member, asked: Asked) -> Receipt:
    """Return the receipt of a payment of ``member``, of the last one where none is named.

    Raises ValidationError where there is none that holds, as for one that the reader may not see.
    """
    payment = _payment(member, asked)
    branch, day = payment.organization, payment.paid_on
    months = [each.month for each in payment.months.all()]
    kind = ledger.PAYMENT_KINDS[payment.kind].chinese
    what = payment.campaign or in_words(months)
    return Receipt(
        title=f"{member.name}{PAPER}",
        number_line=f"编号：{payment.receipt_number}",
        day=f"{day.year}年{day.month}月{day.day}日",
        boxes=(
            ("交款人", member.name),
            ("所在党支部", branch.name_on(day)),
            ("款项", f"{kind}（{what}）" if what else kind),
            ("交款方式", ledger.METHODS[payment.method].chinese),
            ("金额（大写）", f"人民币{in_capitals(payment.amount)}"),
            ("金额（小写）", f"¥{yuan(payment.amount)}"),
        ),
        signoff=(SIGN_OFF[0], f"{SIGN_OFF[1]}{payment.taken_by}", SIGN_OFF[2]),
        footer=f"打印：{asked.printed_by}　{asked.at:%Y-%m-%d %H:%M}",
    )


def _payment(member: Member, asked: Asked) -> Any:
    mine = Payment.objects.visible_to(asked.reader, roles.VIEW_DUES).filter(member=member)
    rows = mine.select_related("organization").prefetch_related("months")
    words = {"name": member.name, "day": asked.day}
    if number := asked.more.get("payment"):
        found = rows.filter(pk=number, reverses__isnull=True).first()
        if found is None:
            raise ValidationError(_now("There is no such payment of %(name)s.") % words)
        if Payment.objects.filter(reverses=found).exists():
            text = _now("This payment of %(name)s is reversed, so there is no receipt of it.")
            raise ValidationError(text % words)
        return found
    last = rows.not_reversed().filter(paid_on__lte=asked.day).order_by("paid_on", "pk").last()
    if last is None:
        text = _now("%(name)s has paid nothing by %(day)s that a receipt could be made of.")
        raise ValidationError(text % words)
    return last


def in_words(months: Iterable[date]) -> str:
    """Return months as a receipt names them: 2026年1月至3月、2026年5月."""
    runs: list[tuple[date, date]] = []
    for month in sorted(months):
        if runs and next_month(runs[-1][1]) == month:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return "、".join(stretch(first, last) for first, last in runs)


RECEIPT = Paper(
    "dues_receipt",
    PAPER,
    About.MEMBER,
    (PDF,),
    receipt,
    ReceiptQuestions,
    protected=False,
    verb=roles.VIEW_DUES,
)
