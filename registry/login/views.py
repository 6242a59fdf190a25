"""Pages of the login: password, then the code from the phone where there is one or must be."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registry.login import totp
from registry.login.backend import address_change, log_failure
from registry.login.forms import CodeForm, LoginForm
from registry.login.sessions import ENDED, begin
from registry.models import Action, Entry, LoginTries, SecondFactor, User

HALF_WAY = "half_way"  # whose password was right, in a session that waits for the code
HALF_WAY_FOR = 5 * 60  # seconds between password and code


class Login(LoginView):
    """User name and password; whoever has a second factor goes on to its page."""

    template_name = "admin/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")

    def form_valid(self, form: Any) -> HttpResponse:
        user, home = form.get_user(), self.get_success_url()
        if totp.factor_of(user):
            return half_way(self.request, user, "second_factor", home)
        if totp.is_required(user):
            return half_way(self.request, user, "second_factor_set_up", home)
        enter(self.request, user)
        return HttpResponseRedirect(home)


def half_way(request: HttpRequest, user: User, page: str, home: str) -> HttpResponse:
    """Remember that the password was right, and lead on to the second factor."""
    request.session.cycle_key()
    request.session[HALF_WAY] = [user.pk, int(time.time()), user.get_session_auth_hash()]
    return redirect(f"{reverse(page)}?{urlencode({'next': home})}")


def user_half_way(request: HttpRequest) -> User | None:
    """Return whose password was right a moment ago, unless it was changed meanwhile."""
    user_id, since, password = request.session.get(HALF_WAY, (None, 0, ""))
    if time.time() - since > HALF_WAY_FOR:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user and constant_time_compare(user.get_session_auth_hash(), password):
        return user
    return None


def enter(request: HttpRequest, user: User) -> None:
    """Log the user in: everything that was asked has been answered."""
    request.session.pop(HALF_WAY, None)
    if request.session.get(ENDED) != user.pk:
        request.session.pop(ENDED, None)  # its form is for another user
    login(request, user, backend="registry.login.backend.CountingBackend")
    begin(request.session)
    LoginTries.forget(user.username)
    Entry.append(Action.LOGIN, user, address_change(request), user=user)


def home_of(request: HttpRequest) -> str:
    """Return the page to go to after the login: the one asked for, if it is ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return asked
    return reverse("admin:index")


def is_right(request: HttpRequest, user: User, code: str) -> bool:
    """Return whether the code is right; a wrong one counts like a wrong password."""
    stamp = LoginTries.begin(user.username, timezone.now())
    if stamp is not None and totp.accept(user, code):
        LoginTries.take_back(user.username, stamp)
        return True
    log_failure(request, user.username, reason="locked" if stamp is None else "")
    return False


def at_login(view: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the view whose password was right; lead back to the login where that is nobody."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> Any:
        user = user_half_way(request)
        if user is None and request.user.is_authenticated:
            user = request.user
        if user is None:
            messages.info(request, _("Too much time has passed. Begin with your password."))
            return redirect(f"{reverse('admin:login')}?{urlencode({'next': home_of(request)})}")
        return view(request, user)

    return guarded


@at_login
def second_factor(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for the code that the phone shows."""
    if request.user.is_authenticated or totp.factor_of(user) is None:
        return redirect("second_factor_set_up")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if is_right(request, user, form.cleaned_data["code"]):
            enter(request, user)
            return redirect(home_of(request))
        form.refuse()
    title = _("Code from your phone")
    return page(request, "registration/second_factor.html", {"form": form, "title": title})


@at_login
def second_factor_set_up(request: HttpRequest, user: User) -> HttpResponse:
    """Show the secret as a picture and as text, and put it into use with the first right code."""
    if totp.factor_of(user):
        if not request.user.is_authenticated:
            return redirect("second_factor")
        return page(
            request, "registration/second_factor_in_use.html", {"title": _("Second factor")}
        )
    factor = totp.draft_for(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if is_right(request, user, form.cleaned_data["code"]):
            if not request.user.is_authenticated:
                enter(request, user)
            messages.success(request, _("From now on the login asks for a code from your phone."))
            return redirect(home_of(request))
        form.refuse()
    return page(
        request,
        "registration/second_factor_set_up.html",
        {"form": form, "title": _("Set up the second factor"), "secret": in_groups(factor)},
    )


def in_groups(factor: SecondFactor) -> str:
    """Return the secret in groups of four signs, as one types it."""
    return " ".join(factor.secret[start : start + 4] for start in range(0, len(factor.secret), 4))


@require_safe
@at_login
def second_factor_picture(request: HttpRequest, user: User) -> HttpResponse:
    """The QR code: a picture of its own, since a page may hold no inline style."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    if factor is None:
        raise Http404  # in use: the secret is not shown again
    picture = io.BytesIO()
    segno.make(totp.address(factor), error="m").save(picture, kind="svg", scale=5, border=4)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_POST
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Tell whether the session still lives; being asked keeps it alive (``Sessions`` noted it)."""
    if request.user.is_authenticated:
        return HttpResponse(status=204)
    return HttpResponse(
        _("Your session has ended. Save to log in again: what you typed comes back."),
        status=401,
        content_type="text/plain; charset=utf-8",
    )


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    context = {**admin.site.each_context(request), **context, "next": home_of(request)}
    return render(request, template, context)
