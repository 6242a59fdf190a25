"""What the templates of the admin ask: filters as one form, chips of the set ones, warnings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django import template
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.forms import ModelChoiceField
from django.forms.widgets import ChoiceWidget, Select
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
STOCK_FILTER = "admin/filter.html"
PLAIN_SELECTS = {Select, ChoiceWidget}
SELECTED = mark_safe(" selected")


@dataclass
class Control:
    """One filter as a control of the form above the list."""

    title: str
    name: str = ""
    options: SafeString | str = ""
    html: SafeString | str = ""  # of a filter that brings its own template
    bound: Any = None  # a field of the list's FilterSet


@register.simple_tag
def filter_controls(changelist: Any) -> list[Control]:
    """Return the filters of a list, each as a select, or as its own template draws it.

    A filter with a template of its own draws inputs named as its ``expected_parameters``; they
    stand in the form of all filters.
    """
    if filterset := getattr(changelist, "filterset", None):
        return [_control_of(bound) for bound in filterset.form]
    controls = []
    for spec in changelist.filter_specs:
        choices = list(spec.choices(changelist))
        if spec.template != STOCK_FILTER:
            drawn = get_template(spec.template).render(
                {"title": spec.title, "choices": choices, "spec": spec}
            )
            controls.append(Control(title=str(spec.title), html=drawn))
            continue
        name = spec.expected_parameters()[0]
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (
                    parse_qs(choice["query_string"].lstrip("?")).get(name, [""])[0],
                    SELECTED if choice["selected"] else "",
                    choice["display"],
                )
                for choice in choices
            ),
        )
        controls.append(Control(title=str(spec.title), name=name, options=options))
    return controls


def _control_of(bound: Any) -> Control:
    """Return a field of a FilterSet; a plain select as its options, since Django would render a
    template for each of hundreds of them."""
    control = Control(title=str(bound.label), bound=bound)
    if type(bound.field.widget) in PLAIN_SELECTS and not bound.errors:
        control.name = bound.html_name
        control.options = _options_of(bound)
    return control


# What a select that is not set shows is the same for everybody who reads that language, as long
# as its choices are no rows of the register.
# django-filter makes a class of the form for each request, so it goes by its name.
_unset: dict[tuple[str, str, str | None], SafeString] = {}


def _options_of(bound: Any) -> SafeString:
    chosen = "" if bound.value() is None else str(bound.value())
    fixed = not chosen and not isinstance(bound.field, ModelChoiceField)
    key = (type(bound.form).__name__, bound.name, get_language())
    if fixed and key in _unset:
        return _unset[key]
    options = format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        (
            (value, SELECTED if str(value) == chosen else "", label)
            for value, label in bound.field.widget.choices
        ),
    )
    if fixed:
        _unset[key] = options
    return options


@register.simple_tag
def filter_chips(changelist: Any) -> list[dict[str, str]]:
    """Return what is set now: what it says, and the address of the list without it.

    A filter with inputs of its own says it by ``said()``; one that is not set returns "".
    """
    if hasattr(changelist, "chips"):
        return [
            {"text": f"{chip.label}: {chip.value}", "without": chip.url}
            for chip in changelist.chips
        ]
    chips = []
    for spec in changelist.filter_specs:
        if hasattr(spec, "said"):
            text = str(spec.said() or "")
        else:
            text = next(
                (
                    f"{spec.title}: {choice['display']}"
                    for number, choice in enumerate(spec.choices(changelist))
                    if choice["selected"] and number
                ),
                "",
            )
        if text:
            chips.append(
                {"text": text, "without": _without(changelist, spec.expected_parameters())}
            )
    return chips


def _without(changelist: Any, names: Iterable[str]) -> str:
    address: str = changelist.get_query_string(dict.fromkeys(names))
    return address


@register.simple_tag
def without_search(changelist: Any) -> str:
    """Return the address of the list without what was searched for."""
    return _without(changelist, [SEARCH_VAR])


@register.simple_tag
def kept_parameters(changelist: Any, *, without_filters: bool = False) -> list[tuple[str, str]]:
    """Return what a form of the list carries along beside its own inputs."""
    own = {PAGE_VAR, SEARCH_VAR}
    if without_filters:
        own |= {name for spec in changelist.filter_specs for name in spec.expected_parameters()}
        own |= set(getattr(getattr(changelist, "filterset", None), "filters", ()))
        own -= {SEARCH_VAR}
    return [
        (name, value)
        for name, values in changelist.filter_params.items()
        if name not in own
        for value in (values if isinstance(values, list) else [values])
    ]


@register.simple_tag
def page_url(changelist: Any, number: int) -> str:
    """Return the address of another page of the same list."""
    address: str = changelist.get_query_string({PAGE_VAR: number})
    return address


@register.simple_tag
def columns_of(changelist: Any, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the columns that a user may choose, or none where the list has a fixed set."""
    admin = changelist.model_admin
    if not getattr(admin, "columns_available", ()):
        return []
    choices: list[dict[str, Any]] = admin.column_choices(request)
    return choices


@register.filter
def warnings_of(bound: Any) -> list[str]:
    """Return the warnings beside a field: of the form's ``warnings`` and of the field's own."""
    of_form = getattr(getattr(bound, "form", None), "warnings", None) or {}
    of_field = getattr(getattr(bound, "field", None), "warnings", None) or ()
    return [*of_form.get(getattr(bound, "name", ""), ()), *of_field]


@register.filter
def errors_by_field(form: Any) -> list[dict[str, Any]]:
    """Return the fields of a form that have errors, for the summary above it."""
    return [
        {"label": each.label, "id": each.id_for_label, "errors": each.errors}
        for each in form
        if each.errors
    ]


@register.filter
def chart_data(bands: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the bars of a chart for its script."""
    return [
        {"label": band.label, "number": band.number, "url": band.url}
        | ({"before": band.before} if hasattr(band, "before") else {})
        for band in bands
    ]
