"""One occasion that was held: what it has recorded, for whom, and its withdrawal for all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.models import may
from branches.rules import roles
from members.admin.deeds import DeedForm, is_done, typed
from members.admin.development.pages import file_url, page
from members.admin.development.questions import label_of, own_steps
from members.admin.development.recorded import in_words
from members.admin.doors import address_of
from members.models import Occasion
from members.rules import development
from registry.login.kept_forms import keeps_form
from registry.models import acting
from registry.plain_text import PlainTexts

HERE = "development_together"


class WithdrawalForm(PlainTexts, DeedForm):
    reason = forms.CharField(label=_("why withdrawn"), required=False, max_length=200)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def occasion_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was held, and for whom, as far as this user sees them."""
    rows = Occasion.objects.visible_to(request.user).select_related("organization", "entered_by")
    occasion = get_object_or_404(rows, pk=pk)
    steps = occasion.steps.visible_to(request.user).select_related("file__organization")
    steps = steps.defer("file__id_number", "file__phone", "file__address").order_by("pk")
    may_withdraw = any(
        may(request.user, verb, occasion.organization.path)
        for verb in (roles.CHANGE, roles.APPROVE)
    )
    if request.method == "POST" and not may_withdraw:
        raise PermissionDenied
    in_force = any(each.in_force for each in steps)
    form = WithdrawalForm(typed(request)) if may_withdraw and in_force else None

    def withdraw(reason: str) -> None:
        with acting(request.user, reason):
            occasion.withdraw(reason, by=request.user, on=timezone.localdate())

    if form and is_done(request, form, withdraw):
        messages.success(request, _now("Withdrawn for everybody."))
        return HttpResponseRedirect(request.path)
    return _shown(request, occasion, list(steps), form)


def _shown(request: HttpRequest, occasion: Occasion, steps: list[Any], form: Any) -> HttpResponse:
    own = own_steps(occasion.organization)
    step = development.STEPS.get(occasion.step)
    people = []
    for each in steps:
        his = {name: each.facts[name] for name in each.facts if name not in occasion.facts}
        told = in_words(step, his) if step else []
        people.append({"step": each, "url": file_url(each.file_id), "told": told})
    return page(
        request,
        "occasion",
        occasion.organization,
        HERE,
        title=label_of(occasion.step, own),
        occasion=occasion,
        facts=in_words(step, occasion.facts) if step else [],
        people=people,
        form=form,
        again=address_of(HERE, occasion.organization, step=occasion.step),
    )


admin.site.page(  # type: ignore[attr-defined]
    "development/occasions/<int:pk>/", occasion_page, "development_occasion", roles.VIEW
)
