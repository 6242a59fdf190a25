"""The site: Django's admin under our own theme, served at the root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.core.checks import CheckMessage, Error
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import access
from registry.admin.preferences import SIDEBAR, THEME, keep_preferences, preferences_of
from registry.admin.scoped import ScopedModelAdmin
from registry.login.views import Login
from registry.models import Action, Entry
from registry.models.records import HIDDEN

PACKAGES = {"django", "django_tasks_db"}


@dataclass(frozen=True)
class Place:
    """One entry of the sidebar; shown to whoever carries ``verb`` somewhere."""

    label: str | Promise
    url_name: str
    verb: str
    order: int
    icon: str = ""


class RegistryAdminSite(AdminSite):
    """The only site. Pages that belong to no model are added by ``page``, with their verb."""

    site_header = site_title = _("Party member registry")
    index_title = _("Start")
    site_url = None
    enable_nav_sidebar = False
    final_catch_all_view = False
    empty_value_display = ""

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.pages: list[tuple[str, Callable[..., Any], str, str]] = []
        self.places: list[Place] = []
        # What the apps put on the start page: each returns its part of the template's context.
        self.desk: list[Callable[[HttpRequest], dict[str, Any]]] = []
        self.search_url_name = ""  # the list that the search box of the header asks

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Turn away the admins that packages bring along: they show everybody's rows."""
        if (admin_class or ModelAdmin).__module__.split(".")[0] in PACKAGES:
            return
        super().register(model_or_iterable, admin_class, **options)

    def page(
        self, route: str, view: Callable[..., Any], name: str, verb: str, place: Place | None = None
    ) -> None:
        """Serve ``view`` at ``route`` for users who carry ``verb``; the view scopes its rows."""
        self.pages.append((route, view, name, verb))
        if place:
            self.places.append(place)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_authenticated

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """The stock pages less those that show foreign things, and our own pages before them."""
        unwanted = {"view_on_site", "app_list"}
        stock = [url for url in super().get_urls() if getattr(url, "name", None) not in unwanted]
        own = [
            path(route, self.admin_view(self._guarded(view, verb)), name=name)
            for route, view, name, verb in self.pages
        ]
        preferences = path("preferences/", self.admin_view(keep_preferences), name="preferences")
        return [preferences, *own, *stock]

    def _guarded(self, view: Callable[..., Any], verb: str) -> Callable[..., Any]:
        @wraps(view)  # also what the view says of itself, such as that its form is kept
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not access.may(request.user, verb):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]
        return guarded

    def sidebar(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The start page and what this user may open, in the order of the work."""
        index = reverse("admin:index")
        start = {"label": self.index_title, "url": index, "icon": "start"}
        places = [
            {
                "label": place.label,
                "url": (url := reverse(f"admin:{place.url_name}")),
                "icon": place.icon,
                "here": url != index and request.path.startswith(url),
            }
            for place in sorted(self.places, key=lambda place: place.order)
            if access.may(request.user, place.verb)
        ]
        return [start | {"here": request.path == index}, *places]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["available_apps"] = []
        if self.has_permission(request):
            kept = preferences_of(request.user)
            context["sidebar"] = self.sidebar(request)
            context["sidebar_folded"] = kept.get(SIDEBAR) == "folded"
            context["theme"] = kept.get(THEME)
            if self.search_url_name and access.may(request.user, access.VIEW):
                context["search_url"] = reverse(f"admin:{self.search_url_name}")
        return context

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "app_path": request.get_full_path(),
            **(extra_context or {}),
        }
        return Login.as_view(extra_context=context)(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The page on which users change their own password; it is logged, not what it is."""
        answer = super().password_change(request, extra_context)
        if answer.status_code == HTTPStatus.FOUND:  # it was changed
            Entry.append(Action.CHANGE, request.user, [["password", HIDDEN, HIDDEN]])  # type: ignore[arg-type]
        return answer

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """The start page; the apps say what stands on it."""
        context = {**self.each_context(request), "title": self.index_title, "subtitle": None}
        for part in self.desk:
            context |= part(request)
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context | (extra_context or {}))

    def check(self, app_configs: Any) -> list[CheckMessage]:
        """Every registered admin must be a scoped one: the stock one shows everybody's rows."""
        return [
            *super().check(app_configs),
            *(
                Error(
                    f"{type(admin).__name__} is not a ScopedModelAdmin.",
                    hint="Derive it from registry.admin.ScopedModelAdmin.",
                    obj=model,
                    id="registry.E101",
                )
                for model, admin in self._registry.items()
                if not isinstance(admin, ScopedModelAdmin)
            ),
        ]
