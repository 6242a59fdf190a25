"""The certificates of membership that were issued: a list, and a page that prints one again."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles
from members.admin.printing import PrintPage, print_page
from members.models import Certificate, Member, Office
from members.papers.certificate import CERTIFICATE
from members.rules import certificates
from registry import access
from registry.admin import Place
from registry.admin.autocomplete import ScopedAutocomplete
from registry.admin.filtering import FilteredModelAdmin
from registry.language import said


class CertificateFilter(django_filters.FilterSet):
    organization = django_filters.ModelChoiceFilter(
        label=_("organisation"),
        method="filter_organization",
        queryset=lambda request: Organization.objects.visible_to(request.user, roles.VIEW),
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
    )
    year = django_filters.NumberFilter(label=_("year"), min_value=1900, max_value=9999)

    class Meta:
        model = Certificate
        fields: list[str] = []

    def filter_organization(self, rows: Any, _name: str, top: Organization) -> Any:
        return rows.filter(branch__path__gte=top.path, branch__path__lt=top.end_path)


@admin.register(Certificate)
class CertificateAdmin(FilteredModelAdmin):
    filterset_class = CertificateFilter
    add_verb = change_verb = history_verb = None
    list_display = (
        "numbered",
        "person",
        "branch",
        "addressee",
        "purpose",
        "issued_on",
        "issuer",
        "issued_by",
    )
    list_select_related = ("member", "branch", "issuer", "issued_by")
    search_fields = ("member__name",)
    search_help_text = _("Name, pinyin or initials")
    list_display_links = None

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-issued_on", "issuer", "-number")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Found by the member, as in the list of members."""
        if not search_term.strip():
            return queryset, False
        people = Member.objects.visible_to(request.user)
        return queryset.filter(member__in=people.found_by(search_term).order_by()), False

    @admin.display(description=_("number"), ordering="number")
    def numbered(self, certificate: Certificate) -> SafeString:
        url = reverse("admin:members_certificate_print", args=[certificate.pk])
        return format_html('<a href="{}">{}</a>', url, certificate)

    @admin.display(description=_("member"))
    def person(self, certificate: Certificate) -> str:
        return certificate.member.name

    # Printing again

    def get_urls(self) -> list[Any]:
        page = path(
            "<path:object_id>/print/",
            self.admin_site.admin_view(self.print_view),
            name="members_certificate_print",
        )
        return [page, *super().get_urls()]

    def print_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        issued = self.get_object(request, unquote(object_id))
        if issued is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not access.may_on(request.user, roles.PRINT, issued):
            raise PermissionDenied
        absence = "–".join(f"{day or ''}" for day in (issued.away_from, issued.away_through))
        facts = (
            (_("issued by"), issued.issuer),
            (_("addressee"), issued.addressee or _now("a line to write on")),
            (_("purpose"), issued.purpose),
            (_("away"), absence.strip("–")),
            (_("issued on"), issued.issued_on),
            (_("made out by"), issued.issued_by or ""),
        )
        page = PrintPage(
            paper=CERTIFICATE,
            subject=issued.member,
            day=issued.issued_on,
            title=_now("Certificate %(number)s of %(name)s")
            % {"number": issued, "name": issued.member.name},
            opts=self.opts,
            facts=[fact for fact in facts if fact[1]],
            warnings=[
                said(each)
                for each in certificates.objections(issued.away_from, issued.away_through)
            ],
            more={"addressee": issued.addressee},
        )
        return print_page(request, page)


admin.site.places.append(  # type: ignore[attr-defined]
    Place(_("Certificates"), "members_certificate_changelist", roles.VIEW, 35, icon="check")
)
