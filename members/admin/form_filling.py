"""The page “fill in a form”: the people of the list, and the empty workbook from above."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.rules import roles
from members.models import Member
from members.sheets.form_filling import FilledForm, FormFilling
from registry import access
from registry.admin.exporting import readable_list
from registry.admin.reasons import REASON
from registry.language import said
from registry.models import PreparedFile, acting
from registry.sheets.editing.returned import XLSX_TYPE
from registry.sheets.exporting import objections_to_full
from registry.sheets.formats import MAX_UPLOAD, MEGABYTE
from registry.sheets.workbook import Unreadable
from registry.templatetags.registry_pages import filter_chips
from registry.uploads import WorkbookField

LONGEST_REASON = 200


class FormFillingForm(forms.Form):
    file = WorkbookField(
        label=_("the empty form"), error_messages={"required": _("Choose the form.")}
    )
    full = forms.BooleanField(label=_("With full ID numbers, phones and addresses"), required=False)
    reason = forms.CharField(
        label=_("What do you need it for?"), required=False, max_length=LONGEST_REASON
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fill_form(request: HttpRequest) -> HttpResponseBase:
    """The chosen people and the box for the form; after the upload the way to the filled one."""
    model_admin: Any = admin.site.get_model_admin(Member)
    list_url = f"{reverse('admin:members_member_changelist')}?{request.GET.urlencode()}"
    changes = readable_list(model_admin, request)
    if changes is None:
        text = _now("The filters cannot be read, so nobody is chosen. Correct them.")
        messages.error(request, text)
        return HttpResponseRedirect(list_url)
    people = changes.queryset.visible_to(request.user, roles.EXPORT)
    form = FormFillingForm(request.POST or None, request.FILES or None, label_suffix="")
    result = kept = None
    if form.is_valid():
        result = _filled(request, model_admin, changes, people, form)
    if result:
        kept = PreparedFile.keep(request.user, result.name, XLSX_TYPE, result.data)
    context = {
        **admin.site.each_context(request),
        "title": _now("Fill in a form"),
        "opts": Member._meta,
        "form": form,
        "count": people.count(),
        "chips": filter_chips(changes),
        "query": request.GET.get(SEARCH_VAR, ""),
        "list_url": list_url,
        "may_be_full": access.may(request.user, roles.EXPORT_FULL),
        "known_reason": request.session.get(REASON, ""),
        "largest": MAX_UPLOAD // MEGABYTE,
        "result": result,
        "notes": [said(note) for note in result.notes] if result else [],
        "file_url": reverse("admin:prepared_file", args=[kept.pk]) if kept else "",
    }
    return TemplateResponse(request, "admin/members/fill_form.html", context)


def _filled(
    request: HttpRequest, model_admin: Any, changes: Any, people: Any, form: FormFillingForm
) -> FilledForm | None:
    """Return the form of a valid question, or None where the question has got an error."""
    reason = ""
    if form.cleaned_data["full"]:
        reason = request.session.get(REASON) or form.cleaned_data["reason"].strip()
        for objection in objections_to_full(request.user, people, reason):
            form.add_error("full", objection)
    if not people.exists():
        form.add_error(None, _now("Nobody is chosen. Choose other people."))
    if not form.is_valid():
        return None
    if reason:
        request.session[REASON] = reason
    record = model_admin.export_record(changes)
    told = {
        "filter": "; ".join(chip["text"] for chip in filter_chips(changes)),
        "search": model_admin.search_as_logged(request.GET.get(SEARCH_VAR, "")),
    }
    where = {} if record else {"chain": f"user:{request.user.pk}"}
    upload = form.cleaned_data["file"]
    filling = FormFilling(request.user, full=form.cleaned_data["full"], on=timezone.localdate())
    try:
        with acting(request.user, reason):
            return filling.fill(upload.read(), upload.name or "", people, told, record, **where)
    except Unreadable as error:
        form.add_error("file", said(error.sentence))
    return None


admin.site.page(  # type: ignore[attr-defined]
    "fill-form/", fill_form, "fill_form", roles.EXPORT
)
