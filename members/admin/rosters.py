"""The page that prints rosters: which organisation, as at which day, and the paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import django_filters
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization
from branches.rules import roles
from members.models import Office, Placement
from members.papers.printing import Printed, print_paper
from members.papers.roster import ROSTER, Roster, roster_of
from registry.admin import Place
from registry.admin.autocomplete import ScopedAutocomplete
from registry.forms import DayField
from registry.language import said
from registry.papers.catalogue import Asked
from registry.papers.columns import table
from registry.papers.compiling import PaperError
from registry.papers.writing import PDF

SHOWN = 100  # people on the screen; the paper holds all
LONGEST_REASON = 200
WRAPS_FROM = 6  # signs; a shorter text stays on one line of the screen


class DayFilter(django_filters.Filter):
    field_class = DayField


class RosterFilter(django_filters.FilterSet):
    """The question of a roster. Both parts are needed, and together they are one question."""

    organization = django_filters.ModelChoiceFilter(
        label=_("organisation"),
        required=True,
        queryset=lambda request: Organization.objects.visible_to(request.user, roles.PRINT),
        # Any field that points at every kind of organisation.
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
        error_messages={
            "required": _("Choose the organisation."),
            "invalid_choice": _("“%(value)s” is no organisation of yours. Choose one of the list."),
        },
    )
    on = DayFilter(
        label=_("as at"),
        required=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Choose the day.")},
    )

    class Meta:
        model = Placement
        fields: list[str] = []

    @cached_property
    def roster(self) -> Roster | None:
        """The roster that is asked for; None where the question cannot be answered, see errors."""
        if not self.is_valid():
            return None
        asked = self.form.cleaned_data
        try:
            return roster_of(asked["organization"], asked["on"], self.request.user)
        except ValidationError as error:
            self.form.add_error(None, error)
            return None


def question(request: HttpRequest) -> RosterFilter:
    """Return what is asked, of the user's own organisation as at today where nothing is said.

    An organisation of somebody else and one that never was get the same answer.
    """
    own = Organization.objects.visible_to(request.user, roles.PRINT)
    asked = (request.POST if request.method == "POST" else request.GET).copy()
    if "organization" not in asked:
        top = own.standing().order_by("path").first() or own.first()
        asked["organization"] = str(top.pk) if top else ""
    asked.setdefault("on", f"{timezone.localdate():%Y-%m-%d}")
    number = f"{asked['organization']}"
    if number.isdecimal() and not own.filter(pk=number).exists():
        raise Http404(_now("There is no such organisation."))
    return RosterFilter(asked, Placement.objects.none(), request=request)


@require_safe
def rosters(request: HttpRequest) -> HttpResponse:
    """The people as they will print: all that fit on the screen, and how many there are."""
    filterset = question(request)
    roster = filterset.roster
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _now("Rosters"),
        "filterset": filterset,
        "roster": roster,
        "media": filterset.form.media,
    }
    if roster:
        shown = table(roster.columns, roster.lines(SHOWN))
        context |= {
            "headings": [column.heading.replace("\n", "") for column in shown.columns],
            "rows": [
                [
                    (text, column.breaks == "freely" and len(text) > WRAPS_FROM)
                    for text, column in zip(row, shown.columns, strict=True)
                ]
                for row in shown.rows
            ],
            "warnings": [said(warning) for warning in roster.glyph_warnings()],
            "more": max(0, roster.count - SHOWN),
            "longest_reason": LONGEST_REASON,
        }
    return TemplateResponse(request, "admin/members/rosters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def roster_pdf(request: HttpRequest) -> HttpResponse:
    """The paper; by POST and for a reason the one with full numbers."""
    filterset = question(request)
    roster = filterset.roster
    if roster is None:
        return _back(request, *_sentences(filterset.form))
    in_full = request.method == "POST"
    reason = request.POST.get("reason", "").strip()
    if in_full and not roster.may_be_printed_in_full():
        return _back(request, _now("You may print this roster with masked numbers only."))
    if in_full and not reason:
        return _back(request, _now("Say what the full numbers are needed for."))
    asked = Asked(
        day=roster.day,
        reader=request.user,
        printed_by=f"{request.user}",
        at=timezone.localtime(),
        in_full=in_full,
        reason=reason[:LONGEST_REASON],
    )
    try:
        return paper_response(print_paper(ROSTER, roster.organization, asked, PDF))
    except ValidationError as error:
        return _back(request, *error.messages)
    except PaperError as error:
        return _back(request, f"{error}")


def paper_response(printed: Printed) -> HttpResponse:
    """Return a paper that opens in the browser and is saved under a Chinese name (RFC 6266)."""
    chinese = quote(printed.file_name, safe="")
    name = f"inline; filename=\"{printed.plain_file_name}\"; filename*=UTF-8''{chinese}"
    return HttpResponse(
        printed.data,
        content_type=printed.content_type,
        headers={"Content-Disposition": name, "Cache-Control": "private, no-store"},
    )


def _back(request: HttpRequest, *sentences: str) -> HttpResponseRedirect:
    """Say on the page why nothing was printed; what was asked stays in its address."""
    for sentence in sentences:
        messages.error(request, sentence)
    asked = request.POST if request.method == "POST" else request.GET
    kept = {name: asked[name] for name in ("organization", "on") if name in asked}
    query = "&".join(f"{name}={quote(value)}" for name, value in kept.items())
    return HttpResponseRedirect(f"{reverse('admin:rosters')}?{query}")


def _sentences(form: forms.Form) -> list[str]:
    return [f"{sentence}" for errors in form.errors.values() for sentence in errors]


admin.site.page(  # type: ignore[attr-defined]
    "rosters/",
    rosters,
    "rosters",
    roles.PRINT,
    Place(_("Rosters"), "rosters", roles.PRINT, 30, "print"),
)
admin.site.page(  # type: ignore[attr-defined]
    "rosters/pdf/", roster_pdf, "roster_pdf", roles.PRINT
)
