"""The findings: what looks odd in the clerk's rows, counted, and let stand with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from branches.rules import roles
from members.admin.verbs import AT_ONCE
from members.models import Finding, Member, Office, choices
from registry.admin import Place
from registry.admin.autocomplete import ScopedAutocomplete
from registry.admin.filtering import FilteredModelAdmin
from registry.models import acting

OPEN, ACCEPTED, MENDED, ALL = "open", "accepted", "mended", "all"
STATES = (
    (OPEN, _("open")),
    (ACCEPTED, _("left standing")),
    (MENDED, _("mended")),
    (ALL, _("all")),
)
LATELY = timedelta(days=30)
MOST_ORGANIZATIONS = 20


class FindingFilter(django_filters.FilterSet):
    organization = django_filters.ModelChoiceFilter(
        label=_("organisation"),
        method="filter_organization",
        queryset=lambda request: Organization.objects.visible_to(request.user, roles.VIEW),
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
    )
    code = django_filters.ChoiceFilter(label=_("finding"), choices=choices.finding_codes)
    state = django_filters.ChoiceFilter(
        label=_("state"), choices=STATES, method="filter_state", empty_label=None
    )

    class Meta:
        model = Finding
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """The open ones of people on the roll, unless another state is asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.standing_open()

    def filter_organization(self, rows: Any, _name: str, top: Organization) -> Any:
        return rows.filter(
            member__organization__path__gte=top.path, member__organization__path__lt=top.end_path
        )

    def filter_state(self, rows: Any, _name: str, state: str) -> Any:
        if state == OPEN:
            return rows.standing_open()
        if state == ACCEPTED:
            return rows.filter(accepted_on__isnull=False, mended_on__isnull=True)
        return rows.filter(mended_on__isnull=False) if state == MENDED else rows


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("It may stand, because"),
        max_length=200,
        help_text=_("Say, for example: the personnel file says so."),
    )


@admin.register(Finding)
class FindingAdmin(FilteredModelAdmin):
    filterset_class = FindingFilter
    add_verb = change_verb = history_verb = None
    list_display = ("person", "branch", "kind_of_finding", "sentence", "found_on", "standing")
    list_select_related = ("member__organization", "accepted_by")
    actions = ("accept_many",)
    search_fields = ("member__name",)
    search_help_text = _("Name, pinyin or initials")
    list_display_links = None

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("member__organization__path", "member__display_order", "member", "id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Found by the member, as in the list of members."""
        if not search_term.strip():
            return queryset, False
        people = Member.objects.visible_to(request.user)
        return queryset.filter(member__in=people.found_by(search_term).order_by()), False

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changelist_view(request, *args, **kwargs)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            context |= self._counts(request, context["cl"])
        return response

    def _counts(self, request: HttpRequest, changes: Any) -> dict[str, Any]:
        """How many are open of each kind and in each branch, and how many were mended lately."""
        mine = Finding.objects.visible_to(request.user)
        still = mine.standing_open()
        labels = dict(choices.finding_codes())
        by_code = still.values("code").annotate(count=Count("pk")).order_by("-count", "code")
        by_branch = (
            still.values(
                "member__organization",
                "member__organization__name",
                "member__organization__short_name",
            )
            .annotate(count=Count("pk"))
            .order_by("-count", "member__organization__path")[:MOST_ORGANIZATIONS]
        )
        return {
            "by_code": [
                {
                    "label": labels.get(row["code"], row["code"]),
                    "count": row["count"],
                    "url": changes.get_query_string({"code": row["code"]}, ["p", "q"]),
                }
                for row in by_code
            ],
            "by_organization": [
                {
                    "label": row["member__organization__short_name"]
                    or row["member__organization__name"],
                    "count": row["count"],
                    "url": changes.get_query_string(
                        {"organization": row["member__organization"]}, ["p", "q"]
                    ),
                }
                for row in by_branch
            ],
            "mended_lately": mine.filter(mended_on__gte=timezone.localdate() - LATELY).count(),
            "mended_url": "?state=mended",
            "lately_days": LATELY.days,
        }

    @admin.display(description=_("member"))
    def person(self, finding: Finding) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:members_member_change", args=[finding.member_id]),
            finding.member.name,
        )

    @admin.display(description=_("branch"))
    def branch(self, finding: Finding) -> str:
        return str(finding.member.organization)

    @admin.display(description=_("finding"))
    def kind_of_finding(self, finding: Finding) -> str:
        return str(dict(choices.finding_codes()).get(finding.code, finding.code))

    @admin.display(description=_("what looks odd"))
    def sentence(self, finding: Finding) -> str:
        return "" if finding.mended_on else finding.message

    @admin.display(description=_("state"))
    def standing(self, finding: Finding) -> str:
        if finding.mended_on:
            return _now("mended on %(day)s") % {"day": finding.mended_on}
        if finding.accepted_on:
            return _now("left standing by %(who)s: %(why)s") % {
                "who": finding.accepted_by,
                "why": finding.accepted_reason,
            }
        return _now("open")

    @admin.action(description=_("Let stand"))
    def accept_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        findings = list(rows.standing_open().select_related("member__organization")[:AT_ONCE])
        if not findings:
            messages.warning(request, _now("None of the chosen findings is open."))
            return None
        data = request.POST if "confirmed" in request.POST else None
        form = ReasonForm(data, label_suffix="")
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                with transaction.atomic(), acting(request.user, reason):
                    hold_tree()  # many rows and logs, in an order of the clerk's choice
                    for finding in findings:
                        finding.accept(request.user, reason, timezone.localdate())
            except ValidationError as error:
                form.add_error(None, error)
            else:
                text = ngettext(
                    "%(count)s finding was left standing.",
                    "%(count)s findings were left standing.",
                    len(findings),
                )
                messages.success(request, text % {"count": len(findings)})
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Let findings stand"),
            "opts": self.opts,
            "form": form,
            "findings": findings,
            "action": "accept_many",
        }
        return TemplateResponse(request, "admin/members/finding/accept.html", context)

    accept_many.verb = roles.CHANGE  # type: ignore[attr-defined]


admin.site.places.append(  # type: ignore[attr-defined]
    Place(_("Findings"), "members_finding_changelist", roles.VIEW, 50, icon="findings")
)
