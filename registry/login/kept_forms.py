"""A form that was half filled in when its session ended comes back after the login, unsaved.

It is kept in the database, encrypted, for its user alone and for half an hour: nothing that was
typed stays in the browser. Chosen files are not kept.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from registry.login.sessions import ended_user
from registry.models import KeptForm

LEFT_OUT = re.compile("csrfmiddlewaretoken|password")


def keeps_form(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view whose form comes back: it asks ``typed_before`` when it is opened."""
    view.keeps_form = True  # type: ignore[attr-defined]
    return view


def brings_back(request: HttpRequest) -> bool:
    """Return whether the page that was posted to fills in a kept form when it is opened."""
    match = request.resolver_match
    if match is None:
        return False
    is_admin_form = hasattr(match.func, "model_admin") and str(match.url_name).endswith(
        ("_add", "_change")
    )
    return is_admin_form or getattr(match.func, "keeps_form", False)


def keep_and_ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """Answer a form that came too late: keep what was typed and lead to the login and back."""
    user_id = ended_user(request)
    if brings_back(request) and user_id is not None and keep(request, user_id):
        messages.info(
            request,
            _("What you typed is kept for 30 minutes. Log in again to get it back, unsaved."),
        )
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    return redirect_to_login(came_from(request), reverse("admin:login"))


def keep(request: HttpRequest, user_id: int) -> bool:
    """Keep what was typed, passwords excepted: those are typed again."""
    fields = {name: typed for name, typed in request.POST.lists() if not LEFT_OUT.search(name)}
    return KeptForm.keep(user_id, request.get_full_path(), fields)


def came_from(request: HttpRequest) -> str:
    """Return the page of ours from which the request was made; a page that only takes posts
    cannot be opened after the login."""
    referer = request.headers.get("Referer", "")
    parts = urlsplit(referer)
    if referer and url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return reverse("admin:index")


def typed_before(request: HttpRequest) -> QueryDict | None:
    """Return what the user had typed on this page before his session ended, and say so."""
    if request.method != "GET" or not request.user.is_authenticated:
        return None
    fields = KeptForm.take(request.user.pk, request.get_full_path())
    if fields is None:
        return None
    messages.warning(
        request,
        _("What you had typed before your session ended is back. It is not saved: check and save."),
    )
    typed = QueryDict(mutable=True)
    for name, values in fields.items():
        typed.setlist(name, values)
    return typed


def as_if_posted(request: HttpRequest, typed: QueryDict) -> HttpRequest:
    """Return a copy of the request that posts ``typed``; its form must not be saved."""
    posted = copy.copy(request)
    posted.method = "POST"
    posted.POST = typed  # type: ignore[assignment]
    posted._files = MultiValueDict()  # type: ignore[attr-defined]
    posted.only_fills_in = True  # type: ignore[attr-defined]
    return posted


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a fresh token: mostly one from before a login in another tab.

    Where the browser says that the form is from our own page, what was typed is brought back for
    its user to save; nothing is done by itself. Anything else is refused.
    """
    if is_own_page(request) and brings_back(request) and request.user.is_authenticated:
        user_id: int = request.user.pk
        if ended_user(request) == user_id and keep(request, user_id):
            return redirect(request.get_full_path())
    return HttpResponse(
        _("This form is from before the last login. Go back, load the page again and repeat it."),
        status=403,
        content_type="text/plain; charset=utf-8",
    )


def is_own_page(request: HttpRequest) -> bool:
    """Return whether the browser says that the request was made by a page of this site."""
    here = f"{request.scheme}://{request.get_host()}"
    return (
        request.headers.get("Sec-Fetch-Site") == "same-origin"
        or request.headers.get("Origin") == here
    )
