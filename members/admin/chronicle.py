"""The chronicle of an organisation in words: on its page, and whole with codes on a page of its
own, where the last act can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now

from branches.admin.organizations import kind_in_words, page_of
from branches.models import Organization, OrganizationPeriod, may
from branches.models.chronicle import LOWERED, RAISED, Told, told_of
from branches.models.periods import Event
from branches.rules import roles
from members.admin.reorganizing.taking_back import may_take_back
from members.models.reorganizing.taking_back import last_act_of


@dataclass(frozen=True)
class ChronicleLine:
    day: date | None  # None where nobody knows
    text: str
    document: str
    old_code: str
    new_code: str


def chronicle_for(organization: Organization, user: Any) -> list[ChronicleLine]:
    """What happened, latest first; organisations that the user may not know are not named."""
    told = told_of(organization)
    named = Named(organization, told, user)
    return [
        ChronicleLine(
            each.day, in_words(each, named), each.line.document, each.old_code, each.line.code
        )
        for each in reversed(told)
    ]


class Named:
    """The names that a reader may know: of the line above an organisation, and of his own rows."""

    def __init__(self, organization: Organization, told: list[Told], user: Any) -> None:
        self._known = {each.pk: each for each in organization.ancestors()}
        asked = {each.line.parent_id for each in told}
        asked = {pk for pk in asked | {pk for each in told for pk in each.others} if pk}
        seen = Organization.objects.visible_to(user).filter(pk__in=asked)
        self._known |= {each.pk: each for each in seen}

    def name_on(self, pk: int | None, day: date) -> str:
        """Return the name of an organisation as it was on ``day``; "" where it is not to be known
        or where there is none."""
        if pk not in self._known:
            return ""
        one = self._known[pk]
        line = one.on(day) or one.periods.filter(valid_from__lte=day).order_by("-pk").first()
        return (line.short_name or line.name) if line else str(one)

    def superior_on(self, pk: int | None, day: date) -> str:
        return self.name_on(pk, day) or _now("another superior")

    def others_on(self, told: Told) -> str:
        names = [self.name_on(pk, told.line.valid_from) for pk in told.others]
        return ", ".join(name or _now("another organisation") for name in names)


def in_words(told: Told, named: Named) -> str:
    line, before = told.line, told.before
    words = {
        "name": line.name,
        "kind": kind_in_words(line),
        "parent": named.superior_on(line.parent_id, line.valid_from),
        "old_name": before.name if before else "",
        "old_kind": kind_in_words(before) if before else "",
        "old_parent": named.superior_on(before.parent_id if before else None, line.valid_from),
        "others": named.others_on(told),
    }
    text = _sentence(told, line) % words
    if before and line.code != before.code:
        text += _now("; code %(old)s became %(new)s") % {"old": before.code, "new": line.code}
    return text


def _sentence(told: Told, line: OrganizationPeriod) -> str:
    if told.what == Event.FOUNDED:
        if not line.parent_id:
            return _now("Founded as “%(name)s” (%(kind)s)")
        if told.others:
            return _now("Founded as “%(name)s” (%(kind)s) under %(parent)s, out of %(others)s")
        return _now("Founded as “%(name)s” (%(kind)s) under %(parent)s")
    merged = told.what == Event.DISSOLVED and told.others
    sentences: dict[str, str] = {
        Event.RENAMED: _now("Renamed from “%(old_name)s” to “%(name)s”"),
        Event.MOVED: _now("Moved from %(old_parent)s to %(parent)s"),
        Event.MOVED_ALONG: _now("Moved along with its superior"),
        Event.REASSIGNED: _now("Given from %(old_parent)s to %(parent)s"),
        Event.CHANGED_KIND: _now("Changed from %(old_kind)s to %(kind)s"),
        RAISED: _now("Raised from %(old_kind)s to %(kind)s"),
        LOWERED: _now("Lowered from %(old_kind)s to %(kind)s"),
        Event.SPLIT: _now("Gave founding to %(others)s"),
        Event.TOOK_IN: _now("Took in %(others)s"),
        Event.DISSOLVED: _now("Merged into %(others)s") if merged else _now("Dissolved"),
    }
    return sentences[told.what]


def chronicle_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole chronicle of an organisation, with the codes of each time."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    act = last_act_of(organization)
    print_address = ""
    if may(request.user, roles.PRINT, organization.path):
        print_address = f"{reverse('admin:papers')}?organization={organization.pk}&paper=chronicle"
    context = {
        **admin.site.each_context(request),
        "title": _now("Chronicle of %(name)s") % {"name": organization},
        "organization": organization,
        "back": page_of(organization),
        "chronicle": chronicle_for(organization, request.user),
        "print_address": print_address,
        "take_back": act
        and may_take_back(request.user, act)
        and reverse("admin:reorganization_take_back", args=[organization.pk]),
    }
    return TemplateResponse(request, "admin/branches/chronicle.html", context)


admin.site.page(  # type: ignore[attr-defined]
    "organizations/<int:pk>/chronicle/", chronicle_page, "organization_chronicle", roles.VIEW
)
