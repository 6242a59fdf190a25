"""What holds for every request: whose session it is, who acts, and what no cache may keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from registry.login.kept_forms import keep_and_ask_to_log_in
from registry.login.sessions import end_if_over, ended_user
from registry.models import acting

Answer = Callable[[HttpRequest], HttpResponse]

# None of these is ever needed by a register.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip


class Headers:
    """Headers that every page bears: personal pages stay in no cache, also not in the browser's,
    where the next user of the machine would find them with the back button."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Language:
    """Chinese, or what the user has chosen with the switch; what the browser prefers does not
    count, since the browsers of an office are often English ones."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in dict(settings.LANGUAGES):
            chosen = settings.LANGUAGE_CODE
        with translation.override(chosen):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response


class Sessions:
    """Ends sessions in time, and keeps a form that arrives too late.

    Stands behind the check of the CSRF token: what comes from a foreign page is not kept.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if end_if_over(request) and request.method == "GET":
            messages.info(request, _("Your session has ended. Log in again."))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        late = request.method == "POST" and not request.user.is_authenticated
        if not late or ended_user(request) is None or is_part_of_login(request):
            return None
        return keep_and_ask_to_log_in(request)


def is_part_of_login(request: HttpRequest) -> bool:
    """Whether the page is open to those who have not logged in."""
    return request.path.startswith((reverse("admin:login"), reverse("set_language")))


class Acting:
    """Whatever a request writes is logged as done by its user."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with acting(request.user):
            return self.get_response(request)
