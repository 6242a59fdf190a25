"""What tests of the collection sheet do alike: open it, type into it, save it."""

from __future__ import annotations

import re

from members.models import PaymentMonth

SHEET, PAYMENTS, TAKINGS = "/dues/collection/", "/dues/payments/", "/dues/takings/"
KEY = "k" * 22


def cell(member, month="2026-11"):
    return f"pay-{member.pk}-{month}"


def opened(client, sheet):
    """The page, as text, and the hidden fields of its form."""
    text = client.get(sheet).content.decode()
    hidden = dict(re.findall(r'name="(form_key|seen|confirmed)" value="([^"]*)"', text))
    return text, hidden


def typed(**fields):
    return {"paid_on": "2026-11-20", "method": "cash", "receipt_number": "", "form_key": KEY,
            "seen": "", **fields}  # fmt: skip


def save(client, sheet, cells, **fields):
    return client.post(sheet, typed(**fields) | cells)


def booked():
    rows = PaymentMonth.objects.order_by("payment", "month")
    return [(each.member_id, f"{each.month:%Y-%m}", str(each.amount)) for each in rows]
