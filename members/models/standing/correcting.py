"""A leaving that was entered wrongly is put right: another reason or day, or it never was.

Unlike leaving and restoring these are no events: the stay tells afterwards what was really so, and
every statistic counts by it. The log keeps what stood there before.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members.models.dues.standings import DuesStanding
from members.models.headcounts import Headcount
from members.models.members import Member
from members.models.standing.decisions import MembershipDecision
from members.models.standing.refusing import refuse_all
from members.rules import placements, standing


@transaction.atomic
def correct_leaving(
    member: Member,
    reason: str,
    on: date,
    *,
    document: str = "",
    note: str = "",
    today: date | None = None,
) -> None:
    """Let ``member`` have left on ``on`` for ``reason``; raise ValidationError with every
    objection."""
    stay, gone = _last_stay(member)
    refuse_all(standing.leaving_objections(member._as_in(stay), reason, on, today))
    for office in member.offices.filter(held_until=gone, held_from__lt=on):
        office.held_until = on
        office.save()
    for second in member.second_memberships.filter(ends_on=gone):
        second.close(on)
    decision = _decision_of(member, gone)
    member._mark_gone(reason, on)
    member.save()
    stay.placed_until, stay.ended = on, reason
    stay.save()
    if decision:
        decision.what, decision.decided_on = reason, on
        decision.document = document.strip() or decision.document
        decision.note = note.strip() or decision.note
        decision.save()
    else:
        MembershipDecision.keep(member, reason, on, document, note)
    DuesStanding.follow([member.pk])


@transaction.atomic
def undo_leaving(member: Member) -> None:
    """Let ``member`` never have left: the stay goes on, and so do the posts that ended with it."""
    stay, gone = _last_stay(member)
    refuse_all([], lambda: member._refuse_place(stay.organization, stay.placed_from))
    decision = _decision_of(member, gone)
    member.left_on = member.suspended_on = None
    member.leaving_reason = ""
    member.organization = stay.organization
    member.save()
    stay.placed_until, stay.ended = None, ""
    stay.save()
    for office in member.offices.filter(held_until=gone, organization__dissolved_on__isnull=True):
        office.held_until = None
        office.save()
    for second in member.second_memberships.filter(ends_on=gone):
        second.go_on()
    if decision:
        decision.delete()
    DuesStanding.follow([member.pk])
    Headcount.add(member._shift(member.organization, 1))


def _last_stay(member: Member) -> tuple[Any, date]:
    """Hold the member and return the stay that the leaving ended, and the day."""
    member._held()
    gone = member.gone_on
    if gone is None or member.wrong_entry:
        raise ValidationError(_("%(name)s has not left.") % {"name": member.name})
    if member.readmitted_on:
        refuse_all([standing.readmitted(member.name, member.readmitted_on)])
    stay = member.placements.order_by("placed_from", "pk").last()
    if stay is None or (stay.placed_until, stay.ended) != (gone, member.leaving_reason):
        raise ValidationError(
            _("The stays of %(name)s do not tell of this leaving.") % {"name": member.name}
        )
    return stay, gone


def _decision_of(member: Member, gone: date) -> MembershipDecision | None:
    rows = MembershipDecision.objects.filter(
        member=member, decided_on=gone, what=member.leaving_reason
    )
    found: MembershipDecision | None = rows.order_by("-pk").first()
    return found


def is_a_leaving(member: Member) -> bool:
    """Return whether there is a leaving to correct."""
    return (
        member.gone_on is not None
        and not member.wrong_entry
        and member.leaving_reason in placements.LEAVING_REASONS
    )
