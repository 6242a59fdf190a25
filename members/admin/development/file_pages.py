"""What the pages have in common on which something happens to one file."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.rules import roles
from members.admin.deeds import DeedForm, not_to_come
from members.models import DevelopmentFile
from members.models.development.acting import acting_organization, may_enter
from members.rules import development
from registry import access
from registry.admin.saving import is_sent_again
from registry.forms import DayField
from registry.models import StaleRecord, acting
from registry.plain_text import PlainTexts


class NotYet(Exception):
    """A deed has asked something first; what it asks stands on its form."""


class ReasonForm(PlainTexts, DeedForm):
    """A deed that needs nothing but its reason, which the verb asks for."""

    reason = forms.CharField(
        label=_("why"), required=False, max_length=200, help_text=_("Stands in the history.")
    )


class DayForm(PlainTexts, DeedForm):
    """A deed of a day, which is today where nothing else is said, and never still to come."""

    on = DayField(label=_("on"), initial=timezone.localdate)

    def clean_on(self) -> Any:
        return not_to_come(self.cleaned_data["on"])


def file_of(request: HttpRequest, pk: int, verb: str = roles.VIEW) -> DevelopmentFile:
    """Return a file that the user sees, 404 for any other; 403 where he lacks ``verb`` on it."""
    rows = DevelopmentFile.objects.visible_to(request.user)
    file: DevelopmentFile = get_object_or_404(rows.select_related("organization", "member"), pk=pk)
    if verb != roles.VIEW and not access.may_on(request.user, verb, file):
        raise PermissionDenied
    return file


def steps_of(file: DevelopmentFile, known: development.File) -> dict[str, development.Step]:
    """Return the steps that ``file`` may take, those of its offices among them, by their codes."""
    return development.STEPS | {step.code: step for step in known.local_steps}


def step_of(file: DevelopmentFile, code: str) -> development.Step:
    """Return a step of ``file``; raise Http404 where it has no such step."""
    step = steps_of(file, file.facts_for_rules()).get(code)
    if step is None:
        raise Http404(_now("There is no such step."))
    return step


def enters(user: Any, file: DevelopmentFile, acts: str) -> bool:
    """Return whether ``user`` enters what is done at the level ``acts`` for ``file``."""
    return may_enter(user, acting_organization(file.organization, acts), acts)


def page_of(file: DevelopmentFile, anchor: str = "") -> str:
    """Return the address of the file's page."""
    address = reverse("admin:members_developmentfile_change", args=[file.pk])
    return f"{address}#{anchor}" if anchor else address


def is_done(request: HttpRequest, form: Any, deed: Callable[[], Any]) -> bool:
    """Do ``deed`` where the form is right, and return whether it is done.

    What it objects to stands in the form. A form that is sent twice does it once.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with transaction.atomic(), acting(request.user, form.cleaned_data.get("reason", "")):
            if not is_sent_again(request):
                deed()
    except NotYet:
        return False
    except ValidationError as error:
        form.object_to(error)
        return False
    except StaleRecord:
        form.add_error(
            None, _now("Somebody else has just saved this file. Look at it, and do it again.")
        )
        return False
    return True


def back_to(
    request: HttpRequest, file: DevelopmentFile, text: str, anchor: str = ""
) -> HttpResponse:
    """Say what was done, on the page of the file; on the list where it has left the user's rows."""
    messages.success(request, text)
    if access.may_on(request.user, roles.VIEW, file):
        return HttpResponseRedirect(page_of(file, anchor))
    return HttpResponseRedirect(reverse("admin:members_developmentfile_changelist"))


def deed_page(
    request: HttpRequest,
    file: DevelopmentFile,
    form: Any,
    title: str,
    button: str | Promise,
    *,
    template: str = "deed",
    consequences: Iterable[str] = (),
    **more: Any,
) -> HttpResponse:
    """Return the page on which one thing happens to a file."""
    context = {
        **admin.site.each_context(request),
        "title": title,
        "opts": DevelopmentFile._meta,
        "file": file,
        "form": form,
        "button": button,
        "consequences": consequences,
        "once": request.POST.get("once") or secrets.token_urlsafe(16),
        "media": form.media,
        "back": page_of(file),
        **more,
    }
    return TemplateResponse(request, f"admin/members/development/{template}.html", context)
