"""Lists filtered by a django-filter FilterSet, whose choices are the user's own rows.

django-filter leaves out a value that it cannot read, which would list everybody. Here the error
stands at the filter, and the list is empty. A parameter that is no filter is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from registry.admin.lists import RegistryChangeList
from registry.admin.scoped import ScopedModelAdmin


@dataclass(frozen=True)
class Chip:
    """One filter that is set: what, to what, and the address of the list without it."""

    label: str | Promise
    value: str
    url: str


class FilteredChangeList(RegistryChangeList):
    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        admin: Any = kwargs.get("model_admin") or next(
            each for each in args if isinstance(each, ScopedModelAdmin)
        )
        self.filterset = admin.filterset_class(request.GET, request=request)
        super().__init__(request, *args, **kwargs)

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """What remains when the filters have taken theirs; only declared lookups are allowed."""
        return {
            name: values
            for name, values in super().get_filters_params(params).items()
            if name not in self.filterset.filters
        }

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows = super().get_queryset(request, exclude_parameters)
        self.has_filters = True
        self.has_active_filters = bool(self.chips)
        unread = "\x00" in request.GET.get(SEARCH_VAR, "")  # Django says so, and lists everybody
        if unread or not self.filterset.is_valid():
            return rows.none()
        filtered: QuerySet[Any] = self.filterset.filter_queryset(rows)
        return filtered

    @property
    def chips(self) -> list[Chip]:
        form = self.filterset.form
        return [
            Chip(
                form.fields[name].label or name,
                in_words(form[name]),
                self.get_query_string(remove=[name]),
            )
            for name in self.filterset.filters
            if self.params.get(name)
        ]


def in_words(bound: Any) -> str:
    """Return a value as the filter's own choice says it; what was typed where it has none."""
    value = bound.value()
    chosen = getattr(bound.form, "cleaned_data", {}).get(bound.name)
    choices = getattr(bound.field, "choices", None)
    if choices is None or hasattr(bound.field, "queryset"):
        return str(chosen or value)
    return str(dict(list(choices)).get(value, value))


class FilteredModelAdmin(ScopedModelAdmin):
    """A model's pages whose list is filtered by ``filterset_class``.

    The list's template finds ``filterset`` (its form, with errors) and ``chips``.
    """

    filterset_class: Any = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RegistryChangeList]:
        return FilteredChangeList

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changelist_view(request, *args, **kwargs)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            changes = context["cl"]
            context["filterset"], context["chips"] = changes.filterset, changes.chips
            context["media"] += changes.filterset.form.media
        return response
