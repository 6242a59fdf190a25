"""The files of development: the list a clerk works from, and the page of one person's file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles
from members.admin.development.attaching import scans_of
from members.admin.development.courses import courses_for
from members.admin.development.file_columns import FileColumns
from members.admin.development.file_filters import FileFilter
from members.admin.development.file_forms import FileForm, NewFileForm
from members.admin.development.pages import doors_of, link_to
from members.admin.development.timeline import Timeline
from members.admin.own_values import TOO_LONG
from members.admin.reveal import RevealPage
from members.admin.searching import SearchedPeople
from members.models import Attachment, Deadline, DevelopmentFile, Member, SentBack, StepTaken
from members.models.own_values import OWN
from members.sheets.development.exporting import DevelopmentExport
from registry import access
from registry.admin.autocomplete import ScopedAutocomplete
from registry.admin.filtering import FilteredModelAdmin
from registry.admin.masking import MaskedAdmin
from registry.admin.saving import VerbSaving
from registry.language import said

LIST = "members_developmentfile_changelist"
# What a list need not read, and decrypt, unless its column is chosen.
UNREAD = {"id_number": "masked_id_number", "phone": "masked_phone", "address": "masked_address"}
PERSON: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (
        _("Person"),
        (("name", "sex"), ("ethnicity", "born_on"), ("id_number", "native_place")),
    ),
    (
        _("Education and work"),
        (
            ("education", "education_channel"),
            ("degree", "work_began_on"),
            ("unit", "employer"),
            ("job_title", "rank"),
            ("category", "leading_cadre"),
            ("front_line", "staff_number"),
        ),
    ),
    (_("Contact"), (("phone", "office_phone"), "address")),
    (_("Other"), ("note",)),
)
APPLICATION = (
    (_("Branch"), ("organization",)),
    (_("Application"), (("on", "received_by"), ("historical", "reason"))),
)


class MemberToTakeOver(forms.Form):
    """Whose data a new file begins with: a probationary member who is on the roll already."""

    member = forms.ModelChoiceField(
        label=_("already a probationary member on the roll?"),
        required=False,
        queryset=Member.objects.none(),
        widget=ScopedAutocomplete(DevelopmentFile._meta.get_field("member"), admin.site),
    )


@admin.register(DevelopmentFile)
class DevelopmentFileAdmin(
    FileColumns, SearchedPeople, VerbSaving, MaskedAdmin, RevealPage, FilteredModelAdmin
):
    filterset_class = FileFilter
    change_list_template = "admin/members/development/files.html"
    change_form_template = "admin/members/development/file.html"
    list_display = (
        "full_name",
        "sex",
        "born",
        "branch",
        "standing",
        "since",
        "next_step",
        "waits_for",
        "due_by",
        "job_title",
    )
    columns_available = (
        "age",
        "stage",
        "applied",
        "probation_ends",
        "ethnicity",
        "education",
        "category",
        "front_line",
        "staff_number",
        "masked_id_number",
        "masked_phone",
        "rules",
        "state",
    )
    search_help_text = _("Name, pinyin or initials, ID number or phone")
    form = FileForm
    autocomplete_fields = ("organization", "unit")
    choice_verbs = {"organization": roles.ADD}
    readonly_fields = ("masked_id_number", "masked_phone", "masked_address")

    # The list

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        return ("organization",)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("organization__path", "pk")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What the files wait for is read for the rows of the page only, by one question."""
        changes = super().get_changelist_instance(request)
        if isinstance(changes.result_list, QuerySet):
            columns = set(changes.list_display)
            unread = [name for name, column in UNREAD.items() if column not in columns]
            waiting = Prefetch("deadlines", Deadline.objects.order_by("position"), "waiting")
            rows = changes.result_list.defer(*unread, OWN, "note")
            changes.result_list = rows.prefetch_related(waiting)
        return changes

    def export_source(self, request: HttpRequest) -> DevelopmentExport:
        return DevelopmentExport(request.user, timezone.localdate())

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """With the tabs to the other pages of development, of the organisation that is chosen."""
        response = super().changelist_view(request, *args, **kwargs)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            form = context["cl"].filterset.form
            chosen = form.cleaned_data.get("organization") if form.is_valid() else None
            own = Organization.objects.visible_to(request.user, roles.VIEW).order_by("path")
            chosen = chosen or own.standing().first() or own.first()
            if chosen:
                context["doors"] = doors_of(request.user, chosen, LIST)
        return response

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sections = PERSON if obj else (*APPLICATION, *PERSON)
        fieldsets = [(name, {"fields": fields}) for name, fields in sections]
        return self.for_readers(request, obj, fieldsets)

    def get_form(  # type: ignore[override]
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> Any:
        kwargs["form"] = FileForm if obj else NewFileForm
        return super().get_form(request, obj, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The branch of whoever keeps one only; nothing else is taken from the address as it is."""
        own = Organization.objects.visible_to(request.user, roles.ADD).that_hold_members()
        branches = list(own.standing()[:2])
        return {"organization": branches[0].pk} if len(branches) == 1 else {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and getattr(field, "max_length", None):
            field.error_messages["max_length"] = TOO_LONG
        return field

    def save_by_verb(self, request: HttpRequest, record: Any, form: Any, *, change: bool) -> None:
        today = timezone.localdate()
        notes = list(form.notes)
        if not change:
            row = record.begin(by=request.user, today=today, **form.beginning())
            notes += [said(warning) for warning in row.warnings]
        elif form.changed_data:
            record.correct(today)
        for note in notes:
            messages.warning(request, note)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> Any:
        """To the file: what comes next stands there."""
        return self._to_the_file(obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> Any:
        return self._to_the_file(obj)

    def _to_the_file(self, file: Any) -> Any:
        return HttpResponseRedirect(reverse("admin:members_developmentfile_change", args=[file.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        file, form = context["original"], context["adminform"].form
        context["conflicts"] = getattr(form, "conflicts", [])
        user = request.user
        if file is None:
            context["taken_over"] = form.taken_over
            context["take_over"] = MemberToTakeOver()
        else:
            timeline = Timeline(file, user, timezone.localdate())
            context |= {
                "timeline": timeline,
                "courses": courses_for(file, user),
                "scans": scans_of(file, user),
                "state": self.state(file),
                "id_number": self.masked_id_number(file),
                "phone": self.masked_phone(file),
                "member": Member.objects.visible_to(user).filter(pk=file.member_id).first(),
                "papers": access.may_on(user, roles.PRINT, file)
                and link_to("development_papers", file.pk),
                "may_reveal": access.may_on(user, roles.REVEAL, file),
                "has_history_permission": self.has_history_permission(request, file),
                "may_change": self.has_change_permission(request, file),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # The history

    def history_of(self, obj: Any) -> Iterable[tuple[Any, Iterable[int]]]:
        return [
            *super().history_of(obj),
            (StepTaken, obj.steps.values_list("pk", flat=True)),
            (SentBack, obj.returns.values_list("pk", flat=True)),
            (Attachment, obj.attachments.values_list("pk", flat=True)),
        ]
