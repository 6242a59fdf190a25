"""What an office has decided about dues: the policies in force and where they come from, its own
ones with their first months, and the components by which it counts the base."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization
from branches.models.grants import may
from branches.rules import roles
from members.admin.asking import organization_asked
from members.admin.dues.fields import MonthField
from members.admin.dues.pages import doors_of
from members.models import BaseComponent, DuesPolicy
from members.models.dues.policies import SAID, Policy, PolicyBook
from members.rules.dues_months import next_month, written
from registry.admin.conflicts import VersionedForm
from registry.calendar import first_of_month, months_after
from registry.login.kept_forms import keeps_form, typed_before
from registry.models import StaleRecord

PERCENT = frozenset({"share_upward", "returned_share", "retired_coefficient"})


def page_of_policies(organization: Organization) -> str:
    return f"{reverse('admin:dues_policies')}?{urlencode({'organization': organization.pk})}"


def in_words(name: str, value: Any) -> str:
    """Return what a policy says of the item ``name``; "" where it says nothing."""
    column: Any = DuesPolicy._meta.get_field(name)
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    if name in PERCENT:
        return f"{Decimal(value).normalize():f} %"
    return str(dict(column.flatchoices).get(value, value))


@require_safe
def policies_page(request: HttpRequest) -> HttpResponse:
    organization = organization_asked(request, roles.VIEW_DUES_TOTALS)
    month = _month_asked(request)
    path = organization.path
    book = PolicyBook(DuesPolicy.objects.for_path(path))
    policy, sources = book.in_force(path, month), book.sources(path, month)
    may_change = may(request.user, roles.COLLECT_DUES, path)
    own = DuesPolicy.objects.filter(organization=organization).order_by("-valid_from")
    components = BaseComponent.objects.at(path).select_related("organization")
    context = {
        **admin.site.each_context(request),
        "title": _now("Policies of dues"),
        "doors": doors_of(request.user, organization, "dues_policies"),
        "organization": organization,
        "month": written(month),
        "items": [_item(name, policy, sources, organization) for name in SAID],
        "own": [_said_by(each) for each in own],
        "components": [_component(each, organization) for each in components],
        "may_change": may_change and organization.dissolved_on is None,
        "may_assess": may(request.user, roles.VIEW_DUES, path),
    }
    return TemplateResponse(request, "admin/members/dues/policies.html", context)


def _month_asked(request: HttpRequest) -> date:
    """Return the month in the address; this one where none, or none that can be read, is named."""
    try:
        asked = MonthField(required=False).clean(request.GET.get("month", "")[:20])
    except ValidationError:
        asked = None
    return asked or first_of_month(timezone.localdate())


def _item(
    name: str, policy: Policy, sources: dict[str, DuesPolicy], here: Organization
) -> dict[str, Any]:
    source = sources.get(name)
    if source is None:
        kept_by = _now("by the rules: nobody above has decided")
    elif source.organization_id == here.pk:
        kept_by = _now("decided here")
    else:
        kept_by = str(source.organization)
    return {
        "label": DuesPolicy._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
        "value": in_words(name, getattr(policy, name)),
        "kept_by": kept_by,
        "since": written(source.valid_from) if source else "",
        "inherited": source is None or source.organization_id != here.pk,
    }


def _said_by(policy: DuesPolicy) -> dict[str, Any]:
    said = [
        (DuesPolicy._meta.get_field(name).verbose_name, text)  # type: ignore[union-attr]
        for name in SAID
        if (text := in_words(name, getattr(policy, name)))
    ]
    return {"policy": policy, "since": written(policy.valid_from), "said": said}


def _component(component: BaseComponent, here: Organization) -> dict[str, Any]:
    until = component.month_until
    return {
        "component": component,
        "first": written(component.month_from),
        "last": written(months_after(until, -1)) if until else "",
        "own": component.organization_id == here.pk,
    }


class PolicyForm(VersionedForm):
    """What is decided from a month on; an empty box is as the offices above have it."""

    valid_from = MonthField(label=_("from month"))

    class Meta:
        model = DuesPolicy
        fields = ("valid_from", *SAID)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["reopening_needs_two"].widget.choices = [
            ("unknown", "---------"),
            ("true", _now("yes")),
            ("false", _now("no")),
        ]

    def clean(self) -> Any:
        asked = super().clean()
        empty = all(self.cleaned_data.get(name) in (None, "") for name in SAID)
        if empty and not self.errors and self.instance.pk is None:
            self.add_error(None, _now("Decide at least one item; the others stay as above."))
        return asked

    def _get_validation_exclusions(self) -> set[str]:
        """Without the office, which the form does not ask for: it has one policy a month."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"organization"}


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def policy_page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new policy of the organisation in the address, or the correction of one."""
    if pk is None:
        organization = organization_asked(request, roles.COLLECT_DUES)
        policy = DuesPolicy(organization=organization)
        title = _now("New policy of dues")
    else:
        rows = DuesPolicy.objects.visible_to(request.user, roles.COLLECT_DUES)
        policy = get_object_or_404(rows.select_related("organization"), pk=pk)
        organization = policy.organization
        title = _now("Policy of dues from %(month)s") % {"month": written(policy.valid_from)}
    posted = request.method == "POST"
    form = PolicyForm(request.POST if posted else typed_before(request), instance=policy)
    if pk is None:
        form.initial["valid_from"] = next_month(timezone.localdate())
    if posted and form.is_valid() and _saved(form):
        text = _now("Saved. It holds here and below from %(month)s on.")
        messages.success(request, text % {"month": written(form.cleaned_data["valid_from"])})
        return HttpResponseRedirect(page_of_policies(organization))
    return _form_page(
        request,
        organization,
        title,
        form,
        [
            _now(
                "It holds here and below, where nobody below has decided otherwise, until a policy "
                "of a later month."
            ),
            _now("What has been assessed, remitted or returned stays as it is."),
        ],
    )


class ComponentForm(forms.ModelForm):
    """One part of the base, as an office counts it."""

    month_from = MonthField(label=_("from month"))

    class Meta:
        model = BaseComponent
        fields = ("name", "deducted", "month_from", "display_order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)

    def _get_validation_exclusions(self) -> set[str]:
        """Without the office, which the form does not ask for: it has each component once."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"organization"}


class ComponentEndForm(forms.Form):
    """The last month with a component."""

    data: Any  # what was posted

    through = MonthField(label=_("last month"))
    ended = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, component: BaseComponent) -> None:
        until = component.month_until
        self.known = written(months_after(until, -1)) if until else ""
        super().__init__(
            data, initial={"through": self.known, "ended": self.known}, label_suffix=""
        )
        self.component = component

    def clean(self) -> Any:
        asked = super().clean() or self.cleaned_data
        if asked.get("ended") != self.known:
            text = _now(
                "Somebody else has ended it with %(month)s meanwhile. Look, and save again."
            )
            self.data = self.data.copy()
            self.data["ended"] = self.known
            raise ValidationError(text % {"month": self.known})
        return asked

    def save(self) -> None:
        self.component.month_until = next_month(self.cleaned_data["through"])
        self.component.full_clean()
        self.component.save()


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def component_page(request: HttpRequest) -> HttpResponse:
    organization = organization_asked(request, roles.COLLECT_DUES)
    posted = request.method == "POST"
    form = ComponentForm(
        request.POST if posted else typed_before(request),
        instance=BaseComponent(organization=organization),
    )
    form.initial["month_from"] = date(timezone.localdate().year + 1, 1, 1)
    if posted and form.is_valid() and _saved(form):
        text = _now("“%(name)s” is a component of the base here and below.")
        messages.success(request, text % {"name": form.cleaned_data["name"]})
        return HttpResponseRedirect(page_of_policies(organization))
    told = _now(
        "A base may then be typed as one figure or by its components; those of January count for "
        "the year."
    )
    return _form_page(request, organization, _now("New component of the base"), form, [told])


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def component_end_page(request: HttpRequest, pk: int) -> HttpResponse:
    rows = BaseComponent.objects.visible_to(request.user, roles.COLLECT_DUES)
    posted = request.method == "POST"
    with transaction.atomic():
        held = rows.select_related("organization")
        component = get_object_or_404(
            held.select_for_update(of=("self",)) if posted else held, pk=pk
        )
        form = ComponentEndForm(request.POST if posted else typed_before(request), component)
        if posted and form.is_valid() and _saved(form):
            text = _now("The last month of “%(name)s” is %(month)s.")
            month = written(form.cleaned_data["through"])
            messages.success(request, text % {"name": component.name, "month": month})
            return HttpResponseRedirect(page_of_policies(component.organization))
    title = _now("End the component “%(name)s”") % {"name": component.name}
    told = _now("Bases that were added up with it stay as they are.")
    return _form_page(request, component.organization, title, form, [told])


def _saved(form: Any) -> bool:
    """Save, or say on the form what speaks against it."""
    try:
        with transaction.atomic():
            form.save()
    except ValidationError as error:
        form.add_error(None, error.messages)
    except StaleRecord:
        form.add_error(None, _now("Somebody else has just saved the same. Look, and do it again."))
    return not form.errors


def _form_page(
    request: HttpRequest,
    organization: Organization,
    title: str,
    form: Any,
    consequences: list[str],
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "organization": organization,
        "form": form,
        "consequences": consequences,
        "conflicts": getattr(form, "conflicts", []),
        "back": page_of_policies(organization),
        "media": form.media,
    }
    return TemplateResponse(request, "admin/members/dues/policy.html", context)


admin.site.page(  # type: ignore[attr-defined]
    "dues/policies/", policies_page, "dues_policies", roles.VIEW_DUES_TOTALS
)
for route, view, name in (
    ("dues/policies/add/", policy_page, "dues_policy_add"),
    ("dues/policies/<int:pk>/", policy_page, "dues_policy"),
    ("dues/components/add/", component_page, "dues_component_add"),
    ("dues/components/<int:pk>/end/", component_end_page, "dues_component_end"),
):
    admin.site.page(route, view, name, roles.COLLECT_DUES)  # type: ignore[attr-defined]
