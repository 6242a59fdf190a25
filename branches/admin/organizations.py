"""Organisations: the list, what a clerk corrects in one, and the founding of a new one.

Names, kinds and places change by the verbs, which have pages of their own beside the record.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.admin.choosing import OrganizationField
from branches.filters import OrganizationFilter
from branches.models import Organization, PartyGroup
from branches.rules import codes, hierarchy, roles
from branches.sheets.exporting import OrganizationExport
from registry import access
from registry.admin import ScopedInline
from registry.admin.conflicts import VersionedForm
from registry.admin.filtering import FilteredChangeList, FilteredModelAdmin
from registry.admin.saving import RefusableForm, VerbSaving
from registry.language import said
from registry.models import Entry
from registry.models.log import Action
from registry.plain_text import PlainTexts


def page_of(organization: Organization) -> str:
    return reverse("admin:organization_page", args=[organization.pk])


def proposed_code(parent: Organization) -> str:
    """Return the code proposed for what is founded under ``parent``; "" where none is free."""
    taken = Organization.objects.filter(code__startswith=parent.code)
    try:
        return codes.proposed_code(parent.code, taken.values_list("code", flat=True))
    except ValueError:
        return ""


def refuse_future(day: date | None) -> None:
    if day and day > timezone.localdate():
        raise ValidationError(
            _now("%(day)s is still to come. Enter the change on that day."),
            code="future",
            params={"day": day},
        )


class OrganizationForm(PlainTexts, RefusableForm, VersionedForm):
    """What a clerk corrects without a verb."""

    class Meta:
        model = Organization
        fields = "__all__"


class FoundingForm(PlainTexts, RefusableForm):
    """A new organisation: where it stands, what it is, since when and by which document."""

    request: HttpRequest
    parent = OrganizationField(roles.CHANGE_TREE, label=_("superior"))
    document = forms.CharField(label=_("document number"), max_length=100, required=False)

    class Meta:
        model = Organization
        fields = "__all__"
        widgets = {"founded_on": AdminDateWidget()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.limit_to(self.request.user)
        self.fields["code"].required = False
        self.fields["code"].help_text = _("Empty: the superior's code and three digits more.")
        above = parent.queryset.filter(pk=_number(self.initial.get("parent"))).first()
        self.initial["parent"] = above and above.pk
        if above:
            self.initial["code"] = proposed_code(above)

    def clean_founded_on(self) -> Any:
        refuse_future(self.cleaned_data.get("founded_on"))
        return self.cleaned_data.get("founded_on")

    def clean(self) -> Any:
        cleaned = super().clean()
        parent = self.cleaned_data.get("parent")
        if parent and not self.cleaned_data.get("code"):
            self.cleaned_data["code"] = proposed_code(parent)
            if not self.cleaned_data["code"]:
                self.add_error("code", _now("No code with three digits is free. Write one."))
        return cleaned


def _number(text: Any) -> int | None:
    return int(text) if str(text).isdecimal() and len(str(text)) < 19 else None


class PartyGroupInline(ScopedInline):
    model = PartyGroup
    fields = ("name", "display_order")
    add_verb = change_verb = delete_verb = roles.CHANGE_ORGANIZATION


class OrganizationList(FilteredChangeList):
    def url_for_result(self, result: Any) -> str:
        return page_of(result)


class OrganizationPages(VerbSaving, FilteredModelAdmin):
    """The pages of organisations, less what is said of people; that is added by their app."""

    filterset_class = OrganizationFilter
    list_display: Any = (
        "shown_name", "code", "kind_and_sort", "unit_names", "area", "contact", "phone",
    )  # fmt: skip
    columns_available = (
        "name", "address", "approves_members", "founded_on", "dissolved_on",
    )  # fmt: skip
    list_select_related = ("area",)
    ordering = ("path",)
    search_fields = ("code",)  # Django shows a search box for it; found_by() does the asking
    search_help_text = _("Code or name")
    autocomplete_fields = ("units",)
    add_verb = roles.CHANGE_TREE
    change_verb = roles.CHANGE_ORGANIZATION
    inlines = (PartyGroupInline,)

    # Correcting, by what the clerk may do with it

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = OrganizationForm if obj else FoundingForm
        return super().get_form(request, obj, change=change, **kwargs | {"form": form})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        contact = (("contact", "phone"), "address")
        shared = (("units", "area"),)
        if obj is None:
            first = ("parent", ("kind", "sort"), "name", ("short_name", "code"))
            return (
                (_("What is founded"), {"fields": (*first, ("founded_on", "document"))}),
                (_("Units and contact"), {"fields": (*shared, *contact)}),
            )
        return (
            (None, {"fields": ("identity", ("code", "display_order"), "approves_members")}),
            (_("Units and contact"), {"fields": (*shared, *contact)}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """His own organisation a clerk does not renumber; units and areas need the wider verb."""
        if obj is None:
            return ()
        fixed = ["identity"]
        if not obj.may_be_reorganized_by(request.user):
            fixed += ["code", "display_order", "approves_members"]
        if not access.may_on(request.user, roles.CHANGE_TREE, obj):
            fixed += ["units", "area"]
        return tuple(fixed)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj and obj.holds_members else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is dissolved stays as it was."""
        return super().has_change_permission(request, obj) and not (obj and obj.dissolved_on)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Only the superior may come with the address, from the page of that organisation."""
        today = timezone.localdate()
        return {"parent": request.GET.get("parent", ""), "founded_on": today}

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("units")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.found_by(search_term), False  # type: ignore[attr-defined]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FilteredChangeList]:
        return OrganizationList

    def export_source(self, request: HttpRequest) -> OrganizationExport:
        return OrganizationExport()

    # Saving

    def save_by_verb(self, request: HttpRequest, record: Any, form: Any, *, change: bool) -> None:
        if change:
            record.correct()
        else:
            record.establish(document=form.cleaned_data["document"])
        if sentence := form.said_of_signs():
            messages.warning(request, sentence)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Units are rows of their own, which the log of the record would not tell."""
        units = form.instance.units
        before = ", ".join(units.values_list("name", flat=True))
        super().save_related(request, form, formsets, change)
        after = ", ".join(units.values_list("name", flat=True))
        if before != after:
            Entry.append(Action.CHANGE, form.instance, [["units", before, after]])

    def response_add(self, request: HttpRequest, obj: Any, *args: Any) -> HttpResponse:
        messages.success(request, _now("%(name)s is founded.") % {"name": obj})
        return HttpResponseRedirect(page_of(obj))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(page_of(obj))

    def history_of(self, obj: Any) -> Any:
        groups = PartyGroup.objects.filter(organization=obj).values_list("pk", flat=True)
        return [(Organization, [obj.pk]), (PartyGroup, groups)]

    # Columns

    def shown_name(self, organization: Organization) -> str:
        return str(organization)

    shown_name.short_description = pgettext_lazy("organisation", "name")  # type: ignore[attr-defined]

    def kind_and_sort(self, organization: Organization) -> str:
        return kind_in_words(organization)

    kind_and_sort.short_description = _("kind")  # type: ignore[attr-defined]

    def unit_names(self, organization: Organization) -> str:
        return ", ".join(unit.name for unit in organization.units.all())

    unit_names.short_description = _("units")  # type: ignore[attr-defined]

    def identity(self, organization: Organization) -> str:
        return f"{organization.name} ({kind_in_words(organization)})"

    identity.short_description = _("organisation")  # type: ignore[attr-defined]


def kind_in_words(organization: Any) -> str:
    """Return kind and sort of an organisation or of one line of its chronicle."""
    kind = said(hierarchy.KINDS[organization.kind].label)
    if organization.sort == hierarchy.ORDINARY:
        return kind
    sort = said(hierarchy.SORTS[organization.sort].label)
    return _now("%(kind)s (%(sort)s)") % {"kind": kind, "sort": sort}
