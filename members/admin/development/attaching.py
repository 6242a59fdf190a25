"""The scans of a file: attached, handed out to those who work on it, and taken away.

A scan shows ID numbers in full, so it is handed out only to who may reveal them or decides by the
papers, for a reason, and the log says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.rules import roles
from members.admin.deeds import DeedForm, typed
from members.admin.development.file_pages import (
    ReasonForm,
    back_to,
    deed_page,
    file_of,
    is_done,
    steps_of,
)
from members.models import Attachment, DevelopmentFile
from members.models.development.attachments import LARGEST
from members.rules.development import Step
from registry import access
from registry.admin.reasons import REASON
from registry.admin.reasons import ReasonForm as WhatForForm
from registry.downloads import attachment as handed_out
from registry.language import said
from registry.login.kept_forms import keeps_form
from registry.models import Entry
from registry.models.log import Action

ANCHOR = "scans"
OPENED_WITH = (roles.REVEAL, roles.APPROVE)


@dataclass(frozen=True)
class Scan:
    """One scan as the page of its file lists it."""

    row: Attachment
    step: str
    size: str
    opens: str = ""  # addresses, for whoever may
    goes: str = ""


@dataclass(frozen=True)
class Scans:
    rows: list[Scan]
    attach: str = ""


class AttachForm(DeedForm):
    content = forms.FileField(
        label=_("scan"),
        allow_empty_file=True,  # the record says what is wrong with it
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={"required": _("Choose the scan.")},
    )
    step = forms.ChoiceField(label=_("step"), required=False)

    def __init__(self, data: Any, files: Any, *, steps: dict[str, Step], **options: Any) -> None:
        super().__init__(data, files=files, **options)
        field: Any = self.fields["step"]
        field.choices = [
            ("", _now("the whole file")),
            *((step.code, f"{step.number} {said(step.label)}") for step in steps.values()),
        ]


def scans_of(file: DevelopmentFile, user: Any) -> Scans:
    """Return the scans of ``file`` with what ``user`` may do with them."""
    may_open = may_open_scans(file, user)
    may_change = access.may_on(user, roles.CHANGE, file)
    rows = Attachment.objects.filter(file=file).listed().order_by("pk")
    labels = {code: said(step.label) for code, step in _steps(file).items()} if rows else {}
    return Scans(
        [
            Scan(
                row,
                labels.get(row.step, ""),
                filesizeformat(row.size),
                reverse("admin:development_attachment", args=[row.pk]) if may_open else "",
                reverse("admin:development_take_away", args=[row.pk]) if may_change else "",
            )
            for row in rows
        ],
        reverse("admin:development_attach", args=[file.pk]) if may_change else "",
    )


def may_open_scans(file: DevelopmentFile, user: Any) -> bool:
    return any(access.may_on(user, verb, file) for verb in OPENED_WITH)


def _steps(file: DevelopmentFile) -> dict[str, Step]:
    return steps_of(file, file.facts_for_rules())


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, pk: int) -> HttpResponseBase:
    file = file_of(request, pk, roles.CHANGE)
    asked = request.GET.get("step", "")
    form = AttachForm(
        typed(request), request.FILES or None, steps=_steps(file), initial={"step": asked}
    )

    def keep() -> None:
        scan = form.cleaned_data["content"]
        Attachment.attach(
            file,
            scan.name or "",
            scan.read(),
            by=request.user,
            on=timezone.localdate(),
            step=form.cleaned_data["step"],
        )

    if is_done(request, form, keep):
        text = _now("“%(name)s” is attached.") % {"name": form.cleaned_data["content"].name}
        return back_to(request, file, text, ANCHOR)
    return deed_page(
        request,
        file,
        form,
        _now("Attach a scan to the file of %(name)s") % {"name": file.name},
        _("Attach"),
        consequences=[
            _now("PDF, JPEG or PNG of at most %(most)s MB; kept encrypted.")
            % {"most": LARGEST // 1024 // 1024},
            _now("Nobody but who may reveal protected values opens it, and the log says who did."),
        ],
        has_file=True,
    )


def _scan_of(request: HttpRequest, pk: int) -> Attachment:
    rows = Attachment.objects.visible_to(request.user).listed()
    scan: Attachment = get_object_or_404(rows.select_related("file__organization"), pk=pk)
    return scan


@require_http_methods(["GET", "HEAD", "POST"])
def hand_out(request: HttpRequest, pk: int) -> HttpResponseBase:
    scan = _scan_of(request, pk)
    if not may_open_scans(scan.file, request.user):
        raise PermissionDenied
    form = WhatForForm(request.POST if "reason" in request.POST else None, label_suffix="")
    if form.is_valid():
        request.session[REASON] = form.cleaned_data["reason"]
    if not (reason := request.session.get(REASON, "")) or request.method == "HEAD":
        return deed_page(
            request,
            scan.file,
            form,
            _now("Open “%(scan)s” of %(name)s") % {"scan": scan.name, "name": scan.file.name},
            _("Open"),
        )
    Entry.append(
        Action.REVEAL, scan.file, [["attachments", "", scan.name]], reason=reason, user=request.user
    )
    answer = handed_out(scan.name, bytes(scan.content), scan.content_type)
    answer["Cache-Control"] = "no-store, private"
    return answer


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def take_away(request: HttpRequest, pk: int) -> HttpResponseBase:
    scan = _scan_of(request, pk)
    file = file_of(request, scan.file_id, roles.CHANGE)
    form = ReasonForm(typed(request))

    def do() -> None:
        scan.take_away(form.cleaned_data["reason"])

    if is_done(request, form, do):
        text = _now("“%(name)s” is taken away.") % {"name": scan.name}
        return back_to(request, file, text, ANCHOR)
    return deed_page(
        request,
        file,
        form,
        _now("Take “%(scan)s” away from the file of %(name)s")
        % {"scan": scan.name, "name": file.name},
        _("Take away"),
        consequences=[_now("The scan is deleted; its name and your reason stay in the history.")],
    )


for route, view, name in (
    ("development/files/<int:pk>/attachments/", attach, "development_attach"),
    ("development/attachments/<int:pk>/", hand_out, "development_attachment"),
    ("development/attachments/<int:pk>/take-away/", take_away, "development_take_away"),
):
    admin.site.page(route, view, name, roles.VIEW)  # type: ignore[attr-defined]
