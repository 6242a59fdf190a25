"""What the list and the head of the form show of a member beside the plain columns."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Member
from registry.admin.masking import mask_of
from registry.calendar import PartialDate


def printed(day: PartialDate | None) -> str:
    return day.printed if day else ""


class MemberColumns:
    """Mixin of the members' admin; only what an index serves can be sorted by."""

    @admin.display(description=_("name"), ordering="name_pinyin")
    def full_name(self, member: Member) -> str:
        return str(member.name)

    @admin.display(description=_("born"), ordering="born_on")
    def born(self, member: Member) -> str:
        return printed(member.born_on)

    @admin.display(description=_("age"))
    def age(self, member: Member) -> int | None:
        return member.age(timezone.localdate())

    @admin.display(description=_("branch"), ordering="organization__path")
    def branch(self, member: Member) -> str:
        return str(member.organization)

    @admin.display(description=_("joined"), ordering="joined_on")
    def joined(self, member: Member) -> str:
        return printed(member.joined_on)

    @admin.display(description=pgettext_lazy("day", "full member"))
    def full_member(self, member: Member) -> str:
        return printed(member.full_member_on)

    @admin.display(description=_("Party age"))
    def party_age(self, member: Member) -> str:
        age = member.party_age(timezone.localdate())
        if age is None:
            return ""
        return _now("%(years)s years %(months)s months") % {"years": age[0], "months": age[1]}

    @admin.display(description=_("post in the Party"))
    def posts(self, member: Member) -> str:
        """The posts in the member's own branch by their names, others with the organisation's."""
        return "、".join(
            office.get_post_display()
            if office.organization_id == member.organization_id
            else f"{office.organization}{office.get_post_display()}"
            for office in getattr(member, "offices_now", ())
        )

    @admin.display(description=_("state"))
    def state(self, member: Member) -> str:
        if member.wrong_entry:
            return _now("wrong entry: %(reason)s") % {"reason": member.wrong_entry_reason}
        if member.is_on_roll:
            return _now("on the roll")
        return _now("%(reason)s on %(day)s") % {
            "reason": member.get_leaving_reason_display(),
            "day": member.left_on or member.suspended_on,
        }

    @admin.display(description=_("ID number"))
    def masked_id_number(self, member: Member) -> str:
        return mask_of(member, "id_number")

    @admin.display(description=_("mobile phone"))
    def masked_phone(self, member: Member) -> str:
        return mask_of(member, "phone")

    @admin.display(description=_("address"))
    def masked_address(self, member: Member) -> str:
        return mask_of(member, "address")

    @admin.display(description=_("branch"))
    def branch_and_move(self, member: Member) -> SafeString | str:
        if not member.is_on_roll:
            return str(member.organization)
        return format_html(
            '{} <a href="{}">{}</a>',
            member.organization,
            reverse("admin:members_member_move", args=[member.pk]),
            _now("move"),
        )
