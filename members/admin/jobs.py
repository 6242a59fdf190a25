"""Uploads of rosters and of organisations, for one of the clerk's organisations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles
from members.models import Office, OwnField
from members.rules.findings import FINDINGS
from members.sheets.development.register import DevelopmentResource
from members.sheets.kinds import KINDS
from members.sheets.members import MemberResource
from members.sheets.own_fields import refuse_known_heading
from members.sheets.reconciling import missing_in_file
from members.tasks import apply_upload, read_upload, undo_upload
from registry import access
from registry.admin import Place
from registry.admin.autocomplete import ScopedAutocomplete, keys_among
from registry.admin.jobs import ImportJobAdmin
from registry.admin.jobs.rows import MissingLine
from registry.forms import DayField
from registry.language import said
from registry.models import ImportJob
from registry.sheets.rows import StagedRow
from registry.sheets.staging import Kind, Scope
from registry.uploads import WorkbookField

NAMES = {
    "members": _("Roster of members"),
    "organizations": _("List of organisations"),
    "dues_bases": _("Bases of dues"),
    "dues_payments": _("Payments of dues"),
    "dues_paid_to": _("Paid-to months of dues"),
    "development": _("Register of development"),
}
FILES = "admin:members_developmentfile_changelist"
# Where the record of an applied row is looked at.
PAGES = {
    "members": "admin:members_member_change",
    "development": "admin:members_developmentfile_change",
}


class UploadForm(forms.Form):
    """A workbook, for whom it is, and since when its people belong there."""

    file = WorkbookField(label=_("workbook"))
    kind = forms.ChoiceField(label=_("what it holds"))
    organization = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        label=_("for"),
        help_text=_("Rows that name no branch belong here; branches are looked up here and below."),
        # Any field that points at every kind of organisation.
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
        error_messages={
            "required": _("Choose the organisation."),
            "invalid_choice": _("This is no organisation of yours. Choose one of the list."),
        },
    )
    opening_on = DayField(
        label=_("opening day"),
        help_text=_(
            "New people belong to their branch from this day, unless the sheet says it; dues were "
            "paid on this day, unless the sheet says it."
        ),
        error_messages={
            "required": _("Choose the day."),
        },
    )

    whole_roster = forms.BooleanField(
        label=_("The sheet is the whole roster of this organisation"),
        help_text=_("Whoever is in the register there and missing in the sheet is shown."),
        required=False,
    )

    def __init__(self, *args: Any, user: Any, kinds: dict[str, Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.kinds = user, kinds
        mine = Organization.objects.visible_to(user, roles.IMPORT).standing()
        self.fields["organization"].queryset = mine  # type: ignore[attr-defined]
        self.fields["opening_on"].initial = timezone.localdate()
        allowed = [name for name, kind in kinds.items() if access.may(user, kind.verbs[0])]
        choice: Any = self.fields["kind"]
        choice.choices = [(name, NAMES[name]) for name in allowed]
        if len(allowed) == 1:
            choice.widget, choice.initial = forms.HiddenInput(), allowed[0]
            choice.required = False
        first = list(mine.order_by("path")[:1])
        if first:  # a clerk's own, the highest of them
            self.fields["organization"].initial = first[0].pk

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or str(self.fields["kind"].initial)

    def clean_opening_on(self) -> Any:
        day = self.cleaned_data["opening_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The opening day lies in the future. Choose an earlier one."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        kind, organization = self.kinds.get(cleaned.get("kind", "")), cleaned.get("organization")
        if kind and organization and not access.may_at(self.user, kind.verbs[0], organization.path):
            self.add_error(
                "organization", _("This is no organisation of yours. Choose one of the list.")
            )
        return cleaned


@admin.register(ImportJob)
class UploadAdmin(ImportJobAdmin):
    kinds = KINDS
    form_class = UploadForm

    def scope_of(self, cleaned: dict[str, Any]) -> Scope:
        organization = cleaned["organization"]
        return Scope(organization.path, str(organization))

    def asked_for(self, request: HttpRequest) -> dict[str, Any]:
        """The organisation from whose page the clerk comes; a foreign one is as good as none."""
        mine = Organization.objects.visible_to(request.user, roles.IMPORT)
        asked = mine.filter(pk__in=keys_among(request.GET.getlist("organization"))).first()
        return {"organization": asked.pk} if asked else {}

    def read_later(self, job: ImportJob) -> None:
        read_upload.enqueue(job.pk)

    def apply_later(self, job: ImportJob, user: Any, *, good_rows: bool) -> None:
        apply_upload.enqueue(job.pk, user.pk, good_rows)

    def undo_later(self, job: ImportJob, user: Any) -> None:
        undo_upload.enqueue(job.pk, user.pk)

    def missing_of(self, job: ImportJob, user: Any) -> list[MissingLine]:
        if job.kind != MemberResource.sheet_kind:
            return []
        return [
            MissingLine(each.member.name, str(each.member.organization), each.perhaps, each.actions)
            for each in missing_in_file(job, user)
        ]

    def keep_own_fields(self, job: ImportJob, names: Sequence[str]) -> None:
        organization = Organization.objects.filter(path=job.scope_path).first()
        if names and organization is None:
            raise ValidationError(_("Own fields belong to one organisation. Upload for one."))
        for name in names:
            refuse_known_heading(name)
        if organization:
            OwnField.keep(organization, names)

    def code_label(self, code: str) -> str:
        return said(FINDINGS.get(code, code))

    def places_of(self, rows: Sequence[StagedRow]) -> dict[int, str]:
        wanted = {row.outcome["organization"] for row in rows if "organization" in row.outcome}
        return {each.pk: str(each) for each in Organization.objects.filter(pk__in=wanted)}

    def url_of(self, job: ImportJob, row: StagedRow) -> str:
        page = PAGES.get(job.kind)
        return reverse(page, args=[row.target_id]) if page else ""

    def ways_on(self, job: ImportJob) -> list[tuple[str, str]]:
        top = Organization.objects.filter(path=job.scope_path).first()
        if job.kind == DevelopmentResource.sheet_kind:
            asked = f"?organization={top.pk}" if top else ""
            return [
                (_now("See the files"), f"{reverse(FILES)}{asked}"),
                (_now("To the desk"), reverse("admin:development")),
            ]
        if job.kind != MemberResource.sheet_kind or top is None:
            return [(_now("To the tree"), reverse("admin:organizations_tree"))]
        today = timezone.localdate()
        return [
            (
                _now("See the members"),
                f"{reverse('admin:members_member_changelist')}?organization={top.pk}",
            ),
            (
                _now("Print the roster"),
                f"{reverse('admin:rosters')}?organization={top.pk}&on={today}",
            ),
        ]


admin.site.places.append(  # type: ignore[attr-defined]
    Place(_("Uploads"), "registry_importjob_changelist", roles.IMPORT, 40, "upload")
)
