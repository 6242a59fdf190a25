"""The columns of a list as each user wants them, remembered from visit to visit."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse

from registry.admin.preferences import forget, keep, next_page, preferences_of


class ChosenColumns(ModelAdmin):
    """Mixin: ``list_display`` is where a user begins, ``columns_available`` what he may choose.

    The first column opens the record and always stays.
    """

    columns_available: tuple[str, ...] = ()

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        standard = self._standard(request)
        if not self.columns_available:
            return standard
        chosen = preferences_of(request.user).get(self._columns_key())
        if not isinstance(chosen, list):
            return standard
        return (
            standard[0],
            *(name for name in self._choosable(standard) if name in chosen),
        )

    def column_choices(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the columns for the panel of choices: name, label, chosen now or not."""
        shown = self.get_list_display(request)
        return [
            {
                "name": name,
                "label": label_for_field(name, self.model, self),
                "chosen": name in shown,
            }
            for name in self._choosable(self._standard(request))
        ]

    def get_urls(self) -> list[Any]:
        if not self.columns_available:
            return super().get_urls()
        page = path(
            "columns/",
            self.admin_site.admin_view(self.choose_columns),
            name=f"{self.opts.app_label}_{self.opts.model_name}_columns",
        )
        return [page, *super().get_urls()]

    def choose_columns(self, request: HttpRequest) -> HttpResponse:
        """Keep the columns that were ticked, or go back to the standard ones."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if "standard" in request.POST:
            forget(request.user, self._columns_key())
        else:
            asked = request.POST.getlist("column")
            chosen = [name for name in self._choosable(self._standard(request)) if name in asked]
            keep(request.user, self._columns_key(), chosen)
        return HttpResponseRedirect(next_page(request))

    def columns_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_columns")

    def _standard(self, request: HttpRequest) -> tuple[Any, ...]:
        return tuple(super().get_list_display(request))

    def _columns_key(self) -> str:
        return f"columns:{self.opts.label_lower}"

    def _choosable(self, standard: tuple[Any, ...]) -> list[str]:
        return [
            name for name in dict.fromkeys((*standard, *self.columns_available))
            if name != standard[0]
        ]  # fmt: skip
