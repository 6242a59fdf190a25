"""The page on which the last act on an organisation is taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now

from branches.admin.organizations import kind_in_words, page_of
from branches.models import Organization, OrganizationPeriod, Reorganization, may
from branches.rules import roles
from members.models.reorganizing import take_back
from members.models.reorganizing.previewing import objections_to
from members.models.reorganizing.taking_back import last_act_of


def may_take_back(user: Any, act: Reorganization) -> bool:
    """Return whether ``user`` could have done all of it: he may change whatever it touched, and
    the superiors under which it stood and stands."""
    touched = act.lines.values("organization")
    own = Organization.objects.reorganizable_by(user).filter(pk__in=touched)
    if own.count() != touched.distinct().count():
        return False
    lines = OrganizationPeriod.objects.filter(organization__in=touched, parent__isnull=False)
    changed = lines.exclude(event="moved_along").values("parent")
    above = Organization.objects.filter(pk__in=changed).values_list("path", flat=True)
    return all(may(user, roles.CHANGE_TREE, path) for path in above)


def take_back_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the last act was, what speaks against taking it back, and the button that does it."""
    rows = Organization.objects.reorganizable_by(request.user)
    organization = get_object_or_404(rows, pk=pk)
    act = last_act_of(organization)
    if act is None or not may_take_back(request.user, act):
        raise Http404
    form = forms.Form(request.POST if request.method == "POST" else {})
    back = reverse("admin:organization_chronicle", args=[organization.pk])
    if request.method == "POST" and request.POST.get("act") == f"{act.pk}":
        try:
            take_back(act)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _now("It was taken back, as if it had never been."))
            return HttpResponseRedirect(_page_after(organization, back))
    else:
        for sentence in objections_to(lambda: take_back(act)):
            form.add_error(None, sentence)
    context = {
        **admin.site.each_context(request),
        "title": _now("Take back: %(act)s") % {"act": act},
        "organization": organization,
        "kind": kind_in_words(organization),
        "back": back,
        "act": act,
        "form": form,
        "possible": NON_FIELD_ERRORS not in form.errors,
        "touched": act.lines.values("organization").distinct().count(),
    }
    return TemplateResponse(request, "admin/branches/take_back.html", context)


def _page_after(organization: Organization, back: str) -> str:
    """The organisation itself may have been founded by what was taken back."""
    if Organization.objects.filter(pk=organization.pk).exists():
        return back
    return page_of(organization.parent) if organization.parent else reverse("admin:index")


admin.site.page(  # type: ignore[attr-defined]
    "organizations/<int:pk>/take-back/",
    take_back_page,
    "reorganization_take_back",
    roles.CHANGE_TREE,
)
