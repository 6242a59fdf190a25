"""Contact with a member is lost, and found again; the log keeps how often."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members.models.members import Member
from members.models.standing.refusing import refuse_all
from members.rules import standing
from registry.calendar import PartialDate


@transaction.atomic
def lose_contact(member: Member, since: PartialDate, reason: str, today: date) -> None:
    """Keep since when nobody has heard of ``member``: the last day of organisation life or dues."""
    member._held()
    refuse_all(
        standing.losing_objections(member.name, reason, since, member.joined_on, today),
        member._refuse_unless_on_roll,
    )
    member.lost_contact_since, member.lost_contact_reason = since, reason
    member.save()


@transaction.atomic
def find_again(member: Member) -> None:
    """Keep that ``member`` is in touch again; a suspension stays until it is restored."""
    member._held()
    if member.lost_contact_since is None:
        raise ValidationError(
            _("Contact with %(name)s is not marked as lost.") % {"name": member.name}
        )
    member.lost_contact_since, member.lost_contact_reason = None, ""
    member.save()
