"""Every address of the site: the admin, at the root, and the login before it."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from registry.login import views

urlpatterns = [
    path("language/", include("django.conf.urls.i18n")),
    path("login/code/", views.second_factor, name="second_factor"),
    path("login/second-factor/", views.second_factor_set_up, name="second_factor_set_up"),
    path("login/second-factor.svg", views.second_factor_picture, name="second_factor_picture"),
    path("login/alive/", views.alive, name="alive"),
    path("", admin.site.urls),
]
