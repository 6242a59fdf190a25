"""The way from a member's page to his file of development, or to a new one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from branches.rules import roles
from members.models import DevelopmentFile, Member
from members.rules.codes import PROBATIONARY
from registry import access


def file_door(member: Member, user: Any) -> tuple[str | Promise, str] | None:
    """Return label and address: of the member's file, else of a new one for who may open it."""
    files = DevelopmentFile.objects.visible_to(user).filter(member=member, wrong_entry=False)
    if file := files.order_by("-pk").first():
        address = reverse("admin:members_developmentfile_change", args=[file.pk])
        return _("Development file"), address
    if member.kind != PROBATIONARY or not member.is_on_roll:
        return None
    if not access.may_on(user, roles.ADD, member):
        return None
    address = reverse("admin:members_developmentfile_add")
    return _("Open a development file"), f"{address}?member={member.pk}"
