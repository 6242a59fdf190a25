"""A stay that was entered under the wrong branch is put right, as if it had been there."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Organization
from members.models.headcounts import Headcount
from members.models.members import Member
from registry.models import ChainHead


@transaction.atomic
def correct_branch(member: Member, organization: Organization) -> None:
    """Let the present stay of ``member`` have been in ``organization`` from its beginning.

    Unlike ``move_to`` this is no event: no report counts it as a move.
    """
    organization = member._held(organization)
    member._refuse_unless_on_roll()
    stay = member.placements.get(placed_until__isnull=True)
    member._refuse_place(organization, stay.placed_from)
    if member.offices.filter(organization=member.organization, held_until__isnull=True).exists():
        raise ValidationError(
            _("%(name)s holds a post in %(branch)s. End it first.")
            % {"name": member.name, "branch": member.organization}
        )
    old = member.organization
    ChainHead.hold(f"organization:{old.pk}", f"organization:{organization.pk}")
    stay.organization = organization
    stay.save()
    member.organization, member.party_group = organization, None
    member.display_order = Member.objects.last_place_in(organization)
    member.save()
    Headcount.add(member._shift(old, -1), member._shift(organization, 1))
