"""The page of one organisation: its place, its people, what happened to it, and who sees it."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now

from branches.admin.organizations import kind_in_words, page_of
from branches.models import Grant, Organization, may
from branches.rules import roles, sizes, tree
from members.admin.chronicle import chronicle_for
from members.admin.desk import figures_of, numbers_of
from members.admin.layouts import page_of_layouts
from members.admin.own_fields import page_of_own_fields
from members.models import Finding, Headcount, Member, Office, OwnField
from members.models.headcounts import heads_of
from members.models.heads import units_whose_head_is_secretary
from members.rules.offices import COMMITTEE, POSTS
from registry import access
from registry.language import said

SHOWN = 50
GRANTS = 100
COUNTED = 1_000


def organization_page(request: HttpRequest, pk: int) -> HttpResponse:
    organization = get_object_or_404(
        Organization.objects.visible_to(request.user).select_related("headcount", "area"), pk=pk
    )
    today = timezone.localdate()
    full, probationary = heads_of(organization)
    heads = Headcount(organization=organization, full=full, probationary=probationary)
    held = Office.objects.on(today).filter(organization=organization)
    officers = sorted(held.select_related("member").order_by("held_from"), key=rank_of)
    context = {
        **admin.site.each_context(request),
        "title": str(organization),
        "organization": organization,
        "kind": kind_in_words(organization),
        "ancestors": ancestors_for(organization, request.user),
        "figures": figures_of(
            organization, heads, numbers_of(organization, full + probationary, today), today
        ),
        "advice": advice_on(organization, full, probationary, officers),
        "mended": mended_in(organization),
        **children_of(organization),
        **people_of(organization, request.user),
        "officers": officers,
        "groups": organization.party_groups.all(),
        "own_fields": OwnField.objects.for_path(organization.path).once_each(),
        "units": units_of(organization, today),
        "chronicle": chronicle_for(organization, request.user),
        "grants": grants_on(organization),
        "buttons": buttons_for(request, organization),
        "member_list": member_list(organization=organization.pk),
    }
    return TemplateResponse(request, "admin/branches/organization_page.html", context)


def member_list(**asked: Any) -> str:
    return f"{reverse('admin:members_member_changelist')}?{urlencode(asked)}"


def ancestors_for(organization: Organization, user: Any) -> list[dict[str, Any]]:
    """The line of superiors; a link only to those in the user's own rows."""
    return [
        {"name": str(each), "url": page_of(each) if may(user, roles.VIEW, each.path) else ""}
        for each in organization.ancestors()
    ]


def rank_of(office: Office) -> int:
    """Where a post stands in a list of officers; one that the rules no longer know comes last."""
    return POSTS[office.post].order if office.post in POSTS else 999


def advice_on(
    organization: Organization, full: int, probationary: int, officers: list[Office]
) -> list[str]:
    """What the rule books would rather see; never an error."""
    if organization.dissolved_on:
        return []
    found = sizes.advice(
        organization.kind,
        sort=organization.sort,
        full_members=full,
        members=full + probationary,
        has_committee=any(office.body == COMMITTEE for office in officers),
    )
    return [said(sentence) for sentence in found]


def mended_in(organization: Organization) -> str:
    """How many findings here and below have been mended; not counted further than a thousand."""
    rows = Finding.objects.filter(
        mended_on__isnull=False,
        member__organization__path__gte=organization.path,
        member__organization__path__lt=organization.end_path,
    )
    count = rows.order_by()[: COUNTED + 1].count()
    if count > COUNTED:
        return _now("more than %(count)s") % {"count": f"{COUNTED:,}"}
    return str(count) if count else ""


def children_of(organization: Organization) -> dict[str, Any]:
    rows = organization.children.standing().select_related("headcount")
    found = list(rows.order_by("display_order", "path")[: SHOWN + 1])
    children = []
    for each in found[:SHOWN]:
        full, probationary = heads_of(each)
        children.append(
            {
                "name": str(each),
                "code": each.code,
                "url": page_of(each),
                "kind": kind_in_words(each),
                "full": full,
                "probationary": probationary,
            }
        )
    return {"children": children, "more_children": len(found) > SHOWN}


def people_of(organization: Organization, user: Any) -> dict[str, Any]:
    """The first of a branch's roll; the people of a committee are those of its branches."""
    if not organization.holds_members:
        return {"people": [], "more_people": False}
    rows = Member.objects.visible_to(user).filter(organization=organization).on_roll()
    found = list(rows.select_related("party_group").order_by("display_order", "pk")[: SHOWN + 1])
    return {"people": found[:SHOWN], "more_people": len(found) > SHOWN}


def units_of(organization: Organization, today: date) -> list[dict[str, Any]]:
    units = list(organization.units.all())
    both = units_whose_head_is_secretary(units, today)
    return [{"name": unit.name, "head_is_secretary": unit.pk in both} for unit in units]


def grants_on(organization: Organization) -> list[Grant]:
    """Who can see this organisation: the open grants on it and on everything above."""
    line = [*tree.ancestors_of(organization.path), organization.path]
    grants = Grant.objects.filter(
        Q(organization__path__in=line) | Q(organization__isnull=True),
        role__in=roles.roles_with(roles.VIEW),
        user__is_active=True,
    )
    by_place = grants.select_related("user", "organization")
    return list(by_place.order_by("-organization__path", "role", "user__name")[:GRANTS])


def buttons_for(request: HttpRequest, organization: Organization) -> list[dict[str, Any]]:
    """What this user may do here: corrections, and the verbs below his own organisation."""
    if organization.dissolved_on:
        return []
    may_correct = access.may_on(request.user, roles.CHANGE_ORGANIZATION, organization)
    may_found = may(request.user, roles.CHANGE_TREE, organization.path)
    change, add = "admin:branches_organization_change", "admin:branches_organization_add"
    mine = urlencode({"organization": organization.pk})
    pages: list[tuple[bool, str | Promise, str]] = [
        (True, _now("Statistics"), f"{reverse('admin:statistics')}?{mine}"),
        (True, _now("Work report"), f"{reverse('admin:work_report')}?{mine}"),
        (may_correct, _now("Correct details"), reverse(change, args=[organization.pk])),
        (may_correct, _now("Own fields"), page_of_own_fields(organization)),
        (may_correct, _now("Layouts"), page_of_layouts(organization)),
        (
            may_found and not organization.holds_members,
            _now("Found below"),
            f"{reverse(add)}?parent={organization.pk}",
        ),
    ]
    if organization.may_be_reorganized_by(request.user):
        pages += [
            (True, label, reverse(f"admin:organization_{name}", args=[organization.pk]))
            for name, label in (
                ("rename", _now("Rename")),
                ("move", _now("Move")),
                ("kind", _now("Change kind")),
                ("split", _now("Split")),
                ("merge", _now("Merge")),
                ("dissolve", _now("Dissolve")),
            )
        ]
    asked = f"?organization={organization.pk}"
    pages += [
        (
            may(request.user, roles.PRINT, organization.path),
            _now("Print the roster"),
            reverse("admin:rosters") + asked,
        ),
        (
            may(request.user, roles.PRINT, organization.path),
            _now("Papers"),
            reverse("admin:papers") + asked,
        ),
        (
            may(request.user, roles.IMPORT, organization.path),
            _now("Upload a workbook"),
            reverse("admin:registry_importjob_add") + asked,
        ),
        (
            organization.holds_members
            and all(
                may(request.user, verb, organization.path) for verb in (roles.IMPORT, roles.EXPORT)
            ),
            _now("A template to fill in"),
            reverse("admin:member_template") + asked,
        ),
    ]
    history = reverse("admin:branches_organization_history", args=[organization.pk])
    may_read = access.may_on(request.user, roles.VIEW_HISTORY, organization)
    pages.append((may_read, _now("History"), history))
    return [{"label": label, "url": url} for allowed, label, url in pages if allowed]


admin.site.page(  # type: ignore[attr-defined]
    "organizations/<int:pk>/", organization_page, "organization_page", roles.VIEW
)
