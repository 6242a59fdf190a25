"""Settings of transfers: who passes letters on here, and who has decided it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import may
from branches.rules import roles
from members.admin import doors
from members.admin.asking import AskingForm, asking, organization_asked
from members.admin.deeds import typed
from members.admin.transfers.pages import SETTINGS, page
from members.models import TransferPolicy
from registry.admin.conflicts import VersionedForm
from registry.admin.saving import is_sent_again
from registry.login.kept_forms import keeps_form
from registry.models import StaleRecord, acting

DECIDES = roles.CHANGE_TREE


class PolicyForm(VersionedForm):
    class Meta:
        model = TransferPolicy
        fields = ("valid_from", "passes_through", "fax", "postcode")
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["passes_through"].widget.choices = [
            ("unknown", _now("as the offices above")),
            ("true", _now("yes")),
            ("false", _now("no")),
        ]

    def _get_validation_exclusions(self) -> set[str]:
        """Without the office, which the form does not ask for: it decides once a day."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"organization"}


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW)
    today = timezone.localdate()
    rows = TransferPolicy.objects.for_path(organization.path).select_related("organization")
    nearest = rows.filter(valid_from__lte=today, passes_through__isnull=False)
    issuer = organization.stamping_superior() or organization
    return page(
        request,
        "policies",
        organization,
        SETTINGS,
        asking=asked,
        issuer=issuer,
        decided=nearest.order_by("-organization__path", "-valid_from").first(),
        policies=rows.filter(organization=organization).order_by("-valid_from"),
        may_change=may(request.user, DECIDES, organization.path) and not organization.dissolved_on,
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new decision, or the correction of one."""
    if pk is None:
        organization = organization_asked(request, DECIDES)
        row = TransferPolicy(organization=organization)
    else:
        rows = TransferPolicy.objects.visible_to(request.user, DECIDES)
        row = get_object_or_404(rows.select_related("organization"), pk=pk)
        organization = row.organization
    form = PolicyForm(typed(request), instance=row)
    if pk is None:
        form.initial["valid_from"] = timezone.localdate()
    back = doors.address_of(SETTINGS, organization)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return HttpResponseRedirect(back)
    return page(
        request,
        "policy",
        organization,
        SETTINGS,
        title=_now("Settings of transfers"),
        form=form,
        media=form.media,
        conflicts=form.conflicts,
        policies_url=back,
        consequences=[
            _now("Whether letters are passed on holds here and below, until somebody decides"
                 " otherwise."),
            _now("Fax and postcode stand on the letters of this office only."),
        ],
    )  # fmt: skip


def _saved(request: HttpRequest, form: Any) -> bool:
    """Save, or say on the form what speaks against it; a form that is sent twice saves once."""
    try:
        with transaction.atomic(), acting(request.user, ""):
            if not is_sent_again(request):
                form.save()
                messages.success(request, _now("Saved."))
    except ValidationError as error:
        form.add_error(None, error.messages)
    except StaleRecord:
        form.add_error(None, _now("Somebody else has just saved the same. Look, and do it again."))
    return not form.errors


admin.site.page(  # type: ignore[attr-defined]
    "transfers/policies/", policies, SETTINGS, roles.VIEW
)
for _route, _name in (
    ("transfers/policies/add/", "transfer_policy_add"),
    ("transfers/policies/<int:pk>/", "transfer_policy"),
):
    admin.site.page(_route, policy, _name, DECIDES)  # type: ignore[attr-defined]
