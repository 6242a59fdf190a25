"""Quotas and settings: what holds here and who has decided it, and the forms that decide it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization, may
from branches.rules import roles
from members.admin.asking import asking, organization_asked
from members.admin.deeds import typed
from members.admin.development.pages import page
from members.admin.development.questions import label_of, own_steps
from members.admin.development.quotas import QuotaSheet, offices_of
from members.admin.development.years import YearForm, year_choices
from members.admin.doors import address_of
from members.models import DevelopmentPolicy, LocalStep, Quota
from members.models.development.deciding import give_quotas, keep_local_step
from members.rules.development import LEVELS
from registry.admin.conflicts import VersionedForm
from registry.admin.saving import is_sent_again
from registry.language import said
from registry.login.kept_forms import keeps_form
from registry.models import StaleRecord

HERE = "development_policies"
# Committees decide, and their clerks enter it; a branch keeps what was decided above it.
DECIDES = roles.CHANGE_TREE


@require_safe
def policies_page(request: HttpRequest) -> HttpResponse:
    """What holds for an organisation: quotas of a year, four eyes, steps of its own."""
    today = timezone.localdate()
    organization, form = asking(request, YearForm, roles.VIEW, year=f"{today.year}")
    more: dict[str, Any] = {"asking": form}
    if form.is_valid():
        year = form.cleaned_data["year"]
        offices = list(offices_of(organization))
        given = dict(
            Quota.objects.filter(year=year, organization__in=offices).values_list(
                "organization", "planned"
            )
        )
        more["quotas"] = [(office, given.get(office.pk)) for office in offices]
        more["year"] = year
        more["quotas_url"] = address_of("development_quotas", organization, year=year)
    may_change = may(request.user, DECIDES, organization.path) and not organization.dissolved_on
    own = own_steps(organization)
    return page(
        request,
        "policies",
        organization,
        HERE,
        **more,
        four_eyes=_four_eyes(organization, today),
        policies=DevelopmentPolicy.objects.filter(organization=organization).order_by(
            "-valid_from"
        ),
        steps=[
            {
                "step": step,
                "after": label_of(step.after, own),
                "level": said(LEVELS[step.acts].label),
                "own": step.organization_id == organization.pk,
            }
            for step in _steps_at(organization)
        ],
        may_change=may_change,
        policy_url=address_of("development_policy_add", organization),
        step_url=address_of("development_local_step_add", organization),
        board_url=address_of("development_board", organization),
    )


def _four_eyes(organization: Organization, today: date) -> dict[str, Any]:
    """Whether two people are needed here today, and who has decided that."""
    rows = DevelopmentPolicy.objects.for_path(organization.path).select_related("organization")
    nearest = rows.filter(valid_from__lte=today, four_eyes__isnull=False)
    policy = nearest.order_by("-organization__path", "-valid_from").first()
    return {"policy": policy, "needed": bool(policy and policy.four_eyes)}


def _steps_at(organization: Organization) -> Any:
    rows = LocalStep.objects.for_path(organization.path).select_related("organization")
    return rows.order_by("organization__path", "number", "pk")


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def quotas_page(request: HttpRequest) -> HttpResponse:
    """The quotas of a year on one sheet: of an office and of those right below it."""
    organization = organization_asked(request, DECIDES)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in dict(year_choices()) else timezone.localdate().year
    with transaction.atomic():
        sheet = QuotaSheet(typed(request), organization, year, hold=request.method == "POST")
        if request.method == "POST" and sheet.is_valid():
            if not _is_done_before(request):
                count = give_quotas(year, sheet.planned())
                text = ngettext(
                    "Saved: %(count)s quota has changed.",
                    "Saved: %(count)s quotas have changed.",
                    count,
                )
                messages.success(request, text % {"count": count})
            return HttpResponseRedirect(address_of(HERE, organization, year=year))
    return page(
        request,
        "quotas",
        organization,
        HERE,
        title=_now("Quotas of %(year)s") % {"year": year},
        form=sheet,
        year=year,
        policies_url=address_of(HERE, organization, year=year),
    )


def _is_done_before(request: HttpRequest) -> bool:
    if not is_sent_again(request):
        return False
    messages.info(request, _now("This was saved already, once."))
    return True


class PolicyForm(VersionedForm):
    class Meta:
        model = DevelopmentPolicy
        fields = ("valid_from", "four_eyes")
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["four_eyes"].widget.choices = [
            ("unknown", _now("as the offices above")),
            ("true", _now("yes")),
            ("false", _now("no")),
        ]

    def _get_validation_exclusions(self) -> set[str]:
        """Without the office, which the form does not ask for: it decides once a day."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"organization"}


class LocalStepForm(VersionedForm):
    class Meta:
        model = LocalStep
        fields = (
            "number", "name", "code", "after", "acts", "optional", "earliest_months",
            "earliest_working_days", "latest_months", "latest_working_days", "source",
            "valid_from", "valid_until",
        )  # fmt: skip
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("valid_from", "valid_until")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True  # files remember their steps by it

    def _get_validation_exclusions(self) -> set[str]:
        """Without the office, which the form does not ask for: it has each code once."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"organization"}

    def save(self, commit: bool = True) -> Any:
        keep_local_step(self.instance)
        return self.instance


def _decision(request: HttpRequest, model: Any, pk: int | None) -> tuple[Organization, Any]:
    """Return the office and the decision that the address names, a new one where it names none."""
    if pk is None:
        organization = organization_asked(request, DECIDES)
        return organization, model(organization=organization)
    rows = model.objects.visible_to(request.user, DECIDES).select_related("organization")
    row = get_object_or_404(rows, pk=pk)
    return row.organization, row


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def policy_page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new decision on four eyes, or the correction of one."""
    organization, policy = _decision(request, DevelopmentPolicy, pk)
    form = PolicyForm(typed(request), instance=policy)
    if pk is None:
        form.initial["valid_from"] = timezone.localdate()
    return _answer(
        request,
        organization,
        form,
        _now("Four eyes"),
        [
            _now(
                "It holds here and below, where nobody below has decided otherwise, until a later "
                "decision."
            ),
            _now(
                "Where it is needed, whoever enters the decision of an assembly cannot enter its "
                "approval. Elsewhere the log marks what one person did alone."
            ),
        ],
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def local_step_page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A step that an office adds for itself and everything below it, or a change of one."""
    organization, step = _decision(request, LocalStep, pk)
    form = LocalStepForm(typed(request), instance=step)
    if pk is None:
        form.initial["valid_from"], form.initial["code"] = timezone.localdate(), "local_"
    return _answer(
        request,
        organization,
        form,
        _now("Own step"),
        [
            _now("Files here and below that begin while it is valid have it beside the others."),
            _now("What such files wait for is counted anew at once."),
        ],
    )


def _answer(
    request: HttpRequest,
    organization: Organization,
    form: Any,
    title: str,
    consequences: list[str],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return HttpResponseRedirect(address_of(HERE, organization))
    return page(
        request,
        "decision",
        organization,
        HERE,
        title=title,
        form=form,
        media=form.media,
        consequences=consequences,
        conflicts=form.conflicts,
        policies_url=address_of(HERE, organization),
    )


def _saved(request: HttpRequest, form: Any) -> bool:
    """Save, or say on the form what speaks against it; a form that is sent twice saves once."""
    try:
        with transaction.atomic():
            if not _is_done_before(request):
                form.save()
                messages.success(request, _now("Saved."))
    except ValidationError as error:
        for name, found in error.update_error_dict({}).items():
            form.add_error(name if name in form.fields else None, found)
    except StaleRecord:
        form.add_error(None, _now("Somebody else has just saved the same. Look, and do it again."))
    return not form.errors


admin.site.page(  # type: ignore[attr-defined]
    "development/policies/", policies_page, HERE, roles.VIEW
)
for route, view, name in (
    ("development/quotas/", quotas_page, "development_quotas"),
    ("development/policies/add/", policy_page, "development_policy_add"),
    ("development/policies/<int:pk>/", policy_page, "development_policy"),
    ("development/own-steps/add/", local_step_page, "development_local_step_add"),
    ("development/own-steps/<int:pk>/", local_step_page, "development_local_step"),
):
    admin.site.page(route, view, name, DECIDES)  # type: ignore[attr-defined]
