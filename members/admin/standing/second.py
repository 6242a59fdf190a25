"""Second memberships: who also belongs to a temporary branch, and the end of it."""

from __future__ import annotations

from datetime import date

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization, may
from branches.rules import roles
from members.admin.asking import AskingForm, asking, record_to
from members.admin.deeds import done, is_done, typed
from members.admin.doors import address_of
from members.admin.standing.pages import (
    StandingForm,
    deed,
    page,
    shown_of,
    states,
)
from members.models import Member, SecondMembership
from registry.forms import DayField
from registry.login.kept_forms import keeps_form
from registry.models import acting


@require_safe
def second(request: HttpRequest) -> HttpResponse:
    """Those in the temporary branches of an organisation, or at home in it."""
    organization, asked = asking(request, AskingForm, roles.VIEW)
    today = timezone.localdate()
    rows = SecondMembership.objects.visible_to(request.user)
    here = rows.under(organization) | rows.of_people_under(organization)
    parts = {"": here.on(today), "all": here}
    state = "all" if request.GET.get("state") == "all" else ""
    ordered = parts[state].select_related("organization", "member__organization")
    shown = shown_of(request, ordered.order_by("organization__path", "begins_on", "pk"))
    keys = [row.member_id for row in shown]
    known = set(
        Member.objects.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True)
    )
    hosts = Organization.objects.visible_to(request.user)
    seen = set(
        hosts.filter(pk__in=[row.organization_id for row in shown]).values_list("pk", flat=True)
    )
    return page(
        request,
        "second",
        organization,
        "standing_second",
        asking=asked,
        shown=shown,
        lines=[
            {
                "row": row,
                "is_own": row.member_id in known,
                "sees_branch": row.organization_id in seen,
                "may_end": row.ends_on is None
                and may(request.user, roles.MOVE, row.member.organization.path),
            }
            for row in shown
        ],
        tabs=states(
            organization,
            "standing_second",
            state,
            ("", _now("today"), parts[""].count()),
            ("all", _now("all"), parts["all"].count()),
        ),
        query=f"state={state}",
    )


class EndForm(StandingForm):
    on = DayField(label=_("until"), help_text=_("The first day after it."))


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a second membership, for whoever keeps the member."""
    rows = SecondMembership.objects.select_related("member__organization", "organization")
    row = record_to(request, roles.MOVE, rows, pk)
    home = row.member.organization
    if not may(request.user, roles.MOVE, home.path):
        raise Http404(_now("There is no such record."))
    form = EndForm(typed(request), initial={"on": timezone.localdate()})
    form.renamed = {"ends_on": "on"}

    def stop(on: date) -> None:
        with acting(request.user, ""):
            row.end(on)

    if is_done(request, form, stop):
        return done(
            request,
            address_of("standing_second", home),
            _now("The second membership of %(name)s is ended.") % {"name": row.member.name},
        )
    return deed(
        request,
        home,
        "standing_second",
        form,
        _now("End a second membership"),
        facts=[(_now("name"), row.member.name), (_now("since"), row.begins_on)],
    )


for route, view, name, verb in (
    ("standing/second/", second, "standing_second", roles.VIEW),
    ("standing/second/<int:pk>/end/", end, "standing_second_end", roles.MOVE),
):
    admin.site.page(route, view, name, verb)  # type: ignore[attr-defined]
