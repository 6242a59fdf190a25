"""What a user decides for himself: light or dark, the folded sidebar, the language, columns."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from registry.models import Preference

THEME, SIDEBAR, LANGUAGE = "theme", "sidebar", "language"
ANSWERS: dict[str, frozenset[str]] = {
    THEME: frozenset({"auto", "light", "dark"}),
    SIDEBAR: frozenset({"open", "folded"}),
    LANGUAGE: frozenset(code for code, _name in settings.LANGUAGES),
}


def preferences_of(user: Any) -> dict[str, Any]:
    """Return everything that ``user`` has chosen; asked of the database once per request."""
    if not hasattr(user, "_preferences"):
        user._preferences = dict(Preference.objects.filter(user=user).values_list("key", "value"))
    kept: dict[str, Any] = user._preferences
    return kept


def keep(user: Any, key: str, value: Any) -> None:
    """Remember one choice of ``user``."""
    Preference.objects.update_or_create(user=user, key=key, defaults={"value": value})
    preferences_of(user)[key] = value


def forget(user: Any, key: str) -> None:
    """Go back to what everybody sees first."""
    Preference.objects.filter(user=user, key=key).delete()
    preferences_of(user).pop(key, None)


def next_page(request: HttpRequest) -> str:
    """Return the page that a form of ours came from, if it is one of this site."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return asked
    return reverse("admin:index")


def remember_language(response: HttpResponseBase, user: Any) -> None:
    """Let the pages after ``response`` come in the language that ``user`` chose last."""
    if language := preferences_of(user).get(LANGUAGE):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )


@require_POST
def keep_preferences(request: HttpRequest) -> HttpResponseBase:
    """Keep what the menu of the header or a script of ours sends; anything else is passed over."""
    for key, answers in ANSWERS.items():
        if (value := request.POST.get(key)) in answers:
            keep(request.user, key, value)
    if request.POST.get(LANGUAGE) in ANSWERS[LANGUAGE]:
        return set_language(request)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return HttpResponseRedirect(next_page(request))
