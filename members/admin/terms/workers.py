"""Party workers (党务干部): listed by organisation, entered and corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization
from branches.rules import roles
from members.admin.asking import AskingForm, asking, record_to
from members.admin.deeds import done, is_done, typed
from members.admin.doors import address_of
from members.admin.terms.pages import (
    SomebodyForm,
    deed,
    organization_to_change,
    page,
)
from members.models import Member, PartyWorker
from registry.forms import DayField
from registry.login.kept_forms import keeps_form
from registry.models import acting

SHOWN = 100
OWN = (
    "name_from_elsewhere", "full_time", "worker_from", "worker_until", "certificate_number",
    "certified_on", "trained_on", "phone",
)  # fmt: skip


class WorkerForm(SomebodyForm):
    full_time = forms.BooleanField(label=_("full time"), required=False)
    worker_from = DayField(label=_("since"))
    worker_until = DayField(
        label=_("until"), required=False, help_text=_("The first day after it.")
    )
    certificate_number = forms.CharField(
        label=_("certificate number"), required=False, max_length=50
    )
    certified_on = DayField(label=_("certified on"), required=False)
    trained_on = DayField(
        label=_("last trained on"),
        required=False,
        help_text=_("The last day of the training."),
    )
    phone = forms.CharField(
        label=_("telephone"),
        required=False,
        max_length=50,
        help_text=_("Of the office, for the contact list."),
    )

    def __init__(self, data: Any, *, user: Any, **options: Any) -> None:
        super().__init__(data, **options)
        own: Any = self.fields["member"]
        own.queryset = Member.objects.visible_to(user)


@require_safe
def workers(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW)
    today = timezone.localdate()
    rows = PartyWorker.objects.visible_to(request.user).under(organization)
    all_of_them = request.GET.get("state") == "all"
    if not all_of_them:
        rows = rows.on(today)
    rows = rows.select_related("organization", "member").order_by(
        "organization__path", "-full_time", "worker_from", "pk"
    )
    shown = Paginator(rows, SHOWN).get_page(request.GET.get("page", "")[:9])
    return page(
        request,
        "workers",
        organization,
        "terms_workers",
        asking=asked,
        workers=list(shown),
        shown=shown,
        full_time=rows.filter(full_time=True).count(),
        tabs=[
            {
                "label": label,
                "url": address_of("terms_workers", organization, state=state),
                "here": (state == "all") == all_of_them,
            }
            for state, label in (("", _now("today")), ("all", _now("all")))
        ],
        query="state=all" if all_of_them else "",
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    organization = organization_to_change(request)
    return _kept(request, PartyWorker(organization=organization), organization)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    rows = PartyWorker.objects.select_related("organization", "member")
    worker = record_to(request, roles.CHANGE_ORGANIZATION, rows, pk)
    return _kept(request, worker, worker.organization)


def _kept(request: HttpRequest, worker: PartyWorker, organization: Organization) -> HttpResponse:
    initial = {name: getattr(worker, name) for name in OWN} | {"member": worker.member_id}
    is_new = worker.pk is None
    form = WorkerForm(typed(request), user=request.user, initial=initial)
    if not is_new:  # who it is stays; somebody else is another entry
        for name in ("member", "name_from_elsewhere"):
            del form.fields[name]

    def keep(**said: Any) -> None:
        for name, value in said.items():
            setattr(worker, name, value)
        with acting(request.user, ""):
            worker.keep(timezone.localdate())

    if is_done(request, form, keep):
        back = address_of("terms_workers", organization)
        return done(request, back, _now("%(name)s is kept.") % {"name": worker.holder})
    title = _now("Enter a Party worker") if is_new else _now("Correct a Party worker")
    facts: list[tuple[str, Any]] = [(_now("organisation"), organization)]
    if not is_new:
        facts.append((_now("name"), worker.holder))
    return deed(
        request, organization, "terms_workers", form, title, facts=facts, button=_now("Save")
    )


for route, view, name, verb in (
    ("terms/workers/", workers, "terms_workers", roles.VIEW),
    ("terms/workers/new/", add, "terms_worker_add", roles.CHANGE_ORGANIZATION),
    ("terms/workers/<int:pk>/", change, "terms_worker", roles.CHANGE_ORGANIZATION),
):
    admin.site.page(route, view, name, verb)  # type: ignore[attr-defined]
