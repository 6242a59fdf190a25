"""The members: the list a clerk works from, and the form that follows the paper form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import F, Prefetch, QuerySet, Sum
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, scopes
from branches.rules import roles
from members.admin.bulk import BulkChange
from members.admin.development.member_door import file_door
from members.admin.dues.block import dues_of
from members.admin.forms import MemberForm, NewMemberForm
from members.admin.inlines import OfficeInline, PlacementInline
from members.admin.member_columns import MemberColumns
from members.admin.own_values import TOO_LONG, own_section, with_own_values
from members.admin.printing import MemberFormPage
from members.admin.reveal import RevealPage
from members.admin.searching import SearchedPeople
from members.admin.standing.block import standing_of
from members.admin.standing.member_pages import STANDING
from members.admin.verbs import VerbPages
from members.filters import MemberFilter
from members.models import (
    FloatingOut,
    Headcount,
    Member,
    MembershipDecision,
    Office,
    Placement,
    SecondMembership,
)
from members.models.own_values import OWN
from members.papers.roster import PAPER
from members.rules import completeness
from members.sheets.exporting import MemberExport
from registry import access
from registry.admin import Place
from registry.admin.filtering import FilteredModelAdmin
from registry.admin.masking import MaskedAdmin
from registry.admin.saving import VerbSaving
from registry.language import said

FEW = 10_000
# What a list need not read, and decrypt, unless its column is chosen.
UNREAD = {"id_number": "masked_id_number", "address": "address", "note": "note"}
# The sections of the paper form, in its order; the branch stands first where it is asked.
BRANCH, PERSON, RELATION = _("Branch"), _("Person"), _("Membership relation")
SECTIONS: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (
        PERSON,
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
        ),
    ),
    (
        _("Membership"),
        (
            ("kind", "joined_on"),
            ("full_member_on", "party_age_correction"),
            ("joined_in", "sponsors"),
        ),
    ),
    (
        RELATION,
        (
            ("party_group", "display_order"),
            ("staff_number", "file_kept_at"),
            ("floating", "floating_to"),
            "lost_contact_since",
        ),
    ),
    (_("Contact"), (("phone", "office_phone"), "address")),
    (_("Other"), ("hardship", "note")),
)
OWN_FIELDS = _("Own fields")  # the last section, where the member's offices keep some


@admin.register(Member)
class MemberAdmin(
    MemberColumns,
    SearchedPeople,
    VerbSaving,
    MaskedAdmin,
    RevealPage,
    MemberFormPage,
    VerbPages,
    BulkChange,
    FilteredModelAdmin,
):
    filterset_class = MemberFilter
    list_display = (
        "full_name",
        "sex",
        "born",
        "age",
        "branch",
        "kind",
        "joined",
        "posts",
        "job_title",
        "masked_phone",
    )
    columns_available = (
        "number",
        "staff_number",
        "ethnicity",
        "education",
        "native_place",
        "category",
        "full_member",
        "party_age",
        "unit",
        "rank",
        "leading_cadre",
        "party_group",
        "masked_id_number",
        "floating",
        "state",
        "missing_count",
    )
    actions = ("move_many", "transfer_many", "change_field")
    search_help_text = _("Name, pinyin or initials, number, ID number or phone")
    form = MemberForm
    autocomplete_fields = ("organization", "unit")
    choice_verbs = {"organization": roles.ADD}
    readonly_fields = (
        "number",
        "state",
        "age",
        "party_age",
        "branch_and_move",
        "masked_id_number",
        "masked_phone",
        "masked_address",
    )
    inlines = (OfficeInline, PlacementInline)

    # The list

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        """Only what the chosen columns show."""
        shown = set(self.get_list_display(request))
        return ("organization", *(name for name in ("unit", "party_group") if name in shown))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("organization__path", "display_order", "pk")

    def keeps_few(self, request: HttpRequest) -> bool:
        """Whether the rows that this user sees are few in a large register."""
        ranges = scopes(request.user, roles.VIEW)
        heads = Headcount.objects.filter(organization__path__in=[scope.low for scope in ranges])
        seen = heads.aggregate(sum=Sum(F("full") + F("probationary")))["sum"] or 0
        return seen <= FEW and all(scope.high is not None for scope in ranges)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The posts are read for the rows of the page only, by one question."""
        changes = super().get_changelist_instance(request)
        if isinstance(changes.result_list, QuerySet):
            columns = set(changes.list_display)
            unread = [name for name, column in UNREAD.items() if column not in columns]
            changes.result_list = changes.result_list.defer(*unread, OWN)
        if "posts" in changes.list_display and isinstance(changes.result_list, QuerySet):
            held = Office.objects.on(timezone.localdate()).visible_to(request.user)
            changes.result_list = changes.result_list.prefetch_related(
                Prefetch("offices", held.select_related("organization"), to_attr="offices_now")
            )
        return changes

    # What goes out of the list

    def export_source(self, request: HttpRequest) -> MemberExport:
        return MemberExport(request.user, timezone.localdate())

    def export_title(self, changes: Any) -> str:
        return f"{self.export_record(changes) or ''}{PAPER}"

    def export_record(self, changes: Any) -> Organization | None:
        chosen: Organization | None = changes.filterset.form.cleaned_data.get("organization")
        return chosen

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Member | None = None) -> Any:
        sections = {name: list(fields) for name, fields in SECTIONS}
        if obj is None:
            # A Party group is chosen when the branch is known.
            sections[RELATION][0] = "display_order"
            sections = {BRANCH: ["organization", ("since", "began")], **sections}
        else:
            sections[PERSON][:0] = [("number", "state"), ("age", "party_age")]
            sections[RELATION].insert(0, "branch_and_move")
            may_change = self.has_change_permission(request, obj)
            if own := own_section(obj, may_change=may_change):
                sections[OWN_FIELDS] = own
        fieldsets = [(name, {"fields": fields}) for name, fields in sections.items()]
        return self.for_readers(request, obj, fieldsets)

    def get_form(  # type: ignore[override]
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> Any:
        kwargs["form"] = with_own_values(MemberForm, obj) if obj else NewMemberForm
        return super().get_form(request, obj, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The branch of whoever keeps one only; nothing else is taken from the address."""
        own = Organization.objects.visible_to(request.user, roles.ADD).that_hold_members()
        branches = list(own.standing()[:2])
        return {"organization": branches[0].pk} if len(branches) == 1 else {}

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return super().get_inline_instances(request, obj) if obj else []

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and getattr(field, "max_length", None):
            field.error_messages["max_length"] = TOO_LONG
        return field

    def save_by_verb(self, request: HttpRequest, record: Any, form: Any, *, change: bool) -> None:
        today = timezone.localdate()
        known = {finding.code for finding in form.findings}
        if not change:
            since, began = form.cleaned_data["since"], form.cleaned_data["began"]
            record.admit(since, began=began, today=today)
        elif form.changed_data:
            record.correct(today)
        for finding in record.findings.standing_open():
            if reason := form.reasons.get(finding.code):
                finding.accept(request.user, reason, today)
        now = {finding.code for finding in record.findings.standing_open()}
        request._new_findings = len(now - known)  # type: ignore[attr-defined]
        for note in form.notes:
            messages.warning(request, note)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        super().save_formset(request, form, formset, change)
        for each in formset.forms:
            for note in getattr(each, "notes", ()):
                messages.warning(request, note)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> Any:
        return self._to_the_warnings(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> Any:
        return self._to_the_warnings(request, obj) or super().response_post_save_change(
            request, obj
        )

    def _to_the_warnings(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect | None:
        """Back to the form where saving has brought up something odd that nobody has judged."""
        if not getattr(request, "_new_findings", 0):
            return None
        messages.warning(
            request,
            _now("Saved. Something looks odd: correct it, or let it stand with a reason."),
        )
        return HttpResponseRedirect(reverse("admin:members_member_change", args=[obj.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        member, form = context["original"], context["adminform"].form
        context["conflicts"] = getattr(form, "conflicts", [])
        if member is not None:
            lacking = member.missing()
            context |= {
                "verbs": self.verbs_for(request, member),
                "standing": standing_of(
                    member, request.user, self.verbs_for(request, member, STANDING)
                ),
                "dues": dues_of(member, request.user),
                "development": file_door(member, request.user),
                "may_print": access.may_on(request.user, roles.PRINT, member),
                "may_reveal": access.may_on(request.user, roles.REVEAL, member),
                "has_history_permission": self.has_history_permission(request, member),
                "may_change": self.has_change_permission(request, member),
                "complete_share": completeness.share(lacking),
                "missing": [_missing(form, field) for field in lacking],
                "warnings": form.standing_warnings,
                "posts_elsewhere": member.offices.exclude(
                    pk__in=Office.objects.visible_to(request.user)
                ),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # The history

    def history_of(self, obj: Any) -> Iterable[tuple[Any, Iterable[int]]]:
        return [
            *super().history_of(obj),
            (Placement, obj.placements.values_list("pk", flat=True)),
            (Office, obj.offices.values_list("pk", flat=True)),
            # Never discipline, which few may see: its own page shows what was changed.
            (MembershipDecision, obj.decisions.values_list("pk", flat=True)),
            (FloatingOut, obj.times_away.values_list("pk", flat=True)),
            (SecondMembership, obj.second_memberships.values_list("pk", flat=True)),
        ]


def _missing(form: Any, field: str) -> dict[str, Any]:
    """Return what a missing item is called, and where it is on the form."""
    return {
        "label": said(completeness.LABELS[field]),
        "anchor": form[field].id_for_label if field in form.fields else "",
    }


admin.site.places.append(  # type: ignore[attr-defined]
    Place(_("Members"), "members_member_changelist", roles.VIEW, 10, icon="members")
)
