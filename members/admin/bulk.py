"""One field of many members: first the field, then the value, then before and after, then saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from branches.models.reorganizing import hold_tree
from branches.rules import roles
from members.admin.verbs import AT_ONCE
from members.models import Member
from registry.models import StaleRecord, acting

# Neither who somebody is, nor what only a verb may change, nor what is protected.
FIELDS = (
    "category",
    "unit",
    "employer",
    "job_title",
    "rank",
    "leading_cadre",
    "ethnicity",
    "native_place",
    "education",
    "education_channel",
    "degree",
    "joined_in",
    "file_kept_at",
    "floating",
    "floating_to",
    "hardship",
)


@dataclass(frozen=True)
class Row:
    """One member as the page shows him before anything is changed."""

    member: Member
    before: str
    after: str
    changes: bool


class BulkChange:
    """Mixin of the members' admin: the action that changes one field of many rows."""

    admin_site: Any
    opts: Any

    @admin.action(description=_("Change one field"))
    def change_field(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        members = list(rows[: AT_ONCE + 1])
        if len(members) > AT_ONCE:
            text = _now("At most %(count)s people are changed at once. Choose fewer.")
            messages.warning(request, text % {"count": AT_ONCE})
            return None
        if not members:
            return None
        name = request.POST.get("field", "")
        form = self._value_form(request, name) if name in FIELDS else None
        shown: list[Row] = []
        if form is not None and form.is_valid():
            value = form.cleaned_data["value"]
            # What is written is what stood on the page: another value is shown first.
            seen = request.POST.getlist("shown") == request.POST.getlist("value")
            confirmed = "confirmed" in request.POST and seen
            if confirmed and self._changed(request, members, name, form):
                return None
            shown = [_row(member, name, value) for member in members]
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext(
                "Change one field of %(count)s person",
                "Change one field of %(count)s people",
                len(members),
            )
            % {"count": len(members)},
            "opts": self.opts,
            "action": "change_field",
            "members": members,
            "fields": [(each, Member._meta.get_field(each).verbose_name) for each in FIELDS],  # type: ignore[union-attr]
            "field": name if form else "",
            "form": form,
            "rows": shown,
            "shown": request.POST.get("value", ""),
            "changing": sum(row.changes for row in shown),
            "media": self.media + (form.media if form else forms.Media()),  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/members/member/bulk_change.html", context)

    change_field.verb = roles.CHANGE  # type: ignore[attr-defined]

    def _value_form(self, request: HttpRequest, name: str) -> forms.Form:
        """Return a form with the one value, read and checked as on the form of a member."""
        column: Any = Member._meta.get_field(name)
        field: Any
        if isinstance(column, models.BooleanField):
            field = forms.TypedChoiceField(
                choices=(("1", _("yes")), ("0", _("no"))), coerce=lambda text: text == "1"
            )
        else:
            field = self.formfield_for_dbfield(column, request)  # type: ignore[attr-defined]
        field.label = column.verbose_name
        reason = forms.CharField(label=_("why"), required=False, max_length=200)
        form_class = type("ValueForm", (forms.Form,), {"value": field, "reason": reason})
        asked = "value" in request.POST
        form: forms.Form = form_class(request.POST if asked else None, label_suffix="")
        return form

    def _changed(
        self, request: HttpRequest, members: list[Member], name: str, form: forms.Form
    ) -> bool:
        """Correct all members, or none and say every objection on the form."""
        changed = 0
        value = form.cleaned_data["value"]
        with transaction.atomic(), acting(request.user, form.cleaned_data["reason"]):
            hold_tree()  # many rows and logs, in an order of the clerk's choice
            for member in members:
                row = _row(member, name, value)
                if not row.changes:
                    continue
                seen = request.POST.get(f"version-{member.pk}", "")
                try:
                    if seen != str(member.version):
                        raise StaleRecord
                    with transaction.atomic():
                        setattr(member, name, value)
                        member.correct(timezone.localdate())
                    changed += 1
                except StaleRecord:
                    text = _now("%(name)s was saved by somebody else since. Look at it again.")
                    form.add_error(None, text % {"name": member.name})
                except ValidationError as error:
                    for message in error.messages:
                        form.add_error(None, f"{member.name}: {message}")
            if form.errors:
                transaction.set_rollback(True)
        if form.errors:
            for member in members:
                member.refresh_from_db()
            return False
        text = ngettext("%(count)s record was changed.", "%(count)s records were changed.", changed)
        messages.success(request, text % {"count": changed})
        return True


def _row(member: Member, name: str, value: Any) -> Row:
    column: Any = Member._meta.get_field(name)
    before = getattr(member, name)
    return Row(member, _said(column, before), _said(column, value), before != value)


def _said(column: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    return str(dict(column.flatchoices or ()).get(value, "" if value is None else value))
