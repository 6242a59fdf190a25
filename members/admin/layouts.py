"""The layouts of an organisation: how its rosters and those of everything below are printed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.admin.organizations import page_of
from branches.models import Organization
from branches.rules import hierarchy, roles
from members.models import Layout
from members.models.layouts import NARROWEST, STANDARD, WIDEST
from members.papers.columns import COLUMNS, COLUMNS_WITH_BRANCH
from members.papers.layouts import columns_for, drawn_from
from registry.language import said
from registry.login.kept_forms import keeps_form, typed_before
from registry.models import StaleRecord

PLACE, WIDTH = "place-", "width-"  # of a column, among the fields of the form


class LayoutForm(forms.ModelForm):
    """A number beside a column puts it on the paper, in this order; an empty box leaves it out."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Layout
        fields = ("name", "title", "footer", "sheet", "by_branch", "drop_empty")

    def __init__(self, data: Any, *, instance: Layout, user: Any) -> None:
        super().__init__(
            data, instance=instance, initial={"version": instance.version}, label_suffix=""
        )
        offered = columns_for(instance.organization, user)
        usual = COLUMNS if instance.organization.kind == hierarchy.BRANCH else COLUMNS_WITH_BRANCH
        chosen = instance.widths or {column.key: round(column.width) for column in usual}
        self.order = list(dict.fromkeys((*(key for key in chosen if key in offered), *offered)))
        places = {key: place for place, key in enumerate(chosen, 1)}
        for key in self.order:
            heading = offered[key].heading.replace("\n", "")
            self.fields[PLACE + key] = forms.IntegerField(
                label=heading, required=False, min_value=1, max_value=999, initial=places.get(key)
            )
            self.fields[WIDTH + key] = forms.IntegerField(
                label=_now("%(column)s: width in millimetres") % {"column": heading},
                min_value=NARROWEST,
                max_value=WIDEST,
                initial=round(chosen.get(key, offered[key].width)),
            )

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in self.Meta.fields]

    @property
    def column_fields(self) -> list[tuple[Any, Any]]:
        """The boxes of the columns, place and width, the chosen ones first and in their order."""
        return [(self[PLACE + key], self[WIDTH + key]) for key in self.order]

    def clean(self) -> None:
        super().clean()
        places = {key: self.cleaned_data.get(PLACE + key) for key in self.order}
        named = sorted((key for key in self.order if places[key]), key=lambda key: places[key] or 0)
        if not named and not self.errors:
            self.add_error(None, _now("Choose at least one column: write a number beside it."))
        self.instance.columns = [[key, self.cleaned_data.get(WIDTH + key)] for key in named]

    def _get_validation_exclusions(self) -> set[str]:
        """Without the office, which the form does not ask for: it may have a name but once."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"organization"}


def page_of_layouts(organization: Organization) -> str:
    return reverse("admin:organization_layouts", args=[organization.pk])


def layouts_page(request: HttpRequest, pk: int) -> HttpResponse:
    organization = get_object_or_404(_offices(request), pk=pk)
    held = Layout.objects.nearest_each(organization.path)
    context = {
        **admin.site.each_context(request),
        "title": _now("Layouts of %(name)s") % {"name": organization},
        "organization": organization,
        "back": page_of(organization),
        "layouts": held.values(),
        "standard": STANDARD,
    }
    return TemplateResponse(request, "admin/members/layouts.html", context)


@keeps_form
def add_page(request: HttpRequest, pk: int) -> HttpResponse:
    organization = get_object_or_404(_offices(request), pk=pk)
    return _edit(request, Layout(organization=organization))


@keeps_form
def layout_page(request: HttpRequest, pk: int) -> HttpResponse:
    kept = Layout.objects.visible_to(request.user, roles.CHANGE_ORGANIZATION)
    layout = get_object_or_404(kept.select_related("organization"), pk=pk)
    if request.method == "POST" and "delete" in request.POST:
        layout.delete()
        messages.success(request, _now("“%(name)s” was deleted.") % {"name": layout.name})
        return HttpResponseRedirect(page_of_layouts(layout.organization))
    return _edit(request, layout)


def _offices(request: HttpRequest) -> Any:
    return Organization.objects.visible_to(request.user, roles.CHANGE_ORGANIZATION).standing()


def _edit(request: HttpRequest, layout: Layout) -> HttpResponse:
    data = request.POST if request.method == "POST" else typed_before(request)
    drawn = drawn_from(layout, columns_for(layout.organization, request.user))
    form = LayoutForm(data, instance=layout, user=request.user)
    if request.method == "POST" and form.is_valid() and _saved(form):
        messages.success(request, _now("The layout “%(name)s” was saved.") % {"name": layout})
        return HttpResponseRedirect(page_of_layouts(layout.organization))
    context = {
        **admin.site.each_context(request),
        "title": _now("Layout “%(name)s”") % {"name": layout} if layout.pk else _now("New layout"),
        "organization": layout.organization,
        "layout": layout,
        "back": page_of_layouts(layout.organization),
        "form": form,
        "warnings": [said(warning) for warning in drawn.warnings],
    }
    return TemplateResponse(request, "admin/members/layout.html", context)


def _saved(form: LayoutForm) -> bool:
    """Save the layout as it was opened; say so where somebody else has saved it since."""
    form.instance.version = form.cleaned_data["version"]
    try:
        form.save()
    except StaleRecord:
        form.add_error(
            None,
            _("Somebody else has saved this layout in the meantime. Open it again to see how."),
        )
        return False
    return True


for route, view, name in (
    ("organizations/<int:pk>/layouts/", layouts_page, "organization_layouts"),
    ("organizations/<int:pk>/layouts/add/", add_page, "organization_layout_add"),
    ("layouts/<int:pk>/", layout_page, "layout"),
):
    admin.site.page(route, view, name, roles.CHANGE_ORGANIZATION)  # type: ignore[attr-defined]
