"""Pages of one subject that stand beside each other as tabs, each of one organisation."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise

from branches.models import Organization, may


@dataclass(frozen=True)
class Door:
    """One page, for whoever carries ``verb`` at the organisation."""

    label: str | Promise
    url_name: str
    verb: str


def address_of(url_name: str, organization: Organization | int, **more: Any) -> str:
    pk = organization if isinstance(organization, int) else organization.pk
    return f"{reverse(f'admin:{url_name}')}?{urlencode({'organization': pk, **more})}"


def open_doors(
    doors: Sequence[Door], user: Any, organization: Organization | None, here: str
) -> list[tuple[Any, str, bool]]:
    """Return the pages that ``user`` may open, each with its address, and whether it is the one
    whose address name is ``here``; none without an organisation."""
    if organization is None:
        return []
    return [
        (door.label, address_of(door.url_name, organization), door.url_name == here)
        for door in doors
        if may(user, door.verb, organization.path)
    ]


def page(
    request: HttpRequest,
    template: str,
    doors: Sequence[Door],
    organization: Organization,
    here: str,
    **more: Any,
) -> HttpResponse:
    """Return a page with its tabs; ``here`` is the address name of the one that is open."""
    form_media = [more[name].media for name in ("asking", "form") if more.get(name) is not None]
    context = {
        **admin.site.each_context(request),
        "title": next(f"{door.label}" for door in doors if door.url_name == here),
        "organization": organization,
        "doors": open_doors(doors, request.user, organization, here),
        "back": address_of(here, organization),
        "once": request.POST.get("once") or secrets.token_urlsafe(16),
        "media": sum(form_media, forms.Media()),
        **more,
    }
    return TemplateResponse(request, template, context)


def deed(
    page: Callable[..., HttpResponse],
    request: HttpRequest,
    organization: Organization,
    here: str,
    form: forms.Form,
    title: Any,
    **more: Any,
) -> HttpResponse:
    """Return the page of one thing to be done, whose button says what it is; ``page`` is that of
    its subject."""
    more = {"button": title, **more}
    return page(request, "deed", organization, here, form=form, title=title, **more)
