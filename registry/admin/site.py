"""The site: Django's admin under our own theme, served at the root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.core.checks import CheckMessage, Error
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import access
from registry.admin.scoped import ScopedModelAdmin

PACKAGES = {"django", "django_otp", "django_tasks_db"}


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
        return [*own, *stock]

    def _guarded(self, view: Callable[..., Any], verb: str) -> Callable[..., Any]:
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not access.may(request.user, verb):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]
        return guarded

    def sidebar(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The entries of the sidebar that this user may open, in the order of the work."""
        return [
            {
                "label": place.label,
                "url": (url := reverse(f"admin:{place.url_name}")),
                "icon": place.icon,
                "here": request.path == url
                or (url != reverse("admin:index") and request.path.startswith(url)),
            }
            for place in sorted(self.places, key=lambda place: place.order)
            if access.may(request.user, place.verb)
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["available_apps"] = []
        if self.has_permission(request):
            context["sidebar"] = self.sidebar(request)
        return context

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
