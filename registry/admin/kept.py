"""A form that was half filled in when its session ended: filled in again, never saved by itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from registry.login.kept_forms import as_if_posted, typed_before


class FillsIn:
    """Mixin of an admin: opening a page after the login brings back what was typed on it."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        typed = typed_before(request)
        if typed is not None:
            request = as_if_posted(request, typed)
        return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A form that is only filled in says itself that it is not ready to be saved."""
        form: Any = super().get_form(request, *args, **kwargs)  # type: ignore[misc]
        if getattr(request, "only_fills_in", False):
            return type(form.__name__, (form,), {"is_valid": lambda self: False})
        return form
