"""Choosing an organisation by typing. Which ones are offered depends on what the choice is for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles
from registry.admin.autocomplete import ScopedAutocomplete

PAGE = 20
LAST_PAGE = 1000


class OrganizationSelect(ScopedAutocomplete):
    """A choice among the organisations on which the user has one verb, asked as one types."""

    def __init__(self, verb: str, **options: Any) -> None:
        self.verb = verb
        super().__init__(Organization._meta.get_field("parent"), admin.site, **options)

    def get_url(self) -> str:
        return reverse(f"admin:organizations_for_{self.verb}")


class OrganizationField(forms.ModelChoiceField):
    """One organisation of the user's own; a forged number is answered like a missing one."""

    default_error_messages = {
        "invalid_choice": _("There is no such organisation that you may choose. Choose again.")
    }

    def __init__(self, verb: str, **options: Any) -> None:
        self.verb = verb
        super().__init__(
            queryset=Organization.objects.none(), widget=OrganizationSelect(verb), **options
        )

    def limit_to(self, user: Any) -> None:
        self.queryset = Organization.objects.visible_to(user, self.verb).standing()

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj}"


def search_for(verb: str, request: HttpRequest) -> JsonResponse:
    """The organisations whose code or name begins so, twenty at a time, for a list of choices."""
    asked = request.GET.get("page", "1")
    page = min(max(int(asked), 1), LAST_PAGE) if asked.isdecimal() and len(asked) < 5 else 1
    rows = Organization.objects.visible_to(request.user, verb).standing()
    found = list(rows.found_by(request.GET.get("term", ""))[(page - 1) * PAGE : page * PAGE + 1])
    return JsonResponse(
        {
            "results": [
                {"id": str(each.pk), "text": f"{each.code} {each}"} for each in found[:PAGE]
            ],
            "pagination": {"more": len(found) > PAGE},
        }
    )


def register_pages() -> None:
    for verb in (roles.CHANGE_TREE, roles.GRANT):
        view: Callable[..., Any] = partial(search_for, verb)
        admin.site.page(  # type: ignore[attr-defined]
            f"organizations/for/{verb}/", view, f"organizations_for_{verb}", verb
        )


register_pages()
