"""The section “Standing” of a member's page: what holds, by which document, what may be done."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now

from branches.models import Organization
from branches.rules import roles
from members.models import Discipline, Member
from members.rules import placements, standing
from registry import access
from registry.admin.history import UNSEEN


def standing_of(member: Member, user: Any, buttons: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what the section says; None where there is nothing to say and nothing to do."""
    if member.wrong_entry:
        return None
    shown = {
        "facts": [*_facts(member), *_records(member, user)],
        "decisions": list(member.decisions.all()),
        "away": _away(member, user),
        "second": _second(member, user),
        "disciplines": _disciplines(member, user),
        "buttons": buttons,
    }
    return shown if any(shown.values()) else None


def _facts(member: Member) -> list[tuple[str, Any]]:
    """What is lost or stopped, and from when on what may follow."""
    found: list[tuple[str, Any]] = []
    if member.lost_contact_since:
        found += [
            (_now("contact lost since"), member.lost_contact_since),
            (_now("why contact was lost"), member.get_lost_contact_reason_display()),
        ]
        if member.is_on_roll:
            since = standing.may_be_suspended_from(member.lost_contact_since)
            found.append((_now("may be suspended from"), since))
    if member.gone_on:
        found.append((member.get_leaving_reason_display(), member.gone_on))
    if member.suspended_on and member.leaving_reason == placements.SUSPENDED:
        examined = standing.to_be_struck_off_from(member.suspended_on)
        found.append((_now("striking off to be examined from"), examined))
    return [(name, value) for name, value in found if value]


def _records(member: Member, user: Any) -> list[tuple[str, Any]]:
    """The former or the later record of somebody who was admitted anew."""
    others = ((_now("former record"), member.former), (_now("later record"), _later(member)))
    seen = Member.objects.visible_to(user)
    return [
        (label, other.number if seen.filter(pk=other.pk).exists() else UNSEEN)
        for label, other in others
        if other is not None
    ]


def _later(member: Member) -> Member | None:
    return Member._base_manager.filter(former=member).first() if member.readmitted_on else None


def _away(member: Member, user: Any) -> list[dict[str, Any]]:
    may_change = access.may_on(user, roles.CHANGE, member)
    return [
        {"row": row, "url": reverse("admin:standing_away", args=[row.pk]) if may_change else ""}
        for row in member.times_away.order_by("-begins_on")
    ]


def _second(member: Member, user: Any) -> list[dict[str, Any]]:
    today = timezone.localdate()
    going = set(member.second_memberships.on(today).values_list("pk", flat=True))
    rows = member.second_memberships.select_related("organization")
    seen = set(
        Organization.objects.visible_to(user)
        .filter(pk__in=[row.organization_id for row in rows])
        .values_list("pk", flat=True)
    )
    may_end = access.may_on(user, roles.MOVE, member)
    return [
        {
            "name": str(row.organization) if row.organization_id in seen else UNSEEN,
            "row": row,
            "holds": row.pk in going,
            "url": reverse("admin:standing_second_end", args=[row.pk])
            if may_end and row.pk in going
            else "",
        }
        for row in rows
    ]


def _disciplines(member: Member, user: Any) -> list[Discipline]:
    """Decisions against the member, for whoever may see them; for others as if there were none."""
    return list(Discipline.objects.visible_to(user).filter(member=member))
