"""The page of one transfer: its way, what is to be looked after, and what can be done now."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from branches.rules import roles
from members.admin.rosters import LONGEST_REASON
from members.admin.transfers.deeds import facts_of, steps_of
from members.admin.transfers.pages import BADGES, page, side_of
from members.models import Member, Transfer, choices
from members.rules import transfers
from registry.language import said


@require_safe
def transfer_page(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    rows = Transfer.objects.visible_to(user).with_people()
    transfer = get_object_or_404(rows, pk=pk)
    state = transfer.state(today)
    given = Transfer.objects.filter(pk=pk)
    has_letter = transfer.number is not None
    steps = [
        {"label": label, "url": url, "reasons": reasons}
        for label, url, reasons in steps_of(transfer, user, today)
    ]
    return page(
        request,
        "transfer",
        side_of(transfer, user),
        title=_now("Transfer of %(name)s") % {"name": transfer.name_for(user)},
        transfer=transfer,
        state=dict(choices.transfer_states())[state],
        badge=BADGES.get(state, ""),
        facts=facts_of(transfer, user, today),
        way=_way(transfer),
        remarks=[said(each) for each in transfers.remarks(transfer.course(), today)],
        steps=steps,
        is_barred=any(step["reasons"] for step in steps),
        member=_member(transfer, user),
        successor=Transfer.objects.filter(reissue_of=transfer).first(),
        may_print=has_letter and given.given_by(user, roles.PRINT).exists(),
        may_open=has_letter and given.given_by(user, roles.EXPORT_FULL).exists(),
        longest_reason=LONGEST_REASON,
        is_internal=transfer.kind == transfers.INTERNAL,
    )


def _member(transfer: Transfer, user: Any) -> Member | None:
    """The member, whose page this user may open."""
    return Member.objects.visible_to(user).filter(pk=transfer.member_id or 0).first()


def _way(transfer: Transfer) -> list[tuple[date | None, str, str]]:
    """Return what happened and what is still to come: day, what, and by when or more."""
    is_letter = transfers.KINDS[transfer.kind].has_letter
    if transfer.direction == transfers.IN:
        way = [(transfer.issued_on, _now("letter of"), str(transfer))] if is_letter else []
        way += [
            (transfer.begun_on, _now("registered"), transfer.document),
            (transfer.accepted_on, _now("placed in a branch"), _placed(transfer)),
        ]
        if is_letter:
            way.append((transfer.receipt_on, _now("receipt sent"), transfer.receipt_note))
    else:
        way = [(transfer.begun_on, _now("proposed"), transfer.origin)]
        if is_letter:
            way += _letter(transfer)
        way.append((transfer.accepted_on, _now("accepted"), transfer.destination))
        if is_letter:
            due = transfer.receipt_due_on
            by = "" if transfer.receipt_on or not due else pgettext("day", "by") + f" {due}"
            note = transfer.receipt_note or by
            way.append((transfer.receipt_on, _now("receipt came back"), note))
    if transfer.ending and transfer.ending != transfers.COMPLETE:
        way = [each for each in way if each[0]]
        way.append((transfer.closed_on, transfer.get_ending_display(), transfer.reason))
    return way


def _placed(transfer: Transfer) -> str:
    return str(transfer.to_organization) if transfer.accepted_on else ""


def _letter(transfer: Transfer) -> list[tuple[date | None, str, str]]:
    words = {"number": transfer, "issuer": transfer.issuer, "last": transfer.valid_through}
    text = _now("%(number)s of %(issuer)s, valid through %(last)s") % words
    way: list[tuple[date | None, str, str]] = [
        (transfer.issued_on, _now("letter issued"), text if transfer.number else "")
    ]
    if transfer.passing_through:
        way.append((transfer.passed_on, _now("passed on"), str(transfer.passing_through)))
    return way


admin.site.page(  # type: ignore[attr-defined]
    "transfers/<int:pk>/", transfer_page, "transfer", roles.VIEW
)
