"""An ID number that somebody has already: what may be said about it, and how often.

Who may see the holder is told the name. Anybody else gets one fixed sentence, the same for every
holder, and the question is logged: otherwise the form would tell who is a member anywhere.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from branches.rules import roles
from members.models import Member
from registry import access
from registry.masks import masked_id_number
from registry.models import Entry, Preference
from registry.models.log import Action

AN_HOUR = 3600
PER_HOUR = 20
KEY = "id_numbers_met"


def refuse_if_registered(user: Any, id_number: str, member: Member) -> None:
    """Raise ValidationError where another person holds ``id_number``, saying no more than may be.

    Raises for every number once ``user`` has met the holders of 20 foreign ones within an hour.
    """
    holder = Member.of_id_number(id_number)
    if holder is not None and holder.pk == member.pk:
        return
    if holder is not None and access.may_on(user, roles.VIEW, holder):
        raise ValidationError(
            format_html(
                _("This ID number belongs to {} ({}). Look there before you add anybody."),
                format_html(
                    '<a href="{}">{}</a>',
                    reverse("admin:members_member_change", args=[holder.pk]),
                    holder.name,
                ),
                holder.number,
            ),
            code="id_registered_here",
        )
    refuse_foreign(
        user,
        id_number,
        _("This ID number is registered in another organisation. Use a transfer."),
        is_held=holder is not None,
    )


def refuse_foreign(user: Any, id_number: str, sentence: str, *, is_held: bool) -> None:
    """Raise ValidationError with ``sentence`` where somebody whom ``user`` does not see holds the
    number, and log that; or where he has met too many such."""
    if _met_too_many(user, foreign=is_held):
        raise ValidationError(
            _("Too many ID numbers of other organisations were tried. Go on in an hour."),
            code="id_too_many",
        )
    if is_held:
        Entry.append(
            Action.REFUSED,
            changes=[["id_number", "", masked_id_number(id_number)]],
            chain=f"user:{user.pk}",
            label=_("ID number registered elsewhere"),
            user=user,
        )
        raise ValidationError(sentence, code="id_registered_elsewhere")


@transaction.atomic
def _met_too_many(user: Any, *, foreign: bool) -> bool:
    """Count a foreign number that was met; return whether the hour's measure is full."""
    now = int(timezone.now().timestamp())
    rows = Preference.objects.select_for_update()
    kept, _created = rows.get_or_create(user=user, key=KEY, defaults={"value": []})
    recent = [moment for moment in kept.value if moment > now - AN_HOUR]
    if len(recent) >= PER_HOUR:
        return True
    if foreign:
        kept.value = [*recent, now]
        kept.save()
    return False
