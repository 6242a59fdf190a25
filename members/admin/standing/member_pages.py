"""The pages of one member's standing, reached from the section “Standing” of his record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.rules import roles
from members.admin.standing.member_forms import (
    AwayForm,
    CorrectLeavingForm,
    DisciplineForm,
    FoundForm,
    LostForm,
    ReadmitForm,
    SecondForm,
)
from members.admin.verb_forms import VerbPage
from members.models import Member
from members.models.standing.correcting import is_a_leaving
from members.models.standing.former import is_ended

STANDING = "standing"


def _is_at_home(member: Member) -> bool:
    return member.is_on_roll and not member.times_away.filter(ends_on__isnull=True).exists()


STANDING_PAGES = (
    VerbPage(
        "correct_leaving",
        _("Correct the leaving of %(name)s"),
        _("Correct the leaving"),
        roles.LEAVE,
        CorrectLeavingForm,
        lambda member: is_a_leaving(member) and not member.readmitted_on,
        STANDING,
    ),
    VerbPage(
        "readmit",
        _("Admit %(name)s anew"),
        _("Admit anew"),
        roles.ADD,
        ReadmitForm,
        is_ended,
        STANDING,
    ),
    VerbPage(
        "lost",
        _("Contact with %(name)s is lost"),
        _("Contact lost"),
        roles.CHANGE,
        LostForm,
        lambda member: member.is_on_roll and not member.lost_contact_since,
        STANDING,
    ),
    VerbPage(
        "found",
        _("%(name)s is found again"),
        _("Found again"),
        roles.CHANGE,
        FoundForm,
        lambda member: bool(member.lost_contact_since) and not member.wrong_entry,
        STANDING,
    ),
    VerbPage(
        "away",
        _("%(name)s floats out"),
        pgettext_lazy("member", "Floats out"),
        roles.CHANGE,
        AwayForm,
        _is_at_home,
        STANDING,
    ),
    VerbPage(
        "second",
        _("%(name)s belongs to a temporary branch as well"),
        _("Second membership"),
        roles.MOVE,
        SecondForm,
        lambda member: member.is_on_roll,
        STANDING,
    ),
    VerbPage(
        "discipline",
        _("Discipline or measure against %(name)s"),
        _("Discipline or measure"),
        roles.CHANGE_DISCIPLINE,
        DisciplineForm,
        lambda member: member.is_on_roll,
        STANDING,
    ),
)
