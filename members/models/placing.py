"""A stay under the wrong branch is put right, and a move that never was is taken back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Organization
from members.models.headcounts import Headcount
from members.models.members import Member
from members.rules.placements import MOVED
from registry.models import ChainHead, Entry
from registry.models.log import Action


@transaction.atomic
def correct_branch(member: Member, organization: Organization) -> None:
    """Let the present stay of ``member`` have been in ``organization`` from its beginning.

    Unlike ``move_to`` this is no event: no report counts it as a move.
    """
    organization = member._held(organization)
    member._refuse_unless_on_roll()
    stay = member.placements.get(placed_until__isnull=True)
    member._refuse_place(organization, stay.placed_from)
    _refuse_post(member)
    old = member.organization
    ChainHead.hold(f"organization:{old.pk}", f"organization:{organization.pk}")
    stay.organization = organization
    stay.save()
    member.organization, member.party_group = organization, None
    member.display_order = Member.objects.last_place_in(organization)
    member.save()
    Headcount.add(member._shift(old, -1), member._shift(organization, 1))
    member._take_files_along()


def refuse_return(member: Member, organization: Organization, *, with_posts: bool = False) -> None:
    """Raise ValidationError where ``member`` cannot be in ``organization`` again.

    ``with_posts`` where the caller knows that he held his posts before he went.
    """
    member._refuse_unless_on_roll()
    stay = member.placements.filter(organization=organization).order_by("placed_from").last()
    present = stay or member.placements.get(placed_until__isnull=True)
    member._refuse_place(organization, present.placed_from)
    if not with_posts:
        _refuse_post(member)


@transaction.atomic
def take_back_move(member: Member, organization: Organization, *, with_posts: bool = False) -> None:
    """Let ``member`` never have gone from ``organization``: the stay there goes on, or, where only
    the branch was corrected, is there again. His group and place are what they were then.
    """
    organization = member._held(organization)
    refuse_return(member, organization, with_posts=with_posts)
    here = member.organization
    ChainHead.hold(f"organization:{here.pk}", f"organization:{organization.pk}")
    stay = member.placements.get(placed_until__isnull=True)
    left = member.placements.filter(
        organization=organization, placed_until=stay.placed_from, ended=MOVED
    ).last()
    if stay.began == MOVED and left:
        stay.delete()
        left.placed_until, left.ended, left.place = None, "", None
        left.save()
    else:
        stay.organization = organization
        stay.save()
    before = _before_going(member, organization)
    group = organization.party_groups.filter(pk=before.get("party_group") or 0).first()
    member.organization, member.party_group = organization, group
    member.display_order = before.get("display_order", member.display_order)
    member.save()
    Headcount.add(member._shift(here, -1), member._shift(organization, 1))
    member._take_files_along()


def _before_going(member: Member, organization: Organization) -> dict[str, Any]:
    """Return what the log says that was changed with the going from ``organization``."""
    entries = Entry.objects.about(member).filter(action=Action.CHANGE)
    gone = ["organization", organization.pk, member.organization_id]
    found = next((each for each in entries.iterator() if gone in each.changes), None)
    return {field: old for field, old, _new in found.changes} if found else {}


def _refuse_post(member: Member) -> None:
    if member.offices.filter(organization=member.organization, held_until__isnull=True).exists():
        raise ValidationError(
            _("%(name)s holds a post in %(branch)s. End it first.")
            % {"name": member.name, "branch": member.organization}
        )
