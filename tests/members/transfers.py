"""Transfers for tests, in any state."""

from __future__ import annotations

from datetime import date
from typing import Any

from branches.models import Organization
from members.models import Member, Newcomer, Transfer
from members.models.transfers.coming import Arrival
from members.models.transfers.sending import Going
from registry.access import OPERATOR
from registry.calendar import PartialDate
from tests.factories import TODAY, an_id_number

SENT = date(2026, 11, 2)
OUTSIDE = "中共某省某厅机关委员会"


def a_transfer(member: Member, kind: str = "letter", on: date = SENT, **fields: Any) -> Any:
    """Somebody on his way out: to another branch, or outside."""
    defaults: dict[str, Any] = {"paid_to": date(2026, 11, 1)}
    if "to_organization" in fields:
        kind = "internal"
    else:
        defaults |= {"to_outside": OUTSIDE}
    if kind == "letter":
        defaults |= {"validity_days": 30, "addressee": "中共某省委组织部"}
    [transfer] = Transfer.send_out([member], Going(kind, **defaults | fields), on, max(on, TODAY))
    return transfer


def a_letter(member: Member, on: date = SENT, **fields: Any) -> Any:
    """Somebody on his way out with a letter in his hand."""
    return issued(a_transfer(member, on=on, **fields), on)


def issued(transfer: Any, on: date = SENT) -> Any:
    [letter] = Transfer.issue_letters([transfer], on, max(on, TODAY), by=OPERATOR)
    return letter


def a_newcomer(**fields: Any) -> Newcomer:
    defaults: dict[str, Any] = {
        "name": "田野",
        "sex": "F",
        "ethnicity": "01",
        "id_number": an_id_number(date(1990, 3, 4), sex="F"),
        "born_on": PartialDate(1990, 3, 4),
        "joined_on": PartialDate(2012, 6, 1),
        "full_member_on": PartialDate(2013, 6, 1),
        "phone": "13900001234",
    }
    return Newcomer(**defaults | fields)


def an_arrival(**fields: Any) -> Arrival:
    defaults: dict[str, Any] = {
        "kind": "letter",
        "document": "〔2026〕第31号",
        "from_outside": "中共某县委组织部",
        "issued_on": date(2026, 10, 28),
        "validity_days": 30,
        "paid_to": date(2026, 10, 1),
    }
    return Arrival(**defaults | fields)


def somebody_came(at: Organization, newcomer: Newcomer | None = None, **arrival: Any) -> Any:
    """A letter that was registered, of somebody who is in no branch yet."""
    came = an_arrival(**arrival)
    return Transfer.register_incoming(newcomer or a_newcomer(), came, at, SENT, TODAY)
